"""``compare`` says what ``dedupe`` does, and how two texts differ."""

import doctest
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from oracles import containment, jaccard, shingles_of, tokens_of
from reportclean.engines import comparing
from strategies import reports, texts

REPORT = "20xx年，我站积极检修线路一百二十公里，更换老旧电表三千余只，处理投诉四十件，走访用户三百余户。"
SERVICE = (
    "读者服务部新办借书证八百张，上架新书三千册，接待读者一万人次。流动书车每周三下乡，行驶里程比去年多出一倍，"
    "村里的孩子们早早等在路口。阅览室换了灯管，夏天延长开放到晚上九点。地方文献组抄录碑刻二十七通，整理家谱四部，"
    "装订旧报纸一百零六册。馆舍屋面漏雨的地方请人补了，消防器材逐件检查登记。"
)


@given(reports(), reports(), st.integers(1, 8))
def test_ratios_by_their_definition(left, right, size):
    found = rc.compare(left, right, rc.DedupeConfig(shingle_size=size), raw=True)
    sets = [shingles_of(tokens_of(text), size) for text in (left, right)]
    assert found.jaccard == pytest.approx(jaccard(*sets))
    assert found.containment == pytest.approx(containment(*sets))


@st.composite
def pairs(draw):
    """Two reports that are mostly much alike."""
    text = draw(reports(4, 12))
    other = text
    for _ in range(draw(st.integers(0, 3))):
        old, new = draw(
            st.sampled_from(
                [
                    ("年", "年度"),
                    ("2015", "2016"),
                    ("，", "、"),
                    ("工", "职工"),
                    ("三", "五"),
                    ("检修", "抢修"),
                    ("20xx", "1998"),
                ]
            )
        )
        other = other.replace(old, new, draw(st.integers(1, 3)))
    return text, other


configs = st.builds(
    rc.DedupeConfig,
    threshold=st.sampled_from([0.5, 0.8, 0.95]),
    min_tokens=st.sampled_from([0, 20, 60]),
    keep=st.sampled_from(["best", "first", "longest", "newest"]),
    keep_updates=st.booleans(),
    prefer=st.sampled_from(["", "b*"]),
    unit=st.just("document"),
    num_perm=st.just(512),
)


@given(pairs(), configs, st.sampled_from(["", "2020-01-01"]))
def test_it_says_what_dedupe_does(pair, config, date):
    documents = [
        rc.Document(name, text, source=name, metadata={"date": date if name == "b" else "2019-05-01"})
        for name, text in zip("ab", pair, strict=True)
    ]
    found = rc.compare(*documents, config)
    result = rc.dedupe(documents, config)
    if not result.matches:  # the bands may pass over a pair at the threshold
        assert not found.matches or found.jaccard < config.threshold + 0.1
        return
    (match,) = result.matches
    assert (found.kind, found.differs) == (match.kind, match.differs)
    assert (found.jaccard, found.containment) == (match.jaccard, match.containment)
    kept = [section.document_id for section in result.kept]
    assert kept == {"left": ["a"], "right": ["b"], "both": ["a", "b"]}[found.kept]


@given(texts(), texts())
def test_whatever_the_texts_are(left, right):
    found = rc.compare(left, right)
    assert "".join(piece.left for piece in found.pieces) == found.left.text == rc.clean(left).text
    assert "".join(piece.right for piece in found.pieces) == found.right.text
    assert json.loads(json.dumps(found.to_dict()))["kept"] == found.kept
    back = rc.compare(right, left)
    assert (back.jaccard, back.kind) == (found.jaccard, found.kind)
    same = rc.compare(left, left)
    assert same.differences == ()
    assert same.kind in {"exact", None}
    assert (same.kind is None) == (not tokens_of(same.left.text))


@pytest.mark.parametrize(
    ("other", "settings", "kept", "reason"),
    [
        (REPORT.replace("20xx", "2015"), {}, "right", "fewer placeholders and repairs: 0 against 1"),
        (REPORT.replace("，走访", "。。走访"), {}, "left", "fewer placeholders and repairs: 1 against 2"),
        (REPORT + "经验推广到全县各站。", {}, "right", "longer: 50 tokens against 41"),
        (REPORT + "经验推广到全县各站。", {"keep": "first"}, "left", "first in the input"),
        (REPORT, {}, "left", "equal in all that counts, and first"),
        (REPORT.replace("四十", "五十"), {"keep_updates": True}, "both", "an update: numbers differ"),
        ("读者服务部新办借书证八百张，上架新书三千册，接待读者一万人次。", {}, "both", "no match: the Jaccard is under 0.6"),
        ("……", {}, "both", "a text without tokens matches nothing"),
    ],
)  # fmt: skip
def test_why_one_stays(other, settings, kept, reason):
    found = rc.compare(REPORT, other, rc.DedupeConfig(threshold=0.6, **settings))
    assert found.kept == kept
    assert found.reason == reason


def test_a_preferred_source_and_a_newer_date_go_first():
    one = rc.Document("one", REPORT, source="site/a.txt", metadata={"date": "2015-01-01"})
    other = rc.Document("other", REPORT + "。", source="trusted/b.txt", metadata={"date": "2016-01-01"})
    preferred = rc.compare(one, other, rc.DedupeConfig(prefer="trusted/*"))
    assert (preferred.kept, preferred.reason) == ("right", "its source matches trusted/*")
    newer = rc.compare(one, other, rc.DedupeConfig(keep="newest"))
    assert (newer.kept, newer.reason) == ("right", "newer")
    assert (newer.left.name, newer.right.name) == ("one", "other")


def test_a_spun_copy():
    original = "入党积极分子增强责任感，通过学习文明创建，带头参加各项活动。" + SERVICE
    copy = "入党用心分子增强职责感，透过学习礼貌创建，带头参加各项活动。" + SERVICE
    found = rc.compare(copy, original)
    assert (found.kind, found.kept, found.reason) == (
        "spun",
        "right",
        "the original wording, not the spun one",
    )
    assert found.spinning.original == "right"
    shown = [(p.left, p.right) for p in found.pieces if p.about == "swap"]
    assert shown == [("用心", "积极"), ("职责", "责任"), ("透过", "通过"), ("礼貌", "文明")]
    assert {"left": "用心", "right": "积极", "count": 1} in found.to_dict()["spinning"]["swaps"]
    assert rc.compare(copy, original, rc.DedupeConfig(spun=False)).kind == "near"


def test_a_lexicon_makes_keys_alike(tmp_path):
    file = tmp_path / "spin-lexicon.tsv"
    file.write_text("original\tspun\tpairs\n更换\t替换\t3\n走访\t拜访\t3\n", encoding="utf-8")
    other = REPORT.replace("更换", "替换").replace("走访", "拜访")
    plain = rc.compare(REPORT, other, rc.DedupeConfig(threshold=0.95))
    assert plain.kind is None
    known = rc.compare(REPORT, other, rc.DedupeConfig(threshold=0.95, spin_lexicon=str(file)))
    assert (known.kind, known.jaccard) == ("spun", 1.0)


def test_contained():
    found = rc.compare(REPORT, REPORT + SERVICE)
    assert (found.kind, found.kept, found.matches) == ("contained", "both", False)
    assert found.containment > 0.9


def test_a_title_does_not_count_for_what_differs():
    left, right = f"供电站上半年工作总结\n\n　　{REPORT}\n", f"供电站上半年工作小结\n\n　　{REPORT}\n"
    found = rc.compare(left, right)
    assert [(piece.left, piece.right) for piece in found.differences] == [("总结", "小结")]
    assert found.differs == "none"
    assert rc.compare(left, right, rc.DedupeConfig(unit="document")).differs == "words"


def test_what_is_no_text():
    with pytest.raises(rc.ConfigError, match=r"^b is bytes; give a str or a Document"):
        rc.compare("年", b"x")


def test_cleaning_is_on_unless_raw():
    dirty = REPORT.replace("，走访", "。。走访")
    assert rc.compare(dirty, REPORT).left.text == dirty.replace("。。", "。")
    assert rc.compare(dirty, REPORT).left.repairs == 1
    assert rc.compare(dirty, REPORT, raw=True).left.text == dirty
    assert rc.compare(dirty, REPORT, clean=rc.CleanConfig(ignore=("ART",))).left.text == dirty


def test_counts_and_dict():
    found = rc.compare(REPORT, replace(rc.Document("x", REPORT.replace("20xx", "2015").replace("。", "!"))))
    assert found.counts() == {"masks": 1, "signs": 1}
    values = found.to_dict()
    assert values["right"]["name"] == "x"
    assert "".join(piece["left"] for piece in values["pieces"]) == REPORT
    assert [hit["kind"] for hit in values["left"]["placeholders"]] == ["year"]


def test_docstrings():
    assert not doctest.testmod(comparing).failed
