"""What the page on resuming shows is what is said, but for numbers."""

import re
import shutil
from pathlib import Path

import reportclean as rc
from commands import reportclean
from corpora import report
from reportclean.engines import folder
from reportclean.engines.resuming import DECIDING

PAGE = (Path(__file__).resolve().parents[1] / "docs/resume.md").read_text(encoding="utf-8")


def test_the_commands_run(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/a.txt").write_text(report(1), encoding="utf-8")
    commands = re.findall(r"^\$ reportclean (.*)$", PAGE, re.MULTILINE)
    assert commands
    for command in commands:
        done = reportclean(*command.replace("/data/", "").split(), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        shutil.rmtree(tmp_path / "clean")


def test_the_words_are_those_of_the_command():
    assert PAGE.count(folder.GO_ON) == 2


def test_the_settings_that_may_change_are_named():
    row = next(line for line in PAGE.splitlines() if "only the decision depends on" in line)
    named = {name.replace("-", "_") for name in re.findall(r"`--([a-z-]+)`", row)}
    assert named == DECIDING
    assert named <= set(rc.DedupeConfig.__slots__)
