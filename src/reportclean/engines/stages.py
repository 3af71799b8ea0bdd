"""The stages of the job as functions on batches; every engine calls these and no others.

clean_batch    documents → clean texts, edits, findings
split_texts    clean texts → sections
section_rows   sections → keys, signatures
shingle_sets   texts → sorted shingle hashes, for the sections that have candidates
decide         rows of all sections → clusters, matches, what stays (in decide.py)
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Document, Edit, Finding, Hit, Section
from reportclean.formats.dates import seconds
from reportclean.kernels import Kernels
from reportclean.near.bands import Banding
from reportclean.near.minhash import Signatures, signatures
from reportclean.near.options import DedupeConfig, Unit
from reportclean.near.spinlexicon import SpinLexicon
from reportclean.results import CleanText
from reportclean.rules.options import CleanConfig
from reportclean.rules.runner import Outcome, describe, run, run_batch
from reportclean.rules.selection import Selection, select_rules, with_boilerplate
from reportclean.text.folding import Keys, fold_batch
from reportclean.text.placeholders import find_placeholders
from reportclean.text.sections import split_batch

ShingleSets = tuple[NDArray[np.uint64], NDArray[np.int64]]


class Record(NamedTuple):
    """A document with what is needed to write it back: its format, its place, the rest of its record."""

    document: Document
    format: str = ""
    target: bytes = b""
    envelope: bytes = b""


class Prepared(NamedTuple):
    """A document after cleaning and splitting: all that is needed to match it and to write it back.

    Attributes:
        document_id: Unique within the batch's run once the engine has told repeated ids apart.
        source: The path it was read from.
        line: Line of its record; None where a file is one document.
        format: Name of the format it is written in.
        target: Where it is written, below the output's tree.
        encoding: How it was decoded; empty for text given as ``str``.
        encoding_score: How sure that is; None where nothing had to be guessed.
        runner_up: The encoding that came second.
        date: Seconds since 1970, for ``keep="newest"``.
        envelope: The rest of its record.
        text: The clean text.
        sections: Its sections in the clean text, front matter first where there is any.
        places: Per section, start and end in the original text and the line of the source.
        edits: What cleaning changed, on the original text.
        findings: Number of findings by rule code.
    """

    document_id: str
    source: str
    line: int | None
    format: str
    target: bytes
    encoding: str
    encoding_score: float | None
    runner_up: str
    date: float
    envelope: bytes
    text: str
    sections: tuple[Section, ...]
    places: tuple[tuple[int, int, int], ...]
    edits: tuple[Edit, ...]
    findings: dict[str, int]

    def section_texts(self) -> list[str]:
        """The clean text of each section."""
        return [self.text[section.start : section.end] for section in self.sections]


ROW_COLUMNS = ("ordinals", "tokens", "placeholders", "repairs", "key_hashes")  # all but the signatures


@dataclass(frozen=True, slots=True)
class SectionRows:
    """What matching needs of sections: one row each, front matter included.

    Attributes:
        ordinals: ``int64``; 0 is front matter, which matches nothing.
        tokens: ``int64``: tokens of each key.
        placeholders: ``int64``: how many of them are placeholders.
        repairs: ``int64``: edits inside each section.
        key_hashes: ``uint64`` of shape ``(sections, 2)``: BLAKE2b of each key, 128 bits.
        signatures: ``uint32`` of shape ``(sections, num_perm)``, or where such are read from; none of a batch
            whose signatures are in a file.
    """

    ordinals: NDArray[np.int64]
    tokens: NDArray[np.int64]
    placeholders: NDArray[np.int64]
    repairs: NDArray[np.int64]
    key_hashes: NDArray[np.uint64]
    signatures: Signatures


def clean(text: str, config: CleanConfig | None = None, decode_hits: Sequence[Hit] = ()) -> CleanText:
    """Apply fixes to a text and say what was found.

    Args:
        text: The decoded text.
        config: Which rules run and which fixes are applied; every rule and the safe fixes by default.
        decode_hits: What decoding its bytes reported, at positions of ``text``.

    Raises:
        ConfigError: The configuration names a rule that does not exist.

    >>> clean("全年检修线路一百二十公里。。").text
    '全年检修线路一百二十公里。'
    """
    selection = select_rules(config or CleanConfig())
    outcome = run(text, selection.rules, selection.fixes)
    return _with_decoding(outcome, text, decode_hits, selection)


def clean_batch(
    documents: Sequence[Document], config: CleanConfig, boilerplate: Mapping[str, int]
) -> list[CleanText]:
    """The same for many documents at once, with what decoding them reported.

    Args:
        documents: What to clean.
        config: Which rules run and which fixes are applied.
        boilerplate: Lines that stand in many documents of the run, with their number.
    """
    return run_rules(documents, with_boilerplate(select_rules(config), boilerplate))


def run_rules(documents: Sequence[Document], selection: Selection) -> list[CleanText]:
    """The same with rules that have been selected."""
    outcomes = run_batch([document.text for document in documents], selection.rules, selection.fixes)
    return [
        _with_decoding(outcome, document.text, document.metadata.get("decode_hits", ()), selection)
        for document, outcome in zip(documents, outcomes, strict=True)
    ]


def _with_decoding(
    outcome: Outcome, text: str, decode_hits: Sequence[Hit], selection: Selection
) -> CleanText:
    if not decode_hits:
        return CleanText(*outcome)
    reported = [
        Finding(hit.start, hit.end, rule.code, describe(rule, hit, text))
        for hit in decode_hits
        for rule in selection.rules
        if hit.kind in rule.kinds
    ]
    return CleanText(outcome.text, outcome.edits, tuple(sorted((*reported, *outcome.findings))))


def placeholders(text: str) -> tuple[Hit, ...]:
    """The template placeholders of a text: kind, span and the stem that is known.

    >>> [(hit.kind, hit.stem, hit.span.start) for hit in placeholders("20xx年，__区")]
    [('year', '20', 0), ('place', '', 6)]
    """
    return tuple(find_placeholders(text))


def split_texts(texts: Sequence[str], unit: Unit) -> list[tuple[Section, ...]]:
    """The sections of each clean text; one for all of it where whole documents are compared."""
    if unit == "section":
        return split_batch(texts)
    return [(Section(1, "", "document", 0, len(text)),) for text in texts]


def split_text(text: str, unit: Unit) -> tuple[Section, ...]:
    """The same for one text."""
    return split_texts([text], unit)[0]


def prepared(record: Record, cleaned: CleanText, sections: tuple[Section, ...]) -> Prepared:
    """What is kept of a document for the second pass."""
    document = record.document
    known = document.metadata
    return Prepared(
        document.id,
        document.source,
        document.line,
        record.format,
        record.target,
        known.get("encoding", ""),
        known.get("encoding_score"),
        known.get("runner_up", ""),
        seconds(known.get("date")),
        record.envelope,
        cleaned.text,
        sections,
        _places(document, cleaned, sections),
        cleaned.edits,
        dict(Counter([finding.code for finding in cleaned.findings])) if cleaned.findings else {},
    )


def _places(
    document: Document, cleaned: CleanText, sections: Sequence[Section]
) -> tuple[tuple[int, int, int], ...]:
    """Start, end and line of each section in the source; the sections of a record have the record's line."""
    starts = [section.start for section in sections]
    if cleaned.edits:
        offsets = cleaned.offsets()
        starts = [offsets.to_original(start) for start in starts]
    if document.line is not None:
        return tuple([(start, end, document.line) for start, end in pairwise((*starts, len(document.text)))])
    places: list[tuple[int, int, int]] = []
    line, counted = 1, 0
    for start, end in pairwise((*starts, len(document.text))):
        line += document.text.count("\n", counted, start)
        counted = start
        places.append((start, end, line))
    return tuple(places)


def section_rows(
    batch: Sequence[Prepared],
    config: DedupeConfig,
    banding: Banding,
    kernels: Kernels,
    lexicon: SpinLexicon | None = None,
) -> SectionRows:
    """Keys and signatures of all sections of a batch."""
    texts = [text for prepared in batch for text in prepared.section_texts()]
    signed = signed_texts(texts, config, banding, kernels, lexicon)
    return SectionRows(
        np.array([s.ordinal for prepared in batch for s in prepared.sections], dtype=np.int64),
        signed.tokens,
        signed.placeholders,
        np.array([n for prepared in batch for n in repairs(prepared)], dtype=np.int64),
        signed.key_hashes,
        signed.signatures,
    )


class SignedTexts(NamedTuple):
    """Keys and signatures of texts; the attributes are those of :class:`SectionRows`."""

    tokens: NDArray[np.int64]
    placeholders: NDArray[np.int64]
    key_hashes: NDArray[np.uint64]
    signatures: NDArray[np.uint32]


def signed_texts(
    texts: Sequence[str],
    config: DedupeConfig,
    banding: Banding,
    kernels: Kernels,
    lexicon: SpinLexicon | None,
) -> SignedTexts:
    """Keys and signatures of texts; with a lexicon, those of the texts with one wording for its words."""
    keys = fold_batch(worded(texts, lexicon), kernels)
    hashes, offsets = kernels.shingle_hashes(keys.codes, keys.offsets, config.shingle_size)
    return SignedTexts(
        keys.token_counts(),
        keys.placeholders,
        key_hashes(keys),
        signatures(kernels, hashes, offsets, banding.num_perm, config.seed),
    )


def worded(texts: Sequence[str], lexicon: SpinLexicon | None) -> Sequence[str]:
    """The texts with one wording for the words that spinners swap, where there is a lexicon of them."""
    return texts if lexicon is None else [lexicon.folded(text) for text in texts]


def repairs(prepared: Prepared) -> list[int]:
    """Edits inside each section."""
    if not prepared.edits:
        return [0] * len(prepared.places)
    edits = [edit.start for edit in prepared.edits]
    bounds = [bisect_left(edits, start) for start, _, _ in prepared.places]
    return [after - before for before, after in pairwise((*bounds, len(edits)))]


def key_hashes(keys: Keys) -> NDArray[np.uint64]:
    """The 128-bit hash of each key: ``uint64`` of shape ``(texts, 2)``."""
    data = memoryview(keys.codes.astype("<u4").tobytes())
    bounds = (keys.offsets * 4).tolist()
    digests = b"".join(
        hashlib.blake2b(data[begin:end], digest_size=16).digest() for begin, end in pairwise(bounds)
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64).reshape(-1, 2)


def shingle_sets(
    texts: Sequence[str], config: DedupeConfig, kernels: Kernels, lexicon: SpinLexicon | None = None
) -> ShingleSets:
    """Sorted shingle hashes without repeats of each text, and their offsets."""
    keys = fold_batch(worded(texts, lexicon), kernels)
    return kernels.sorted_sets(*kernels.shingle_hashes(keys.codes, keys.offsets, config.shingle_size))
