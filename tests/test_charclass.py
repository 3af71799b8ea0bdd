import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.text.charclass import CODE_POINTS, CharClass, classes_of, code_points, table
from strategies import texts

# One character that is in the class, and one beside it that is not.
MEMBERS = {
    CharClass.HAN: ("工〇々㐀𠀀\uf900", "あア한a"),
    CharClass.ASCII_LETTER: ("azAZ", "é1ａ@[`{"),
    CharClass.ASCII_DIGIT: ("0123456789", "０一/:"),
    CharClass.X_SIGN: ("xX×✕✖Ｘｘ", "yY十+"),
    CharClass.STAR: ("*＊", "★x"),
    CharClass.UNDERSCORE: ("_＿", "-—"),
    CharClass.HOLLOW: ("○□△〇", "0o"),
    CharClass.BRACKET: ("[]【】〔〕«»<>{}［］《》「」", "()（）"),
    CharClass.PAREN: ("()（）", "[]【】"),
    CharClass.FULL_STOP: ("。．｡", ".，"),
    CharClass.COMMA: ("，、､", ",。"),
    CharClass.DASH: ("-–—－―", "_一"),
    CharClass.HASH_OR_PERCENT: ("#%$@＃％", "&*"),
    CharClass.ELLIPSIS: ("….", "。·"),
    CharClass.IDEOGRAPHIC_SPACE: ("\u3000", " \t"),
    CharClass.TAB_OR_SPACE: ("\t ", "\u3000\n"),
    CharClass.LINE_END: ("\n\r", " \t"),
    CharClass.AMPERSAND: ("&＆", "#"),
    CharClass.BACKSLASH: ("\\", "/"),
    CharClass.QUESTION: ("?？", "!"),
    CharClass.INVISIBLE: ("\u200b\u200d\ufeff\xad\u202e\u2060", " \u3000\xa0"),
    CharClass.CONTROL: ("\x00\x07\x1b\x7f\x85", "\t\n\r "),
    CharClass.SURROGATE: ("\ud800\udfff", "\ue000"),
    CharClass.PRIVATE_USE: ("\ue000\uf8ff\U000f0000", "\uf900\U000ffffe"),
    CharClass.REPLACEMENT: ("\ufffd", "\ufffc\ufffe"),
    CharClass.NONCHARACTER: ("\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff", "\ufdcf\ufdf0\ufffd"),
    CharClass.LATIN1_HIGH: ("\xa0éÿ€™–", "a中"),
    CharClass.RADICAL: ("⼀⺀", "一"),
    CharClass.COMPATIBILITY: ("\uf900\U0002f800", "工"),
    CharClass.COMBINING: ("\u0301\u3099\u1161ﾞ\u0670", "aé中"),
    CharClass.SLASH: ("/／", "\\|"),
    CharClass.SYMBOL: ("✭🤵", "年a*"),
}


def test_every_class_has_members_here():
    assert {*MEMBERS} == {*CharClass} - {CharClass.NONE}


@pytest.mark.parametrize("char_class", MEMBERS, ids=lambda c: c.name)
def test_members_and_neighbours(char_class):
    inside, outside = MEMBERS[char_class]
    assert [char for char in inside if char_class not in classes_of(char)] == []
    assert [char for char in outside if char_class in classes_of(char)] == []


@given(st.lists(texts(), max_size=4))
def test_the_classes_of_a_text_are_those_of_its_parts(parts):
    expected = CharClass.NONE
    for part in parts:
        expected |= classes_of(part)
    assert classes_of("".join(parts)) == expected


@given(texts())
def test_code_points_are_those_of_the_text(text):
    assert code_points(text).tolist() == [ord(char) for char in text]


def test_whatever_normalising_may_change_or_reorder_is_combining():
    """Where the class is absent the fold skips NFC; only one-to-one decompositions are left to its table."""
    combining = table() & np.uint32(CharClass.COMBINING) != 0
    seconds = {
        int(parts[1], 16)
        for parts in (unicodedata.decomposition(chr(point)).split() for point in range(CODE_POINTS))
        if len(parts) == 2 and not parts[0].startswith("<")
    }
    jamo = set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))
    reordered = {point for point in range(CODE_POINTS) if unicodedata.combining(chr(point))}
    assert [hex(point) for point in sorted(seconds | jamo | reordered) if not combining[point]] == []


def test_format_characters_are_invisible():
    """Those of Unicode's basic plane; the Arabic and Syriac ones are visible signs."""
    table_ = table()
    missing = [
        hex(point)
        for point in range(0x10000)
        if unicodedata.category(chr(point)) == "Cf"
        and not table_[point] & np.uint32(CharClass.INVISIBLE)
        and "ARABIC" not in unicodedata.name(chr(point), "")
        and "SYRIAC" not in unicodedata.name(chr(point), "")
    ]
    assert missing == []


def test_noncharacters_are_exactly_unicodes_sixty_six():
    flagged = np.flatnonzero(table() & np.uint32(CharClass.NONCHARACTER) != 0).tolist()
    expected = [p for p in range(CODE_POINTS) if 0xFDD0 <= p <= 0xFDEF or p & 0xFFFE == 0xFFFE]
    assert flagged == expected
    assert len(expected) == 66


def test_the_table_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        table()[0] = 1
