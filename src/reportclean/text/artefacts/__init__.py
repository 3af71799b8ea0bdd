r"""Finders of what converters, copy sites and anti-copy scripts leave in a text: one module a group.

Each finder takes a ``str`` and yields disjoint hits in order of start; ``replacement`` is set where a
repair is known. No finder looks past a NUL, so documents may be joined with ``"\n\x00\n"`` and
searched at once. A text without the signs that a finder starts from costs it a few substring
searches and nothing else.
"""
