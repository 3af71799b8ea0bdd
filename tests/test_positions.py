import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.text.positions import SHOWN, Lines

ENDINGS = st.text("ab甲\U0002000b\t\n\r\u2028\u0085\x0c\ufeff", max_size=40)


def places(text):
    """The oracle: walk over the text, one code point at a time."""
    line, column = 1, 1
    for position, char in enumerate(text):
        yield line, column
        if char == "\n" or (char == "\r" and text[position + 1 : position + 2] != "\n"):
            line, column = line + 1, 1
        else:
            column += 1
    yield line, column


@given(ENDINGS)
def test_places_are_those_of_a_walk(text):
    lines = Lines(text)
    assert [lines.place(position) for position in range(len(text) + 1)] == list(places(text))


@given(ENDINGS, st.data())
def test_the_bounds_hold_the_line_without_its_end(text, data):
    position = data.draw(st.integers(0, len(text)))
    start, end = Lines(text).bounds(position)
    assert start <= position
    assert re.split(r"\r\n|\r|\n", text)[Lines(text).place(position)[0] - 1] == text[start:end]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c"])
def test_nothing_else_ends_a_line(separator):
    assert Lines(f"甲{separator}乙").place(2) == (1, 3)


@given(ENDINGS, st.data())
def test_an_excerpt_shows_the_span(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    excerpt = Lines(text).excerpt(start, end)
    first, last = Lines(text).bounds(start)
    assert excerpt.text == text[first:last]
    assert excerpt.text[excerpt.start : excerpt.end] == text[min(start, last) : min(end, last)]


@pytest.mark.parametrize("start", [0, 1, 59, 60, 61, 500, 4799, 4990, 4999])
def test_a_long_line_is_shown_in_part(start):
    line = "".join(chr(0x4E00 + n) for n in range(5000))
    excerpt = Lines(f"甲\n{line}\n乙").excerpt(start + 2, start + 3)
    assert len(excerpt.text) == SHOWN
    assert excerpt.text in line
    assert excerpt.text[excerpt.start : excerpt.end] == line[start]


def test_a_span_that_goes_on_below_ends_with_its_first_line():
    assert Lines("一二三\n四五\n").excerpt(1, 6) == ("一二三", 1, 3)
