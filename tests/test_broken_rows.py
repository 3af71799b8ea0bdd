"""The quick ways through broken text beside slow ones: rows, what comes out even, zones, bounds."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import UPPER, UPPER_SIGN, scan
from reportclean.text.mojibake.codepages import LATIN
from reportclean.text.mojibake.cores import REFUSES, rows_and_solids, rows_of
from reportclean.text.mojibake.decoders import Decoder, Drops, Marks
from reportclean.text.mojibake.even import even
from reportclean.text.mojibake.latin import find_read_as_latin
from reportclean.text.mojibake.weighing import conditional, most_likely
from reportclean.text.mojibake.wholes import beyond_doubt, read_whole
from reportclean.text.mojibake.zones import zones

WHOLE = b"[\xe2-\xef][\x80-\xbf]{2}"
BETWEEN = b"(?:[\\n -<>@-~]|[\xc2-\xdf][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}){0,12}"
ROW = re.compile(WHOLE + b"(?:" + BETWEEN + WHOLE + b"){2,}")
SOLID = re.compile(b"(?:" + WHOLE + b"){3,}")
BYTES = st.lists(
    st.one_of(
        st.sampled_from(["你".encode(), "好".encode(), b"a", b"="]),
        st.sampled_from([b"?", b"\n", b"0123456789", "·".encode(), "😀".encode(), b"\xf0\x80\x80\x80"]),
        st.binary(min_size=1, max_size=2),
    ),
    max_size=40,
).map(b"".join)
CHINESE = st.text(st.sampled_from("会议。测试安全生产，老“的”）一二0123 ab\n图"), min_size=6, max_size=60)


@given(BYTES)
@settings(max_examples=400, deadline=None)
def test_rows_are_what_the_patterns_find(data):
    rows, solids = rows_and_solids(np.frombuffer(data, dtype=np.uint8))
    assert rows.tolist() == [list(match.span()) for match in ROW.finditer(data)]
    assert solids.tolist() == [list(match.span()) for match in SOLID.finditer(data)]


@given(st.lists(CHINESE, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_rows_of_ranges_together_are_those_of_each(texts):
    broken = [text.encode().decode("gb18030", "replace") for text in texts]
    points = code_points("".join(broken))
    ends = np.cumsum([len(part) for part in broken]).tolist()
    ranges = list(zip([0, *ends[:-1]], ends, strict=True))
    together = rows_of(points, ranges, [True] * len(ranges))
    for found, place in zip(together, ranges, strict=True):
        alone = rows_of(points, [place], [True])[0]
        assert [core[:5] for core in found.cores] == [core[:5] for core in alone.cores]
        for core in found.cores:
            assert found.owners[core.first] + found.move == core.start
            assert found.raw[core.first : core.last] == core.fixed.encode()


@pytest.mark.parametrize("codec", ["gb18030", "gbk"])
@given(text=CHINESE)
@settings(max_examples=200, deadline=None)
def test_what_comes_out_even_is_the_text_but_for_the_gaps(codec, text):
    """The oracle knows the text: every part must be a piece of it, and every gap one character."""
    text += "完成任务"  # at an end a mark may hide more
    broken = text.encode().decode(codec, "replace")
    wide = codec == "gb18030"
    rows = rows_of(code_points(broken), [(0, len(broken))], [wide])[0]
    size = len(rows.raw) - 1  # a byte of no row stands last
    parts = even(rows.raw, 0, size, Decoder(wide, Marks.ONE, Drops.NOTHING))
    if parts is None:
        return
    assert [(part.start, part.end) for part in parts] == list(
        zip([0, *(part.end for part in parts[:-1])], [part.end for part in parts], strict=True)
    )
    assert re.fullmatch("".join(re.escape(part.chars) or "." for part in parts), text, re.DOTALL)
    for part in parts:
        assert bool(part.chars) != bool(part.known)


def test_only_80_is_filled_in_where_a_whole_character_comes_out():
    text = "他说“会议。开始”，共100人。\n一、老地方"
    broken = text.encode().decode("gb18030", "replace")
    raw = rows_of(code_points(broken), [(0, len(broken))], [True])[0].raw
    data = text.encode()
    assert len(raw) == len(data) + 1
    for at, byte in enumerate(data):
        lost = raw[at] == 0xFF and (raw[at + 1] < REFUSES or 0xFF in raw[at + 1 : at + 3])
        assert raw[at] == byte or lost


def slow_zones(text):
    """Row by row: from one upper half to the next while only printable ASCII stands between."""
    bits = scan(text).bits
    innocent = set("\xa0¿¡·×÷±°§¨«»­®©™–—―‘’“”•…‹›€№│─┌┐└┘├┤┬┴┼═║█■") | set(map(chr, range(0x370, 0x460)))
    upper = [bool(bit & (UPPER | UPPER_SIGN)) for bit in bits.tolist()]
    found, at = [], 0
    while at < len(text):
        if not upper[at]:
            at += 1
            continue
        start = last = at
        suspicious = False
        while True:
            after = next((i for i in range(last + 1, len(text)) if upper[i]), None)
            if after is None or after - last > 30 or not re.fullmatch("[ -~]*", text[last + 1 : after]):
                break
            suspicious |= after == last + 1 and not {text[last], text[after]} <= innocent
            last = after
        if suspicious:
            found.append((start, last + 1 + len(re.match("[ -~]{0,2}", text[last + 1 :])[0])))
        at = last + 1
    return found


LATIN_TEXT = st.lists(
    st.one_of(
        CHINESE.map(lambda text: text.encode().decode("latin-1")),
        st.text(st.characters(min_codepoint=0x80, max_codepoint=0xFF), max_size=6),
        st.sampled_from(["é", "“”", "·×", "会议", "\n", "x" * 31, "y" * 29, " ", "Ω≈", "€"]),
    ),
    max_size=10,
).map("".join)


@given(LATIN_TEXT)
@settings(max_examples=200, deadline=None)
def test_zones_are_those_of_a_walk(text):
    assert zones(scan(text)) == slow_zones(text)


@given(st.lists(st.one_of(LATIN_TEXT, CHINESE.map(lambda text: text.encode().decode("mac_roman")))))
@settings(max_examples=100, deadline=None)
def test_what_characters_alone_prove_is_what_the_full_look_finds(texts):
    looked = scan("\n".join(texts))
    spans = zones(looked)
    codecs = (LATIN, "mac_roman", "cp1250")
    for (start, end), (codec, fixed) in zip(spans, beyond_doubt(looked, spans, codecs), strict=True):
        if fixed:
            assert read_whole(looked.text[start:end], codecs) == ("utf8-as-latin1", codec, fixed)


def test_a_line_of_chinese_is_proven_by_its_characters():
    text = "各级工会组织要认真贯彻落实会议精神，加强安全生产检查。"
    broken = text.encode().decode("latin-1")
    looked = scan(broken)
    assert beyond_doubt(looked, zones(looked), (LATIN,)) == [(LATIN, text)]
    twice = broken.encode().decode("latin-1")
    assert [hit.replacement for hit in find_read_as_latin(twice)] == [text]
    looked = scan(text.encode().decode("mac_roman"))
    assert beyond_doubt(looked, zones(looked), (LATIN, "mac_roman")) == [("mac_roman", text)]


@given(st.text(min_size=2, max_size=2))
def test_no_character_counts_for_more_than_its_bound(pair):
    before, after = pair
    assert model().pair(before, after) <= model().most[ord(after)]
    assert conditional(before, after) <= most_likely()[ord(after)]
