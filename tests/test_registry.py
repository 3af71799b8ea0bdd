import re
import sys

import pytest

from reportclean import rules
from reportclean.errors import RuleError
from reportclean.rules.base import Phase, Safety, Scope, Severity
from reportclean.rules.registry import all_rules, registered, rule

RULES = all_rules()
each = pytest.mark.parametrize("entry", RULES, ids=lambda entry: entry.code)


def modules():
    return {
        name: module
        for name, module in sys.modules.items()
        if name.startswith("reportclean.rules.") and hasattr(module, "RULE")
    }


def test_codes_are_unique_and_sorted():
    codes = [entry.code for entry in RULES]
    assert len(codes) > 10
    assert codes == sorted(set(codes))
    names = [entry.name for entry in RULES]
    assert len(names) == len(set(names))


def test_every_module_of_a_family_is_a_rule():
    assert sorted(module.RULE.code for module in modules().values()) == [entry.code for entry in RULES]


@each
def test_code_name_and_file_agree(entry):
    assert re.fullmatch(r"[A-Z]{3}\d{3}", entry.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name)
    assert entry.family == entry.code[:3]
    (name,) = (name for name, module in modules().items() if module.RULE is entry)
    assert name.split(".")[-1].startswith(f"{entry.code.lower()}_")
    families = {
        other.family for other in RULES for n in [name_of(other)] if n.split(".")[2] == name.split(".")[2]
    }
    assert families == {entry.family}


def name_of(entry):
    return next(name for name, module in modules().items() if module.RULE is entry)


@each
def test_the_documentation_has_its_four_parts(entry):
    headings = re.findall(r"^(What|Why|Bad|Good):", entry.doc, re.MULTILINE)
    assert headings == ["What", "Why", "Bad", "Good"]
    for part in ("Bad", "Good"):
        assert re.search(rf"^{part}:\n\n    \S", entry.doc, re.MULTILINE)
    assert entry.doc == sys.modules[name_of(entry)].__doc__
    assert "\n" not in entry.summary
    assert 10 < len(entry.summary) < 100


@each
def test_the_parts_of_a_rule_fit_together(entry):
    assert entry.phase in Phase
    assert entry.severity in Severity
    assert entry.scope in Scope
    assert entry.kinds
    if entry.fix is Safety.SAFE:
        assert entry.finder is not None
        assert entry.phase is not Phase.REPORT
    message = entry.message.format(text="甲", kind="k", stem="20", replacement="乙")
    assert message
    assert "{" not in message


def test_finders_that_share_a_kind_are_one_rule_each():
    """A hit gives one finding, whichever rules share its finder."""
    seen = set()
    for entry in RULES:
        if entry.finder is None:
            continue
        pairs = {(entry.finder, kind) for kind in entry.kinds}
        assert not pairs & seen
        seen |= pairs


def test_a_rule_is_found_by_its_code():
    assert all(rule(entry.code) is entry for entry in RULES)
    with pytest.raises(RuleError, match="there is no rule ZZZ999; the rules are ART001, "):
        rule("ZZZ999")


SOURCE = '''"""A rule for a test."""
from reportclean.rules.base import Phase, Rule

RULE = Rule(code="{code}", name="name-{code}", summary="", message="", phase=Phase.REPORT, finder=None,
            kinds=frozenset(), doc=__doc__)
'''


@pytest.fixture
def family(tmp_path, monkeypatch):
    """A folder of rules of its own, in the place of the real ones; files are given as name → code."""

    def make(files):
        folder = tmp_path / "zzz"
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (tmp_path / "loose.py").write_text("RULE = None")
        for name, code in files.items():
            (folder / f"{name}.py").write_text(SOURCE.format(code=code))
        monkeypatch.setattr(rules, "__path__", [str(tmp_path)])

    yield make
    for name in [name for name in sys.modules if name.startswith("reportclean.rules.zzz")]:
        del sys.modules[name]


def test_a_new_file_is_a_new_rule(family):
    family({"zzz002_b": "ZZZ002", "aaa_last": "ZZZ010", "zzz001_a": "ZZZ001"})
    assert [entry.code for entry, _ in registered.__wrapped__()] == ["ZZZ001", "ZZZ002", "ZZZ010"]


def test_a_code_that_is_defined_twice_is_refused_with_both_places(family):
    family({"zzz001_one": "ZZZ001", "zzz002_other": "ZZZ001"})
    with pytest.raises(RuleError, match="ZZZ001") as raised:
        registered.__wrapped__()
    assert "reportclean.rules.zzz.zzz001_one" in str(raised.value)
    assert "reportclean.rules.zzz.zzz002_other" in str(raised.value)
