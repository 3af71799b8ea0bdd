"""The hook, run by the real pre-commit on a scratch repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import report

pytest.importorskip("pre_commit")
ROOT = Path(__file__).resolve().parents[1]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
INSTALLED = ("src", "pyproject.toml", "README.md", "LICENSE", HOOKS.name)

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a program in the scratch repository, out of reach of the user's own settings."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.delenv("PYTHONPATH", raising=False)  # what the hook installs counts

    def in_folder(*command, folder=tmp_path / "corpus", code=0):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return in_folder


def committed(folder, run):
    """Everything in a folder as a commit, and its hash."""
    run("git", "init", "-q", folder=folder)
    run("git", "add", "-A", folder=folder)
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    run("git", *identity, "commit", "-q", "--no-verify", "-m", "all", folder=folder)
    return run("git", "rev-parse", "HEAD", folder=folder).strip()


def corpus(folder, hooks, revision, more=""):
    """A repository of texts that uses the hook."""
    for name in ("pages", "old pages"):
        (folder / name).mkdir(parents=True)
    config = f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: reportclean-check\n{more}"
    (folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")


def test_the_manifest():
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_all_files_of_text_come_in_one_call(run, tmp_path):
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(HOOKS, hooks)
    recorder, called = tmp_path / "recorder", tmp_path / "called"
    recorder.write_text(f'#!/bin/sh\nprintf "%s\\n" call "$@" >> "{called}"\n', encoding="utf-8")
    recorder.chmod(0o755)
    only_here = f"    language: system\n    entry: {recorder}\n    files: pages/\n"
    folder = tmp_path / "corpus"
    corpus(folder, hooks, committed(hooks, run), only_here)
    for number in range(60):  # pre-commit would share so many out over the processors
        (folder / "old pages" / f"{number:02} 报告.txt").write_text("text", encoding="utf-8")
    (folder / "pages" / "records.jsonl").write_text("{}", encoding="utf-8")
    (folder / "pages" / "table.parquet").write_bytes(b"PAR1\x00\x01\xff")
    committed(folder, run)
    run(sys.executable, "-m", "pre_commit", "run", "--all-files")
    first, *names = called.read_text(encoding="utf-8").splitlines()
    assert first == "call"
    assert sorted(names) == [*(f"old pages/{n:02} 报告.txt" for n in range(60)), "pages/records.jsonl"]


@pytest.mark.slow
def test_a_corpus_fails_until_it_is_clean(run, tmp_path):
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in INSTALLED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, hooks / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, hooks)
    folder = tmp_path / "corpus"
    corpus(folder, hooks, committed(hooks, run), "    files: \\.txt$\n")
    text = report(1, 12)
    (folder / "pages" / "a.txt").write_text(text, encoding="utf-8")
    (folder / "old pages" / "a.txt").write_text(
        text + "\n20xx年，工会组织职工开展劳动竞赛。\n", encoding="utf-8"
    )
    committed(folder, run)
    check = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    said = run(*check, code=1)
    assert "TPL001 masked year '20xx'" in said
    assert "DUP002" in said  # repeats are found across files
    (folder / "old pages" / "a.txt").write_text(report(2, 12), encoding="utf-8")
    run("git", "add", "-A")
    assert "Passed" in run(*check)
