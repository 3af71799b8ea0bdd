"""What shows, at one line end, that the sentence goes on in the next line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from reportclean.text.artefacts.lines import BLANK
from reportclean.text.artefacts.prose import is_han, starts_block
from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model

STRONG = ("word", "bracket", "punctuation", "binding", "suffix")  # enough in a line of two clauses
CERTAIN = ("word", "bracket", "punctuation")  # enough even where the next line is indented
BOUND = 2.0  # nats by which a pair must be likelier than chance to be a word
MIN_NUMBERED = 24  # code points of a numbered line that may be a sentence
_LOOK = 240  # code points of a line that are read
GOES_ON = "，、。；：！？”’）》〉」』】％"
_BINDING = "和与與及以为為对對把被将將从從向并並或而在于於由"  # at a line's end, outside a word
_INTRODUCES = "唱说說道曰云问問答请請致颂頌祝叩"  # a song, a speech, the close of a letter follows
_SUFFIXES = "的了着著们們性化得"  # at a line's start, outside a word


class LineEnd(NamedTuple):
    """A line end that may stand in mid-sentence."""

    start: int  # where the line before it starts
    before: int  # where the text of that line ends
    after: int  # where the next line starts
    stop: int  # where the next line ends


def evidence_of(text: str, candidates: list[LineEnd]) -> list[str]:
    """For each candidate what shows that its sentence goes on; empty where nothing does."""
    if not candidates:
        return []
    around = [
        text[c.before - 2 : c.before] + text[c.after : c.after + 2].ljust(2, "\n")[:2] for c in candidates
    ]
    points = code_points("".join(around))
    likelier = (model().each_point(points) - model().alone[points]).reshape(-1, 4)[:, 1:]
    return [
        next(_reasons(text, candidate, *pairs), "")
        for candidate, pairs in zip(candidates, likelier.tolist(), strict=True)
    ]


def _reasons(text: str, end: LineEnd, left: float, across: float, right: float) -> Iterator[str]:
    """What shows that the sentence goes on, the strongest first.

    Args:
        text: The text.
        end: The line end.
        left: By how many nats the pair of characters before the line end beats chance.
        across: The same for the pair on both sides of it.
        right: The same for the pair after it.
    """
    last, first = text[end.before - 1], text[end.after]
    head = text[end.after : min(end.stop, end.after + _LOOK)]
    tail = text[max(end.start, end.before - _LOOK) : end.before]
    if first in GOES_ON:
        if is_han(last):
            yield "punctuation"
        return
    if _closes(tail, head):
        yield "bracket"
    if is_han(last) and is_han(first):
        if across > max(BOUND, left, right):
            yield "word"
        if last in _BINDING and left <= 0:
            yield "binding"
        if first in _SUFFIXES and right <= 0:
            yield "suffix"
        if last not in _INTRODUCES and _fragment().search(tail):
            yield "fragment"
    clause = _first_clause().match(head)
    if clause and last not in _INTRODUCES and not _connective().match(clause[1]):
        yield "clause"


_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "「": "」", "『": "』"}


def _closes(tail: str, head: str) -> bool:
    """Whether the next line closes a bracket or quotation that this one leaves open."""
    tail = _sentence_end().split(tail)[-1]
    head = head[:60]
    for opening, closing in _PAIRS.items():
        at = tail.rfind(opening)
        if at < 0 or closing in tail[at:] or (opening == "(" and "）" in tail[at:]):
            continue
        closed = head.find(closing)
        if closed >= 0 and opening not in head[:closed] and not _sentence_end().search(head, 0, closed):
            return True
    return False


@cache
def _fragment() -> re.Pattern[str]:
    # What stands after the last comma is one character, or a verb that wants its object.
    verbs = (
        "加强|加大|加快|推进|推动|开展|提高|提升|强化|深化|实施|促进|进行|完善|建立|健全|组织|举办|召开|制定|落实|坚持|做好|抓好|搞好|确保"
        "|保证|努力|积极|认真|不断|进一步|大力|切实|充分|全面|深入|通过|根据|按照|围绕|结合|针对|由于|为了|使得|使其|从而|并且|以及"
    )
    return re.compile(rf"[，、；]\s?(?:[^\W\d_]|{verbs})\Z")


@cache
def _first_clause() -> re.Pattern[str]:
    return re.compile(r"([\u4e00-\u9fff]{1,3})[，。、；;,]")


@cache
def _connective() -> re.Pattern[str]:
    # Short clauses that open paragraphs: connectives, times, forms of address, interjections.
    return re.compile(
        r"(?:[在从自对当据经][^\n]{1,2}|首先|其次|再次|再者|再则|最后|最终|第[一二三四五六七八九十]|[一二三四五六七八九]是|其[一二三四五]|总之|同时|另外|此外|因此|因而"
        r"|所以|但是?|然而|而且|并且|于是|不过|可是|当然|其实|后来|例如|比如|如|如今|现在|目前|当前|今[年天后日]|去年|明[年天]|昨[天日]|前[年天]"
        r"|[近一这几数两三]年来?|[本这当此那]次|年初|年底|年来|之后|此后|随后|然后|接着|原来|终于|突然|忽然|果然|结果|也许|或许|显然|诚然"
        r"|综上|综合|据悉|据此|为此|对此|至此|由此|从此|因为|由于|虽然|如果|是的|不|好|唉|啊|哦|嗯|喂|哎|诸位|各位|同志们?|朋友们?|同学们?|老师们?"
        r"|女士们?|先生|亲爱的|您好|你好|大家好|谢谢|一方面|另一面|其[三四中间后余他]|换言之|总体上?|总的|简言之|概言之|反之|相反|否则|春|夏|秋|冬"
        r"|[上下]午|[早晚]上|中午|傍晚|清晨|那年|那天|有时|平时|同样|同年|同日|次日|翌日|当年|当时|当天|当日|那时|这时|这样|这里|那么|那里|故|盖|夫|且|若|则"
        r"|[一二三四五六七八九十]月|[一二三四五六七八九十]日|[一二三四五六七八九十]来|.姐|.哥|.总|.董|小.|老.)\Z"
    )


@cache
def _opener() -> re.Pattern[str]:
    # What a sentence opens with and a heading does not.
    return re.compile(
        r"[ \t\u3000]*(?:为了|为|由于|通过|透过|根据|按照|依据|鉴于|随着|自从|自|在|从|当|对于|关于|虽然|尽管"
        r"|如果|若|只要|只有|即使|不但|不仅|因为"
        r"|首先|其次|再次|最后|总之|同时|另外|此外|因此|所以|但是?|然而|而且|并且|于是|今年|去年|近年|一年|目前|当前|我[们局市县区镇乡校院司]?)"
    )


def prose_around(text: str, candidate: LineEnd) -> int:
    """How sure it is that the lines on both sides are prose.

    Returns:
        0 for what may be a heading or a table, 1 for two clauses, 2 for what no heading looks like,
        3 where moreover the next line opens nothing new.
    """
    line = text[max(candidate.start, candidate.before - _LOOK) : candidate.before]
    head = text[candidate.after : min(candidate.stop, candidate.after + _LOOK)].rstrip(BLANK)
    signs = sum(line.count(sign) for sign in "，。；;！？")
    if not signs or (head[-1:] not in "。！？；：”）;" and not any(sign in head for sign in "，。；;")):
        return 0
    length = candidate.before - candidate.start
    if length < MIN_NUMBERED and starts_block(line):
        return 0
    sure = signs > 1 or length >= 40 or _opener().match(line) is not None
    piece = _sentence_end().split(line)[-1]
    if not sure:
        return 1
    clause = _first_clause().match(head)
    opens = _opener().match(head) or (clause and _connective().match(clause[1]))
    # A heading stuck to the end of a line: numbered, or taken up by the paragraph that follows.
    stuck = starts_block(piece) or head[:3] == piece.lstrip("一二三四五六七八九十、. ")[:3]
    return 2 if opens or stuck or line[-1] in _INTRODUCES or (length < 40 and "。" not in line) else 3


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile("[。！？]")
