"""The front matter of a scraped page: site lines, byline, titles, teaser, reading guides."""

from __future__ import annotations

import re
from functools import cache

from reportclean.text.folding import plain_view
from reportclean.text.sections import numerals
from reportclean.text.sections.cues import title_strength
from reportclean.text.sections.page import Line, Page, folded
from reportclean.text.sections.promise import count_in
from reportclean.text.sections.words import any_of, first_signs

MOST_LINES = 40
MEASURES = "篇份则"
LONGEST_GUIDE = 600
LONGEST_TITLE = 60
TEASER_REACH = 400
TOP = 3000
PROBE = 16
CUT_OFF_REACH = 24
LONGEST_SITE_LINE = 160
TITLE_LINES = 8  # at the top, that may hold what the page calls itself
TITLE_FRAME = " #*《》【】_-|"


_DATE = "(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"


# What the patterns of a site's lines and bylines ask for, besides the first signs of the byline's labels.
SITE_SIGNS = "./[{"  # one of them is in every address and bookmark, and behind 首页
SITE_STARTS = "文当您首h12"  # of what names a place on the site, and of dates
SITE_ENDS = "网库"


@cache
def _site() -> re.Pattern[str]:
    return folded(any_of("site"))


@cache
def _byline() -> re.Pattern[str]:
    return folded(
        rf"^(?:文章)?{any_of('byline')}(?: ?:| ?/|[(]| by| on)|^{_DATE} +(?:来源|作者|编辑|浏览|点击)"
    )


@cache
def _loose_byline() -> re.Pattern[str]:
    """Lines that minutes and letters have as well: believed on a compilation only."""
    return folded(rf"^{any_of('byline_loose')} ?[:/ ]|^{_DATE}$")


@cache
def _guide() -> re.Pattern[str]:
    return folded(any_of("guide"))


@cache
def _count_in_brackets() -> re.Pattern[str]:
    return folded(r"[(【\[〔《](?=[^()【】\[\]]{0,20}[篇份则])")


@cache
def _count_at_end() -> re.Pattern[str]:
    return folded(rf"(?: ?(?:共|{any_of('collected', 'praised')}))? ?[0-9{numerals.HAN}]{{1,3}} ?[篇份则].*$")


@cache
def _bookmark() -> re.Pattern[str]:
    return folded(r"^\[bookmark[^\]]*\]")


def title_lines(page: Page) -> list[str]:
    """What the page calls itself at its top, without the promise: 5 characters or more, longest first."""
    found = set()
    for line in page.top(TITLE_LINES, TOP):
        if len(line.text) > LONGEST_TITLE and not is_teaser(page, line):
            continue
        text, bare = bare_title(line.text)
        is_title = bare != text or title_strength(bare, page.text[line.start - 1 :][: len(bare)]) > 0
        if 5 <= len(bare) <= 50 and is_title and not any(sign in bare for sign in "。;!?…:"):
            found.add(bare)
    return sorted(found, key=lambda title: (-len(title), title))


def bare_title(line: str) -> tuple[str, str]:
    """The beginning of a line without a bookmark, and the same without the promise and what frames it."""
    text = _bookmark().sub("", line[: 2 * LONGEST_TITLE]) if line[0] == "[" else line[: 2 * LONGEST_TITLE]
    bare = text
    if any(sign in text for sign in _measures()):
        bare = _count_at_end().sub("", _count_in_brackets().split(text, maxsplit=1)[0])
    return text, bare.strip(TITLE_FRAME)


@cache
def _measures() -> str:
    return plain_view(MEASURES)


def teasers(page: Page) -> list[range]:
    """The teasers at the top: headings in them are copies."""
    lines = page.top(MOST_LINES, TOP)
    return [range(line.start, page.line_end(line.start)) for line in lines if is_teaser(page, line)]


def is_teaser(page: Page, line: Line) -> bool:
    """Whether a line is cut off with an ellipsis and what it says stands in full further down."""
    if not is_cut_off(line.text):
        return False
    core = line.text[:TEASER_REACH].rstrip(".…。 ")
    end = line.start + line.indent + len(line.text)
    # Several probes: a teaser runs the article's lines together, so one of them may lie across a line end.
    starts = {max(len(core) * share // 8 - PROBE, 0) for share in (4, 5, 6, 7, 8)}
    return len(core) >= 12 and any(page.view.find(core[start:][:PROBE], end) >= 0 for start in sorted(starts))


@cache
def _cut_off() -> re.Pattern[str]:
    return folded(r"(?:…|\.{3}|。{3})[)】\]]? ?(?:\[?(?:详细|全文|更多|查看)[^\s]{0,6})?$")


def is_cut_off(line: str) -> bool:
    """Whether a line ends with an ellipsis, and perhaps with an offer to read on."""
    return _cut_off().search(line[-CUT_OFF_REACH:]) is not None


def is_sites(line: str) -> bool:
    """Whether a line is a byline or a site's own."""
    if len(line) > LONGEST_SITE_LINE or not (
        line[0] in site_starts() or line[-1] in _site_ends() or any(sign in line for sign in SITE_SIGNS)
    ):
        return False
    return bool(_byline().search(line) or _site().search(line))


@cache
def _site_ends() -> str:
    return plain_view(SITE_ENDS)


@cache
def site_starts() -> str:
    """What bylines and a site's lines without any of ``SITE_SIGNS`` begin with, as the view shows it."""
    return plain_view(SITE_STARTS + first_signs("byline"))


def is_definite(page: Page, line: Line) -> bool:
    """Whether a line can be nothing but front matter."""
    return is_sites(line.text) or is_teaser(page, line)


def front_end(page: Page, limit: int, *, compiled: bool) -> int:
    """Where the front matter ends (a position of the view): 1 where there is none.

    Args:
        page: The page.
        limit: The front matter cannot reach beyond.
        compiled: Whether the page is a compilation. On a plain document title and links belong to its
            text, unless a byline, bookmark or teaser says that the top is the site's.
    """
    end = 1
    is_scraped = compiled
    titles: list[str] = []
    lines = page.top(MOST_LINES + 1, limit)
    for index, line in enumerate(lines[:MOST_LINES]):
        text = line.text
        after = lines[index + 1] if index + 1 < len(lines) else None
        stop = after.start if after else min(page.line_end(line.start) + 1, limit)
        promises = count_in(line) is not None
        if is_definite(page, line) or (compiled and _is_passing(text, promises=promises)):
            end = stop
            is_scraped = is_scraped or not _site().search(text) or _bookmark().match(text) is not None
            if promises or (index < 3 and title_strength(core_of(text)) > 0):
                titles.append(core_of(text))
        elif any(title and title in core_of(text) and len(text) <= LONGEST_TITLE for title in titles):
            end = stop if compiled else end
        elif not titles and _is_page_title(text, after, limit_reached=after is None):
            titles.append(core_of(text))
            end = stop if compiled and _is_over_articles(page, text, after) else end
        else:
            break
    return end if is_scraped else 1


def core_of(text: str) -> str:
    """A title without marks and promise, to be compared."""
    text = _bookmark().sub("", text)
    text = folded(r"[(【\[][^()【】\[\]]{0,16}[篇份则][^()【】\[\]]{0,8}[)】\]]").sub("", text)
    return folded(r"[\W_]+").sub("", text)[:LONGEST_TITLE]


def _is_passing(text: str, *, promises: bool) -> bool:
    """Lines that a compilation's reader passes over: promise, loose byline, reading guide."""
    if promises or (len(text) <= 80 and _loose_byline().match(text)):
        return True
    return len(text) <= LONGEST_GUIDE and _guide().search(text) is not None


def _is_page_title(text: str, after: Line | None, *, limit_reached: bool) -> bool:
    if len(text) > LONGEST_TITLE or text[-1] in "。;!?,…:":
        return False
    return limit_reached or title_strength(text) > 0 or _genre().search(text) is not None or after is None


def _is_over_articles(page: Page, text: str, after: Line | None) -> bool:
    """Whether a title is the page's, not the first article's: another line of the page or a title follows."""
    if after is None or folded(any_of("collection")).search(text):
        return True
    following = after.text
    return (
        is_definite(page, after)
        or _is_passing(following, promises=count_in(after) is not None)
        or title_strength(following) >= 0.75
        or core_of(following) in core_of(text)
    )


@cache
def _genre() -> re.Pattern[str]:
    return folded(any_of("genre"))
