"""Article headings with a running number: 篇1, 【第一篇】, 范文(二), 案例三, Sample 4, page title 5.

One such line proves little; a run of them, 1, 2, 3 …, is the surest sign of a compilation there is.
So candidates are collected generously and then asked whether they form a run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from reportclean.text.sections import numerals
from reportclean.text.sections.cues import is_piece_of_structure, title_strength
from reportclean.text.sections.page import Page, folded
from reportclean.text.sections.words import any_of

LONGEST_PREFIX = 60
_ENGLISH_LABELS = (
    *("sample", "essay", "speech", "template", "example", "letter", "model"),
    *("article", "version", "story", "report", "paper", "statement", "case"),
)
_ENGLISH_ADJECTIVES = ("model", "sample", "case", "selected")
ENGLISH_WORDS = (*_ENGLISH_LABELS, *_ENGLISH_ADJECTIVES)  # that an English heading can begin with

_NUMERAL = rf"(?:[0-9]{{1,4}}|[{numerals.HAN}]{{1,6}})"
_OPENERS = "【[(〔《<#*★☆■●◆▲「『|·-= \t"
_CLOSERS = ")]】〕》>」』*"


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


@cache
def _sentence_sign() -> re.Pattern[str]:
    return folded("[。;!?…,]")


@cache
def _year_ahead() -> re.Pattern[str]:
    return folded(r"(?:19|20)[0-9x×*_○〇]{2}|_{2,}|[一二][九〇零○]|x{2,4} ?年|[0-9]{1,2} ?月")


@cache
def _prose_after() -> re.Pattern[str]:
    return folded(any_of("prose_after_number"))


@cache
def _last_token() -> re.Pattern[str]:
    return folded(r"[^\s。;!?…,:)】\u201d]+$")


@cache
def labelled() -> re.Pattern[str]:
    """篇1, 第一篇, 范文(二) and their like, wherever they stand."""
    # One class of first characters, sorted out by what stands behind: the engine then skips at table speed.
    words = "范文|例文|范本|模板|模版|样本|样例|案例|实例|文章"
    rest = "|".join(f"(?<={word[0]}){word[1]}" for word in words.split("|"))
    return folded(
        rf"[第篇范例模样案实文](?:(?<=第) ?(?P<nth>{_NUMERAL}) ?(?P<nth_label>篇|部分范文|则|份|个案例)"
        rf"|(?P<label>(?<=篇)(?<![千全通首本一]篇)|{rest}) ?[(〔]?(?:之|第)? ?(?P<number>{_NUMERAL}))"
    )


@cache
def english() -> re.Pattern[str]:
    """Sample 4 and its like at the start of a line."""
    words, adjectives = "|".join(_ENGLISH_LABELS), "|".join(_ENGLISH_ADJECTIVES)
    numbers = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    return folded(
        rf"\n[ \t\xa0#*\[(]*+(?:(?:{adjectives}) )?(?P<label>{words})(?: study| essay| text)? ?"
        rf"(?:no\.? ?|number |# ?)?(?P<number>[0-9]{{1,3}}|{numbers}|[ivx]{{1,5}})(?![\w.])"
    )


@cache
def _line_end_after_number() -> re.Pattern[str]:
    sign = rf"[0-9{numerals.HAN})\]】〕:]"
    return folded(rf"\n(?:(?<={sign}\n)|(?<={sign} \n))")


@cache
def _numbered_end() -> re.Pattern[str]:
    return folded(rf"(?P<number>[0-9]{{1,2}}|[{numerals.HAN}]{{1,3}})[)\]】〕]? ?:? ?$")


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


def numbered_end(line: str) -> tuple[str, int]:
    """The number that ends a line, and what stands before it; 0 where none does."""
    match = _numbered_end().search(line)
    value = numerals.value_of(match["number"]) if match else 0
    if not match or not value:
        return "", 0
    return line[: match.start()].strip(_OPENERS).removesuffix("第").strip(), value


def _labelled_headings(page: Page, titles: Sequence[str]) -> Iterator[Heading]:
    view = page.view
    matches = list(labelled().finditer(view))
    repeated = _repeated_prefixes(page, matches)
    for match in matches:
        nth = match["nth"] is not None
        group = "nth" if nth else "number"
        numeral, begin, end = match.start(group), match.start(), match.end()
        if nth:
            value = numerals.value_of(match["nth"])
            values = {value: end} if value else {}
            label = match["nth_label"].removesuffix("部分范文") or "篇"
        else:
            values = {value: numeral + length for value, length in numerals.readings(match["number"]).items()}
            label = view[begin : match.end("label")]
        start, on_line, prefix = _prefix(page, begin, titles, repeated) if values else (-1, False, "")
        if start < 0:
            continue
        follows = _Follows(label, nth=nth, on_line=on_line, prefixed=bool(prefix))
        values = {
            value: stop for value, stop in values.items() if follows.fits(page.rest(stop, LONGEST_PREFIX))
        }
        if values:
            rest = page.rest(end, LONGEST_PREFIX).strip(" \t" + _CLOSERS + ":.、")
            yield Heading(start, label, values, on_line, bare=not rest)


def _repeated_prefixes(page: Page, matches: Sequence[re.Match[str]]) -> frozenset[str]:
    """What stands before several of the labels: the compilation's title, where line ends were lost."""
    counts: Counter[str] = Counter()
    for match in matches:
        low, _ = page.reach_back(match.start(), LONGEST_PREFIX)
        token = _last_token().search(page.view[low : match.start()].rstrip(_OPENERS))
        if token and 4 <= len(token[0]) <= 40:
            counts[token[0]] += 1
    return frozenset(token for token, count in counts.items() if count >= 2)


def _prefix(page: Page, begin: int, titles: Sequence[str], repeated: Container[str]) -> tuple[int, bool, str]:
    """Where a heading begins whose label stands at ``begin``, whether its line does, and its title.

    -1 where what stands before the label is the prose of a sentence.
    """
    low, whole = page.reach_back(begin, LONGEST_PREFIX)
    before = page.view[low:begin]
    bare = before.rstrip(_OPENERS)
    token = _last_token().search(bare)
    for title in (*titles, token[0] if token and token[0] in repeated else ""):
        if title and bare.endswith(title):
            on_line = whole and not bare[: -len(title)].strip(_OPENERS)
            return (low if on_line else low + len(bare) - len(title)), on_line, title
    if whole and not _sentence_sign().search(bare):
        return low, True, bare.strip(_OPENERS)
    if not bare:
        return begin, False, ""
    cut = max(bare.rfind(sign) for sign in "。;!?…\u201d")
    set_off = before != bare and before[len(bare)] in " \t【[(〔《"
    if cut == len(bare) - 1 or (set_off and cut >= len(bare) - 40):
        # Right after a sentence's end, or set off by a space or bracket: 。篇2 …, 。工作总结 篇2 …
        prefix = bare[cut + 1 :].strip(_OPENERS)
        if not prefix or (len(prefix) >= 4 and title_strength(prefix) >= 0.75):
            title_start = low + cut + 1
            return begin - len(page.view[title_start:begin].lstrip()), False, prefix
    return -1, False, ""


@dataclass(frozen=True, slots=True)
class _Follows:
    """What may follow the number of a heading.

    Attributes:
        label: The heading's.
        nth: Whether it is 第一篇 rather than 篇一.
        on_line: Whether it begins its line.
        prefixed: Whether a title stands before the label.
    """

    label: str
    nth: bool
    on_line: bool
    prefixed: bool

    def fits(self, tail: str) -> bool:
        """Whether the rest of the line lets it be a heading."""
        is_piece = self.label == "篇"
        if self.nth and is_piece and tail[:2] in ("范文", "作文"):
            tail = tail[2:]
        if not tail.strip():
            return self.on_line
        if tail[0] in " \t:.、,)]】〕》>」』-—|":
            if tail[0] in ".,-" and tail[1:2].isdigit():
                return False
            return self.on_line or is_piece or tail[0] not in ".,、"
        year_ahead = _year_ahead().match(tail) is not None
        if tail[0].isascii() and tail[0].isdigit():
            return year_ahead and self.label in ("篇", "范文", "例文")
        if tail[0] in numerals.HAN and year_ahead:
            return self.label in ("篇", "范文", "例文")
        if _prose_after().match(tail):
            return False
        if self.nth:
            return self.on_line and not self.prefixed and len(tail) < 46 and tail.rstrip()[-1] not in "。;!?,"
        return is_piece or (self.label in ("范文", "例文", "范本") and (self.on_line or year_ahead))


def _english_headings(page: Page, promised: bool) -> Iterator[Heading]:
    for match in english().finditer(page.view):
        label = match["label"]
        if label in ("article", "example", "letter", "report", "case", "version") and not promised:
            continue
        number = match["number"]
        value = (
            int(number)
            if number.isdigit()
            else numerals.word(number) or numerals.roman(number) or int(number == "one")
        )
        rest = page.rest(match.end(), LONGEST_PREFIX + 20).strip(" \t" + _CLOSERS + ":.")
        if not value or (rest and page.view[match.end()] not in ":.)]-– \t") or (len(rest) > 70):
            continue
        yield Heading(match.start() + 1, label, {value: match.end()}, on_line=True, bare=not rest)


def _titled_headings(page: Page, titles: Sequence[str]) -> Iterator[Heading]:
    """A title with a running number at the end of its line, or the page's own title with one anywhere."""
    view = page.view
    ends = [match.start() for match in _line_end_after_number().finditer(view)]
    for end in (*ends, len(view)):
        low, whole = page.reach_back(end, LONGEST_PREFIX)
        prefix, value = numbered_end(view[low:end]) if whole else ("", 0)
        if value and may_be_title_prefix(prefix) and _is_title_prefix(prefix, titles):
            yield Heading(low, _title_label(prefix), {value: end}, on_line=True, bare=True)
    for title in titles:
        yield from _again(page, title)


@cache
def _number_and_sign() -> re.Pattern[str]:
    return folded(rf"\n[ \t\xa0]*+(?P<number>{_NUMERAL}) ?[、.:)] ?")


@cache
def _rest_of_line() -> re.Pattern[str]:
    return re.compile(r" *(?=\n|\Z)")


@cache
def _number_behind() -> re.Pattern[str]:
    return folded(rf" ?[(【\[]?(?P<number>{_NUMERAL})")


def _values_behind(view: str, match: re.Match[str]) -> dict[int, int]:
    begin = match.start("number")
    return {
        value: begin + length
        for value, length in numerals.readings(match["number"]).items()
        if not view[begin + length : begin + length + 1].strip()
        or view[begin + length] in ":、)】]"
        or _year_ahead().match(view, begin + length)
    }


def is_numbered_from(view: str, place: int) -> bool:
    """Whether a title that ends at a place of a view bears a number behind it."""
    match = _number_behind().match(view, place)
    return match is not None and bool(_values_behind(view, match))


def _again(page: Page, title: str) -> Iterator[Heading]:
    """The page's own title behind a number that begins the line, or with a number right behind."""
    view = page.view
    places = list(_places(view, title))
    if len(places) > 1:  # where it stands at the top, no number stands before it
        for match in _number_and_sign().finditer(view):
            end = match.end() + len(title)
            value = numerals.value_of(match["number"]) if view.startswith(title, match.end()) else 0
            rest = _rest_of_line().match(view, end) if value else None
            if rest:
                values = {value: rest.end()}
                yield Heading(match.start() + 1, "numbered title", values, on_line=True, bare=True)
    done = 0
    for place in places:
        found = _number_behind().match(view, place + len(title)) if place >= done else None
        if not found:
            continue
        done = found.end()
        values = _values_behind(view, found)
        low, whole = page.reach_back(place, LONGEST_PREFIX)
        on_line = whole and not view[low:place].strip(_OPENERS)
        bare = not page.rest(done, LONGEST_PREFIX).strip(_CLOSERS + ": ")
        if values and not (on_line and bare):
            start = low if on_line else place
            yield Heading(start, _title_label(title), values, on_line, bare=bare)


def _places(view: str, title: str) -> Iterator[int]:
    """Where a title stands, in order. A pattern of its own for each title would cost more than the page."""
    place = view.find(title)
    while place >= 0:
        yield place
        place = view.find(title, place + 1)


def _title_label(title: str) -> str:
    return "title " + "".join(title.split())


@cache
def _genre_end() -> re.Pattern[str]:
    return folded(rf"{any_of('genre')}(?:范文|模板|精选|优秀|范本|例文)?$")


def may_be_title_prefix(prefix: str) -> bool:
    """Whether what stands before a number at the end of a line is no sentence and no piece of structure."""
    return len(prefix) >= 4 and not _sentence_sign().search(prefix) and not is_piece_of_structure(prefix)


def _is_title_prefix(prefix: str, titles: Sequence[str]) -> bool:
    if any(prefix in title or title in prefix for title in titles):
        return True
    return not prefix.isascii() and len(prefix) <= 40 and _genre_end().search(prefix) is not None
