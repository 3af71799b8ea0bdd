"""The front matter of a scraped page: site lines, byline, titles, teaser, reading guides."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from reportclean.text.sections.cues import GENRE, title_strength
from reportclean.text.sections.page import Line, Page, folded
from reportclean.text.sections.promise import count_in

MOST_LINES = 40
LONGEST_BLURB = 600
LONGEST_TITLE = 60
TEASER_REACH = 400
TOP = 3000
PROBE = 16


@cache
def _site() -> re.Pattern[str]:
    return folded(
        r"(?:https?://|www\.)|\b[a-z0-9-]{2,30}\.(?:com|cn|net|org)\b|\[bookmark|\[toc\]|\{toc|"
        r"^(?:当前位置|您(?:现在)?的位置|首页 ?[>|»/]|home ?[>|»/])|范文网$|文库$"
    )


@cache
def _byline() -> re.Pattern[str]:
    return folded(
        r"^(?:文章)?(?:来源|作者|编辑|责任编辑|责编|发布|发布(?:时间|日期|人|者)|更新|更新(?:时间|日期)|浏览|点击|点击数|人气|字号|"
        r"投稿|整理|上传|供稿|本文已影响|手机版|source|author|editor|posted|updated|published)"
        r"(?: ?:| ?/|[(]| by| on)"
        r"|^(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)? +(?:来源|作者|编辑|浏览|点击)"
    )


@cache
def _loose_byline() -> re.Pattern[str]:
    """Lines that minutes and letters have as well: believed on a compilation only."""
    return folded(
        r"^(?:时间|日期|阅读|字数|分类|类别|栏目|标签|关键词|date|by|tags|views) ?[:/ ]"
        r"|^(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?$"
    )


@cache
def _blurb() -> re.Pattern[str]:
    return folded(
        "小编|(?:以下|下面)(?:是|为|就是)(?:我|本站|本网|[^。]{0,20}(?:整理|收集|分享|提供|推荐|带来|准备))|"
        "欢迎(?:大家)?(?:阅读|参考|借鉴|查阅|收藏|下载|浏览)|(?:仅)?供(?:大家|您|各位|你)?(?:参考|借鉴|学习)|"
        "希望(?:能|可以)?(?:对|给)(?:大家|您|你|各位)[^。]{0,10}(?:帮助|启发|参考)|^(?:导读|导语|目录|篇目|相关(?:推荐|阅读|文章)|推荐阅读|提示|说明|编者按|摘要:|contents$|table of contents)|"
        "(?:为|给)(?:大家|您|你)(?:整理|带来|准备|收集|分享|提供|介绍)|本文(?:为|是|整理|收集|共)|上一篇|下一篇|"
        "here (?:are|is) (?:some|a few|the)|(?:the )?following (?:are|is)|we (?:have )?(?:collected|gathered|compiled)|below (?:are|is|you)|in this (?:collection|article)"
    )


def title_lines(page: Page) -> list[str]:
    """What the page calls itself at its top: titles of 5 characters or more without the promise, longest first."""
    found = set()
    for line in islice(page.lines(1, TOP), 8):
        text = line.text[:120]
        if len(line.text) > 120 and not is_teaser(page, line):
            continue
        text = folded(r"^\[bookmark[^\]]*\]").sub("", text)
        bare = folded(r"[(【\[〔《](?=[^()【】\[\]]{0,20}[篇份则])").split(text, maxsplit=1)[0]
        bare = folded(
            r"(?: ?(?:精选|通用|合集|汇编|集合|共|热门|优秀|最新))? ?[0-9一二三四五六七八九十]{1,3} ?[篇份则].*$"
        ).sub("", bare)
        bare = bare.strip(" #*《》【】_-|")
        if 5 <= len(bare) <= 50 and (
            bare != text or title_strength(bare, page.text[line.start - 1 :][: len(bare)])
        ):
            if not folded("[。;!?…:]").search(bare):
                found.add(bare)
    return sorted(found, key=lambda title: (-len(title), title))


def teasers(page: Page) -> list[range]:
    """The teasers at the top: headings in them are copies."""
    lines = islice(page.lines(1, TOP), MOST_LINES)
    return [range(line.start, page.line_end(line.start)) for line in lines if is_teaser(page, line)]


def is_teaser(page: Page, line: Line) -> bool:
    """Whether a line is cut off with an ellipsis and what it says stands in full further down."""
    if not folded(r"(?:…|\.{3}|。{3})[)】\]]? ?(?:\[?(?:详细|全文|更多|查看)[^\s]{0,6})?$").search(
        line.text[-24:]
    ):
        return False
    core = line.text[:TEASER_REACH].rstrip(".…。 ")
    end = line.start + line.indent + len(line.text)
    # Several probes: a teaser runs the article's lines together, so one of them may lie across a line end.
    starts = {max(len(core) * share // 8 - PROBE, 0) for share in (4, 5, 6, 7, 8)}
    return len(core) >= 12 and any(page.view.find(core[start:][:PROBE], end) >= 0 for start in sorted(starts))


def is_definite(page: Page, line: Line) -> bool:
    """Whether a line can be nothing but front matter."""
    text = line.text
    if len(text) <= 160 and (_byline().search(text) or _site().search(text)):
        return True
    return is_teaser(page, line)


def front_end(page: Page, limit: int, *, compiled: bool) -> int:
    """Where the front matter ends (a position of the view): 1 where there is none.

    Args:
        page: The page.
        limit: The front matter cannot reach beyond.
        compiled: Whether the page is a compilation. On a plain document a title belongs to its text,
            unless a site line or byline below it says that all of it is the site's.
    """
    end = 1
    titles: list[str] = []
    lines = list(islice(page.lines(1, limit), MOST_LINES + 1))
    for index, line in enumerate(lines[:MOST_LINES]):
        text = line.text
        after = lines[index + 1] if index + 1 < len(lines) else None
        stop = after.start if after else min(page.line_end(line.start) + 1, limit)
        promises = count_in(line) is not None
        if is_definite(page, line) or (compiled and _is_passing(text, promises=promises)):
            end = stop
            if promises or (index < 3 and title_strength(_core(text)) > 0):
                titles.append(_core(text))
        elif any(title and title in _core(text) and len(text) <= LONGEST_TITLE for title in titles):
            end = stop if compiled else end
        elif not titles and _is_page_title(text, after, limit_reached=after is None):
            titles.append(_core(text))
            end = stop if compiled and _is_over_articles(page, text, after) else end
        else:
            break
    return end


def _core(text: str) -> str:
    """A title without marks and promise, to be compared."""
    text = folded(r"^\[bookmark[^\]]*\]").sub("", text)
    text = folded(r"[(【\[][^()【】\[\]]{0,16}[篇份则][^()【】\[\]]{0,8}[)】\]]").sub("", text)
    return folded(r"[\W_]+").sub("", text)[:LONGEST_TITLE]


def _is_passing(text: str, *, promises: bool) -> bool:
    """Lines that a compilation's reader passes over: promise, loose byline, reading guide."""
    if promises or (len(text) <= 80 and _loose_byline().match(text)):
        return True
    return len(text) <= LONGEST_BLURB and _blurb().search(text) is not None


def _is_page_title(text: str, after: Line | None, *, limit_reached: bool) -> bool:
    if len(text) > LONGEST_TITLE or text[-1] in "。;!?,…:":
        return False
    return limit_reached or title_strength(text) > 0 or _genre().search(text) is not None or after is None


def _is_over_articles(page: Page, text: str, after: Line | None) -> bool:
    """Whether a title is the page's rather than the first article's: a line of the page's own follows, or a title."""
    if after is None or folded("汇编|合集|精选|大全|集锦|锦集|范文|范本|集合|collection|selected").search(
        text
    ):
        return True
    following = after.text
    return (
        is_definite(page, after)
        or _is_passing(following, promises=count_in(after) is not None)
        or title_strength(following) >= 0.75
        or _core(following) in _core(text)
    )


@cache
def _genre() -> re.Pattern[str]:
    return folded(GENRE)
