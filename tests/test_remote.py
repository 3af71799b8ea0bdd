"""Inputs that are elsewhere: what is copied, what it is called, what is said where that fails."""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

import reportclean as rc
import s3_server
from commands import COMMAND, reportclean
from corpora import report
from reportclean.engines.local import dedupe_files
from reportclean.engines.options import RunOptions
from reportclean.formats import remote
from reportclean.formats.limits import Limits
from reportclean.formats.listed import listed
from reportclean.formats.registry import is_read, pieces_of
from reportclean.formats.remote import Fetcher, Remote, here

LINE = (json.dumps({"id": "r", "text": report(5)}) + "\n").encode()
OBJECTS = {
    "bucket/pages/a.txt": report(1).encode(),
    "bucket/pages/sub/b.txt": report(2).encode(),
    "bucket/pages/sub/c.jsonl.gz": gzip.compress(LINE),
    "bucket/pages/d.png": b"x",
    "bucket/pages/.hidden.txt": b"x",
    "bucket/pages/.git/x.txt": b"x",
    "bucket/one.txt": report(3).encode(),
}


@pytest.fixture
def store():
    """A file system in memory with the objects."""
    system = fsspec.filesystem("memory")
    for name, data in OBJECTS.items():
        system.pipe(f"/{name}", data)
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


def ids(*paths, **options):
    return sorted(document.id for document in rc.read(*paths, **options))


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("memory://bucket/pages", ["a.txt", "r", "sub/b.txt"]),
        ("memory://bucket/pages/", ["a.txt", "r", "sub/b.txt"]),
        ("memory://bucket/one.txt", ["one.txt"]),
        ("memory://bucket/pages/*.txt", ["a.txt"]),
        ("memory://bucket/pages/**/*.txt", ["a.txt", "sub/b.txt"]),
        ("memory://bucket/pages/[ab].txt", ["a.txt"]),
    ],
)
def test_files_folders_and_globs(url, expected):
    assert ids(url) == expected


@pytest.mark.usefixtures("store")
def test_what_is_not_read_is_not_copied_but_counted(tmp_path):
    over = Counter()
    pieces = list(pieces_of([Remote("memory://bucket/pages")], (), over, tmp_path))
    assert len(pieces) == 3
    assert over == {".png": 1, "hidden": 2}
    there = sorted(path.name for path in tmp_path.glob("fetched-1/**/*") if path.is_file())
    assert there == ["a.txt", "b.txt", "c.jsonl.gz"]


@pytest.mark.usefixtures("store")
def test_with_others_the_names_begin_with_its_own(tmp_path):
    (tmp_path / "here.txt").write_text(report(9), encoding="utf-8")
    assert ids("memory://bucket/pages/sub", tmp_path / "here.txt") == ["here.txt", "r", "sub/b.txt"]
    with pytest.raises(rc.InputError, match=r"two inputs are called 'one\.txt'"):
        ids("memory://bucket/one.txt", "memory://bucket/one.txt")


@pytest.mark.usefixtures("store")
def test_format_says_what_they_are():
    assert ids("memory://bucket/pages", format="txt")[:2] == ["a.txt", "d.png"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("memory://bucket/gone.txt", "memory://bucket/gone.txt: there is no such file or folder"),
        ("memory://bucket/pages/*.pdf", "memory://bucket/pages/*.pdf: there is no file"),
        ("nope://x/y", "nope://x/y: Protocol not known: nope"),
    ],
)
@pytest.mark.usefixtures("store")
def test_addresses_that_lead_nowhere(url, said):
    with pytest.raises(rc.InputError) as caught:
        ids(url)
    assert said in str(caught.value)


def test_names_that_lead_out_are_refused(store, tmp_path):
    for name in ("/evil/../../x.txt", "/evil/a/../../../y.txt", "/evil/ok.txt", "/evil/dir/"):
        store.store[name] = store.store["/bucket/one.txt"]
    found = {name: {"type": "file", "size": 1} for name in store.store if name.startswith("/evil")}
    fetcher = Fetcher(tmp_path, is_read, Counter())
    files = list(fetcher._below(found, "/evil", tmp_path / "evil"))
    assert [file.target for file in files] == [tmp_path / "evil/ok.txt"]
    assert [item.reason for item in fetcher.refused] == ["member-refused"] * 2


@pytest.mark.usefixtures("store")
def test_a_file_that_cannot_be_read_costs_a_line(monkeypatch):
    def opened(self, path, mode="rb", **settings):
        if path.endswith("a.txt"):
            raise PermissionError(13, "Access Denied")
        file = real(self, path, mode, **settings)
        if path.endswith("b.txt"):
            monkeypatch.setattr(file, "read", lambda *_: (_ for _ in ()).throw(ConnectionError("cut\noff")))
        return file

    real = MemoryFileSystem.open
    monkeypatch.setattr(MemoryFileSystem, "open", opened)
    bad = []
    assert ids("memory://bucket/pages", quarantine=bad) == ["r"]
    assert {(item.source, item.reason, item.detail) for item in bad} == {
        ("a.txt", "unreadable", "Access Denied"),
        ("sub/b.txt", "unreadable", "cut off"),
    }
    with pytest.raises(rc.InputError, match=r"memory://bucket/pages/a\.txt: Access Denied"):
        ids("memory://bucket/pages/a.txt")


def test_a_file_and_a_folder_of_one_name(store):
    store.pipe("/odd/a.txt/b.txt", report(1).encode())
    store.store["/odd/a.txt"] = store.store["/bucket/one.txt"]
    bad = []
    found = ids("memory://odd", quarantine=bad)
    assert found == ["a.txt"]
    assert [(item.source, "cannot be called so on this machine" in item.detail) for item in bad] == [
        ("a.txt/b.txt", True)
    ]


@pytest.mark.usefixtures("store")
def test_a_full_disk_is_no_fault_of_the_file(tmp_path):
    class Full:
        def __init__(self, file):
            self._file = file

        def __getattr__(self, name):
            return getattr(self._file, name)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def write(self, _):
            raise OSError(28, "No space left on device")

    class Place(type(tmp_path)):
        def open(self, *arguments, **settings):
            return Full(super().open(*arguments, **settings))

    file = remote._File("/bucket/one.txt", {}, Place(tmp_path / "one.txt"), "one.txt")
    with pytest.raises(rc.OutputError, match="No space left on device; make room there and run it again"):
        remote._copied(fsspec.filesystem("memory"), file)


@pytest.mark.usefixtures("store")
def test_lists_with_addresses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.txt").write_text(report(9), encoding="utf-8")
    data = b"x.txt\nmemory://bucket/pages/a.txt\nmemory://bucket/../../gone.txt\nmemory://bucket/pages/sub\n"
    paths = listed(data, "list")
    assert [path.name for path in paths] == ["x.txt", "bucket/pages/a.txt", "gone.txt", "bucket/pages/sub"]
    assert here(paths) == [Path("x.txt")]
    summary = dedupe_files(paths, tmp_path / "out", rc.DedupeConfig(), RunOptions())
    assert summary.values["documents"] == {"in": 5, "kept": 4, "removed": 0, "quarantined": 1}
    (bad,) = summary.quarantine
    assert (bad.source, bad.reason) == ("gone.txt", "missing")
    assert bad.detail.endswith("there is no such file or folder (line 3 of list)")
    assert (tmp_path / "out/kept/bucket/pages/sub/c.jsonl.gz").exists()


@pytest.mark.usefixtures("store")
def test_the_copies_go_and_the_result_is_that_of_files_here(tmp_path):
    for name, data in OBJECTS.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    told = []
    there = dedupe_files(
        [Remote("memory://bucket/pages")], tmp_path / "a", rc.DedupeConfig(), RunOptions(), told.append
    )
    fetched = [state for state in told if state.stage == "fetch"]
    size = sum(len(data) for name, data in OBJECTS.items() if name.endswith(("a.txt", "b.txt", "c.jsonl.gz")))
    assert [fetched[0].done, fetched[-1].done, fetched[-1].total] == [0, size, size]
    local = dedupe_files([tmp_path / "bucket/pages"], tmp_path / "b", rc.DedupeConfig(), RunOptions())
    assert there.values["documents"] == local.values["documents"]
    assert there.values["passed_over"] == {".png": 1, "hidden": 2}
    kept = [
        sorted(
            (path.relative_to(out / "kept"), path.read_bytes())
            for path in out.rglob("kept/**/*")
            if path.is_file()
        )
        for out in (tmp_path / "a", tmp_path / "b")
    ]
    assert kept[0] == kept[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "bucket"]


def test_the_newest_is_told_by_the_time_there(store, tmp_path):
    texts = {"old.txt": report(1), "new.txt": report(1).replace("，", "、")}
    for name, text in texts.items():
        store.pipe(f"/dated/{name}", text.encode())
    for name, year in (("old.txt", 2010), ("new.txt", 2020)):
        file = store.store[f"/dated/{name}"]
        file.created = file.modified = file.created.replace(year=year)
    dedupe_files([Remote("memory://dated")], tmp_path / "out", rc.DedupeConfig(keep="newest"), RunOptions())
    assert [path.name for path in (tmp_path / "out/kept").iterdir()] == ["new.txt"]


def test_without_the_library_its_name_is_said(tmp_path):
    code = (
        "import sys; sys.modules[sys.argv[1]] = None; import reportclean as rc\n"
        "try:\n    list(rc.read(sys.argv[2]))\nexcept rc.InputError as error:\n    print(error)"
    )
    for module, url, said in (
        (
            "fsspec",
            "s3://a/b",
            "s3:// is read with fsspec, which is not installed: pip install 'reportclean[cloud]'",
        ),
        (
            "s3fs",
            "s3://a/b",
            "s3:// is read with a library that is not installed: pip install 'reportclean[cloud]'",
        ),
        ("gcsfs", "gs://a/b", "gs:// is read with a library that is not installed: pip install gcsfs ("),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, module, url],
            check=True,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        assert said in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("dedupe in -o s3://bucket/out", "only a folder of this machine can do"),
        ("clean in -o memory://out", "only a folder of this machine can do"),
        ("clean memory://bucket/x --in-place", "what is elsewhere cannot be replaced in place"),
        ("check memory://bucket/x", "check reads files of this machine"),
        ("dedupe memory://bucket/x -o out", "memory://bucket/x: there is no such file or folder"),
    ],
)
def test_what_the_command_says(tmp_path, arguments, said):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(report(1), encoding="utf-8")
    done = reportclean(*arguments.split(), cwd=tmp_path)
    assert (done.returncode, said in " ".join(done.stderr.split())) == (2, True), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.fixture
def s3(tmp_path):
    pytest.importorskip("s3fs")
    with s3_server.running(OBJECTS, broken={"bucket/pages/sub/b.txt"}) as endpoint:
        yield os.environ | {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        }


def test_s3(tmp_path, s3):
    done = reportclean("dedupe", "s3://bucket/pages/", "-o", "out", cwd=tmp_path, env=s3)
    assert done.returncode == 0, done.stderr
    assert "quarantine sub/b.txt: " in done.stderr
    kept = tmp_path / "out/kept"
    assert (kept / "a.txt").read_text(encoding="utf-8") == report(1)
    assert gzip.decompress((kept / "sub/c.jsonl.gz").read_bytes()).startswith(b'{"id":"r"')
    done = reportclean("dedupe", "s3://bucket/gone.txt", "-o", "out2", cwd=tmp_path, env=s3)
    assert (done.returncode, done.stderr) == (
        2,
        "reportclean: s3://bucket/gone.txt: there is no such file or folder\n",
    )


def test_a_limit_holds_for_copies(store):
    store.pipe("/big/a.txt", b"x" * 1000)
    bad = []
    assert ids("memory://big", limits=Limits(document_bytes=100), quarantine=bad) == []
    assert bad[0].reason == "limit-document-bytes"


def test_an_index_takes_them(tmp_path, s3):
    done = subprocess.run(
        [*COMMAND, "index", "add", "it.duckdb", "s3://bucket/one.txt"],
        cwd=tmp_path,
        env=s3,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 in, 1 added" in done.stdout
