"""What is to be compared, found by name: a file, a document or section in it, a section of a result."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportclean.comparison import Comparison
from reportclean.document import Document, Rejected
from reportclean.engines.comparing import Subject, compare_subjects, subject_of
from reportclean.engines.stages import Record, clean_batch, prepared, repairs, split_text
from reportclean.errors import InputError
from reportclean.formats.base import ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.registry import SUMMARY, find_chunks, is_result, records
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import SpinLexicon, read_lexicon, shipped_lexicon
from reportclean.results import CleanText
from reportclean.rules.options import CleanConfig

if TYPE_CHECKING:
    import pyarrow as pa

LEXICON, TEXTS, HISTORY = "spin-lexicon.tsv", "texts.parquet", "history.parquet"
_SHOWN = 5  # ids in a message
_LINE = re.compile(r"(.+):(\d+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a name means.

    Attributes:
        name: As it was given.
        path: The file.
        line: The line of a record; None for any.
        inner: What follows the file's name after a ``#``: an ordinal, a document's id, or both; else empty.
    """

    name: str
    path: Path
    line: int | None = None
    inner: str = ""


def wanted(name: str) -> Wanted:
    """Take ``FILE[:LINE][#ID][#ORDINAL]`` apart; a file's own name may hold such signs, too.

    Raises:
        InputError: There is no such file.
    """
    places = [place for place, sign in enumerate(name) if sign == "#"]
    for place in [len(name), *reversed(places)]:
        file, inner = name[:place], name[place + 1 :]
        if not file:
            continue
        if Path(file).exists():
            return Wanted(name, _file(Path(file)), None, inner)
        numbered = _LINE.fullmatch(file)
        if numbered and Path(numbered[1]).exists():
            return Wanted(name, _file(Path(numbered[1])), int(numbered[2]), inner)
    raise InputError(
        f"{name}: there is no such file; name a FILE, FILE#ORDINAL for one of its sections, FILE#ID for one "
        "of its documents, or sections of a result with --result DIR"
    )


def _file(path: Path) -> Path:
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file in it, or sections of a result with --result DIR")
    return path


def read_subject(
    want: Wanted,
    side: str,
    config: DedupeConfig,
    read: ReadOptions,
    clean: CleanConfig,
    unpacked: Path,
    *,
    raw: bool,
) -> Subject:
    """Read what is wanted, and clean it.

    Args:
        want: What a name means.
        side: What it is called if it has no name.
        config: Sections or whole documents.
        read: How records are read.
        clean: Which rules run.
        unpacked: A folder for what compressed files hold.
        raw: Whether nothing is cleaned.

    Raises:
        InputError: It is not there, or not one thing, or cannot be read.
    """
    document, ordinal = _chosen(want, _documents(want, read, unpacked))
    if ordinal is None:
        return replace(subject_of(document, side, config, clean, raw=raw), name=want.name)
    cleaned = CleanText(document.text, (), ())
    if not raw:
        (cleaned,) = clean_batch([document], clean, {})
    sections = split_text(cleaned.text, "section")
    ordinals = [section.ordinal for section in sections]
    if ordinal not in ordinals:
        known = f"{ordinals[0]} to {ordinals[-1]}" if ordinals else "none"
        raise InputError(f"{want.name}: there is no section {ordinal}; those of {want.path} are {known}")
    number = ordinals.index(ordinal)
    section = sections[number]
    edits = repairs(prepared(Record(document), cleaned, sections))[number]
    text = cleaned.text[section.start : section.end]
    date = seconds(document.metadata.get("date"))
    return Subject(want.name, text, section.title, edits, document.source, date)


def _documents(want: Wanted, read: ReadOptions, unpacked: Path) -> Iterator[Document | Rejected]:
    for piece in find_chunks([want.path], unpacked=unpacked, limits=read.limits, form=read.format):
        for item in records(piece, read):
            yield item if isinstance(item, Rejected) else item.document


def _chosen(want: Wanted, found: Iterator[Document | Rejected]) -> tuple[Document, int | None]:
    """The document that is meant, and the ordinal of its section; None for all of it."""
    stem, _, last = want.inner.rpartition("#")
    in_document = int(last) if last.isascii() and last.isdigit() else None
    only: Document | None = None
    section: tuple[Document, int] | None = None
    ids: list[str] = []
    rejected: Rejected | None = None
    count = 0
    for item in found:
        if isinstance(item, Rejected):
            rejected = rejected or item
            continue
        if want.line is not None and item.line != want.line:
            continue
        if want.inner and item.id == want.inner:
            return item, None
        if stem and item.id == stem and in_document is not None and section is None:
            section = (item, in_document)
        count += 1
        only = only or item
        if len(ids) < _SHOWN:
            ids.append(item.id)
    if section is not None:
        return section
    if count == 1 and only is not None and (not want.inner or (not stem and in_document is not None)):
        return only, in_document
    if rejected is not None and count == 0:
        raise InputError(f"{want.name}: {rejected.detail}")
    place = "" if want.line is None else f" on line {want.line}"
    if count == 0:
        raise InputError(f"{want.name}: there is no document in {want.path}{place}")
    names = ", ".join(f"{want.path}#{name}" for name in ids) + (", …" if count > len(ids) else "")
    if want.name == "-":
        raise InputError(f"- holds {count:,} documents; keep it in a file, and name one of them")
    if not want.inner:
        raise InputError(f"{want.name} holds {count:,} documents; name one of them: {names}")
    raise InputError(f"{want.name}: there is no such document or section; the documents are {names}")


class Result:
    """A folder that ``dedupe`` wrote.

    Args:
        folder: The folder.

    Raises:
        InputError: It is none.
    """

    def __init__(self, folder: Path) -> None:
        if not is_result(folder) or not (folder / TEXTS).exists():
            raise InputError(f"{folder} is no result of dedupe with its {TEXTS}; name the folder given to -o")
        self._folder = folder
        self._settings = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))["settings"]

    def config(self, given: Mapping[str, Any]) -> DedupeConfig:
        """The settings of the run, but for those that are given."""
        known = {known.name for known in fields(DedupeConfig)}
        return DedupeConfig(**{n: v for n, v in self._settings.items() if n in known} | dict(given))

    def compare(self, names: Sequence[str], given: Mapping[str, Any]) -> Comparison:
        """Compare two sections; or one with what was kept in its place.

        Args:
            names: Ids of sections.
            given: Settings that go before those of the run.

        Raises:
            InputError: The result has no such section, or not its text.
            ConfigError: The run's lexicon is gone.
        """
        rows = self._sections(names)
        if len(names) == 1 and names[0] in rows:
            (row,) = rows.values()
            other = row["representative_id"]
            if other is None:
                raise InputError(f"{names[0]} repeats nothing in {self._folder}; name two sections")
            if other == names[0]:
                raise InputError(f"{names[0]} was itself kept for others; name one of them, too")
            names = [names[0], other]
            rows |= self._sections([other])
        texts = self._rows("texts", "section_id", names)
        for name in names:
            if name not in rows:
                raise InputError(
                    f"{name}: there is no such section in {self._folder}; sections.parquet has them"
                )
            if name not in texts:
                raise InputError(
                    f"{name} matches nothing in {self._folder}, so its text is not in {TEXTS}; "
                    "compare it in the input, as FILE#ORDINAL"
                )
        config = self.config(given)
        left, right = (self._subject(rows[name], texts[name]["text"]) for name in names)
        found = compare_subjects(left, right, config, self._lexicon(config))
        return _as_recorded(found, rows[names[0]], rows[names[1]])

    def _sections(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Sections of the run, and of the indexes that it was held against."""
        rows = self._rows("sections", "section_id", names)
        others = [name for name in names if name not in rows]
        if others and (self._folder / HISTORY).exists():
            for name, row in self._rows("history", "section_id", others).items():
                said = f"kept: it was in {row['index']} before"
                rows[name] = row | {"kept": True, "representative_id": name, "reason": said}
        return rows

    def _lexicon(self, config: DedupeConfig) -> SpinLexicon | None:
        """The swaps that were in the keys at the end of the run."""
        lexicon = read_lexicon(config.spin_lexicon)
        file = self._folder / LEXICON
        if not config.spun or not file.exists():
            return lexicon
        learned = SpinLexicon.from_tsv(file.read_text(encoding="utf-8"), str(file))
        return (lexicon or shipped_lexicon()).merged(learned) if learned.swaps else lexicon

    def _subject(self, row: Mapping[str, Any], text: str) -> Subject:
        name, title, said = row["section_id"], row["title"], row["reason"]
        if "index" in row:  # it is another run's, whose repairs nobody knows
            return Subject(name, text, title, 0, row["source"], recorded=said)
        documents = self._rows("documents", "document_id", [row["document_id"]])
        source = next(iter(documents.values()), {"source": ""})["source"]
        return Subject(name, text, title, self._repairs(row), source, recorded=said)

    def _repairs(self, row: Mapping[str, Any]) -> int:
        import pyarrow.compute as pc  # noqa: PLC0415  # where a result is read

        edits = self._table("edits", pc.field("document_id") == row["document_id"], ["start"])
        starts = edits.column("start").to_pylist()
        return sum(row["source_start"] <= start < row["source_end"] for start in starts)

    def _rows(self, table: str, key: str, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        import pyarrow.compute as pc  # noqa: PLC0415  # where a result is read

        return {row[key]: row for row in self._table(table, pc.field(key).isin(list(names))).to_pylist()}

    def _table(self, name: str, chosen: Any, columns: Sequence[str] | None = None) -> pa.Table:
        """Rows of a table; the file is read piece by piece."""
        import pyarrow as pa  # noqa: PLC0415  # where a result is read
        import pyarrow.parquet as pq  # noqa: PLC0415  # the same

        file = self._folder / f"{name}.parquet"
        try:
            return pq.read_table(file, filters=chosen, columns=None if columns is None else list(columns))
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"{file} cannot be read: {error}") from None


def _as_recorded(found: Comparison, left: Mapping[str, Any], right: Mapping[str, Any]) -> Comparison:
    """The comparison with the run's own decision, where it took the one in place of the other."""
    for stays, goes, side in ((left, right, "left"), (right, left, "right")):
        if stays["kept"] and not goes["kept"] and goes["representative_id"] == stays["section_id"]:
            reason = str(stays["reason"]).removeprefix("kept: ")
            return replace(found, kept="left" if side == "left" else "right", reason=reason)
    return found
