from hypothesis import example, given
from hypothesis import strategies as st

from oracles import tokens_of
from reportclean.kernels.constants import SINGLE, TOKEN_START
from reportclean.text.folding import _composed, fold_batch
from reportclean.text.keymap import _composed as mapped
from reportclean.text.keymap import token_spans
from strategies import texts

MARKS = st.text(
    "aeかｶﾊ\u3099\u309aﾞﾟ\u0301\u0323\u1100\u1161\u11a8각\u0e33\u09c7\u09be\u0344年20x_ 中", max_size=12
)


@given(st.one_of(texts(), MARKS))
@example("a\u0301\u0323b")
@example("ǆ㍿ﬃ")
@example("a¼½b")
def test_every_token_of_the_key_has_a_span(text):
    starts, ends = token_spans(text)
    assert len(starts) == len(tokens_of(text)) == len(ends)
    assert (starts < ends).all()
    assert (starts[1:] >= starts[:-1]).all()
    assert (ends[1:] >= ends[:-1]).all()
    assert not len(ends) or ends[-1] <= len(text)


@given(st.one_of(texts(), MARKS))
def test_pieces_compose_to_what_folding_composes(text):
    composed, begins, ends = mapped(text)
    if composed != text:
        assert composed == _composed(text)
    assert len(composed) == len(begins) == len(ends)


@given(texts())
def test_a_single_token_folds_from_its_span(text):
    made = fold_batch([text]).codes
    first = made[made & TOKEN_START != 0]
    for token, code, start, end in zip(
        tokens_of(text), first.tolist(), *map(list, token_spans(text)), strict=True
    ):
        alone = tokens_of(text[start:end])
        if code & SINGLE and not "\ufdd0" <= token <= "\ufdef":  # a mask needs what is around it
            assert token in alone


def test_masks_and_invisible_characters():
    text = "在__年\u200b的A\u0301b\u200d c"
    spans = [text[a:b] for a, b in zip(*(side.tolist() for side in token_spans(text)), strict=True)]
    assert spans == ["在", "__", "年\u200b", "的", "A\u0301b\u200d", "c"]
    assert [len(side) for side in token_spans("")] == [0, 0]
