import re
import unicodedata
from functools import cache

import numpy as np
import opencc
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oracles import tokens_of
from reportclean.text.folding import (
    KINDS,
    SEPARATOR,
    SINGLE,
    TOKEN_START,
    fold,
    fold_batch,
    fold_table,
    key_to_str,
    plain_view,
)
from reportclean.text.placeholders import find_masks, find_placeholders
from strategies import (
    CLAUSES,
    COMMAS,
    HAN_WITHOUT_NUMBERS,
    HOSTILE_PIECES,
    STOPS,
    YEAR_FORMS,
    clauses,
    hostile,
    mixed,
    reports,
    texts,
)

FULL_WIDTH = {point: point + 0xFEE0 for point in range(0x21, 0x7F)} | {0x20: 0x3000}
TO_OTHER_SCRIPTS = ("s2t", "s2tw", "s2hk", "t2s", "tw2s", "hk2s", "t2tw", "t2hk", "tw2t", "hk2t")
HAN = [
    chr(p)
    for first, last in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0))
    for p in range(first, last)
]


@cache
def converter(name):
    return opencc.OpenCC(name)


@cache
def converted_han(name):
    return converter(name).convert("\n".join(HAN)).split("\n")


def in_mask(text, position):
    return any(hit.start <= position < hit.end for hit in find_masks(text))


# What must not change a key.


@given(st.one_of(reports(), mixed()))
def test_normal_forms(text):
    assert len({fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")} | {fold(text)}) == 1


@given(mixed(), st.lists(st.text("abcVYZ5789.,!?-&", max_size=6), max_size=6))
def test_full_width_forms(text, words):
    text = f"{text}{' '.join(words)}工作{'，'.join(words)}"
    assert fold(text.translate(FULL_WIDTH)) == fold(text)


@pytest.mark.parametrize(
    "text", ["20xx年", "XX市", "**公司", "____年__月__日", "202_年", "[填写]", "A4纸20张"]
)
def test_full_width_masks(text):
    assert fold(f"在{text}召开".translate(FULL_WIDTH)) == fold(f"在{text}召开")


@pytest.mark.parametrize("text", ["5XX工作", "( )工作"])
def test_masks_do_not_depend_on_width(text):
    assert fold(text.translate(FULL_WIDTH)) == fold(text)


def test_every_compatibility_form_folds_like_what_it_stands_for():
    points = [p for p in range(0x110000) if not 0xD800 <= p <= 0xDFFF]
    chars = [chr(p) for p in points if unicodedata.normalize("NFKC", chr(p)) != chr(p)]
    plain = [unicodedata.normalize("NFKC", char) for char in chars]
    assert len(chars) > 4000
    wrong = [a for a, x, y in zip(chars, map(fold, chars), map(fold, plain), strict=True) if x != y]
    assert wrong == []


@given(st.lists(st.sampled_from(["ｱ", "ｶ", "ｶﾞ", "ﾊ", "ﾊﾟ", "ｯ", "ｰ"]), max_size=12))
def test_half_width_kana(kana):
    text = "".join(kana)
    assert fold(text) == fold(unicodedata.normalize("NFKC", text))
    assert len(tokens_of(text)) == len(kana)


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, str.swapcase, str.casefold], ids=lambda f: f.__name__
)
def test_case_of_every_letter(change):
    points = (p for p in range(0x110000) if not 0xD800 <= p <= 0xDFFF)
    letters = [chr(p) for p in points if change(chr(p)) != chr(p)]
    assert len(letters) > 1000
    assert [letter for letter in letters if fold(change(letter)) != fold(letter)] == []


@given(mixed(), st.sampled_from([str.upper, str.lower, str.swapcase, str.casefold]))
def test_case_in_words(text, change):
    assert fold(change(text)) == fold(text)


@pytest.mark.parametrize("name", TO_OTHER_SCRIPTS)
def test_script_of_every_character(name):
    """Character by character, over all ideographs that OpenCC knows."""
    pairs = [(a, b) for a, b in zip(HAN, converted_han(name), strict=True) if a != b]
    assert pairs
    assert [(a, b) for a, b in pairs if fold(a) != fold(b)] == []


@given(reports(), st.sampled_from(["s2t", "s2tw", "s2hk"]))
def test_script_of_sentences(text, name):
    other = converter(name).convert(text)
    assert fold(other) == fold(text)
    assert fold(converter("t2s").convert(other)) == fold(text)


@given(clauses(min_size=1), st.data())
def test_spaces_and_punctuation_between_han(parts, data):
    text = "".join(parts)
    signs = st.sampled_from(
        ["", "", " ", "\n", "\u3000", "\t", *STOPS, *COMMAS, "——", "（", "）", "“", "😀", "、 "]
    )
    other = "".join(char + data.draw(signs) for char in text)
    assert fold(other) == fold(text) == "".join(tokens_of(text))


@pytest.mark.parametrize("after", ["年，", "年度工作总结", "年上半年，", " 年，", "年3月5日"])
@pytest.mark.parametrize("before", ["", "在", "县水利局", "一、", "\n"])
def test_the_way_a_year_is_masked(before, after):
    keys = {fold(f"{before}{form}{after}全市完成修渠任务") for form in YEAR_FORMS}
    assert len(keys) == 1
    assert keys.pop().count(chr(0xFDD0 + KINDS.index("year"))) == 1


@given(
    clauses(min_size=1, max_size=3),
    clauses(max_size=3),
    st.sampled_from(YEAR_FORMS),
    st.sampled_from(YEAR_FORMS),
)
def test_the_way_a_year_is_masked_anywhere(before, after, one, other):
    left, right = "，".join(before), "。".join(after)
    assert fold(f"{left}。{one}年，{right}") == fold(f"{left}。{other}年，{right}")


@given(texts())
def test_noncharacters_and_surrogates_are_dropped_from_input(text):
    masks = {chr(0xFDD0 + number) for number in range(len(KINDS))}
    key = fold(text)
    assert sum(char in masks for char in key) == len([*find_masks(nfc(text))])
    for char in key:
        assert char in masks or not (0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE)
        assert not 0xD800 <= ord(char) <= 0xDFFF


def nfc(text):
    kana = re.sub("[\uff66-\uff9f]+", lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return unicodedata.normalize("NFC", kana)


# What must change it.


@given(clauses(min_size=1), st.data())
def test_a_changed_han_character_changes_the_key(parts, data):
    text = "，".join(parts)
    places = [p for p, char in enumerate(text) if "\u4e00" <= char <= "\u9fff" and not in_mask(text, p)]
    place = data.draw(st.sampled_from(places))
    char = data.draw(st.sampled_from([*HAN_WITHOUT_NUMBERS, *"鸡鱼虎龙"]))
    assume(char != text[place])
    assume(converter("t2s").convert(char) != converter("t2s").convert(text[place]))
    assert fold(text[:place] + char + text[place + 1 :]) != fold(text)


def test_only_variants_share_a_key():
    """Classes hold what OpenCC turns into one another; its second choices account for the few others."""
    root = {char: char for char in HAN}

    def find(char):
        while root.setdefault(char, char) != char:
            char = root[char]
        return char

    for name in TO_OTHER_SCRIPTS:
        for one, other in zip(HAN, converted_han(name), strict=True):
            root[find(one)] = find(other)
    classes = {}
    for char in HAN:
        classes.setdefault(int(fold_table().values[ord(char)]), set()).add(find(char))
    shared = [names for names in classes.values() if len(names) > 1]
    assert len(shared) < 0.02 * sum(len(names) == 1 for names in classes.values())
    assert max(map(len, shared)) <= 3
    assert len(classes) > 0.9 * len({find(char) for char in HAN})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("工作总结", "工作总括"),
        ("Road 1506", "Road 1507"),
        ("roadside", "road side"),
        ("新建3所", "新建5所"),
        ("résumé", "resume"),
        ("甲乙", "乙甲"),
        ("xx省", "xx人"),
        ("カ", "ガ"),
        ("か", "カ"),
    ],
)
def test_differences_that_stay(one, other):
    assert fold(one) != fold(other)


# The forms of a key.


@given(st.lists(texts(), max_size=6))
def test_a_batch_equals_its_texts_one_by_one(parts):
    keys = fold_batch(parts)
    assert keys.offsets[0] == 0
    assert keys.offsets[-1] == len(keys.codes)
    assert len(keys.offsets) == len(parts) + 1
    counts = keys.token_counts()
    for number, part in enumerate(parts):
        alone = fold_batch([part])
        codes = keys.codes[keys.offsets[number] : keys.offsets[number + 1]]
        assert codes.tolist() == alone.codes.tolist()
        assert keys.placeholders[number] == alone.placeholders[0]
        assert counts[number] == alone.token_counts()[0] == len(tokens_of(part))
        assert key_to_str(codes) == fold(part)


def test_the_separator_inside_a_text_is_no_boundary_of_texts():
    keys = fold_batch([f"甲{SEPARATOR}乙", "丙"])
    assert np.diff(keys.offsets).tolist() == [2, 1]


@given(texts())
def test_a_key_has_a_space_between_two_runs_and_nowhere_else(text):
    tokens = tokens_of(text)
    codes = fold_batch([text]).codes
    singles = [bool(code & SINGLE) for code in codes.tolist() if code & TOKEN_START]
    expected = ""
    for number, token in enumerate(tokens):
        if number and not singles[number] and not singles[number - 1]:
            expected += " "
        expected += token
    assert key_to_str(codes) == fold(text) == expected


@given(reports())
def test_placeholders_are_counted_but_known_years_are_not(text):
    keys = fold_batch([text])
    years = [hit for hit in find_masks(text) if len(hit.stem) == hit.end - hit.start]
    masks = sum(0xFDD0 <= ord(token[0]) <= 0xFDEF for token in tokens_of(text))
    assert keys.placeholders[0] == masks - len(years)


@given(reports())
def test_a_mask_is_a_token_of_its_hits_kind(text):
    text = f"XX市{text}，某公司由____负责，**公司，第xx届，{{{{name}}}}"
    masks = [ord(token) - 0xFDD0 for token in tokens_of(text) if "\ufdd0" <= token <= "\ufdef"]
    assert [KINDS[mask] for mask in masks] == [hit.kind for hit in find_masks(text)]
    assert len({*masks}) > 2
    assert fold("Report 2015Q1") == "report\ufdd0q1"  # by itself: no space beside it


@pytest.mark.parametrize(
    ("text", "placeholders", "tokens"),
    [
        ("", 0, 0),
        ("。，\n", 0, 0),
        ("工作", 0, 2),
        ("2015年", 0, 2),
        ("20xx年", 1, 2),
        ("20xx年3月", 1, 4),
        ("2015Q1", 0, 2),
        ("__年__月__日", 3, 6),
        ("Farm-to-Market Road 1506", 0, 5),
        ("A4纸", 0, 2),
        ("ﬃ", 0, 1),
        ("한국어", 0, 3),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165", 0, 3),
        ("e\u0301te\u0301", 0, 1),
        ("co\xadop", 0, 1),
        ("co-op", 0, 2),
    ],
)
def test_counts(text, placeholders, tokens):
    keys = fold_batch([text])
    assert (keys.placeholders[0], keys.token_counts()[0]) == (placeholders, tokens)


# Tokens, written plainly.

SINGLE_NAMES = ("CJK ", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO ", "KHMER", "MYANMAR")
# Han that is its own variant, digits that make no year, letters and signs of everywhere.
PLAIN = [
    *"山水火土人口手木文心",
    *"あがっアガッー가각ก็ກ្កကြ",
    *"abcXYZéÉßẞſıİǆﬁﬀΑαςΣйЙ",
    *"345789٣३",
    *"अिकا\u0651هع",
    "e\u0301",
    "q\u0323\u0307",
    "q\u0307\u0323",
    "\u1100\u1161\u11a8",
    "か\u3099",
    "ﾊﾟ",
    "ｶ",
    "Ａ",
    "ｂ",
    "³",
    "½",
    "㎏",
    "㍿",
    "℃",
    "\u2126",
    "\xad",
    "\u200d",
    "\ufe0f",
    *" \n\u3000。，-.!+=😀€",
]


def folded_char(char):
    before = None
    while char != before:
        before = char
        char = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char.upper()).casefold())
    return char


def plain_tokens(text):
    tokens, run = [], ""
    for char in nfc(text):
        if unicodedata.category(char) == "Cf" or char == "\ufe0f":
            continue
        for piece in folded_char(char):
            if unicodedata.name(piece, "").startswith(SINGLE_NAMES):
                tokens += [run] * bool(run) + [piece]
                run = ""
            elif unicodedata.category(piece)[0] in "LMN":
                run += unicodedata.normalize("NFD", piece)
            else:
                tokens += [run] * bool(run)
                run = ""
    return tokens + [run] * bool(run)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PLAIN), max_size=20).map("".join))
def test_tokens_are_those_of_the_plain_definition(text):
    assume(not [*find_placeholders(text)])
    assert tokens_of(text) == plain_tokens(text)


def test_the_plain_alphabet_is_its_own_variant():
    assert [char for char in PLAIN[:10] if fold(char) != char] == []


# The view.


@given(texts())
def test_the_view_keeps_positions_and_folds_to_the_same_characters(text):
    view = plain_view(text)
    assert len(view) == len(text)
    for one, other in zip(text, view, strict=True):
        if one != other:
            assert fold(one) == fold(other)


def test_the_view_is_plain():
    assert plain_view("第１條：《總結》　ＡＢ，。x\n") == "第1条:《总结》 ab,。x\n"
    assert plain_view("".join(HOSTILE_PIECES)).count("\x00") == "".join(HOSTILE_PIECES).count("\x00")


@given(hostile())
def test_hostile_text_has_a_key(text):
    assert fold(text).encode().decode() == key_to_str(fold_batch([text]).codes)


def test_clauses_hold_no_mask():
    """The other properties rest on it."""
    assert [clause for clause in CLAUSES if [*find_masks(clause)]] == []
