"""The section splitter: a compiled page becomes front matter and articles."""

from reportclean.text.sections.batch import split_batch
from reportclean.text.sections.promise import promised_count
from reportclean.text.sections.split import find_unmet_promise, split, unmet_promise

__all__ = ["find_unmet_promise", "promised_count", "split", "split_batch", "unmet_promise"]
