r"""Values as JSON that any reader takes and any terminal survives.

Han and other letters stay as they are. What nobody sees (control and format characters, private use) is
written as ``\uXXXX``, and so is what GitHub's runner would obey. A lone surrogate becomes U+FFFD: most
readers refuse it even when it is escaped.
"""

from __future__ import annotations

import json
from typing import Any
from unicodedata import category

from reportclean.report.showing import COMMAND


def json_text(value: Any) -> str:
    r"""A value on one line.

    >>> print(json_text({"text": "工\u202e会\ud800"}))
    {"text": "工\u202e会\ufffd"}
    """
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():  # strings alone hold what must be escaped
        text = "".join(map(_escape, text))
    return text.replace(COMMAND, r"##\u005b")


def _escape(character: str) -> str:
    if character.isprintable() or (kind := category(character)) == "Zs":
        return character
    return r"\ufffd" if kind == "Cs" else json.dumps(character)[1:-1]
