"""The composite action: its form by the published schema, its scripts by running them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ACTION = Path(__file__).resolve().parents[1] / "action.yml"
HOSTILE = [
    "a b.txt",
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "&& touch pwned",
    "报告/20xx年.txt",
    "--exit-zero",
    "${{ github.token }}",
]

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the action's scripts need bash")


@pytest.fixture(scope="module")
def steps():
    yaml = pytest.importorskip("yaml")
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return {step["name"]: step for step in action["runs"]["steps"]}


@pytest.fixture
def venv(tmp_path):
    """A folder like the one that the action makes, with programs that write down what they are called with."""
    programs = tmp_path / "venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    program = programs / "reportclean"
    program.write_text('#!/bin/sh\nprintf "%s\\0" "$@" > "$CALLED"\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    shutil.copy(program, programs / "recorder")
    return tmp_path / "venv"


def run(step, folder, **variables):
    """A step's script in a folder of its own: its exit code, and what it called."""
    called = folder / "called"
    done = subprocess.run(
        ["bash", "-c", step["run"]],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "CALLED": str(called), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, called.read_text(encoding="utf-8").split("\0")[
        :-1
    ] if called.exists() else done.stderr


def quoted(word):
    return "'" + word.replace("'", "'\"'\"'") + "'"


def test_the_form():
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions"]
    done = subprocess.run([*command, str(ACTION)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_scripts_paste_no_text(steps):
    scripts = [step["run"] for step in steps.values() if "run" in step]
    assert len(scripts) == 2
    assert not any("${{" in script for script in scripts)
    used = set(re.findall(r"inputs\.([\w-]+)", ACTION.read_text(encoding="utf-8")))
    assert used == {"paths", "args", "baseline", "version", "python-version"}


def test_check_hands_on_its_inputs_and_its_exit_code(steps, venv, tmp_path):
    code, called = run(
        steps["Check"],
        tmp_path,
        VENV=str(venv),
        PATHS="corpus 'more pages'",
        ARGS="--select DUP,ENC",
        BASELINE="known.json",
    )
    assert code == 1
    assert called == [
        *"check --output-format github --baseline known.json --select DUP,ENC --".split(),
        "corpus",
        "more pages",
    ]


@pytest.mark.parametrize("word", HOSTILE)
def test_inputs_are_words_and_never_code(steps, venv, tmp_path, word):
    _, called = run(
        steps["Check"], tmp_path, VENV=str(venv), PATHS=quoted(word), ARGS=f"-x {quoted(word)}", BASELINE=word
    )
    assert called == [*"check --output-format github --baseline".split(), word, "-x", word, "--", word]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("", "/actions/report clean"),
        ("0.1.0", "reportclean==0.1.0"),
        ("$(touch pwned)", "reportclean==$(touch pwned)"),
    ],
)
def test_install_takes_a_release_or_the_action_itself(steps, venv, tmp_path, version, wanted):
    (venv / "bin" / "python").unlink()
    shutil.copy(venv / "bin" / "recorder", venv / "bin" / "python")
    code, called = run(
        steps["Install reportclean"],
        tmp_path,
        PYTHON="true",
        VENV=str(venv),
        SOURCE="/actions/report clean",
        VERSION=version,
    )
    assert code == 1  # pip's own
    assert called == [*"-I -m pip install --quiet --disable-pip-version-check".split(), wanted]
    assert not (tmp_path / "pwned").exists()


def test_the_files_of_the_repository_are_not_imported_by_the_action(steps, venv, tmp_path):
    (tmp_path / "shlex.py").write_text("raise SystemExit(99)", encoding="utf-8")
    code, called = run(steps["Check"], tmp_path, VENV=str(venv), PATHS=".", ARGS="", BASELINE="")
    assert code == 1
    assert called == ["check", "--output-format", "github", "--", "."]
