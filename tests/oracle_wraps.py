"""Where lines are joined, decided for one line end and one document at a time: slow, and read from the rules."""

import re
from typing import NamedTuple

from reportclean.document import Hit
from reportclean.text.artefacts import continuation as rules
from reportclean.text.artefacts import lineends
from reportclean.text.artefacts.lines import BLANK
from reportclean.text.artefacts.prose import is_han, starts_block
from reportclean.text.artefacts.wrapping import MIN_WIDTH, SLACK, WINDOW
from reportclean.text.charmodel import model

STRONG = rules.REASONS[: rules.STRONG + 1]
CERTAIN = rules.REASONS[: rules.CERTAIN + 1]
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd"
CAN_END = rf"{HAN}0-9A-Za-z，、“‘（《〈「『【( \t\r\u3000"
CAN_START = rf"{lineends.GOES_ON}{HAN}\w“‘（《〈「『("
UNFINISHED = re.compile(rf"\n(?<=[{CAN_END}]\n)(?<=[^\n]{{14}}\n)(?=[ \t\u3000]{{0,8}}[{CAN_START}])")


class LineEnd(NamedTuple):
    start: int
    before: int
    after: int
    stop: int


def candidates(text):
    for match in UNFINISHED.finditer(text):
        feed = match.start()
        start = text.rfind("\n", 0, feed) + 1
        before = start + len(text[start:feed].rstrip(BLANK))
        if before - start < lineends.MIN_LENGTH or text[before:feed].rstrip("\r").endswith("  "):
            continue
        after = feed + 1
        while text[after] in " \t\u3000":
            after += 1
        last, first = text[before - 1], text[after]
        if not (is_han(last) or last in "，、“‘（《〈「『【(" or (last.isascii() and last.isalnum())):
            continue
        if not (is_han(first) or not first.isalnum() or first.isascii()):
            continue
        line = text[max(start, before - 60) : before]
        if not (is_han(last) or is_han(first)) and sum(map(is_han, line)) * 2 < len(line):
            continue
        if (last.isdigit() and first.isdigit()) or (last in "“‘" and text[before - 2] in "。！？：，"):
            continue
        stop = text.find("\n", after)
        stop = len(text) if stop < 0 else stop
        if text[start] in "|>#<`{}/*=&$\\" or lineends._opens(text[after : min(stop, after + 40)]):
            continue
        yield LineEnd(start, before, after, stop)


def reason_of(text, end):
    last, first = text[end.before - 1], text[end.after]
    head = text[end.after : min(end.stop, end.after + rules.LOOK)]
    tail = text[max(end.start, end.before - rules.LOOK) : end.before]
    if first in lineends.GOES_ON:
        return "punctuation" if is_han(last) else ""
    if rules._closes(tail, head):
        return "bracket"
    if is_han(last) and is_han(first):
        four = text[end.before - 2 : end.before] + text[end.after : end.after + 2].ljust(2, "\n")
        alone = model().alone
        left, across, right = (
            float(each - alone[ord(char)])
            for each, char in zip(model().each(four)[1:], four[1:], strict=True)
        )
        if across > max(rules.BOUND, left, right):
            return "word"
        if last in rules._BINDING and left <= 0:
            return "binding"
        if first in rules._SUFFIXES and right <= 0:
            return "suffix"
        if last not in rules._INTRODUCES and rules._fragment().search(tail):
            return "fragment"
    clause = rules._first_clause().match(head)
    if clause and last not in rules._INTRODUCES and not rules._connective().match(clause[1]):
        return "clause"
    return ""


def prose_around(text, end):
    line = text[max(end.start, end.before - rules.LOOK) : end.before]
    head = text[end.after : min(end.stop, end.after + rules.LOOK)].rstrip(BLANK)
    signs = sum(line.count(sign) for sign in "，。；;！？")
    if not signs or (head[-1:] not in "。！？；：”）;" and not any(sign in head for sign in "，。；;")):
        return 0
    length = end.before - end.start
    if length < rules.MIN_NUMBERED and starts_block(line):
        return 0
    if not (signs > 1 or length >= 40 or rules._opener().match(line)):
        return 1
    piece = re.split("[。！？]", line)[-1]
    clause = rules._first_clause().match(head)
    opens = rules._opener().match(head) or (clause and rules._connective().match(clause[1]))
    stuck = starts_block(piece) or head[:3] == piece.lstrip("一二三四五六七八九十、. ")[:3]
    introduces = line[-1] in rules._INTRODUCES
    return 2 if opens or stuck or introduces or (length < 40 and "。" not in line) else 3


def find_wraps(text):
    ends = list(candidates(text))
    stops = [match.start() for match in re.finditer("\n\x00\n", text)] + [len(text)]
    for first, stop in zip([0, *stops], stops, strict=False):
        yield from of_document(text, stop, [end for end in ends if first <= end.before < stop])


def of_document(text, stop, ends):
    reasons = [reason_of(text, end) for end in ends]
    prose = [prose_around(text, end) for end in ends]
    shows = [reason in STRONG for reason, sure in zip(reasons, prose, strict=True) if sure > 1]
    company = sum(shows) >= 2 and sum(shows) * 4 >= len(shows)
    column = in_column(text, stop, ends, reasons)
    for end, reason, sure, in_it in zip(ends, reasons, prose, column, strict=True):
        alone = (reason in STRONG and sure > 0) or (reason != "" and sure > 1)
        indented = text[end.after - 1] != "\n"
        joins = reason in CERTAIN and sure > 1 if indented else in_it or alone or (company and sure > 2)
        if joins:
            pair = text[end.before - 1] + text[end.after]
            between = " " if pair.isascii() and pair.isalnum() else ""
            yield Hit(end.before, end.after, "wrap", reason or ("column" if in_it else "company"), between)


def in_column(text, stop, ends, reasons):
    if not any(reason in STRONG for reason in reasons):
        return [False] * len(ends)
    begin = text.rfind("\x00", 0, ends[0].start) + 1
    lines, starts = [], []
    for match in re.finditer(r"[^\n]*(?:\n|\Z)", text[begin:stop]):
        starts.append(begin + match.start())
        line = match[0].rstrip("\n")
        lines.append((len(line) + len(line.encode("utf-8", "replace"))) // 2)
    numbers = [starts.index(max(start for start in starts if start <= end.start)) for end in ends]
    found = []
    for number in numbers:
        around = lines[max(0, number - WINDOW) : number + WINDOW + 1]
        known = sum(width > 0 for width in around)
        padded = sorted([0] * (2 * WINDOW + 1 - len(around)) + around)
        widest = padded[2 * WINDOW - known // 10]
        full = [
            other
            for other in range(max(0, number - WINDOW), min(len(lines), number + WINDOW + 1))
            if widest - SLACK <= lines[other] <= widest + 2
        ]
        cuts = sum(other in full and reason in STRONG for other, reason in zip(numbers, reasons, strict=True))
        unfinished = sum(other in full for other in numbers)
        found.append(
            number in full
            and lines[min(number + 1, len(lines) - 1)] <= widest + 2
            and widest >= MIN_WIDTH
            and len(full) >= 3
            and len(full) * 10 >= known * 3
            and (cuts >= 2 or (cuts >= 1 and unfinished <= 4))
            and cuts * 12 >= unfinished
        )
    return found
