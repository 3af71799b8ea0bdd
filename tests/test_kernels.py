"""The two kernels against each other, and against Python's own integers and sets."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import KERNELS, fmix64, packed, shingle_hash, tokens_of
from reportclean import kernels
from reportclean.kernels import JIT_FROM_CHARACTERS, choose, reference, warm
from reportclean.kernels.constants import SKETCHED_BITS
from reportclean.near import minhash
from reportclean.text.folding import SINGLE, TOKEN_START, fold_batch
from strategies import texts

each = pytest.mark.parametrize("kernel", KERNELS, ids=lambda module: module.__name__.split(".")[-1])
needs_jit = pytest.mark.skipif(
    len(KERNELS) < 2, reason="numba is not installed: pip install reportclean[fast]"
)
jit = KERNELS[-1]

HASHES = st.integers(0, 2**64 - 1)
PERMUTATIONS = minhash.permutations(100, 1)
# Few values, so that sets overlap and repeat; some with equal low words.
FEW = st.sampled_from([*range(12), 1 << 32, 1 << 33, 2**64 - 1, 2**63])


def unpacked(values, offsets):
    return [values[a:b].tolist() for a, b in pairwise(offsets.tolist())]


@st.composite
def keys(draw):
    """Keys as folding makes them: runs of several characters, and tokens of one."""
    codes, offsets = [], [0]
    for key in draw(st.lists(st.lists(st.integers(1, 4), max_size=30), max_size=6)):
        for length in key:
            single = SINGLE if length == 1 and draw(st.booleans()) else 0
            points = draw(
                st.lists(st.sampled_from([0x61, 0x62, 0x4E00, 0x10FFFF]), min_size=length, max_size=length)
            )
            codes += [points[0] | TOKEN_START | single, *points[1:]]
        offsets.append(len(codes))
    return np.array(codes, dtype=np.uint32), np.array(offsets, dtype=np.int64)


SET_LISTS = st.lists(st.lists(st.one_of(FEW, HASHES), max_size=20), max_size=8)


@each
@given(st.lists(texts(), max_size=4), st.integers(1, 8))
def test_shingle_hashes_are_those_of_the_plain_definition(kernel, parts, size):
    made = fold_batch(parts)
    hashes, offsets = kernel.shingle_hashes(made.codes, made.offsets, size)
    expected = []
    for part in parts:
        tokens = tokens_of(part)
        last = max(1, len(tokens) - size + 1) if tokens else 0
        expected.append([shingle_hash(tokens[i : i + size]) for i in range(last)])
    assert unpacked(hashes, offsets) == expected
    assert (hashes.dtype, offsets.dtype) == (np.uint64, np.int64)


@each
def test_shingles_of_short_and_repetitive_keys(kernel):
    made = fold_batch(["", "甲", "甲乙", "甲乙丙", "甲乙丙丁", "甲甲甲甲甲", "road", ""])
    hashes, offsets = kernel.shingle_hashes(made.codes, made.offsets, 3)
    assert np.diff(offsets).tolist() == [0, 1, 1, 1, 2, 3, 1, 0]
    one, two, three = hashes[0], hashes[1], hashes[2]
    assert hashes[3] == three
    assert len({*hashes[5:8].tolist()}) == 1
    assert len({one, two, three, hashes[4], hashes[5], hashes[8]}) == 6


@needs_jit
@given(keys(), st.integers(1, 9))
def test_kernels_agree_on_shingles(made, size):
    for one, other in zip(
        reference.shingle_hashes(*made, size), jit.shingle_hashes(*made, size), strict=True
    ):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()


@st.composite
def permutations(draw):
    words = st.integers(0, 2**32 - 1)
    number = draw(st.integers(1, 8))
    lists = st.lists(words, min_size=number, max_size=number)
    return np.array(draw(lists), dtype=np.uint32) | np.uint32(1), np.array(draw(lists), dtype=np.uint32)


@each
@given(SET_LISTS, permutations())
def test_signatures_are_minima_of_the_permuted_mixed_low_words(kernel, sets, permutation):
    signatures = kernel.signatures(*packed(sets), *permutation)
    assert signatures.dtype == np.uint32
    assert signatures.shape == (len(sets), len(permutation[0]))
    for row, values in zip(signatures.tolist(), sets, strict=True):
        mixed = [fmix32(value & 0xFFFFFFFF) for value in values]
        for place, (a, b) in enumerate(zip(*(p.tolist() for p in permutation), strict=True)):
            assert row[place] == min(((a * m + b) & 0xFFFFFFFF for m in mixed), default=0xFFFFFFFF)


def fmix32(value):
    value ^= value >> 16
    value = value * 0x85EBCA6B & 0xFFFFFFFF
    value ^= value >> 13
    value = value * 0xC2B2AE35 & 0xFFFFFFFF
    return value ^ value >> 16


@needs_jit
def test_kernels_agree_on_sets_that_fill_several_steps():
    generator = np.random.default_rng(1)
    sizes = [0, 3, 5000, 0, 1, 9000, 4096, 4096, 0, 7, 0]
    hashes = generator.integers(0, 2**64, sum(sizes), dtype=np.uint64)
    offsets = np.cumsum([0, *sizes], dtype=np.int64)
    permutation = [generator.integers(0, 2**32, 64, dtype=np.uint32) | np.uint32(1) for _ in range(2)]
    one, other = (kernel.signatures(hashes, offsets, *permutation) for kernel in KERNELS)
    assert np.array_equal(one, other)
    assert (one[[0, 3, 8, 10]] == 0xFFFFFFFF).all()
    for number in (2, 5):
        alone = reference.signatures(
            hashes[offsets[number] : offsets[number + 1]], np.array([0, sizes[number]]), *permutation
        )
        assert np.array_equal(alone[0], one[number])


@each
@given(SET_LISTS)
def test_sorted_sets(kernel, sets):
    values, offsets = kernel.sorted_sets(*packed(sets))
    assert unpacked(values, offsets) == [sorted({*values}) for values in sets]
    assert (values.dtype, offsets.dtype) == (np.uint64, np.int64)


@each
@given(st.lists(st.sets(st.one_of(FEW, HASHES), max_size=20), min_size=1, max_size=6), st.data())
def test_intersections(kernel, sets, data):
    pairs = data.draw(st.lists(st.tuples(*[st.integers(0, len(sets) - 1)] * 2), max_size=10))
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    counts = kernel.intersections(*packed(list(map(sorted, sets))), left, right)
    assert counts.tolist() == [len(sets[i] & sets[j]) for i, j in pairs]
    assert counts.dtype == np.int64


@each
@pytest.mark.parametrize("perms", [1, 16, 64, 100, 128, 512])
def test_sketches_differ_where_low_bits_of_rows_do(kernel, perms):
    generator = np.random.default_rng(perms)
    signatures = generator.integers(0, 1 << 32, (30, perms), dtype=np.uint32)
    signatures[1:] = np.where(generator.random((29, perms)) < 0.7, signatures[0], signatures[1:])
    left, right = (side.ravel() for side in np.meshgrid(np.arange(30), np.arange(30)))
    sketches = kernel.low_bits(signatures)
    counts = kernel.differing_low_bits(sketches, left, right)
    low = signatures & np.uint32((1 << SKETCHED_BITS) - 1)
    assert counts.tolist() == np.count_nonzero(low[left] != low[right], axis=1).tolist()
    assert (counts <= perms - kernel.agreeing_rows(signatures, left, right)).all()
    assert kernel.differing_low_bits(sketches, left[:0], right[:0]).tolist() == []


@each
@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_agreeing_rows(kernel, sets, rows, data):
    row = st.lists(st.integers(0, 2), min_size=rows, max_size=rows)
    signatures = data.draw(st.lists(row, min_size=sets, max_size=sets))
    pairs = data.draw(st.lists(st.tuples(*[st.integers(0, sets - 1)] * 2), max_size=10))
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    counts = kernel.agreeing_rows(np.array(signatures, dtype=np.uint32), left, right)
    expected = [sum(a == b for a, b in zip(signatures[i], signatures[j], strict=True)) for i, j in pairs]
    assert counts.tolist() == expected
    assert counts.dtype == np.int64


@given(st.lists(HASHES, min_size=1, max_size=50))
def test_the_mixer_is_murmurs(values):
    assert reference._fmix64(np.array(values, dtype=np.uint64)).tolist() == [
        fmix64(value) for value in values
    ]
    assert fmix64(1) == 0xB456BCFC34C2CB2C  # of the published fmix64


def test_small_inputs_run_on_numpy(monkeypatch):
    assert choose(0) is reference
    assert choose(JIT_FROM_CHARACTERS - 1) is reference
    monkeypatch.setattr(kernels, "find_spec", lambda _: None)
    assert choose(JIT_FROM_CHARACTERS) is reference


@needs_jit
def test_large_inputs_run_on_numba():
    assert choose(JIT_FROM_CHARACTERS) is jit


def test_warming_takes_either_kind_of_kernels():
    assert choose(0) is reference
    for characters in (0, JIT_FROM_CHARACTERS):
        warm(choose(characters))


@needs_jit
@given(st.lists(texts(), max_size=5), st.booleans())
def test_kernels_agree_on_keys(parts, ligatures):
    if ligatures:
        parts = [*parts, "\ufdfa\ufdfa", "\u3371" * 30]  # one character becomes many
    one, other = (fold_batch(parts, kernel) for kernel in KERNELS)
    assert one.codes.dtype == other.codes.dtype
    assert one.codes.tolist() == other.codes.tolist()
    assert one.offsets.tolist() == other.offsets.tolist()
    assert one.placeholders.tolist() == other.placeholders.tolist()


@each
@pytest.mark.parametrize("order", [1, -1])
def test_hashes_that_crowd_together_are_sorted_too(kernel, order):
    low = np.arange(3000, dtype=np.uint64)[::order]
    mixed = np.concatenate((low, low << np.uint64(50), np.full(500, 7, np.uint64), low[:40]))
    values, offsets = kernel.sorted_sets(mixed, np.array([0, len(mixed)], dtype=np.int64))
    assert values.tolist() == sorted({*mixed.tolist()})
    assert offsets.tolist() == [0, len(values)]


@needs_jit
@pytest.mark.parametrize("threshold", [0.3, 0.6, 0.75, 0.8, 0.95, 1.0])
@pytest.mark.parametrize("size", [3, 60, 700])
def test_kernels_agree_on_leaders(threshold, size):
    """Sets of several sizes at every distance from one another, many of them close to the threshold."""
    generator = np.random.default_rng(size)
    parents = generator.integers(0, 2**64, (3, size), dtype=np.uint64)
    sets = []
    for number in range(150):
        kept = generator.random(size) < generator.choice([1.0, (2 * threshold) / (1 + threshold), 0.95, 0.5])
        fresh = generator.integers(0, 2**64, generator.integers(0, size // 4 + 1), dtype=np.uint64)
        sets.append(np.unique(np.concatenate((parents[number % 3][kept], fresh, parents[number % 3][:1]))))
    hashes, offsets = np.concatenate(sets), np.cumsum([0, *map(len, sets)], dtype=np.int64)
    rows = reference.signatures(hashes, offsets, *PERMUTATIONS)
    buckets = (rows[:, :40] % np.uint32(97)).astype(np.int64) + 97 * np.arange(40)
    buckets[generator.random(buckets.shape) < 0.5] = -1
    for fewest, settled in ((0, 0), (int(100 * threshold), 0), (int(100 * threshold), 20)):
        one, other = (
            kernel.join_leaders(rows, buckets, hashes, offsets, fewest, threshold, settled)
            for kernel in KERNELS
        )
        assert one[0].tolist() == other[0].tolist()
        assert one[1].tolist() == other[1].tolist()
        assert one[2] == other[2] > 0
        assert len({*one[0].tolist()}) > 1
