"""The README says what is so: its commands are run by CI, its output and its code are run here."""

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    arguments = ["dedupe", str(ROOT / "examples") + "/", "-o", "cleaned"]
    done = subprocess.run(
        [sys.executable, "-m", "reportclean", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout, folder / "cleaned"


def test_two_commands_each_doing_everything():
    spec = spec_from_file_location("readme_commands", ROOT / "tools/readme_commands.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    demo, tests = module.commands(README)
    assert demo.startswith("python3 -m venv ")
    assert demo.endswith("reportclean dedupe examples/ -o cleaned/")
    assert tests.startswith("python3 -m venv ")
    assert "'.[test]'" in tests


def test_the_pasted_output_is_the_real_one(example):
    def without_seconds(text):
        return re.sub(r"\d+\.\d s;", "", text)

    pasted = blocks("text")[0]
    assert without_seconds(pasted) == without_seconds(example[0])


def test_the_pasted_matches_are_the_real_ones(example):
    rows = pq.read_table(example[1] / "matches.parquet").to_pylist()
    names = ("left_id", "right_id", "jaccard", "kind", "differs")
    real = [" ".join(f"{row[n]:.3f}" if n == "jaccard" else row[n] for n in names) for row in rows]
    assert [" ".join(line.split()) for line in blocks("text")[1].splitlines()[1:]] == real


def test_the_table_names_every_file_of_the_folder(example):
    named = set(re.findall(r"^\| `([^`/]+)/?` \|", README, re.MULTILINE))
    assert named == {path.name for path in example[1].iterdir()}


def test_the_code_runs_and_says_what_its_comments_say(monkeypatch):
    monkeypatch.chdir(ROOT)
    (code,) = blocks("python")
    names = {}
    exec(code, names)  # noqa: S102  # the README's own code
    rc, report = names["rc"], names["report"]
    assert f"'{rc.clean(report).text}'" in code
    assert len(rc.split((ROOT / "examples/power-station-summaries.txt").read_text("utf-8"))) == 13
    hits = [(hit.kind, hit.stem) for hit in rc.placeholders("20xx年，__区")]
    assert str(hits) in code
    assert len(names["result"].clusters) == 2
    assert str(rc.check(rc.read("examples/"), select=["DUP"]).by_code) in code
    (match,) = names["index"].query(names["page"][510:1500])
    assert (match.key, match.kind) == ("page-1#3", "near")


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_lead_somewhere(target):
    assert (ROOT / target).exists()
