"""What docs/compare.md says is so."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from commands import reportclean

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/compare.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "reportclean.toml").write_text("", encoding="utf-8")  # none above this one counts
    return folder


def run(line, folder):
    return reportclean(*shlex.split(line)[1:], cwd=folder)


def test_the_output_of_the_page_is_the_real_one(folder):
    command, *shown = blocks("console")[0].splitlines()
    done = run(command.removeprefix("$ "), folder)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line for line in lines if line in shown] == [line for line in shown if line != "..."]


def test_the_commands_of_the_page_end_with_0(folder):
    for line in blocks("sh")[0].splitlines():
        assert run(line, folder).returncode == 0, line
    assert (folder / "pair.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_code_of_the_page_says_what_its_comment_says():
    (code,) = blocks("python")
    names = {}
    exec(code, names)  # noqa: S102  # the page's own code
    pieces = [(piece.about, piece.left, piece.right) for piece in names["found"].differences]
    assert f"# {pieces}" in code
