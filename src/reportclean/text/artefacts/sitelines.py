"""Lines that a site puts around an article: header, byline, navigation, source, copyright, calls to visit.

All of them could be a person's words in another text, so each form is bound to a place: the start of a
line, the first lines of a document, or a sentence or brackets of its own.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from reportclean.document import Hit
from reportclean.text.artefacts.lines import BLANK, BORDER, LineCursor, next_line, with_line_end
from reportclean.text.scanned import (
    SPACES,
    At,
    Scanned,
    among,
    anchored,
    begins,
    document_starts,
    matches_from,
    tops_with,
)

MAX_LENGTH = 200  # code points; what is longer is prose that happens to begin alike
_COMMENT = "#/*;-%\"'<"  # a file of code begins with an address, too
HEADER_LINES = 3  # the title and address of a site stand no deeper than this

_LEADS = " \t\u3000>》●■◆★☆※·•【[（("
_MOST_LEADS = 6
_LEAD = f"[{re.escape(_LEADS)}]{{0,{_MOST_LEADS}}}"

# Kind and what the line begins with; the line has at most MAX_LENGTH code points after it.
_FORMS: tuple[tuple[str, str], ...] = (
    ("navigation", r"(?:[上下][一][篇页頁条]|[前后]一篇)(?:文章)?\s?(?:[:：>›»→|】\]）)]|\s\s|\r?$)"),
    (
        "navigation",
        (
            r"(?:(?:相关|推荐|延伸|拓展|热门|最新|精彩)(?:推荐|文章|阅读|链接|搜索|下载)|(?:猜你|您?可能(?:还)?)(?:喜欢|感兴趣)"
            r"|[您你]可能(?:还)?(?:喜欢|感兴趣)|栏目推荐)(?:的文章|的内容)?\s?(?:[:：】\]）)]|\r?$)"
        ),
    ),
    ("navigation", r"(?:网站|本站)?首页\s?[>›»→|/]"),
    ("navigation", r"(?:当前|您的|您现在的|您所在的|所在)位置(?:是)?\s?[:：]"),
    (
        "navigation",
        (
            r"(?:返回(?:首页|顶部|列表|上一[级页])|回到顶部|分享(?:到|至)|点击下载|收藏本[文页站]|加入收藏|打印本[文页]|关闭窗口)"
            r"(?:[ \t:：|】\]）)>]|\r?$)"
        ),
    ),
    (
        "source",
        r"(?:本文|原文|以上内容|内容|资料|信息)(?:均)?(?:来源于|来自(?:于|网络|互联网)|转自|转载自|摘自|由[^，。]{1,20}(?:整理|收集|提供))",
    ),
    (
        "source",
        r"(?:转载(?:自|请注明|需注明|时请|务请|于)|(?:本文|原文|文章)(?:链接|地址|网址|出处)\s?[:：])",
    ),
    (
        "visit",
        r"(?:点击(?:阅读|展开|查看)(?:全文|剩余)|以上内容仅为本文档的试下载部分|内容过长，仅展示头部和尾部)",
    ),
    ("visit", r"欢迎(?:访问|光临本|收藏本|登录|登陆)|敬请(?:关注|收藏)本[站网]"),
    (
        "guide",
        r"(?:阅读(?:指引|指南|提示)|(?:本文|文章|内容)(?:导读|导航|目录)|小编(?:寄语|导读|推荐|提示|按语?))\s?[】\]）):：]",
    ),
    ("guide", r"(?:以下|下面|这里|本文|接下来|今天)[^。！？\n]{0,30}小编"),
    (
        "copyright",
        (
            r"(?:版权(?:所有|声明|申明)|免责声明|未经(?:授权|许可|允许|同意|书面|本[站网])[^。\n]{0,20}(?:转载|使用|复制)"
            r"|如(?:有|若|果)?(?:涉及)?侵(?:权|犯)[^。\n]{0,30}(?:联系|删除)|本[站网]所有(?:文章|资料|内容)"
            r"|(?:Copyright|COPYRIGHT|copyright)\s?(?:©|\([Cc]\)|[0-9]{4})|©\s?(?:[12][0-9]{3}|[Cc]opyright)"
            r"|All [Rr]ights [Rr]eserved"
            r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?(?:ICP[备证]|公网安备))"
        ),
    ),
    (
        "contribute",
        (
            r"(?:我要投稿|欢迎投稿|投稿(?:邮箱|热线|信箱|QQ|方式|地址)|扫(?:一扫|描)(?:下方|上方|右侧)?(?:二维码|关注)"
            r"|(?:请|欢迎)?(?:关注|搜索)(?:我们的|本站|本)?(?:官方)?(?:微信)?公众号|(?:加入)?(?:本站)?(?:QQ|qq|微信)(?:交流)?群\s?[:：])"
        ),
    ),
)
# What a line that any form matches can begin with: almost all lines are done with after one look.
_FIRST = (
    "首网上下前后相推延拓热最精猜您你可栏当所返回分点收加打关本原以内资信转文欢敬阅小这接今版免未如CcA©"
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼I公我投扫请搜Qq微"
)

_LABEL = (
    r"(?:(?:文章|信息|新闻|内容|稿件)?来源|稿源|作者|(?:发布|更新|发表|添加|录入|整理)(?:时间|日期|人|者)"
    r"|时间|日期|(?:责任|文章)?编辑|责编|(?:点击|浏览|阅读|访问|人气|下载)(?:次数|数|量)?|字[号体]|栏目|分类"
    r"|标签|关键[词字]|评论)\s?[:：]"
)
_FIRST_LABEL = "来稿作发更添录整时日责文编点浏阅访人下字栏分标关评信新内12"
_DATE = (
    r"(?:[12][0-9x_×]{3}\s?[-/年.]\s?[0-9x]{1,2}\s?[-/月.]\s?[0-9x]{1,2}日?(?:\s+[0-9]{1,2}:[0-9:]{2,5})?"
    r"[ \t\u3000]+)?"
)
_ALONE = (
    r"(?:(?:发布|更新|添加|录入)(?:时间|日期)|(?:点击|浏览|阅读|访问)(?:次数|数|量)|(?:信息|稿件)来源|稿源|字[号体]"
    r"|来源\s?[:：]\s?(?:网络|互联网|本站|未知|转载|整理|原创|网友))"
)


@cache
def _line_forms() -> re.Pattern[str]:
    forms = "|".join(f"(?P<{kind}_{number}>{head})" for number, (kind, head) in enumerate(_FORMS))
    first = "".join(dict.fromkeys(_FIRST + _FIRST_LABEL))
    return re.compile(rf"\n{_LEAD}(?=[{first}])(?:(?P<byline>{_DATE}{_LABEL})|{forms})", re.MULTILINE)


@cache
def _written() -> str:
    """Every character that the forms name: no other can come second in what they match."""
    forms = "".join((*(head for _, head in _FORMS), _DATE, _LABEL))
    return "".join(sorted({*forms, *_LEADS, *SPACES, *string.ascii_letters, *string.digits}))


@cache
def _label() -> re.Pattern[str]:
    return re.compile(_LABEL)


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(_ALONE)


@cache
def _inside() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Sentences of the same kinds after other text; the kind, how the pattern begins, and it."""
    return (
        ("source", "本文", re.compile(r"本文(?:来源于|来自|转自|转载自|摘自)")),
        (
            "visit",
            "更多",
            re.compile(
                r"更多[^。！？，；()（）\n]{0,24}请(?:继续)?(?:访问|关注|登录|登陆|点击|进入|浏览|收藏)"
            ),
        ),
    )


def find_site_lines(text: str) -> Iterator[Hit]:
    """What a site added around an article.

    Kinds: ``header``, ``byline``, ``navigation``, ``source``, ``visit``, ``guide``, ``copyright``,
    ``contribute``. The replacement is empty: the line goes with its line end, a sentence or bracket by
    itself.

    >>> [h.kind for h in find_site_lines("来源：网络  作者：佚名  更新时间：2024-10-26")]
    ['byline']
    """
    found = {*_headers(text), *_whole_lines(text), *_sentences(text)}
    floor = 0
    # A header is known by its address alone: where a line is something else as well, that tells more.
    for start, end, kind in sorted(found, key=lambda hit: (hit[0], hit[2] == "header", hit[1:])):
        if start < floor or end <= start:
            continue
        whole = (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")
        first, last = with_line_end(text, start, end, floor) if whole else (start, end)
        floor = last
        yield Hit(first, last, kind, replacement="")


def _headers(text: str) -> Iterator[tuple[int, int, str]]:
    """Among the first lines of a document those that are a site's name and address."""
    for start in _with_header(text):
        line: tuple[int, int] | None = (start, _line_end(text, start))
        for _ in range(HEADER_LINES):
            if line is None:
                break
            if line[1] - line[0] <= 100 and _is_header(text, *line):
                yield *line, "header"
            line = next_line(text, line[1])


def _with_header(text: str) -> Iterable[int]:
    """Starts of the joined documents with a dot, a colon or a dash among their first lines."""
    if not isinstance(text, Scanned):
        return document_starts(text)
    letters = "/" + "".join(map(chr, range(0x61, 0x7B)))
    address = [begins(text, At(".", letters)), begins(text, At(":", "/"))]
    places = np.unique(np.concatenate([*address, begins(text, At("-_|–—"))]))
    return tops_with(text, places, HEADER_LINES)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


@cache
def _address() -> re.Pattern[str]:
    return re.compile(
        r"(?<![@A-Za-z0-9.-])(?:https?://[!-~]{3,90}|(?:[A-Za-z0-9-]{1,30}\.){1,3}(?:com|cn|net|org|cc|info|top|vip|tw|hk)\b(?:/[!-~]{0,90})?)"
    )


@cache
def _suffix() -> re.Pattern[str]:
    return re.compile(
        r"(?P<title>[^\n]{4,60}?)\s?[-_|–—]{1,2}\s?[^-_|–—\s，。]{2,12}(?:网|文库|在线|之家|大全|论坛|图书馆|范文)"
    )


def _is_header(text: str, start: int, end: int) -> bool:
    """Whether a line is an address with a short name, or a title that stands below again with a site's."""
    line = text[start:end].strip(BLANK)
    if line[:1] in {*_COMMENT} or "](" in line:
        return False
    suffix = _suffix().fullmatch(line)
    if suffix is not None:
        return suffix["title"] in text[end : end + 500].partition(BORDER)[0]
    match = _address().search(line)
    if match is None:
        return False
    rest = line[: match.start()] + line[match.end() :]
    return len(rest) <= 25 and not any(sign in rest for sign in "，。；！？,;")


def _whole_lines(text: str) -> Iterator[tuple[int, int, str]]:
    first = _line_forms().match("\n" + text[:MAX_LENGTH])
    matches = [(0, first.lastgroup or "")] if first else []
    matches += [(match.start() + 1, match.lastgroup or "") for match in _lines_with_forms(text)]
    cursor = LineCursor(text)
    for start, group in matches:
        line = cursor.at(start)
        if line[1] - line[0] > MAX_LENGTH:
            continue
        if group != "byline" or _is_byline(text[line[0] : line[1]].strip(BLANK + "【】[]（）()")):
            yield *line, group.partition("_")[0]


def _lines_with_forms(text: str) -> Iterator[re.Match[str]]:
    """What :func:`_line_forms` matches, tried where the first two characters of a line allow it."""
    if not isinstance(text, Scanned):
        yield from _line_forms().finditer(text)
        return
    feeds = text.line_ends
    feeds = feeds[among(text.codes_at(feeds + 1), _FIRST + _FIRST_LABEL + _LEADS)]
    at = feeds + 1
    for _ in range(_MOST_LEADS):
        at += among(text.codes_at(at), _LEADS)
    opens = among(text.codes_at(at), _FIRST + _FIRST_LABEL) & among(text.codes_at(at + 1), _written())
    yield from matches_from(text, _line_forms(), feeds[opens].tolist())


def _is_byline(line: str) -> bool:
    labels = _label().findall(line)
    if any(sign in line for sign in "。！？；"):
        return False
    return len(labels) > 1 or (_alone().match(line) is not None and len(line) <= 40)


def _sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """A sentence or bracket of the site's inside a paragraph."""
    for kind, head, pattern in _inside():
        for match in anchored(text, pattern, At(head[0], head[1])):
            start = match.start()
            before = text[start - 1 : start]
            if before in ("(", "（"):
                end = _closing(text, match.end(), ")）")
                if end:
                    yield start - 1, end, kind
            elif before in ("", "\n", "。", "！", "？", "；", " ", "\u3000", "】"):
                end = _closing(text, match.end(), "。！？\n") or len(text)
                end -= text[end - 1 : end] == "\n"
                if end - start <= 120:
                    yield start, end, kind


def _closing(text: str, start: int, signs: str) -> int:
    """One past the first of the signs within the next 120 code points; 0 if there is none."""
    for at in range(start, min(len(text), start + 120)):
        if text[at] in signs:
            return at + 1
        if text[at] == "\n":
            return 0
    return 0
