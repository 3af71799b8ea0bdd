"""Traditional to simplified and back, sentence by sentence, only where a sentence is in the other script.

OpenCC's ``t2s`` is no identity on simplified text (破坏土地 becomes 破坯土地), so a sentence is converted
only where characters say that it is traditional; one that has none is taken for what its document is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit, Span
from reportclean.errors import ConfigError
from reportclean.text.charclass import CODE_POINTS, code_points

Script = Literal["simplified", "traditional", "keep"]
CONFIGS = {"simplified": ("t2s", "tw2s", "hk2s", "tw2sp"), "traditional": ("s2t",)}

# Characters that t2s and its kin leave alone by themselves, but change inside some word.
_CHANGED_IN_WORDS = "哩坏沈甦瞭藉衹覆"
_SIMPLIFIED_ONLY = 1
_TRADITIONAL_ONLY = 2
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


def convert(text: str, target: Script, config: str | None = None) -> str:
    """A text in one script.

    Args:
        text: Any text.
        target: ``keep`` returns it as it is.
        config: OpenCC's configuration; ``t2s`` or ``s2t`` unless named. ``tw2sp`` also rewrites words.

    Raises:
        ConfigError: There is no such target, or the configuration does not lead there.

    >>> convert("各級工會組織", "simplified"), convert("破坏土地", "simplified")
    ('各级工会组织', '破坏土地')
    """
    if target == "keep":
        return text
    pieces: list[str] = []
    at = 0
    for hit in _changes(text, target, config):
        pieces += (text[at : hit.start], hit.replacement or "")
        at = hit.end
    return "".join(pieces) + text[at:]


def find_traditional(text: str) -> Iterator[Hit]:
    """What simplified writing has otherwise, in traditional sentences; kind ``traditional``."""
    return _changes(text, "simplified", None)


def find_simplified(text: str) -> Iterator[Hit]:
    """What traditional writing has otherwise, in simplified sentences; kind ``simplified``."""
    return _changes(text, "traditional", None)


def _changes(text: str, target: str, config: str | None) -> Iterator[Hit]:
    if target not in CONFIGS:
        raise ConfigError(f"script {target!r} is none of simplified, traditional, keep")
    name = config or CONFIGS[target][0]
    if name not in CONFIGS[target]:
        raise ConfigError(
            f"OpenCC's {name!r} does not lead to {target}; use one of {', '.join(CONFIGS[target])}"
        )
    points = code_points(text)
    changeable = _gate(name)[points]
    if not changeable.any():
        return
    marks = _marks()[points]
    # Documents are parted by NUL where several are looked at together: each is of one script.
    for document in _document().finditer(text):
        start, end = document.span()
        if changeable[start:end].any():
            yield from _document_changes(text, Span(start, end), marks, name)


def _document_changes(text: str, document: Span, marks: NDArray[np.uint8], name: str) -> Iterator[Hit]:
    to_simplified = name in CONFIGS["simplified"]
    wanted = 1 if to_simplified else -1
    whole = wanted * _balance(marks[document.start : document.end])
    gate, kind = _gate(name), "traditional" if to_simplified else "simplified"
    for sentence in _sentence().finditer(text, document.start, document.end):
        first, last = sentence.span()
        if _other_writing().search(text, first, last):
            continue  # Japanese and Korean have their own forms
        balance = wanted * _balance(marks[first:last])
        if balance > 0 or (balance == 0 and whole > 0):
            before = sentence.group()
            if gate[code_points(before)].any():
                yield from _differences(before, converter(name)(before), first, kind)


def _balance(marks: NDArray[np.uint8]) -> int:
    """How many more characters are traditional only than simplified only."""
    return int((marks == _TRADITIONAL_ONLY).sum()) - int((marks == _SIMPLIFIED_ONLY).sum())


def _differences(before: str, after: str, at: int, kind: str) -> Iterator[Hit]:
    """One hit a run of changed characters; the whole sentence where words of other lengths were put."""
    if len(before) != len(after):
        yield Hit(at, at + len(before), kind, "", after)
        return
    start = 0
    for i in range(len(before) + 1):
        if i < len(before) and before[i] != after[i]:
            continue
        if start < i:
            yield Hit(at + start, at + i, kind, "", after[start:i])
        start = i + 1


@cache
def converter(name: str) -> Callable[[str], str]:
    """OpenCC's conversion; it holds the interpreter's lock and cannot be pickled: one a process."""
    import opencc  # noqa: PLC0415 - only those who convert need it

    convert_text: Callable[[str], str] = opencc.OpenCC(name).convert
    whole = re.compile("[^\ud800-\udfff]+")  # OpenCC takes no lone surrogates
    return lambda text: whole.sub(lambda part: convert_text(part[0]), text)


@cache
def _gate(name: str) -> NDArray[np.bool_]:
    """Code points without which a conversion changes nothing, asked of the OpenCC that is installed."""
    gate = np.zeros(CODE_POINTS, dtype=np.bool_)
    gate[list(_changed_alone(name))] = True
    gate[[ord(c) for c in _CHANGED_IN_WORDS]] = True
    return gate


@cache
def _changed_alone(name: str) -> frozenset[int]:
    points = [point for first, last in _BLOCKS for point in range(first, last)]
    # One conversion of them all, a line each, so that no phrase joins two of them.
    converted = converter(name)("\n".join(map(chr, points))).split("\n")
    return frozenset(p for p, c in zip(points, converted, strict=True) if chr(p) != c)


@cache
def _marks() -> NDArray[np.uint8]:
    """Which characters one script alone uses: OpenCC changes them, the other's common set lacks them."""
    marks = np.zeros(CODE_POINTS, dtype=np.uint8)
    for point in _changed_alone("s2t"):
        # Big5's second level has many simplified characters as rare ones of another meaning.
        code = chr(point).encode("big5", "ignore")
        if not code or code >= b"\xc9":
            marks[point] = _SIMPLIFIED_ONLY
    for point in _changed_alone("t2s"):
        if not chr(point).encode("gb2312", "ignore"):
            marks[point] = _TRADITIONAL_ONLY
    return marks


@cache
def _other_writing() -> re.Pattern[str]:
    return re.compile("[\u3041-\u30ff\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


@cache
def _sentence() -> re.Pattern[str]:
    return re.compile("[^。！？；!?;\n]+")


@cache
def _document() -> re.Pattern[str]:
    return re.compile("[^\0]+")
