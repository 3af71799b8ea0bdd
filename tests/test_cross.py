"""Two collections held against each other, with every pair counted by hand beside it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from corpora import report, reworded
from reportclean.engines.stages import key_hashes, shingle_sets
from reportclean.kernels import reference
from reportclean.near import cross
from reportclean.near.bands import choose_bands
from reportclean.near.cross import Found, Side, best_matches
from reportclean.near.minhash import signatures
from reportclean.near.options import DedupeConfig
from reportclean.text.folding import fold_batch

CONFIG = DedupeConfig()


def side(texts, config=CONFIG):
    keys = fold_batch(texts)
    hashes, offsets = reference.shingle_hashes(keys.codes, keys.offsets, config.shingle_size)
    banding = choose_bands(config)
    return Side(
        key_hashes(keys),
        keys.token_counts(),
        signatures(reference, hashes, offsets, banding.num_perm, config.seed),
        lambda chosen: shingle_sets([texts[row] for row in chosen.tolist()], config, reference),
    )


def by_hand(ours, others, config=CONFIG):
    """The best match of each of our texts, every pair counted."""
    best = {}
    theirs = taken_apart(others, config)
    for i, (key, tokens, shingles) in enumerate(taken_apart(ours, config)):
        for j, (other_key, other_tokens, other_shingles) in enumerate(theirs):
            same = bool(shingles) and key == other_key
            jaccard = len(shingles & other_shingles) / max(len(shingles | other_shingles), 1)
            close = jaccard >= config.threshold and min(tokens, other_tokens) >= config.min_tokens
            if (same or close) and (jaccard, same) > best.get(i, (0.0, False, 0))[:2]:
                best[i] = (jaccard, same, j)
    return {i: Found(j, jaccard, same) for i, (jaccard, same, j) in best.items()}


def taken_apart(texts, config):
    keys = fold_batch(texts)
    hashes, offsets = shingle_sets(texts, config, reference)
    sets = [set(hashes[begin:end].tolist()) for begin, end in pairwise(offsets.tolist())]
    return list(zip(key_hashes(keys).tolist(), keys.token_counts().tolist(), sets, strict=True))


def collections(seed):
    rng = np.random.default_rng(seed)
    others = [report(n, 2) for n in range(20)] + ["短句。", "", "短句。", report(3, 2)]
    ours = [reworded(report(int(n), 2), int(n), int(rng.integers(0, 9))) for n in rng.integers(0, 30, 25)]
    return [*ours, "短句！", "", "另一句。"], others


@pytest.mark.parametrize("seed", range(4))
def test_matches_are_those_of_a_count_by_hand(seed):
    ours, others = collections(seed)
    found = best_matches(side(ours), side(others), reference, choose_bands(CONFIG), CONFIG)
    expected = by_hand(ours, others)
    assert len(expected) > 8
    assert {i: (f.row, f.exact) for i, f in found.items()} == {
        i: (f.row, f.exact) for i, f in expected.items()
    }
    assert [found[i].jaccard for i in expected] == pytest.approx([f.jaccard for f in expected.values()])


@pytest.mark.parametrize("times", [(2, 5), (5, 2)])
def test_the_nearest_is_taken_wherever_it_stands(times):
    others = [reworded(report(1, 2), seed, number) for seed, number in enumerate(times)]
    found = best_matches(side([report(1, 2)]), side(others), reference, choose_bands(CONFIG), CONFIG)
    assert found == by_hand([report(1, 2)], others)
    assert found[0].row == times.index(2)


@pytest.mark.parametrize("cut", [(22, 19), (19, 22)])
def test_short_sections_match_only_when_they_are_equal(cut):
    text = report(1, 1).replace("，", "").replace("。", "")
    ours, others = ([text[:length]] for length in cut)
    assert best_matches(side(ours), side(others), reference, choose_bands(CONFIG), CONFIG) == {}
    loose = DedupeConfig(min_tokens=10)
    assert best_matches(side(ours, loose), side(others, loose), reference, choose_bands(loose), loose)


def test_front_matter_matches_nothing():
    texts = ["来源网络", report(1, 1)]
    front = replace(side(texts), tokens=np.array([0, 0]))
    for ours, others in ((front, side(texts)), (side(texts), front)):
        assert best_matches(ours, others, reference, choose_bands(CONFIG), CONFIG) == {}


def test_pairs_are_looked_at_some_at_a_time(monkeypatch):
    ours, others = collections(1)
    whole = best_matches(side(ours), side(others), reference, choose_bands(CONFIG), CONFIG)
    monkeypatch.setattr(cross, "_PAIRS_AT_ONCE", 1)
    assert best_matches(side(ours), side(others), reference, choose_bands(CONFIG), CONFIG) == whole


@pytest.mark.parametrize(("ours", "others"), [([], []), (["一句话"], []), ([], ["一句话"]), ([""], [""])])
def test_nothing_matches_nothing(ours, others):
    assert best_matches(side(ours), side(others), reference, choose_bands(CONFIG), CONFIG) == {}


def test_a_match_need_not_be_the_best_of_its_own_kind():
    """In a cluster a member must match the representative; here each section is held against each."""
    config = DedupeConfig(threshold=0.7)
    first = report(1, 2)
    middle = reworded(first, 1, 6)
    last = reworded(middle, 2, 6)
    sides = side([last], config), side([first, middle], config)
    found = best_matches(*sides, reference, choose_bands(config), config)
    assert found[0].row == 1
    assert by_hand([last], [first], config) == {}
