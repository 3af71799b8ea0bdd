"""WARC and WET: a record of a page or of its text is a document; what is written is WET.

Pages (``response``) go the way of HTML files, texts (``conversion``) that of text files, both with the
address and the date of the record. A record's line is its number in the file. ISO 28500:2017.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from reportclean.document import Document, Rejected
from reportclean.errors import DecodeError, InputError, LimitError
from reportclean.formats.base import CHUNK_BYTES, Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.html import decoded_page, main_text
from reportclean.formats.limits import DEFAULT, Limits, refusal
from reportclean.formats.whole import missing
from reportclean.text.decoding import Decoded, decode

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

NAME = "warc"
SUFFIXES: tuple[str, ...] = (".warc", ".wet")

_PAGES = ("text/html", "application/xhtml+xml")
_OK = 200


def chunks(path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk | Rejected]:
    """Ranges of whole records, and the number of each range's first; one that is too long is passed over.

    Raises:
        InputError: fastwarc is not installed, or it is no WARC file.
    """
    with path.open("rb") as file:
        begin, first, last = 0, 1, 0  # of a range: its place, its first record; the place of its last record
        size = path.stat().st_size
        places = chain((record.stream_pos for record in _records(file)), (size,))
        for number, place in enumerate(places, 0):  # where the record of that number ends
            overlong = place - last > limits.document_bytes
            end = last if overlong else place
            if end > begin and (overlong or place == size or end - begin >= CHUNK_BYTES):
                yield Chunk(path, name, NAME, begin, end - begin, first)
                begin, first = end, number + 1
            if overlong:
                try:
                    limits.check_document(place - last)
                except LimitError as error:
                    yield refusal(name, number, error)
                begin, first = place, number + 1
            last = place
        if not size:
            yield Chunk(path, name, NAME, 0, 0)


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """The documents of a chunk; records about the crawl itself hold none.

    Raises:
        InputError: fastwarc is not installed, or trafilatura where there are pages.
    """
    data = chunk.data()
    if not data:
        yield Rejected(chunk.name, None, "empty", "the file is empty")
    for number, record in enumerate(_records(BytesIO(data)), chunk.first_line):
        kind = record.headers.get("WARC-Type", "")
        if kind in {"response", "conversion"}:
            try:
                yield _document(record, kind, number, chunk, options)
            except LimitError as error:
                yield refusal(chunk.name, number, error)
            except DecodeError as error:
                yield Rejected(chunk.name, number, "undecodable", str(error))
            except ValueError as error:
                yield Rejected(chunk.name, number, "not-warc", str(error))


def _document(
    record: WarcRecord, kind: str, number: int, chunk: Chunk, options: ReadOptions
) -> Loaded | Rejected:
    """The document of a record.

    Raises:
        DecodeError: Its bytes are no text.
        LimitError: It is beyond a limit.
        ValueError: It is cut off, or cannot be parsed.
    """
    payload = record.reader.read()
    if str(len(payload)) != (record.headers.get("Content-Length") or "").strip():
        raise ValueError("the record is cut off")
    found = {
        "title": "",
        "date": record.headers.get("WARC-Date", ""),
        "url": record.headers.get("WARC-Target-URI", ""),
        "record_id": record.headers.get("WARC-Record-ID", ""),
    }
    if kind == "conversion":
        decoded: Decoded = decode(payload, options.encoding or None)
        text = decoded.text
    else:
        body = _page(record, payload, options.limits)
        if isinstance(body, str):
            return Rejected(chunk.name, number, "not-a-page", body)
        decoded = decoded_page(body, options.encoding)
        text, known = main_text(decoded.text, options.limits)
        found |= {"title": known["title"], "date": known["date"] or found["date"]}
    if not text.strip():
        return Rejected(chunk.name, number, "empty", "the record holds no text")
    metadata: dict[str, Any] = {
        "encoding": decoded.encoding,
        "encoding_score": decoded.score,
        "runner_up": decoded.runner_up,
        "date": seconds(found["date"]),
        "title": found["title"],
        "url": found["url"],
    }
    document = Document(f"{chunk.name}:{number}", text, chunk.name, number, metadata)
    return Loaded(document, msgspec.json.encode(found))


def _page(record: WarcRecord, payload: bytes, limits: Limits) -> bytes | str:
    """The page of a response, or why there is none.

    Raises:
        LimitError: It unpacks to more than a document may be.
        ValueError: The response cannot be parsed.
    """
    record.set_bytes_content(payload)
    try:
        record.parse_http(auto_decode="all")
        if not record.is_http_parsed:
            return "it is no answer over HTTP"
        status, kind = record.http_headers.status_code, record.http_content_type or ""
        if status != _OK:
            return f"its status is {status}"
        if kind not in _PAGES:
            return f"it is {kind or 'of no named kind'}"
        body: bytes = record.reader.read(limits.document_bytes + 1)
    except OSError as error:
        raise ValueError(f"the answer cannot be read: {error}") from error
    limits.check_document(len(body))
    return body


def _records(file: Any) -> Iterator[WarcRecord]:
    try:
        from fastwarc.warc import ArchiveIterator  # noqa: PLC0415  # an extra
    except ImportError:
        raise missing("WARC", "fastwarc", "warc") from None
    try:
        yield from ArchiveIterator(file, parse_http=False)
    except OSError as error:
        raise InputError(f"it is no WARC file, or it is broken: {error}") from error


def head(envelope: bytes, *, noted: bool) -> bytes:  # noqa: ARG001  # the formats' common form
    """Nothing stands before the records."""
    return b""


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:  # noqa: ARG001  # the same
    """A record of the text with the address, date and id of the one that it came from."""
    found = msgspec.json.decode(envelope, type=dict[str, str])
    body = text.encode()
    headers = {
        "WARC-Type": "conversion",
        "WARC-Target-URI": found["url"],
        "WARC-Date": found["date"],
        "WARC-Refers-To": found["record_id"],
        "Content-Type": "text/plain",
        "Content-Length": str(len(body)),
    }
    lines = [f"{name}: {' '.join(value.split())}\r\n" for name, value in headers.items() if value]
    return b"WARC/1.0\r\n" + "".join(lines).encode() + b"\r\n" + body + b"\r\n\r\n"
