"""Which of many documents are surely one section without front matter, seen in one pass over all of them.

``split`` finds more than one whole section only by a promise, by headings, by restarts of numbering, by rare
indents or by greetings, and front matter on a document that is no compilation only by a line that is surely
the site's. Each test below says yes where the rule that it stands for could find anything, and may say yes
where it could not: such documents are read by themselves. What is proven stands in the comments; that
nothing was forgotten is measured (equal results on all cases, pages, and what a generator of pages made).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from reportclean.text.folding import plain_view
from reportclean.text.scanned import among
from reportclean.text.sections import front, headings, numerals, promise
from reportclean.text.sections.joined import Bools, Ints, Joined
from reportclean.text.sections.openings import RARE_INDENT_RATIO, WIDEST_INDENT
from reportclean.text.sections.page import Line
from reportclean.text.sections.ranks import may_restart
from reportclean.text.sections.split import STRONG_RESTART
from reportclean.text.sections.words import last_signs

DIGITS = "0123456789"
GREETINGS = 2  # as many do
_LETTERS = "".join(map(chr, range(0x61, 0x7B)))


def doubtful(pages: Joined) -> tuple[Bools, Bools]:
    """For each document whether it may be anything but one section from its first character to its last.

    The second array says of which documents nothing but a restart of numbering makes it doubtful.
    """
    doubt = pages.first_lines[1:] == pages.first_lines[:-1]  # nothing on it
    for test in (
        _promising,
        _labelled,
        _in_english,
        _ending_with_numbers,
        _titled_again,
        _rarely_indented,
        _greeting,
        _with_front_matter,
    ):
        doubt[test(pages)] = True
    restarting = np.zeros(len(doubt), dtype=bool)
    restarting[may_restart(pages, STRONG_RESTART)] = True
    return doubt | restarting, restarting & ~doubt


def _line(pages: Joined, number: int) -> Line:
    start, begin, end = (int(places[number]) for places in pages.lines[:3])
    return Line(start, pages.view[begin:end], begin - start, 0)


def _texts(pages: Joined, lines: Ints) -> Iterator[tuple[int, str]]:
    """The number of each line's document, and its text."""
    begins, ends = pages.lines.begin[lines].tolist(), pages.lines.end[lines].tolist()
    documents = pages.lines.document[lines].tolist()
    for document, begin, end in zip(documents, begins, ends, strict=True):
        yield document, pages.view[begin:end]


def _numbers(found: Iterable[int]) -> Ints:
    return np.array(list(found), dtype=np.int64)


def _lines_with(pages: Joined, places: Ints) -> Ints:
    """The lines on which places of other characters than space lie, each once."""
    return np.unique(np.searchsorted(pages.lines.start, places, side="right") - 1)


# ---- a promise


def _promising(pages: Joined) -> Ints:
    """Documents at whose top a count stands.

    A count in Chinese stands right before its measure word, with at most a space between. One in English is
    followed by a space, and its line is no longer than a title.
    """
    codes, measures = pages.codes, pages.measures
    before = codes[measures - 1]
    is_count = among(before, _numerals())
    is_count |= (before == 0x20) & among(codes[np.maximum(measures - 2, 0)], _numerals())
    measures = measures[is_count]
    counting = _lines_with(pages, measures[promise.may_end_count(codes, measures)])
    spaced = np.flatnonzero(pages.has_gap & (pages.lines.above < promise.TOP_LINES))
    spaced = spaced[(pages.lines.end - pages.lines.begin)[spaced] <= promise.LONGEST_TITLE]
    lines = np.union1d(counting[pages.lines.above[counting] < promise.TOP_LINES], spaced)
    return _numbers(document for document, _ in _counting(pages, lines))


def _counting(pages: Joined, lines: Ints) -> Iterator[tuple[int, str]]:
    for number, (document, text) in zip(lines.tolist(), _texts(pages, lines), strict=True):
        if promise.count_in(_line(pages, number)):
            yield document, text


@cache
def _numerals() -> str:
    """Signs of numbers as the patterns know them, in their spelling of the view."""
    return DIGITS + plain_view(numerals.HAN)


# ---- headings


def _labelled(pages: Joined) -> Ints:
    """Documents with 篇1, 第一篇, 范文(二) and their like.

    第 is followed by a number or a space; 篇, or the second character of any other label, by one of these,
    a bracket, 之 or 第.
    """
    places, codes = pages.labels, pages.codes
    second = codes[places + 1]
    tail = _numerals() + plain_view(" (〔之第")
    places = places[
        among(second, tail) | (among(second, plain_view("文本板版例章")) & among(codes[places + 2], tail))
    ]
    pattern = headings.labelled()
    return pages.documents_of(_numbers(at for at in places.tolist() if pattern.match(pages.view, at)))


def _in_english(pages: Joined) -> Ints:
    """Documents with ``Sample 4`` and its like at the start of a line, or behind ``#*[(``."""
    begin, codes = pages.lines.begin, pages.codes
    first, second = codes[begin], codes[begin + 1]
    found = among(first, "#*[(") & among(second, " \t\xa0#*[(" + _firsts_of(_LABELS))
    letters = np.flatnonzero(among(first, _firsts_of(_LABELS)))
    for word in _LABELS:
        found[letters] |= (first[letters] == ord(word[0])) & (second[letters] == ord(word[1]))
    pattern = headings.english()
    lines = np.flatnonzero(found)
    starts = zip(lines.tolist(), (pages.lines.start[lines] - 1).tolist(), strict=True)
    matched = _numbers(line for line, start in starts if pattern.match(pages.view, start))
    return pages.lines.document[matched]


# The first two letters of the words that such a heading can begin with.
_LABELS = tuple(sorted({word[:2] for word in headings.ENGLISH_WORDS}))


def _firsts_of(words: Iterable[str]) -> str:
    return "".join(sorted({word[0] for word in words}))


def _ending_with_numbers(pages: Joined) -> Ints:
    """Documents with a line that ends with a number, with a bracket and a colon at most behind it.

    Whether the rest of it is a title is asked only of the page; here it is enough that it is no sentence.
    """
    codes, end = pages.codes, pages.lines.end
    lines = np.flatnonzero(among(codes[end - 1], _numerals() + plain_view(":)]】〕")))
    lines = lines[(end - pages.lines.start)[lines] < headings.LONGEST_PREFIX]
    last = end[lines, None] - np.arange(1, 5)  # bracket, space, colon, of which the last may be missing
    lines = lines[among(codes[np.maximum(last, 0)], _numerals()).any(axis=1)]
    found = []
    for line in lines.tolist():
        prefix, value = headings.numbered_end(pages.view[pages.lines.start[line] : end[line]])
        if value and headings.may_be_title_prefix(prefix):
            found.append(line)
    return pages.lines.document[_numbers(found)]


def _titled_again(pages: Joined) -> Ints:
    """Documents in which what may be a title at the top stands with a number behind it or before it.

    A line at the top is a title only if it ends as titles do, or if something was taken off that frames it or
    promises. What is left begins and ends with the line, or the line holds a measure word and is cut at it.
    """
    codes = pages.codes
    top = np.flatnonzero(pages.lines.above < front.TITLE_LINES)
    begin, end = pages.lines.begin[top], pages.lines.end[top]
    is_short = end - begin <= front.LONGEST_TITLE
    counts = _between(pages.measures, begin, end)
    may = (counts > 0) | among(codes[begin], front.TITLE_FRAME) | among(codes[end - 1], _title_ends())
    found = []
    lines = top[is_short & may]
    low = pages.bounds[pages.lines.document[lines]].tolist()
    high = pages.bounds[pages.lines.document[lines] + 1].tolist()
    has_count = (counts[is_short & may] > 0).tolist()
    begins = pages.lines.begin.tolist()
    for number, (document, text), start, stop, counted in zip(
        lines.tolist(), _texts(pages, lines), low, high, has_count, strict=True
    ):
        # Behind a title that its line does not hold whole, a number may follow on the line itself.
        is_cut = counted or text[0] == "["
        title = front.bare_title(text)[1] if is_cut else text.strip(front.TITLE_FRAME)
        own = -1 if is_cut else begins[number] + len(text) - len(text.lstrip(front.TITLE_FRAME))
        if len(title) >= 5 and _stands_with_number(pages.view, title, start, stop, own):
            found.append(document)
    # A longer line is one only if it is a teaser.
    long = top[~is_short]
    long = long[
        _between(pages.front_signs, pages.lines.end[long] - front.CUT_OFF_REACH, pages.lines.end[long]) > 0
    ]
    found += [document for document, text in _texts(pages, long) if front.is_cut_off(text)]
    return _numbers(found + _with_stops(pages))


def _stands_with_number(view: str, title: str, start: int, stop: int, own: int) -> bool:
    """Whether a title bears a number, before it or behind it, anywhere but at its own place."""
    place = view.find(title, start, stop)
    for _ in range(_MOST_TIMES):
        if place < 0:
            return False
        if place != own and (
            view[place - 2 : place].rstrip(" ")[-1:] in _SIGNS
            or headings.is_numbered_from(view, place + len(title))
        ):
            return True
        place = view.find(title, place + 1, stop)
    return True


_SIGNS = ("、", ".", ":", ")")  # between a number and the title behind it
_MOST_TIMES = 20  # that a title is looked at


@cache
def _title_ends() -> str:
    """What titles end with, as the view shows it: a genre, a bracket, a number, a quote, an English word."""
    return (
        plain_view(last_signs("genre"))
        + _numerals()
        + _LETTERS
        + plain_view(")]】》“”\"'★")
        + front.TITLE_FRAME
    )


def _between(places: Ints, low: Ints, high: Ints) -> Ints:
    """How many of the places lie in each ``[low, high)``."""
    return np.searchsorted(places, high) - np.searchsorted(places, low)


def _with_stops(pages: Joined) -> list[int]:
    """Documents with 。。。, which may end a teaser as … does; none are left after cleaning."""
    found = []
    place = pages.view.find("。。。")
    while place >= 0:
        document = int(np.searchsorted(pages.bounds, place, side="right")) - 1
        found.append(document)
        place = pages.view.find("。。。", int(pages.bounds[document + 1]))
    return found


# ---- other boundaries


def _rarely_indented(pages: Joined) -> Ints:
    """Documents of whose lines some are indented, but few; first lines and signatures do not count."""
    indent = pages.lines.begin - pages.lines.start
    indented = np.flatnonzero((indent > 0) & ~pages.has_odd_indent)
    number = len(pages.line_ends)
    documents = pages.lines.document[indented]
    counts = np.bincount(documents, minlength=number)
    few = counts <= RARE_INDENT_RATIO * pages.line_ends / 2
    opening = (pages.lines.start[indented] > pages.bounds[documents] + 1) & (
        indent[indented] <= WIDEST_INDENT
    )
    return documents[opening & few[documents]]


def _greeting(pages: Joined) -> Ints:
    """Documents with two lines or more that begin as greetings do."""
    begin, codes = pages.lines.begin, pages.codes
    lines = np.flatnonzero(among(codes[begin], plain_view("尊各d")) & (begin == pages.lines.start))
    lines = lines[among(codes[begin[lines] + 1], plain_view("敬位e"))]
    counts = np.bincount(pages.lines.document[lines], minlength=len(pages.line_ends))
    return np.flatnonzero(counts >= GREETINGS)


# ---- front matter


def _with_front_matter(pages: Joined) -> Ints:
    """Documents at whose top a line may be surely the site's, with nothing but titles above it.

    A second line is looked at only below what may be a title, a third one and all below only if the second
    holds the first.
    """
    filled = np.flatnonzero(np.diff(pages.first_lines))
    first = pages.first_lines[:-1][filled]
    sure = _sites(pages, first)
    length = pages.lines.end - pages.lines.begin
    last = pages.codes[pages.lines.end[first] - 1]
    is_title = (length[first] <= front.LONGEST_TITLE) & ~among(last, plain_view("。;!?,…:"))
    is_title &= np.diff(pages.first_lines)[filled] > 1
    second = first[is_title] + 1
    sure += _sites(pages, second)
    sure += _held(pages, second[length[second] <= front.LONGEST_TITLE])
    return _numbers(sure)


def _held(pages: Joined, lines: Ints) -> list[int]:
    """Documents of those lines that hold what the line above says."""
    found = []
    above = zip(_texts(pages, lines - 1), _texts(pages, lines), strict=True)
    for (document, title), (_, text) in above:
        # What a line is compared by begins with its first character where that is a letter.
        if not ("\u4e00" <= title[0] <= "\u9fff" and title[0] not in text):
            core = front.core_of(title)
            if core and core in front.core_of(text):
                found.append(document)
    return found


def _sites(pages: Joined, lines: Ints) -> list[int]:
    """Documents of those lines that may be bylines, a site's lines or teasers."""
    begin, end = pages.lines.begin[lines], pages.lines.end[lines]
    may = _between(pages.front_signs, np.maximum(begin, end - front.LONGEST_SITE_LINE), end) > 0
    may |= among(pages.codes[begin], front.site_starts())
    may |= among(pages.codes[end - 1], plain_view(front.SITE_ENDS))
    return [
        document
        for document, text in _texts(pages, lines[may])
        if front.is_sites(text) or front.is_cut_off(text)
    ]
