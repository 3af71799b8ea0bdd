import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.rules.fingerprint import Identity, fingerprint, identify, identify_section
from reportclean.text.positions import Lines

LINE = "一年来，在全体职工的共同努力之下，我所在20xx年完成管网改造四公里，为用户解决了许多困难，群众满意。"


def identity(text, found="20xx", code="TPL001", number=0):
    start = -1
    for _ in range(number + 1):
        start = text.index(found, start + 1)
    end, lines = start + len(found), Lines(text)
    return identify(code, text, start, end, lines.bounds(start), lines.bounds(end - 1)[1])


@pytest.mark.parametrize(
    "text",
    [
        f"前言\n{LINE}\n结尾",
        f"{LINE}\r\n",
        f"　　{LINE}",
        LINE.replace("，", "， "),
        LINE + "另有一句话。",
        "另有一句话，离得远远的，一点也不相干的。" + LINE,
    ],
)
def test_what_stands_elsewhere_makes_no_difference(text):
    assert identity(text).own == identity(LINE).own


@pytest.mark.parametrize("around", [("前言。\n", "\n结尾。"), ("另一行，\r\n", "\r\n再一行"), ("a\r", "\rb")])
def test_other_lines_make_no_difference_to_a_short_one(around):
    assert identity(around[0] + "20xx年总结" + around[1]).own == identity("20xx年总结").own


@pytest.mark.parametrize("changed", ["一年来，我所在20x年", "一年来，我所本20xx年", "一年来，我所在20xx季"])
def test_the_text_and_what_is_beside_it_count(changed):
    found = "20xx" if "20xx" in changed else "20x"
    assert identity(changed + LINE[12:], found).own != identity(LINE).own


@given(st.integers(0, len(LINE) - 1), st.sampled_from(["", "某", "某某"]))
def test_an_edit_beside_it_leaves_one_side(position, instead):
    if LINE[position] in "20xx":
        return
    changed = identity(f"上一行。\n{LINE[:position]}{instead}{LINE[position + 1 :]}\n下一行。")
    before = identity(f"上一行。\n{LINE}\n下一行。")
    assert changed.before == before.before or changed.after == before.after


def test_a_change_of_kind_leaves_the_sides_and_a_change_of_family_does_not():
    year, ordinal, other = (identity(LINE, code=code) for code in ("TPL001", "TPL007", "ART030"))
    assert year.own != ordinal.own
    assert year[1:] == ordinal[1:]
    assert year.before != other.before


@pytest.mark.parametrize("length", [30, 100, 400, 5000])
def test_an_edit_inside_a_long_one_leaves_one_side(length):
    long = "".join(chr(0x4E00 + n) for n in range(length))
    for position in (0, 5, length // 2, length - 6, length - 1):
        changed = long[:position] + "某" + long[position + 1 :]
        before, after = identity(f"甲{long}乙", long), identity(f"甲{changed}乙", changed)
        assert before.before == after.before or before.after == after.after


def test_a_section_that_was_edited_keeps_a_side():
    before = identify_section("DUP001", "00ff", "head", "tail")
    after = identify_section("DUP002", "11ee", "head", "another")
    assert before.own != after.own
    assert before.before == after.before


def test_fingerprints_are_32_digits_and_differ_by_ordinal():
    own = Identity(b"\x00" * 16, "", "").own
    prints = {fingerprint(own, number) for number in range(100)}
    assert len(prints) == 100
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in prints)
