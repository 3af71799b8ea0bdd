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
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from reportclean.document import Document, Hit, Rejected
from reportclean.errors import DecodeError, InputError, LimitError
from reportclean.formats.base import CHUNK_BYTES, NOTE_FIELD, Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.fields import (
    HOLE,
    REFUSED,
    Raw,
    absence,
    fields_of,
    find,
    hollow,
    lenient,
    written_name,
)
from reportclean.formats.limits import DEFAULT, Limits, refusal
from reportclean.formats.nested import check_depth
from reportclean.text.decoding import decode

NAME = "jsonl"
SUFFIXES: tuple[str, ...] = (".jsonl", ".ndjson")

_SURROGATE = re.compile("[\ud800-\udfff]")
_BOM = b"\xef\xbb\xbf"
_DETAIL_BYTES = 60
_BLOCK = 1 << 20

_TEXT = msgspec.json.Decoder(str)
_ID = msgspec.json.Decoder(str | int)
_DATE = msgspec.json.Decoder(str | int | float | None)
_encoded = msgspec.json.Encoder().encode


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
        fields = fields_of(line)
        found = find(fields, options.text_field)
        if found is None:
            return None
        text = _TEXT.decode(found.value)
        named, dated = find(fields, options.id_field), find(fields, options.date_field)
        identity = "" if named is None else _ID.decode(named.value)
        date = None if dated is None else _DATE.decode(dated.value)
        envelope = hollow(found.around)
        if not envelope.isascii():
            envelope.decode()  # msgspec does not look at the bytes of fields that are left as they are
    except (*REFUSED, LimitError):
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
        raw: Mapping[str, Raw] = fields_of(line)
    except REFUSED:
        try:
            decoded = decode(line, options.encoding or None)
            check_depth(decoded.text.encode("utf-8", "surrogatepass"), options.limits.depth)
            raw = lenient(decoded.text.encode("utf-8", "surrogatepass"))
        except DecodeError as error:
            return rejected("undecodable", str(error))
        except (ValueError, RecursionError) as error:
            return rejected("not-json", f"{_reason(error)}: {_shown(line)}")
        encoding, score, runner_up = decoded.encoding, decoded.score, decoded.runner_up
    text_field = options.text_field
    try:
        found = find(raw, text_field)
        text = None if found is None else json.loads(bytes(found.value))
    except (ValueError, RecursionError) as error:
        return rejected("not-json", f"{_reason(error)}: {_shown(line)}")
    if found is None:
        return rejected(
            "no-text-field",
            f"the record has no field {text_field!r} ({absence(raw, text_field)})"
            "; name the right one with --text-field",
        )
    if not isinstance(text, str):
        return rejected(
            "text-not-a-string", f"field {text_field!r} holds {_shown(json.dumps(text).encode())}"
        )
    if not text.strip():
        return rejected("empty", f"field {text_field!r} holds no text")
    text, surrogates = without_surrogates(text)
    identity = _value(raw, options.id_field)
    known_id = isinstance(identity, str | int) and not isinstance(identity, bool) and identity != ""
    metadata = {
        "encoding": encoding,
        "encoding_score": score,
        "runner_up": runner_up,
        "date": seconds(_value(raw, options.date_field)),
        "decode_hits": surrogates,
    }
    name = without_surrogates(str(identity))[0] if known_id else f"{chunk.name}:{number}"
    return Loaded(Document(name, text, chunk.name, number, metadata), hollow(found.around))


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _value(raw: Mapping[str, Raw], name: str) -> Any:
    """The value of a field that need not be there; None where it cannot be told, either."""
    try:
        found = find(raw, name)
        return None if found is None else json.loads(bytes(found.value))
    except (ValueError, RecursionError):
        return None


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
    before, _, behind = envelope.partition(HOLE)
    if note is not None:
        behind = (
            behind[:-1] + b"," + written_name(_free_field(before + b"null" + behind)) + _encoded(note) + b"}"
        )
    return b"".join((before, _encoded(text), behind, b"\n"))


def _free_field(line: bytes) -> str:
    """A name for the note that no field of the record has: those pass through untouched."""
    fields = lenient(line)
    field = NOTE_FIELD
    while field in fields:
        field += "_"
    return field
