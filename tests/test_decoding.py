"""Reading bytes: what is proven, what is weighed, what is refused."""

import codecs
import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.errors import ConfigError, DecodeError
from reportclean.text.decoding import canonical, decode

SIMPLIFIED = "各级工会组织要认真贯彻落实会议精神，加强安全生产。"
TRADITIONAL = "各級工會組織要認真貫徹落實會議精神，加強安全生產。"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32-le"),
        (SIMPLIFIED, "utf-32-be", "utf-32-be"),
        ("Annual report, part 2", "utf-16-le", "utf-16-le"),
        ("Annual report, part 2", "ascii", "utf-8"),
        ("Bush hid the facts", "ascii", "utf-8"),
        ("联通", "gbk", "gb18030"),
        ("Привет", "utf-8", "utf-8"),
        ("Привет мир, как дела сегодня", "cp1251", "cp1251"),
        ("労働組合の活動を強化し、職場の安全を守る", "cp932", "cp932"),
        ("労働組合の活動を強化し、職場の安全を守る", "euc_jp", "euc_jp"),
        ("노동조합의 활동을 강화하고 안전을 지키기", "cp949", "cp949"),
        ("Le café de la forêt est fermé à midi", "cp1252", "cp1252"),
        ("für", "cp1252", "cp1252"),
        ("Wahlen führte die", "cp1252", "cp1252"),
        ("Привет мир", "cp1251", "cp1251"),
        ("会議を開き", "euc_jp", "euc_jp"),
        ("到来之前", "utf-16-be", "utf-16-be"),
        ("积极健全", "utf-16-be", "utf-16-be"),
        ("R0geNK9x", "ascii", "utf-8"),
    ],
)
def test_encodings(text, codec, name):
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.hits) == (text, name, ())
    assert 0 <= decoded.score <= 1


def test_nothing_is_valid():
    assert decode(b"").text == ""


def test_a_cut_last_character_is_one_hit():
    decoded = decode((SIMPLIFIED * 4).encode()[:-1])
    assert decoded.encoding == "utf-8"
    assert decoded.text == (SIMPLIFIED * 4)[:-1] + "\ufffd"
    assert [(hit.kind, hit.stem) for hit in decoded.hits] == [("bad-byte", "E3 80")]


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0", b"\xe4\xbd"])
def test_a_few_bad_bytes_do_not_change_the_encoding(bad):
    half = (SIMPLIFIED * 3).encode()
    decoded = decode(half + bad + half)
    assert decoded.encoding == "utf-8"
    assert decoded.text == SIMPLIFIED * 3 + "\ufffd" + SIMPLIFIED * 3
    (hit,) = decoded.hits
    assert decoded.text[hit.start : hit.end] == "\ufffd"


def test_a_bad_byte_alone_in_ascii_is_one():
    decoded = decode(b"plain text \xff and more of it")
    assert (decoded.text, decoded.encoding) == ("plain text \ufffd and more of it", "utf-8")
    assert [hit.stem for hit in decoded.hits] == ["FF"]


def test_surrogates_written_one_by_one_are_joined():
    emoji = b"\xed\xa0\xbd\xed\xb8\x80"  # U+1F600 in CESU-8
    decoded = decode(SIMPLIFIED.encode() + emoji + SIMPLIFIED.encode())
    assert (decoded.text, decoded.encoding, decoded.hits) == (f"{SIMPLIFIED}😀{SIMPLIFIED}", "utf-8", ())
    lone = decode(SIMPLIFIED.encode() + emoji[:3] + SIMPLIFIED.encode())
    assert lone.text.startswith(SIMPLIFIED)
    assert lone.hits


def test_a_replacement_character_of_the_text_is_no_bad_byte():
    assert decode(("\ufffd" + SIMPLIFIED * 3).encode()).hits == ()


def test_an_encoding_that_changes_between_lines():
    parts = [(SIMPLIFIED, "utf-8"), (SIMPLIFIED + "甲", "gbk"), ("plain\n" + TRADITIONAL, "big5")]
    data = b"\n".join(text.encode(codec) for text, codec in parts) + b"\n"
    decoded = decode(data)
    assert decoded.text == "\n".join(text for text, _ in parts) + "\n"
    assert decoded.encoding == "utf-8+gb18030+big5hkscs"
    assert [hit.stem for hit in decoded.hits if hit.kind == "encoding-switch"] == ["gb18030", "big5hkscs"]


@given(
    st.lists(st.tuples(st.integers(3, 20), st.sampled_from(["utf-8", "gbk", "big5"])), min_size=2, max_size=4)
)
@settings(max_examples=40, deadline=None)
def test_groups_of_lines_are_read_each_in_its_own(parts):
    texts = [((TRADITIONAL if codec == "big5" else SIMPLIFIED) + "\n") * lines for lines, codec in parts]
    data = b"".join(text.encode(codec) for text, (_, codec) in zip(texts, parts, strict=True))
    assert decode(data).text == "".join(texts)


UNITS = (
    b"\x80",
    b"\xff",
    b"\xe4",
    b"\xc4\xe3",
    b"A\x80",
    b"\xed\xa0\xbd",
    b"\xf0\x9f\x98\x80\xff",
    b"\xe4\n",
    b"\x81\x30",
)


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_bytes_of_any_length_are_read_or_refused(unit):
    for length in range(70):
        data = (unit * 70)[:length]
        try:
            decoded = decode(data)
        except DecodeError:
            continue
        assert codecs.lookup(decoded.encoding)
        assert len(decoded.text) <= len(data)
        assert not any("\ud800" <= char <= "\udfff" for char in decoded.text)


@pytest.mark.parametrize("unit", [*UNITS, b"\xe4\xbd\xa0\n\xc4\xe3\n"])
def test_time_is_linear_and_no_bad_byte_costs_more_than_a_good_one(unit):
    def seconds(size):
        data = (unit * (size // len(unit) + 1))[:size]
        started = time.process_time()
        with contextlib.suppress(DecodeError):
            decode(data)
        return time.process_time() - started

    seconds(1000)
    # 2.6 µs a byte were once spent on bytes that end up refused.
    assert min(seconds(400_000) for _ in range(2)) < 0.5


@pytest.mark.parametrize(
    "data", [b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0", bytes(range(256)), b"a\0b\0\0c" * 9]
)
def test_binary_data_is_refused(data):
    with pytest.raises(DecodeError):
        decode(data)


def test_the_caller_decides():
    data = SIMPLIFIED.encode("gbk")
    assert decode(data, "gb2312").text == SIMPLIFIED
    assert decode(data, "latin-1").encoding == "cp1252"
    assert decode(b"\xef\xbb\xbf" + b"a", "utf8").text == "a"


@pytest.mark.parametrize("name", ["no-such-encoding", "zlib", "rot13", "", "a\0b"])
def test_what_is_no_text_encoding_is_refused(name):
    with pytest.raises(ConfigError, match="encoding"):
        decode(b"a", name)


def test_names_stand_for_their_supersets():
    assert canonical("GBK") == canonical("gb2312") == "gb18030"
    assert canonical("Big5") == canonical("cp950") == "big5hkscs"


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    try:
        decoded = decode(data)
    except DecodeError:
        return
    for hit in decoded.hits:
        assert hit.kind == "encoding-switch" or decoded.text[hit.start : hit.end] == "\ufffd"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
@settings(max_examples=200, deadline=None)
def test_long_valid_utf8_is_utf8(text):
    text = SIMPLIFIED + text
    assert decode(text.encode()).text == text
