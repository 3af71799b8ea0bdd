"""Template placeholders: what stands where a year, a name or a sum was taken out.

``find_placeholders`` yields them with a public kind, ``find_marks`` with the finder's own kinds (which tell a
sum masked by a rule that took it for a year from other numbers), ``find_years`` yields real years, and
``find_masks`` what the matching key masks.
"""

from reportclean.text.placeholders.finder import KINDS, find_marks, find_placeholders
from reportclean.text.placeholders.masks import find_masks
from reportclean.text.placeholders.years import find_years

__all__ = ["KINDS", "find_marks", "find_masks", "find_placeholders", "find_years"]
