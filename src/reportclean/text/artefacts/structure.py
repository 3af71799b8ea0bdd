"""Where the order of a document is broken: stuck headings, gaps in the numbering, lost words, cut ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

import numpy as np

from reportclean.document import Hit
from reportclean.text.artefacts.lines import BLANK, BORDER, LineCursor, previous_line
from reportclean.text.artefacts.prose import is_han, is_prose, starts_block
from reportclean.text.joining import SEPARATOR
from reportclean.text.scanned import (
    At,
    Scanned,
    among,
    anchored,
    begins,
    document_starts,
    feeds_before,
    han_letters,
    matches_from,
)

NUMERALS = "零一二三四五六七八九十"
_NUMBER = r"[一二三四五六七八九十]{1,3}"
_LOOK = 300  # code points of a line that are read
_FAR = 30_000  # code points around a stuck heading in which a neighbour in number must stand
MAX_HEADING = 30
LARGEST_GAP = 2  # numbers missing between two headings of one list
MIN_DOCUMENT = 200  # code points; what is shorter may be a fragment by intent


@cache
def _value(numeral: str) -> int:
    """The value of a Han numeral up to 99; 0 if it is none.

    >>> _value("十二"), _value("二十"), _value("三")
    (12, 20, 3)
    """
    tens, ten, units = numeral.rpartition("十")
    if any(part not in NUMERALS or len(part) > 1 for part in (tens, units) if part):
        return 0
    return (NUMERALS.index(tens) if tens else bool(ten)) * 10 + (NUMERALS.index(units) if units else 0)


# Headings that lost their line end.


@cache
def _stuck_headings() -> tuple[re.Pattern[str], ...]:
    title = rf"[^\n，。；：！？]{{3,{MAX_HEADING}}}"
    plain = rf"(?P<number>{_NUMBER})[、.．]\s?{title}"
    bracketed = rf"[（(](?P<inner>{_NUMBER})[)）]{title}"
    return tuple(
        re.compile(rf"{sign}[ \u3000]?(?P<heading>{plain}|{bracketed})\r?$", re.MULTILINE) for sign in "。！"
    )


def find_stuck_headings(text: str) -> Iterator[Hit]:
    r"""A numbered heading at the end of a paragraph's last line.

    Kind ``stuck-heading``; the replacement puts it on a line of its own. A heading with a neighbouring
    number must stand at the start of a line nearby.

    >>> text = "二、自助设备\n第一时间发现问题，第一时间解决问题。三、防病毒工作\n继续做好。"
    >>> [h.replacement for h in find_stuck_headings(text)]
    ['\n三、防病毒工作']
    """
    found = sorted(
        (match.span("heading"), match["number"] or match["inner"])
        for pattern in _stuck_headings()
        for match in anchored(text, pattern, At("。！", NUMERALS[1:] + "（( \u3000"))
    )
    if not found:
        return
    openings = _openings(text)
    for (start, end), number in found:
        bracket = text[start] in "（("
        value = _value(number)
        above = _nearest(openings.get((value - 1, bracket), []), start, -1)
        below = _nearest(openings.get((value + 1, bracket), []), start, 1)
        if _same_document(text, above, start) or _same_document(text, start, below):
            yield Hit(start, end, "stuck-heading", replacement="\n" + text[start:end])


def _openings(text: str) -> dict[tuple[int, bool], list[int]]:
    """Where lines open with a number, by its value and whether it stands in brackets."""
    pattern = re.compile(rf"\n[ \t\u3000]{{0,8}}(?:({_NUMBER})[、.．]|[（(]({_NUMBER})[)）])")
    first = pattern.match("\n" + text[:20])
    openings: dict[tuple[int, bool], list[int]] = {}
    for match in (*([first] if first else []), *pattern.finditer(text)):
        key = (_value(match[1] or match[2]), match[1] is None)
        openings.setdefault(key, []).append(match.start())
    return openings


def _nearest(places: list[int], place: int, step: int) -> int:
    """The nearest of the sorted places before or after one; -1 if there is none."""
    at = bisect_left(places, place) - (step < 0)
    return places[at] if 0 <= at < len(places) else -1


def _same_document(text: str, start: int, end: int) -> bool:
    return 0 <= start < end <= start + _FAR and text.find(BORDER, start, end) < 0


def _numeral(value: int) -> str:
    """The Han numeral of a value up to 99.

    >>> _numeral(12), _numeral(20), _numeral(3)
    ('十二', '二十', '三')
    """
    tens, units = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else NUMERALS[tens] + "十"
    return head + (NUMERALS[units] if units else "")


_TITLE_WORDS = (
    "总结|總結|报告|報告|计划|計劃|方案|汇报|匯報|心得|体会|體會|发言稿|讲话稿|演讲稿|述职|材料|范文|自查"
    "|意见|制度|办法|规划|要点"
)


@cache
def _stuck_titles() -> re.Pattern[str]:
    part = rf"(?:[（(]?[篇第]?\s?(?:{_NUMBER}|[0-9]{{1,2}})[)）]?)?"
    return re.compile(
        # The first look-ahead costs little and almost no line passes it.
        rf"\n[ \u3000]{{0,4}}(?=[^\n，。；：！？ \u3000]{{6,48}}[ \u3000])"
        rf"(?P<title>[^\n，。；：！？ \u3000]{{4,40}}(?:{_TITLE_WORDS}){part})"
        r"[ \u3000]{1,4}(?=[^\n，。；：！？ ]{2,40}，)"
    )


def find_stuck_titles(text: str) -> Iterator[Hit]:
    r"""An article's title at the start of its first paragraph, with only a space between.

    Kind ``stuck-title``; the replacement puts a line end after it.

    >>> text = "物业公司2015年度工作总结 今年我公司按照年初的安排，围绕大局，强化管理，全员参与，取得了成绩。"
    >>> [h.replacement for h in find_stuck_titles(text)]
    ['物业公司2015年度工作总结\n']
    """
    first = _stuck_titles().match("\n" + text[: 2 * _LOOK])
    matches = [(first.start("title") - 1, first.end() - 1, first["title"])] if first else []
    matches += [(m.start("title"), m.end(), m["title"]) for m in _titled_lines(text)]
    cursor = LineCursor(text)
    for start, end, title in matches:
        stop = cursor.at(start)[1]
        line = text[end : min(stop, end + _LOOK)].rstrip(BLANK)
        if len(line) >= 20 and not line.endswith(("…", "...")):
            yield Hit(start, end, "stuck-title", replacement=title + "\n")


_TITLE_REACH = 64  # from the line feed before a title to the space after it, at most


def _titled_lines(text: str) -> Iterator[re.Match[str]]:
    """What :func:`_stuck_titles` matches, looked for around the space behind the title."""
    if not isinstance(text, Scanned):
        yield from _stuck_titles().finditer(text)
        return
    spaces = begins(text, At(" \u3000", before=_title_ends()))
    yield from matches_from(text, _stuck_titles(), feeds_before(text, spaces, _TITLE_REACH))


@cache
def _title_ends() -> str:
    """The last characters of titles: of the words, of a number, of brackets."""
    return "".join(sorted({word[-1] for word in _TITLE_WORDS.split("|")} | {*NUMERALS, *"0123456789)）"}))


# Numbering.


@cache
def _numbered() -> re.Pattern[str]:
    number = rf"({_NUMBER})、(?![一二三四五六七八九十])"  # 五、六两月 counts and is no heading
    return re.compile(rf"\n[ \t\u3000]{{0,4}}{number}")


_NUMBER_REACH = 8  # from the line feed before a number to the sign after it, at most


def _numbered_lines(text: str) -> Iterator[re.Match[str]]:
    """What :func:`_numbered` matches, looked for around the sign behind the number."""
    if not isinstance(text, Scanned):
        yield from _numbered().finditer(text)
        return
    signs = begins(text, At("、", before=NUMERALS[1:]))
    yield from matches_from(text, _numbered(), feeds_before(text, signs, _NUMBER_REACH))


def find_numbering_gaps(text: str, largest_gap: int = LARGEST_GAP) -> Iterator[Hit]:
    r"""A heading 三、 that follows 一、 although no 二、 stands between them.

    Kind ``numbering-gap``, no replacement. Gaps of at most ``largest_gap`` numbers, upwards: what is
    larger is another list. A number that stands inside a paragraph in between is not missing.

    >>> [h.start for h in find_numbering_gaps("一、概况\n五个科室。\n三、成绩\n任务完成。\n四、不足")]
    [11]
    """
    first = _numbered().match("\n" + text[:20])
    marks = [(first.start(1) - 1, first[1])] if first else []
    marks += [(match.start(1), match[1]) for match in _numbered_lines(text)]
    previous = (-1, 0)
    for number, (start, numeral) in enumerate(marks):
        value = _value(numeral)
        missing = value - previous[1] - 1
        if previous[1] and 0 < missing <= largest_gap and value:
            between = text[previous[0] : start]
            after = marks[number + 1] if number + 1 < len(marks) else (len(text), "")
            last = not after[1] or BORDER in text[start : after[0]]
            following = value + 1 if last else _value(after[1])
            sequence = previous[1] == 1 or following == value + 1
            lost = all(_numeral(previous[1] + 1 + i) + "、" not in between for i in range(missing))
            if sequence and lost and BORDER not in between and len(between) < _FAR:
                yield Hit(start, start + len(numeral) + 1, "numbering-gap")
        previous = (start, value)


# Words that are gone.


@cache
def _lost_words() -> tuple[tuple[re.Pattern[str], At], ...]:
    # Verbs that cannot stand without an object, with 了 before a full stop; and a list cut at its comma.
    verbs = "取得|作出|做出|起到|奠定|营造|營造|打下|树立|樹立|发挥|發揮|激发|彰显|凸显|谱写|促成"
    han = r"[\u4e00-\u9fff]"
    return (
        (re.compile(rf"了[。；](?<={han}{han}了[。；])(?<=(?:{verbs})了[。；])"), At("了", "。；")),
        (re.compile(rf"、[。、](?<={han}、[。、])(?!、)"), At("、", "。、")),
    )


def find_lost_words(text: str) -> Iterator[Hit]:
    """A full stop where a word has to follow, as in 此项工作取得了。 and nothing more.

    Kind ``lost-word``, no replacement. The span is what asks for the word, with the full stop.

    >>> [(h.start, h.end) for h in find_lost_words("在各方面的积极配合下，此项工作取得了。")]
    [(15, 19)]
    """
    found = [match.span() for pattern, at in _lost_words() for match in anchored(text, pattern, at)]
    for start, end in sorted(found):
        passive = text[max(0, start - 12) : start]
        if text[start] != "、" and any(word in passive for word in ("被", "已经", "都", "所")):
            continue  # 目标都取得了。 names its object first
        yield Hit(start - 2 if text[start] == "了" else start, end, "lost-word")


# Ends that are cut off.


def find_cut_ends(text: str, min_document: int = MIN_DOCUMENT) -> Iterator[Hit]:
    r"""The last line of a document when it breaks off: a heading without text, a sentence without an end.

    Kind ``cut-end``, no replacement. A document shorter than ``min_document`` code points may be a fragment
    by intent.

    >>> text = "加强管理，做好规划、协调和服务工作，为科技进步营造良好的环境。\n" * 8
    >>> [h.start - len(text) for h in find_cut_ends(text + "（一）建设政")]
    [0]
    """
    for start, stop in _open_documents(text) if isinstance(text, Scanned) else _documents(text):
        hit = _cut_end(text, start, stop, min_document)
        if hit is not None:
            yield hit


def _documents(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each of the joined documents."""
    starts = document_starts(text)
    yield from zip(starts, (*(start - len(SEPARATOR) for start in starts[1:]), len(text)), strict=True)


def _open_documents(text: Scanned) -> Iterator[tuple[int, int]]:
    """The same for documents whose last character, or last but for blanks, may be Han."""
    starts = text.documents
    stops = np.append(starts[1:] - len(SEPARATOR), len(text))
    starts, stops = starts[starts < stops], stops[starts < stops]
    last = text.codes[stops - 1]
    is_open = (last > 0xFFFF) | among(last, han_letters() + BLANK + "\n")
    yield from zip(starts[is_open].tolist(), stops[is_open].tolist(), strict=True)


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile("[。！？；]")


def _cut_end(text: str, start: int, stop: int, min_document: int) -> Hit | None:
    end = stop
    while end > max(start, stop - _LOOK) and text[end - 1] in BLANK + "\n":
        end -= 1
    if end - start < min_document or not is_han(text[end - 1]):
        return None
    first = max(start, text.rfind("\n", max(start, end - 2 * _LOOK), end) + 1)
    line = text[first:end]
    if is_prose(line):
        sentence = _sentence_end().split(line)[-1]
        if ("，" in sentence or sentence != line) and len(sentence) > 1:
            return Hit(end - min(len(sentence), MAX_HEADING), end, "cut-end")
    if len(line) > MAX_HEADING or not starts_block(line) or "：" in line:
        return None
    above = previous_line(text, first)
    if above is None:
        return None
    body = text[max(above[0], above[1] - _LOOK) : above[1]].rstrip(BLANK)
    if is_prose(body) and body.endswith(("。", "！", "；", ";", "”", "：", ":")):
        return Hit(first + len(line) - len(line.lstrip(BLANK)), end, "cut-end")
    return None
