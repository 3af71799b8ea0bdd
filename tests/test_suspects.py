"""What bounds the evidence of many pairs, held against the same counted pair by pair."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reportclean as rc
from reportclean.near import suspects
from reportclean.near.spinlexicon import SpinLexicon, shipped_lexicon
from reportclean.near.spinning import may_be_spun, spinning
from reportclean.near.suspects import evidence
from reportclean.text.charclass import code_points
from strategies import mixed

LEXICON = SpinLexicon(
    {("积极", "用心"): 0, ("情况", "状况"): 2, ("好好", "好好好"): 0, ("责任感", "职责感"): 1}
)
ORIGINAL = "街道团委积极开展志愿活动，通过走访了解居民情况，增强青年的责任感。特别优秀的三户受到表彰。通过学习提高能力，积极参与。"
SPUN = "街道团委用心开展志愿活动，透过走访了解居民状况，增强青年的职责感。个性优秀的三户受到表彰。透过学习提高潜力，用心参与。"
WORDS = ["积极", "用心", "情况", "状况", "好好", "好好好", "责任感", "职责感", "a", "3", "团", "员", "\ufdd0"]
keys = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)


def of(pairs, lexicon):
    """The evidence of pairs of keys that are given as texts."""
    texts = [key for pair in pairs for key in pair]
    offsets = np.concatenate(([0], np.cumsum([len(text) for text in texts], dtype=np.int64)))
    return evidence(code_points("".join(texts)), offsets, np.arange(len(texts)).reshape(-1, 2), lexicon)


def bigrams(key):
    han = ["\u4e00" <= character <= "\u9fff" for character in key]
    return Counter(key[n : n + 2] for n in range(len(key) - 1) if han[n] and han[n + 1])


def plainly(left, right, lexicon):
    lost, new = bigrams(left) - bigrams(right), bigrams(right) - bigrams(left)
    known = 0
    for original, spun in lexicon.swaps:
        x, y = bigrams(original), bigrams(spun)
        mine, theirs = (min(set(one) - set(other), default="") for one, other in ((x, y), (y, x)))
        if mine and theirs:
            known += (mine in lost and theirs in new) or (mine in new and theirs in lost)
    again = (sum(count > 1 for count in side.values()) for side in (lost, new))
    return known, min(again), min(len(lost), len(new))


@given(st.lists(st.tuples(keys, keys), max_size=6), st.sampled_from([LEXICON, SpinLexicon({})]))
def test_the_evidence_is_that_of_each_pair(pairs, lexicon):
    found = of(pairs, lexicon)
    told = list(zip(*(column.tolist() for column in found), strict=True))
    assert told == [plainly(left, right, lexicon) for left, right in pairs]


@pytest.mark.parametrize("name", ["_AT_ONCE", "_CELLS"])
def test_how_many_are_looked_at_together_makes_no_difference(name, monkeypatch):
    pairs = [(ORIGINAL, SPUN), (SPUN, ORIGINAL), (ORIGINAL, ORIGINAL), ("", SPUN), ("", "")] * 3
    whole = of(pairs, LEXICON)
    monkeypatch.setattr(suspects, name, 7)
    for one, other in zip(whole, of(pairs, LEXICON), strict=True):
        assert one.tolist() == other.tolist()


@given(st.lists(st.tuples(mixed(), mixed()), min_size=1, max_size=4))
@settings(deadline=None)
def test_what_is_spun_is_a_suspect(more):
    pairs = [(rc.fold(ORIGINAL + left), rc.fold(SPUN + right)) for left, right in more]
    suspected = may_be_spun(of(pairs, shipped_lexicon()))
    for (left, right), is_suspect in zip(pairs, suspected.tolist(), strict=True):
        assert is_suspect or not spinning(left, right).spun
    assert not may_be_spun(of([(left, left) for left, _ in pairs], shipped_lexicon())).any()
