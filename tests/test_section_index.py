import random
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import containment, datasketchs, jaccard, shingle_hash, shingles_of, tokens_of
from reportclean.errors import IndexMismatchError
from reportclean.index.online.signed import sign
from reportclean.index.section_index import SectionIndex
from reportclean.near.options import DedupeConfig
from reportclean.text.folding import fold
from strategies import CLAUSES, HAN_WITHOUT_NUMBERS, mixed, texts

REPORT = "，".join(CLAUSES[:10])


class Indexes:
    """Makes empty indexes of one storage; on a server each has a name of its own."""

    def __init__(self, url):
        self.url, self.made = url, []

    def __call__(self, config=None):
        for old in self.made[:-8]:
            old.close()  # it opens again when it is used
        index = SectionIndex(config) if self.url is None else SectionIndex(config, self.url, name=uuid4().hex)
        self.made.append(index)
        return index

    def filled(self, corpus, config=None):
        index = self(config)
        for name, text in corpus.items():
            index.add(name, text)
        return index

    def left_in(self, index):
        """What an index without sections still holds, beside its settings."""
        storage = index._storage
        if self.url is None:
            return {*storage._by_key, *storage._sections, *(() if storage._lsh.is_empty() else ["buckets"])}
        return set(storage._server.client.keys(storage._base + b"*")) - {storage._base + b"_settings"}


@pytest.fixture(scope="session", params=["memory", "redis"])
def indexes(request):
    url = None if request.param == "memory" else request.getfixturevalue("redis_server").url
    made = Indexes(url)
    yield made
    for index in made.made:
        index.close()


def damaged(seed, number=40):
    """Reports and copies with some characters changed; a few are exact but for punctuation."""
    shuffler = random.Random(seed)
    made = []
    while len(made) < number:
        parent = shuffler.sample(CLAUSES, shuffler.randrange(1, 12))
        for _ in range(3):
            copy = list(shuffler.choice("，。 ").join(parent))
            for _ in range(shuffler.randrange(8)):
                copy[shuffler.randrange(len(copy))] = shuffler.choice("某甲乙丙")
            made.append("".join(copy))
    return made


def brute(text, corpus, config):
    """Every match by the definition, over all pairs."""
    found = []
    tokens = tokens_of(text)
    for name, other in corpus.items():
        theirs = tokens_of(other)
        sets = [shingles_of(side, config.shingle_size) for side in (tokens, theirs)]
        if tokens == theirs:
            found += [(name, 1.0, 1.0, "exact")] * bool(tokens)
        elif (
            min(len(tokens), len(theirs)) >= max(1, config.min_tokens) and jaccard(*sets) >= config.threshold
        ):
            found.append((name, jaccard(*sets), containment(*sets), "near"))
    return sorted(found, key=lambda match: (-match[1], match[3] != "exact", match[0]))


def answers(index, text):
    return [(match.key, match.jaccard, match.containment, match.kind) for match in index.query(text)]


@pytest.mark.parametrize(
    "config", [{}, {"threshold": 0.5}, {"threshold": 1.0}, {"shingle_size": 2, "min_tokens": 0}]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_answers_are_those_of_brute_force(indexes, config, seed):
    config = DedupeConfig(**config)
    corpus = {f"d#{number}": text for number, text in enumerate(damaged(seed))}
    index = indexes.filled(corpus, config)
    asked = [*list(corpus.values())[::3], *damaged(seed + 100, 6)]
    found = [answers(index, text) for text in asked]
    assert found == [brute(text, corpus, config) for text in asked]
    assert sum(map(len, found)) > len(asked) / 2
    assert {kind for answer in found for *_, kind in answer} <= {"exact", "near"}


def test_equal_keys_come_before_equal_sets_of_shingles(indexes):
    clause = HAN_WITHOUT_NUMBERS[:24]
    corpus = {"a": clause[::-1], "b": clause, "c": clause[1:] + clause[0]}
    config = DedupeConfig(shingle_size=1)
    found = [(match.key, match.kind) for match in indexes.filled(corpus, config).query(clause)]
    assert found == [("b", "exact"), ("a", "near"), ("c", "near")]


def test_the_threshold_itself_matches(indexes):
    config = DedupeConfig(shingle_size=1, threshold=0.8, min_tokens=0)
    index = indexes.filled({"a": HAN_WITHOUT_NUMBERS[:18]}, config)
    assert answers(index, HAN_WITHOUT_NUMBERS[2:20]) == [("a", 0.8, 16 / 18, "near")]


def test_a_lower_threshold_only_adds(indexes):
    corpus = {f"d#{number}": text for number, text in enumerate(damaged(3))}
    thresholds = (1.0, 0.9, 0.8, 0.6, 0.4, 0.2)
    filled = [indexes.filled(corpus, DedupeConfig(threshold=threshold)) for threshold in thresholds]
    for text in corpus.values():
        before = set()
        for index in filled:
            now = set(answers(index, text))
            assert before <= now
            before = now


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "remove", "query"]), st.integers(0, 5), st.integers(0, 11)),
        max_size=25,
    )
)
def test_any_order_of_adding_and_removing(indexes, steps):
    """What was removed never comes back, and what is there is found."""
    pool = [
        REPORT,
        REPORT.replace("，", "。"),
        REPORT + "某某",
        REPORT[3:],
        REPORT[:60],
        "甲乙",
        "乙甲",
        "。",
        "",
    ]
    pool += [CLAUSES[20], f"{CLAUSES[21]}，{REPORT}", "甲，乙"]
    index, model = indexes(), {}
    for action, slot, which in steps:
        name = f"s{slot}"
        if action == "query":
            assert answers(index, pool[which]) == brute(pool[which], model, index.config)
        elif action == "add" and name not in model:
            index.add(name, pool[which])
            model[name] = pool[which]
        elif action == "add":
            with pytest.raises(KeyError, match=name):
                index.add(name, pool[which])
        elif name in model:
            index.remove(name)
            del model[name]
        else:
            with pytest.raises(KeyError):
                index.remove(name)
        assert len(index) == len(model)
        assert {n for n in (f"s{i}" for i in range(6)) if n in index} == set(model)
    for text in pool:
        assert answers(index, text) == brute(text, model, index.config)


def test_an_emptied_index_holds_nothing(indexes):
    corpus = {str(number): text for number, text in enumerate([*damaged(4), "甲乙", "。"])}
    index = indexes.filled(corpus)
    for name in corpus:
        index.remove(name)
    assert len(index) == 0
    assert [index.query(text) for text in corpus.values()] == [[]] * len(corpus)
    assert indexes.left_in(index) == set()


def test_short_texts_match_only_when_equal(indexes):
    index = indexes.filled(
        {"cat": "猫狗", "trade": "经济", "long": REPORT, "cut": CLAUSES[0]}, DedupeConfig(threshold=0.01)
    )
    assert answers(index, "猫、狗") == [("cat", 1.0, 1.0, "exact")]
    assert answers(index, "猫狗猫") == []
    assert [match.key for match in index.query(CLAUSES[0] + "！")] == ["cut"]
    assert index.query("！") == index.query("") == []


def test_a_section_without_tokens_is_held_but_never_found(indexes):
    index = indexes.filled({"stop": "。", "empty": ""}, DedupeConfig(min_tokens=0))
    assert "stop" in index
    assert index.query("。") == index.query("") == []
    index.remove("stop")
    assert len(index) == 1


# Settings that do not fit.


@pytest.mark.parametrize(
    ("name", "value"),
    [("seed", 2), ("num_perm", 64), ("shingle_size", 4), ("threshold", 0.7), ("min_tokens", 5)],
)
def test_indexes_of_other_settings_do_not_merge(indexes, name, value):
    one, other = indexes.filled({"a": REPORT}), indexes.filled({"b": REPORT}, DedupeConfig(**{name: value}))
    with pytest.raises(IndexMismatchError, match=f"{name} {value}"):
        one.merge(other)
    assert len(one) == 1
    assert answers(one, REPORT) == [("a", 1.0, 1.0, "exact")]


@pytest.mark.parametrize(("name", "value"), [("seed", 2), ("num_perm", 64), ("shingle_size", 4)])
def test_sections_signed_with_other_settings_are_refused(indexes, name, value):
    index = indexes.filled({"a": REPORT})
    foreign = sign(REPORT, DedupeConfig(**{name: value}))
    with pytest.raises(
        IndexMismatchError, match=f"{name} {value}, the index has {getattr(index.config, name)}"
    ):
        index.query(foreign)
    with pytest.raises(IndexMismatchError):
        index.add("b", foreign)
    assert "b" not in index
    assert len(index) == 1


def test_a_threshold_that_needs_other_permutations_is_a_mismatch(indexes):
    index = indexes(DedupeConfig(threshold=0.5))
    with pytest.raises(IndexMismatchError, match="num_perm 128"):
        index.query(sign(REPORT))
    assert index.query(sign(REPORT, index.config)) == []


def test_another_version_of_the_fold_table_is_a_mismatch(indexes):
    old = replace(sign(REPORT), fold_version=0)
    with pytest.raises(IndexMismatchError, match="fold_version 0"):
        indexes().add("a", old)


def test_a_signed_section_is_as_good_as_its_text(indexes):
    corpus = {str(number): text for number, text in enumerate(damaged(5, 12))}
    index = indexes.filled({name: sign(text) for name, text in corpus.items()})
    for text in corpus.values():
        assert answers(index, sign(text)) == answers(index, text) == answers(indexes.filled(corpus), text)


def test_merging_adds_every_section_or_none(indexes):
    corpus = {str(number): text for number, text in enumerate(damaged(6, 20))}
    names = list(corpus)
    one, other = (indexes.filled({name: corpus[name] for name in part}) for part in (names[::2], names[1::2]))
    one.merge(other)
    assert [answers(one, text) for text in corpus.values()] == [
        answers(indexes.filled(corpus), t) for t in corpus.values()
    ]
    assert len(other) == len(names[1::2])
    with pytest.raises(KeyError, match=f"{names[1]!r} is in both"):
        other.merge(indexes.filled({"new": REPORT, names[1]: REPORT}))
    assert "new" not in other


# Signed sections.


@given(
    st.one_of(texts(), mixed()), st.sampled_from([1, 7]), st.sampled_from([2, 5]), st.sampled_from([0.8, 0.5])
)
def test_a_section_signs_as_datasketch_would(text, seed, size, threshold):
    config = DedupeConfig(seed=seed, shingle_size=size, threshold=threshold)
    signed = sign(text, config)
    hashes = sorted(map(shingle_hash, shingles_of(tokens_of(text), size)))
    assert signed.key == fold(text)
    assert signed.tokens == len(tokens_of(text))
    assert signed.shingles.tolist() == hashes
    minhash = signed.to_minhash()
    oracle = datasketchs(hashes, signed.num_perm, seed)
    assert isinstance(minhash, MinHash)
    assert minhash == oracle
    assert np.array_equal(minhash.hashvalues, oracle.hashvalues)
    assert minhash.jaccard(oracle) == 1.0


def test_the_minhash_goes_on_as_datasketchs_own():
    """It can be updated and merged, and any of datasketch's indexes takes it."""
    left, right = sign(REPORT), sign(REPORT + CLAUSES[12])
    merged = left.to_minhash()
    merged.merge(right.to_minhash())
    both = sorted({*left.shingles.tolist(), *right.shingles.tolist()})
    assert merged == datasketchs(both, 128, 1)
    more = left.to_minhash()
    more.update((12345).to_bytes(8, "little"))
    assert more == datasketchs([*left.shingles.tolist(), 12345], 128, 1)
    assert np.array_equal(
        left.signature, sign(REPORT).signature
    )  # not changed by what was done to its MinHash
    index = MinHashLSH(threshold=0.8, num_perm=128)
    index.insert("own", datasketchs(left.shingles.tolist(), 128, 1))
    assert index.query(left.to_minhash()) == ["own"]
