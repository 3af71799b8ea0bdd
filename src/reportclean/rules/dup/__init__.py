"""Duplicates: rules on the corpus, given clusters and matches by the engine."""
