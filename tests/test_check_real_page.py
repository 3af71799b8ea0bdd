"""`check` on the page that was really scraped, against its labels, through the real process."""

import json
import subprocess
import sys

import pytest

import reportclean as rc
from reportclean.engines.baseline import read_baseline
from reportclean.engines.checking import check_files

PAGE = "pages/zciku-science-summaries.txt"
KINDS = {
    "year": "TPL001",
    "number": "TPL011",  # the one on the page is a sum that was taken for a year
    "place": "TPL004",
    "organisation": "TPL005",
    "person": "TPL006",
    "ordinal": "TPL007",
    "blank": "TPL008",
    "censored": "TPL010",
}


@pytest.fixture(scope="module")
def page(shared):
    return (shared / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def truth(shared):
    return json.loads((shared / PAGE).with_suffix(".truth.json").read_text(encoding="utf-8"))


def check(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "reportclean", "check", "page.txt", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "" or "--write-baseline" in arguments
    return done


@pytest.fixture(scope="module")
def folder(page, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.txt").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(folder):
    """What the command prints, a list of code, line and column."""
    done = check(folder, "--output-format", "jsonl")
    assert done.returncode == 1
    return [json.loads(line) for line in done.stdout.splitlines()]


def at(page, offset):
    """Line and column of a code point of the page."""
    return page.count("\n", 0, offset) + 1, offset - page.rfind("\n", 0, offset)


def lines_of(printed, *codes):
    return [finding["line"] for finding in printed if finding["code"] in codes]


def test_every_placeholder_at_its_line_and_column(printed, page, truth):
    expected = [
        (*at(page, label["start"]), *at(page, label["end"]), KINDS[label["kind"]])
        for label in truth["placeholders"]
    ]
    assert len(expected) == 73
    names = ("line", "column", "end_line", "end_column", "code")
    found = [tuple(f[name] for name in names) for f in printed if f["code"].startswith("TPL")]
    assert found == expected


def test_everything_else_that_is_labelled(printed, truth):
    assert lines_of(printed, "ART010") == [first for first, _ in truth["hard_wrapped_lines"]]
    assert lines_of(printed, "ART020") == truth["doubled_punctuation_lines"]
    assert lines_of(printed, "ART011", "ART012") == truth["site_lines"]
    assert lines_of(printed, "ART001") == [truth["word_artefacts"]["bookmark_line"]]
    assert lines_of(printed, "ART006") == [truth["word_artefacts"]["page_number_line"]]
    assert lines_of(printed, "ART040") == [truth["teaser"]["line"]]
    assert lines_of(printed, "ENC028") == [truth["lost_character"]["line"]]
    assert lines_of(printed, "STR010") == [truth["stuck_heading"]["line"]]
    assert lines_of(printed, "STR013") == [truth["word_lost_before_full_stop"]["line"]]
    assert lines_of(printed, "STR014") == [truth["truncated_end"]["last_line"]]
    assert lines_of(printed, "STR001") == []


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("ENC028", "lost_character"),
        ("STR010", "stuck_heading"),
        ("STR013", "word_lost_before_full_stop"),
        ("STR014", "truncated_end"),
        ("TPL011", "over_masked_number"),
    ],
)
def test_columns_point_at_the_text(printed, page, truth, code, label):
    (finding,) = [f for f in printed if f["code"] == code]
    line = page.split("\n")[finding["line"] - 1]
    text = line[finding["column"] - 1 : finding["end_column"] - 1]
    place = truth[label]["text"].index(text)
    assert line.index(truth[label]["text"]) + place == finding["column"] - 1


def test_the_sections_that_repeat(printed, truth):
    """One cluster of three: two of them repeat the third, on the same page."""
    (cluster,) = truth["clusters"]
    sections = {section["ordinal"]: section["first_line"] for section in truth["sections"]}
    found = {f["section_id"]: f for f in printed if f["code"].startswith("DUP")}
    ordinals = {int(name.split("#")[1]) for name in found}
    assert len(ordinals) == 2
    assert ordinals < set(cluster["members"])
    for name, finding in found.items():
        assert finding["line"] == sections[int(name.split("#")[1])]
        assert finding["code"] == "DUP003"


def test_sections_of_findings_are_the_labelled_ones(printed, truth):
    for finding in printed:
        ordinal = int(finding["section_id"].split("#")[1])
        if ordinal:
            section = truth["sections"][ordinal - 1]
            assert section["first_line"] <= finding["line"] <= section["last_line"]
        else:
            assert finding["line"] <= truth["front_matter_lines"][1]


@pytest.fixture(scope="module")
def baseline(folder, page):
    (folder / "page.txt").write_text(page, encoding="utf-8")
    assert check(folder, "--write-baseline", "known.json").returncode == 0
    return folder / "known.json"


def test_with_its_own_baseline_it_passes(folder, baseline):
    done = check(folder, "--baseline", baseline)
    assert done.returncode == 0
    assert "No new findings" in done.stdout


def test_one_character_elsewhere_makes_nothing_new(folder, baseline, page, truth):
    place = truth["sections"][5]["start"] + 200
    (folder / "page.txt").write_text(f"{page[:place]}某{page[place + 1 :]}", encoding="utf-8")
    assert check(folder, "--baseline", baseline).returncode == 0


def test_one_new_year_is_exactly_the_finding(folder, baseline, page, truth):
    place = page.index("\n", truth["sections"][0]["start"] + 500) + 1
    (folder / "page.txt").write_text(f"{page[:place]}20xx年，{page[place:]}", encoding="utf-8")
    done = check(folder, "--baseline", baseline, "--output-format", "jsonl")
    assert done.returncode == 1
    (finding,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (finding["code"], finding["line"], finding["column"]) == ("TPL001", *at(page, place))


def test_an_edit_anywhere_outside_a_finding_makes_nothing_new(baseline, page, truth, tmp_path):
    """A character replaced, dropped, doubled: at places all over the page, in the text of no finding."""
    known = read_baseline(baseline)
    path = tmp_path / "page.txt"
    path.write_text(page, encoding="utf-8")
    labelled = [range(label["start"] - 1, label["end"] + 1) for label in truth["placeholders"]]
    lines = {truth["teaser"]["line"], *truth["site_lines"], 2, truth["truncated_end"]["last_line"]}
    for n in range(40):
        place = 300 + n * 757
        if (
            page[place] in "\n。，、：；“”（）()"
            or any(place in label for label in labelled)
            or at(page, place)[0] in lines
        ):
            continue
        instead = ("某", "", page[place] * 2)[n % 3]
        path.write_text(page[:place] + instead + page[place + 1 :], encoding="utf-8")
        result = check_files([path], baseline=known)
        assert result.findings == (), (place, page[place - 5 : place + 5])
        assert result.passed


def test_moved_and_reordered(baseline, page, truth):
    """The page cut into its sections, as records in another order."""
    known = read_baseline(baseline)
    records = [
        rc.Document(str(s["ordinal"]), page[s["start"] : s["end"]], "x.jsonl", 1) for s in truth["sections"]
    ]
    front = rc.Document("front", page[: truth["sections"][0]["start"]], "x.jsonl", 2)
    result = rc.check([*reversed(records), front], baseline=baseline)
    new = {(finding.code, finding.excerpt) for finding in result.findings}
    # What needs the whole page is another thing in a part of it.
    assert {code for code, _ in new} <= {"STR001", "STR011", "STR014", "ART011", "ART040"}
    assert len(result.known) >= len(known) - 5
