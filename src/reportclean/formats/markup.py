"""What markup would cost a parser, told before it is parsed: elements, attributes, nesting."""

from __future__ import annotations

import re
from itertools import accumulate

from reportclean.errors import LimitError
from reportclean.formats.limits import Limits

_LONG_TAG = 4_000  # characters: shorter ones have no thousands of attributes
_OPENED = re.compile(r"""<[a-z](?:[^<>"']++|"[^"]*+"|'[^']*+'|["'])*+""", re.IGNORECASE)
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


def check_elements(count: int, most: int) -> None:
    """Hold a number of elements against the limit.

    Raises:
        LimitError: They are more than may be.
    """
    if count > most:
        raise LimitError("elements", f"it has {count:,} elements, more than {most:,}")


def check_page(page: str, limits: Limits) -> None:
    """Hold the elements of a page, and the attributes of each, against the limits.

    Parsers look for each attribute of an element among those before it: a hundred thousand take minutes.

    Raises:
        LimitError: They are more than may be.
    """
    check_elements(page.count("<") - page.count("</"), limits.elements)
    for tag in _OPENED.finditer(page):
        if tag.end() - tag.start() > _LONG_TAG:
            names = _QUOTED.sub(" ", tag[0]).split()
            if len(names) > limits.attributes + 1:  # the element's own name is the first
                raise LimitError("attributes", f"an element has more than {limits.attributes:,} attributes")


def is_deep(page: str, most: int) -> bool:
    """Whether elements stand in more elements than that, by tags that are opened and not closed."""
    steps = (0 if tag[2].lower() in _VOID else -1 if tag[1] else 1 for tag in _TAG.finditer(page))
    return any(depth > most for depth in accumulate(steps))
