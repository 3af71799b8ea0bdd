"""What every format of a check's report must be; what is one format's own stands in its own file."""

import doctest
import json
from importlib import import_module
from pkgutil import iter_modules
from unicodedata import category

import pytest
from hypothesis import given

from check_reports import few, finding, parsed_xml, report, reports, sample
from reportclean import report as package
from reportclean.report import sarif as sarif_module
from reportclean.report.counts import statistics
from reportclean.report.github import github_summary
from reportclean.report.outputs import FORMATS
from reportclean.report.showing import escaped
from reportclean.results import Breach, Known
from reportclean.rules.base import Phase, Rule

ENDINGS = {"full": "txt", "concise": "txt", "github": "txt", "junit": "xml"}
ALL = FORMATS | {"statistics": statistics, "github_summary": github_summary}
PARSERS = {
    "json": json.loads,
    "gitlab": json.loads,
    "sarif": json.loads,
    "jsonl": lambda text: [json.loads(line) for line in text.split("\n") if line],
    "junit": parsed_xml,
}


def text_of(name, checked):
    return "\n".join(ALL[name](checked))


def replaced(value):
    """A value as JSON carries it: U+FFFD for each lone surrogate."""
    if isinstance(value, str):
        return "".join("\ufffd" if category(c) == "Cs" else c for c in value)
    return value


@pytest.fixture
def settled_rules(monkeypatch):
    """Rules whose words stay: golden files hold a format, and no rule's documentation."""
    docs = "Title.\n\nWhat: a mark.\n\nBad:\n\n    20xx年\n\nGood:\n\n    2015年\n"
    names = {f.code: f.name for f in sample().findings if f.code != "ACME001"}
    rules = [
        Rule(code, name, "a summary", "", Phase.REPORT, None, frozenset(), docs)
        for code, name in names.items()
    ]
    monkeypatch.setattr(sarif_module, "all_rules", lambda: rules)
    monkeypatch.setattr(sarif_module, "__version__", "1.2.3")


@pytest.mark.parametrize("module", [module.name for module in iter_modules(package.__path__)])
def test_examples_in_docstrings(module):
    assert not doctest.testmod(import_module(f"{package.__name__}.{module}")).failed


def test_the_names():
    assert [*FORMATS] == ["full", "concise", "json", "jsonl", "github", "gitlab", "junit", "sarif"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.usefixtures("settled_rules")
def test_golden(name, golden):
    golden(f"check/{name}.{ENDINGS.get(name, 'json')}", text_of(name, sample()) + "\n")


def test_golden_tables(golden):
    golden("check/statistics.txt", text_of("statistics", sample()) + "\n")
    golden("check/github_summary.md", text_of("github_summary", sample()) + "\n")


@pytest.mark.usefixtures("settled_rules")
def test_golden_without_findings(golden):
    golden("check/clean.txt", "\n".join(f"== {name}\n{text_of(name, report())}" for name in ALL) + "\n")


@few
@given(reports())
def test_lines_hold_nothing_unseen_and_parsers_take_them(checked):
    for name, form in ALL.items():
        lines = list(form(checked))
        for line in lines:
            assert not {category(c) for c in line} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, name
        if name in PARSERS:
            PARSERS[name]("\n".join(lines))


@few
@given(reports())
def test_json_says_what_the_report_says(checked):
    value = json.loads(text_of("json", checked))
    assert [*value] == ["version", "findings", "summary"]
    assert value["version"] == 1
    assert value["findings"] == PARSERS["jsonl"](text_of("jsonl", checked))
    names = "code name severity path line column end_line end_column message document_id section_id fingerprint fix"
    for said, found in zip(value["findings"], checked.findings, strict=True):
        fields = [*names.split(), *(["field"] if found.field else [])]
        assert said == {name: replaced(getattr(found, name)) for name in fields}
    summary = value["summary"]
    assert summary["errors"] + summary["warnings"] == summary["findings"] == len(checked.findings)
    assert summary["passed"] == checked.passed
    assert summary["known"] == len(checked.known)
    assert [entry["message"] for entry in summary["fixed"]] == [replaced(k.message) for k in checked.fixed]


@few
@given(reports())
def test_concise_has_one_line_a_finding(checked):
    lines = list(FORMATS["concise"](checked))
    for line, found in zip(lines, checked.findings, strict=False):
        where = f"{escaped(found.path or found.document_id)}:{found.line}:{found.column}: {found.code} "
        mark = " [*]" if found.fix == "safe" else ""
        assert line == f"{where}{escaped(found.message)}{mark}"
    assert lines[len(checked.findings)].startswith(("Found", "No "))


def test_the_runner_of_github_finds_no_command_in_any_format():
    text = "##[add-mask]a\n::add-mask::b\r::add-mask::c"
    found = finding(
        path="::error::x.txt", message=text, excerpt=text, excerpt_end=len(text), document_id=text
    )
    checked = report([found, finding(path="  ::x")], fixed=[Known("0", "TPL001", "::x", text)])
    for name, form in ALL.items():
        lines = [line for line in form(checked) if "##[" in line or line.lstrip().startswith("::")]
        assert all(name == "github" and line.startswith(("::error file=", "::notice ")) for line in lines)
    assert json.loads(text_of("json", checked))["findings"][0]["message"] == text


def test_the_closing_lines_say_what_passed_and_what_did_not():
    found = finding(severity="warning", fix="unsafe")
    assert list(FORMATS["concise"](report([found])))[1:] == [
        "Found 1 finding (0 errors, 1 warning) in 3 documents, 12 sections.",
        "1 fixable with `reportclean clean --unsafe-fixes`.",
        "All limits are kept.",
    ]
    assert list(FORMATS["full"](report(known=[found], documents=1))) == [
        "No new findings in 1 document, 12 sections; the baseline holds 1 more."
    ]


@pytest.mark.parametrize(
    ("breach", "words"),
    [
        (Breach("max-findings.TPL001", 0, 12000), "12,000 found, 0 allowed"),
        (Breach("max-duplicate-ratio", 0.05, 0.1234567), "0.1235 found, 0.05 allowed"),
        (Breach("max-duplicate-ratio", 0.05, 0.0500001), "0.0500001 found, 0.05 allowed"),
    ],
)
def test_a_limit_is_never_said_to_be_broken_by_its_own_number(breach, words):
    assert f"Limit {breach.limit}: {words}." in FORMATS["concise"](report(breaches=[breach]))


def test_statistics_mark_rules_whose_fixes_are_safe():
    found = [finding("ART020", "doubled-stop", fix="safe")] * 2 + [finding("ENC028", "lost-mark")] * 11
    found += [finding("ENC001", "utf8-as-gbk", fix="safe"), finding("ENC001", "utf8-as-gbk")]
    assert list(statistics(report(found))) == [
        "11  ENC028       lost-mark",
        " 2  ART020  [*]  doubled-stop",
        " 2  ENC001  [-]  utf8-as-gbk",
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_of_thousands_is_made_while_it_is_read(name):
    lines = FORMATS[name](report([finding(line=n) for n in range(1, 2001)]))
    assert next(lines)  # an iterator, not a list
    assert iter(lines) is lines
