"""``--format``: what the input is, whatever it is called, for files, folders, archives and standard input."""

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reportclean as rc
from commands import reportclean
from corpora import report
from reportclean.formats.base import FORMAT_NAMES, ReadOptions
from reportclean.formats.registry import FORMATS

RECORDS = "".join(json.dumps({"id": str(n), "text": report(n)}) + "\n" for n in range(3)).encode()
PACKERS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


def test_the_names_are_those_of_the_table():
    assert tuple(FORMATS) == FORMAT_NAMES


def test_unknown_formats_are_refused():
    with pytest.raises(rc.ConfigError, match="format is 'pdf'; it must be one of txt, jsonl, csv"):
        ReadOptions(format="pdf")
    with pytest.raises(rc.ConfigError):
        list(rc.read("x", format="pdf"))


def test_every_file_of_a_folder_is_read_as_it(tmp_path):
    for name in ("part-0", "b.json", "c.txt"):
        (tmp_path / name).write_bytes(RECORDS)
    (tmp_path / "d.gz").write_bytes(gzip.compress(RECORDS))
    (tmp_path / ".crc").write_bytes(b"x")
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("inner", RECORDS)
    found = list(rc.read(tmp_path, format="jsonl"))
    sources = [item.source for item in found[::3]]
    assert sources == ["b.json", "c.txt", "d.gz", "e.zip/inner", "part-0"]
    assert len(found) == 15
    assert len(list(rc.read(tmp_path / "c.txt", format="txt"))) == 1


def test_what_is_none_of_it_costs_a_line_of_the_quarantine(tmp_path):
    (tmp_path / "a.txt").write_text("plain")
    for form in FORMAT_NAMES:
        bad = []
        good = list(rc.read(tmp_path, format=form, quarantine=bad))
        assert len(good) + len(bad) == 1, form
        assert good or bad[0].source == "a.txt"


@pytest.mark.parametrize("end", ["", *PACKERS])
@pytest.mark.parametrize("form", ["jsonl", None])
def test_standard_input(tmp_path, end, form):
    data = PACKERS[end](RECORDS) if end else RECORDS
    arguments = ["dedupe", "-", "-o", "out", *(["--format", form] if form else [])]
    done = reportclean(*arguments, cwd=tmp_path, input=data, text=False)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "out/kept").iterdir()] == [f"stdin.jsonl{end}"]
    assert json.loads((tmp_path / "out/summary.json").read_text())["documents"]["in"] == 3


def test_standard_input_of_other_formats(tmp_path):
    cells = io.StringIO()
    csv.writer(cells).writerows([["id", "text"], *([str(n), report(n)] for n in range(3))])
    table = io.BytesIO()
    pq.write_table(pa.table({"text": [report(n) for n in range(3)]}), table)
    page = f"<html><body><article><p>{report(1)}</p></article></body></html>"
    for number, (data, form, name) in enumerate(
        [
            (cells.getvalue().encode(), "csv", "stdin.csv"),
            (table.getvalue(), None, "stdin.parquet"),
            (page.encode(), "html", "stdin.html"),
            (RECORDS, "txt", "stdin.txt"),
            (b"\x1f\x8b broken", None, "stdin.txt.gz"),
        ]
    ):
        arguments = ["clean", "-", "-o", f"out{number}", *(["--format", form] if form else [])]
        done = reportclean(*arguments, cwd=tmp_path, input=data, text=False)
        assert done.returncode == 0, done.stderr
        documents = json.loads((tmp_path / f"out{number}/summary.json").read_text())["documents"]
        assert documents["quarantined"] == (name == "stdin.txt.gz")
        if not documents["quarantined"]:
            assert [path.name for path in (tmp_path / f"out{number}/clean").iterdir()] == [name]


@pytest.mark.parametrize(
    "arguments",
    [
        ["dedupe", "in", "-o", "out"],
        ["clean", "in", "-o", "out"],
        ["check", "in"],
        ["index", "add", "it.duckdb", "in"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_every_command_that_reads_takes_it(tmp_path, arguments):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/pages.json").write_bytes(RECORDS)
    without = reportclean(*arguments, cwd=tmp_path)
    assert without.returncode == 2
    assert "--format says what others are" in without.stderr
    assert reportclean(*arguments, "--format", "jsonl", cwd=tmp_path).returncode in {0, 1}
    wrong = reportclean(*arguments, "--format", "json", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "'json' is not one of 'txt', 'jsonl'" in wrong.stderr


def test_compare_takes_it(tmp_path):
    (tmp_path / "pages.json").write_bytes(RECORDS)
    done = reportclean("compare", "pages.json#1", "pages.json#1", "--format", "jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert "equal" in done.stdout or "match" in done.stdout


def test_a_configuration_may_say_it(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/pages.json").write_bytes(RECORDS)
    (tmp_path / "reportclean.toml").write_text('format = "jsonl"\n')
    assert reportclean("dedupe", "in", "-o", "out", cwd=tmp_path).returncode == 0
    (tmp_path / "reportclean.toml").write_text('format = "json"\n')
    done = reportclean("dedupe", "in", "-o", "out2", cwd=tmp_path)
    assert done.returncode == 2
    assert "reportclean.toml:1: format is 'json'; it must be one of txt, jsonl" in done.stderr
