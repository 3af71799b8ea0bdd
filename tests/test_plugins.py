"""Rules of other packages: one that is installed for real, and many that are broken."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands
from commands import COMMAND
from reportclean.document import Hit
from reportclean.errors import RuleError
from reportclean.rules.base import Phase, Rule, Safety
from reportclean.rules.plugins import _Guarded
from reportclean.rules.registry import registered
from reportclean.rules.runner import run, run_batch

EXAMPLE = Path(__file__).parent / "plugin_example"
STAMPED = "全年检修线路〔扫描件 第3页〕一百二十公里。\n"
RULE_SOURCE = """
from reportclean.document import Hit
from reportclean.rules.base import Phase, Rule, Safety, Scope

def find(text):
    for place in range(text.count("戊")):
        yield Hit(text.index("戊"), text.index("戊") + 1, "k", replacement="己")

def rule(**other):
    settings = dict(code="HSE001", name="house", summary="a rule", message="{{text}}", phase=Phase.REPORT,
                    finder=find, kinds=frozenset("k"), doc="")
    return Rule(**(settings | other))

RULES = {rules}
"""


def reportclean(*arguments, path, cwd, code=None):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(path), os.environ.get("PYTHONPATH", "")])}
    command = COMMAND if code is None else [sys.executable, "-c", code]
    return commands.reportclean(*arguments, cwd=cwd, command=command, env=environment)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder that the example was installed into by pip, without asking the network for anything."""
    for tool in ("pip", "hatchling"):
        if find_spec(tool) is None:
            pytest.skip(f"{tool} is not installed, and builds and installs the example")
    folder = tmp_path_factory.mktemp("plugin")
    shutil.copytree(EXAMPLE, folder / "source")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", folder / "site", folder / "source"],
        check=True,
        capture_output=True,
    )
    return folder / "site"


@pytest.fixture
def pages(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(STAMPED, encoding="utf-8")
    return tmp_path


def test_the_rule_is_listed_with_its_source(installed, tmp_path):
    done = reportclean("rules", "--select", "HSE", "--output-format", "json", path=installed, cwd=tmp_path)
    (rule,) = json.loads(done.stdout)["rules"]
    assert (rule["code"], rule["family"], rule["fix"]) == ("HSE001", "HSE", "safe")
    assert rule["source"] == "reportclean_house.stamp (reportclean-house 1.0)"
    assert "scanner-stamp" in reportclean("rules", path=installed, cwd=tmp_path).stdout


def test_without_the_package_there_is_no_such_rule(tmp_path):
    assert "HSE001" not in reportclean("rules", path="", cwd=tmp_path).stdout
    done = reportclean("explain", "HSE001", path="", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_rule_is_explained(installed, tmp_path):
    done = reportclean("explain", "scanner-stamp", path=installed, cwd=tmp_path)
    assert done.stdout.startswith(
        "HSE001 scanner-stamp\nseverity warning, scope document, fix safe\n"
        "from reportclean_house.stamp (reportclean-house 1.0)\n\nThe stamp that our scanner puts on each page.\n"
    )


def test_clean_and_dedupe_use_it(installed, pages):
    done = reportclean("clean", "in", "-o", "out", path=installed, cwd=pages)
    assert "findings   1 HSE\n" in done.stdout
    assert (pages / "out/clean/a.txt").read_text(encoding="utf-8") == "全年检修线路一百二十公里。\n"
    reportclean("dedupe", "in", "-o", "deduped", path=installed, cwd=pages)
    assert (pages / "deduped/kept/a.txt").read_text(encoding="utf-8") == "全年检修线路一百二十公里。\n"


def test_check_uses_it(installed, pages):
    (pages / "reportclean.toml").write_text('[check.severity]\nHSE = "error"\n')
    done = reportclean("check", "in", "--output-format", "concise", path=installed, cwd=pages)
    assert done.returncode == 1
    assert "in/a.txt:1:7: HSE001 " in done.stdout
    (pages / "reportclean.toml").write_text("[check]\nmax-findings.scanner-stamp = 1\n")
    assert reportclean("check", "in", "-q", path=installed, cwd=pages).returncode == 0


def test_it_can_be_left_out_like_any_rule(installed, pages):
    reportclean("clean", "in", "-o", "out", "--ignore", "HSE", path=installed, cwd=pages)
    assert (pages / "out/clean/a.txt").read_text(encoding="utf-8") == STAMPED


def test_worker_processes_use_it(installed, tmp_path):
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / f"in/{name}.txt").write_text(STAMPED, encoding="utf-8")
    code = (
        "import sys\n"
        "from reportclean import cli\n"
        "from reportclean.engines import workers\n"
        "workers.PROCESSES_FROM_BYTES = workers.CHUNK_BYTES = 1\n"  # so that three short files are three tasks
        "cli.main()\n"
    )
    arguments = ["clean", "in", "-o", "out", "--workers", "2"]
    done = reportclean(*arguments, path=installed, cwd=tmp_path, code=code)
    assert "findings   3 HSE\n" in done.stdout


def test_the_rules_are_read_once_and_only_when_they_are_needed(installed, tmp_path):
    code = (
        "import sys, reportclean, reportclean.cli\n"
        "assert 'reportclean_house.stamp' not in sys.modules\n"
        "assert reportclean.clean('〔扫描件 第3页〕好').text == '好'\n"
        "assert 'reportclean_house.stamp' in sys.modules\n"
    )
    assert reportclean(path=installed, cwd=tmp_path, code=code).returncode == 0


def test_the_example_in_its_documentation_holds():
    names = {"__name__": "stamp"}
    source = (EXAMPLE / "src/reportclean_house/stamp.py").read_text(encoding="utf-8")
    exec(source, names)  # noqa: S102  # our own file
    rule = names["RULE"]
    bad, good = rule.doc.split("Bad:")[1].split("Good:")
    assert [hit.kind for hit in rule.finder(bad)] == ["stamp"]
    assert not list(rule.finder(good))


@pytest.fixture
def plugin(tmp_path):
    """Make a distribution as an installer leaves it: modules, their names, and an entry point to each."""

    def make(name="house", entry=None, text=None, rules="[rule()]"):
        site = tmp_path / "site"
        information = site / f"{name}-2.0.dist-info"
        information.mkdir(parents=True)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.0\n")
        (information / "entry_points.txt").write_text(f"[reportclean.rules]\nx = {entry or name}\n")
        source = RULE_SOURCE.format(rules=rules) if text is None else text
        (site / f"{name}.py").write_text(source, encoding="utf-8")
        return site

    yield make
    for module in ("house", "other"):
        sys.modules.pop(module, None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"text": "import nothing_of_that_name"}, "cannot be loaded: ModuleNotFoundError: No module named"),
        ({"text": "1 / 0"}, "cannot be loaded: ZeroDivisionError: division by zero; repair or uninstall"),
        ({"text": "raise SystemExit(3)"}, "cannot be loaded: SystemExit: 3"),
        ({"text": "x ="}, "cannot be loaded: SyntaxError"),
        ({"text": ""}, "cannot be loaded: AttributeError: module 'house' has no attribute 'RULE'"),
        ({"entry": "house:NONE"}, "house:NONE (house 2.0) cannot be loaded: AttributeError"),
        ({"entry": "nowhere"}, "nowhere (house 2.0) cannot be loaded: ModuleNotFoundError"),
        ({"rules": "3"}, "cannot be loaded: TypeError: 'int' object is not iterable"),
        ({"rules": "[3]"}, "yields int; it must yield rules"),
        ({"rules": "[rule(code='house')]"}, "the code must be 2 to 8 capital letters and 3 digits"),
        (
            {"rules": "[rule(code=3)]"},
            "rule 3 of house (house 2.0) cannot be used: code is 3; it must be a str",
        ),
        ({"rules": "[rule(name='My Rule')]"}, "the name 'My Rule' must be small letters and digits"),
        ({"rules": "[rule(finder=None)]"}, "it has no finder"),
        ({"rules": "[rule(kinds=frozenset())]"}, "it names no kind of hit"),
        ({"rules": "[rule(kinds=['k'])]"}, "kinds is ['k']; it must be a frozenset"),
        ({"rules": "[rule(scope=Scope.CORPUS)]"}, "rules on the whole corpus cannot come from plug-ins"),
        ({"rules": "[rule(fix=Safety.SAFE)]"}, "rules of the phase REPORT fix nothing"),
        ({"rules": "[rule(message='{nothing}')]"}, "its message cannot be filled in ('nothing')"),
        (
            {"rules": "[rule(code='TPL001')]"},
            "rule TPL001 is defined by house (house 2.0) and by reportclean.rules.tpl.tpl001_year; give one",
        ),
        (
            {"rules": "[rule(name='masked-year')]"},
            "rule masked-year is defined by house (house 2.0) and by reportclean.rules.tpl",
        ),
    ],
)
def test_a_broken_plug_in_is_named(plugin, monkeypatch, arguments, said):
    monkeypatch.syspath_prepend(plugin(**arguments))
    with pytest.raises(RuleError) as raised:
        registered.__wrapped__()
    assert said in str(raised.value)
    assert "house 2.0" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_two_plug_ins_with_one_code_are_both_named(plugin, pages):
    plugin("house")
    done = reportclean("clean", "in", "--diff", path=plugin("other"), cwd=pages)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "reportclean: rule HSE001 is defined by other (other 2.0) and by house (house 2.0); "
        "give one of them a code and a name of its own\n"
    )


@pytest.mark.parametrize("entry", ["house", "house:RULES", "house:ONE"])
def test_an_entry_point_may_lead_to_a_module_or_to_rules(plugin, monkeypatch, entry):
    path = plugin(entry=entry)
    (path / "house.py").write_text((path / "house.py").read_text("utf-8") + "\nONE = RULES[0]\n", "utf-8")
    monkeypatch.syspath_prepend(path)
    assert [rule.code for rule, place in registered.__wrapped__() if "house 2.0" in place] == ["HSE001"]


def test_a_finder_that_fails_is_named(plugin, pages):
    done = reportclean(
        "clean", "in", "-o", "out", path=plugin(rules="[rule(finder=lambda text: 1 / 0)]"), cwd=pages
    )
    assert done.returncode == 2
    assert (
        done.stderr
        == "reportclean: a rule of house (house 2.0) failed: ZeroDivisionError: division by zero\n"
    )
    assert not (pages / "out").exists()


def guarded(*spans):
    return _Guarded(lambda _: [Hit(*span, "k") for span in spans], "house")


@pytest.mark.parametrize("spans", [[(0, 4)], [(-1, 2)], [(2, 1)], [(1, 1)], [(4, 4)], [(2, 3), (1, 2)]])
def test_hits_that_are_no_part_of_the_text_are_refused(spans):
    with pytest.raises(RuleError, match="a rule of house found Hit"):
        list(guarded(*spans)("甲乙丙"))


def test_what_is_no_hit_is_refused():
    with pytest.raises(RuleError, match="found 'x'"):
        list(_Guarded(lambda text: ["x"] if text else [], "house")("甲"))


def test_a_finder_sees_one_document_at_a_time():
    seen = []

    def find(text):
        seen.append(text)
        return [Hit(0, len(text), "k")]

    hits = list(_Guarded(find, "house")("甲乙\0\0丙"))
    assert seen == ["甲乙", "丙"]
    assert [(hit.start, hit.end) for hit in hits] == [(0, 2), (4, 5)]


@given(st.lists(st.text("ab\n\0", max_size=6), min_size=1, max_size=4))
def test_joined_documents_give_what_each_gives_alone(texts):
    def find(text):
        """Whatever depends on where the text begins and ends."""
        for place in range(len(text)):
            yield Hit(place, place + 1, "k", stem=text)

    rule = Rule(
        "HSE001",
        "house",
        "",
        "{stem!r}",
        Phase.REPORT,
        _Guarded(find, "house"),
        frozenset("k"),
        "",
        fix=Safety.NONE,
    )
    assert run_batch(texts, [rule]) == [run(text, [rule]) for text in texts]


def test_rules_that_share_a_finder_still_share_it():
    find = list
    assert len({_Guarded(find, "house"), _Guarded(find, "house")}) == 1
