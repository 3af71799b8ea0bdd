"""Lists of paths: what they mean, and what each file of them is called."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import COMMAND, reportclean
from corpora import report
from reportclean.errors import InputError
from reportclean.formats.listed import listed


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("a/1.txt", "b/1.txt", "b/2.txt", "c/notes", "c/.hidden.txt")):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report(number), encoding="utf-8")
    return tmp_path


def names(data):
    return [one.name for one in listed(data, "list")]


@pytest.mark.parametrize(
    "data",
    [
        b"in/a/1.txt\nin/b/1.txt",
        b"in/a/1.txt\nin/b/1.txt\n",
        b"in/a/1.txt\r\nin/b/1.txt\r\n",
        b"\xef\xbb\xbfin/a/1.txt\n\n  \nin/b/1.txt\n",
        b"in/a/1.txt\0in/b/1.txt\0",
        b"in/a/1.txt\0in/b/1.txt",
        b"./in/a/1.txt\nin/a/../b/1.txt\nin//a/1.txt\n",
    ],
)
@pytest.mark.usefixtures("folder")
def test_ways_to_write_a_list(data):
    assert names(data) == ["in/a/1.txt", "in/b/1.txt"]


def test_behind_nuls_a_path_may_hold_anything():
    (one, two) = listed(b"a\nb\r\0\xff \0", "list")
    assert (one.path, one.name, one.place) == (Path("a\nb\r"), "a\nb\r", "entry 1 of list")
    assert os.fsencode(two.path) == b"\xff "


def test_nothing_leads_out_of_the_output(folder):
    there = folder.parent / "x.txt"
    assert names(f"{there}\n../x.txt\n../../../../../../../../etc/x\n/\n".encode()) == [
        str(there).lstrip("/"),
        "etc/x",
        folder.name,
    ]
    assert names(f"{folder}/in/a/1.txt".encode()) == ["in/a/1.txt"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "list names no path"),
        (b"\n \r\n\n", "list names no path"),
        (b"\0\0", "list names no path"),
        ("in/a/1.txt\n".encode("utf-16"), "list is in UTF-16"),
    ],
)
def test_lists_that_name_nothing(data, said):
    with pytest.raises(InputError, match=said):
        listed(data, "list")


@pytest.mark.usefixtures("folder")
def test_two_paths_of_one_name_are_refused():
    with pytest.raises(InputError, match=r"list: line 2: .* would be called .*; run it from another folder"):
        listed(b"etc/x.txt\n/etc/x.txt\n", "list")


@given(
    st.lists(
        st.binary(max_size=12) | st.sampled_from([b"../x", b"/", b"a//b", b"s3://../a", b"."]), max_size=6
    )
)
def test_whatever_a_list_holds_its_names_stay_inside_and_differ(entries):
    try:
        found = listed(b"\0".join([*entries, b"x"]), "list")
    except InputError:
        return
    names = [one.name for one in found]
    assert len(set(names)) == len(names)
    for name in names:
        assert name
        assert not name.startswith("/")
        assert ".." not in name.split("/")


def summary(out):
    return json.loads((out / "summary.json").read_text())["documents"]


@pytest.mark.parametrize("command", ["dedupe", "clean"])
def test_a_run_on_a_list(folder, command):
    (folder / "list").write_bytes(
        b"in/a/1.txt\r\nin/b\r\nin/b/2.txt\r\nin/c/notes\r\nin/gone.txt\r\nin/a/1.txt"
    )
    done = reportclean(command, "--paths-from", "list", "-o", "out", cwd=folder)
    assert done.returncode == 0
    assert "quarantine in/gone.txt: there is no such file or folder (line 5 of list)" in done.stderr
    assert (summary(folder / "out")["in"], summary(folder / "out")["quarantined"]) == (5, 1)
    tree = folder / "out" / ("kept" if command == "dedupe" else "clean")
    written = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())
    assert written == ["in/a/1.txt", "in/b/1.txt", "in/b/2.txt", "in/c/notes"]


def test_find_print0(folder):
    found = subprocess.run(["find", "in", "-name", "*.txt", "-print0"], check=True, capture_output=True)
    arguments = [*COMMAND, "dedupe", "--paths-from", "-", "-o", "out"]
    subprocess.run(arguments, cwd=folder, check=True, input=found.stdout, capture_output=True)
    assert summary(folder / "out")["in"] == 4  # a file that is named is read, though it is hidden


def test_folders_behind_their_files_and_links_to_nothing(folder):
    (folder / "in/link.txt").symlink_to("nowhere")
    (folder / "list").write_text("in/b/2.txt\nin\nin/a\nin/link.txt\n")
    done = reportclean("dedupe", "--paths-from", "list", "-o", "out", cwd=folder)
    assert done.returncode == 0
    assert summary(folder / "out") == {"in": 4, "kept": 3, "removed": 0, "quarantined": 1}
    assert done.stderr.count("quarantine in/link.txt") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("dedupe -o out", "name a PATH, or a list of them with --paths-from"),
        ("clean --diff", "name a PATH, or a list of them with --paths-from"),
        ("dedupe in --paths-from list -o out", "choose one"),
        ("dedupe --paths-from nowhere -o out", "--paths-from nowhere: No such file or directory"),
        ("dedupe --paths-from in -o out", "--paths-from in: Is a directory"),
        ("dedupe --paths-from empty -o out", "empty names no path; list files and folders, one a line"),
        ("dedupe --paths-from list -o in", "in exists"),
        ("dedupe --paths-from list -o in/a --overwrite", "not a result of reportclean"),
    ],
)
def test_what_cannot_be_done_is_said(folder, arguments, said):
    (folder / "empty").touch()
    (folder / "list").write_text("in/a/1.txt\n")
    done = reportclean(*arguments.split(), cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (folder / "out").exists()


def test_in_place(folder):
    (folder / "list").write_text("in/a/1.txt\nin/gone.txt\n")
    (folder / "in/a/1.txt").write_text("全年检修线路一百二十公里。。\n", encoding="utf-8")
    done = reportclean("clean", "--paths-from", "list", "--in-place", "--strict", cwd=folder)
    assert done.returncode == 1
    assert (folder / "in/a/1.txt").read_text(encoding="utf-8") == "全年检修线路一百二十公里。\n"


def test_check_takes_a_list_and_says_what_is_missing(folder):
    (folder / "in/a/1.txt").write_text("全年检修线路一百二十公里。。\n", encoding="utf-8")
    (folder / "list").write_bytes(b"in/a/1.txt\0in/b/1.txt\0in/gone.txt\0")
    done = reportclean("check", "--paths-from", "list", "--output-format", "concise", cwd=folder)
    assert done.returncode == 1
    assert "in/a/1.txt:1:13: ART020" in done.stdout
    assert "in/gone.txt" in done.stdout
    assert "there is no such file or folder (entry 3 of list)" in done.stdout
    left = reportclean(
        "check", "--paths-from", "list", "--exclude", "gone.txt", "--ignore", "ART", cwd=folder
    )
    assert "gone" not in left.stdout


def test_an_index_takes_a_list(folder):
    (folder / "list").write_text("in/a/1.txt\nin/gone.txt\n")
    done = reportclean("index", "add", "it.duckdb", "--paths-from", "list", cwd=folder)
    assert "documents  2 in, 1 added, 0 known already, 1 in quarantine" in done.stdout
    done = reportclean("index", "query", "it.duckdb", "--paths-from", "-", cwd=folder, input="in/a/1.txt")
    assert done.stdout.startswith("in/a/1.txt#1")
    done = reportclean("index", "add", "it.duckdb", cwd=folder)
    assert (done.returncode, "name a PATH" in done.stderr) == (2, True)
