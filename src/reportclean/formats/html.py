"""HTML: a file is a document; trafilatura finds its main text, its title and its date.

What is written is a new page that holds the clean text and nothing else of the old one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from reportclean.document import Rejected
from reportclean.errors import ConfigError, DecodeError, LimitError
from reportclean.formats.base import Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.limits import DEFAULT, Limits
from reportclean.formats.markup import check_page, is_deep
from reportclean.formats.timed import in_time
from reportclean.formats.whole import missing, one_document, whole_file
from reportclean.text.decoding import Decoded, canonical, decode

NAME = "html"
SUFFIXES: tuple[str, ...] = (".html", ".htm", ".xhtml")

_HEAD_BYTES = 4_096  # where a page names its encoding
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE
)
_WHOLE_PAGE = re.compile("<html|<body", re.IGNORECASE)
_PARSED_DEPTH = 256  # of libxml2: what is deeper is lost
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}  # today changes nothing


def chunks(path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk]:
    """One chunk, the whole file."""
    return whole_file(path, name, NAME, limits)


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """The file's document, with the page's title and date in its metadata.

    Raises:
        InputError: trafilatura is not installed.
        LimitError: The page is beyond a limit.
    """
    try:
        decoded = decoded_page(chunk.data(), options.encoding)
    except DecodeError as error:
        yield Rejected(chunk.name, None, "undecodable", str(error))
        return
    try:
        text, found = main_text(decoded.text, options.limits)
    except ValueError as error:
        yield Rejected(chunk.name, None, "not-html", str(error))
        return
    date = seconds(found["date"])
    metadata = {
        "encoding": decoded.encoding,
        "encoding_score": decoded.score,
        "runner_up": decoded.runner_up,
        "date": date if date > float("-inf") else chunk.path.stat().st_mtime,
        "title": found["title"],
    }
    yield one_document(chunk, text, metadata, msgspec.json.encode(found))


def decoded_page(data: bytes, encoding: str) -> Decoded:
    """A page's text: as valid UTF-8, else as it says itself where that reads every byte, else as guessed.

    Raises:
        DecodeError: The bytes are no text.
    """
    if not encoding:
        named = _CHARSET.search(data[:_HEAD_BYTES])
        for candidate in ("utf-8-sig", named.group(1).decode("ascii", "replace") if named else ""):
            try:
                name = canonical(candidate)
                return Decoded(data.decode(name), name.removesuffix("-sig"), 1.0, "", ())
            except (ConfigError, UnicodeDecodeError):
                continue
    return decode(data, encoding or None)


def main_text(page: str, limits: Limits) -> tuple[str, dict[str, str]]:
    """The main text of a page, a paragraph a line, and its title, date (ISO 8601) and address where known.

    Raises:
        InputError: trafilatura is not installed.
        LimitError: The page is beyond a limit.
        ValueError: The page cannot be parsed.
    """
    check_page(page, limits)
    if not _WHOLE_PAGE.search(page):  # trafilatura takes what has no such element for no page
        page = f"<html><body>{page}</body></html>"
    try:
        import trafilatura  # noqa: PLC0415  # an extra, and slow to import
    except ImportError:
        raise missing("HTML", "trafilatura", "html") from None
    try:
        with in_time(limits):
            document = trafilatura.bare_extraction(
                page,
                favor_recall=True,
                include_comments=False,
                with_metadata=True,
                date_extraction_params=dict(_DATES),
            )
            known = {name: getattr(document, name, None) for name in ("text", "title", "date", "url")}
            text = known.pop("text") or trafilatura.html2txt(page)
    except LimitError:
        raise
    except Exception as error:  # whatever a page does to the parser, it is that page's fault alone
        raise ValueError(f"the page cannot be parsed: {type(error).__name__}: {error}") from error
    deepest = min(limits.depth, _PARSED_DEPTH)
    if not text and is_deep(page, deepest):
        raise LimitError("depth", f"its elements are nested more than {deepest} deep")
    return text or "", {name: value or "" for name, value in known.items()}


def head(envelope: bytes, *, noted: bool) -> bytes:  # noqa: ARG001  # the formats' common form
    """Nothing stands before the page."""
    return b""


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:  # noqa: ARG001  # the same
    """A page of the text, a paragraph a line, everything escaped; a note stands in the tables alone."""
    found = msgspec.json.decode(envelope, type=dict[str, str])
    date = f'<meta name="date" content="{html.escape(found["date"])}">\n' if found["date"] else ""
    body = "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n") if line.strip())
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f"{date}<title>{html.escape(found['title'])}</title>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).encode()
