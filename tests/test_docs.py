"""Every command that the pages name can be run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportclean.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize(
    "script", sorted(set(re.findall(r"`(?:cd benchmarks && )?python ((?:\w+/)?\w+\.py)", TEXT)))
)
def test_scripts_are_there_and_can_be_asked(script):
    path = next(p for p in (ROOT / script, ROOT / "benchmarks" / script) if p.exists())
    compile(path.read_text(encoding="utf-8"), path, "exec")
    assert 'if __name__ == "__main__"' in path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def helps():
    """What every command says of itself."""
    return "".join(
        subprocess.run(
            [sys.executable, "-m", "reportclean", *command, "--help"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for command in [*([name] for name in COMMANDS), ["index", "add"], ["index", "query"]]
    )


@pytest.mark.parametrize(
    "option", sorted(set(re.findall(r"`(--[a-z-]+)", TEXT)) - {"--hypothesis-profile", "--page"})
)
def test_options_exist(option, helps):
    assert re.search(rf"{option}\b", helps)
