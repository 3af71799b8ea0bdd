"""What docs/ci.md says is done as it stands: its commands run, its files are of the right form."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import report
from reportclean.report.outputs import FORMATS

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def command_lines():
    """Every command of the page: those of the shell blocks, and those of the jobs."""
    lines = [line for text in blocks("(?:sh|yaml)") for line in text.split("\n")]
    return [line[line.index("reportclean check ") :] for line in lines if "reportclean check " in line]


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(
        report(1, 5) + "20xx年，工会走访用户三千余户。\n", encoding="utf-8"
    )
    (tmp_path / "reportclean.toml").write_text("", encoding="utf-8")  # none above this one counts
    return tmp_path


def test_commands_do_what_the_page_says(corpus):
    codes = []
    for line in command_lines():
        words = [sys.executable, "-m", *shlex.split(line)]
        codes.append(subprocess.run(words, capture_output=True, check=False).returncode)
    assert codes == [0, 0, 0, 1]  # the baseline is written and passes; --exit-zero; the job of GitLab fails
    assert json.loads((corpus / "reportclean.sarif").read_bytes())["version"] == "2.1.0"
    assert json.loads((corpus / "gl-code-quality-report.json").read_bytes())[0]["check_name"] == "TPL001"


def test_files_name_what_there_is():
    yaml = pytest.importorskip("yaml")
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    workflow, _, _, hooks = map(yaml.safe_load, blocks("yaml"))
    used = workflow["jobs"]["corpus"]["steps"][1]
    assert used["uses"].startswith("OWNER/reportclean@")
    assert used["with"].keys() <= action["inputs"].keys()
    assert hooks["repos"][0]["hooks"][0]["id"] == hook["id"]


def test_every_format_has_its_row():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(FORMATS)
