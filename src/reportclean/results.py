"""What the public functions return: frozen records, and the facts that follow from them as methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, get_type_hints

from reportclean.document import Document, Edit, Finding, OffsetMap, Rejected, Span
from reportclean.errors import ConfigError
from reportclean.text.differing import Differs

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Kind = Literal["exact", "near", "spun", "contained"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CleanText:
    """A cleaned text with everything that was changed and found.

    Attributes:
        text: The clean text.
        edits: Sorted, disjoint edits; applied to the original they give ``text``.
        findings: Everything the rules found, at spans of the original.
    """

    text: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]

    def offsets(self) -> OffsetMap:
        """Positions mapped between the original and the clean text."""
        return OffsetMap(self.edits)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SectionResult:
    """One section of a run; the columns of ``sections.parquet``.

    Attributes:
        section_id: ``DOCUMENT_ID#ORDINAL``.
        document_id: Its document.
        ordinal: 0 for front matter.
        title: Its heading, empty where it has none.
        cue: What opened it.
        start: First code point in the clean text of the document.
        end: One past the last.
        source_start: The same in the original text.
        source_end: The same in the original text.
        source_line: Line of the source that it begins on, counted from 1; for a record, the record's line.
        tokens: Tokens of its key.
        fill_ratio: Share of the tokens that are placeholders, 0 to 1.
        kept: Whether it is in the output.
        cluster_id: Its cluster; None where nothing matches it.
        representative_id: The section kept in its place, or itself; None where nothing matches it.
        reason: Why it was kept or removed; empty where nothing matches it.
    """

    section_id: str
    document_id: str
    ordinal: int
    title: str
    cue: str
    start: int
    end: int
    source_start: int
    source_end: int
    source_line: int
    tokens: int
    fill_ratio: float
    kept: bool
    cluster_id: int | None
    representative_id: str | None
    reason: str

    @property
    def span(self) -> Span:
        """Where it stands in the clean text of its document."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Match:
    """A verified pair, ``left_id < right_id``: a member and its representative, or a section and a container.

    Attributes:
        left_id: The smaller section id.
        right_id: The larger.
        jaccard: Exact, on shingles.
        containment: Of the smaller set of shingles in the larger.
        kind: ``exact`` (equal keys); ``near``; ``spun``: near, but for words swapped as a spinner swaps them;
            ``contained``: the one stands in the other, which is no near-duplicate of it.
        differs: ``none``, ``masks``, ``years``, ``numbers`` or ``words``.
        original_id: Of a spun pair the side whose wording is the original; None where nothing tells, and for
            other kinds.
        confidence: How sure it is that the pair is spun, 0.5 to 1; None for other kinds.
        direction: How sure it is which side is the original, 0 to 1; None for other kinds.
        container_id: Of a contained pair the longer section; None for other kinds.
        start: Where the other stands in it: the first code point, in the clean text of the container's
            document; None for other kinds.
        end: One past the last.
    """

    left_id: str
    right_id: str
    jaccard: float
    containment: float
    kind: Kind
    differs: Differs
    original_id: str | None = None
    confidence: float | None = None
    direction: float | None = None
    container_id: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """Words in place of each other in the two sections of a spun match; a row of ``swaps.parquet``.

    Attributes:
        left_id: As in the match.
        right_id: The same.
        left: The word of the left section.
        right: The word in its place in the right section.
        count: In how many places.
    """

    left_id: str
    right_id: str
    left: str
    right: str
    count: int


@dataclass(frozen=True, slots=True)
class LearnedSwap:
    """A swap that several spun matches of a run have; a row of ``spin-lexicon.tsv``.

    Attributes:
        original: The word of the originals.
        spun: What stands in its place in the copies.
        pairs: In how many matches, each cluster counted once.
    """

    original: str
    spun: str
    pairs: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of equal tokens that stands in two kept sections, or twice in one; a row of ``passages.parquet``.

    Attributes:
        left_id: The section in which it stands first, in order of input.
        right_id: The section that says it again, which may be the same.
        left_start: The first code point in the clean text of the left section's document.
        left_end: One past the last.
        right_start: The same for the right section.
        right_end: The same.
        left_source_start: The first place in the original text of its document.
        left_source_end: The same.
        right_source_start: The other place in the original text of its document.
        right_source_end: The same.
        tokens: Tokens of its key.
        cut: Whether the right place was cut out of the output; in the clean text it is then empty.
    """

    left_id: str
    right_id: str
    left_start: int
    left_end: int
    right_start: int
    right_end: int
    left_source_start: int
    left_source_end: int
    right_source_start: int
    right_source_end: int
    tokens: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """A paragraph that its document says once more; a row of ``repeats.parquet``.

    Attributes:
        document_id: Its document.
        kind: ``paragraph``: equal to an earlier one; ``teaser``: an article below says it again.
        section_id: The section in which the paragraph stands.
        start: The paragraph's first code point in the clean text of the document.
        end: One past the last.
        source_start: The same in the original text.
        source_end: The same.
        other_id: The section in which it stands once more.
        other_start: Where, in the clean text.
        other_end: The same.
        other_source_start: The same in the original text.
        other_source_end: The same.
        containment: The share of its shingles that stand there; 1 for equal paragraphs.
    """

    document_id: str
    kind: Literal["paragraph", "teaser"]
    section_id: str
    start: int
    end: int
    source_start: int
    source_end: int
    other_id: str
    other_start: int
    other_end: int
    other_source_start: int
    other_source_end: int
    containment: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Sections that repeat one another.

    Attributes:
        cluster_id: Counted from 1 in order of the first member in the input.
        members: Section ids in order of input, the representative among them.
        representative_id: The member that every other member matches.
        reason: Why that one.
    """

    cluster_id: int
    members: tuple[str, ...]
    representative_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """One document of a run; the columns of ``documents.parquet``.

    Attributes:
        document_id: Unique within the run.
        source: The path it was read from.
        line: Line of its record; None where a file is one document.
        encoding: How it was decoded; empty for text given as ``str``.
        encoding_score: How sure that is, 0 to 1; None where nothing had to be guessed.
        runner_up: The encoding that came second; empty where there was none.
        sections: Number of sections, without front matter.
        kept: Whether anything of it is in the output.
        reason: What was removed of it; empty where nothing was.
    """

    document_id: str
    source: str
    line: int | None
    encoding: str
    encoding_score: float | None
    runner_up: str
    sections: int
    kept: bool
    reason: str


@dataclass(frozen=True, slots=True)
class DedupeResult:
    """What a deduplication found and decided.

    Attributes:
        documents: One row a document.
        sections: One row a section, front matter included.
        matches: Each member of a cluster with its representative, and sections with what contains them.
        swaps: The words swapped in each spun match, the commonest first.
        lexicon: The swaps that the run learned, those of most matches first.
        passages: What kept sections have in common.
        repeats: What documents say twice.
        clusters: The clusters.
        quarantined: What could not be used.
        findings: Number of findings by rule code.
        kept_documents: The clean documents without the removed sections.
        section_texts: The clean text of each section by id.
    """

    documents: tuple[DocumentResult, ...]
    sections: tuple[SectionResult, ...]
    matches: tuple[Match, ...]
    swaps: tuple[Swap, ...]
    lexicon: tuple[LearnedSwap, ...]
    passages: tuple[Passage, ...]
    repeats: tuple[Repeat, ...]
    clusters: tuple[Cluster, ...]
    quarantined: tuple[Rejected, ...]
    findings: Mapping[str, int]
    kept_documents: tuple[Document, ...] = field(repr=False)
    section_texts: Mapping[str, str] = field(repr=False)

    @property
    def kept(self) -> tuple[SectionResult, ...]:
        """The sections that stay, front matter left out."""
        return tuple(s for s in self.sections if s.kept and s.ordinal)

    @property
    def removed(self) -> tuple[SectionResult, ...]:
        """The sections that go, front matter left out."""
        return tuple(s for s in self.sections if not s.kept and s.ordinal)

    def text(self, section_id: str) -> str:
        """The clean text of a section.

        Raises:
            KeyError: There is no such section.
        """
        return self.section_texts[section_id]

    def to_dict(self) -> dict[str, Any]:
        """The tables as lists of plain values for JSON, texts left out."""
        tables = {name: [asdict(row) for row in getattr(self, name)] for name in ROWS}
        return tables | {"findings": dict(self.findings)}

    def to_arrow(self, table: str = "sections") -> pa.Table:
        """One of the tables: ``documents``, ``sections``, ``matches`` and the others of :meth:`to_dict`.

        Raises:
            ConfigError: There is no such table.
        """
        import pyarrow as pa  # noqa: PLC0415  # 0.1 s, only for those who ask for a table

        if table not in ROWS:
            raise ConfigError(f"table is {table!r}; it must be one of {', '.join(ROWS)}")
        return pa.Table.from_pylist(self.to_dict()[table], arrow_schema(ROWS[table]))

    def to_pandas(self, table: str = "sections") -> pd.DataFrame:
        """The same as a pandas frame; needs pandas."""
        frame: pd.DataFrame = self.to_arrow(table).to_pandas()
        return frame

    def to_polars(self, table: str = "sections") -> pl.DataFrame:
        """The same as a polars frame; needs polars."""
        import polars as pl  # noqa: PLC0415  # not a dependency

        return pl.DataFrame(self.to_arrow(table))


@dataclass(frozen=True, slots=True)
class TableResult(DedupeResult, Generic[T]):
    """The same for a table that a program has in hand.

    Attributes:
        table: What stays of it, of the same type: the rows of kept documents with their clean texts, without
            the removed sections; index, order and other columns as they were.
        rows: Where those rows stood in the table that was given, counted from 0; of a dictionary of splits,
            in all of them one behind the other.
    """

    table: T = field(repr=False, compare=False)
    rows: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that ``check`` found, at its place in the original file.

    Attributes:
        path: The file as it was named, ``-`` for standard input.
        line: Line in the file, counted from 1; for a record, the record's line (or row).
        column: Code point in the line, counted from 1; for a record, in the text of its field.
        code: The rule's code.
        name: The rule's name.
        severity: ``"error"`` or ``"warning"``.
        end_line: Line of the last code point.
        end_column: One past the last code point, counted like ``column``.
        message: What was found, in words.
        document_id: Its document.
        section_id: The section that it begins in; empty where none is known.
        fingerprint: 32 hexadecimal digits from content, rule and an ordinal among equals.
        fix: ``"safe"`` or ``"unsafe"`` where ``clean`` would change it, else None.
        field: Path of the record's field; empty where a file is one document.
        excerpt: The line of the text where it begins, without its end, for showing; of a long line the part
            around the finding.
        excerpt_start: Index of the first code point of the finding in ``excerpt``.
        excerpt_end: One past the last in ``excerpt``; the excerpt's length where it goes on below.
        beside: 16 hexadecimal digits each from what stands before it and after it, by which a baseline knows
            it when the fingerprint has changed.
    """

    path: str
    line: int
    column: int
    code: str
    name: str
    severity: str
    end_line: int
    end_column: int
    message: str
    document_id: str
    section_id: str
    fingerprint: str
    fix: str | None
    field: str = ""
    excerpt: str = ""
    excerpt_start: int = 0
    excerpt_end: int = 0
    beside: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that was not kept.

    Attributes:
        limit: Its name as it is configured (``max-duplicate-ratio``, ``max-findings.TPL001``), or
            ``errors`` where findings of severity error have no limit of their own.
        allowed: The most that is allowed.
        found: What was found.
    """

    limit: str
    allowed: float
    found: float


@dataclass(frozen=True, slots=True)
class Known:
    """A finding that a baseline holds, as it is written there.

    Attributes:
        fingerprint: As of the finding.
        code: The rule's code.
        path: Where it stood when the baseline was written.
        message: What was found.
        beside: As of the finding.
    """

    fingerprint: str
    code: str
    path: str
    message: str
    beside: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What ``check`` found and whether it is within the limits.

    Attributes:
        findings: The new findings, sorted by path, position, code.
        known: Findings that the baseline holds; they count towards no limit.
        fixed: Entries of the baseline that were not found again.
        breaches: The limits that were not kept; empty when the check passes.
        documents: Documents looked at.
        sections: Sections looked at, without front matter.
        characters: Code points looked at.
        quarantined: Records that could not be read; each is a finding, too.
        duplicate_ratio: Share of the sections that repeat others, known ones counted too, 0 to 1.
        mojibake_ratio: Share of the characters that lie in findings of broken encoding, known ones counted
            too, 0 to 1.
        by_code: Number of new findings by code, those counted that were too many to be listed.
    """

    findings: tuple[CheckFinding, ...]
    known: tuple[CheckFinding, ...]
    fixed: tuple[Known, ...]
    breaches: tuple[Breach, ...]
    documents: int
    sections: int
    characters: int
    quarantined: int
    duplicate_ratio: float
    mojibake_ratio: float
    by_code: Mapping[str, int]

    @property
    def passed(self) -> bool:
        """Whether every limit was kept."""
        return not self.breaches

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return asdict(self)


ROWS: dict[str, type] = {
    "documents": DocumentResult,
    "sections": SectionResult,
    "matches": Match,
    "swaps": Swap,
    "lexicon": LearnedSwap,
    "passages": Passage,
    "repeats": Repeat,
    "clusters": Cluster,
    "quarantined": Rejected,
}


def arrow_schema(row: type) -> pa.Schema:
    """The columns of a table, from the fields of its row: the same whatever the rows hold."""
    import pyarrow as pa  # noqa: PLC0415  # 0.1 s, only for those who ask for a table

    columns = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), tuple: pa.list_(pa.string())}

    def column(hint: Any) -> pa.DataType:
        choices = (hint, getattr(hint, "__origin__", None), *getattr(hint, "__args__", ()))
        return next((columns[choice] for choice in choices if choice in columns), pa.string())

    return pa.schema([pa.field(name, column(hint)) for name, hint in get_type_hints(row).items()])
