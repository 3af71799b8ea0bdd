"""Components against a plain search, and leaders block by block against all at once."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import KERNELS
from reportclean.kernels import reference
from reportclean.near.bands import Banding, band_keys, shared_buckets
from reportclean.near.components import Components, components
from reportclean.near.leaders import cut, lead
from reportclean.near.minhash import permutations
from reportclean.near.options import DedupeConfig
from reportclean.near.rows import AT_ONCE
from reportclean.near.verify import fewest_agreeing_rows, ratios

BANDING = Banding(25, 5, 128)
PERMUTATIONS = permutations(128, 1)
each = pytest.mark.parametrize("kernel", KERNELS, ids=lambda module: module.__name__.split(".")[-1])


def connected(items, pairs):
    """The first item of what each is connected with, by walking."""
    near = {item: set() for item in range(items)}
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    first = {}
    for item in range(items):
        waiting = [item]
        while waiting:
            one = waiting.pop()
            if one not in first:
                first[one] = item
                waiting += near[one]
    return [first[item] for item in range(items)]


@given(st.data())
def test_disjoint_sets(data):
    items = data.draw(st.integers(1, 12))
    pairs = data.draw(st.lists(st.tuples(*[st.integers(0, items - 1)] * 2), max_size=15))
    found = Components(items)
    half = len(pairs) // 2
    for some in (pairs[:half], pairs[half:]):
        left, right = (np.array([pair[side] for pair in some], dtype=np.int64) for side in (0, 1))
        found.join(left, right)
        assert not found.apart(left, right).any()
    assert found.first.tolist() == connected(items, pairs)


def families(generator, sizes, hashes=200):
    """Shingle sets in families, the members of each at every distance from their parent."""
    sets = []
    for size in sizes:
        parent = generator.integers(0, 2**64, hashes, dtype=np.uint64)
        for _ in range(size):
            kept = parent[generator.random(hashes) < generator.uniform(0.5, 1.0)]
            fresh = generator.integers(0, 2**64, generator.integers(0, hashes // 5), dtype=np.uint64)
            sets.append(np.unique(np.concatenate((kept, fresh, parent[:1]))))
    return [sets[place] for place in generator.permutation(len(sets))]


def joined(sets, chosen):
    some = [sets[place] for place in chosen]
    return np.concatenate([np.empty(0, np.uint64), *some]), np.cumsum([0, *map(len, some)], dtype=np.int64)


def every_set_at_once(kernel, sets, config):
    """Leaders with all signatures and sets in memory: the definition."""
    hashes, offsets = joined(sets, range(len(sets)))
    signatures = reference.signatures(hashes, offsets, *PERMUTATIONS)
    buckets = shared_buckets(band_keys(signatures, BANDING))
    fewest = fewest_agreeing_rows(config.threshold, 128)
    leader, common, _ = kernel.join_leaders(signatures, buckets, hashes, offsets, fewest, config.threshold, 0)
    sizes = np.diff(offsets)
    return signatures, leader, *ratios(common, sizes, sizes[leader])


@each
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.8])
def test_blocks_give_what_all_at_once_gives(kernel, seed, threshold):
    """Components that fit together, one that does not, buckets of more members than are looked at twice."""
    generator = np.random.default_rng(seed)
    sets = families(generator, [1] * 30 + [2] * 10 + [3] * 5 + [12, 60])
    config = DedupeConfig(threshold=threshold, min_tokens=0, shingle_size=1)
    signatures, *expected = every_set_at_once(kernel, sets, config)
    tokens = np.array(list(map(len, sets)), dtype=np.int64)
    reading = generator.permutation(len(sets))
    for at_once in (1, 700, 3_000, 6_000, AT_ONCE):
        asked, held = [], []

        def open_sets(contested, asked=asked, held=held):
            asked.append(contested)

            def sets_of(some):
                held.append(int(tokens[some].sum()))
                assert np.isin(some, contested).all()
                return joined(sets, some)

            return sets_of

        found = lead(kernel, signatures.__getitem__, tokens, open_sets, BANDING, config, reading, at_once)
        assert found.leader.tolist() == expected[0].tolist()
        assert found.jaccard.tolist() == expected[1].tolist()
        assert found.containment.tolist() == expected[2].tolist()
        assert len(asked) == 1
        assert max(held) <= at_once or at_once < 3_000  # a few sets are more than that
        assert len(held) > 1 or at_once > 6_000
    assert 1 < len(set(expected[0].tolist())) < len(sets)


@each
@pytest.mark.parametrize("at_once", [1, 1_000, AT_ONCE])
def test_components_hold_every_pair_that_may_match(kernel, at_once):
    sets = families(np.random.default_rng(5), [1] * 20 + [2] * 10 + [8, 40])
    signatures = reference.signatures(*joined(sets, range(len(sets))), *PERMUTATIONS)
    buckets = shared_buckets(band_keys(signatures, BANDING))
    fewest = 84
    found, pairs = components(signatures.__getitem__, np.arange(len(sets)), kernel, BANDING, fewest, at_once)
    shared = 0
    for one, other in combinations(range(len(sets)), 2):
        together = int(np.count_nonzero((buckets[one] == buckets[other]) & (buckets[one] >= 0)))
        shared += together
        if together and np.count_nonzero(signatures[one] == signatures[other]) >= fewest:
            assert found.first[one] == found.first[other]
    assert shared == pairs
    assert len(set(found.first.tolist())) > 20


def test_slices_of_a_size():
    sizes = np.array([3, 3, 3, 9, 1, 1], dtype=np.int64)
    assert [(one.start, one.stop) for one in cut(sizes, 6)] == [(0, 2), (2, 3), (3, 4), (4, 6)]
    assert list(cut(sizes[:0], 6)) == []
