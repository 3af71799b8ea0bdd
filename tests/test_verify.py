import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from oracles import KERNELS, containment, jaccard, packed
from reportclean.near.verify import FILTER_LOSS, exact, fewest_agreeing_rows

SIZES = (16, 32, 64, 100, 128, 256, 512)
THRESHOLDS = [*(number / 100 for number in range(1, 101)), 0.995, 0.999]


@pytest.mark.parametrize("num_perm", SIZES)
def test_the_filter_loses_less_than_one_true_match_in_ten_thousand(num_perm):
    for threshold in THRESHOLDS:
        fewest = fewest_agreeing_rows(threshold, num_perm)
        assert binom.cdf(fewest - 1, num_perm, threshold) < FILTER_LOSS == 1e-4, threshold


@pytest.mark.parametrize("num_perm", SIZES)
def test_the_filter_is_as_sharp_as_that_allows(num_perm):
    for threshold in THRESHOLDS:
        fewest = fewest_agreeing_rows(threshold, num_perm)
        assert fewest == num_perm or binom.cdf(fewest, num_perm, threshold) >= FILTER_LOSS
        sigma = (threshold * (1 - threshold) / num_perm) ** 0.5
        if 0.3 <= threshold <= 0.8 and num_perm >= 128:  # far from both ends a normal tail: about four sigmas
            assert fewest == pytest.approx((threshold - 4 * sigma) * num_perm, abs=0.5 * sigma * num_perm + 1)


def test_the_documented_figures():
    assert fewest_agreeing_rows(0.8, 128) == 84
    assert binom.cdf(83, 128, 0.8) == pytest.approx(4.6e-5, rel=0.02)
    assert fewest_agreeing_rows(1.0, 128) == 128


SETS = st.lists(
    st.sets(st.one_of(st.integers(0, 9), st.integers(0, 2**64 - 1)), max_size=15), min_size=1, max_size=5
)


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda module: module.__name__.split(".")[-1])
@given(SETS)
def test_exact_values_are_those_of_sets(kernel, sets):
    pairs = [(i, j) for i in range(len(sets)) for j in range(len(sets))]
    left, right = np.array(pairs, dtype=np.int64).T
    values, contained = exact(kernel, packed(list(map(sorted, sets))), left, right)
    assert values.tolist() == [jaccard(sets[i], sets[j]) for i, j in pairs]
    assert contained.tolist() == [containment(sets[i], sets[j]) for i, j in pairs]
