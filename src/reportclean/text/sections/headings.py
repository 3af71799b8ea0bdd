"""Article headings that bear a running number: 篇1, 【第一篇】, 范文(二), 案例三, Sample 4, the page's title and 5.

One such line proves little; a run of them, 1, 2, 3 …, is the surest sign of a compilation there is.
So candidates are collected generously and then asked whether they form a run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from reportclean.text.sections import numerals
from reportclean.text.sections.cues import GENRE, is_piece_of_structure, title_strength
from reportclean.text.sections.numbering import CHAPTER, HAN, Number
from reportclean.text.sections.page import Page

LONGEST_PREFIX = 60
LARGEST_GAP = 6
CONTENTS_LINE = 64  # a heading line that is longer holds its article's text, and is no table of contents

_NUMERAL = rf"(?:[0-9]{{1,4}}|[{numerals.HAN}]{{1,6}})"
_OPENERS = "【[(〔《<#*★☆■●◆▲「『|·-= \t"
_CLOSERS = ")]】〕》>」』*"
_YEAR_AHEAD = re.compile(r"(?:19|20)[0-9x×*_○〇]{2}|_{2,}|[一二][九〇零○]|x{2,4} ?年|[0-9]{1,2} ?月")


@dataclass(frozen=True, slots=True)
class Heading:
    """One candidate.

    Attributes:
        start: Where its section would begin (a position of the view).
        label: What kind of heading it is; a run has one label.
        values: The numbers it may bear, each with the position one past the number.
        on_line: Whether it begins its line, rather than standing inside one.
        bare: Nothing follows but the end of the line.
    """

    start: int
    label: str
    values: dict[int, int]
    on_line: bool
    bare: bool


@dataclass(slots=True)
class Run:
    """Headings of one label with rising numbers."""

    label: str
    items: list[tuple[int, Heading]] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The highest number so far; 0 for none."""
        return self.items[-1][0] if self.items else 0

    @property
    def starts(self) -> list[int]:
        """Where its sections begin."""
        return [heading.start for _, heading in self.items]


@cache
def _labelled() -> re.Pattern[str]:
    words = "范文|例文|范本|模板|模版|样本|样例|案例|实例|文章"
    return re.compile(
        rf"第 ?(?P<nth>{_NUMERAL}) ?(?P<nth_label>篇|部分范文|则|份|个案例)"
        rf"|(?P<label>(?<![千全通首本一])篇|{words}) ?[(〔]?(?:之|第)? ?(?P<number>{_NUMERAL})"
    )


@cache
def _english() -> re.Pattern[str]:
    words = "sample|essay|speech|template|example|letter|model|article|version|story|report|paper|statement|case"
    numbers = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    return re.compile(
        rf"\n[ \t\xa0#*\[(]*+(?:(?:model|sample|case|selected) )?(?P<label>{words})(?: study| essay| text)? ?"
        rf"(?:no\.? ?|number |# ?)?(?P<number>[0-9]{{1,3}}|{numbers}|[ivx]{{1,5}})(?![\w.])"
    )


@cache
def _numbered_end() -> re.Pattern[str]:
    return re.compile(rf"(?P<number>[0-9]{{1,2}}|[{numerals.HAN}]{{1,3}})[)\]】〕]? ?:? ?(?=\n|\Z)")


def headings(page: Page, titles: Sequence[str], promised: bool) -> Iterator[Heading]:
    """All candidates, in order for each label.

    Args:
        page: The page.
        titles: The title lines at its top, without the promise.
        promised: Whether the page promises several articles, so that English ``Article 1`` is one.
    """
    yield from _labelled_headings(page, titles)
    yield from _english_headings(page, promised)
    yield from _titled_headings(page, titles)


def _labelled_headings(page: Page, titles: Sequence[str]) -> Iterator[Heading]:
    view = page.view
    for match in _labelled().finditer(view):
        group = "nth" if match["nth"] else "number"
        run = match[group]
        begin, end = match.start(), match.end()
        numeral = match.start(group)
        values = {value: numeral + length for value, length in numerals.readings(run).items()}
        if group == "nth":
            value = numerals.value_of(run)
            values = {value: end} if value else {}
        if not values:
            continue
        label = "篇" if (match["label"] or match["nth_label"]) in ("篇", "部分范文") else match["label"] or match["nth_label"]
        start, prefix = _prefix(page, begin, titles)
        if start < 0:
            continue
        on_line = not view[page.line_start(start) : start].strip()
        values = {
            value: stop
            for value, stop in values.items()
            if _tail_fits(page, stop, label, prefix, nth=group == "nth", on_line=on_line)
        }
        if values:
            rest = view[end : page.line_end(end)].strip(" \t" + _CLOSERS + ":.、")
            yield Heading(page.line_start(start) if on_line else start, label, values, on_line, not rest)


def _prefix(page: Page, begin: int, titles: Sequence[str]) -> tuple[int, str]:
    """Where a heading begins whose label stands at ``begin``, and what stands before the label.

    -1 where what stands before it is the prose of a sentence.
    """
    view = page.view
    low = max(page.line_start(begin), begin - LONGEST_PREFIX)
    before = view[low:begin]
    bare = before.rstrip(_OPENERS)
    for title in titles:
        if bare.endswith(title):
            return low + len(bare) - len(title), title
    if low == page.line_start(begin) and not re.search("[。;!?…,]", bare):
        prefix = bare.strip(_OPENERS)
        return low, prefix
    if not bare:
        return begin - (len(before) - len(before.lstrip())), ""
    cut = max(bare.rfind(sign) for sign in "。;!?…\u201d")
    if cut == len(bare) - 1 or (before != bare and before[len(bare)] in " \t【[(〔《" and cut >= len(bare) - 40):
        # Right after a sentence's end, or set off by a space or bracket: 。 篇2 …, 。工作总结 篇2 …
        prefix = bare[cut + 1 :].strip(_OPENERS)
        if not prefix or (len(prefix) >= 4 and title_strength(prefix) >= 0.75):
            start = low + cut + 1
            return start + (len(view[start:begin]) - len(view[start:begin].lstrip())), prefix
    return -1, ""


_PROSE_AFTER = re.compile(
    "论文|文章|报道|小说|课文|作文|稿|的|是|为|中|里|发表|幅|章|首|目|律|般|样|些|个|种|篇|直|定|下|旦|起|方面|边|份|则|次|旬"
)


def _tail_fits(page: Page, stop: int, label: str, prefix: str, *, nth: bool, on_line: bool) -> bool:
    """Whether what follows the number lets it be a heading."""
    view = page.view
    tail = view[stop : min(page.line_end(stop), stop + LONGEST_PREFIX)]
    if nth and label == "篇" and tail[:2] in ("范文", "作文"):
        tail = tail[2:]
    if not tail.strip():
        return on_line
    if tail[0] in " \t:.、,)]】〕》>」』-—|\xa0":
        if tail[0] in ".,-" and tail[1:2].isdigit():
            return False
        return on_line or tail[0] not in ".,、" or label == "篇"
    if tail[0] in numerals.HAN or tail[0].isdigit():
        # The numeral goes on: only a year or month may be stuck to it.
        return label in ("篇", "范文", "例文") and _YEAR_AHEAD.match(tail) is not None or (
            not tail[0].isdigit() and not nth and label == "篇" and not _PROSE_AFTER.match(tail)
        )
    if _PROSE_AFTER.match(tail):
        return False
    if nth:
        return on_line and not prefix and len(tail) < 46 and tail.rstrip()[-1] not in "。;!?,"
    return label in ("篇", "范文", "例文", "范本") and (on_line or _YEAR_AHEAD.match(tail) is not None or label == "篇")


def _english_headings(page: Page, promised: bool) -> Iterator[Heading]:
    for match in _english().finditer(page.view):
        label = match["label"]
        if label in ("article", "example", "letter", "report", "case", "version") and not promised:
            continue
        number = match["number"]
        value = int(number) if number.isdigit() else numerals.word(number) or numerals.roman(number) or int(number == "one")
        rest = page.view[match.end() : page.line_end(match.end())].strip(" \t" + _CLOSERS + ":.")
        if not value or (rest and page.view[match.end()] not in ":.)]-– \t") or (len(rest) > 70):
            continue
        yield Heading(match.start() + 1, label, {value: match.end()}, on_line=True, bare=not rest)


def _titled_headings(page: Page, titles: Sequence[str]) -> Iterator[Heading]:
    """A title with a running number at the end of its line, or the page's own title with one anywhere."""
    view = page.view
    for match in _numbered_end().finditer(view):
        begin = match.start("number")
        line = page.line_start(begin)
        if begin - line > LONGEST_PREFIX:
            continue
        prefix = view[line:begin].strip(_OPENERS).removesuffix("第").strip()
        value = numerals.value_of(match["number"])
        if value and _is_title_prefix(prefix, titles):
            yield Heading(line, "title " + re.sub(r"\s", "", prefix), {value: begin}, on_line=True, bare=True)
    for title in titles:
        if len(title) < 5:
            continue
        for match in re.finditer(re.escape(title) + rf" ?[(【\[]?(?P<number>{_NUMERAL})", view):
            begin = match.start("number")
            values = {
                value: begin + length
                for value, length in numerals.readings(match["number"]).items()
                if not view[begin + length : begin + length + 1].strip()
                or view[begin + length] in ":、)】]"
                or _YEAR_AHEAD.match(view, begin + length)
            }
            line = page.line_start(match.start())
            on_line = not view[line : match.start()].strip(_OPENERS)
            bare = not view[match.end() : page.line_end(match.end())].strip()
            if values and not (on_line and bare):
                label = "title " + re.sub(r"\s", "", title)
                yield Heading(line if on_line else match.start(), label, values, on_line, bare=bare)


@cache
def _genre_end() -> re.Pattern[str]:
    return re.compile(rf"{GENRE}(?:范文|模板|精选|优秀|范本|例文)?$")


def _is_title_prefix(prefix: str, titles: Sequence[str]) -> bool:
    if len(prefix) < 4 or re.search("[。;!?…,]", prefix) or is_piece_of_structure(prefix):
        return False
    if any(prefix in title or title in prefix for title in titles):
        return True
    return not prefix.isascii() and len(prefix) <= 40 and _genre_end().search(prefix) is not None


def runs(found: Iterable[Heading]) -> list[Run]:
    """The runs that the candidates of each label form, in order; single headings are runs of one."""
    by_label: dict[str, list[Heading]] = {}
    for heading in found:
        by_label.setdefault(heading.label, []).append(heading)
    result = []
    for label, candidates in by_label.items():
        current = Run(label)
        for heading in sorted(candidates, key=lambda item: item.start):
            if current.items and heading.start <= current.items[-1][1].start:
                continue
            value = _next_value(current, heading)
            if value:
                current.items.append((value, heading))
            elif 1 in heading.values and current.items:
                if len(current.items) == 1 and (heading.on_line or not current.items[0][1].on_line):
                    current = Run(label)  # the teaser's 篇1, and now the real one
                elif len(current.items) > 1 and heading.on_line >= current.items[0][1].on_line:
                    result.append(current)
                    current = Run(label)
                else:
                    continue
                current.items.append((1, heading))
        if current.items:
            result.append(current)
    return result


def _next_value(run: Run, heading: Heading) -> int:
    if run.last + 1 in heading.values:
        return run.last + 1
    if not heading.on_line:
        return 0
    largest = run.last + LARGEST_GAP if run.items else 3
    return min((value for value in heading.values if run.last < value <= largest), default=0)


def is_contents(page: Page, run: Run) -> bool:
    """Whether a run is a table of contents: heading lines right below each other, with no text."""
    if len(run.items) < 2:
        return False
    for (_, heading), (_, following) in pairwise(run.items):
        end = page.line_end(heading.start)
        if end - heading.start > CONTENTS_LINE or page.view[end : following.start].strip():
            return False
    return True


def runs_on(run: Run, found: Sequence[Number]) -> bool:
    """Whether numbering runs on over the headings, so that they are parts of one text.

    章 that go on counting over 篇 make a book; 三、 after a box called 案例2 makes a report.
    """
    lines = [number.line for number in found]
    crossings = 0
    for index, (_, heading) in enumerate(run.items):
        place = bisect_left(lines, heading.start)
        if not 0 < place < len(found):
            continue
        before, after = found[place - 1], found[place]
        if index == 0:
            top = min(before.rank, HAN)
            before = next((n for n in reversed(found[:place]) if n.rank <= top), before)
            after = next((n for n in found[place:] if n.rank <= before.rank), after)
        if after.rank == before.rank and after.value == before.value + 1:
            crossings += len(run.items) if index == 0 or after.rank <= CHAPTER else 1
    return crossings * 2 >= max(len(run.items) - 1, 1) and crossings > 0
