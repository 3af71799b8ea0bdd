"""The commands of the page on formats run, and its tables name what there is."""

import json
import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from commands import COMMAND
from corpora import report
from reportclean.formats.base import FORMAT_NAMES
from reportclean.formats.limits import Limits
from reportclean.formats.registry import FORMATS

PAGE = (Path(__file__).resolve().parents[1] / "docs/formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", re.findall(r"^\$ (.*)$", PAGE, re.MULTILINE))
def test_the_commands_run(tmp_path, line):
    (tmp_path / "last-run").touch()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/a.html").write_text(f"<html><body><p>{report(1)}</p></body></html>", encoding="utf-8")
    (tmp_path / "pages/b.txt").write_text(report(2), encoding="utf-8")
    command = line.replace("reportclean ", " ".join(COMMAND) + " ")
    done = subprocess.run(["bash", "-ec", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "clean/summary.json").read_text())["documents"]["kept"] >= 1


def test_every_ending_and_every_name_is_there():
    table = PAGE[: PAGE.index("## ")]
    for name, form in FORMATS.items():
        assert all(f"`{ending}`" in table for ending in form.SUFFIXES), name
    assert ", ".join(f"`{name}`" for name in FORMAT_NAMES) in " ".join(table.split())


def test_every_limit_is_there_with_its_default():
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| ([^|]+) \|$", PAGE, re.MULTILINE))
    units = {"MB": 10**6, "GB": 10**9}
    for one in fields(Limits):
        number, _, unit = rows[one.name.replace("_", "-")].strip().replace(",", "").partition(" ")
        assert float(number) * units.get(unit, 1) == one.default, one.name
