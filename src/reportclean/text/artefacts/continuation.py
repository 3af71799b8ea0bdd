"""What shows, at a line end, that the sentence goes on in the next line, and whether the lines are prose."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.artefacts.lineends import GOES_ON, LineEnds, han
from reportclean.text.artefacts.lines import BLANK
from reportclean.text.artefacts.prose import starts_block
from reportclean.text.charmodel import model
from reportclean.text.scanned import Scanned, among

# What the evidence is, by its number; the earlier, the stronger.
REASONS = ("punctuation", "bracket", "word", "binding", "suffix", "fragment", "clause", "")
PUNCTUATION, BRACKET, WORD, BINDING, SUFFIX, FRAGMENT, CLAUSE, NOTHING = range(len(REASONS))
CERTAIN = WORD  # up to here: enough even where the next line is indented
STRONG = SUFFIX  # up to here: enough in a line of two clauses
BOUND = 2.0  # nats by which a pair must be likelier than chance to be a word
MIN_NUMBERED = 24  # code points of a numbered line that may be a sentence
LOOK = 240  # code points of a line that are read
_NEAR = 60  # code points of the next line in which a bracket is closed
_BINDING = "和与與及以为為对對把被将將从從向并並或而在于於由"  # at a line's end, outside a word
_INTRODUCES = "唱说說道曰云问問答请請致颂頌祝叩"  # a song, a speech, the close of a letter follows
_SUFFIXES = "的了着著们們性化得"  # at a line's start, outside a word
_CLAUSE_ENDS = "，。、；;,"
_LONG = 40  # code points of a line that no heading has


def evidence_of(text: Scanned, ends: LineEnds) -> NDArray[np.uint8]:
    """For each line end the number, in ``REASONS``, of the strongest that shows that its sentence goes on."""
    codes = text.codes
    last, first = codes[ends.before - 1], codes[ends.after]
    reasons = np.full(len(last), NOTHING, dtype=np.uint8)
    goes_on = among(first, GOES_ON)
    reasons[goes_on & han(last)] = PUNCTUATION
    for number in np.flatnonzero(~goes_on & _may_close(text, ends)).tolist():
        if _closes(_tail(text, ends, number), _head(text, ends, number)):
            reasons[number] = BRACKET
    both = han(last) & han(first) & ~goes_on
    _ask_model(text, ends, reasons, both)
    introduces = among(last, _INTRODUCES)
    asked = (reasons == NOTHING) & both & ~introduces & _may_be_cut(codes, ends)
    for number in np.flatnonzero(asked).tolist():
        if _fragment().search(_tail(text, ends, number)[-_FRAGMENT:]):
            reasons[number] = FRAGMENT
    asked = (reasons == NOTHING) & ~introduces & _begins_with_clause(text, ends)
    for number in np.flatnonzero(asked).tolist():
        clause = _first_clause().match(_head(text, ends, number))
        if clause and not _connective().match(clause[1]):
            reasons[number] = CLAUSE
    return reasons


def _head(text: str, ends: LineEnds, number: int) -> str:
    after, stop = int(ends.after[number]), int(ends.stop[number])
    return text[after : min(stop, after + LOOK)]


def _tail(text: str, ends: LineEnds, number: int) -> str:
    start, before = int(ends.start[number]), int(ends.before[number])
    return text[max(start, before - LOOK) : before]


def _may_close(text: Scanned, ends: LineEnds) -> NDArray[np.bool_]:
    """Whether a bracket or quotation is closed near the start of the next line."""
    closing = np.append(text.places_of("".join(_PAIRS.values())), len(text))
    nearest = closing[np.searchsorted(closing, ends.after)]
    return nearest < np.minimum(ends.stop, ends.after + _NEAR)


def _ask_model(text: Scanned, ends: LineEnds, reasons: NDArray[np.uint8], both: NDArray[np.bool_]) -> None:
    """Put in what pairs of characters show: that they are a word across the end, or none beside it."""
    before, last = text.codes[ends.before - 2], text.codes[ends.before - 1]
    first, second = text.codes[ends.after], text.codes_at(ends.after + 1)
    nothing = np.zeros(len(last), dtype=np.float32)
    left, across, right = nothing, nothing.copy(), nothing.copy()
    asked = both & (reasons == NOTHING)
    across[asked] = model().bound(last[asked], first[asked])
    binding, suffix = asked & among(last, _BINDING), asked & among(first, _SUFFIXES)
    split = asked & (across > BOUND)
    left[split | binding] = model().bound(before[split | binding], last[split | binding])
    right[split | suffix] = model().bound(first[split | suffix], second[split | suffix])
    reasons[suffix & (right <= 0)] = SUFFIX
    reasons[binding & (left <= 0)] = BINDING
    reasons[split & (across > left) & (across > right)] = WORD


def _may_be_cut(codes: NDArray[np.uint32], ends: LineEnds) -> NDArray[np.bool_]:
    """Whether a clause begins in the last few characters of the line."""
    found = np.zeros(len(ends.before), dtype=bool)
    for step in range(2, _FRAGMENT + 1):
        found |= among(codes[ends.before - step], "，、；")
    return found


def _begins_with_clause(text: Scanned, ends: LineEnds) -> NDArray[np.bool_]:
    """Whether a clause of at most three ideographs stands first in the next line."""
    ideographs = np.ones(len(ends.after), dtype=bool)
    found = np.zeros(len(ends.after), dtype=bool)
    for step in range(3):
        ideographs &= (codes_at := text.codes_at(ends.after + step)) >= 0x4E00
        ideographs &= codes_at <= 0x9FFF
        found |= ideographs & among(text.codes_at(ends.after + step + 1), _CLAUSE_ENDS)
    return found


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


_FRAGMENT = 5  # code points that the following takes at most


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


def prose_around(text: Scanned, ends: LineEnds) -> NDArray[np.uint8]:
    """How sure it is that the lines on both sides of each line end are prose.

    Returns:
        0 for what may be a heading or a table, 1 for two clauses, 2 for what no heading looks like; of
        these :func:`opens_nothing` tells those after which nothing new opens.
    """
    codes = text.codes
    begin, length = np.maximum(ends.start, ends.before - LOOK), ends.before - ends.start
    signs = _counted(codes, "，。；;！？", begin, ends.before)
    # The last character of the next line that is no blank, as far as it is read.
    stop = np.minimum(ends.stop, ends.after + LOOK)
    seen = np.where(among(codes, BLANK), 0, np.arange(len(codes)))
    closing = codes[np.maximum.accumulate(seen)[stop - 1]]
    ended = among(closing, "。！？；：”）;") | (_counted(codes, "，。；;", ends.after, stop) > 0)
    sure = np.where((signs > 0) & ended, 1 + ((signs > 1) | (length >= _LONG)), 0).astype(np.uint8)
    for number in np.flatnonzero((sure > 0) & ((length < MIN_NUMBERED) | (sure == 1))).tolist():
        line = _tail(text, ends, number)
        if length[number] < MIN_NUMBERED and starts_block(line):
            sure[number] = 0
        elif _opener().match(line):
            sure[number] = 2
    return sure


def _counted(
    codes: NDArray[np.uint32], signs: str, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many of the signs stand in each stretch."""
    counts = np.concatenate(([0], np.cumsum(among(codes, signs))))
    found: NDArray[np.int64] = counts[ends] - counts[starts]
    return found


def opens_nothing(text: Scanned, ends: LineEnds, number: int) -> bool:
    """Whether the line after prose opens nothing new, and no heading is stuck to the line before."""
    line, head = _tail(text, ends, number), _head(text, ends, number).rstrip(BLANK)
    if line[-1] in _INTRODUCES or (ends.before[number] - ends.start[number] < _LONG and "。" not in line):
        return False
    clause = _first_clause().match(head)
    if _opener().match(head) or (clause and _connective().match(clause[1])):
        return False
    piece = _sentence_end().split(line)[-1]
    # A heading stuck to the end of a line: numbered, or taken up by the paragraph that follows.
    return not starts_block(piece) and head[:3] != piece.lstrip("一二三四五六七八九十、. ")[:3]


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile("[。！？]")
