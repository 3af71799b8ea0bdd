"""The stages of the job as functions on batches; every engine calls these and no others.

    prepare        documents → clean text, sections, keys, signatures
    shingle_sets   texts → sorted shingle hashes, for the sections that have candidates
    decide         rows of all sections → clusters, matches, what stays
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Document, Edit, Finding, Hit, OffsetMap, Section
from reportclean.kernels import Kernels, choose
from reportclean.near.bands import Banding
from reportclean.near.minhash import signatures
from reportclean.near.options import DedupeConfig, Unit
from reportclean.results import CleanText
from reportclean.rules.base import Phase, Rule
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import run
from reportclean.text.folding import Keys, fold_batch
from reportclean.text.sections import split

ShingleSets = tuple[NDArray[np.uint64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document after cleaning and splitting.

    Attributes:
        document: As it was read.
        clean: Its clean text, edits and findings.
        sections: Its sections in the clean text, front matter first where there is any.
        envelope: What the format needs to write the record back.
    """

    document: Document
    clean: CleanText
    sections: tuple[Section, ...]
    envelope: bytes = b""

    def section_texts(self) -> list[str]:
        """The clean text of each section."""
        return [self.clean.text[section.start : section.end] for section in self.sections]


@dataclass(frozen=True, slots=True)
class SectionRows:
    """What matching needs of sections: one row each, front matter included.

    Attributes:
        ordinals: ``int64``; 0 is front matter, which matches nothing.
        tokens: ``int64``: tokens of each key.
        placeholders: ``int64``: how many of them are placeholders.
        repairs: ``int64``: edits inside each section.
        key_hashes: ``uint64`` of shape ``(sections, 2)``: BLAKE2b of each key, 128 bits.
        signatures: ``uint32`` of shape ``(sections, num_perm)``.
    """

    ordinals: NDArray[np.int64]
    tokens: NDArray[np.int64]
    placeholders: NDArray[np.int64]
    repairs: NDArray[np.int64]
    key_hashes: NDArray[np.uint64]
    signatures: NDArray[np.uint32]

    @staticmethod
    def concatenate(parts: Sequence[SectionRows]) -> SectionRows:
        """The rows of several batches as one."""
        return SectionRows(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in SectionRows.__slots__)
        )


def clean_text(text: str, rules: Sequence[Rule] | None = None, decode_hits: Sequence[Hit] = ()) -> CleanText:
    """Apply the safe fixes of the rules to a text.

    Args:
        text: The decoded text.
        rules: The selected rules; all of them by default.
        decode_hits: What decoding its bytes reported, at positions of ``text``.
    """
    chosen = all_rules() if rules is None else rules
    outcome = run(text, chosen)
    reported = [
        Finding(hit.start, hit.end, rule.code, rule.message.format(text="", kind=hit.kind, stem=hit.stem, replacement=""))
        for hit in decode_hits
        for rule in chosen
        if rule.phase is Phase.DECODE and hit.kind in rule.kinds
    ]
    return CleanText(outcome.text, outcome.edits, tuple(sorted((*reported, *outcome.findings))))


def split_text(text: str, unit: Unit) -> tuple[Section, ...]:
    """The sections of a clean text; one for all of it where whole documents are compared."""
    if unit == "section":
        return split(text)
    return (Section(1, "", "document", 0, len(text)),)


def prepare_document(document: Document, unit: Unit, envelope: bytes = b"") -> Prepared:
    """Clean and split one document."""
    clean = clean_text(document.text, decode_hits=document.metadata.get("decode_hits", ()))
    return Prepared(document, clean, split_text(clean.text, unit), envelope)


def section_rows(batch: Sequence[Prepared], config: DedupeConfig, banding: Banding) -> SectionRows:
    """Keys and signatures of all sections of a batch."""
    texts = [text for prepared in batch for text in prepared.section_texts()]
    kernels = choose(sum(map(len, texts)))
    keys = fold_batch(texts)
    hashes, offsets = kernels.shingle_hashes(keys.codes, keys.offsets, config.shingle_size)
    return SectionRows(
        np.array([s.ordinal for prepared in batch for s in prepared.sections], dtype=np.int64),
        keys.token_counts(),
        keys.placeholders,
        np.array([n for prepared in batch for n in _repairs(prepared)], dtype=np.int64),
        key_hashes(keys),
        signatures(kernels, hashes, offsets, banding.num_perm, config.seed),
    )


def _repairs(prepared: Prepared) -> list[int]:
    """Edits inside each section."""
    if not prepared.clean.edits:
        return [0] * len(prepared.sections)
    offsets = prepared.clean.offsets()
    places = np.array([offsets.to_clean(edit.start) for edit in prepared.clean.edits])
    bounds = [*(section.start for section in prepared.sections), len(prepared.clean.text) + 1]
    return [int(n) for n in np.diff(np.searchsorted(places, bounds))]


def key_hashes(keys: Keys) -> NDArray[np.uint64]:
    """The 128-bit hash of each key: ``uint64`` of shape ``(texts, 2)``."""
    data = memoryview(np.ascontiguousarray(keys.codes).astype("<u4", copy=False).view(np.uint8))
    bounds = (keys.offsets * 4).tolist()
    digests = b"".join(
        hashlib.blake2b(data[begin:end], digest_size=16).digest()
        for begin, end in zip(bounds[:-1], bounds[1:], strict=True)
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64).reshape(-1, 2)


def shingle_sets(texts: Sequence[str], config: DedupeConfig, kernels: Kernels | None = None) -> ShingleSets:
    """Sorted shingle hashes without repeats of each text, and their offsets."""
    kernels = kernels or choose(sum(map(len, texts)))
    keys = fold_batch(texts)
    return kernels.sorted_sets(*kernels.shingle_hashes(keys.codes, keys.offsets, config.shingle_size))


def source_spans(prepared: Prepared) -> list[tuple[int, int, int]]:
    """Start, end and line of each section in the original text; a record's sections have the record's line."""
    offsets: OffsetMap = prepared.clean.offsets()
    document = prepared.document
    spans: list[tuple[int, int, int]] = []
    line, counted = 1, 0
    starts = [offsets.to_original(section.start) for section in prepared.sections]
    ends = [*starts[1:], len(document.text)]
    for start, end in zip(starts, ends, strict=False):
        line += document.text.count("\n", counted, start)
        counted = start
        spans.append((start, end, line if document.line is None else document.line))
    return spans


