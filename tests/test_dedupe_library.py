import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from corpora import report, reworded

CHINESE_RECORD = (
    "一年来，供电所组织职工对辖区线路进行了三轮巡视，更换老旧电表，处理用户投诉，走访困难家庭，会同街道清理通道树障。"
    "全所共检修变压器{n}台，节约开支，满意率稳步上升，没有发生责任事故，圆满完成了上级下达的各项任务。"
    "明年将继续加强培训，完善预案，改进服务，争取让群众用上更加可靠的电，为地方发展作出新的贡献。"
)
ENGLISH_RECORD = (
    "The county water board met with residents of the lower valley to review the state of the pumping station, "
    "the reservoir and the old cast iron mains that run beneath the market square. Engineers reported that "
    "{n} leaks had been repaired by the night crew, that pressure had returned to normal in most streets, and "
    "that the remaining works would be finished before the first frost without raising the monthly charge."
)


def clusters(result):
    return {frozenset(cluster.members) for cluster in result.clusters}


@pytest.mark.parametrize("texts", [["猫狗", "经济"], ["好", "坏"], ["a", "b"], ["。", "，"], ["", " "]])
def test_texts_shorter_than_a_shingle_match_only_when_equal(texts):
    assert rc.dedupe(texts).clusters == ()


def test_equal_short_texts_match():
    assert clusters(rc.dedupe(["猫狗", "经济", "「猫狗」"])) == {frozenset({"0#1", "2#1"})}


def test_single_lines_with_other_numbers_do_not_merge():
    roads = [f"Farm to Market Road {n} is located in Lamar County." for n in (*range(1495, 1515), 1999, 2001)]
    assert rc.dedupe(roads).clusters == ()


@pytest.mark.parametrize("record", [CHINESE_RECORD, ENGLISH_RECORD])
def test_records_that_differ_in_a_number_match_and_stay_on_request(record):
    texts = [record.format(n=17), record.format(n=23)]
    result = rc.dedupe(texts)
    (match,) = result.matches
    assert (match.kind, match.differs) == ("near", "numbers")
    assert len(result.removed) == 1
    kept = rc.dedupe(texts, rc.DedupeConfig(keep_updates=True))
    assert kept.removed == ()
    assert len(kept.matches) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (CHINESE_RECORD.format(n=17) + "2015年12月", CHINESE_RECORD.format(n=17) + "2016年12月"),
        (
            ENGLISH_RECORD.format(n=17) + " Written in 2015.",
            ENGLISH_RECORD.format(n=17) + " Written in 2016.",
        ),
        (ENGLISH_RECORD.format(n=17) + " Season 2015", ENGLISH_RECORD.format(n=17) + " Season 2016"),
    ],
)
def test_records_that_differ_in_a_year_match_and_stay_on_request(left, right):
    (match,) = rc.dedupe([left, right]).matches
    assert match.differs == "years"
    assert rc.dedupe([left, right], rc.DedupeConfig(keep_updates=True)).removed == ()


def test_a_copy_of_a_kept_update_goes():
    texts = [CHINESE_RECORD.format(n=17) + f"{year}年" for year in (2015, 2016, 2016, 2017, 2015)]
    result = rc.dedupe(texts, rc.DedupeConfig(keep_updates=True, keep="first"))
    assert [section.document_id for section in result.removed] == ["2", "4"]
    assert "1#1" in result.removed[0].reason


@pytest.mark.parametrize(
    "texts",
    [
        ["今天上午图书馆举办了亲子阅读活动。", "检修班在暴雨之后抢修了三处塌方。"],
        [
            "تعمل اللجنة على تحسين شبكة المياه في القرى البعيدة منذ بداية العام",
            "اجتمع المعلمون في المدرسة الجديدة لمناقشة خطة القراءة للصف الثالث",
            "도서관은 올해 여름 어린이를 위한 독서 교실을 열고 많은 호응을 얻었다",
            "발전소 정비팀은 태풍이 지나간 뒤 송전선을 사흘 만에 모두 복구하였다",
            "서울시는 내년부터 버스 노선을 전면 개편하고 환승 요금을 낮추기로 했다",
            "図書館では夏休みの間に子ども向けの読書会を毎週開き、多くの参加者を集めた",
            "台風のあと、保守班は三日間で送電線をすべて復旧させ、停電を解消した",
            "市は来年度からバス路線を見直し、乗り換えの料金を引き下げることを決めた",
            "قرر المجلس البلدي إعادة تنظيم خطوط الحافلات وخفض أسعار التذاكر",
            "نظمت المكتبة العامة ورشة عمل للأطفال حول كتابة القصص القصيرة",
        ],
    ],
)
def test_unrelated_texts_stay_apart(texts):
    assert rc.dedupe([text * 2 for text in texts], rc.DedupeConfig(threshold=0.1)).clusters == ()


def test_threshold_one_means_equal_shingle_sets():
    text = report(1)
    almost = text.replace("。", "甲。", 1)
    config = rc.DedupeConfig(threshold=1.0)
    assert clusters(rc.dedupe([text, almost, text.replace("，", "、")], config)) == {
        frozenset({"0#1", "2#1"})
    }
    looped = "甲乙丙丁戊己庚辛" * 10  # the same shingles, but not the same key
    (match,) = rc.dedupe([looped, looped + "甲乙丙丁戊己庚辛"], config).matches
    assert (match.kind, match.jaccard) == ("near", 1.0)


def test_documents_lose_sections_but_not_their_front_matter():
    page = "检修班工作总结（精选3篇）\n" + "".join(f"检修班工作总结 篇{n + 1}\n{report(n)}" for n in range(3))
    result = rc.dedupe(
        [rc.Document("page", page), rc.Document("copy", report(1))], rc.DedupeConfig(keep="first")
    )
    assert [section.section_id for section in result.removed] == ["copy#1"]
    other = rc.dedupe(
        [rc.Document("copy", report(1)), rc.Document("page", page)], rc.DedupeConfig(keep="first")
    )
    (removed,) = other.removed
    assert removed.document_id == "page"
    kept = {document.id: document.text for document in other.kept_documents}
    assert kept["page"] == page.replace(other.text(removed.section_id), "")
    assert other.documents[1].reason == "1 of 3 sections removed"


def test_a_document_that_loses_everything_goes_whole():
    page = "检修班工作总结（精选2篇）\n" + "".join(f"检修班工作总结 篇{n + 1}\n{report(n)}" for n in range(2))
    result = rc.dedupe([report(0), report(1), page], rc.DedupeConfig(keep="first"))
    assert [document.id for document in result.kept_documents] == ["0", "1"]
    front = next(section for section in result.sections if section.document_id == "2" and not section.ordinal)
    assert not front.kept


def test_repeated_ids_are_told_apart():
    documents = [rc.Document("a", report(n), "f.jsonl", n + 1) for n in range(3)]
    result = rc.dedupe(documents)
    assert [document.document_id for document in result.documents] == ["a", "a@f.jsonl:2", "a@f.jsonl:3"]
    assert result.findings["STR002"] == 2


def test_mark_removes_nothing():
    texts = [report(1), report(1)]
    result = rc.dedupe(texts, rc.DedupeConfig(mark=True))
    assert result.removed == ()
    assert [s.reason.split(":")[0] for s in result.sections] == ["kept", "would be removed"]


def test_prefer_and_policies():
    copies = [
        rc.Document("long", report(1) + "附记一则。", "b/long.txt", metadata={"date": 1.0}),
        rc.Document("short", report(1), "a/short.txt", metadata={"date": 2.0}),
        rc.Document("masked", report(1) + "20xx年", "a/masked.txt", metadata={"date": 3.0}),
    ]

    def kept(**settings):
        (section,) = rc.dedupe(copies, rc.DedupeConfig(**settings)).kept
        return section.document_id

    assert kept(keep="best") == "long"
    assert kept(keep="first") == "long"
    assert kept(keep="longest") == "long"
    assert kept(keep="newest") == "masked"
    assert kept(prefer="a/*") == "short"
    assert kept(prefer="a/*", keep="first") == "short"


def test_empty_texts_are_accounted_for():
    result = rc.dedupe(["", report(1), " \n"])
    assert [item.reason for item in result.quarantined] == ["empty", "empty"]
    assert len(result.documents) + len(result.quarantined) == 3


@pytest.mark.parametrize("wrong", ["one text", rc.Document("a", "b"), [1], [None]])
def test_wrong_arguments_are_named(wrong):
    with pytest.raises(rc.ConfigError, match="documents"):
        rc.dedupe(wrong)


@given(seed=st.integers(0, 10**6))
def test_order_of_input_changes_no_cluster(seed):
    rng = random.Random(seed)
    bases = [report(seed * 10 + n, 2) for n in range(4)]
    texts = [reworded(rng.choice(bases), n, rng.randint(0, 25)) for n in range(12)]
    shuffled = rng.sample(range(12), 12)
    for keep in ("best", "longest"):
        config = rc.DedupeConfig(keep=keep)
        plain = rc.dedupe([rc.Document(str(n), texts[n]) for n in range(12)], config)
        other = rc.dedupe([rc.Document(str(n), texts[n]) for n in shuffled], config)
        assert clusters(plain) == clusters(other)


@given(seed=st.integers(0, 10**6), threshold=st.sampled_from([0.5, 0.7, 0.8, 0.95]))
def test_members_match_their_representative_and_kept_sections_do_not_match(seed, threshold):
    rng = random.Random(seed)
    bases = [report(seed * 10 + n, 2) for n in range(3)]
    texts = [reworded(rng.choice(bases), n, rng.choice([0, 5, 15, 40])) for n in range(12)]
    result = rc.dedupe(texts, rc.DedupeConfig(threshold=threshold))

    def shingles(text):
        tokens = re.findall(r"[a-z0-9]+|\S", rc.fold(text))
        return {tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)}

    sets = {section.section_id: shingles(result.text(section.section_id)) for section in result.sections}

    def jaccard(a, b):
        return len(sets[a] & sets[b]) / len(sets[a] | sets[b])

    for match in result.matches:
        assert match.jaccard >= threshold
    kept = [section.section_id for section in result.kept]
    for a in kept:
        for b in kept:
            assert a == b or jaccard(a, b) < threshold
    for section in result.removed:
        assert section.representative_id in kept


def test_tables_for_other_libraries():
    result = rc.dedupe([report(1), report(1), report(2)])
    table = result.to_arrow("matches")
    assert table.num_rows == 1
    assert set(result.to_dict()) == {
        "documents",
        "sections",
        "matches",
        "swaps",
        "lexicon",
        "passages",
        "repeats",
        "clusters",
        "quarantined",
        "findings",
    }
    assert result.to_arrow().num_rows == 3


@pytest.mark.parametrize("headings", ["工作总结 篇{}", "篇{}：", "【第{}篇】"])
@pytest.mark.parametrize("numbers", ["123", "一二三"])
def test_a_copy_under_another_number_is_exact(headings, numbers):
    bodies = [report(1), report(2), report(1)]
    articles = "".join(f"{headings.format(n)}\n{body}" for n, body in zip(numbers, bodies, strict=True))
    page = f"检修班工作总结（精选3篇）\n{articles}"
    for keep_updates in (False, True):
        result = rc.dedupe([page], rc.DedupeConfig(keep_updates=keep_updates))
        (match,) = result.matches
        assert (match.kind, match.jaccard, match.differs) == ("exact", 1.0, "none")
        assert len(result.removed) == 1
