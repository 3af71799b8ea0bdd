"""JSON Lines: a line is a record; the text field is cleaned, every other field passes through untouched.

msgspec reads a line straight from its bytes and leaves the other fields as the bytes they were. A line
that it refuses (bytes that are not UTF-8, lone surrogates, NaN) is tried with ``json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from reportclean.document import Document, Hit, Rejected
from reportclean.errors import DecodeError
from reportclean.formats.base import CHUNK_BYTES, Chunk, Loaded, ReadOptions
from reportclean.text.decoding import decode

NAME = "jsonl"
SUFFIXES: tuple[str, ...] = (".jsonl", ".ndjson")
NOTE_FIELD = "reportclean"  # where --mark says what would have been done

_SURROGATE = re.compile("[\ud800-\udfff]")
_BOM = b"\xef\xbb\xbf"
_DETAIL_BYTES = 60


def chunks(path: Path, name: str) -> Iterator[Chunk]:
    """Ranges of whole lines, numbered."""
    with path.open("rb") as file:
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


def _record(
    line: bytes, number: int, chunk: Chunk, options: ReadOptions, decoder: msgspec.json.Decoder[Any]
) -> Loaded | Rejected:
    def rejected(reason: str, detail: str) -> Rejected:
        return Rejected(chunk.name, number, reason, detail)

    encoding, score, runner_up = "utf-8", None, ""
    try:
        raw = decoder.decode(line)
        known = (options.text_field, options.id_field, options.date_field)
        values: dict[str, Any] = {name: msgspec.json.decode(raw[name]) for name in known if name in raw}
        raw[options.text_field] = msgspec.Raw(b"null")
        envelope = msgspec.json.encode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            decoded = decode(line)
            values = json.loads(decoded.text)
        except DecodeError as error:
            return rejected("undecodable", str(error))
        except (ValueError, RecursionError) as error:
            return rejected("not-json", f"{error}: {_shown(line)}")
        if not isinstance(values, dict):
            return rejected("not-an-object", f"a record must be a JSON object: {_shown(line)}")
        encoding, score, runner_up = decoded.encoding, decoded.score, decoded.runner_up
        envelope = json.dumps(values | {options.text_field: None}).encode("ascii")
    if options.text_field not in values:
        return rejected(
            "no-text-field",
            f"the record has no field {options.text_field!r} (it has {', '.join(values) or 'none of those asked for'})"
            "; name the right one with --text-field",
        )
    text = values[options.text_field]
    if not isinstance(text, str):
        return rejected("text-not-a-string", f"field {options.text_field!r} holds {_shown(json.dumps(text).encode())}")
    if not text.strip():
        return rejected("empty", f"field {options.text_field!r} holds no text")
    text, surrogates = without_surrogates(text)
    identity = values.get(options.id_field)
    known_id = isinstance(identity, str | int) and not isinstance(identity, bool) and identity != ""
    metadata = {
        "encoding": encoding,
        "encoding_score": score,
        "runner_up": runner_up,
        "date": _seconds(values.get(options.date_field), chunk.path),
        "decode_hits": surrogates,
    }
    name = without_surrogates(str(identity))[0] if known_id else f"{chunk.name}:{number}"
    return Loaded(Document(name, text, chunk.name, number, metadata), envelope)


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


def _seconds(date: object, path: Path) -> float:
    """A record's date in seconds since 1970; the file's where it has none that can be read."""
    if isinstance(date, str):
        try:
            return datetime.fromisoformat(date).timestamp()
        except ValueError:
            pass
    return path.stat().st_mtime


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:
    """The record with its new text, as a line; other fields are the bytes they were."""
    try:
        record: dict[str, Any] = msgspec.json.decode(envelope, type=dict[str, msgspec.Raw])
        record[options.text_field] = text
        if note is not None:
            record[NOTE_FIELD] = note
        return msgspec.json.encode(record) + b"\n"
    except msgspec.DecodeError:  # lone surrogates or NaN in another field
        record = json.loads(envelope)
        record[options.text_field] = text
        if note is not None:
            record[NOTE_FIELD] = note
        return json.dumps(record).encode("ascii") + b"\n"
