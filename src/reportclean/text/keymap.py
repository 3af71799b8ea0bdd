"""Where each token of a matching key stands in the text, so that what matched can be shown and cut.

For texts of which something was found, one by one; folding itself keeps no positions. That the tokens are
those of :func:`reportclean.text.folding.fold_batch` is a property test.
"""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.constants import CODE_POINT, DROPPED, EXPANSION, SINGLE, TRANSPARENT
from reportclean.text.charclass import CharClass, code_points
from reportclean.text.charclass import table as class_table
from reportclean.text.folding import fold_table, mask_view
from reportclean.text.placeholders import find_masks

Spans = tuple[NDArray[np.int64], NDArray[np.int64]]


def token_spans(text: str) -> Spans:
    """Start and end of each token of a text's key, in code points: two ``int64`` arrays.

    What is invisible behind a token belongs to it, so that cutting leaves no mark behind. Tokens that one
    character became share its span.

    >>> starts, ends = token_spans("20xx年，Farm Road")
    >>> list(zip(starts.tolist(), ends.tolist()))
    [(0, 4), (4, 5), (6, 10), (11, 15)]
    """
    composed, begins, ends_of = _composed(text)
    points = code_points(composed)
    table = fold_table()
    values = table.values[points]
    beyond = np.arange(1, len(points) + 1)
    for hit in find_masks(mask_view(composed)):
        values[hit.start : hit.end] = DROPPED
        values[hit.start] = SINGLE
        beyond[hit.start] = hit.end
    seen = np.append(values != TRANSPARENT, True)
    following = np.minimum.accumulate(np.where(seen, np.arange(len(seen)), len(points))[::-1])[::-1]
    beyond = following[beyond]

    counts = (values > TRANSPARENT).astype(np.int64)
    expanded = np.flatnonzero(values & np.uint32(EXPANSION))
    numbers = (values[expanded] & np.uint32(CODE_POINT)).astype(np.int64)
    counts[expanded] = np.diff(table.expansion_offsets)[numbers]
    origins = np.repeat(np.arange(len(points)), counts)
    codes = np.repeat(values, counts)
    within = np.arange(len(codes)) - np.repeat(np.cumsum(counts) - counts, counts)
    from_table = np.flatnonzero(codes & np.uint32(EXPANSION))
    number = (codes[from_table] & np.uint32(CODE_POINT)).astype(np.int64)
    codes[from_table] = table.expansions[table.expansion_offsets[number] + within[from_table]]

    dropped = np.cumsum(values == DROPPED)[origins] + np.cumsum(codes == DROPPED)
    kept = codes > TRANSPARENT  # ¼ becomes 1 and 4: the stroke between them is dropped
    codes, origins, dropped = codes[kept], origins[kept], dropped[kept]
    single = codes & np.uint32(SINGLE) != 0
    opens = single.copy()
    opens[:1] = True
    opens[1:] |= single[:-1] | (np.diff(dropped) > 0)
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(codes)) - 1
    return begins[origins[first]], ends_of[beyond[origins[last]] - 1] if len(first) else first


def _composed(text: str) -> tuple[str, NDArray[np.int64], NDArray[np.int64]]:
    """The text as folding composes it; where in the text each of its characters begins and ends."""
    flags = class_table()[code_points(text)] & np.uint32(CharClass.COMBINING) != 0
    if not flags.any():
        return text, np.arange(len(text)), np.arange(1, len(text) + 1)
    narrow = "".join(unicodedata.normalize("NFKC", c) if "\uff66" <= c <= "\uff9f" else c for c in text)
    pieces: list[str] = []
    starts: list[int] = []
    for at, (sign, may_combine) in enumerate(zip(narrow, flags.tolist(), strict=True)):
        if pieces and may_combine and _combines(pieces[-1], sign):
            pieces[-1] += sign
        else:
            pieces.append(sign)
            starts.append(at)
    parts = [unicodedata.normalize("NFC", piece) for piece in pieces]
    lengths = [len(part) for part in parts]
    begins = np.repeat(np.array(starts, dtype=np.int64), lengths)
    ends = np.repeat(np.array([*starts[1:], len(text)], dtype=np.int64), lengths)
    return "".join(parts), begins, ends


def _combines(piece: str, sign: str) -> bool:
    """Whether normalising a piece with the sign behind it is more than normalising each."""
    if unicodedata.combining(sign):
        return True
    apart = unicodedata.normalize("NFC", piece) + unicodedata.normalize("NFC", sign)
    return unicodedata.normalize("NFC", piece + sign) != apart
