"""What docs/index.md says is so: its commands and its SQL are run."""

import re
import shlex
import shutil
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/index.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def said_by(lines):
    """Each command of a block with the lines that it prints."""
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    for start in starts:
        yield lines[start], list(takewhile(lambda line: not line.startswith("$ "), lines[start + 1 :]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def test_the_commands_of_the_page_print_what_it_shows(folder):
    lines = [line for block in blocks("console") for line in block.splitlines()]
    for command, shown in said_by(lines):
        words = shlex.split(command.removeprefix("$ "))
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, check=False
        )
        refused = any(line.startswith("reportclean: ") for line in shown)
        assert done.returncode == (2 if refused else 0), done.stderr
        printed = (done.stderr if refused else done.stdout).splitlines()
        if not shown:
            assert '"dropped": 0' in done.stdout
        elif shown[-1] == "...":
            assert printed[: len(shown) - 1] == shown[:-1]
        else:
            assert printed == shown


@pytest.mark.parametrize("query", blocks("sql"))
def test_the_sql_of_the_page_finds_something(folder, query):
    path = folder / "sql.duckdb"
    if not path.exists():
        command = [sys.executable, "-m", "reportclean", "index", "add", str(path), "examples"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(query).fetchall()
    assert rows
    if "estimate" in query:
        assert all(0.7 < row[2] < 1 for row in rows)


def test_the_code_of_the_page_prints_what_its_comment_says(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (code,) = blocks("python")
    exec(code, {})  # noqa: S102  # the page's own code
    (comment,) = re.findall(r"  # (.*)", code)
    assert capsys.readouterr().out.strip() == comment


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", PAGE))
def test_links_lead_somewhere(target):
    assert (ROOT / "docs" / target).exists()
