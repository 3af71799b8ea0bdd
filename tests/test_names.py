"""Names and labels are sequences like lists of the same texts."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.engines.names import Labels, Names

TEXTS = st.lists(st.text(st.characters(), max_size=4), max_size=30)


@pytest.mark.parametrize("kind", [Names, Labels])
@given(texts=TEXTS, more=TEXTS, place=st.integers(-40, 40), cut=st.slices(40))
def test_they_are_like_lists(kind, texts, more, place, cut):
    made, plain = kind(texts), texts + more
    made.extend(more)
    assert len(made) == len(plain)
    assert list(made) == plain
    assert made[cut] == plain[cut]
    if -len(plain) <= place < len(plain):
        assert made[place] == plain[place]
    else:
        with pytest.raises(IndexError):
            made[place]


@given(TEXTS)
def test_labels_are_numbered_in_order_of_coming(texts):
    made = Labels(texts)
    assert [made.values[number] for number in made.numbers.tolist()] == texts
    assert made.values == list(dict.fromkeys(texts))


def test_many_names_take_little():
    names = [f"report-{n:08d}" for n in range(10_000)]
    made = Names(names)
    held = sum(map(sys.getsizeof, (made._data, made._ends)))
    assert held < sum(map(sys.getsizeof, names)) / 2
