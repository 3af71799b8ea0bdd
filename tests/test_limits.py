import pytest

from reportclean.errors import ConfigError
from reportclean.rules.base import Severity
from reportclean.rules.limits import BROKEN, Counted, limits
from reportclean.rules.options import CheckConfig
from reportclean.rules.registry import all_rules
from reportclean.rules.selection import select_reported


def breached(findings, sections=100, characters=1000, broken=0, **config):
    """Limits that are not kept: name → what was found."""
    settings = CheckConfig(**config)
    counted = Counted(findings, sections, characters, broken)
    found = {limit: limit.found(counted) for limit in limits(settings, select_reported(settings).rules)}
    return {limit.name: value for limit, value in found.items() if value > limit.allowed}


@pytest.mark.parametrize(
    ("findings", "config", "expected"),
    [
        ({}, {}, {}),
        ({"TPL001": 2, "ART020": 1}, {}, {"errors": 3}),
        ({"ART011": 9}, {}, {}),
        ({"TPL001": 2}, {"severity": {"TPL001": "warning"}}, {}),
        ({"TPL001": 2}, {"severity": {"TPL": "warning"}}, {}),
        ({"TPL001": 2, "TPL002": 1}, {"severity": {"TPL001": "error", "TPL": "warning"}}, {"errors": 2}),
        ({"TPL001": 2}, {"severity": {"masked-year": "warning"}}, {}),
        ({"ART011": 2}, {"severity": {"ART": "error"}}, {"errors": 2}),
        ({"TPL001": 2}, {"max_findings": {"TPL001": 2}}, {}),
        ({"TPL001": 3}, {"max_findings": {"TPL001": 2}}, {"max-findings.TPL001": 3}),
        ({"TPL001": 2, "TPL002": 1}, {"max_findings": {"TPL": 2}}, {"max-findings.TPL": 3}),
        ({"TPL001": 2, "ART020": 1}, {"max_findings": {"TPL": 2}}, {"errors": 1}),
        ({"ART011": 1}, {"max_findings": {"site-header": 0}}, {"max-findings.site-header": 1}),
        ({"TPL001": 2, "ART020": 1}, {"max_findings": {"all": 3}}, {}),
        ({"TPL001": 2, "ART011": 2}, {"max_findings": {"all": 3}}, {"max-findings.all": 4}),
        (
            {"TPL001": 5},
            {"max_findings": {"all": 3, "TPL001": 9}},
            {"max-findings.all": 5},
        ),
        ({"DUP001": 3, "DUP003": 2}, {"max_duplicate_ratio": 0.05}, {}),
        ({"DUP001": 3, "DUP003": 3}, {"max_duplicate_ratio": 0.05}, {"max-duplicate-ratio": 0.06}),
        ({"DUP001": 3, "TPL001": 1}, {"max_duplicate_ratio": 1}, {"errors": 1}),
        ({"TPL001": 1}, {"max_duplicate_ratio": 0.0, "select": ("TPL",)}, {"errors": 1}),
    ],
)
def test_limits(findings, config, expected):
    assert breached(findings, **config) == expected


def test_mojibake_is_counted_in_characters():
    assert breached({"ENC001": 4}, broken=11, max_mojibake_ratio=0.01) == {"max-mojibake-ratio": 0.011}
    assert breached({"ENC001": 4}, broken=10, max_mojibake_ratio=0.01) == {}
    assert breached({"ENC020": 4}, broken=0, max_mojibake_ratio=0.01) == {"errors": 4}


def test_an_empty_corpus_has_no_ratio():
    assert breached({}, sections=0, characters=0, max_duplicate_ratio=0, max_mojibake_ratio=0) == {}


def test_the_rules_of_broken_encoding_are_there():
    assert {rule.name for rule in all_rules()} >= BROKEN


def test_a_limit_on_nothing_is_refused():
    with pytest.raises(ConfigError, match=r"max_findings names 'al'.*did you mean all"):
        breached({}, max_findings={"al": 1})


def test_severities_in_force():
    rules = select_reported(CheckConfig(severity={"TPL": "off", "TPL001": "warning"})).rules
    assert [code for code in rules if code.startswith("TPL")] == ["TPL001"]
    assert rules["TPL001"].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"select": ("DUP",)}, {"DUP001", "DUP002", "DUP003", "DUP004"}),
        ({"select": ("DUP",), "ignore": ("near-duplicate",)}, {"DUP001", "DUP003", "DUP004"}),
        ({"select": ("DUP001",), "extend_select": ("SCR001",)}, {"DUP001", "SCR001"}),
        ({"select": ("DUP",), "extend_select": ("DUP",), "ignore": ("DUP",)}, set()),
    ],
)
def test_selection(config, expected):
    assert set(select_reported(CheckConfig(**config)).rules) == expected


def test_by_default_all_but_those_on_request_and_fixes_run_whatever_is_reported():
    usual = select_reported(CheckConfig())
    assert {rule.code for rule in all_rules()} - set(usual.rules) == {"ENC003", "SCR001", "SCR002"}
    few = select_reported(CheckConfig(select=("TPL001",)))
    assert few.selection.fixes == usual.selection.fixes
    assert {rule.code for rule in few.selection.rules} == few.selection.fixes | {"TPL001"}


@pytest.mark.parametrize("field", ["select", "extend_select", "ignore"])
def test_unknown_names_are_refused_with_what_is_close(field):
    with pytest.raises(ConfigError, match=f"{field} names 'TPL01', which is no rule.*TPL001"):
        select_reported(CheckConfig(**{field: ("TPL01",)}))


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"select": "TPL"}, "select is 'TPL'; it must be a list"),
        ({"exclude": (1,)}, "exclude is"),
        ({"severity": {"TPL": "fatal"}}, r"severity.TPL is 'fatal'; it must be one of error, warning, off"),
        ({"severity": ["TPL"]}, "severity is .*; it must be a table"),
        ({"max_findings": {"TPL": -1}}, "max_findings.TPL is -1"),
        ({"max_findings": {"TPL": True}}, "max_findings.TPL is True"),
        ({"max_findings": {"TPL": 0.5}}, "max_findings.TPL is 0.5"),
        ({"max_duplicate_ratio": 1.5}, "max_duplicate_ratio is 1.5; it must be a number from 0 to 1"),
        ({"max_mojibake_ratio": float("nan")}, "max_mojibake_ratio is nan"),
        ({"max_mojibake_ratio": True}, "max_mojibake_ratio is True"),
        ({"per_file_ignores": {"*.txt": "TPL"}}, r"per_file_ignores.\*.txt is 'TPL'"),
        ({"boilerplate_min_documents": 1}, "boilerplate_min_documents is 1"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_by_name(config, said):
    with pytest.raises(ConfigError, match=said):
        CheckConfig(**config)
