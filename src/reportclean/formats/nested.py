"""How deeply JSON is nested, told from its bytes: parsers recurse, and stacks end."""

from __future__ import annotations

import re

import numpy as np

from reportclean.errors import LimitError

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BLOCK = 1 << 20
_STEPS = np.zeros(256, np.int8)
_STEPS[[*b"[{"]] = 1
_STEPS[[*b"]}"]] = -1


def check_depth(line: bytes, most: int) -> None:
    """Refuse JSON in UTF-8 whose values stand in more values than that; of no JSON any answer may come.

    Raises:
        LimitError: It is nested more deeply.

    >>> check_depth(b'{"a": ["[[[["]}', 2)
    >>> check_depth(b'{"a": [[]]}', 2)
    Traceback (most recent call last):
    ...
    reportclean.errors.LimitError: its values are nested more than 2 deep
    """
    if line.count(b"[") + line.count(b"{") <= most:  # as good as always, and quick
        return
    signs, depth = _STRING.sub(b"", line), 0
    for begin in range(0, len(signs), _BLOCK):
        block = np.frombuffer(signs, np.uint8)[begin : begin + _BLOCK]
        depths = np.cumsum(_STEPS[block], dtype=np.int32) + depth
        if depths.max() > most:
            raise LimitError("depth", f"its values are nested more than {most} deep")
        depth = int(depths[-1])
