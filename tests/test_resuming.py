"""A run that ended too early is gone on with: what is used again, what is not, and what is said."""

import gzip
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reportclean as rc
import resume_soak
from commands import reportclean
from corpora import report
from reportclean.engines import cleaning, local, output, workers
from reportclean.engines.options import RunOptions
from reportclean.engines.workers import Task
from reportclean.errors import ResumeWarning
from reportclean.formats import jsonl
from reportclean.formats.base import ReadOptions

_RECORDS = 12
_BATCHES = 6  # two records each


class _EndedError(Exception):
    """The run ended here."""


@pytest.fixture
def source(tmp_path, monkeypatch):
    """An input of several batches."""
    for module in (jsonl, workers):
        monkeypatch.setattr(module, "CHUNK_BYTES", 1_500)
    path = tmp_path / "in" / "pages.jsonl"
    path.parent.mkdir()
    write(path, range(_RECORDS))
    return path


def write(path, seeds):
    records = [{"id": str(n), "text": report(seed)} for n, seed in enumerate(seeds)]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def run(source, out, config=None, **options):
    return local.dedupe_files([source], out, config or rc.DedupeConfig(), RunOptions(**options))


def run_and_end(monkeypatch, source, out, config=None, **options):
    """A run that ends when all is prepared."""

    def ended(*_args, **_settings):
        raise _EndedError

    with monkeypatch.context() as patch:
        patch.setattr(output, "write_tables", ended)
        with pytest.raises(_EndedError) as caught:
            run(source, out, config, **options)
    return caught.value


def manifests(out):
    return sorted(out.with_name("out.partial").glob("batches/*.manifest"))


def test_what_is_prepared_is_used_again(source, tmp_path, monkeypatch):
    error = run_and_end(monkeypatch, source, tmp_path / "out")
    number = len(manifests(tmp_path / "out"))
    assert number > 3
    (note,) = error.__notes__
    assert note.startswith(f"{number} prepared batches stay in out.partial; run the same command again")
    monkeypatch.setattr(local, "run_task", None)  # nothing is done again
    assert run(source, tmp_path / "out").values["resumed_batches"] == number
    assert not (tmp_path / "out.partial").exists()


@pytest.mark.parametrize("command", ["dedupe", "clean"])
def test_the_result_is_the_same(source, tmp_path, monkeypatch, command):
    def done(out):
        if command == "dedupe":
            return run(source, out)
        return cleaning.clean_files([source], out, RunOptions())

    done(tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr(output, "write_summary", lambda *_: (_ for _ in ()).throw(_EndedError))
        with pytest.raises(_EndedError):
            done(tmp_path / "out")
    for path in manifests(tmp_path / "out")[1::2]:
        path.unlink()  # as if it had been killed before
    assert done(tmp_path / "out").values["resumed_batches"] >= 2
    assert resume_soak.contents(tmp_path / "out") == resume_soak.contents(tmp_path / "whole")


def test_a_changed_input_is_noticed_whatever_its_times_say(source, tmp_path, monkeypatch):
    run_and_end(monkeypatch, source, tmp_path / "out")
    number = len(manifests(tmp_path / "out"))
    before = source.stat()
    data = source.read_bytes()
    place = data.rindex(b'"id": "11"')
    source.write_bytes(data[:place] + b'"id": "99"' + data[place + 10 :])
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert source.stat().st_size == before.st_size
    with pytest.warns(ResumeWarning, match="changed since the run before, and prepared again: pages.jsonl"):
        again = run(source, tmp_path / "out")
    assert again.values["resumed_batches"] == number - 1
    run(source, tmp_path / "whole")
    assert resume_soak.contents(tmp_path / "out") == resume_soak.contents(tmp_path / "whole")
    assert pq.read_table(tmp_path / "out/documents.parquet")["document_id"].to_pylist()[-1] == "99"


def test_a_file_copied_over_itself_is_the_same(source, tmp_path, monkeypatch):
    run_and_end(monkeypatch, source, tmp_path / "out")
    number = len(manifests(tmp_path / "out"))
    shutil.copy(source, tmp_path / "copy")
    (tmp_path / "copy").replace(source)
    assert run(source, tmp_path / "out").values["resumed_batches"] == number


def test_more_input_is_taken_up(source, tmp_path, monkeypatch):
    run_and_end(monkeypatch, source, tmp_path / "out")
    write(source, range(_RECORDS + 6))
    again = run(source, tmp_path / "out")
    assert again.values["documents"]["in"] == _RECORDS + 6
    assert again.values["resumed_batches"] >= 3


@pytest.mark.parametrize(
    ("config", "options", "said"),
    [
        ({"seed": 5}, {}, r"settings \(seed was 1, is 5\); .*--fresh"),
        ({"threshold": 0.6}, {}, r"settings \(.*num-perm was 128, is 512"),  # signatures are longer there
        ({}, {"read": ReadOptions("body")}, r'settings \(text-field was "text", is "body"\)'),
        ({"mark": True}, {}, r"settings \(mark was false, is true\)"),
    ],
)
def test_other_settings_are_refused(source, tmp_path, monkeypatch, config, options, said):
    run_and_end(monkeypatch, source, tmp_path / "out")
    there = manifests(tmp_path / "out")
    with pytest.raises(rc.OutputError, match=said) as caught:
        run(source, tmp_path / "out", rc.DedupeConfig(**config), **options)
    assert not hasattr(caught.value, "__notes__")
    assert manifests(tmp_path / "out") == there
    run(source, tmp_path / "out", rc.DedupeConfig(**config), fresh=True, **options)


def test_other_versions_are_refused(source, tmp_path, monkeypatch):
    run_and_end(monkeypatch, source, tmp_path / "out")
    real = local.versions
    monkeypatch.setattr(local, "versions", lambda *given: real(*given) | {"ftfy": "0.1"})
    with pytest.raises(rc.OutputError, match=r'versions \(ftfy was ".*", is "0.1"\); .*--fresh'):
        run(source, tmp_path / "out")


def test_settings_of_deciding_may_change(source, tmp_path, monkeypatch):
    run_and_end(monkeypatch, source, tmp_path / "out")
    config = rc.DedupeConfig(threshold=0.9, keep="first")
    said = 'going on with other settings: threshold was 0.8, is 0.9; keep was "best", is "first"'
    with pytest.warns(ResumeWarning, match=said):
        assert run(source, tmp_path / "out", config).values["resumed_batches"] > 3
    run(source, tmp_path / "whole", config)
    assert resume_soak.contents(tmp_path / "out") == resume_soak.contents(tmp_path / "whole")


def test_other_inputs_and_other_commands_are_refused(source, tmp_path, monkeypatch):
    run_and_end(monkeypatch, source, tmp_path / "out")
    (tmp_path / "b.txt").write_text(report(1), encoding="utf-8")
    with pytest.raises(rc.OutputError, match=r"holds the batches of a run on other inputs; .*--fresh"):
        run(tmp_path / "b.txt", tmp_path / "out")
    with pytest.raises(rc.OutputError, match=r"holds the batches of a run of dedupe; .*--fresh"):
        cleaning.clean_files([source], tmp_path / "out", RunOptions())
    assert run(tmp_path / "b.txt", tmp_path / "out", fresh=True).values["resumed_batches"] == 0


@pytest.mark.parametrize("end", [".texts", ".records", ".columns", ".index", ".manifest"])
@pytest.mark.parametrize("harm", ["torn", "gone", "flipped"])
def test_a_batch_that_the_disk_lost_is_prepared_again(source, tmp_path, monkeypatch, end, harm):
    run_and_end(monkeypatch, source, tmp_path / "out")
    number = len(manifests(tmp_path / "out"))
    path = manifests(tmp_path / "out")[1].with_suffix(end)
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "torn":
        path.write_bytes(data[: len(data) // 2])
    elif end == ".manifest":
        path.write_bytes(b"\xc1" + data[1:])  # MessagePack knows no such byte
    else:
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert run(source, tmp_path / "out").values["resumed_batches"] == number - 1
    run(source, tmp_path / "whole")
    assert resume_soak.contents(tmp_path / "out") == resume_soak.contents(tmp_path / "whole")


def test_a_folder_whose_run_cannot_be_told_is_begun_anew(source, tmp_path, monkeypatch):
    run_and_end(monkeypatch, source, tmp_path / "out")
    (tmp_path / "out.partial/run.json").write_bytes(b"")
    with pytest.warns(ResumeWarning, match="cannot be told; it is prepared again"):
        assert run(source, tmp_path / "out").values["resumed_batches"] == 0


def test_a_file_that_changes_while_it_is_prepared_is_not_trusted_later(source, tmp_path, monkeypatch):
    real = local.run_task

    def touching(task: Task, settings, spool):
        if task.number == 1:
            source.touch()
        return real(task, settings, spool)

    monkeypatch.setattr(local, "run_task", touching)
    run_and_end(monkeypatch, source, tmp_path / "out")
    assert [path.stem for path in manifests(tmp_path / "out")][:2] == ["00000000", "00000002"]


def test_packed_input_is_unpacked_again_and_known_by_its_bytes(tmp_path, monkeypatch):
    texts = [report(n) for n in range(6)]
    pq.write_table(pa.table({"id": list("abcdef"), "text": texts, "n": range(6)}), tmp_path / "t.parquet")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as packed:
        packed.write(tmp_path / "t.parquet", "t.parquet")
        packed.writestr("a.txt", report(7))
    run_and_end(monkeypatch, tmp_path / "in.zip", tmp_path / "out")
    assert run(tmp_path / "in.zip", tmp_path / "out").values["resumed_batches"] == 1
    run(tmp_path / "in.zip", tmp_path / "whole")
    assert resume_soak.contents(tmp_path / "out") == resume_soak.contents(tmp_path / "whole")
    assert pq.read_table(next((tmp_path / "out/kept").rglob("*.parquet")))["n"].to_pylist() == [*range(6)]


def test_an_earlier_result_is_back_where_its_place_is_empty(source, tmp_path, monkeypatch):
    run(source, tmp_path / "out")
    run_and_end(monkeypatch, source, tmp_path / "out", overwrite=True)
    (tmp_path / "out").rename(tmp_path / "out.partial/replaced")  # as if killed before the new one was there
    run_and_end(monkeypatch, source, tmp_path / "out", overwrite=True, fresh=True)
    assert (tmp_path / "out/summary.json").exists()
    run(source, tmp_path / "out", overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


@pytest.mark.parametrize("number", [1, 2])
def test_cut_off_inputs_add_up_and_are_named(tmp_path, number):
    folder = tmp_path / "in"
    folder.mkdir()
    lines = "".join(json.dumps({"id": str(n), "text": report(n)}) + "\n" for n in range(200)).encode()
    warc = b"".join(
        b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nWARC-Record-ID: <urn:%d>\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (n, len(report(n).encode()), report(n).encode())
        for n in range(300, 310)
    )
    pq.write_table(pa.table({"text": [report(n) for n in range(9)]}), tmp_path / "whole.parquet")
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as packed:
        packed.writestr("a.txt", report(400))
    whole = {
        "g.jsonl.gz": gzip.compress(lines),
        "z.jsonl.zst": pa.compress(lines, "zstd", asbytes=True),
        "p.parquet": (tmp_path / "whole.parquet").read_bytes(),
        "a.zip": (tmp_path / "whole.zip").read_bytes(),
        "w.warc": warc,
    }
    for name, data in whole.items():
        (folder / name).write_bytes(data[: len(data) * 2 // 3])
    (folder / "good.txt").write_text(report(500), encoding="utf-8")
    done = reportclean("dedupe", "in", "-o", "out", "--workers", number, "-q", cwd=tmp_path)
    assert done.returncode == 0
    quarantine = (tmp_path / "out/quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    named = [json.loads(line)["source"] for line in quarantine]
    assert {name for name in whole if not any(source.startswith(name) for source in named)} == set()
    counts = json.loads((tmp_path / "out/summary.json").read_text())["documents"]
    assert counts["in"] == counts["kept"] + counts["removed"] + counts["quarantined"]
    assert counts["kept"] > 1
    assert counts["quarantined"] == len(named)


def test_standard_input_goes_on_where_the_same_bytes_come_again(tmp_path):
    texts = "".join(json.dumps({"id": str(n), "text": report(n) * 40}) + "\n" for n in range(60))
    kill = resume_soak.Kill("SUMMARY", "before")
    arguments = ["dedupe", "-", "-o", str(tmp_path / "out"), "-q"]
    with resume_soak.started(kill, arguments, 1, stdin=subprocess.PIPE) as process:
        process.communicate(texts)
    assert process.returncode == -9
    other = reportclean("dedupe", "-", "-o", "out", cwd=tmp_path, input="{}")
    assert "holds the batches of a run on other inputs" in other.stderr
    with resume_soak.started(resume_soak.Kill("", ""), arguments, 1, stdin=subprocess.PIPE) as process:
        _, errors = process.communicate(texts)
    assert process.returncode == 0, errors
    assert json.loads((tmp_path / "out/summary.json").read_text())["resumed_batches"] > 1


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"this user may not mount: {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("packed", [False, True])
def test_a_full_disk(tmp_path, small_disk, packed):
    lines = "".join(json.dumps({"id": str(n), "text": report(n) * 3}) + "\n" for n in range(2_000)).encode()
    name = "in.jsonl.gz" if packed else "in.jsonl"
    (tmp_path / name).write_bytes(gzip.compress(lines) if packed else lines)
    (small_disk / "ballast").write_bytes(bytes(2_000_000))
    arguments = ["dedupe", str(tmp_path / name), "-o", str(small_disk / "out"), "-q"]
    with resume_soak.started(resume_soak.Kill("", ""), arguments, 1) as process:
        _, errors = process.communicate()
    assert process.returncode == 2
    assert "No space left on device" in errors
    assert str(small_disk) in errors
    assert not (small_disk / "out").exists()
    (small_disk / "ballast").unlink()
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    with resume_soak.started(resume_soak.Kill("", ""), arguments, 1) as process:
        _, errors = process.communicate()
    assert process.returncode == 0, errors
    summary = json.loads((small_disk / "out/summary.json").read_text())
    assert summary["documents"]["in"] == 2_000
    assert (summary["resumed_batches"] > 0) == (not packed)
    shutil.rmtree(small_disk / "out")


def test_kills(tmp_path):
    found = resume_soak.soak(8, 0.3, seed=1, folder=tmp_path, skipping=2)
    assert found["with batches there"] >= 5
    assert found["batches not prepared again"] > 10
    assert Path(tmp_path / "whole").exists()
