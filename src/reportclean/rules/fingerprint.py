"""What makes a finding the same finding in another run: its rule, its own text, and what stands beside it.

Neither path nor line goes in, so that findings survive moved lines, renamed files and reordered records.
Three digests are taken. ``own`` has the text of the finding and its surroundings on its line; with an
ordinal among equals it becomes the fingerprint. ``before`` and ``after`` have the text and what stands on
one side, across lines (of a longer finding, half of it), and of the rule the family alone. When somebody
edits a character near a finding, ``own`` changes, and maybe what kind of thing it is taken for; but of the
two sides one stays, and a baseline still knows it.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

_WINDOW = 16  # code points on a side, white space left out
_REACH = 64  # code points looked at for them
_SHORT = 24  # a longer finding is known by its two halves, not by what stands beside it
_LONG = 160  # a longer finding goes in with its two ends alone, so that an edit in its midst is none of it
_ENDS = 48


class Identity(NamedTuple):
    """The digests of a finding: 16 bytes, and twice 16 hexadecimal digits."""

    own: bytes
    before: str
    after: str


def identify(code: str, text: str, start: int, end: int, line: tuple[int, int], last: int) -> Identity:
    """The digests of a finding at a span of a text.

    Args:
        code: The rule's code.
        text: The text that it stands in.
        start: Its first code point.
        end: One past the last.
        line: Where the line of the first code point begins and ends.
        last: Where the line of the last code point ends.
    """
    left = _squeezed(text[max(line[0], start - _REACH) : start])[-_WINDOW:]
    right = _squeezed(text[end : min(max(last, end), end + _REACH)])[:_WINDOW]
    family = code[:3]
    if end - start > _LONG:
        head, tail = ends_of(text, start, end)
        return Identity(_digest(16, code, head, tail, left, right), side(family, head), side(family, tail))
    own = _squeezed(text[start:end])
    if len(own) > _SHORT:  # an edit in one half leaves the other
        half = len(own) // 2
        sides = side(family, own[:half]), side(family, own[half:])
        return Identity(_digest(16, code, own, left, right), *sides)
    before = _squeezed(text[max(0, start - _REACH) : start])[-_WINDOW:]
    after = _squeezed(text[end : end + _REACH])[:_WINDOW]
    sides = side(family, own, "<", before), side(family, own, ">", after)
    return Identity(_digest(16, code, own, left, right), *sides)


def ends_of(text: str, start: int, end: int) -> tuple[str, str]:
    """The first and the last code points of a long span, white space left out."""
    head = _squeezed(text[start : min(end, start + 4 * _ENDS)])[:_ENDS]
    return head, _squeezed(text[max(start, end - 4 * _ENDS) : end])[-_ENDS:]


def identify_whole(*parts: str) -> Identity:
    """The digests of what has no surroundings, such as a record that cannot be read."""
    one = side(*parts)
    return Identity(_digest(16, *parts), one, one)


def identify_section(code: str, key: str, head: str, tail: str) -> Identity:
    """The digests of a section that repeats another.

    The sides leave the code out: a copy that was edited is a near copy from then on and no new finding.

    Args:
        code: The rule's code.
        key: The hash of the section's matching key.
        head: The section's first code points.
        tail: Its last.
    """
    return Identity(_digest(16, code, key), side("section", head), side("section", tail))


def fingerprint(own: bytes, ordinal: int) -> str:
    """The fingerprint of the finding that is number ``ordinal`` of those with these digests."""
    return blake2b(own + ordinal.to_bytes(8, "little"), digest_size=16).hexdigest()


def side(*parts: str) -> str:
    """16 hexadecimal digits of some strings."""
    return _digest(8, *parts).hex()


def _digest(size: int, *parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=size).digest()


def _squeezed(text: str) -> str:
    return "".join(text.split())
