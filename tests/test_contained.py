"""Contained sections against sets, and the recall that is promised."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import KERNELS
from overlaps import OVERLAP_KERNELS, rows_of, shingled
from reportclean.near.contained import (
    FEWEST,
    Sketches,
    contained_sections,
    fewest_shared,
    fraction,
    sketch,
)

PAIRS = list(zip(KERNELS, OVERLAP_KERNELS, strict=True))  # numpy's, then numba's
REFERENCE = PAIRS[0]
each = pytest.mark.parametrize("kernel", PAIRS, ids=lambda pair: pair[0].__name__.split(".")[-1])
SIZE = 3


@st.composite
def collections(draw):
    """Rows that quote one another."""
    letters = st.lists(st.integers(0, 40), min_size=1, max_size=12)
    rows = [draw(letters)]
    for _ in range(draw(st.integers(0, 6))):
        quoted = draw(st.sampled_from(rows))
        rows.append(draw(letters) * draw(st.integers(0, 2)) + quoted + draw(st.one_of(st.just([]), letters)))
    return draw(st.permutations(rows))


def found(kernel, rows, containment, **options):
    shingles = shingled(rows, SIZE)
    sketches = sketch(*kernel, shingles, options.pop("share", 1.0))
    return contained_sections(
        sketches, rows_of(shingles), *kernel, SIZE, containment=containment, min_tokens=1, **options
    )


def sets_of(rows):
    hashes, offsets = shingled(rows, SIZE)
    return [{*hashes[a:b].tolist()} for a, b in pairwise(offsets.tolist())]


@each
@given(collections(), st.sampled_from([0.5, 0.8, 1.0]), st.sampled_from([1, 40, 1 << 20]))
def test_what_is_found_is_contained_and_with_all_hashes_everything_is_found(kernel, rows, least, at_once):
    result = found(kernel, rows, least, at_once=at_once)
    sets = sets_of(rows)
    pairs = {
        (i, j)
        for i in range(len(rows))
        for j in range(len(rows))
        if sets[i]
        and sets[i] != sets[j]
        and len(sets[i] & sets[j]) >= least * len(sets[i])
        and len(sets[i]) <= len(sets[j])
    }
    named = list(zip(result.short_rows.tolist(), result.long_rows.tolist(), strict=True))
    assert {*named} <= pairs
    assert len({frozenset(pair) for pair in named}) == len(named)
    assert named == sorted(named)
    for number, (short, long) in enumerate(named):
        common = len(sets[short] & sets[long])
        assert result.containment[number] == common / len(sets[short])
        assert result.jaccard[number] == common / len(sets[short] | sets[long])
        assert 0 <= result.starts[number] < result.ends[number] <= len(rows[long])
    for pair in pairs - {*named} - {pair[::-1] for pair in named}:
        assert any(sum(row in other for other in pairs) > FEWEST for row in pair)


@given(collections(), st.sampled_from([0.5, 0.8]), st.sampled_from([1.0, 0.4]))
def test_kernels_agree(rows, least, share):
    one, *others = (found(kernel, rows, least, share=share) for kernel in PAIRS)
    for other in others:
        for name in type(one).__slots__:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


@each
@given(st.lists(st.integers(0, 5), max_size=30), st.sets(st.integers(0, 5), min_size=1))
def test_a_place_is_the_stretch_of_the_largest_sum(kernel, ordered, wanted):
    rows, sets = (np.array(values, np.uint64) for values in (ordered, sorted(wanted)))
    bounds = [np.array([0, len(values)]) for values in (rows, sets)]
    pair = np.zeros(1, dtype=np.int64)
    start, end = kernel[1].places(rows, bounds[0], sets, bounds[1], pair, pair)[0].tolist()

    def value(a, b):
        return sum(1 if item in wanted else -1 for item in ordered[a:b])

    every = [(a, b) for b in range(len(ordered) + 1) for a in range(b + 1)]
    best = max(value(a, b) for a, b in every)
    assert value(start, end) == best
    assert all(value(a, b) < best for a, b in every if b < end or (b == end and a > start))


def planted(pairs, tokens, edits, seed=1):
    """Sections of so many tokens inside longer ones, with so many of their tokens changed, in random order."""
    generator = np.random.default_rng(seed)
    rows = []
    for _ in range(pairs):
        quoted = generator.integers(0, 4000, tokens)
        before, after = (generator.integers(0, 4000, int(generator.integers(50, 400))) for _ in range(2))
        changed = quoted.copy()
        changed[generator.choice(tokens, edits, replace=False)] = 9999
        rows += [quoted.tolist(), [*before.tolist(), *changed.tolist(), *after.tolist()]]
    return rows


@each
def test_sections_of_a_hundred_tokens_are_found(kernel):
    rows = planted(600, 100, 4)
    shingles = shingled(rows, 5)
    result = contained_sections(
        sketch(*kernel, shingles, fraction(0.8, 5)), rows_of(shingles), *kernel, 5, containment=0.8
    )
    sets = [{*shingles[0][a:b].tolist()} for a, b in zip(shingles[1][:-1], shingles[1][1:], strict=True)]
    true = {(i, i + 1) for i in range(0, len(rows), 2) if len(sets[i] & sets[i + 1]) >= 0.8 * len(sets[i])}
    named = {*zip(result.short_rows.tolist(), result.long_rows.tolist(), strict=True)}
    assert len(true) > 300
    assert named <= true
    assert len(named) >= 0.98 * len(true)
    assert (result.ends - result.starts >= 60).all()  # changes near an end can leave the end out
    assert (result.ends - result.starts <= 120).all()


def test_near_duplicates_are_left_out():
    rows = [list(range(50)), list(range(48)), list(range(100, 400)), list(range(150, 250))]
    result = found(REFERENCE, rows, 0.8, jaccard_below=0.8)
    assert (result.short_rows.tolist(), result.long_rows.tolist()) == ([3], [2])
    assert (result.starts.tolist(), result.ends.tolist()) == ([50], [150])
    assert len(found(REFERENCE, rows, 0.8)) == 2
    chosen = np.array([True, True, False, True])
    assert found(REFERENCE, rows, 0.8, chosen=chosen).long_rows.tolist() == [0]


def test_many_sections_around_one_make_few_candidates():
    quoted = list(range(100))
    rows = [[*range(1000 + 50 * row, 1050 + 50 * row), *quoted] for row in range(2000)] + [quoted]
    result = found(REFERENCE, rows, 0.8)
    assert result.short_rows.tolist() == [2000] * FEWEST
    assert result.limited == 1
    assert result.containment.tolist() == [1.0] * FEWEST


def test_the_fraction_grows_as_sections_shrink():
    assert fraction(0.8, 5) == pytest.approx(1 / 15, rel=0.01)
    assert fraction(0.8, 5, 50) > 1.9 * fraction(0.8, 5)
    assert fraction(1.0, 5, 5) == pytest.approx(0.995)
    assert fewest_shared(np.array([0, 1, 2]), 1.0).tolist() == [1, 1, 2]


def test_sketches_of_batches_are_joined():
    rows = [[1, 2, 3, 4], [], [5], list(range(30))]
    parts = [sketch(*REFERENCE, shingled(part, SIZE), 0.5) for part in (rows[:2], [], rows[2:])]
    joined, whole = Sketches.concatenate(parts), sketch(*REFERENCE, shingled(rows, SIZE), 0.5)
    assert all(np.array_equal(getattr(joined, n), getattr(whole, n)) for n in Sketches.__slots__)
    assert len(Sketches.concatenate([]).sizes) == 0
