import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import reportclean as rc
from reportclean.engines.baseline import write_baseline
from reportclean.pytest_plugin import assert_clean

ROOT = Path(__file__).resolve().parents[1]
SOURCE = str(Path(rc.__file__).resolve().parents[1])
CLEAN = "一、全年检修线路一百二十公里。\n"
MASKED = "二、20xx年，工会组织职工开展劳动竞赛。\n"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(CLEAN + MASKED, encoding="utf-8")
    (tmp_path / "reportclean.toml").write_text("", encoding="utf-8")  # none above this one counts
    return folder


def test_a_clean_corpus_returns_its_report(corpus):
    (corpus / "a.txt").write_text(CLEAN, encoding="utf-8")
    report = assert_clean("corpus")
    assert (report.documents, report.findings) == (1, ())


def test_the_message_is_the_concise_report(corpus):
    with pytest.raises(AssertionError) as failed:
        assert_clean(corpus.name)
    first, second, *rest = str(failed.value).split("\n")
    assert (first, second) == ("corpus is not clean", "corpus/a.txt:2:3: TPL001 masked year '20xx'")
    assert rest[0].startswith("Found 1 finding (1 error")
    assert rest[-1] == "Limit errors: 1 found, 0 allowed."


def test_a_thousand_findings_are_not_all_shown(corpus):
    (corpus / "a.txt").write_text(MASKED * 1000, encoding="utf-8")
    with pytest.raises(AssertionError) as failed:
        assert_clean(corpus, select=["TPL001"])
    lines = str(failed.value).split("\n")
    assert lines[101:103] == [
        "... and 900 more",
        next(line for line in lines if line.startswith("Found 1,000 ")),
    ]
    assert len(lines) == 104


def test_what_is_selected_ignored_configured_and_known(corpus):
    assert_clean(corpus, select=["ENC"])
    assert_clean(corpus, ignore=["masked-year"])
    assert_clean(corpus, config=rc.CheckConfig(max_findings={"TPL001": 1}))
    with pytest.raises(AssertionError):
        assert_clean(corpus, ["TPL"], config=rc.CheckConfig(ignore=("ENC",)))
    with pytest.raises(AssertionError):
        assert_clean(corpus)
    (corpus.parent / "reportclean.toml").write_text("[check.max-findings]\nTPL = 1\n", encoding="utf-8")
    assert_clean(corpus)
    (corpus.parent / "reportclean.toml").write_text("", encoding="utf-8")
    write_baseline(corpus.parent / "known.json", rc.check(rc.read(corpus)).findings)
    assert len(assert_clean(corpus, baseline="known.json").known) == 1


def test_the_file_says_how_records_are_read_and_what_matches(corpus):
    (corpus / "a.txt").unlink()
    (corpus / "b.jsonl").write_text('{"body": "20xx年总结。"}\n', encoding="utf-8")
    (corpus.parent / "reportclean.toml").write_text(
        'text-field = "body"\n[dedupe]\nthreshold = 0.9\n', encoding="utf-8"
    )
    with pytest.raises(AssertionError, match=r"b\.jsonl:1:1: TPL001"):
        assert_clean(corpus)


def test_mistakes_are_errors_and_no_failed_assertions(corpus):
    with pytest.raises(rc.InputError):
        assert_clean("nothing-here")
    with pytest.raises(rc.ConfigError):
        assert_clean(corpus, select=["TPL999"])


def session(folder, test):
    """What pytest says of a test in a session of its own."""
    (folder / "test_corpus.py").write_text(test, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "reportclean.pytest_plugin", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCE, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_the_tests_of_the_documentation(corpus):
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    (test,) = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert "2 passed" in session(corpus.parent, test)


def test_in_a_session_of_its_own(corpus):
    test = """
from reportclean.pytest_plugin import assert_clean

def test_that_fails():
    assert_clean("corpus")

def test_report(reportclean_corpus):
    report = reportclean_corpus("corpus")
    assert [f.code for f in report.findings] == ["TPL001"]
    assert reportclean_corpus("corpus") is report
    assert not reportclean_corpus("corpus", select=["ENC"]).findings
"""
    said = session(corpus.parent, test)
    assert "1 failed, 1 passed" in said
    assert "E       corpus/a.txt:2:3: TPL001 masked year '20xx'" in said
    assert "_check(" not in said  # the plug-in's own code is left out of the traceback


def test_the_entry_point_and_what_loading_it_costs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module = project["entry-points"]["pytest11"]["reportclean"]
    assert import_module(module).assert_clean is assert_clean
    script = f"import sys, pytest; old = {{*sys.modules}}; import {module}; print(*{{*sys.modules}} - old)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert {*done.stdout.split()} <= {"reportclean", module}
