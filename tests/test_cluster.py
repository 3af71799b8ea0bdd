"""Clusters, against the greedy definition written plainly over all pairs."""

import hashlib
import random
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from oracles import KERNELS, containment, jaccard, packed, shingle_hash, shingles_of, tokens_of
from reportclean.document import Document
from reportclean.kernels import reference
from reportclean.near.bands import Banding
from reportclean.near.cluster import Ranked, group_by_key
from reportclean.near.leaders import lead
from reportclean.near.minhash import signatures
from reportclean.near.options import KEEP, DedupeConfig
from reportclean.near.rows import AT_ONCE
from reportclean.near.verify import fewest_agreeing_rows
from strategies import CLAUSES

# One row a band: a pair is passed over only where the first filter does it, which the oracle knows of.
BANDING = Banding(128, 1, 128)


@dataclass(frozen=True)
class Item:
    """A section for matching: its key's tokens, and what rank looks at."""

    tokens: tuple[str, ...]
    marks: int = 0
    preferred: bool = False
    date: float = 0.0

    def key_hash(self):
        digest = hashlib.blake2b("\t".join(self.tokens).encode(), digest_size=16).digest()
        return tuple(np.frombuffer(digest, dtype="<u8").tolist())


@st.composite
def items(draw, max_families=4):
    """Families of copies of a key, each copy damaged in a few places, some not at all."""
    words = st.text("abcdefgh", min_size=1, max_size=1)
    made = []
    for _ in range(draw(st.integers(0, max_families))):
        parent = draw(st.lists(words, max_size=30))
        for _ in range(draw(st.integers(1, 4))):
            copy = list(parent)
            for place in draw(st.lists(st.integers(0, max(0, len(copy) - 1)), max_size=2)):
                copy[place : place + 1] = draw(st.lists(words, max_size=2))
            made.append(
                Item(
                    tuple(copy),
                    draw(st.integers(0, 2)),
                    draw(st.integers(0, 4)) == 0,
                    draw(st.sampled_from([0.0, 1.5e9, 1.6e9, -1.0])),
                )
            )
    return draw(st.permutations(made))


def configs():
    return st.builds(
        DedupeConfig,
        threshold=st.sampled_from([0.3, 0.5, 2 / 3, 0.8, 0.9, 1.0]),
        shingle_size=st.sampled_from([1, 2, 5]),
        min_tokens=st.sampled_from([0, 1, 5, 20]),
        keep=st.sampled_from(KEEP),
    )


def signed(made, size):
    sets = [sorted(map(shingle_hash, shingles_of(item.tokens, size))) for item in made]
    return packed(sets), signatures(reference, *packed(sets), BANDING.num_perm, 1)


def fast(made, config, kernel=reference, at_once=AT_ONCE):
    """For each item the item that leads it; an item without tokens has None."""
    ranked = Ranked(
        np.array([item.key_hash() for item in made], dtype=np.uint64).reshape(-1, 2),
        np.array([len(item.tokens) for item in made], dtype=np.int64),
        np.array([item.marks for item in made], dtype=np.int64),
        np.array([item.preferred for item in made], dtype=bool),
        np.array([item.date for item in made], dtype=np.float64),
        np.zeros(len(made), dtype=bool),
    )
    groups = group_by_key(ranked, config)
    first = groups.first
    leaders = lead(
        kernel,
        lambda some: signed(made, config.shingle_size)[1][first[some]],
        ranked.tokens[first],
        lambda _: lambda some: signed([made[first[i]] for i in some], config.shingle_size)[0],
        BANDING,
        config,
        np.argsort(first),
        at_once,
    )
    heads = [None if group < 0 else int(first[leaders.leader[group]]) for group in groups.of_section.tolist()]
    return heads, groups, leaders


def rank(item, number, keep):
    """What is smaller is better; the hash of the key decides before the order of input does."""
    policy = {
        "best": (item.marks, -len(item.tokens)),
        "first": (),
        "longest": (-len(item.tokens),),
        "newest": (-item.date, item.marks, -len(item.tokens)),
    }[keep]
    ties = () if keep == "first" else item.key_hash()
    return (not item.preferred, *policy, *ties, number)


def plain(made, config):
    """The greedy definition: groups of equal keys in rank order, each joining a leader or leading."""
    ranks = [rank(item, number, config.keep) for number, item in enumerate(made)]
    members = {}
    for number, item in enumerate(made):
        if item.tokens:
            members.setdefault(item.tokens, []).append(number)
    groups = [sorted(group, key=ranks.__getitem__) for group in members.values()]
    groups.sort(key=lambda group: ranks[group[0]])
    rows = signed(made, config.shingle_size)[1]
    fewest = max(1, fewest_agreeing_rows(config.threshold, BANDING.num_perm))  # no row, no shared bucket
    leaders = []
    heads = [None] * len(made)
    for group in groups:
        head = group[0]
        for other in leaders:
            if (
                min(len(made[head].tokens), len(made[other].tokens)) >= config.min_tokens
                and similarity(made, head, other, config) >= config.threshold
                and np.count_nonzero(rows[head] == rows[other]) >= fewest
            ):
                head = other
                break
        else:
            leaders.append(head)
        for number in group:
            heads[number] = head
    return heads


def similarity(made, one, other, config):
    size = config.shingle_size
    return jaccard(shingles_of(made[one].tokens, size), shingles_of(made[other].tokens, size))


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda module: module.__name__.split(".")[-1])
@given(items(), configs(), st.sampled_from([1, 20, 60, AT_ONCE]))
def test_leaders_are_those_of_the_plain_definition(kernel, made, config, at_once):
    """However few shingles may be in memory at once."""
    assert fast(made, config, kernel, at_once)[0] == plain(made, config)


@given(items(), configs())
def test_every_member_matches_its_leader_and_the_figures_are_exact(made, config):
    heads, groups, leaders = fast(made, config)
    for number, head in enumerate(heads):
        assert (head is None) == (not made[number].tokens)
        if head is None or made[number].tokens == made[head].tokens:
            continue
        group = groups.of_section[number]
        one, other = (shingles_of(made[place].tokens, config.shingle_size) for place in (number, head))
        assert leaders.jaccard[group] == jaccard(one, other) >= config.threshold
        assert leaders.containment[group] == containment(one, other)
        assert heads[head] == head


@given(items(), configs())
def test_no_two_leaders_match(made, config):
    heads, _, _ = fast(made, config)
    long = {h for h in heads if h is not None and len(made[h].tokens) >= config.min_tokens}
    rows = signed(made, config.shingle_size)[1]
    for one, other in combinations(sorted(long), 2):
        agreeing = np.count_nonzero(rows[one] == rows[other])
        if agreeing >= max(1, fewest_agreeing_rows(config.threshold, BANDING.num_perm)):
            assert similarity(made, one, other, config) < config.threshold


def clusters(heads):
    groups = {}
    for number, head in enumerate(heads):
        groups.setdefault(number if head is None else head, set()).add(number)
    return {frozenset(group) for group in groups.values()}


@given(items(), configs(), st.sampled_from(["best", "longest"]), st.randoms(use_true_random=False))
def test_order_of_input_changes_no_cluster(made, config, keep, shuffler):
    config = replace(config, keep=keep)
    order = list(range(len(made)))
    shuffler.shuffle(order)
    shuffled, _, _ = fast([made[number] for number in order], config)
    back = {frozenset(order[number] for number in group) for group in clusters(shuffled)}
    assert back == clusters(fast(made, config)[0])


@given(items(), configs())
def test_a_threshold_of_one_means_equal_sets_of_shingles(made, config):
    config = replace(config, threshold=1.0)
    heads, _, _ = fast(made, config)
    for one, other in combinations([n for n, head in enumerate(heads) if head is not None], 2):
        equal = made[one].tokens == made[other].tokens
        if min(len(made[one].tokens), len(made[other].tokens)) >= config.min_tokens:
            equal |= similarity(made, one, other, config) == 1
        assert (heads[one] == heads[other]) == equal


@given(items(), configs())
def test_groups_are_equal_keys_and_in_rank_order(made, config):
    _, groups, _ = fast(made, config)
    first = groups.first.tolist()
    ranks = [rank(made[number], number, config.keep) for number in first]
    assert ranks == sorted(ranks)
    for one, other in combinations(range(len(made)), 2):
        if made[one].tokens and made[other].tokens:
            same = groups.of_section[one] == groups.of_section[other]
            assert same == (made[one].tokens == made[other].tokens)


def test_the_best_ranked_leader_is_joined_not_the_most_like():
    made = [Item(tuple(letters)) for letters in ("abcdefghij", "efghijklmn", "defghijklm")]
    config = DedupeConfig(threshold=0.5, shingle_size=1, min_tokens=1, keep="first")
    assert (
        similarity(made, 0, 1, config) < 0.5 < similarity(made, 2, 0, config) < similarity(made, 2, 1, config)
    )
    assert fast(made, config)[0] == [0, 1, 0]


def test_counts_of_what_was_looked_at():
    made = [Item(tuple("abcdefghij")), Item(tuple("abcdefghik")), Item(tuple("zyxwvutsrq"))]
    config = DedupeConfig(threshold=0.3, shingle_size=2, min_tokens=1)
    _, _, leaders = fast(made, config)
    assert leaders.candidates == 1
    _, _, leaders = fast(made, replace(config, min_tokens=11))
    assert leaders.candidates == 0


# The whole way, from texts.

REPORT = "。".join(CLAUSES)
OTHER = "。".join(reversed(CLAUSES[:12]))


def near(text, places, char="某"):
    """The text with a few characters changed, far apart."""
    for place in places:
        text = text[:place] + char + text[place + 1 :]
    return text


def whole(**options):
    return DedupeConfig(unit="document", **options)


def kept_ids(result):
    return [section.document_id for section in result.kept]


def documents(*texts, dates=(), sources=()):
    return [
        Document(
            str(number),
            text,
            sources[number] if sources else "",
            metadata={"date": dates[number]} if dates else {},
        )
        for number, text in enumerate(texts)
    ]


SHORT, LONG = REPORT[:120], REPORT[:128]
MASKED = f"20xx年，{REPORT[:120]}"
KNOWN = f"2015年，{REPORT[:120]}"


@pytest.mark.parametrize(
    ("keep", "texts", "kept"),
    [
        ("first", (SHORT, LONG), "0"),
        ("best", (SHORT, LONG), "1"),
        ("longest", (SHORT, LONG), "1"),
        ("newest", (SHORT, LONG), "1"),
        ("best", (MASKED, KNOWN), "1"),
        ("best", (MASKED, SHORT), "1"),
        ("longest", (SHORT, MASKED), "1"),
        ("newest", (MASKED, KNOWN), "1"),
        ("first", (MASKED, KNOWN), "0"),
        ("longest", (MASKED, KNOWN), "0"),
        ("best", (SHORT, SHORT, SHORT), "0"),
        ("best", (LONG.replace("。", "。。", 1), LONG), "1"),
        ("longest", (LONG.replace("。", "。。", 1), LONG), "0"),
    ],
)
def test_which_member_stays(keep, texts, kept):
    result = rc.dedupe(texts, whole(keep=keep))
    assert kept_ids(result) == [kept]
    assert [cluster.representative_id for cluster in result.clusters] == [f"{kept}#1"]


def test_newest_goes_by_date_before_all_else():
    made = documents(LONG, SHORT, LONG, dates=(100.0, 300.0, 200.0))
    assert kept_ids(rc.dedupe(made, whole(keep="newest"))) == ["1"]
    assert kept_ids(rc.dedupe(made, whole(keep="best"))) == ["0"]


def test_a_preferred_source_goes_before_the_policy():
    made = documents(LONG, SHORT, sources=("mirror/a.txt", "gov/b.txt"))
    for keep in KEEP:
        result = rc.dedupe(made, whole(keep=keep, prefer="gov/*"))
        assert kept_ids(result) == ["1"]
        assert "gov/*" in result.clusters[0].reason
        assert kept_ids(rc.dedupe(made, whole(keep=keep, prefer="mirror/*"))) == ["0"]


def test_members_and_pairs_say_what_matched():
    changed = near(REPORT, (60,))
    result = rc.dedupe([REPORT, changed, REPORT.replace("。", "，"), OTHER], whole())
    sets = [shingles_of(tokens_of(text), 5) for text in (REPORT, changed)]
    (cluster,) = result.clusters
    assert cluster.members == ("0#1", "1#1", "2#1")
    kinds = {frozenset((m.left_id, m.right_id)): m for m in result.matches}
    assert len(kinds) == len(result.matches) == 2
    for match in result.matches:
        assert match.left_id < match.right_id
        assert cluster.representative_id in {match.left_id, match.right_id}
        if match.kind == "near":
            assert match.jaccard == jaccard(*sets)
            assert match.containment == containment(*sets)
            assert match.differs == "words"
        else:
            assert (match.kind, match.jaccard, match.containment) == ("exact", 1.0, 1.0)
            assert match.differs == "none"
    assert len(result.kept) == 2
    assert [s.cluster_id for s in result.sections] == [1, 1, 1, None]


def test_short_texts_match_only_when_equal():
    short = [
        REPORT[:19].replace("。", ""),
        REPORT[:19].replace("。", "")[:-1],
        "猫狗",
        "经济",
        "猫，狗",
        "。",
        "！",
        "",
    ]
    result = rc.dedupe(short, whole(threshold=0.05))
    assert [cluster.members for cluster in result.clusters] == [("2#1", "4#1")]
    assert [match.kind for match in result.matches] == ["exact"]


def test_sections_without_tokens_match_nothing():
    result = rc.dedupe(["。。。！", "。。。！", "——", "——"], whole(min_tokens=0, threshold=0.01))
    assert result.matches == ()
    assert len(result.kept) == 4


def test_no_chains():
    """Each text matches the next; only those that match the leader itself go."""
    chain = [REPORT]
    for step in range(6):
        chain.append(near(chain[-1], range(step * 30, step * 30 + 6)))
    result = rc.dedupe(chain, whole(threshold=0.8, keep="first"))
    sets = [shingles_of(tokens_of(text), 5) for text in chain]
    assert all(jaccard(a, b) >= 0.8 for a, b in pairwise(sets))
    kept = [int(name) for name in kept_ids(result)]
    assert len(kept) > 1
    assert all(jaccard(sets[a], sets[b]) < 0.8 for a, b in combinations(kept, 2))
    for match in result.matches:
        left, right = (int(name.split("#")[0]) for name in (match.left_id, match.right_id))
        assert match.jaccard == jaccard(sets[left], sets[right]) >= 0.8


def corpus(seed):
    """Reports of random clauses with damaged copies, some of them under another year."""
    shuffler = random.Random(seed)
    made = []
    for _ in range(8):
        text = "20xx年，" + "。".join(shuffler.sample(CLAUSES, 14))
        made += [
            near(text, [shuffler.randrange(7, len(text)) for _ in range(shuffler.randrange(5))])
            for _ in range(shuffler.randrange(1, 5))
        ]
        made[-1] = made[-1].replace("20xx年", shuffler.choice(["2015年", "__年", "2016年"]))
    shuffler.shuffle(made)
    return made


def member_texts(result, texts):
    return {
        frozenset(texts[int(member.split("#")[0])] for member in cluster.members)
        for cluster in result.clusters
    }


@pytest.mark.parametrize("keep", ["best", "longest"])
@pytest.mark.parametrize("seed", range(3))
def test_order_of_texts_changes_no_cluster(seed, keep):
    texts = corpus(seed)
    expected = member_texts(rc.dedupe(texts, whole(keep=keep)), texts)
    assert expected
    for number in range(3):
        again = random.Random(number).sample(texts, len(texts))
        assert member_texts(rc.dedupe(again, whole(keep=keep)), again) == expected


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.95, 1.0])
def test_what_is_kept_does_not_match_and_what_went_does(seed, threshold):
    texts = corpus(seed)
    result = rc.dedupe(texts, whole(threshold=threshold))
    sets = {f"{number}#1": shingles_of(tokens_of(text), 5) for number, text in enumerate(texts)}
    for one, other in combinations([s.section_id for s in result.kept], 2):
        assert jaccard(sets[one], sets[other]) < threshold
    kept = {section.section_id for section in result.kept}
    for section in result.removed:
        assert section.representative_id in kept
        assert jaccard(sets[section.section_id], sets[section.representative_id]) >= threshold
    assert len(result.kept) + len(result.removed) == len(texts)


def test_mark_removes_nothing_and_says_what_would_go():
    result = rc.dedupe([LONG, SHORT], whole(mark=True))
    assert result.removed == ()
    assert result.sections[1].reason.startswith("would be removed: near duplicate of 0#1")
    assert rc.dedupe([LONG, SHORT], whole()).sections[1].reason.startswith("removed: near duplicate of 0#1")


def test_updates_are_kept_once_where_years_or_numbers_differ():
    made = [f"{year}年，{REPORT}" for year in (2015, 2016, 2016, 2015)]
    assert kept_ids(rc.dedupe(made, whole())) == ["0"]
    result = rc.dedupe([*made, near(made[0], (40,))], whole(keep_updates=True, keep="first"))
    assert kept_ids(result) == ["0", "1"]
    assert result.sections[1].reason.startswith("kept as an update: exact duplicate of 0#1")
    assert result.sections[2].reason == "removed: exact duplicate of 1#1, itself kept as an update"
    assert [match.differs for match in result.matches] == ["years", "none", "none", "words"]
    assert (result.matches[1].left_id, result.matches[1].right_id) == ("1#1", "2#1")
    assert result.sections[2].representative_id == "1#1"
    numbers = [f"全年办件{number}件。{REPORT}" for number in (15, 27)]
    assert kept_ids(rc.dedupe(numbers, whole())) == ["0"]
    assert kept_ids(rc.dedupe(numbers, whole(keep_updates=True))) == ["0", "1"]


def test_front_matter_matches_nothing():
    pages = [
        f"供水所总结（精选2篇）\n{REPORT[:60]}...\n供水所总结 篇1\n{one}\n供水所总结 篇2\n{other}\n"
        for one, other in [(REPORT[:90], OTHER[:70]), (REPORT[110:200], OTHER[90:150])]
    ]
    result = rc.dedupe(pages)
    front = [section for section in result.sections if section.ordinal == 0]
    assert [section.tokens > 20 for section in front] == [True, True]
    assert result.matches == ()
    assert all(section.kept for section in front)
