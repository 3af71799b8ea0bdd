"""What one document says twice: paragraphs that come again, and teasers.

A teaser is an early, short paragraph that stands again, whole or nearly so, in an article below it: the
abstract that a site puts above the text. For documents of which something is known to repeat, one by one;
linear in the text, but that a teaser is looked for at the top only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Section, Span
from reportclean.kernels import choose
from reportclean.kernels.overlap import choose as choose_overlap
from reportclean.text.folding import fold_batch
from reportclean.text.keymap import token_spans

MIN_TOKENS = 20  # a shorter paragraph may be repeated on purpose: a heading, a formula of courtesy
TEASER_PARAGRAPHS = 12  # at the top, among which a teaser is looked for
_CONTAINED = 0.8
_SHINGLE = 5
_PARAGRAPH = re.compile(r"[^\S\r\n]*([^\r\n]*\S)")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A paragraph that stands in its document once more.

    Attributes:
        kind: ``paragraph``: equal to an earlier one; ``teaser``: an article below says it again.
        span: The paragraph that is one too many.
        other: Where else it stands: the first such paragraph, or the place in the article.
        ordinal: The section of that other place; 0 where it is in none.
        containment: The share of its shingles that stand there; 1 for equal paragraphs.
    """

    kind: Literal["paragraph", "teaser"]
    span: Span
    other: Span
    ordinal: int
    containment: float


def find_repeats(text: str, sections: Sequence[Section], min_tokens: int = MIN_TOKENS) -> list[Repeat]:
    r"""Repeated paragraphs and teasers of a document, in the order of their spans.

    Args:
        text: Of the document.
        sections: As splitting gives them, at positions of ``text``.
        min_tokens: Tokens of the shortest paragraph that is looked at.

    >>> line = "今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作"
    >>> [(r.kind, r.span, r.other) for r in find_repeats(f"{line}。\n新的一年。\n{line}！", [])]
    [('paragraph', Span(start=41, end=74), Span(start=0, end=33))]
    """
    spans = [Span(*match.span(1)) for match in _PARAGRAPH.finditer(text)]
    keys = fold_batch([text[span.start : span.end] for span in spans])
    counts = keys.token_counts().tolist()
    bounds = keys.offsets.tolist()
    first: dict[bytes, Span] = {}
    found = []
    for span, count, (begin, end) in zip(spans, counts, pairwise(bounds), strict=True):
        if count >= min_tokens:
            earlier = first.setdefault(keys.codes[begin:end].tobytes(), span)
            if earlier is not span:
                found.append(Repeat("paragraph", span, earlier, _ordinal(sections, earlier), 1.0))
    top = [(span, n) for span, n in zip(spans[:TEASER_PARAGRAPHS], counts, strict=False) if n >= min_tokens]
    said = {repeat.span for repeat in found}
    found += [teaser for teaser in _teasers(text, sections, top) if teaser.span not in said]
    return sorted(found, key=lambda repeat: repeat.span)


def _ordinal(sections: Sequence[Section], span: Span) -> int:
    return next((s.ordinal for s in sections if s.start <= span.start < s.end), 0)


def _teasers(text: str, sections: Sequence[Section], top: Sequence[tuple[Span, int]]) -> Iterator[Repeat]:
    """Paragraphs of the top, with their tokens, that an article at least twice as long contains below."""
    articles = [section for section in sections if section.ordinal]
    if not top or not articles:
        return
    kernels = choose(0)
    ordered, offsets = _shingles([text[article.start : article.end] for article in articles])
    wanted, bounds = kernels.sorted_sets(*_shingles([text[span.start : span.end] for span, _ in top]))
    for number, (span, count) in enumerate(top):
        mine = wanted[bounds[number] : bounds[number + 1]]
        for article, begin, end in zip(articles, offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
            above = _tokens_above(text, article, span.end)
            below = ordered[begin + above : end]
            if 2 * count > len(below) + _SHINGLE - 1:
                continue
            share = float(np.isin(mine, below).mean())
            if share >= _CONTAINED:
                place = _place(mine, below) + above
                yield Repeat("teaser", span, _stretch(text, article, place), article.ordinal, share)
                break


def _shingles(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    keys = fold_batch(texts)
    return choose(0).shingle_hashes(keys.codes, keys.offsets, _SHINGLE)


def _tokens_above(text: str, article: Section, position: int) -> int:
    """Tokens of an article that begin before a position."""
    if article.start >= position:
        return 0
    return int(fold_batch([text[article.start : position]]).token_counts()[0])


def _place(wanted: NDArray[np.uint64], ordered: NDArray[np.uint64]) -> NDArray[np.int64]:
    """First and last shingle of the stretch that holds a set."""
    whole = np.array([0, len(ordered)]), wanted, np.array([0, len(wanted)])
    pair = np.zeros(1, dtype=np.int64)
    found = choose_overlap(0).places(ordered, *whole, pair, pair)
    found[:, 1] -= 1
    place: NDArray[np.int64] = found[0]
    return place


def _stretch(text: str, article: Section, place: NDArray[np.int64]) -> Span:
    starts, ends = token_spans(text[article.start : article.end])
    first, last = place.tolist()
    return Span(article.start + int(starts[first]), article.start + int(ends[last + _SHINGLE - 1]))
