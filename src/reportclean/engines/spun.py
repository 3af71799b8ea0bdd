"""Deciding where spun copies are told apart: what pairs say, the originals first, and what a run learns.

Sections are decided on; of each pair that differs in words is asked whether one is a spun copy of the other.
Where a representative proves to be the copy, all is decided again with it ranked behind. What several pairs
swap is learned; then the words that are swapped for each other become one in the keys of all sections, and
all is decided again: copies that were too far from their originals are found now, and teach more. That goes
on until nothing new is learned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reportclean.engines.decide import Decision, Pair, Sides
from reportclean.engines.signed import StoredSignatures
from reportclean.engines.spool import Spool
from reportclean.engines.stages import SectionRows, SignedTexts, signed_texts
from reportclean.engines.texts import Texts, section_texts
from reportclean.kernels import Kernels, choose
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.near.relatives import relatives
from reportclean.near.spinlexicon import SpinLexicon, shipped_lexicon
from reportclean.near.spinning import FEWEST_PAIRS, Spinning, learned, may_be_spun, spinning
from reportclean.near.suspects import evidence
from reportclean.near.verify import fewest_agreeing_rows
from reportclean.text.folding import fold_batch, key_to_str

RESIGNED = ".resigned"  # of a batch: signatures made with what was learned last
STRANGERS = 250  # pairs looked at before it is asked whether more of them will teach anything
ROUNDS = 5  # of learning, at most; two or three are usual

Places = Sequence[tuple[NDArray[np.int64], tuple[Spool, int, NDArray[np.int64]]]]
SpinningsOf = Callable[[Sequence[Sides]], list[Spinning | None]]
Decide = Callable[[SectionRows, SpinLexicon | None, NDArray[np.bool_], SpinningsOf], Decision]


def decide_spun(
    rows: SectionRows,
    texts: Texts,
    decide: Decide,
    lexicon: SpinLexicon | None,
    characters: int,
    config: DedupeConfig,
) -> tuple[Decision, SpinLexicon]:
    """Decide, with spun copies told apart.

    Args:
        rows: All sections in order of input.
        texts: Their texts.
        decide: Decides on rows whose keys were made with a lexicon, given which rows are known to be spun and
            what tells of pairs whether they are.
        lexicon: The lexicon of the rows' keys; None for none.
        characters: Of the whole input, by which the kernels are chosen.
        config: The settings.

    Returns:
        What was decided, and the swaps that the run learned.
    """
    if not config.spun:
        unknown = np.zeros(len(rows.ordinals), dtype=bool)
        return decide(rows, lexicon, unknown, lambda sides: [None for _ in sides]), SpinLexicon({})
    work = _Work(texts, rows.tokens, lexicon, characters, config)
    spun = np.zeros(len(rows.ordinals), dtype=bool)
    found = SpinLexicon({})
    number = 0
    while True:
        number += 1
        decision = work.settled(rows, decide, spun)
        lesson = learned([*_of_clusters(decision), *work.strangers(rows, decision)])
        known = set(lesson.swaps) <= set(found.swaps)
        found = found if known else lesson
        if known or number == ROUNDS:
            return decision, found
        del decision  # it is as large as the next
        work.learn(lesson)
        rows = work.signed(rows)


def _of_clusters(decision: Decision) -> list[Spinning]:
    """One spun pair of each cluster: the surest, so that copies count once."""
    best: dict[int, Pair] = {}
    for pair in decision.pairs:
        if pair.spinning is not None:
            known = best.setdefault(pair.representative, pair)
            if known.spinning is not None and _surer(pair.spinning) > _surer(known.spinning):
                best[pair.representative] = pair
    return [pair.spinning for pair in best.values() if pair.spinning is not None]


def _surer(one: Spinning) -> tuple[float, float, tuple[tuple[tuple[str, str], int], ...]]:
    return one.confidence, one.direction, one.swaps


class _Work:
    """What rounds have in common.

    Args:
        texts: Of all sections.
        tokens: Of all sections.
        given: The lexicon of the keys as they came; None for none.
        characters: Of the whole input.
        config: The settings.
    """

    def __init__(
        self,
        texts: Texts,
        tokens: NDArray[np.int64],
        given: SpinLexicon | None,
        characters: int,
        config: DedupeConfig,
    ) -> None:
        self._texts = texts
        self._tokens = tokens
        self._given = given
        self._characters = characters
        self._config = config
        self._in_keys = given
        self._known = given or shipped_lexicon()
        self._told: dict[Sides, Spinning | None] = {}

    def learn(self, lesson: SpinLexicon) -> None:
        """From now on know these swaps, too, and have them in the keys."""
        self._known = self._in_keys = (self._given or shipped_lexicon()).merged(lesson)
        self._told.clear()  # what is known tells more

    def settled(self, rows: SectionRows, decide: Decide, spun: NDArray[np.bool_]) -> Decision:
        """Decide until no representative proves to be a spun copy of another section.

        Args:
            rows: All sections.
            decide: See :func:`decide_spun`.
            spun: Per row, whether it is known to be spun; what is found out is added.
        """
        while True:
            decision = decide(rows, self._in_keys, spun, self._spinnings)
            copies = {pair.spun for pair in decision.pairs}
            fresh = {row for row in copies if row is not None and not spun[row] and rows.ordinals[row]}
            spun[list(fresh)] = True
            if self._config.keep != "best" or fresh.isdisjoint(decision.representatives):
                return decision
            del decision

    def _spinnings(self, sides: Sequence[Sides]) -> list[Spinning | None]:
        unknown = [side for side in sides if side not in self._told]
        self._told |= zip(unknown, self._of(unknown), strict=True)
        return [self._told[side] for side in sides]

    def _of(self, sides: Sequence[Sides]) -> list[Spinning | None]:
        pairs = np.array(sides, dtype=np.int64).reshape(-1, 2)
        told = self._texts.of_pairs(pair_spinnings, pairs, self._tokens, self._known, self._characters)
        return list(told)

    def strangers(self, rows: SectionRows, decision: Decision) -> list[Spinning]:
        """What sections say that have much in common and do not match."""
        long = (rows.ordinals > 0) & (rows.tokens >= self._config.min_tokens)
        leading = np.flatnonzero(decision.kept & long)
        banding = choose_bands(self._config)
        pairs = relatives(
            choose(self._characters),
            rows.signatures,
            leading,
            rows.key_hashes[leading, 0],
            banding.num_perm,
            fewest_agreeing_rows(self._config.threshold, banding.num_perm),
            at_once=self._texts.at_once,
        )
        found: list[Spinning] = []
        for begin in range(0, len(pairs), STRANGERS):
            some = leading[pairs[begin : begin + STRANGERS]]
            told = [one for one in self._of([(int(a), int(b)) for a, b in some]) if one is not None]
            found += told
            if len(told) < FEWEST_PAIRS:
                break
        return found

    def signed(self, rows: SectionRows) -> SectionRows:
        """The rows with keys made with what is known; the tokens that are told stay those of the text."""
        numbers = np.flatnonzero(rows.ordinals)
        made = self._texts.by_batch(section_signed, numbers, self._in_keys, self._config, self._characters)
        tokens, hashes = rows.tokens.copy(), rows.key_hashes.copy()
        stored = rows.signatures.instead(RESIGNED) if isinstance(rows.signatures, StoredSignatures) else None
        fresh = [np.empty((0, choose_bands(self._config).num_perm), np.uint32)]
        for positions, one in made:
            at = numbers[positions]
            tokens[at], hashes[at] = one.tokens, one.key_hashes
            if stored is None:
                fresh.append(one.signatures)
        if stored is not None:
            return replace(rows, tokens=tokens, key_hashes=hashes, signatures=stored)
        signatures = np.zeros((len(tokens), fresh[0].shape[1]), dtype=np.uint32)
        signatures[numbers] = np.concatenate(fresh)
        return replace(rows, tokens=tokens, key_hashes=hashes, signatures=signatures)


def section_signed(
    spool: Spool,
    batch: int,
    rows: NDArray[np.int64],
    lexicon: SpinLexicon | None,
    config: DedupeConfig,
    characters: int,
) -> SignedTexts:
    """Keys and signatures of sections made with a lexicon; the latter in a file where batches are."""
    stored = spool.read(batch)
    texts = section_texts(stored, rows, with_title=True)
    made = signed_texts(texts, config, choose_bands(config), choose(characters), lexicon)
    if (path := spool.beside(batch, RESIGNED)) is None:
        return made
    signatures = np.zeros((len(stored.columns.ordinals), made.signatures.shape[1]), dtype="<u4")
    signatures[rows] = made.signatures
    path.write_bytes(signatures.data)
    return made._replace(signatures=made.signatures[:0])


def pair_spinnings(
    places: Places,
    pairs: NDArray[np.int64],
    lexicon: SpinLexicon,
    characters: int,
) -> list[Spinning | None]:
    """What pairs of sections say about being spun; None where neither is.

    Args:
        places: Where the texts are, as :meth:`Texts.of_pairs` gives it.
        pairs: ``int64`` of shape ``(pairs, 2)``: positions among these.
        lexicon: The swaps that are known.
        characters: Of the whole input, by which the kernels are chosen.
    """
    codes, offsets = _keys_of(places, choose(characters))
    suspects = may_be_spun(evidence(codes, offsets, pairs, lexicon))
    found: list[Spinning | None] = [None] * len(pairs)
    known: dict[tuple[str, str], Spinning] = {}
    for number in np.flatnonzero(suspects).tolist():
        left, right = (key_to_str(codes[offsets[key] : offsets[key + 1]]) for key in pairs[number].tolist())
        one = known.get((left, right)) or spinning(left, right, lexicon)
        known[left, right] = one
        if one.spun:
            found[number] = one
    return found


def _keys_of(places: Places, kernels: Kernels) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The keys of texts in their order, and where each begins."""
    folded = [
        fold_batch(section_texts(spool.read(batch), rows, with_title=True), kernels)
        for _, (spool, batch, rows) in places
    ]
    order = np.argsort(np.concatenate([positions for positions, _ in places]))
    lengths = np.concatenate([np.diff(keys.offsets) for keys in folded])[order]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    codes = np.empty(int(offsets[-1]), dtype=np.uint32)
    for (positions, _), keys in zip(places, folded, strict=True):
        bounds = keys.offsets.tolist()
        for position, begin, end in zip(positions.tolist(), bounds, bounds[1:], strict=False):
            codes[offsets[position] : offsets[position + 1]] = keys.codes[begin:end]
    return codes, offsets
