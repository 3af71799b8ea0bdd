"""SARIF, JUnit and GitLab: held against the schemas where they are here, and against what the servers take."""

import json
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given

from check_reports import few, finding, parsed_xml, report, reports, sample
from reportclean.report.gitlab import gitlab
from reportclean.report.junit import junit
from reportclean.report.sarif import FINGERPRINT, MOST_RESULTS, sarif, uri
from reportclean.report.showing import escaped
from reportclean.results import Breach
from reportclean.rules.registry import rule


@pytest.fixture(scope="session")
def sarif_schema(shared):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((shared / "schemas" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


@pytest.fixture(scope="session")
def junit_schema(shared):
    return pytest.importorskip("xmlschema").XMLSchema(shared / "schemas" / "junit-10.xsd")


def run_of(checked):
    (run,) = json.loads("\n".join(sarif(checked)))["runs"]
    return run


@few
@given(checked=reports())
def test_sarif_is_valid(checked, sarif_schema):
    for one in (sample(), report(), checked):
        sarif_schema.validate(json.loads("\n".join(sarif(one))))


@few
@given(checked=reports())
def test_junit_is_valid(checked, junit_schema):
    for one in (sample(), report(), checked):
        junit_schema.validate("\n".join(junit(one)))


@few
@given(reports())
def test_sarif_says_where_and_whether_it_is_new(checked):
    run = run_of(checked)
    found = [*checked.findings, *checked.known]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert rules == sorted({f.code for f in found})
    states = ["new"] * len(checked.findings) + ["unchanged"] * len(checked.known)
    for result, one, state in zip(run["results"], found, states, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == one.line
        if one.field:
            assert "startColumn" not in region
            assert result["properties"]["column"] == one.column
        else:
            assert (region["startColumn"], region["endLine"], region["endColumn"]) == (
                one.column,
                one.end_line,
                one.end_column,
            )
        assert result["baselineState"] == state
        assert rules[result["ruleIndex"]] == result["ruleId"] == one.code
        assert result["level"] == one.severity
        assert result["partialFingerprints"] == {FINGERPRINT: one.fingerprint}


def test_sarif_rules_help():
    rules = {one["id"]: one for one in run_of(sample())["tool"]["driver"]["rules"]}
    assert rules["ACME001"] == {"id": "ACME001", "name": "plug-in-rule"}
    assert rules["ART020"]["shortDescription"]["text"] == rule("ART020").summary
    assert "\nWhy: " in rules["ART020"]["help"]["text"]
    assert rules["ART020"]["help"]["markdown"].startswith("**ART020 doubled-stop.** ")


@pytest.mark.parametrize(
    "path", ["a b/报告 1%.txt", "./a:b", "-", "../x#y?z", "old\udcff\udcfe.txt", "[x]\\y\n"]
)
def test_uris_read_back(path):
    assert unquote_to_bytes(uri(path)) == path.removeprefix("./").encode("utf-8", "surrogateescape")
    assert uri(path).isascii()
    assert not set(uri(path)) & set(" :[]\\\n#?")


def test_uri_of_an_absolute_path_and_of_no_name_at_all():
    assert uri("/data/报告.txt") == "file:///data/%E6%8A%A5%E5%91%8A.txt"
    assert uri("\ud800") == "%3F"


def test_a_link_in_a_document_is_none_in_sarif():
    (result,) = run_of(report([finding(message="[click](https://example.org)")]))["results"]
    assert result["message"]["text"] == r"\[click\](https://example.org)"


def test_sarif_holds_no_more_than_a_server_takes():
    warnings = [finding(severity="warning", line=n, fingerprint=f"{n:032x}") for n in range(1, MOST_RESULTS)]
    errors = [finding("DUP001", line=n) for n in range(1, 12)]
    run = run_of(report([*warnings, *errors], known=[finding()] * 5))
    assert len(run["results"]) == MOST_RESULTS
    assert sum(result["level"] == "error" for result in run["results"]) == 11
    (notes,) = [call["toolExecutionNotifications"] for call in run["invocations"]]
    assert [note["level"] for note in notes] == ["warning"]
    assert notes[0]["message"]["text"].startswith("25,000 of 25,015 results are here")
    assert run["properties"]["summary"]["findings"] == MOST_RESULTS + 10


def test_sarif_without_a_cap_notes_nothing():
    assert run_of(report([finding()]))["invocations"] == [
        {"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}
    ]


@few
@given(reports())
def test_junit_counts_add_up(checked):
    root = parsed_xml("\n".join(junit(checked)))
    failures = len(root.findall(".//failure"))
    failed = [f for f in checked.findings if f.severity == "error" and not checked.passed]
    assert failures == len(failed) + len(checked.breaches) == int(root.get("failures"))
    assert bool(failures) != checked.passed
    assert len(root.findall(".//testcase")) == int(root.get("tests"))
    assert len(root.findall(".//skipped")) == len(checked.findings) - len(failed)
    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("*/failure"))
    said = [case[0].get("message") for case in root.findall(".//testcase") if len(case)]
    assert said[: len(checked.findings)] == [escaped(f.message) for f in checked.findings]


def test_junit_of_a_check_that_passes_has_no_failure():
    root = parsed_xml("\n".join(junit(report([finding(severity="warning"), finding()]))))
    assert root.get("failures") == "0"
    assert root.find(".//testcase[@name='all']") is not None
    root = parsed_xml("\n".join(junit(report(breaches=[Breach("errors", 0, 3)]))))
    assert root.find(".//failure").get("message") == "Limit errors: 3 found, 0 allowed."


@few
@given(reports())
def test_gitlab_entries_have_what_gitlab_needs(checked):
    entries = json.loads("\n".join(gitlab(checked)))
    assert len(entries) == len(checked.findings)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    for entry, found in zip(entries, checked.findings, strict=True):
        assert entry["check_name"] == found.code
        assert entry["description"]
        assert entry["severity"] == {"error": "major", "warning": "minor"}[found.severity]
        assert isinstance(entry["location"]["path"], str)
        assert entry["location"]["lines"]["begin"] == found.line >= 1
    firsts = {}
    for entry, found in zip(entries, checked.findings, strict=True):
        firsts.setdefault(found.fingerprint, entry["fingerprint"])
    assert all(ours == theirs for ours, theirs in firsts.items())
