"""The front matter of a scraped page: site lines, byline, titles, teaser, reading guides."""

from __future__ import annotations

import re
from functools import cache

from reportclean.text.sections.cues import GENRE, title_strength
from reportclean.text.sections.page import Line, Page
from reportclean.text.sections.promise import count_in

MOST_LINES = 40
LONGEST_BLURB = 600


@cache
def _site() -> re.Pattern[str]:
    return re.compile(
        r"(?:https?://|www\.)|\b[a-z0-9-]{2,30}\.(?:com|cn|net|org)\b|\[bookmark|\[toc\]|\{toc|"
        r"^(?:当前位置|您(?:现在)?的位置|首页 ?[>|»/]|home ?[>|»/])|范文网$|文库$"
    )


@cache
def _byline() -> re.Pattern[str]:
    return re.compile(
        r"^(?:文章)?(?:来源|作者|编辑|责任编辑|责编|时间|日期|发布|发布(?:时间|日期|人|者)|更新|更新(?:时间|日期)|浏览|阅读|点击|点击数|人气|字号|"
        r"字数|分类|类别|栏目|标签|关键词|投稿|整理|上传|供稿|本文已影响|手机版|source|author|editor|by|posted|updated|published|date|tags|views)"
        r"(?: ?:| ?/|[(]| by| on)"
        r"|^(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?:$| +(?:来源|作者|编辑|浏览|点击))"
    )


@cache
def _blurb() -> re.Pattern[str]:
    return re.compile(
        "小编|(?:以下|下面)(?:是|为|就是)(?:我|本站|本网|[^。]{0,20}(?:整理|收集|分享|提供|推荐|带来|准备))|"
        "欢迎(?:大家)?(?:阅读|参考|借鉴|查阅|收藏|下载|浏览)|(?:仅)?供(?:大家|您|各位|你)?(?:参考|借鉴|学习)|"
        "希望(?:能|可以)?(?:对|给)(?:大家|您|你|各位)[^。]{0,10}(?:帮助|启发|参考)|^(?:导读|导语|目录|篇目|相关(?:推荐|阅读|文章)|推荐阅读|提示|说明|编者按|摘要:|contents$|table of contents)|"
        "(?:为|给)(?:大家|您|你)(?:整理|带来|准备|收集|分享|提供|介绍)|本文(?:为|是|整理|收集|共)|上一篇|下一篇|"
        "here (?:are|is) (?:some|a few|the)|(?:the )?following (?:are|is)|we (?:have )?(?:collected|gathered|compiled)|below (?:are|is|you)|in this (?:collection|article)"
    )


def title_lines(page: Page) -> list[str]:
    """What the page calls itself at its top: titles of 5 characters or more without the promise, longest first."""
    found = set()
    for line in page.lines(1, 3000)[:8]:
        text = line.text[:120] if is_teaser(page, line) else line.text
        text = re.sub(r"^\[bookmark[^\]]*\]", "", text)
        bare = re.split(r"[(【\[〔《](?=[^()【】\[\]]{0,20}[篇份则])", text, maxsplit=1)[0]
        bare = re.sub(r"(?: ?(?:精选|通用|合集|汇编|集合|共|热门|优秀|最新))? ?[0-9一二三四五六七八九十]{1,3} ?[篇份则].*$", "", bare)
        bare = bare.strip(" #*《》【】_-|")
        if 5 <= len(bare) <= 50 and (bare != text or title_strength(bare, page.text[line.start - 1 :][: len(bare)])):
            if not re.search("[。;!?…:]", bare):
                found.add(bare)
    return sorted(found, key=lambda title: (-len(title), title))


def is_teaser(page: Page, line: Line) -> bool:
    """Whether a line is cut off with an ellipsis and what it says stands in full further down."""
    if not re.search(r"(?:…|\.{3}|。{3})[)】\]]? ?(?:\[?(?:详细|全文|更多|查看)[^\s]{0,6})?$", line.text):
        return False
    core = line.text.rstrip(".…。 ")
    end = line.start + line.indent + len(line.text)
    probe = core[-min(24, len(core)) :]
    return len(core) >= 12 and page.view.find(probe, end) >= 0


def is_definite(page: Page, line: Line) -> bool:
    """Whether a line can be nothing but front matter."""
    text = line.text
    if len(text) <= 160 and (_byline().search(text) or _site().search(text)):
        return True
    return is_teaser(page, line)


def front_end(page: Page, titles: list[str], limit: int, *, compiled: bool) -> int:
    """Where the front matter ends (a position of the view): 1 where there is none.

    Args:
        page: The page.
        titles: Its titles, as :func:`title_lines` gives them.
        limit: The front matter cannot reach beyond.
        compiled: Whether the page is a compilation. On a plain document a title belongs to its text,
            unless a site line or byline below it says that all of it is the site's.
    """
    end = 1
    seen: set[str] = set()
    lines = page.lines(1, limit)[: MOST_LINES + 1]
    after_promise = False
    for index, line in enumerate(lines[:MOST_LINES]):
        text = line.text
        stop = lines[index + 1].start if index + 1 < len(lines) else min(page.line_end(line.start) + 1, len(page))
        holds_promise = count_in(line) is not None
        if is_definite(page, line) or (compiled and holds_promise):
            end = stop
            after_promise |= holds_promise
        elif compiled and len(text) <= LONGEST_BLURB and _blurb().search(text):
            end = stop
        elif not _is_title(text, titles, seen, first=index == 0, known=after_promise):
            break
        elif compiled:
            end = stop
        seen.add(text)
    return end


def _is_title(text: str, titles: list[str], seen: set[str], *, first: bool, known: bool) -> bool:
    """Whether a line is the page's title; once the promise was read, only what repeats it is."""
    if text in seen:
        return True
    if any(title in text and len(text) <= len(title) + 24 for title in titles) and not known:
        return True
    if known:
        bare = text.strip("《》 ")
        return any(bare == title for title in titles)
    return first and len(text) <= 60 and (title_strength(text) > 0 or re.search(GENRE, text) is not None)
