import json

from hypothesis import given
from hypothesis import strategies as st

from reportclean.document import Section, Span
from reportclean.near.repeats import find_repeats
from reportclean.text.folding import fold, fold_batch
from reportclean.text.sections import split
from strategies import CLAUSES, hostile, reports

LONG = "，".join(CLAUSES[:6])
ARTICLE = "。".join(CLAUSES[6:20])


def whole(text, start=0):
    return [Section(1, "", "heading", start, len(text))]


@given(st.lists(st.one_of(reports(), hostile(), st.just(LONG)), max_size=6).map("\n".join))
def test_repeated_paragraphs_are_those_whose_key_stood_before(text):
    paragraphs = [line for part in text.split("\r") for line in part.split("\n")]
    keys = [fold(line) for line in paragraphs if fold_batch([line]).token_counts()[0] >= 20]
    found = [repeat for repeat in find_repeats(text, split(text)) if repeat.kind == "paragraph"]
    assert len(found) == len(keys) - len({*keys})
    for repeat in found:
        assert repeat.other.end <= repeat.span.start
        one, other = (text[span.start : span.end] for span in (repeat.span, repeat.other))
        assert fold(one) == fold(other)
        assert one == one.strip()
        assert one != ""


def test_a_teaser_is_found_in_the_article_below_it():
    teaser = f"{LONG}……"
    text = f"工作总结\n{teaser}\n工作总结\n{LONG}，{ARTICLE}。"
    for start in (0, 5, text.rindex("工作总结")):  # whichever section the splitter puts it in
        (found,) = find_repeats(text, whole(text, start))
        assert (found.kind, found.ordinal, found.containment) == ("teaser", 1, 1.0)
        assert text[found.span.start : found.span.end] == teaser
        assert text[found.other.start : found.other.end] == LONG
        assert found.other.start == text.rindex(LONG)


def test_what_is_no_teaser():
    assert find_repeats(f"{LONG}\n{ARTICLE}", whole(f"{LONG}\n{ARTICLE}")) == []
    text = f"{LONG}\n{LONG}。"  # equal paragraphs: the later one is too many
    assert [repeat.kind for repeat in find_repeats(text, whole(text))] == ["paragraph"]
    assert find_repeats("", []) == []
    text = f"{CLAUSES[0]}\n{CLAUSES[0]}，{ARTICLE}"  # too short
    assert find_repeats(text, whole(text)) == []


def test_the_teaser_of_the_real_page(shared):
    text = (shared / "pages" / "zciku-science-summaries.txt").read_text(encoding="utf-8")
    truth = json.loads((shared / "pages" / "zciku-science-summaries.truth.json").read_text(encoding="utf-8"))
    sections = [Section(s["ordinal"], "", "", s["start"], s["end"]) for s in truth["sections"]]
    teasers = [repeat for repeat in find_repeats(text, sections) if repeat.kind == "teaser"]
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: truth["teaser"]["line"] - 1])
    assert [t.span for t in teasers] == [Span(start, start + len(lines[truth["teaser"]["line"] - 1]))]
    assert [t.ordinal for t in teasers] == [truth["teaser"]["repeats_section"]]
    other = teasers[0].other
    assert text[other.start : other.end].startswith("202_年度科技工作总结 篇1\n20xx年，我市")
    assert text[other.start : other.end].endswith("推进科技创新、转变经济发展")
    assert round(teasers[0].containment, 3) == 0.909
