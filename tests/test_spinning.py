import json
import random
from itertools import combinations

import numpy as np
import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from corpora import report
from reportclean.engines.stages import signed_texts
from reportclean.errors import ConfigError
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.relatives import relatives
from reportclean.near.spinlexicon import HEADER, SpinLexicon, shipped_lexicon
from reportclean.near.spinning import Spinning, learned, spinning
from reportclean.near.swaps import swapped
from reportclean.text.joining import SEPARATOR
from reportclean.text.spun import find_spun_wording
from reportclean.text.spunwords import spun_words
from reportclean.text.words import words
from strategies import mixed

PAGE = "pages/zciku-science-summaries.txt"
ORIGINAL = (
    "街道团委积极开展志愿活动，通过走访了解居民情况，增强青年的责任感。文明楼院评选结束，特别优秀的三户受到表彰。"
    "团员积极参与清扫，通过学习提高能力，希望来年再创佳绩。"
)
SPUN = (
    "街道团委用心开展志愿活动，透过走访了解居民状况，增强青年的职责感。礼貌楼院评选结束，个性优秀的三户受到表彰。"
    "团员用心参与清扫，透过学习提高潜力，期望来年再创佳绩。"
)


# ---- words and swaps


def test_words_are_known_in_either_script_and_cut_as_they_are_read():
    known = words()
    assert "积极分子" in known
    assert rc.fold("具體") in known
    assert known.spelled(rc.fold("具體")) == "具体"
    text = "入党积极分子KPI2015年"
    assert [text[a:b] for a, b in zip(known.cut(text), known.cut(text)[1:], strict=False)] == [
        "入党",
        "积极分子",
        "KPI2015",
        "年",
    ]


@given(mixed())
def test_a_cut_covers_the_text(text):
    places = words().cut(text)
    assert (places[0], places[-1]) == (0, len(text))
    assert places == sorted(set(places))


def test_swaps_are_taken_by_words():
    found = swapped(rc.fold(ORIGINAL), rc.fold(SPUN))
    assert found.counts == {
        ("积极", "用心"): 2,
        ("通过", "透过"): 2,
        ("情况", "状况"): 1,
        ("责任", "职责"): 1,
        ("文明", "礼貌"): 1,
        ("特别", "个性"): 1,
        ("能力", "潜力"): 1,
        ("希望", "期望"): 1,
    }
    assert found.others == 0
    for swap in found.swaps:
        assert found.left.startswith(swap.left, swap.start)
        assert found.right.startswith(swap.right, swap.other_start)


@pytest.mark.parametrize(
    ("left", "right", "counts", "others"),
    [
        (
            "组织创建文明城市",
            "组织建立礼貌城市",
            {("创建", "建立"): 1, ("文明", "礼貌"): 1},
            0,
        ),  # side by side
        ("积极的建议", "用心的推荐", {("积极", "用心"): 1, ("建议", "推荐"): 1}, 0),
        ("各项制度健全", "各项轨制健全", {("制度", "轨制"): 1}, 0),  # one that no dictionary has
        ("全年完成120件", "全年完成98件", {}, 0),  # numbers
        ("建设水库三座", "建设水库五座", {}, 0),
        ("王同志参加了会议", "参加了会议", {}, 1),
        ("甲乙", "甲乙", {}, 0),
        ("", "全是新的", {}, 1),
    ],
)
def test_what_is_a_swap(left, right, counts, others):
    found = swapped(left, right)
    assert (found.counts, found.others) == (counts, others)


@given(mixed(), mixed())
def test_swaps_of_any_two_texts_stand_there(left, right):
    left, right = rc.fold(left), rc.fold(right)
    found = swapped(left, right)
    for swap in found.swaps:
        assert left.startswith(swap.left, swap.start)
        assert right.startswith(swap.right, swap.other_start)
    assert swapped(left, left).counts == {}


# ---- pairs


def test_a_spun_pair_and_its_original():
    found = spinning(rc.fold(ORIGINAL), rc.fold(SPUN))
    assert (found.spun, found.original) == (True, "left")
    assert found.swaps[:2] == ((("积极", "用心"), 2), (("通过", "透过"), 2))
    assert found.confidence > 0.9
    back = spinning(rc.fold(SPUN), rc.fold(ORIGINAL))
    assert (back.spun, back.original, back.confidence) == (True, "right", found.confidence)
    traditional = opencc.OpenCC("s2t").convert(SPUN)
    assert spinning(rc.fold(ORIGINAL), rc.fold(traditional)) == found


@pytest.mark.parametrize(
    "other",
    [
        ORIGINAL,
        ORIGINAL.replace("三户", "五户"),
        ORIGINAL.replace("街道", "乡镇"),
        ORIGINAL.replace("团委", "妇联").replace("居民", "村民").replace("楼院", "村组"),
        ORIGINAL.replace("希望来年再创佳绩", "明年还要更上一层楼"),
        ORIGINAL.replace("积极参与", "用心参与"),  # one word, put otherwise in one of two places
        "",
        "完全是另一份报告，讲的是水库除险加固工程的进度。",
    ],
)
def test_what_is_not_spun(other):
    found = spinning(rc.fold(ORIGINAL), rc.fold(other))
    assert (found.spun, found.original) == (False, None)
    assert found.confidence < 0.5


def test_names_changed_all_through_are_not_spun():
    form = "{0}{1}召开会议。{2}同志代表{1}发言。{0}各村参加{1}的培训。{2}主持{0}的工作。{1}上报{0}的材料。"
    one, other = form.format("东山镇", "教育局", "王建国"), form.format("西河镇", "水利局", "张晓燕")
    assert not spinning(rc.fold(one * 3), rc.fold(other * 3)).spun


# ---- the lexicon


def pair(*swaps, original="left", spun=True):
    return Spinning(spun, 0.9, original, 0.9, tuple((swap, 1) for swap in swaps), 0)


def test_swaps_are_learned_from_several_pairs_in_the_direction_of_each():
    found = [
        pair(("认真", "用心"), ("水库", "湖水")),
        pair(("用心", "认真"), original="right"),
        pair(("认真", "用心"), ("推进", "促进")),
        pair(("推进", "促使")),
        pair(("推进", "促成")),
        pair(("推进", "促进")),
        pair(("推进", "促成")),
        pair(("推进", "促进")),
        pair(("推进", "推动")),
        *[pair(("北京", "上海"), spun=False)] * 5,
        *[pair(("甲乙", "丙丁"), original=None)] * 5,
    ]
    assert learned(found).swaps == {("认真", "用心"): 3}
    assert learned(found, fewest_pairs=1).swaps == {("认真", "用心"): 3, ("水库", "湖水"): 1}


def test_a_lexicon_is_written_and_read():
    lexicon = SpinLexicon({("认真", "用心"): 3, ("制度", "轨制"): 7, ("安全", "平安"): 3})
    content = lexicon.to_tsv()
    assert content == f"{HEADER}\n制度\t轨制\t7\n安全\t平安\t3\n认真\t用心\t3\n"
    assert SpinLexicon.from_tsv(content) == lexicon
    assert SpinLexicon.from_tsv("\ufeff# mine\r\n\n认真\t用心\n").swaps == {("认真", "用心"): 1}
    assert lexicon.merged(lexicon).swaps[("制度", "轨制")] == 14
    for line in ("认真", "认真\t认真\t1", "认真\t\t1", "认真\t用心\t-1", "认真\t用心\t１", "真\t用心\t1"):
        with pytest.raises(ConfigError, match=r"mine\.tsv:2 is no swap"):
            SpinLexicon.from_tsv(f"{HEADER}\n{line}", "mine.tsv")


def test_which_side_of_a_swap_is_the_original():
    lexicon = SpinLexicon({("创建", "建立"): 5, ("建立", "创建"): 2, ("文明", "礼貌"): 0})
    assert [
        lexicon.side(*swap) for swap in (("创建", "建立"), ("建立", "创建"), ("礼貌", "文明"), ("甲", "乙"))
    ] == [
        1,
        -1,
        -1,
        0,
    ]
    assert lexicon.knows("礼貌", "文明")
    assert not lexicon.knows("礼貌", "创建")


def test_folding_makes_an_original_and_its_copy_equal():
    lexicon = shipped_lexicon()
    assert lexicon.folded(ORIGINAL) == lexicon.folded(SPUN)
    assert rc.fold(lexicon.folded(opencc.OpenCC("s2t").convert(SPUN))) == rc.fold(lexicon.folded(ORIGINAL))
    assert SpinLexicon({}).folded(SPUN) == SPUN
    both_ways = SpinLexicon({("创建", "建立"): 5, ("建立", "创建"): 2, ("设立", "建立"): 1})
    assert {both_ways.folded(word) for word in ("创建", "建立", "设立")} == {"创建"}
    assert both_ways.folded("再创建立") == "再创建立"


@given(st.lists(st.sampled_from(["积极", "用心", "創建", "建立", "分子", "x", "。", "城"]), max_size=12))
def test_folding_is_a_leftmost_longest_replacement(pieces):
    text = "".join(pieces)
    lexicon = SpinLexicon({("积极", "用心"): 1, ("创建", "建立"): 1, ("积极分子", "用心分子"): 1})
    wording = {"用心": "积极", "建立": "创建", "用心分子": "积极分子"}
    wording |= {word: word for word in wording.values()}
    plain, slow, place = text.replace("創", "创"), "", 0
    while place < len(text):
        word = next((w for w in (plain[place : place + 4], plain[place : place + 2]) if w in wording), "")
        slow += wording[word] if word else text[place]
        place += len(word) or 1
    assert lexicon.folded(text) == slow


# ---- wording by itself


def collocations(text):
    return [(hit.stem, hit.replacement) for hit in find_spun_wording(text)]


def test_wording_is_found_by_section_and_by_document():
    spun = "支部用心分子增加，签订职责书，礼貌办检查，个性是在创卫中表现突出。"
    plain = "支部积极分子增加，签订责任书，文明办检查，尤其在创卫中表现突出。"
    wanted = [("用心分子", "积极"), ("职责书", "责任"), ("礼貌办", "文明"), ("个性是在", "特别")]
    assert collocations(spun) == wanted
    assert collocations(plain) == []
    joined = SEPARATOR.join([plain, spun, "只有用心分子。", "", spun])
    assert collocations(joined) == wanted * 2
    assert all(joined[h.start : h.end] in h.stem for h in find_spun_wording(joined))
    # What two documents have each is no evidence of either.
    assert collocations("用心分子，职责书。\n\x00\n礼貌办，期望工程。") == []


def test_more_text_needs_more_evidence():
    spun = "支部用心分子增加，签订职责书，礼貌办检查。"
    prose = "全年检修线路一百二十公里，走访用户三千余户，受到好评。"
    assert collocations(spun + prose * 20)
    assert not collocations(spun + prose * 400)


def test_the_fix_says_what_stood_there():
    text = "支部用心分子增加，签订职责书，礼貌办检查。"
    assert rc.clean(text).text == text
    fixed = rc.clean(text, rc.CleanConfig(select=("SPN001",), unsafe_fixes=True)).text
    assert fixed == "支部积极分子增加，签订责任书，文明办检查。"


def test_the_table_of_wording_is_sound():
    for entry in spun_words():
        assert entry.word != entry.original
        sure, hints = set(entry.sure), set(entry.hints)
        assert len(sure) == len(entry.sure)
        assert not sure & hints
        assert all(one.before or one.after for one in entry.sure)


# ---- the real page


@pytest.fixture(scope="module")
def page(shared):
    return (shared / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def truth(shared):
    return json.loads((shared / PAGE).with_suffix(".truth.json").read_text(encoding="utf-8"))


def test_the_spun_article_of_the_real_page(page, truth):
    keys = {s["ordinal"]: rc.fold(page[s["start"] : s["end"]]) for s in truth["sections"]}
    wanted = {tuple(swap) for swap in truth["substitutions_2_to_7"]}
    for one, other in combinations((2, 7, 11), 2):
        found = spinning(keys[one], keys[other])
        if 7 not in {one, other}:
            assert not found.spun
            continue
        assert found.spun
        assert found.original == ("right" if one == 7 else "left")
        counts = {swap if one != 7 else swap[::-1]: count for swap, count in found.swaps}
        assert counts[("积极", "用心")] == 10
        assert set(counts) == wanted
        assert spinning(keys[one], keys[other], SpinLexicon({})).original == found.original


def test_spun_wording_of_the_real_page(page, truth):
    places = [hit.start for hit in find_spun_wording(page)]
    spun = {s["ordinal"] for s in truth["sections"] for place in places if s["start"] <= place < s["end"]}
    assert spun == {7, *truth["spun_without_original_on_the_page"]}


# ---- in a run


def spun_by(text, swaps):
    for original, other in swaps:
        text = text.replace(original, other)
    return text


SWAPS = [("积极", "用心"), ("通过", "透过"), ("文明", "礼貌"), ("情况", "状况")]


def paper(number, parts=6):
    return ORIGINAL + report(number, parts)


@pytest.mark.parametrize("keep", ["best", "first"])
def test_the_original_is_kept_whichever_comes_first(keep):
    spun = spun_by(paper(1), SWAPS)
    result = rc.dedupe([spun, paper(1)], rc.DedupeConfig(keep=keep))
    (match,) = result.matches
    assert (match.kind, match.original_id, match.differs) == ("spun", "1#1", "words")
    (kept,) = result.kept
    assert kept.section_id == ("1#1" if keep == "best" else "0#1")
    assert result.removed[0].reason.startswith(
        "removed: spun copy of 1#1" if keep == "best" else "removed: original of 0#1"
    )
    swaps = {(swap.left, swap.right): swap.count for swap in result.swaps}
    assert {(b, a): n for (a, b), n in swaps.items()}.keys() == set(SWAPS)
    assert result.findings["DUP004"] == 1


def test_spun_leader_gives_way_for_all_of_its_cluster():
    """A copy with fewer repairs leads at first; two more sections matched it, and now match the original."""
    spun = spun_by(paper(1), SWAPS)
    original = paper(1) + "20xx年"
    result = rc.dedupe([spun, original, spun.replace("报告", "汇报") + "。", original + "完"])
    (cluster,) = result.clusters
    assert cluster.representative_id == "3#1"
    assert {match.kind for match in result.matches} == {"spun", "near"}
    for match in result.matches:
        assert cluster.representative_id in (match.left_id, match.right_id)


def test_without_it_no_pair_is_spun():
    result = rc.dedupe([spun_by(paper(1), SWAPS), paper(1)], rc.DedupeConfig(spun=False))
    (match,) = result.matches
    assert (match.kind, match.original_id, result.swaps) == ("near", None, ())


HEAVY = [
    *SWAPS,
    ("责任", "职责"),
    ("特别", "个性"),
    ("能力", "潜力"),
    ("希望", "期望"),
    ("志愿", "自愿"),
    ("参与", "参加"),
]


def heavily_spun(count):
    """Copies too far from their originals to match by themselves."""
    return [spun_by(ORIGINAL + report(n, 1), HEAVY) for n in range(count)]


def test_a_run_learns_and_finds_what_it_could_not_have_found():
    light = [text for n in range(4) for text in (paper(n), spun_by(paper(n), [*SWAPS[:2], ("年度", "年份")]))]
    heavy = [ORIGINAL + report(9, 1), *heavily_spun(10)[9:]]
    alone = rc.dedupe(heavy, rc.DedupeConfig(spun=False))
    assert alone.clusters == ()
    result = rc.dedupe([*light, *heavy])
    assert {(s.original, s.spun) for s in result.lexicon} >= {("积极", "用心"), ("通过", "透过")}
    (match,) = [m for m in result.matches if "8#1" in (m.left_id, m.right_id)]
    assert (match.kind, match.original_id) == ("spun", "8#1")


def test_a_lexicon_from_elsewhere_finds_heavily_spun_copies(tmp_path):
    file = tmp_path / "swaps.tsv"
    file.write_text(SpinLexicon(dict.fromkeys(HEAVY, 3)).to_tsv(), encoding="utf-8")
    heavy = [ORIGINAL + report(9, 1), *heavily_spun(10)[9:]]
    (match,) = rc.dedupe(heavy, rc.DedupeConfig(spin_lexicon=str(file))).matches
    assert (match.kind, match.original_id, match.jaccard) == ("spun", "0#1", 1.0)


@pytest.mark.parametrize("content", ["积极\n", "积\t用心\t3\n", b"\xff\xfe"])
def test_a_lexicon_that_is_none_is_refused(tmp_path, content):
    file = tmp_path / "swaps.tsv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError, match=r"swaps\.tsv"):
        rc.dedupe(["甲"], rc.DedupeConfig(spin_lexicon=str(file)))
    with pytest.raises(ConfigError, match="cannot read"):
        rc.dedupe(["甲"], rc.DedupeConfig(spin_lexicon=str(tmp_path / "none.tsv")))


def test_order_of_input_changes_nothing_that_is_said_of_spun_copies():
    texts = {f"o{n}": paper(n) for n in range(5)} | {f"s{n}": spun_by(paper(n), SWAPS) for n in range(5)}
    texts |= {f"h{n}": text for n, text in enumerate(heavily_spun(5))}
    results = []
    for seed in range(3):
        names = sorted(texts)
        random.Random(seed).shuffle(names)
        results.append(rc.dedupe([rc.Document(name, texts[name]) for name in names]))
    one, *others = results
    for other in others:
        assert {c.members and frozenset(c.members) for c in one.clusters} == {
            frozenset(c.members) for c in other.clusters
        }
        assert {c.representative_id for c in one.clusters} == {c.representative_id for c in other.clusters}
        assert sorted(one.matches, key=str) == sorted(other.matches, key=str)
        assert one.lexicon == other.lexicon
        assert set(one.swaps) == set(other.swaps)


@given(mixed(), mixed())
def test_which_sections_have_a_relative_does_not_depend_on_their_order(left, right):
    texts = [
        left,
        right,
        *(report(n) for n in range(6)),
        *(report(n).replace("，", "，又") for n in range(6)),
    ]
    keys = sorted({rc.fold(text) for text in texts if rc.fold(text)})

    def named(order):
        signed = signed_texts(order, rc.DedupeConfig(), choose_bands(rc.DedupeConfig()), choose(0), None)
        hashes = np.array([hash_of[text] for text in order], dtype=np.uint64)
        pairs = relatives(choose(0), signed.signatures, np.arange(len(order)), hashes, 128, 84)
        return [(order[a], order[b]) for a, b in pairs.tolist()]

    hash_of = {key: number for number, key in enumerate(keys)}
    assert named(keys) == named(keys[::-1])
