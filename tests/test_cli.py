"""The command as a real process: what it prints, what it leaves, how it exits."""

import json
import os
import re
import resource
import signal
import subprocess
import time
from dataclasses import asdict

import pytest

from commands import COMMAND, reportclean
from corpora import report, reworded
from reportclean.formats.limits import Limits


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(report(1), encoding="utf-8")
    (tmp_path / "in/b.txt").write_text(report(1).replace("，", ","), encoding="utf-8")
    return tmp_path


def test_version_and_help(tmp_path):
    assert reportclean("--version", cwd=tmp_path).stdout.startswith("reportclean 0.")
    assert "dedupe" in reportclean("--help", cwd=tmp_path).stdout
    assert "--threshold" in reportclean("dedupe", "-h", cwd=tmp_path).stdout


def test_a_run(folder):
    done = reportclean("dedupe", "in", "-o", "out", cwd=folder)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "documents  2 in, 1 kept, 1 removed, 0 in quarantine" in done.stdout
    assert "1 cluster of repeats" in done.stdout
    assert "1 duplicates (DUP)" in done.stdout
    assert "the result is in out/" in done.stdout
    assert (folder / "out/kept/a.txt").read_text(encoding="utf-8") == report(1)


def test_quiet(folder):
    done = reportclean("dedupe", "in", "-o", "out", "--quiet", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_strict_and_the_words_about_the_quarantine(folder):
    for n in range(7):
        (folder / f"in/empty{n}.txt").touch()
    done = reportclean("dedupe", "in", "-o", "out", "--strict", cwd=folder)
    assert done.returncode == 1
    assert "quarantine empty0.txt: the file is empty" in done.stderr
    assert "and 2 more" in done.stderr
    assert (folder / "out/summary.json").exists()
    assert reportclean("dedupe", "in", "-o", "out2", cwd=folder).returncode == 0


def test_standard_input(folder):
    record = json.dumps({"id": "r", "text": report(3)}) + "\n"
    done = reportclean("dedupe", "-", "in/a.txt", "-o", "out", cwd=folder, input=record)
    assert done.returncode == 0
    assert json.loads((folder / "out/kept/stdin.jsonl").read_text())["id"] == "r"
    done = reportclean("dedupe", "-", "-o", "out2", cwd=folder, input=report(3))
    assert (folder / "out2/kept/stdin.txt").read_text(encoding="utf-8") == report(3)


def test_options_reach_the_work(folder):
    arguments = (
        "--threshold 0.7 --shingle-size 4 --num-perm 64 --seed 9 --min-tokens 5 --unit document --keep first"
    )
    (folder / "swaps.tsv").write_text("积极\t用心\t3\n", encoding="utf-8")
    more = "--no-spun --spin-lexicon swaps.tsv --prefer b* --keep-updates --text-field body --id-field key --workers 2 --no-progress"
    cleaning = "--encoding utf-8 --format txt --to txt --select ART,TPL001 --ignore ENC --drop teaser --drop symbols --unsafe-fixes"
    arguments = f"{arguments} {more} {cleaning} --script simplified --guess --boilerplate-min-documents 3"
    arguments += " --rule-option ART040.lines=3 --rule-option ART040.min-length=40 --limit members=7 --limit line-bytes=2MB"
    done = reportclean("dedupe", "in", "-o", "out", *arguments.split(), cwd=folder)
    assert done.returncode == 0
    settings = json.loads((folder / "out/summary.json").read_text())["settings"]
    assert settings == {
        "threshold": 0.7,
        "shingle_size": 4,
        "num_perm": 64,
        "seed": 9,
        "min_tokens": 5,
        "unit": "document",
        "keep": "first",
        "prefer": "b*",
        "keep_updates": True,
        "mark": False,
        "spun": False,
        "spin_lexicon": "swaps.tsv",
        "text_field": "body",
        "id_field": "key",
        "date_field": "date",
        "encoding": "utf-8",
        "format": "txt",
        "to": "txt",
        "limits": asdict(Limits(members=7, line_bytes=2_000_000)),
        "select": ["ART", "TPL001"],
        "ignore": ["ENC"],
        "drop": ["teaser", "symbols"],
        "unsafe_fixes": True,
        "script": "simplified",
        "guess": True,
        "boilerplate_min_documents": 3,
        "rule_options": {"ART040": {"lines": 3, "min-length": 40}},
    }
    assert (folder / "out/kept/b.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("dedupe nowhere -o out", "nowhere does not exist; name a file or a folder that does"),
        ("dedupe in", "name the folder for the result with -o DIR"),
        ("dedupe in -o in/a.txt", "in/a.txt exists"),
        ("dedupe in -o in", "in exists"),
        ("dedupe in -o in --overwrite", "not a result of reportclean"),
        ("dedupe in -o out --threshold 3", "--threshold is 3.0; it must be above 0 and at most 1"),
        ("dedupe in -o out --threshold nan", "--threshold is nan"),
        ("dedupe in -o out --threshold x", "'x' is not a valid float"),
        ("dedupe in -o out --num-perm 8", "--num-perm is 8; it must be a whole number from 16 to 512"),
        ("dedupe in -o out --shingle-size 0", "--shingle-size is 0"),
        ("dedupe in -o out --keep worst", "'worst' is not one of"),
        ("dedupe in -o out --workers 0", "--workers is 0"),
        ("dedupe in -o out --bogus", "No such option"),
        ("dedupe in in -o out", "two inputs are called 'in'"),
        ("dedupe empty -o out", "nothing to read in empty"),
        ("dedupe in -o /proc/out", "cannot write to /proc/out"),
        ("dedupe", "name a PATH, or a list of them with --paths-from"),
        ("bogus", "No such command"),
    ],
)
def test_what_cannot_run_says_so(folder, arguments, said):
    (folder / "empty").mkdir()
    done = reportclean(*arguments.split(), cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert not (folder / "out").exists()
    assert not (folder / "out.partial").exists()


def test_a_file_that_may_not_be_read(folder):
    (folder / "in/b.txt").chmod(0)
    if os.access(folder / "in/b.txt", os.R_OK):
        pytest.skip("this user may read everything")
    reportclean("dedupe", "in", "-o", "out", cwd=folder)
    assert "Permission denied" in (folder / "out/quarantine.jsonl").read_text()


def test_a_disk_that_fills_up(folder):
    """A limit on the size of files stands for the full disk: writing fails in the middle with an OSError."""
    (folder / "in/c.txt").write_text("".join(report(n) for n in range(200)), encoding="utf-8")

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = reportclean("dedupe", "in", "-o", "out", cwd=folder, preexec_fn=limited)
    assert done.returncode == 2
    assert "cannot write to out: File too large; nothing was left there" in done.stderr
    assert sorted(p.name for p in folder.iterdir()) == ["in"]


def test_an_interrupt(folder):
    for n in range(300):
        (folder / f"in/{n}.txt").write_text("".join(report(n * 100 + k) for k in range(60)), encoding="utf-8")
    arguments = [*COMMAND, "dedupe", "in", "-o", "out", "--workers", "2"]
    with subprocess.Popen(
        arguments, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        batches = folder / "out.partial/batches"
        deadline = time.monotonic() + 60
        while not any(batches.glob("*.manifest")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert re.fullmatch(
        r"reportclean: interrupted; \d prepared batch(es stay| stays) in out\.partial; "
        r"run the same command again to go on, or with --fresh to start over\n",
        errors,
    )
    assert sorted(p.name for p in folder.iterdir()) == ["in", "out.partial"]
    done = reportclean("dedupe", "in", "-o", "out", "--workers", "2", cwd=folder)
    assert done.returncode == 0
    assert json.loads((folder / "out/summary.json").read_text())["resumed_batches"] > 0
    assert sorted(p.name for p in folder.iterdir()) == ["in", "out"]


def test_a_reader_that_goes_away(folder):
    line = f"{' '.join(COMMAND)} dedupe in -o out | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


def test_progress_is_shown_on_a_terminal_only(folder):
    (folder / "in/c.txt").write_text("".join(report(n) for n in range(2000)), encoding="utf-8")
    command = " ".join([*COMMAND, "dedupe", "in", "-o"])
    on_terminal = subprocess.run(
        ["script", "-qec", f"{command} out", "/dev/null"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "prepare" in on_terminal.stdout
    quiet = subprocess.run(
        ["script", "-qec", f"{command} out2 --no-progress", "/dev/null"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "prepare" not in quiet.stdout
    assert "documents" in quiet.stdout


@pytest.fixture
def dirty(folder):
    (folder / "in/d.txt").write_text(report(3).replace("。", "。。", 1), encoding="utf-8")
    return folder


def test_clean(dirty):
    done = reportclean("clean", "in", "-o", "out", cwd=dirty)
    assert (done.returncode, done.stderr) == (0, "")
    assert "documents  3 in, 1 changed, 0 in quarantine" in done.stdout
    assert (dirty / "out/clean/d.txt").read_text(encoding="utf-8") == report(3)


def test_clean_shows_and_writes_nothing(dirty):
    done = reportclean("clean", "in", "--diff", cwd=dirty)
    assert done.returncode == 0
    assert done.stdout.startswith("--- d.txt\n+++ d.txt\n@@ ")
    assert "nothing was written" in done.stderr
    assert [p.name for p in dirty.iterdir()] == ["in"]


def test_clean_in_place(dirty):
    done = reportclean("clean", "in", "--in-place", cwd=dirty)
    assert "the files were replaced in place" in done.stdout
    assert (dirty / "in/d.txt").read_text(encoding="utf-8") == report(3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("clean in", "name the folder for the result with -o DIR, or use --in-place or --diff"),
        ("clean in -o out --in-place", "choose one"),
        ("clean - --in-place", "standard input cannot be replaced"),
        ("clean in -o out --select NOPE001", "--select names 'NOPE001'"),
        ("clean in -o out --encoding klingon", "klingon"),
        ("dedupe in -o out --encoding klingon", "klingon"),
        ("explain ART02O", "there is no rule 'ART02O' (did you mean"),
    ],
)
def test_what_cannot_be_cleaned_says_so(folder, arguments, said):
    done = reportclean(*arguments.split(), cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert [p.name for p in folder.iterdir()] == ["in"]


def test_explain(tmp_path):
    by_code, by_name = (
        reportclean("explain", name, cwd=tmp_path).stdout for name in ("art020", "doubled-stop")
    )
    assert by_code == by_name
    for word in ("ART020 doubled-stop", "What:", "Why:", "Bad:", "Good:"):
        assert word in by_code


def test_a_low_threshold_is_warned_of(folder):
    (folder / "in/c.txt").write_text(reworded(report(1), 1, 9), encoding="utf-8")
    done = reportclean("dedupe", "in", "-o", "out", "--threshold", "0.3", cwd=folder)
    assert done.returncode == 0
    assert "reportclean: at threshold 0.3 up to" in done.stderr


def test_mark_says_what_would_go(folder):
    done = reportclean("dedupe", "in", "-o", "out", "--mark", cwd=folder)
    assert "sections   2 in, 2 kept, 0 removed (1 marked)" in done.stdout


def test_a_closed_stream_is_no_reason_to_fail(folder):
    for redirect, out in ((">&-", "o1"), ("2>&-", "o2"), (">&- 2>&-", "o3")):
        line = f"{' '.join(COMMAND)} dedupe in -o {out} {redirect}"
        done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert (folder / out / "summary.json").exists()


def test_differences_may_be_read_in_part(dirty):
    line = f"{' '.join(COMMAND)} clean in -o out --diff | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=dirty, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


def test_an_empty_path_is_refused(folder):
    done = reportclean("dedupe", "", "-o", "out", cwd=folder)
    assert done.returncode == 2
    assert "a path is empty" in done.stderr


def test_what_is_passed_over_is_counted(folder):
    for name in ("in/x.pdf", "in/y.pdf", "in/README", "in/.hidden.txt"):
        (folder / name).write_text("x")
    done = reportclean("dedupe", "in", "-o", "out", cwd=folder)
    assert "passed over  4 files that are not read: 2 .pdf, 1 hidden, 1 without ending" in done.stdout
    assert json.loads((folder / "out/summary.json").read_text())["passed_over"] == {
        ".pdf": 2,
        "hidden": 1,
        "without ending": 1,
    }
