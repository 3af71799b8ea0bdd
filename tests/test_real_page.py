"""The page that was really scraped, against its labels. It is not part of the project and may be absent."""

import json
from itertools import combinations

import opencc
import pyarrow.parquet as pq
import pytest

import reportclean as rc
from reportclean.engines.local import dedupe_files
from reportclean.engines.options import RunOptions

PAGE = "pages/zciku-science-summaries.txt"


@pytest.fixture(scope="module")
def page(shared):
    return (shared / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def truth(shared):
    return json.loads((shared / PAGE).with_suffix(".truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def result(page):
    return rc.dedupe([rc.Document("page", page)])


def test_every_section_begins_at_its_line(page, truth):
    sections = [section for section in rc.split(page) if section.ordinal]
    assert [section.start for section in sections] == [section["start"] for section in truth["sections"]]
    assert rc.split(page)[0].ordinal == 0
    assert not any(finding.code == "STR001" for finding in rc.clean(page).findings)


def test_the_splitter_finds_the_same_sections_in_the_clean_text(result, truth):
    starts = [section.source_start for section in result.sections if section.ordinal]
    lines = [section.source_line for section in result.sections if section.ordinal]
    assert starts == [section["start"] for section in truth["sections"]]
    assert lines == [section["first_line"] for section in truth["sections"]]


def test_one_cluster_of_three(result, truth):
    (cluster,) = result.clusters
    assert cluster.members == tuple(f"page#{n}" for n in truth["clusters"][0]["members"])
    by_pair = {(match.left_id, match.right_id): match for match in result.matches}
    exact, near = by_pair["page#11", "page#2"], by_pair["page#11", "page#7"]
    assert (exact.kind, exact.jaccard, exact.differs) == ("exact", 1.0, "none")
    assert (near.kind, near.differs) == ("spun", "words")
    assert near.original_id == "page#11"
    assert near.jaccard == pytest.approx(0.82, abs=0.01)
    assert (len(result.kept), len(result.removed)) == (11, 2)


def test_the_spun_copy_and_its_swaps(result, truth):
    (cluster,) = result.clusters
    assert cluster.representative_id in {"page#2", "page#11"}
    spun = [s.section_id for s in result.removed if "spun copy" in s.reason]
    assert spun == [f"page#{n}" for n in truth["clusters"][0]["spun"]]
    assert {(swap.left_id, swap.right_id) for swap in result.swaps} == {("page#11", "page#7")}
    counts = {(swap.left, swap.right): swap.count for swap in result.swaps}
    assert counts["积极", "用心"] == 10
    assert len(counts) >= 15
    assert set(map(tuple, truth["substitutions_2_to_7"])) <= set(counts)


def test_no_other_pair_is_alike(result):
    texts = {s.ordinal: result.text(s.section_id) for s in result.sections if s.ordinal}
    shingles = {
        n: {rc.fold(text)[i : i + 5] for i in range(len(rc.fold(text)) - 4)} for n, text in texts.items()
    }
    for (a, left), (b, right) in combinations(shingles.items(), 2):
        if not {a, b} <= {2, 7, 11}:
            assert len(left & right) <= 0.02 * len(left | right), (a, b)


def test_the_traditional_page_matches_section_by_section(page, tmp_path):
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / "simplified.txt").write_text(page, encoding="utf-8")
    (folder / "traditional.txt").write_text(opencc.OpenCC("s2t").convert(page), encoding="utf-8")
    dedupe_files([folder], tmp_path / "out", rc.DedupeConfig(keep="first"), RunOptions())
    sections = pq.read_table(tmp_path / "out/sections.parquet").to_pylist()
    twins = {s["ordinal"]: s for s in sections if s["document_id"] == "traditional.txt" and s["ordinal"]}
    originals = {s["ordinal"]: s for s in sections if s["document_id"] == "simplified.txt" and s["ordinal"]}
    assert len(twins) == len(originals) == 13
    index = rc.SectionIndex(rc.DedupeConfig(threshold=0.98))
    text = {
        name: (folder / name).read_text(encoding="utf-8") for name in ("simplified.txt", "traditional.txt")
    }
    for ordinal, section in originals.items():
        span = slice(section["source_start"], section["source_end"])
        index.add(str(ordinal), rc.clean(text["simplified.txt"][span]).text)
    for ordinal, section in twins.items():
        span = slice(section["source_start"], section["source_end"])
        found = index.query(rc.clean(text["traditional.txt"][span]).text)
        assert str(ordinal) in [match.key for match in found]
