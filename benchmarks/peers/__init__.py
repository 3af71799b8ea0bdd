"""Other tools, each as a whole process: JSON Lines in, kept lines out. They compare whole documents and clean nothing.

All are given character 5-grams (by words, as most do by default, nearly nothing is found in Chinese), a
threshold of 0.8 and about 128 permutations; bands are their own where nothing is verified after. They are installed with ``pip install '.[bench]'``.
"""
