"""UTF-8 read as Latin-1 and its cousins, also several times: ftfy's encoding repair, on the suspect run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from reportclean.document import Hit
from reportclean.text.mojibake.bytesof import upper_signs


def european(text: str, start: int, end: int) -> Iterator[Hit]:
    """What ftfy repairs between two places, run by run; kind ``latin1-mojibake``."""
    if end - start < 2:
        return
    for match in _run().finditer(text, start, end):
        fixed = _fixed(match.group())
        if fixed != match.group():
            yield Hit(match.start(), match.end(), "latin1-mojibake", "", fixed)


@cache
def _run() -> re.Pattern[str]:
    """Characters of upper halves that stand together."""
    return re.compile("[\\x80-\\xff" + re.escape(upper_signs()) + "]{2,2000}")


@lru_cache(maxsize=1 << 12)
def _fixed(run: str) -> str:
    """The run as ftfy's encoding steps repair it, all that touches clean text left out."""
    import ftfy  # noqa: PLC0415 - only broken text needs it

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    fixed = ftfy.fix_encoding(run, config)
    return run if "\ufffd" in fixed else fixed
