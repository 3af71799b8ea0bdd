from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.text.differing import outlines, same_outlines, surface, surfaces, what_differs
from reportclean.text.folding import fold
from strategies import CLAUSES, YEAR_FORMS, reports, texts


def differs(left, right):
    return what_differs(surface(left), surface(right))


CASES = [
    # Nothing that a key keeps.
    ("none", "2015年新建3所", "２０１５年，新建３所。"),
    ("none", "2015年工作总结", "二〇一五年工作總結"),
    ("none", "20xx年度总结", "20XX年度总结"),
    ("none", "２０ｘｘ年", "20xx年"),
    ("none", "Built in 2015, three schools.", "BUILT IN 2015; three schools"),
    ("none", "", "。"),
    # How much of a year is known.
    ("masks", "2015年新建3所", "20xx年新建3所"),
    ("masks", "20xx年新建3所", "__年新建3所"),
    ("masks", "二〇一五年新建", "××××年新建"),
    ("masks", "2015年与20xx年", "20xx年与2015年"),
    # Another year.
    ("years", "2015年新建3所", "2016年新建3所"),
    ("years", "2015年新建3所", "二〇一六年新建3所"),
    ("years", "2015年1月，20xx年2月", "2016年1月，2017年2月"),
    ("years", "Report of the library, 2015 edition", "Report of the library, 2016 edition"),
    ("years", "It was built in 2015.", "It was built in 2016."),
    ("years", "编号2015", "编号2016"),
    # Another number, whatever the years.
    ("numbers", "2015年新建3所", "2015年新建5所"),
    ("numbers", "2015年新建3所", "2016年新建5所"),
    ("numbers", "2015年新建3所", "20xx年新建15所"),
    ("numbers", "新建三所学校", "新建十二所学校"),
    ("numbers", "投入1999万元", "投入2500万元"),
    ("numbers", "Farm to Market Road 1506", "Farm to Market Road 1507"),
    ("numbers", "37 meters were replaced", "1,437 meters were replaced"),
    ("numbers", "编号1899", "编号1850"),
    ("numbers", "编号1999", "编号1850"),
    ("numbers", "A4 paper", "A3 paper"),
    # Other words, whatever the numbers.
    ("words", "2015年新建3所", "2015年改建3所"),
    ("words", "2015年新建3所", "2016年改建5所"),
    ("words", "新建3所学校", "新建学校"),
    ("words", "2015年总结", "总结"),
    ("words", "20xx年20xx年", "20xx年"),
    ("words", "three schools", "four schools"),
    ("words", "Road 15", "Roads 15"),
    ("words", "甲", ""),
]


@pytest.mark.parametrize(("expected", "left", "right"), CASES)
def test_what_differs(expected, left, right):
    assert differs(left, right) == differs(right, left) == expected


@given(texts(), texts())
def test_it_is_symmetric_and_nothing_differs_from_itself(left, right):
    assert differs(left, right) == differs(right, left)
    assert differs(left, left) == "none"


@given(texts(), texts())
def test_equal_keys_differ_in_no_number_and_no_word(left, right):
    if fold(left) == fold(right):
        assert differs(left, right) in {"none", "masks", "years"}
    else:
        assert differs(left, right) != "none" or surface(left) == surface(right)


@given(reports(), st.sampled_from(CLAUSES), st.sampled_from(CLAUSES))
def test_a_clause_more_is_a_difference_in_words(text, one, other):
    assert differs(f"{text}\n{one}", text) == "words"
    if fold(one) != fold(other) and not set("一二三四五几百千万") & set(one + other):
        assert differs(f"{text}\n{one}", f"{text}\n{other}") == "words"


@given(st.sampled_from(CLAUSES), st.sampled_from(YEAR_FORMS), st.sampled_from(YEAR_FORMS))
def test_the_form_of_a_year_is_masks_unless_both_are_known(clause, one, other):
    known = {"2015": 2015, "二〇一五": 2015, "二零一六": 2016, "1998": 1998}
    found = differs(f"{one}年，{clause}", f"{other}年，{clause}")
    if one in known and other in known:
        assert found == ("none" if known[one] == known[other] else "years")
    else:
        plain = [form.casefold().replace("二〇", "20") for form in (one, other)]
        assert found == ("none" if plain[0] == plain[1] else "masks")


@pytest.mark.parametrize("unit", ["所", "万元", "%", " schools", "号文件"])
@given(st.integers(0, 1800), st.integers(0, 1800))
def test_two_numbers(unit, one, other):
    expected = "none" if one == other else "numbers"
    assert differs(f"完成项目{one}{unit}，验收合格", f"完成项目{other}{unit}，验收合格") == expected


def test_many_at_once_are_the_same_as_one_by_one():
    texts = ["2015年新建3所", "", "20xx年，见（　　）", "（空）", "A4 纸 3,000 张"]
    assert surfaces(texts) == [surface(text) for text in texts]
    assert np.array_equal(outlines(texts), np.concatenate([outlines([text]) for text in texts]))


VALUES = st.sampled_from(
    [
        "3",
        "3,000",
        "三百",
        "两 3",
        "3 abc",
        "abc 3",
        "a3",
        "3a 4b",
        "年",
        "20xx年",
        "2015年",
        "__",
        "，",
        " ",
        "所",
        "٣",
        "²",
    ]
)


@given(st.lists(st.lists(st.one_of(VALUES, texts()), max_size=6).map("".join), max_size=6))
def test_outlines_are_equal_where_surfaces_are(pieces):
    made = [
        *pieces,
        *(piece.replace("3", "4") for piece in pieces),
        *(piece.replace("，", "") for piece in pieces),
    ]
    sides = list(zip(outlines(made), surfaces(made), strict=True))
    for (one, left), (other, right) in product(sides, sides):
        (same,), (in_frame,) = same_outlines(one[None], other[None])
        assert in_frame == (left.frame == right.frame)
        if same:
            assert left == right
