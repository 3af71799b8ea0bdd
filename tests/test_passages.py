"""Passages against a double loop over all pairs of places."""

from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overlaps import OVERLAP_KERNELS, covered, maximal_runs, rows_of, shingled
from reportclean.near.anchors import Anchors, winnow
from reportclean.near.passages import Passages, removable, shared_passages
from reportclean.near.rows import equal_groups

each = pytest.mark.parametrize("kernel", OVERLAP_KERNELS, ids=lambda module: module.__name__.split("_")[-1])


@st.composite
def collections(draw):
    """Rows of few different tokens, put together from stretches that come again."""
    letters = st.lists(st.integers(0, draw(st.sampled_from([0, 1, 3, 30]))), max_size=14)
    stretches = draw(st.lists(letters, min_size=1, max_size=4))
    pieces = st.one_of(st.sampled_from(stretches), letters)
    return [[*chain(*draw(st.lists(pieces, max_size=5)))] for _ in range(draw(st.integers(1, 5)))]


def found(kernel, rows, size, least, at_once=1 << 20):
    shingles = shingled(rows, size)
    anchors = winnow(kernel, shingles, size, least)
    return shared_passages(anchors, rows_of(shingles), kernel, size, at_once)


def listed(passages):
    return list(zip(*(getattr(passages, name).tolist() for name in Passages.__slots__), strict=True))


@each
@given(collections(), st.integers(1, 4), st.integers(0, 8), st.sampled_from([1, 9, 1 << 20]))
def test_passages_are_the_maximal_runs_that_cover_all_that_repeats(kernel, rows, size, more, at_once):
    least = size + more
    passages = listed(found(kernel, rows, size, least, at_once))
    expected = maximal_runs(rows, least)
    assert {*passages} <= expected
    assert len({*passages}) == len(passages)
    assert passages == sorted(passages, key=lambda run: (run[0], run[1], run[4]))

    def later(runs):
        return covered((row, start, length) for row, start, _, _, length in runs)

    assert later(passages) == later(expected)
    for row, start, first_row, first_start, length in passages:
        tokens = rows[row][start : start + length]
        for earlier in range(first_row + 1):
            last = first_start if earlier == first_row else len(rows[earlier])
            for at in range(last):
                assert rows[earlier][at : at + length] != tokens


@given(collections(), st.integers(1, 4), st.integers(0, 8))
def test_kernels_agree(rows, size, more):
    results = [listed(found(kernel, rows, size, size + more)) for kernel in OVERLAP_KERNELS]
    assert all(result == results[0] for result in results)


@given(collections(), st.integers(1, 6), st.integers(0, 3))
def test_kernels_agree_with_an_effort_that_runs_out(rows, width, effort):
    hashes, offsets = shingled(rows, 1)
    generator = np.random.default_rng(1)
    sizes = np.diff(offsets)
    filled = np.flatnonzero(sizes)
    if not len(filled):
        return
    pieces = []
    for _ in range(20):
        later, first = generator.choice(filled, 2)
        start, other = generator.integers(sizes[later]), generator.integers(sizes[first])
        pieces.append((later, start, generator.integers(1, 5), first, other))
    pieces = np.array(sorted(pieces), dtype=np.int64)
    one, *others = (k.chained_runs(hashes, offsets, pieces, width, effort).tolist() for k in OVERLAP_KERNELS)
    assert all(other == one for other in others)
    for _, start, other, length in one:
        assert min(start, other) >= 0
        assert length >= width


@each
@given(collections(), st.sampled_from([(0,), (0, 1), (0, 2, 3)]), st.integers(1, 7))
def test_anchors_are_the_least_of_each_window(kernel, rows, steps, width):
    hashes, offsets = shingled(rows, 1)
    columns = kernel.window_anchors(hashes, offsets, np.array(steps), width)
    assert [column.dtype for column in columns] == [np.uint64, np.int64, np.int64, np.int64]
    expected = []
    for number, (begin, end) in enumerate(pairwise(offsets.tolist())):
        row = hashes[begin:end].tolist()
        grams = [mixed([row[at + step] for step in steps]) for at in range(len(row) - steps[-1])]
        place = None
        for start in range(len(grams) - width + 1):
            window = grams[start : start + width]
            now = start + width - 1 - window[::-1].index(min(window))
            if now != place:
                expected.append([min(window), number, start, 0])
            place = now
            expected[-1][3] += 1
    assert [*zip(*(column.tolist() for column in columns), strict=True)] == [*map(tuple, expected)]


def mixed(values):
    odd = 0xD6E8FEB86659FD93
    total = sum(value * odd**place for place, value in enumerate(values, start=1)) % 2**64
    total = (total ^ total >> 32) * odd % 2**64
    return total ^ total >> 32


@given(st.lists(st.sampled_from([0, 1, 2, 3, 1 << 60, 2**64 - 1, 2**64 - 2]), max_size=30))
def test_equal_values_are_grouped_in_rising_order(values):
    order, opens = equal_groups(np.array(values, dtype=np.uint64))
    assert order.tolist() == sorted(range(len(values)), key=lambda at: (values[at], at))
    ordered = [values[at] for at in order]
    assert opens.tolist() == [not at or ordered[at] != ordered[at - 1] for at in range(len(values))]


@each
@given(collections(), st.integers(1, 3), st.integers(0, 5))
def test_what_is_cut_is_all_that_repeats_and_a_copy_of_it_stays(kernel, rows, size, more):
    least = size + more
    passages = found(kernel, rows, size, least)
    spans = list(zip(*(column.tolist() for column in removable(passages, least)), strict=True))
    assert all(one[0] < other[0] or one[2] < other[1] for one, other in pairwise(spans))
    gone = covered((row, start, end - start) for row, start, end in spans)
    runs = listed(passages)
    every = covered((row, start, length) for row, start, _, _, length in runs)
    assert gone <= every
    links = {}
    for row, start, first_row, first_start, length in runs:
        for step in range(length):
            links.setdefault((row, start + step), (first_row, first_start + step))
    kept = {(row, at) for row, tokens in enumerate(rows) for at in range(len(tokens))} - gone
    for row, at in every - gone:  # only where two places of one row overlap
        assert any(r == f == row and s - g < least and s <= at < s + n for r, s, f, g, n in runs)
    for place in gone:
        origin = place
        while origin not in kept:
            assert links[origin] < origin
            origin = links[origin]
        assert rows[origin[0]][origin[1]] == rows[place[0]][place[1]]


def test_a_passage_in_many_places_names_the_first_and_each_later_one_once():
    rows = [[*range(100 + 10 * row, 110 + 10 * row), *range(40)] for row in range(3000)]
    passages = found(OVERLAP_KERNELS[-1], rows, 5, 30)
    assert listed(passages) == [(row, 10, 0, 10, 40) for row in range(1, 3000)]
    numbers, counts = passages.numbered()
    assert counts.tolist() == [2999]
    assert not numbers.any()


def test_a_line_of_one_token_is_one_passage_of_which_the_beginning_stays():
    passages = found(OVERLAP_KERNELS[0], [[7] * 100], 5, 30)
    assert listed(passages) == [(0, 1, 0, 0, 99)]
    assert [column.tolist() for column in removable(passages)] == [[0], [30], [100]]


def test_batches_of_anchors_are_joined_and_rows_left_out():
    rows = [list(range(50)), list(range(100, 150)), list(range(50)), list(range(10, 45))]
    kernel = OVERLAP_KERNELS[0]
    parts = [winnow(kernel, shingled(part, 5), 5, 30) for part in (rows[:1], [], rows[1:3], rows[3:])]
    anchors = Anchors.concatenate(parts)
    whole = winnow(kernel, shingled(rows, 5), 5, 30)
    assert all(np.array_equal(getattr(anchors, n), getattr(whole, n)) for n in Anchors.__slots__)
    chosen = anchors.only(np.array([False, True, True, True]))
    assert listed(shared_passages(chosen, rows_of(shingled(rows, 5)), kernel, 5)) == [(3, 0, 2, 10, 35)]


def test_runs_shorter_than_a_shingle_cannot_be_asked_for():
    with pytest.raises(ValueError, match="min_tokens is 4"):
        winnow(OVERLAP_KERNELS[0], shingled([], 5), 5, 4)
