"""Rules of our own for reportclean."""
