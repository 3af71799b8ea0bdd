import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.document import Edit, Hit, OffsetMap, Section, Span, apply_edits, compose_edits
from strategies import edit_rounds


def as_edits(text, triples, code):
    return [Edit(start, end, text[start:end], after, code) for start, end, after in triples]


def two_rounds(case):
    text, (one, two) = case
    first = as_edits(text, one, "AAA001")
    middle = apply_edits(text, first)
    return text, first, middle, as_edits(middle, two, "BBB001")


@given(edit_rounds())
def test_applying_composed_edits_once_equals_applying_both_rounds(case):
    text, first, middle, second = two_rounds(case)
    composed = compose_edits(text, first, middle, second)
    assert apply_edits(text, composed) == apply_edits(middle, second)


@given(edit_rounds())
def test_composed_edits_are_sorted_disjoint_true_and_change_something(case):
    text, first, middle, second = two_rounds(case)
    position = 0
    for edit in compose_edits(text, first, middle, second):
        assert position <= edit.start <= edit.end <= len(text)
        assert edit.before == text[edit.start : edit.end]
        assert edit.before != edit.after
        position = edit.end


@given(edit_rounds(rounds=4))
def test_rounds_compose_one_after_the_other(case):
    text, rounds = case
    now, composed = text, []
    for number, triples in enumerate(rounds):
        edits = as_edits(now, triples, f"AAA{number:03}")
        composed = compose_edits(text, composed, now, edits)
        now = apply_edits(now, edits)
        assert apply_edits(text, composed) == now


@given(edit_rounds())
def test_an_edit_that_touches_none_of_the_first_round_is_only_moved(case):
    text, first, middle, second = two_rounds(case)
    composed = set(compose_edits(text, first, middle, second))
    shift, places = 0, []  # where the first round's edits stand in the middle text, and how far it has moved
    for edit in first:
        places.append((edit.start + shift, edit.start + shift + len(edit.after)))
        shift += len(edit.after) - len(edit.before)
        places[-1] += (shift,)
    for edit in second:
        if edit.before == edit.after or any(
            start <= edit.end and edit.start <= end for start, end, _ in places
        ):
            continue
        moved = edit.start - [0, *(shift for _, end, shift in places if end < edit.start)][-1]
        assert Edit(moved, moved + len(edit.before), edit.before, edit.after, edit.code) in composed


def test_an_edit_on_an_edit_keeps_the_first_rules_code():
    first = [Edit(1, 2, "b", "XY", "AAA001"), Edit(3, 4, "d", "", "AAA002")]
    second = [Edit(2, 5, "Yce", "z", "BBB001")]
    assert compose_edits("abcdef", first, "aXYcef", second) == [Edit(1, 5, "bcde", "Xz", "AAA001")]
    second = [Edit(0, 2, "aX", "z", "BBB001")]
    assert compose_edits("abcdef", first[:1], "aXYcdef", second) == [Edit(0, 2, "ab", "zY", "AAA001")]


def test_edits_that_only_touch_stay_apart():
    first = [Edit(1, 2, "b", "XY", "AAA001")]
    second = [Edit(0, 1, "a", "", "BBB001"), Edit(3, 4, "c", "z", "BBB002")]
    assert compose_edits("abc", first, "aXYc", second) == [
        Edit(0, 1, "a", "", "BBB001"),
        Edit(1, 2, "b", "XY", "AAA001"),
        Edit(2, 3, "c", "z", "BBB002"),
    ]


def test_what_ends_as_it_began_is_left_out():
    assert compose_edits("ab", [Edit(0, 1, "a", "x", "A")], "xb", [Edit(0, 1, "x", "a", "B")]) == []
    assert compose_edits("ab", [Edit(0, 1, "a", "a", "A")], "ab", []) == []
    assert compose_edits("ab", [], "ab", [Edit(0, 1, "a", "a", "B")]) == []


@given(edit_rounds(rounds=1))
def test_offsets_outside_edits_point_at_the_same_character(case):
    text, (triples,) = case
    edits = as_edits(text, triples, "AAA001")
    clean = apply_edits(text, edits)
    offsets = OffsetMap(edits)
    outside = [p for p in range(len(text)) if not any(e.start <= p < e.end for e in edits)]
    moved = [offsets.to_clean(p) for p in outside]
    assert [text[p] for p in outside] == [clean[p] for p in moved]
    assert [offsets.to_original(p) for p in moved] == outside
    after = sum(len(e.after) for e in edits)
    assert len(set(moved)) == len(outside) == len(clean) - after


@given(edit_rounds(rounds=1))
def test_offsets_are_monotone_and_stay_inside(case):
    text, (triples,) = case
    edits = as_edits(text, triples, "AAA001")
    clean = apply_edits(text, edits)
    offsets = OffsetMap(edits)
    there = [offsets.to_clean(p) for p in range(len(text) + 1)]
    back = [offsets.to_original(p) for p in range(len(clean) + 1)]
    assert there == sorted(there)
    assert back == sorted(back)
    assert there[-1] == len(clean)
    assert back[-1] == len(text)
    assert there[0] >= 0
    assert back[0] >= 0


def test_inside_a_replaced_span_offsets_point_at_its_start():
    offsets = OffsetMap([Edit(2, 6, "....", "abc", "A")])
    assert [offsets.to_clean(p) for p in range(8)] == [0, 1, 2, 2, 2, 2, 5, 6]
    assert [offsets.to_original(p) for p in range(7)] == [0, 1, 2, 2, 2, 6, 7]


@given(st.text("ab", max_size=6), st.integers(0, 6), st.integers(0, 6), st.text("abc", max_size=3))
def test_an_edit_that_does_not_fit_is_refused(text, start, end, before):
    edit = Edit(start, end, before, "x", "A")
    if text[start:end] == before and end - start == len(before):
        assert len(apply_edits(text, [edit])) == len(text) - len(before) + 1
    else:
        with pytest.raises(ValueError, match=f"edit at {start} "):
            apply_edits(text, [edit])


def test_edits_that_overlap_or_are_out_of_order_are_refused():
    one, two = Edit(0, 2, "ab", "", "A"), Edit(1, 3, "bc", "", "A")
    for edits in ([one, two], [two, one]):
        with pytest.raises(ValueError, match="does not fit"):
            apply_edits("abc", edits)


def test_records_know_their_span():
    assert Hit(2, 5, "year").span == Section(1, "", "indent", 2, 5).span == Span(2, 5)
    assert len(Span(2, 5)) == 3
