"""A worker process that dies: what is said, and that the rest is gone on with."""

import signal
from types import SimpleNamespace

import pytest

import deadly
import reportclean as rc
from corpora import report
from reportclean.document import Rejected
from reportclean.engines import deaths, local, workers
from reportclean.engines.options import RunOptions
from reportclean.engines.workers import Task
from reportclean.formats import jsonl
from reportclean.formats.base import Chunk
from resume_soak import contents


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Files that are a batch each, done by worker processes."""
    monkeypatch.setattr(workers, "PROCESSES_FROM_BYTES", 1)
    for module in (workers, jsonl):
        monkeypatch.setattr(module, "CHUNK_BYTES", 1)
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(report(number), encoding="utf-8")
    return folder


def run(source, out):
    return local.dedupe_files([source], out, rc.DedupeConfig(), RunOptions(workers=2))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (
            "SIGKILL",
            "was killed (SIGKILL, as the system does when memory runs out) while it worked on batch 4, 4.txt; try again with fewer --workers, or leave large documents out with --limit document-bytes=N",
        ),
        (
            "SIGSEGV",
            "crashed (SIGSEGV) while it worked on batch 4, 4.txt; a library failed on what it read: move that input aside and run it again, and please report it",
        ),
        ("3", "ended by itself (exit code 3) while it worked on batch 4, 4.txt; a library failed"),
    ],
)
def test_the_batch_is_named_and_the_rest_is_gone_on_with(source, tmp_path, monkeypatch, how, said):
    (source / "4.txt").write_text(f"{report(4)}{deadly.MARK}{how} \n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(local, "run_task", deadly.run_task)
        with pytest.raises(rc.ReportcleanError) as caught:
            run(source, tmp_path / "out")
    assert said in str(caught.value)
    (note,) = caught.value.__notes__
    assert "in out.partial; run the same command again to go on" in note
    (source / "4.txt").unlink()
    assert run(source, tmp_path / "out").values["resumed_batches"] >= 1
    run(source, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_process_that_somebody_ends_is_not_blamed_on_its_input(source, tmp_path, monkeypatch):
    (source / "4.txt").write_text(f"{report(4)}{deadly.MARK}SIGTERM \n", encoding="utf-8")
    monkeypatch.setattr(local, "run_task", deadly.run_task)
    with pytest.raises(rc.ReportcleanError, match="a worker process was ended from outside"):
        run(source, tmp_path / "out")


def worker(code, pid=7):
    return SimpleNamespace(exitcode=code, pid=pid)


def task(*names, line=1):
    return Task(3, tuple(Chunk(None, name, "jsonl", 0, 1, line) for name in names))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((task("a.jsonl"),), "while it worked on batch 3, a.jsonl; "),
        ((task("a.jsonl", line=1200),), "batch 3, a.jsonl from line 1,200; "),
        ((task("a", "b", "c"),), "batch 3, 3 files from a to c; "),
        (
            (Task(3, (Rejected("x", None, "empty", ""),)),),
            "SIGBUS); a library failed on what it read: run it again",
        ),
        ((["texts"],), "SIGBUS); a library failed"),
        ((), "SIGBUS); a library failed"),
    ],
)
def test_what_it_was_at(tmp_path, arguments, said):
    (tmp_path / "7").write_text("12   ")
    assert said in deaths.obituary([worker(0, 5), worker(-signal.SIGBUS)], tmp_path, {12: arguments})


@pytest.mark.parametrize("noted", ["-1", "", "x", "99"])
def test_nobody_knows_what_it_was_at(tmp_path, noted):
    (tmp_path / "7").write_text(noted)
    said = deaths.obituary([worker(-signal.SIGKILL)], tmp_path, {12: (task("a"),)})
    assert said.startswith(
        "a worker process was killed (SIGKILL, as the system does when memory runs out); try"
    )
    assert "ended from outside" in deaths.obituary([worker(None), worker(-signal.SIGTERM)], tmp_path, {})
    assert "(signal 99)" in deaths.obituary([worker(-99)], tmp_path / "gone", {})


def test_a_job_is_done_where_nothing_can_be_noted(tmp_path):
    assert deaths.noted(1, max, 2, 3) == 3
    deaths.note_in(tmp_path / "gone")
    assert "file" not in deaths._noted
