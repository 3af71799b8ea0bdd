"""What a single line says: is it a title, a salutation, an opening, a closing?

Input is a line of the plain view without the space around it (simplified, half-width, lower case),
so each pattern is written once.
"""

from __future__ import annotations

import re
from functools import cache

from reportclean.text.folding import plain_view
from reportclean.text.sections.page import folded
from reportclean.text.sections.words import any_of, first_signs, last_signs

YEAR = r"(?:(?:19|20)[0-9x×*_○〇]{1,4}|_{2,6}|x{2,4}|[一二]九?[〇零○0-9一二三四五六七八九]{2,3})"
_DAY = "[0-9x*_一二三四五六七八九十]{0,3}"
_DATE_ONLY = rf"{YEAR} ?[年./-] ?{_DAY}(?: ?[月./-] ?{_DAY} ?日?)?"
LONGEST_GREETING = 40  # more characters than the pattern of a weak one can take
SENTENCE_END = "。!?;…:.！？；：」』”\"')）】》"


@cache
def _title() -> re.Pattern[str]:
    tail = r"(?: ?[(\[【][^()\[\]【】]{1,24}[)\]】])?(?: ?[0-9一二三四五六七八九十]{1,3})?"
    return folded(rf"[^。;!?:…,]{{0,44}}{any_of('genre')}{tail}")


@cache
def _title_ends() -> frozenset[str]:
    """What the pattern above can end with: cheaper to ask for than the pattern."""
    return frozenset("0123456789)]】" + plain_view("一二三四五六七八九十") + plain_view(last_signs("genre")))


@cache
def _english_title() -> re.Pattern[str]:
    return folded(r"[a-z0-9][a-z0-9 '’,:&/()-]{2,70}[a-z0-9)]")


def title_strength(line: str, original: str = "") -> float:
    """How much a line looks like a title of its own: 0 not at all, 2 very much.

    A bare label such as 工作总结 is what a report calls its parts, so it says less than
    一个单位二十字的标题 does.

    Args:
        line: The line of the view.
        original: The same line as it was, for the capitals of English titles.

    >>> title_strength("物业一公司20xx年科技工作总结"), title_strength("工作总结")
    (2.0, 0.75)
    >>> title_strength("他做了一个总结。")
    0.0
    """
    if not 3 <= len(line) <= 70:
        return 0.0
    if line.isascii():
        return _english_strength(line, original)
    bare = line.strip('《》"“”*#★【】 ')
    if bare[-1:] not in _title_ends() or _numbered().match(line) or _piece_of_structure().match(line):
        return 0.0
    if not _title().fullmatch(bare):
        return 0.0
    return 2.0 if len(bare) >= 8 else 0.75


def stuck_title_strength(line: str) -> float:
    """The same for a line that begins with its title and goes on after a space.

    >>> stuck_title_strength("物业一公司20xx年科技工作总结 今年我公司做了三件事。")
    2.0
    """
    head, space, _ = line[:60].partition(" ")
    return 2.0 if space and title_strength(head) >= 2 else 0.0


@cache
def _numbered() -> re.Pattern[str]:
    return folded(
        r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[ivx]{1,5}) ?[、.,)]|[(〔]"
        r"|第[一二三四五六七八九十百0-9]+[章节条部编款项]"
    )


@cache
def _piece_of_structure() -> re.Pattern[str]:
    """Lines that open a part of the running article, whatever they end in."""
    return folded(any_of("structure"))


def is_piece_of_structure(line: str) -> bool:
    """Whether a line opens an appendix, a table or another part of the running article.

    >>> is_piece_of_structure("附件1:实施方案")
    True
    """
    return _piece_of_structure().match(line) is not None


def _english_strength(line: str, original: str) -> float:
    words = (original or line).split()
    if not 2 <= len(words) <= 12 or not _english_title().fullmatch(line) or line[-1] in ".,;:!?":
        return 0.0
    if _numbered().match(line) or _piece_of_structure().match(line):
        return 0.0
    heavy = [word for word in words if len(word) > 3 or word[0].isdigit()]
    return 1.0 if heavy and all(not word[0].islower() for word in heavy) else 0.0


@cache
def _salutation() -> re.Pattern[str]:
    people = any_of("audience")
    return folded(
        r"(?:尊敬的|敬爱的|亲爱的)[^。;!?:,]{1,24}:$"
        rf"|(?:尊敬的|敬爱的|亲爱的|各位)[^。;!?:]{{0,30}}{people}[^。;!?:]{{0,24}}(?:[:!,]|$)"
        r"|dear [^.;!?:,]{1,40}[:,!]|ladies and gentlemen\b|to whom it may concern\b"
    )


@cache
def _greeting_starts() -> frozenset[str]:
    """What the pattern above begins with."""
    return frozenset(plain_view("尊敬亲各dlt"))


@cache
def _weak_salutation() -> re.Pattern[str]:
    return folded(rf"[^。;!?:,的]{{0,12}}{any_of('audience')}[^。;!?:,的]{{0,12}}[:!]$")


def salutation_strength(line: str) -> float:
    """How much a line greets an audience: 2.5 for 尊敬的各位领导:, 1 for 同志们:, else 0.

    A speaker says 同志们 again in the middle; nobody says 尊敬的 twice.

    >>> [salutation_strength(line) for line in ("尊敬的各位领导:", "同志们:", "同志们很高兴。")]
    [2.5, 1.0, 0.0]
    """
    # Either pattern costs more than a look at both ends of the line.
    if line[:1] in _greeting_starts() and _salutation().match(line):
        return 2.5
    is_short = len(line) <= LONGEST_GREETING and line[-1:] in ("!", ":")
    return 1.0 if is_short and _weak_salutation().match(line) else 0.0


@cache
def _opening() -> re.Pattern[str]:
    just_past = rf"(?:过去的?|即将过去的?|刚刚过去的?)(?:一年|{YEAR})"
    of_a_year = rf"{YEAR} ?年(?:度|初|上半年|下半年|是|以来|来|[,我在])"
    return folded(
        rf"(?P<strong>{any_of('opening')}|{just_past})|(?P<medium>{of_a_year}|{any_of('opening_plain')})"
    )


@cache
def _opening_starts() -> frozenset[str]:
    """What the pattern above can begin with."""
    return frozenset(plain_view(first_signs("opening", "opening_plain") + "过即刚一二0123456789x_"))


@cache
def _sets_the_scene() -> re.Pattern[str]:
    """What follows 20xx年 or 根据 in the first sentence of a report."""
    return folded(any_of("scene"))


@cache
def _introduces() -> re.Pattern[str]:
    """The end of a paragraph that leads to the numbered part, such as 现将工作总结如下."""
    return folded(any_of("introduction") + " ?[:。.!]?$")


@cache
def _introduction_ends() -> frozenset[str]:
    return frozenset(plain_view(last_signs("introduction")))


def opening_strength(line: str) -> float:
    """How much a line sounds like the first sentence of a report: 0 to 3.

    >>> opening_strength("时光如梭,忙碌的一年过去了,现将工作汇报如下:")
    3.0
    >>> opening_strength("根据上级要求,我们开展了自查。"), opening_strength("小明去了学校。")
    (0.75, 0.0)
    """
    match = _opening().match(line) if line[:1] in _opening_starts() else None
    strength = 0.0
    if match:
        strength = 1.5 if match["strong"] or _sets_the_scene().search(line[:140], match.end()) else 0.75
    if line.rstrip(" :。.!")[-1:] in _introduction_ends() and _introduces().search(line[-40:]):
        strength += 1.5
    return strength


@cache
def _farewell() -> re.Pattern[str]:
    return folded(any_of("farewell"))


@cache
def _farewell_starts() -> frozenset[str]:
    """What the pattern above can begin with: also 甲方 and 乙方, and what follows what may be left out."""
    return frozenset(plain_view(first_signs("farewell") + "甲乙s"))


@cache
def _date_at_end() -> re.Pattern[str]:
    return folded(rf"[^,。;:]{{0,20}}{_DATE_ONLY}$")


@cache
def _date_ends() -> frozenset[str]:
    """What the pattern above can end with."""
    return frozenset(plain_view("0123456789x*_年月日./- 一二三四五六七八九十"))


@cache
def _last() -> re.Pattern[str]:
    return folded(any_of("last"))


@cache
def _last_starts() -> frozenset[str]:
    """What the pattern above can begin with, but for what holds 虽然."""
    return frozenset(plain_view(first_signs("last")))


@cache
def _although() -> str:
    return plain_view("虽然")


@cache
def _closing_end() -> re.Pattern[str]:
    return folded(
        rf"(?:(?P<strong>{any_of('farewell_end')})"
        rf"|(?P<rule>{any_of('enactment_end')})"
        rf"|(?P<weak>{any_of('last_end')}))[!。.]*$"
    )


@cache
def _closing_ends() -> frozenset[str]:
    """What the pattern above can end with before its stops, but for 解释权归 and what is English."""
    lists = last_signs("farewell_end", "enactment_end", "last_end")
    return frozenset(plain_view(lists + "位" + "".join(map(chr, range(0x61, 0x7B)))))


def closing_strength(line: str) -> float:
    """How much a line sounds like the last of an article: 0 to 2.5.

    >>> [closing_strength(line) for line in ("谢谢大家!", "2015年12月3日", "总之,成绩是主要的。")]
    [2.5, 1.75, 0.75]
    """
    return closing(line)[0]


def closing(line: str) -> tuple[float, bool]:
    """The same, and whether the line is one of a signature."""
    strength, signs = 0.0, is_signature(line)
    if signs:
        strength = 1.75
    elif _is_farewell(line) or ((line[:1] in _last_starts() or _although() in line) and _last().match(line)):
        strength = 0.75
    tail = line[-48:]
    if tail.rstrip("!。. ")[-1:] in _closing_ends() or "归" in tail:
        end = _closing_end().search(tail)
        if end:
            strength = max(strength, 0.75 if end["weak"] else 1.5 if end["rule"] else 2.5)
    return strength, signs


def is_signature(line: str) -> bool:
    """Whether a line belongs to the lines below a letter (此致, a name, a date), and opens nothing."""
    if _is_farewell(line):
        return len(line) <= 40
    return line[-1:] in _date_ends() and _date_at_end().match(line) is not None


def _is_farewell(line: str) -> bool:
    return line[:1] in _farewell_starts() and _farewell().match(line) is not None


def is_unfinished(line: str) -> bool:
    """Whether the sentence goes on in the next line, as in a hard-wrapped text.

    >>> is_unfinished("其次,在教育培训内容方面,公司利用每周二政治学习,周"), is_unfinished("一、修旧利废方面")
    (True, False)
    """
    return len(line) >= 18 and line[-1] not in SENTENCE_END and not _numbered().match(line)


@cache
def _page_number() -> re.Pattern[str]:
    return folded(
        r"[-—–·. ]*(?:第? ?[0-9]{1,4} ?页?(?:[ /,]*共? ?[0-9]{1,4} ?页?)?"
        r"|page [0-9]{1,4}(?: of [0-9]{1,4})?)[-—–·. ]*"
    )


def is_page_number(line: str) -> bool:
    """Whether a line is nothing but a page number: ``- 1 -``, 第3页, 3/12."""
    return len(line) <= 24 and _page_number().fullmatch(line) is not None
