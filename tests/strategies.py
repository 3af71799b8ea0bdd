"""Texts for Hypothesis: reports, mixed scripts, and what only a program or a foe would write."""

import string

from hypothesis import strategies as st

# Every clause is whole, so a report may be put together from them in any order.
CLAUSES = (
    "全年共检修线路一百二十公里",
    "更换老旧电表三千余只",
    "在上级部门的正确领导下",
    "我馆认真落实安全生产责任制",
    "组织职工参加业务培训",
    "群众满意度明显提高",
    "新建灌溉渠道四条",
    "图书借阅量稳步上升",
    "干部作风进一步转变",
    "走访慰问困难家庭",
    "消防演练覆盖所有科室",
    "里里外外打扫得干干净净",
    "头发理短了些",
    "面条与面子是两回事",
    "台风过后及时恢复供电",
    "后勤保障工作有条不紊",
    "累计发放宣传手册五万份",
    "松柏常青",
    "几何课程深受学生欢迎",
    "云彩下面是连绵的群山",
    "钟表修理铺重新开张",
    "制订并完善了各项规章制度",
    "向先进单位学习取经",
    "胡同里的老住户都来帮忙",
    "食堂采购实行双人签字",
    "供水管网漏损率逐月下降",
)
STOPS = "。！？；"
COMMAS = "，、：—…·"
BRACKETS = ("（）", "《》", "“”", "「」")
YEAR_FORMS = (
    "2015",
    "20xx",
    "20XX",
    "202_",
    "__",
    "____",
    "××××",
    "XXXX",
    "二〇XX",
    "二〇一五",
    "二零一六",
    "1998",
)

HAN_WITHOUT_NUMBERS = "工作总结领导群众学习教育培训安全生产管理服务环境卫生建设科技文化农村经济社会发展"


def clauses(min_size=1, max_size=12):
    """Lists of clauses; joined in any way they are Chinese prose without masks or digits."""
    return st.lists(st.sampled_from(CLAUSES), min_size=min_size, max_size=max_size)


@st.composite
def reports(draw, min_size=1, max_size=12):
    """Paragraphs of a work report, with years, quotations and numbered headings."""
    parts = []
    for clause in draw(clauses(min_size, max_size)):
        kind = draw(st.integers(0, 9))
        if kind == 0:
            parts.append(f"{draw(st.sampled_from(YEAR_FORMS))}年，")
        elif kind == 1:
            parts.append(f"\n{draw(st.sampled_from('一二三四五'))}、")
        elif kind == 2:
            left, right = draw(st.sampled_from(BRACKETS))
            parts.append(f"{left}{draw(st.sampled_from(CLAUSES))}{right}")
        parts += (clause, draw(st.sampled_from([*"。。，，、；！", "。\n"])))
    return "".join(parts)


_WORDS = "the annual report of water library meters naïve Straße café 37 km A4 co-op \ufb01le"
ENGLISH = st.sampled_from(_WORDS.split())
OTHER_SCRIPTS = st.sampled_from(
    [
        "กรุงเทพมหานคร",
        "ສະບາຍດີ",
        "ភាសាខ្មែរ",
        "မြန်မာ",
        "हिन्दी में",
        "العربية",
        "עברית",
        "Ελληνικά",
        "русский",
        "한국어 문장",
        "ひらがな",
        "カタカナ",
        "Tiếng Việt",
        "বাংলা",
        "தமிழ்",
    ]
)
SEPARATORS = st.sampled_from([" ", "  ", "\n", "，", "。", "-", ", ", "/", "", "\u3000", "😀", "\u200b"])


@st.composite
def mixed(draw, max_size=14):
    """Words of many scripts with all kinds of signs between them."""
    words = draw(st.lists(st.one_of(ENGLISH, OTHER_SCRIPTS, st.sampled_from(CLAUSES)), max_size=max_size))
    return "".join(word + draw(SEPARATORS) for word in words)


HOSTILE_PIECES = (
    "\x00",
    "\n\x00\n",
    "\ufdd0",
    "\ufdef",
    "\ufffe",
    "\U0010ffff",
    "\ud800",
    "\udfff",
    "\ufffd",
    "\u0301",
    "\u0323",
    "\u3099",
    "\u1100\u1161",
    "\u0e33",
    "\u200d",
    "\ufe0f",
    "\ufeff",
    "\u202e",
    "\xad",
    "\U000e0100",
    "\ufb03",
    "\ufdfa",
    "\u0130",
    "\u1e9e",
    "ﾊﾟ",
    "ﾞ",
    "ｱ",
    "\u2f00",
    "\uf900",
    "\U0002f800",
    "20xx年",
    "__年",
    "____年__月__日",
    "**市",
    "[填写]",
    "{{name}}",
    "<b>",
    "&amp;",
    "。。",
    "。 。",
    "，，",
    "- 1 -",
    "\n- 2 -\n",
    "[bookmark: _Toc1]",
    "[bookmark: [bookmark: x]]",
    "_x000D_",
    "_x005F_",
    "第1页共2页",
    "PAGEREF _Toc1 \\h 3",
    "错误！未定义书签。",
    "Ã©",
    "ä¸­",
    "锟斤拷",
    "\r\n",
    "\r",
    "\t",
    "\u2028",
    "\x85",
    "\x1b[0m",
    "\\",
    "'",
    '"',
    "%s{0}",
)


def hostile(max_size=24):
    """Noncharacters, surrogates, NULs, marks without a base, pieces of markup, in any order."""
    return st.lists(
        st.one_of(
            st.sampled_from(HOSTILE_PIECES),
            st.characters(exclude_categories=()),
            st.sampled_from(CLAUSES),
            st.sampled_from(string.printable),
        ),
        max_size=max_size,
    ).map("".join)


def texts():
    """Any text that a corpus may hold."""
    return st.one_of(reports(), mixed(), hostile(), st.text(max_size=30))


@st.composite
def edit_rounds(draw, rounds=2, max_size=12):
    """A text and rounds of sorted, disjoint edits, each round as (start, end, after) on the round's text."""
    text = draw(st.text("abc", max_size=max_size))
    out = []
    now = text
    for _ in range(rounds):
        cuts = sorted(draw(st.lists(st.integers(0, len(now)), max_size=8)))
        spans = list(zip(cuts[::2], cuts[1::2], strict=False))
        edits = [(start, end, draw(st.text("abcX", max_size=3))) for start, end in spans]
        out.append(edits)
        for start, end, after in reversed(edits):
            now = now[:start] + after + now[end:]
    return text, out
