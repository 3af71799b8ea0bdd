"""What docs/check.md says is so: its commands are run, its output is the real one."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/check.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "reportclean.toml").write_text("", encoding="utf-8")  # none above this one counts
    return folder


def run(line, folder):
    words = shlex.split(line.removeprefix("$ "))
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_output_of_the_page_is_the_real_one(folder):
    command, *shown = blocks("console")[0].splitlines()
    done = run(command, folder)
    assert (done.returncode, done.stdout.splitlines()) == (1, shown)


def test_the_commands_of_the_page_end_as_it_says(folder):
    codes = {line: run(line, folder).returncode for text in blocks("sh") for line in text.splitlines()}
    assert list(codes.values()) == [0, 1, 1, 0, 0, 0]
    limits = next(line for line in codes if "--max-findings" in line)
    said = run(limits.replace("ART=5", "ART=4").replace("0.25", "0.2"), folder).stdout.splitlines()
    assert [line for line in said if line.startswith("Limit ")] == [
        "Limit max-duplicate-ratio: 0.2353 found, 0.2 allowed.",
        "Limit max-findings.ART: 5 found, 4 allowed.",
    ]


def test_the_code_of_the_page_says_what_its_comments_say(folder, monkeypatch):
    monkeypatch.chdir(folder)
    run("reportclean check examples/ --write-baseline known.json", folder)
    (code,) = blocks("python")
    names = {}
    exec(code, names)  # noqa: S102  # the page's own code
    assert names["report"].passed
    assert len(names["report"].known) > 20
    found = names["rc"].check(["20xx年，工会走访用户三千余户。。"]).findings
    assert str([finding.code for finding in found]) in code


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", PAGE))
def test_links_lead_somewhere(target):
    assert (ROOT / "docs" / target).exists()
