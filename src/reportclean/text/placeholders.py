"""Temporary, until the branch lands."""
import re
from collections.abc import Iterator
from reportclean.document import Hit
def find_masks(text: str) -> Iterator[Hit]:
    for m in re.finditer(r"(?:20(?:xx|XX|__|\d_|\d\d)|__|二〇一五)(?=年)", text):
        yield Hit(m.start(), m.end(), "year")
