"""The pages on configuration and rules say what is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG, RULES = ((ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("config", "rules"))


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/a.txt").write_text("全年检修线路。", encoding="utf-8")
    (tmp_path / "reportclean.toml").write_text(blocks(CONFIG, "toml")[0], encoding="utf-8")
    return tmp_path


def run(line, folder):
    command = [sys.executable, "-m", *line.removeprefix("$ ").split()]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_file_of_the_page_is_one_and_gives_what_the_page_shows(folder):
    command, *shown = blocks(CONFIG, "console")[0].splitlines()
    done = run(command, folder)
    assert done.returncode == 0
    printed = done.stdout.splitlines()
    assert printed[0] == shown[0]
    assert [line for line in printed if line in shown[1:]] == [line for line in shown[1:] if line != "..."]


def test_the_mistakes_of_the_page_are_said_so(folder):
    (folder / "reportclean.toml").write_text(
        '# a file with mistakes\ntreshold = 0.8\n\n[check]\nmax-duplicate-ratio = "5%"\nseverity.TPL01 = "off"\n'
    )
    command, *shown = blocks(CONFIG, "console")[1].splitlines()
    done = run(command, folder)
    assert (done.returncode, done.stderr.splitlines()) == (2, shown)


def test_the_rule_of_the_page_is_the_one_that_is_installed_in_the_tests():
    package = ROOT / "tests/plugin_example"
    assert blocks(RULES, "python") == [
        (package / "src/reportclean_house/stamp.py").read_text(encoding="utf-8")
    ]
    assert blocks(RULES, "toml")[0] in (package / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", CONFIG + RULES))
def test_links_lead_somewhere(target):
    assert (ROOT / "docs" / target).exists()
