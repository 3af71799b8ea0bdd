"""JSON Lines: a line is a record; the text field is cleaned, every other field passes through untouched.

msgspec reads a line straight from its bytes and leaves the other fields as the bytes they were. A line
that it refuses (bytes that are not UTF-8, lone surrogates, NaN), or in which anything else is out of the
ordinary, is looked at step by step, with ``json``.

The envelope of a record is what stands before the value of its text field, a line feed, and what stands
behind it: a line of JSON holds no line feed of its own.
"""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from reportclean.document import Document, Hit, Rejected
from reportclean.errors import DecodeError, InputError, LimitError
from reportclean.formats.base import CHUNK_BYTES, NOTE_FIELD, Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.limits import DEFAULT, Limits, refusal
from reportclean.formats.nested import check_depth
from reportclean.text.decoding import decode

NAME = "jsonl"
SUFFIXES: tuple[str, ...] = (".jsonl", ".ndjson")

_SURROGATE = re.compile("[\ud800-\udfff]")
_BOM = b"\xef\xbb\xbf"
_DETAIL_BYTES = 60
_BLOCK = 1 << 20

_Fields = Mapping[str, msgspec.Raw | bytes]  # the values as the bytes they are
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_ID = msgspec.json.Decoder(str | int)
_DATE = msgspec.json.Decoder(str | int | float | None)
_encoded = msgspec.json.Encoder().encode
_REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def chunks(path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk | Rejected]:
    """Ranges of whole lines, numbered; a line that is too long is passed over without being held.

    Raises:
        InputError: The file is in UTF-16, whose lines cannot be told apart by their bytes.
    """
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            raise InputError("JSON Lines in UTF-16; turn the file into UTF-8 first")
        file.seek(0)
        offset, line = 0, 1
        while data := file.read(CHUNK_BYTES):
            whole = data.rfind(b"\n") + 1
            begun = len(data) - whole
            data += file.readline(max(limits.line_bytes + 1 - begun, 0))
            if data.endswith(b"\n") or len(data) - whole <= limits.line_bytes:
                whole = len(data)
            if whole:
                yield Chunk(path, name, NAME, offset, whole, line)
                line += data.count(b"\n", 0, whole)
            if whole < len(data):
                try:
                    limits.check_line(len(data) - whole)
                except LimitError as error:
                    yield refusal(name, line, error)
                line += 1
                pass_line(file)
            offset = file.tell()


def pass_line(file: BinaryIO) -> None:
    """Go on behind the next line feed, a block of the file in memory at a time."""
    while block := file.read(_BLOCK):
        end = block.find(b"\n") + 1
        if end:
            file.seek(end - len(block), os.SEEK_CUR)
            return


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """The records of a chunk; blank lines are passed over."""
    data = chunk.data()
    if chunk.offset == 0:
        data = data.removeprefix(_BOM)
        if not data.strip():
            yield Rejected(chunk.name, None, "empty", "the file holds no record")
            return
    for number, line in enumerate(data.split(b"\n"), chunk.first_line):
        if line and not line.isspace():
            try:
                options.limits.check_line(len(line))
                yield _ordinary(line, number, chunk, options) or record(line, number, chunk, options)
            except LimitError as error:
                yield refusal(chunk.name, number, error)


def rewrite(
    data: bytes, path: Path, name: str, options: ReadOptions, cleaned: Callable[[Document], str]
) -> Iterator[bytes | Rejected]:
    """The lines, those whose text changed written anew; every other byte stays."""
    chunk = Chunk(path, name, NAME, 0, len(data))
    mark = _BOM if data.startswith(_BOM) else b""
    yield mark
    for number, line in enumerate(BytesIO(data[len(mark) :]), 1):
        try:
            options.limits.check_line(len(line) - line.endswith(b"\n"))
            found = record(line, number, chunk, options) if line.strip() else None
        except LimitError as error:
            found = refusal(name, number, error)
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
        anew = encode(text, found.envelope, options, None).rstrip(b"\n").decode("utf-8", "surrogatepass")
        encoding = found.document.metadata["encoding"]
        try:
            yield anew.encode(encoding) + end
        except (LookupError, ValueError):
            said = f"the clean text cannot be written in {encoding}; make a UTF-8 copy with -o"
            yield Rejected(name, number, "not-reversible", said)
            yield line


def _ordinary(line: bytes, number: int, chunk: Chunk, options: ReadOptions) -> Loaded | None:
    """The record of a line in which nothing is strange; None where :func:`record` must look closer.

    What it gives is what :func:`record` gives.
    """
    try:
        check_depth(line, options.limits.depth)
        fields = _FIELDS.decode(line)
        text = _TEXT.decode(fields[options.text_field])
        identity = _ID.decode(fields[options.id_field]) if options.id_field in fields else ""
        date = _DATE.decode(fields[options.date_field]) if options.date_field in fields else None
        envelope = _envelope(fields, options.text_field)
        if not envelope.isascii():
            envelope.decode()  # msgspec does not look at the bytes of fields that are left as they are
    except (*_REFUSED, KeyError, LimitError):
        return None
    if not text or text.isspace():
        return None
    metadata = {
        "encoding": "utf-8",
        "encoding_score": None,
        "runner_up": "",
        "date": seconds(date),
        "decode_hits": (),
    }
    name = f"{chunk.name}:{number}" if identity == "" else str(identity)
    return Loaded(Document(name, text, chunk.name, number, metadata), envelope)


def record(line: bytes, number: int, chunk: Chunk, options: ReadOptions) -> Loaded | Rejected:
    """The record of any line, or why there is none.

    Raises:
        LimitError: It is nested too deeply.
    """

    def rejected(reason: str, detail: str) -> Rejected:
        return Rejected(chunk.name, number, reason, detail)

    encoding, score, runner_up = "utf-8", None, ""
    try:
        line.decode("utf-8")  # msgspec does not look at the bytes of fields that are left as they are
        check_depth(line, options.limits.depth)
        raw: _Fields = _FIELDS.decode(line)
    except _REFUSED:
        try:
            decoded = decode(line, options.encoding or None)
            check_depth(decoded.text.encode("utf-8", "surrogatepass"), options.limits.depth)
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
    return Loaded(Document(name, text, chunk.name, number, metadata), _envelope(raw, options.text_field))


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _named(raw: _Fields) -> str:
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


def _envelope(fields: _Fields, text_field: str) -> bytes:
    """The object of these fields, with a line feed in the place of the text."""
    parts = [_name(name) + (b"\n" if name == text_field else bytes(value)) for name, value in fields.items()]
    return b"{" + b",".join(parts) + b"}"


@lru_cache(maxsize=1_000)
def _name(name: str) -> bytes:
    return json.dumps(name, ensure_ascii=not name.isprintable()).encode() + b":"


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


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:  # noqa: ARG001  # the formats' common form
    """The record with its new text, as a line; the values of other fields are the bytes they were."""
    before, _, behind = envelope.partition(b"\n")
    if note is not None:
        behind = behind[:-1] + b"," + _name(_free_field(before + b"null" + behind)) + _encoded(note) + b"}"
    return b"".join((before, _encoded(text), behind, b"\n"))


def _free_field(line: bytes) -> str:
    """A name for the note that no field of the record has: those pass through untouched."""
    fields: _Fields
    try:
        fields = _FIELDS.decode(line)
    except _REFUSED:
        fields = _raw_fields(line.decode("utf-8", "surrogatepass"))
    field = NOTE_FIELD
    while field in fields:
        field += "_"
    return field
