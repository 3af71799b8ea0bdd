"""JSON Lines: a line is a record; the text field is cleaned, every other field passes through untouched.

msgspec reads a line straight from its bytes and leaves the other fields as the bytes they were. A line
that it refuses (bytes that are not UTF-8, lone surrogates, NaN) is tried with ``json``.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from reportclean.document import Document, Hit, Rejected
from reportclean.errors import DecodeError, InputError
from reportclean.formats.base import CHUNK_BYTES, NOTE_FIELD, Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.text.decoding import decode

NAME = "jsonl"
SUFFIXES: tuple[str, ...] = (".jsonl", ".ndjson")

_SURROGATE = re.compile("[\ud800-\udfff]")
_BOM = b"\xef\xbb\xbf"
_DETAIL_BYTES = 60


def chunks(path: Path, name: str) -> Iterator[Chunk]:
    """Ranges of whole lines, numbered.

    Raises:
        InputError: The file is in UTF-16, whose lines cannot be told apart by their bytes.
    """
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            raise InputError("JSON Lines in UTF-16; turn the file into UTF-8 first")
        file.seek(0)
        offset, line = 0, 1
        while data := file.read(CHUNK_BYTES):
            data += file.readline()
            yield Chunk(path, name, NAME, offset, len(data), line)
            offset += len(data)
            line += data.count(b"\n")


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """The records of a chunk; blank lines are passed over."""
    data = chunk.data()
    if chunk.offset == 0:
        data = data.removeprefix(_BOM)
        if not data.strip():
            yield Rejected(chunk.name, None, "empty", "the file holds no record")
            return
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    for number, line in enumerate(data.split(b"\n"), chunk.first_line):
        if line.strip():
            yield _record(line, number, chunk, options, decoder)


def rewrite(
    data: bytes, path: Path, name: str, options: ReadOptions, cleaned: Callable[[Document], str]
) -> Iterator[bytes | Rejected]:
    """The lines, those whose text changed written anew; every other byte stays."""
    chunk = Chunk(path, name, NAME, 0, len(data))
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    mark = _BOM if data.startswith(_BOM) else b""
    yield mark
    for number, line in enumerate(BytesIO(data[len(mark) :]), 1):
        found = _record(line, number, chunk, options, decoder) if line.strip() else None
        if isinstance(found, Rejected):
            yield found
        if not isinstance(found, Loaded):
            yield line
            continue
        text = cleaned(found.document)
        if text == found.document.text:
            yield line
            continue
        end = line[len(line.rstrip(b"\r\n")) :]
        record = encode(text, found.envelope, options, None).rstrip(b"\n").decode("utf-8", "surrogatepass")
        encoding = found.document.metadata["encoding"]
        try:
            yield record.encode(encoding) + end
        except (LookupError, ValueError):
            said = f"the clean text cannot be written in {encoding}; make a UTF-8 copy with -o"
            yield Rejected(name, number, "not-reversible", said)
            yield line


def _record(
    line: bytes, number: int, chunk: Chunk, options: ReadOptions, decoder: msgspec.json.Decoder[Any]
) -> Loaded | Rejected:
    def rejected(reason: str, detail: str) -> Rejected:
        return Rejected(chunk.name, number, reason, detail)

    encoding, score, runner_up = "utf-8", None, ""
    try:
        line.decode("utf-8")  # msgspec does not look at the bytes of fields that are left as they are
        raw: dict[str, Any] = decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            decoded = decode(line, options.encoding or None)
            raw = _raw_fields(decoded.text)
        except DecodeError as error:
            return rejected("undecodable", str(error))
        except (ValueError, RecursionError) as error:
            return rejected("not-json", f"{_reason(error)}: {_shown(line)}")
        encoding, score, runner_up = decoded.encoding, decoded.score, decoded.runner_up
    known = (options.text_field, options.id_field, options.date_field)
    values: dict[str, Any] = {}
    for name in known:
        try:
            values |= {name: json.loads(bytes(raw[name]))} if name in raw else {}
        except (ValueError, RecursionError) as error:
            if name == options.text_field:
                return rejected("not-json", f"{_reason(error)}: {_shown(line)}")
    if options.text_field not in values:
        return rejected(
            "no-text-field",
            f"the record has no field {options.text_field!r} (it has {_named(raw)})"
            "; name the right one with --text-field",
        )
    text = values[options.text_field]
    if not isinstance(text, str):
        return rejected(
            "text-not-a-string", f"field {options.text_field!r} holds {_shown(json.dumps(text).encode())}"
        )
    if not text.strip():
        return rejected("empty", f"field {options.text_field!r} holds no text")
    text, surrogates = without_surrogates(text)
    identity = values.get(options.id_field)
    known_id = isinstance(identity, str | int) and not isinstance(identity, bool) and identity != ""
    metadata = {
        "encoding": encoding,
        "encoding_score": score,
        "runner_up": runner_up,
        "date": seconds(values.get(options.date_field)),
        "decode_hits": surrogates,
    }
    name = without_surrogates(str(identity))[0] if known_id else f"{chunk.name}:{number}"
    raw[options.text_field] = b"null"
    return Loaded(Document(name, text, chunk.name, number, metadata), _joined(raw))


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _named(raw: dict[str, Any]) -> str:
    """The fields of a record for a message, at most ten."""
    names = list(raw)
    return (", ".join(names[:10]) + (", …" if len(names) > 10 else "")) or "no field at all"


def _raw_fields(line: str) -> dict[str, bytes]:
    """The fields of an object as the bytes they were, for what msgspec refuses: NaN, other encodings.

    Raises:
        ValueError: The line is no JSON object.
    """
    scan, space = json.JSONDecoder().raw_decode, json.decoder.WHITESPACE  # type: ignore[attr-defined]  # the standard library's own pattern
    fields: dict[str, bytes] = {}
    position = space.match(line, 0).end()
    if line[position : position + 1] != "{":
        json.loads(line)  # says what is wrong, if anything is
        raise ValueError("a record must be a JSON object")
    position = space.match(line, position + 1).end()
    closed = line[position : position + 1] == "}"
    while not closed:
        name, position = scan(line, position)
        position = space.match(line, position).end()
        if not isinstance(name, str) or line[position : position + 1] != ":":
            raise ValueError(f"a field name and a colon are expected at character {position}")
        start = space.match(line, position + 1).end()
        _, position = scan(line, start)
        fields[name] = line[start:position].encode("utf-8", "surrogatepass")
        position = space.match(line, position).end()
        closed = line[position : position + 1] == "}"
        if not closed:
            if line[position : position + 1] != ",":
                raise ValueError(f"a comma or a closing brace is expected at character {position}")
            position = space.match(line, position + 1).end()
    if line[position + 1 :].strip():
        raise ValueError(f"something follows the object at character {position + 1}")
    return fields


def _joined(raw: dict[str, Any]) -> bytes:
    """An object of fields whose values are bytes of JSON."""
    names = (json.dumps(name, ensure_ascii=not name.isprintable()).encode() for name in raw)
    return (
        b"{"
        + b",".join(name + b":" + bytes(value) for name, value in zip(names, raw.values(), strict=True))
        + b"}"
    )


def without_surrogates(text: str) -> tuple[str, tuple[Hit, ...]]:
    """The text with U+FFFD for each lone surrogate, and where they stood.

    JSON can spell half of a pair; no file and no table can hold it.
    """
    if text.isascii() or not _SURROGATE.search(text):
        return text, ()
    hits = tuple(Hit(m.start(), m.end(), "surrogate") for m in _SURROGATE.finditer(text))
    return _SURROGATE.sub("\ufffd", text), hits


def _shown(line: bytes) -> str:
    text = line[:_DETAIL_BYTES].decode("utf-8", "replace")
    return text + "…" if len(line) > _DETAIL_BYTES else text


def head(envelope: bytes, *, noted: bool) -> bytes:  # noqa: ARG001  # the formats' common form
    """Nothing stands before the records."""
    return b""


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:
    """The record with its new text, as a line; the values of other fields are the bytes they were."""
    try:
        raw: dict[str, Any] = msgspec.json.decode(envelope, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raw = dict(_raw_fields(envelope.decode("utf-8", "surrogatepass")))
    raw[options.text_field] = msgspec.json.encode(text)
    if note is not None:
        field = NOTE_FIELD
        while field in raw:  # a field of the user's passes through untouched
            field += "_"
        raw[field] = msgspec.json.encode(note)
    return _joined(raw) + b"\n"
