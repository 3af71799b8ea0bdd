"""``--log-json``: every line is JSON, has the keys that the page names, and tells what happened."""

import json
import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from commands import COMMAND, reportclean
from corpora import report
from reportclean.cli import _show_warning
from reportclean.cli.log import Log
from reportclean.cli.progress import counts_words
from reportclean.engines.progress import Counts, State, Teller

PAGE = (Path(__file__).resolve().parents[1] / "docs/progress.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z]+)` \| [^|]* \| ([^|]*) \|$", PAGE, re.MULTILINE)
KEYS = {event: set(re.findall(r"`([a-z_]+)`", words)) for event, words in ROWS}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages").mkdir()
    for number in range(3):
        (tmp_path / f"pages/{number}.txt").write_text(report(number), encoding="utf-8")
    (tmp_path / "pages/4.txt").write_text(report(0), encoding="utf-8")
    (tmp_path / "pages/empty.txt").touch()
    return tmp_path


def lines(text):
    found = [json.loads(line) for line in text.splitlines()]
    for line in found:
        assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 0
        extra = set(line) - {"time", "seconds", "event"}
        assert line["event"] in KEYS
        if line["event"] != "end":
            assert extra <= KEYS[line["event"]], line
    assert [line["seconds"] for line in found] == sorted(line["seconds"] for line in found)
    return found


def test_a_run(folder):
    done = reportclean("dedupe", "pages", "-o", "clean", "--log-json", "run.log", cwd=folder)
    assert done.returncode == 0
    assert "quarantine empty.txt" in done.stderr
    found = lines((folder / "run.log").read_text(encoding="utf-8"))
    first, last = found[0], found[-1]
    assert (first["event"], first["command"], first["paths"], first["output"]) == (
        "start",
        "dedupe",
        ["pages"],
        "clean",
    )
    assert [line["stage"] for line in found if line["event"] == "stage"] == [
        "find",
        "count",
        "start",
        "prepare",
        "decide",
        "write",
    ]
    through = [line for line in found if line["event"] == "progress" and line["stage"] == "prepare"][-1]
    assert set(through) >= KEYS["progress"]
    assert (through["documents"], through["quarantined"]) == (4, 1)
    assert through["bytes"] == through["bytes_total"] > 0
    assert (last["event"], last["exit_code"]) == ("end", 0)
    summary = json.loads((folder / "clean/summary.json").read_text())
    assert {name: last[name] for name in summary.keys() - {"settings", "versions", "seconds"}} == {
        name: value for name, value in summary.items() if name not in {"settings", "versions", "seconds"}
    }
    reportclean("dedupe", "pages", "-o", "clean2", "--log-json", "run.log", cwd=folder)
    assert len((folder / "run.log").read_text().splitlines()) >= 2 * len(found) - 2  # behind what is there


def test_the_page_shows_what_happens(folder):
    for command in re.findall(r"^\$ (.*)$", PAGE, re.MULTILINE):
        line = command.replace("reportclean ", " ".join(COMMAND) + " ")
        done = subprocess.run(["bash", "-ec", line], cwd=folder, check=True, capture_output=True, text=True)
    shown = next(line for line in PAGE.splitlines() if line.startswith('{"time"'))
    names = re.findall(r'"([a-z_]+)":', shown.split('{"in"')[0])
    assert list(json.loads(done.stdout))[: len(names)] == names


@pytest.mark.parametrize(
    "arguments", [["clean", "pages", "-o", "out"], ["clean", "pages", "--diff"], ["check", "pages"]]
)
def test_standard_error_holds_nothing_else(folder, arguments):
    done = reportclean(*arguments, "--log-json", "-", cwd=folder)
    found = lines(done.stderr)
    assert [found[0]["event"], found[-1]["event"]] == ["start", "end"]
    assert found[-1]["exit_code"] == done.returncode
    assert found[-1]["documents"]["quarantined"] == 1


def test_errors_and_warnings(folder):
    done = reportclean("dedupe", "nowhere", "-o", "out", "--log-json", "-", cwd=folder)
    assert done.returncode == 2
    last = lines(done.stderr)[-1]
    assert (last["event"], last["exit_code"]) == ("error", 2)
    assert last["message"].startswith("nowhere does not exist")


@pytest.mark.parametrize("place", ["log", "-"])
def test_warnings(tmp_path, capsys, place):
    log = Log()
    _show_warning(log, UserWarning("before"))
    log.open(place if place == "-" else str(tmp_path / place), "dedupe", {})
    _show_warning(log, UserWarning("many pairs"))
    log.end("error", 2, {"message": "x"})
    said = capsys.readouterr().err
    assert said.startswith("reportclean: before\n")
    logged = said.partition("\n")[2] if place == "-" else (tmp_path / place).read_text()
    assert [line.get("message") for line in lines(logged)] == [None, "many pairs", "x"]
    assert ("reportclean: many pairs" in said) == (place == "log")


def test_strict_is_in_the_end(folder):
    done = reportclean("dedupe", "pages", "-o", "out", "--strict", "--log-json", "-", cwd=folder)
    assert (done.returncode, lines(done.stderr)[-1]["exit_code"]) == (1, 1)


def test_an_index(folder):
    for arguments in (["add", "it.duckdb", "pages"], ["query", "it.duckdb", "pages"]):
        done = reportclean("index", *arguments, "--log-json", "-", cwd=folder)
        found = lines(done.stderr)
        assert (found[0]["command"], found[-1]["documents"]["in"]) == (arguments[0], 5)


@pytest.mark.parametrize("place", ["pages", "gone/run.log"])
def test_logs_that_cannot_be_written_are_refused_before_the_work(folder, place):
    done = reportclean("dedupe", "pages", "-o", "out", "--log-json", place, cwd=folder)
    assert done.returncode == 2
    assert f"--log-json {place}: " in done.stderr
    assert not (folder / "out").exists()


def test_a_log_that_fails_later_is_given_up(folder):
    done = reportclean("dedupe", "pages", "-o", "out", "--log-json", "/dev/full", cwd=folder)
    assert done.returncode == 0
    assert done.stderr.count("no more is logged to /dev/full: No space left on device") == 1


def test_paths_that_are_no_text(folder):
    (folder / "list").write_bytes(b"pages/0.txt\npages/\xff.txt\n")
    done = reportclean("dedupe", "--paths-from", "list", "-o", "out", "--log-json", "run.log", cwd=folder)
    assert done.returncode == 0
    assert len(lines((folder / "run.log").read_text(encoding="utf-8"))[0]["paths"]) == 2


def test_a_line_a_second(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("reportclean.cli.log.time.monotonic", lambda: now[0])
    log = Log()
    log.progress(State("prepare", 1, 10))  # nobody asked
    log.open(str(tmp_path / "log"), "dedupe", {})
    for done in range(11):
        log.progress(State("prepare", done * 1_000_000, 10_000_000, done))
        now[0] += 0.5
    log.end("end", 0, {})
    found = [line for line in lines((tmp_path / "log").read_text()) if line["event"] == "progress"]
    assert [line["bytes"] for line in found] == [n * 1_000_000 for n in (2, 4, 6, 8, 10)]
    assert (found[0]["mb_per_second"], found[0]["seconds_left"]) == (2.0, 4.0)


def test_what_is_told():
    told = []
    teller = Teller(told.append)
    teller.stage("find")
    teller.stage("find")
    teller.begin("prepare", 10)
    teller.add(4, Counts(2, 3, 1))
    teller.add(6, Counts(1, 0, 0))
    teller.stage("write")
    assert told == [
        State("find"),
        State("prepare", 0, 10),
        State("prepare", 4, 10, 2, 3, 1),
        State("prepare", 10, 10, 3, 3, 1),
        State("write", 10, 10, 3, 3, 1),
    ]
    assert counts_words(told[-1]) == "3 documents, 3 findings, 1 in quarantine"
    assert counts_words(State("find")) == ""
