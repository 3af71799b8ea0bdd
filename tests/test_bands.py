import math

import numpy as np
import pytest
from datasketch import MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from oracles import datasketchs
from reportclean.kernels import reference
from reportclean.near.bands import Banding, band_keys, choose_bands, shared_buckets
from reportclean.near.minhash import signatures
from reportclean.near.options import DedupeConfig
from reportclean.near.verify import FILTER_LOSS

THRESHOLDS = [number / 100 for number in range(5, 101)]
SIZES = (16, 17, 64, 100, 128, 200, 256, 300, 512)


def found(banding, jaccard):
    """P(candidate), term by term: one minus the chance that no band agrees."""
    misses = (1 - math.prod([jaccard] * banding.rows) for _ in range(banding.bands))
    return 1 - math.prod(misses)


@pytest.mark.parametrize("num_perm", SIZES)
def test_recall_at_every_threshold_with_the_filters_loss(num_perm):
    for threshold in THRESHOLDS:
        banding = choose_bands(DedupeConfig(threshold=threshold, num_perm=num_perm))
        assert found(banding, threshold) - FILTER_LOSS >= 0.999, (threshold, banding)
        assert banding.bands * banding.rows <= banding.num_perm
        assert banding.bands >= 2
        assert banding.rows >= 1


@pytest.mark.parametrize("num_perm", SIZES)
def test_no_banding_with_more_rows_has_the_recall(num_perm):
    for threshold in THRESHOLDS:
        banding = choose_bands(DedupeConfig(threshold=threshold, num_perm=num_perm))
        for rows in range(banding.rows + 1, banding.num_perm // 2 + 1):
            other = Banding(banding.num_perm // rows, rows, banding.num_perm)
            assert found(other, threshold) < 0.999 + FILTER_LOSS
        # b is as large as r lets it be
        assert banding.num_perm - banding.bands * banding.rows < banding.rows


@pytest.mark.parametrize("num_perm", SIZES)
def test_permutations_double_below_seven_tenths_and_only_there(num_perm):
    for threshold in THRESHOLDS:
        banding = choose_bands(DedupeConfig(threshold=threshold, num_perm=num_perm))
        doublings = math.log2(banding.num_perm / num_perm)
        assert doublings == int(doublings) >= 0
        assert banding.num_perm <= 512
        if threshold >= 0.7:
            assert doublings == 0
            continue
        assert found(banding, threshold / 2) <= 0.3 or banding.num_perm * 2 > 512
        if doublings:
            fewer = DedupeConfig(threshold=threshold, num_perm=banding.num_perm // 2)
            best = next(
                (
                    cut
                    for rows in range(fewer.num_perm // 2, 0, -1)
                    for cut in [Banding(fewer.num_perm // rows, rows, fewer.num_perm)]
                    if found(cut, threshold) >= 0.999 + FILTER_LOSS
                ),
                None,
            )
            assert best is None or found(best, threshold / 2) > 0.3


def test_the_default():
    assert choose_bands(DedupeConfig()) == Banding(25, 5, 128)
    assert choose_bands(DedupeConfig(threshold=1.0)) == Banding(2, 64, 128)


def test_thresholds_too_low_for_any_bands_get_all_there_are():
    assert choose_bands(DedupeConfig(threshold=0.001)) == Banding(512, 1, 512)


@given(st.floats(0, 1), st.integers(1, 60), st.integers(1, 20))
def test_the_s_curve(jaccard, bands, rows):
    banding = Banding(bands, rows, 512)
    assert banding.candidate_probability(jaccard) == pytest.approx(found(banding, jaccard), abs=1e-9)


def random_sets(seed, number=40):
    """Sets that overlap by all degrees, in families of a parent and its damaged copies."""
    generator = np.random.default_rng(seed)
    sets = []
    while len(sets) < number:
        parent = generator.integers(0, 2**64, int(generator.integers(1, 120)), dtype=np.uint64)
        sets.append(parent)
        for share in (1.0, 0.95, 0.8, 0.6, 0.4):
            kept = parent[generator.random(len(parent)) < share]
            fresh = generator.integers(0, 2**64, len(parent) - len(kept), dtype=np.uint64)
            sets.append(np.concatenate((kept, fresh)))
    return sets


def our_candidates(made, banding):
    buckets = shared_buckets(band_keys(made, banding))
    members = [{bucket for bucket in row if bucket >= 0} for row in buckets.tolist()]
    return {
        (i, j) for i, one in enumerate(members) for j, other in enumerate(members) if i < j and one & other
    }


@pytest.mark.parametrize(
    ("bands", "rows", "num_perm"), [(25, 5, 128), (128, 1, 128), (2, 64, 128), (42, 3, 128), (7, 9, 64)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_candidates_equal_those_of_datasketchs_index(bands, rows, num_perm, seed):
    sets = random_sets(seed)
    offsets = np.cumsum([0, *map(len, sets)], dtype=np.int64)
    made = signatures(reference, np.concatenate(sets), offsets, num_perm, seed)
    index = MinHashLSH(num_perm=num_perm, params=(bands, rows))
    minhashes = [datasketchs(values.tolist(), num_perm, seed) for values in sets]
    for number, minhash in enumerate(minhashes):
        index.insert(number, minhash)
    theirs = {
        (number, other)
        for number, minhash in enumerate(minhashes)
        for other in index.query(minhash)
        if number < other
    }
    ours = our_candidates(made, Banding(bands, rows, num_perm))
    assert ours == theirs
    assert ours


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=7, max_size=7), max_size=12),
    st.sampled_from([(1, 7), (2, 3), (3, 2), (7, 1)]),
)
def test_sets_share_a_bucket_when_they_agree_in_a_whole_band(rows, cut):
    bands, width = cut
    made = np.array(rows, dtype=np.uint32).reshape(-1, 7)
    keys = band_keys(made, Banding(bands, width, 7))
    assert keys.shape == (len(rows), bands)
    buckets = shared_buckets(keys).tolist()
    for i, one in enumerate(rows):
        for band in range(bands):
            place = slice(band * width, (band + 1) * width)
            equal = [j for j, other in enumerate(rows) if other[place] == one[place]]
            same = [j for j in range(len(rows)) if buckets[j][band] == buckets[i][band] >= 0]
            assert same == (equal if len(equal) > 1 else [])
    for band in range(bands):  # a bucket never spans two bands
        others = {bucket for row in buckets for place, bucket in enumerate(row) if place != band}
        assert {row[band] for row in buckets} & others <= {-1}
