import time
from unicodedata import category, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reportclean.report.showing import SHOWN_CELLS, escaped, excerpt
from strategies import texts

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Unicode 16 made these wide; what a terminal does with them depends on its age.
LATELY_WIDE = [(0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D37F)]


def settled(text):
    return not any(low <= ord(c) <= high for c in text for low, high in LATELY_WIDE)


def drawn(text):
    """What must be seen of a text, one character after the other: the slow way, with rich's widths."""
    out = ""
    for character in text:
        hidden = category(character) in UNSEEN
        odd = "\ufe00" <= character <= "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff"
        if character == "\t":
            out += "    "
        elif hidden or odd or character in "\u3164\uffa0\u115f\u1160" or character >= "\U000e0100":
            out += character.encode("unicode_escape").decode()
        elif character == "[" and out.endswith("##"):
            out += r"\x5b"
        else:
            out += character
    return out


def under(shown):
    """The characters that the carets point at, those of no width left out."""
    offset, width = shown.carets.count(" "), shown.carets.count("^")
    at, found = 0, ""
    for character in shown.line:
        cells = cell_len(character)
        if cells and offset <= at < offset + width:
            found += character
        at += cells
    return found


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "carets"),
    [
        ("一、20xx年", 2, 7, "一、20xx年", "    ^^^^^^"),
        ("\t20xx年", 1, 6, "    20xx年", "    ^^^^^^"),
        ("\u3000。。好", 1, 3, "\u3000。。好", "  ^^^^"),
        ("cafe\u0301。。", 5, 7, "cafe\u0301。。", "    ^^^^"),
        ("工e\u0301", 2, 3, "工e\u0301", "  ^"),  # a mark alone: the caret is under its letter
        ("工\u0301", 1, 2, "工\u0301", " ^"),
        ("工\x1b[0m会", 1, 5, r"工\x1b[0m会", "  ^^^^^^^"),
        ("a\u202eb", 2, 3, r"a\u202eb", "       ^"),
        ("a\u200bb", 1, 2, r"a\u200bb", " ^^^^^^"),
        ("\ud800年", 1, 2, r"\ud800年", "      ^^"),
        ("हिन्दी 20xx", 7, 11, "हिन्दी 20xx", "    ^^^^"),
        ("ก่ำ。。", 3, 5, "ก่ำ。。", "  ^^^^"),
        ("\u1100\u1161\u11a8。。", 3, 5, "\u1100\u1161\u11a8。。", "  ^^^^"),
        ("\uff71\uff8a\uff9f。。", 3, 5, "\uff71\uff8a\uff9f。。", "   ^^^^"),
        ("👍🏽。。", 2, 4, r"👍\U0001f3fd。。", " " * 12 + "^^^^"),
        ("好", 1, 1, "好", "  ^"),
        ("a##[error]x", 3, 10, r"a##\x5berror]x", "   " + "^" * 10),
        ("", 0, 0, "", "^"),
        ("好", 5, 9, "好", "  ^"),  # a span that is out of the line
    ],
)
def test_carets(line, start, end, shown, carets):
    assert excerpt(line, start, end) == (shown, carets)


@given(line=texts().filter(settled), data=st.data())
def test_carets_stand_under_the_span(line, data):
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    shown = excerpt(line, start, end)
    assert shown.line.removesuffix("...").removeprefix("...") in drawn(line)
    span = "".join(c for c in drawn(line[start:end]) if cell_len(c))
    if not span:
        assert shown.carets.count("^") == 1
    elif shown.line == drawn(line):
        assert under(shown) == span
    else:
        assert under(shown)
        assert span.startswith(under(shown))


@given(before=texts().filter(settled), times=st.integers(1, 30))
def test_long_lines_are_cut_around_the_span(before, times):
    line = before * times + "20xx年" + before * times
    shown = excerpt(line, len(before) * times, len(before) * times + 5)
    assert cell_len(shown.line) <= SHOWN_CELLS + len("......")
    assert under(shown) == "20xx年"
    assert shown.line.startswith("...") or drawn(line).startswith(shown.line.removesuffix("..."))


def test_every_character_has_the_width_that_rich_gives_it():
    wrong = []
    for code in [*range(0x20000), *range(0x20000, 0x110000, 97)]:
        character = chr(code)
        if category(character) in UNSEEN or not settled(character):
            continue
        shown, carets = excerpt(f"甲{character}乙", 2, 3)
        if cell_len(shown.rpartition("乙")[0]) != carets.count(" "):
            wrong.append((hex(code), east_asian_width(character)))
    assert wrong == []


def test_a_line_of_megabytes_costs_what_is_shown_of_it():
    line = "全年" * 3_000_000
    start = time.process_time()
    for place in range(2000):
        excerpt(line, 3_000_000 + place, 3_000_000 + place + 5)
    assert time.process_time() - start < 2  # looking at the whole line takes a second each


def test_a_heap_of_marks_is_cut_too():
    shown = excerpt("e" + "\u0301" * 100_000 + "。。", 100_001, 100_003)
    assert len(shown.line) < 1000
    assert under(shown) == "。。"


@given(texts())
def test_escaped_text_is_one_line_of_visible_characters(text):
    shown = escaped(text)
    assert not {category(c) for c in shown} & UNSEEN
    assert [c for c in shown if not c.isascii()] == [
        c for c in text if not c.isascii() and category(c) not in UNSEEN
    ]
    assert "##[" not in shown
    if text.isprintable() and "##[" not in text:
        assert shown == text
