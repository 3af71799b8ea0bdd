r"""A field of a JSON record, by its name or by a path to it, and the rest of the record as the bytes it was.

``data.body.text`` is the field ``text`` in the object ``body`` in the object ``data``; where a value is a
list, a number counts its values from 0: ``pages.0.text``. A field of the record that is itself called
``data.body.text`` goes before the path; a dot in a name on the way is written ``\.``, a backslash ``\\``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

Raw = msgspec.Raw | bytes  # a value as the bytes it is
Inside = Mapping[str, Raw] | Sequence[Raw]  # what is in an object, or in a list

HOLE = b"\n"  # stands for the value of a field: JSON on one line holds no line feed of its own
REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_INSIDE = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw])
_STEP = re.compile(r"\\([.\\])|(\.)|(.)", re.DOTALL)
_NAMES_SHOWN = 10
_KINDS = {"{": "an object", "[": "a list", '"': "a string", "t": "true", "f": "false", "n": "null"}


class Field(NamedTuple):
    """A field that was found.

    Attributes:
        value: As the bytes it is.
        around: From the record inwards, what is in each object or list, and the name or place in it.
    """

    value: Raw
    around: tuple[tuple[Inside, str | int], ...]


@lru_cache(maxsize=1_000)
def steps(name: str) -> tuple[str, ...]:
    r"""The names on the way to a field.

    >>> steps("data.body.0"), steps(r"a\.b.c"), steps("text")
    (('data', 'body', '0'), ('a.b', 'c'), ('text',))
    """
    found = [""]
    for escaped, dot, other in _STEP.findall(name):
        if dot:
            found.append("")
        else:
            found[-1] += escaped or other
    return tuple(found)


def fields_of(line: bytes) -> Mapping[str, Raw]:
    """The fields of a record in UTF-8 in which nothing is out of the ordinary.

    Raises:
        msgspec.DecodeError: It is none, or something in it is.
    """
    return _FIELDS.decode(line)


def lenient(line: bytes) -> Mapping[str, Raw]:
    """The fields of a record of ours, in which there may be what msgspec refuses: NaN, half a surrogate pair.

    Raises:
        ValueError: It is no JSON object.
    """
    try:
        return fields_of(line)
    except REFUSED:
        fields = scanned(line.decode("utf-8", "surrogatepass"))
    if isinstance(fields, list):
        raise ValueError("a record must be a JSON object")  # noqa: TRY004  # of the line, not of a program
    return fields


def find(fields: Mapping[str, Raw], name: str) -> Field | None:
    """A field of a record; None where it has none of that name, and the path leads nowhere.

    Raises:
        RecursionError: A value on the way is nested too deeply.
    """
    if name in fields:
        return Field(fields[name], ((fields, name),))
    if "." not in name and "\\" not in name:
        return None
    found = _follow(fields, steps(name))
    return found if isinstance(found, Field) else None


def _follow(fields: Mapping[str, Raw], path: Sequence[str]) -> Field | int:
    """What a path leads to, or how many of its steps there are."""
    inside: Inside = fields
    around: list[tuple[Inside, str | int]] = []
    value: Raw = b""
    for number, step in enumerate(path):
        if number:
            within = inside_of(value)
            if within is None:
                return number
            inside = within
        if isinstance(inside, Mapping):
            if step not in inside:
                return number
            value = inside[step]
            around.append((inside, step))
        else:
            place = int(step) if step.isascii() and step.isdigit() and len(step) < len(str(2**63)) else -1
            if not 0 <= place < len(inside):
                return number
            value = inside[place]
            around.append((inside, place))
    return Field(value, tuple(around))


def inside_of(value: Raw) -> Inside | None:
    """The values in an object or a list; None of a value that is neither."""
    data = bytes(value)
    if not data.lstrip().startswith((b"{", b"[")):
        return None
    found: Inside
    try:
        found = _INSIDE.decode(data)
    except REFUSED:
        found = scanned(data.decode("utf-8", "surrogatepass"))
    return found


def hollow(around: Sequence[tuple[Inside, str | int]]) -> bytes:
    """The record with a hole in the place of the field's value; every other value is the bytes it was."""
    whole = HOLE
    for inside, place in reversed(around):
        if isinstance(inside, Mapping):
            parts = [
                written_name(name) + (whole if name == place else bytes(value))
                for name, value in inside.items()
            ]
            whole = b"{" + b",".join(parts) + b"}"
        else:
            values = [whole if n == place else bytes(value) for n, value in enumerate(inside)]
            whole = b"[" + b",".join(values) + b"]"
    return whole


@lru_cache(maxsize=1_000)
def written_name(name: str) -> bytes:
    """A name and the colon behind it."""
    return json.dumps(name, ensure_ascii=not name.isprintable()).encode() + b":"


def absence(fields: Mapping[str, Raw], name: str) -> str:
    """Where the way to a field ends that is not there, for a message, with at most ten names."""
    path = steps(name)
    found = _follow(fields, path)
    reached = 0 if isinstance(found, Field) else found
    if not reached:
        return f"it has {_named(fields)}"
    there = _follow(fields, path[:reached])
    value = there.value if isinstance(there, Field) else b""
    inside = inside_of(value)
    so_far = ".".join(path[:reached])
    if isinstance(inside, Mapping):
        return f"{so_far} has {_named(inside)}"
    if inside is not None:
        return f"{so_far} is a list of {len(inside):,}, counted from 0"
    sign = bytes(value).lstrip()[:1].decode("utf-8", "replace")
    return f"{so_far} is {_KINDS.get(sign, 'a number')}"


def _named(fields: Mapping[str, Raw]) -> str:
    names = list(fields)
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
    return shown or "no field at all"


def scanned(line: str) -> dict[str, bytes] | list[bytes]:
    """What is in an object or a list, as the bytes it was, for what msgspec refuses: NaN, other encodings.

    Raises:
        ValueError: It is no JSON, or neither of the two.
    """
    scan, space = json.JSONDecoder().raw_decode, json.decoder.WHITESPACE  # type: ignore[attr-defined]  # the standard library's own pattern
    position = space.match(line, 0).end()
    opened = line[position : position + 1]
    if opened not in {"{", "["}:
        json.loads(line)  # says what is wrong, if anything is
        raise ValueError("a record must be a JSON object")
    closing = "}" if opened == "{" else "]"
    fields: dict[str, bytes] = {}
    values: list[bytes] = []
    position = space.match(line, position + 1).end()
    closed = line[position : position + 1] == closing
    while not closed:
        name = ""
        if opened == "{":
            name, position = scan(line, position)
            position = space.match(line, position).end()
            if not isinstance(name, str) or line[position : position + 1] != ":":
                raise ValueError(f"a field name and a colon are expected at character {position}")
            position = space.match(line, position + 1).end()
        start = position
        _, position = scan(line, start)
        value = line[start:position].encode("utf-8", "surrogatepass")
        if opened == "{":
            fields[name] = value
        else:
            values.append(value)
        position = space.match(line, position).end()
        closed = line[position : position + 1] == closing
        if not closed:
            if line[position : position + 1] != ",":
                what = "brace" if opened == "{" else "bracket"
                raise ValueError(f"a comma or a closing {what} is expected at character {position}")
            position = space.match(line, position + 1).end()
    if line[position + 1 :].strip():
        raise ValueError(
            f"something follows the {'object' if opened == '{' else 'list'} at character {position + 1}"
        )
    return fields if opened == "{" else values
