import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from oracles import datasketchs
from reportclean.kernels import reference
from reportclean.near.minhash import low_word, permutations, signatures


@given(
    st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=30), min_size=1, max_size=4),
    st.sampled_from([16, 17, 64, 128, 256, 512]),
    st.one_of(st.sampled_from([0, 1, 2, 42, 2**32 - 1]), st.integers(0, 2**32 - 1)),
)
def test_signatures_equal_datasketchs_bit_for_bit(sets, num_perm, seed):
    offsets = np.cumsum([0, *map(len, sets)], dtype=np.int64)
    hashes = np.array([value for values in sets for value in values], dtype=np.uint64)
    made = signatures(reference, hashes, offsets, num_perm, seed)
    for row, values in zip(made, sets, strict=True):
        oracle = datasketchs(values, num_perm, seed)
        assert row.dtype == oracle.hashvalues.dtype
        assert row.tolist() == oracle.hashvalues.tolist()


@given(st.integers(0, 2**64 - 1))
def test_low_word(value):
    assert low_word(value.to_bytes(8, "little")) == value % 2**32


@pytest.mark.parametrize("num_perm", [16, 128, 512])
@pytest.mark.parametrize("seed", [0, 1, 7, 2**32 - 1])
def test_permutations_are_datasketchs(num_perm, seed):
    multipliers, increments = permutations(num_perm, seed)
    theirs = MinHash(num_perm=num_perm, seed=seed, scheme="affine32").permutations
    assert np.array_equal(multipliers, theirs[0])
    assert np.array_equal(increments, theirs[1])
    assert (multipliers % 2 == 1).all()


def test_agreement_estimates_the_jaccard():
    """Measured, not proven: over many pairs of sets the mean error is that of chance."""
    generator = np.random.default_rng(5)
    errors = []
    for overlap in (200, 500, 800) * 40:
        left = generator.integers(0, 2**64, 1000, dtype=np.uint64)
        right = np.concatenate(
            (left[:overlap], generator.integers(0, 2**64, 1000 - overlap, dtype=np.uint64))
        )
        made = signatures(reference, np.concatenate((left, right)), np.array([0, 1000, 2000]), 128, 1)
        errors.append(np.mean(made[0] == made[1]) - overlap / (2000 - overlap))
    assert abs(np.mean(errors)) < 0.015  # 4 sigma of the mean of 120 estimates
