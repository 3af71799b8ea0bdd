"""Output in another format than the input's: what a file is called then, and what a document brings with it.

A record goes to another format of records by way of JSON Lines: what is written first is a line a document,
with the fields that it came with; a table is made of the lines when all are there, with the columns of all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import msgspec

from reportclean.document import Rejected
from reportclean.formats.base import Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.fields import HOLE, fields_of, find, hollow, lenient, written_name
from reportclean.formats.packed import packing, plain_name
from reportclean.formats.written import BY_LINES

WHOLE = frozenset({"txt", "html", "docx"})  # a file is a document
_PACKED_ALREADY = frozenset({"parquet", "docx"})
_GATHERED = "documents"  # what a folder's documents are called together
_SUFFIXES = {
    "txt": ".txt",
    "jsonl": ".jsonl",
    "csv": ".csv",
    "tsv": ".tsv",
    "parquet": ".parquet",
    "html": ".html",
    "docx": ".docx",
    "warc": ".warc",
}
_FACTS = ("title", "date", "url", "record_id")  # what formats know of a document besides its text


class Goal(NamedTuple):
    """How a document is written: by which writer, where, and with what besides its text."""

    writer: str
    target: bytes
    envelope: bytes


def retargeted(pieces: Sequence[Chunk | Rejected], to: str, known: Iterable[str]) -> list[Chunk | Rejected]:
    """Pieces of input that say what they become.

    A file keeps its folder and changes its ending. Documents that are a file each become records of one file
    a folder; a file of records becomes a folder of documents. No two inputs become one file otherwise.

    Args:
        pieces: Of all the input.
        to: The name of a format.
        known: Endings that stand for formats, and are taken off.
    """
    endings = frozenset(known)
    own = {piece.target: piece.format for piece in pieces if isinstance(piece, Chunk)}
    taken = {target for target, form in own.items() if form == to}
    gathered: dict[bytes, bytes] = {}
    became: dict[bytes, bytes] = {}
    for target, form in own.items():
        if form == to:
            continue
        folder, _, name = target.rpartition(b"/")
        if form not in WHOLE and to in WHOLE:
            became[target] = target  # a folder of that name
        elif form in WHOLE and to not in WHOLE:
            if folder not in gathered:
                gathered[folder] = _free(folder, os.fsencode(_GATHERED), b"", _SUFFIXES[to].encode(), taken)
            became[target] = gathered[folder]
        else:
            stem, ending = _parts(os.fsdecode(name), to, endings)
            became[target] = _free(folder, os.fsencode(stem), name, ending.encode(), taken)
    return [
        replace(piece, target=became[piece.target], to=to)
        if isinstance(piece, Chunk) and piece.target in became
        else piece
        for piece in pieces
    ]


def _parts(name: str, to: str, endings: frozenset[str]) -> tuple[str, str]:
    """A file's name without its ending, and its new ending; what was compressed stays so."""
    plain = PurePosixPath(plain_name(name))
    stem = plain.stem if plain.suffix.lower() in endings else plain.name
    return stem, _SUFFIXES[to] + ("" if to in _PACKED_ALREADY else packing(name))


def _free(folder: bytes, stem: bytes, old: bytes, ending: bytes, taken: set[bytes]) -> bytes:
    """A name that no other file has: the plain one, or with the old ending, or a number."""
    number = 1
    name = stem + ending
    while (whole := folder + b"/" + name if folder else name) in taken:
        number += 1
        name = old + ending if number == 2 and old else b"%s~%d%s" % (stem, number, ending)
    taken.add(whole)
    return whole


def converted(item: Loaded, chunk: Chunk, options: ReadOptions) -> Goal:
    """How a document of a chunk that becomes another format is written."""
    to = chunk.to
    if to in WHOLE or to == "warc":
        facts = _facts(item, chunk.format, options)
        target = chunk.target
        if to in WHOLE and chunk.format not in WHOLE:
            target += f"/{item.document.line:06d}{_SUFFIXES[to]}".encode()  # by name they are in order
        return Goal(to, target, b"" if to == "txt" else msgspec.json.encode(facts))
    envelope = _record(item, chunk.format, options)
    if to == "jsonl":
        return Goal(to, chunk.target, envelope)
    return Goal(BY_LINES[to].NAME, chunk.target, _lifted(envelope, options.text_field))


def hollowed(record: Mapping[str, Any], text_field: str) -> bytes:
    """A record as JSON Lines wants it back, with a hole in the place of its text.

    Args:
        record: Its values are plain; the text among them, or in the objects that the field's path names.
        text_field: Where it stands.
    """
    found = find(fields_of(msgspec.json.encode(record)), text_field)
    if found is None:
        raise ValueError(f"the record has no field {text_field!r}")
    return hollow(found.around)


def _record(item: Loaded, form: str, options: ReadOptions) -> bytes:
    """A document as a record, with a hole in the place of its text."""
    if form in {"jsonl", "parquet"}:  # that one was read for this purpose
        return item.envelope
    if form in {"csv", "tsv"}:
        return hollowed(msgspec.json.decode(item.envelope, type=dict[str, str]), options.text_field)
    facts = _facts(item, form, options)
    named = {options.date_field if name == "date" else name: value for name, value in facts.items() if value}
    return hollowed({options.id_field: item.document.id, **named, options.text_field: ""}, options.text_field)


def _lifted(envelope: bytes, text_field: str) -> bytes:
    """The same with the text at the top, for a table; in its old place stands null."""
    fields = lenient(envelope.replace(HOLE, b"null"))
    if text_field in fields:
        return envelope
    rest = b",".join(written_name(name) + bytes(value) for name, value in fields.items())
    return b"{" + rest + b"," + written_name(text_field) + HOLE + b"}"


def _facts(item: Loaded, form: str, options: ReadOptions) -> dict[str, str]:
    """What is known of a document besides its text, empty where it is not; dates are ISO 8601."""
    if form in {"html", "docx", "warc"}:
        known: Mapping[str, object] = msgspec.json.decode(item.envelope, type=dict[str, str])
    elif form == "txt":
        known = {}
    else:
        fields = lenient(_record(item, form, options).replace(HOLE, b"null"))
        known = {
            name: json.loads(bytes(found.value))
            for name in _FACTS
            if (found := find(fields, options.date_field if name == "date" else name)) is not None
        }
    facts = {name: value if isinstance(value := known.get(name), str) else "" for name in _FACTS}
    return facts | {"date": _iso(known.get("date"))}


def _iso(date: object) -> str:
    """A date as it is written; empty where there is none that can be read."""
    if isinstance(date, str) and len(date) == len("2015-01-02") and seconds(date) > float("-inf"):
        return date
    try:
        return datetime.fromtimestamp(seconds(date), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return ""
