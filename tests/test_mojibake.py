"""Repair of wrong encodings, escapes and characters nobody sees: cases, and what must hold for any text."""

import json
import math
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportclean.document import apply_edits
from reportclean.rules.base import Safety
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import run
from reportclean.text import compatibility, escapes, invisible, tabs
from reportclean.text.charmodel import model
from reportclean.text.mojibake import (
    find_crossed,
    find_guesses,
    find_mojibake,
    find_read_as_latin,
    find_slipped,
    find_unrecoverable,
    find_utf8_as_gbk,
    hidden,
)
from reportclean.text.mojibake.lostmarks import find_lost_marks

CASES = json.loads((Path(__file__).parent / "cases" / "mojibake.json").read_text(encoding="utf-8"))
RULES = tuple(rule for rule in all_rules() if rule.family == "ENC" and rule.fix is Safety.SAFE)
FINDERS = (
    find_crossed,
    find_guesses,
    find_mojibake,
    find_read_as_latin,
    find_slipped,
    find_unrecoverable,
    find_utf8_as_gbk,
    find_lost_marks,
    escapes.find_entities,
    escapes.find_percents,
    escapes.find_backslash_escapes,
    invisible.find_invisible,
    invisible.find_surrogates,
    invisible.find_noncharacters,
    compatibility.find_radicals,
    compatibility.find_compatibility,
    compatibility.find_private_use,
    tabs.find_tabs,
)
SEPARATOR = "\n\0\n"


def fixed(text, finder=find_mojibake):
    pieces, at = [], 0
    for hit in finder(text):
        if hit.replacement is not None:
            pieces += [text[at : hit.start], hit.replacement]
            at = hit.end
    return "".join(pieces) + text[at:]


def case_id(case):
    return f"{case['status']}: {case['note'] or case['fixed'][:12]}"


@pytest.mark.parametrize("case", [c for c in CASES if c["status"] != "known failure"], ids=case_id)
def test_case(case):
    assert fixed(case["text"]) == case["fixed"]


@pytest.mark.parametrize("case", [c for c in CASES if c["status"] == "known failure"], ids=case_id)
@pytest.mark.xfail(strict=True, reason="not solved yet")
def test_known_failure(case):
    assert fixed(case["text"]) == case["fixed"]


@pytest.mark.parametrize("case", [c for c in CASES if c["status"] == "wild"], ids=case_id)
def test_repairing_again_changes_nothing(case):
    once = fixed(case["text"])
    assert fixed(once) == once


def test_every_gap_is_a_hit_and_can_be_guessed():
    broken = "会议。测试安全生产，".encode().decode("gbk", "replace")
    hits = list(find_utf8_as_gbk(broken))
    assert sum(hit.kind == "utf8-as-gbk-gap" for hit in hits) == fixed(broken).count("\ufffd") > 0
    assert fixed(broken, find_guesses) == "会议。测试安全生产，"
    assert {hit.kind for hit in find_guesses(broken)} == {"guess", "guess-context"}


def test_long_lossy_text_is_read_in_windows():
    text = "各级工会组织要认真贯彻落实会议精神，加强安全生产检查，" * 400
    broken = text.encode().decode("gb18030", "replace")
    result = fixed(broken)
    assert len(result) == len(text)
    assert all(a in {b, "\ufffd"} for a, b in zip(result, text, strict=True))


SENTENCES = (
    "各级工会组织要认真贯彻落实会议精神，加强安全生产检查，国庆节前夕完成环境卫生整治。",
    "粮食储备库创造性地编制《妇女儿童权益保护实施办法》，参训率100%，节约经费近8000元。",
)
DECODERS = {
    "U+FFFD a byte, GBK": lambda data: data.decode("gbk", "replace"),
    "U+FFFD a byte, GB18030": lambda data: data.decode("gb18030", "replace"),
    "? a byte": lambda data: data.decode("gbk", "replace").replace("\ufffd", "?"),
    "bytes dropped": lambda data: data.decode("gbk", "ignore"),
    "private use dropped": lambda data: re.sub("[\ue000-\uf8ff]", "", data.decode("gb18030", "replace")),
    "last byte cut": lambda data: data[:-1].decode("gb18030", "replace"),
}


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS)
@pytest.mark.parametrize("text", SENTENCES)
def test_what_was_not_lost_is_right_and_every_gap_is_reported(text, decoder):
    broken = decoder(text.encode())
    hits = list(find_utf8_as_gbk(broken))
    result = fixed(broken)
    # Every character found stands in the text, in that order; a gap may stand for more than one.
    assert re.fullmatch(".{1,3}".join(map(re.escape, re.split("\ufffd+", result))), text, re.DOTALL)
    assert sum(hit.kind == "utf8-as-gbk-gap" for hit in hits) == result.count("\ufffd") > 0
    assert result.count("\ufffd") < 0.25 * len(text)


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS)
@pytest.mark.parametrize(
    ("before", "after"), [("基本达到目标。\n", "\n图书馆"), ("满意率上升。", "汛期到来，")]
)
def test_clean_text_beside_it_stays(before, after, decoder):
    text = before + decoder(SENTENCES[0].encode()) + after
    result = fixed(text)
    assert result.startswith(f"{before}各级工会")
    assert result.endswith(after)


def test_a_mark_of_gb18030_is_80_unless_ascii_follows():
    """Private-use characters show that all pairs were known, so nothing else can have been refused."""
    broken = SENTENCES[0].encode().decode("gb18030", "replace")
    assert any("\ue000" <= char <= "\uf8ff" for char in broken)
    assert broken.count("\ufffd") > fixed(broken).count("\ufffd")


@given(st.binary(min_size=1, max_size=40))
def test_a_refused_byte_is_among_those_that_are_possible(data):
    """The oracle is Python's own decoder, one byte at a time."""
    at = 0
    while at < len(data):
        if data[at] < 0x80:
            at += 1
            continue
        after = data[at + 1] if at + 1 < len(data) else hidden.END
        refused = not data[at : at + 2].decode("gbk", "ignore") or after < 0x40 or after == hidden.END
        assert hidden.possible(hidden.refused_before(after))[data[at]] == refused
        at += 1 if refused else 2


@pytest.mark.parametrize(
    "known",
    [
        (0xE4, 0xBC, hidden.ANY),
        (0xE4, hidden.PAIR_LEAD, hidden.PAIR_TRAIL),
        (0xE4, 0xBC, hidden.PAIR_LEAD),
        (hidden.ANY, 0xBC, 0x9A),
        (hidden.PAIR_TRAIL, 0xBC, hidden.refused_before(0xE5)),
    ],
)
def test_mass_is_the_sum_over_the_characters_that_fit(known):
    first, second, third, together = hidden.fit(known)
    total = 0.0
    for point in range(0x800, 0x10000):
        a, b, c = 0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
        if first[a] and second[b] and third[c] and (together is None or together[b - 0x80, c - 0x80]):
            total += math.exp(float(model().alone[point]))
    assert hidden.mass(known) == pytest.approx(math.log(total), abs=1e-6)


@pytest.mark.parametrize("before", "的工，浣a\ue863")
def test_a_pair_costs_the_same_alone_as_in_a_text(before):
    for after in "的会，犲z\ufffd":
        assert model().pair(before, after) == pytest.approx(float(model().each(before + after)[1]))


def test_guesses_keep_to_the_script_and_pair_brackets():
    broken = "我们总结了《新品种示范田》实施办法。".encode().decode("gbk", "replace")
    assert "\ufffd" in fixed(broken)
    assert fixed(broken, find_guesses) == "我们总结了《新品种示范田》实施办法。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&#20320;&#x597D;&mdash;&amp;#20320;", "你好—你"),
        ("&lt;b&gt; 工会", "&lt;b&gt; 工会"),
        ('s.replace("&nbsp;", " ")', 's.replace("&nbsp;", " ")'),
        ("http://a.cn/?a=1&amp;b=2", "http://a.cn/?a=1&amp;b=2"),
        ("有效的实体为 &amp; &quot;", "有效的实体为 &amp; &quot;"),
        ("见 &#99999999; 页", "见 &#99999999; 页"),
        ("A&#0;B", "A&#0;B"),
    ],
)
def test_entities(text, expected):
    assert fixed(text, escapes.find_entities) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("标题%E4%BD%A0%E5%A5%BD", "标题你好"),
        ("%C4%E3%BA%C3 世界", "你好 世界"),
        ("%u5DE5%u4F1A", "工会"),
        ("3%u6708", "3月"),
        ("https://a.cn/s?q=%E4%BD%A0", "https://a.cn/s?q=%E4%BD%A0"),
        ("增长50%25", "增长50%25"),
        ("100%", "100%"),
    ],
)
def test_percents(text, expected):
    assert fixed(text, escapes.find_percents) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"标题\u4f60\u597d", "标题你好"),
        (r"\ud83d\ude00好", "😀好"),
        (r"[\u4e00-\u9fa5]+", r"[\u4e00-\u9fa5]+"),
        (r"C:\u4f60\u597d", r"C:\u4f60\u597d"),
        (r'{"a": "\u4f60"}', r'{"a": "\u4f60"}'),
        (r"\\u4f60", r"\\u4f60"),
        (r"\ud83d", r"\ud83d"),
    ],
)
def test_backslash_escapes(text, expected):
    assert fixed(text, escapes.find_backslash_escapes) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工\u200b会\u200d，\ufeff好\u00ad", "工会，好"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3"),
        ("نامه\u200cای \u200f", "نامه\u200cای \u200f"),
        ("a\u202eb\nשלום\u202b", "ab\nשלום\u202b"),
        ("葛\U000e0100飾", "葛\U000e0100飾"),
        ("ภาษา\u200bไทย", "ภาษา\u200bไทย"),
        ("क्\u200dष", "क्\u200dष"),
        ("字\ufe0f", "字"),
        ("一\u2028二", "一\n二"),
    ],
)
def test_invisible(text, expected):
    assert fixed(text, invisible.find_invisible) == expected


def test_controls_and_surrogates():
    assert fixed("a\0b\x0cc\n\x0cd\x1b[31m红\x1b[0m", invisible.find_controls) == "ab\nc\nd红"
    assert fixed("\ud800好\ud83d\ude00", invisible.find_surrogates) == "\ufffd好😀"
    assert fixed("\ufdd0x\uffff", invisible.find_noncharacters) == "x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⼯会和⼥职⼯", "工会和女职工"),
        ("⻋间", "车间"),
        ("⼀⼁⼂⼃⼄⼅ 部首", "⼀⼁⼂⼃⼄⼅ 部首"),
        ("⼀ ⼁", "⼀ ⼁"),
    ],
)
def test_radicals(text, expected):
    assert fixed(text, compatibility.find_radicals) == expected


def test_compatibility_ideographs_stay_in_japanese_and_korean():
    find = compatibility.find_compatibility
    assert fixed("\uf9d1十", find) == "六十"
    assert fixed("\uf90a 김치", find) == "\uf90a 김치"
    assert fixed("\ufa19社の森", find) == "\ufa19社の森"
    assert fixed("\ufa0e", find) == "\ufa0e"
    assert fixed(f"\uf9d1{SEPARATOR}\uf90a 김치", find) == f"六{SEPARATOR}\uf90a 김치"


def test_private_use():
    hits = list(compatibility.find_private_use("\ue863\ue000\ue001"))
    assert [(hit.kind, hit.replacement) for hit in hits] == [
        ("private-use-gb18030", "䶮"),
        ("private-use", None),
    ]


def test_unrecoverable_and_lost_marks():
    text = "总锟斤拷结烫烫烫 \ufffd\ufffd"
    assert [text[hit.start : hit.end] for hit in find_unrecoverable(text)] == [
        "锟斤拷",
        "烫烫烫",
        "\ufffd\ufffd",
    ]
    assert [hit.kind for hit in find_lost_marks("上海?科技馆，你去吗?我去。历史??回顾")] == [
        "lost-dot",
        "lost-dash",
    ]


# --- what must hold for any text ---------------------------------------------------------------------------

FRAGMENTS = st.one_of(
    st.sampled_from([case["text"] for case in CASES]),
    st.sampled_from(
        [
            "，",
            "工会",
            "会议。",
            "?",
            "€",
            "&#20320;",
            "&amp;",
            "amp;",
            "#20320;",
            "%u4F60",
            "%E4%BD%A0",
            "\\u4f60",
            "⼯",
            "Ã",
            "©",
            "ä½",
            "浣",
            "犲",
            "鈥",
            "ÄãºÃ",
            "x",
            "1",
            "专业技\t术工作，提高服务水平和能力。",
            "{⻊習}",
            "部首",
            "C:\\",
            "`",
            "ไทย",
        ]
    ),
    st.sampled_from(["\n", " ", "\u200b", "\ud800", "\uf90a", "\ue863", "\x0c", "\x85"]),
    st.text(max_size=6),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=6),
    st.text(st.characters(min_codepoint=0x80, max_codepoint=0xFF), max_size=8),
    st.binary(max_size=12).map(lambda data: data.decode("gb18030", "replace")),
    st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace").decode("gbk", "replace")),
)
GARBAGE = st.lists(FRAGMENTS, max_size=8).map("".join)


@given(GARBAGE)
@settings(max_examples=300, deadline=None)
def test_edits_replay_and_cleaning_again_changes_nothing(text):
    outcome = run(text, RULES)
    assert apply_edits(text, outcome.edits) == outcome.text
    assert run(outcome.text, RULES).text == outcome.text


@pytest.mark.parametrize("finder", FINDERS, ids=lambda finder: finder.__name__)
@given(texts=st.lists(GARBAGE.filter(lambda text: "\0" not in text), min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
@example(texts=["浣犲ソ", "ÄãºÃ", "会\ufffd"])
def test_documents_looked_at_together_give_the_same_hits(finder, texts):
    joined = SEPARATOR.join(texts)
    alone, offset = [], 0
    for text in texts:
        alone += [(h.start + offset, h.end + offset, h.kind, h.replacement) for h in finder(text)]
        offset += len(text) + len(SEPARATOR)
    assert [(h.start, h.end, h.kind, h.replacement) for h in finder(joined)] == alone


@pytest.mark.parametrize("finder", FINDERS, ids=lambda finder: finder.__name__)
@given(text=GARBAGE)
@settings(max_examples=50, deadline=None)
def test_hits_are_in_order_and_disjoint(finder, text):
    position = 0
    for hit in finder(text):
        assert position <= hit.start < hit.end <= len(text)
        position = hit.end


@pytest.mark.parametrize(
    "unit",
    [
        "浣",
        "Ã",
        "Ã©",
        "鈥�",
        "?",
        "&amp;",
        "%",
        "%E4",
        "\\u4f60",
        "\u202e",
        "⼯",
        "\uf90a",
        "篇籔",
        "ä½ ",
        "�",
        "积极做好专业技\t术工作，",
        "&mdash;",
        "工\u200b",
        "ไ\u200b",
    ],
)
def test_time_is_linear(unit):
    def seconds(size):
        text = (unit * (size // len(unit) + 1))[:size]
        started = time.process_time()
        for finder in FINDERS:
            list(finder(text))
        return time.process_time() - started

    seconds(500)
    small, large = (min(seconds(size) for _ in range(3)) for size in (4_000, 16_000))
    assert large < 10 * small + 0.2  # four times the text; a quadratic finder would take sixteen times


def test_broken_documents_do_not_slow_one_another_down():
    """What is read around a candidate ends with its document, and so does the look for its ends."""
    report = (
        "全年共检修输电线路一百二十公里，处理缺陷三十六处。供电所组织职工学习安全规程，走访用户三千余户。"
    )
    document = "\n".join(report[n:].encode().decode("gb18030", "replace") for n in range(6))

    def seconds(count):
        joined = "\n\0\n".join([document] * count)
        taken = []
        for _ in range(2):
            start = time.process_time()
            assert sum(1 for _ in find_utf8_as_gbk(joined)) >= count
            taken.append(time.process_time() - start)
        return min(taken)

    seconds(2)  # the tables are made
    assert seconds(800) < 8 * seconds(200)


def test_broken_lines_of_a_long_document_do_not_slow_one_another_down():
    """Nothing is looked for as far back as the document begins."""
    lines = "全年共检修输电线路一百二十公里。" * 120 + "\n" + "安全生产".encode().decode("gb18030") + "\n"

    def seconds(count):
        taken = []
        for _ in range(2):
            start = time.process_time()
            assert sum(1 for _ in find_utf8_as_gbk(lines * count)) == count
            taken.append(time.process_time() - start)
        return min(taken)

    seconds(2)
    assert seconds(1600) < 8 * seconds(400)
