"""Clean scraped report corpora and remove what repeats, section by section."""

__version__ = "0.1.0"
