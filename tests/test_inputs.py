import os
from pathlib import Path

import pytest

from reportclean.document import Rejected
from reportclean.engines.inputs import find_inputs, matcher
from reportclean.errors import InputError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("corpus/a.txt", "corpus/sub/b.txt", "corpus/drafts/c.jsonl", "other/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('{"text": "一"}', encoding="utf-8")
    return tmp_path


pytestmark = pytest.mark.usefixtures("folder")


def found(paths, *arguments, **settings):
    """Sources with the path that each is shown as."""
    inputs = find_inputs([Path(path) for path in paths], *arguments, **settings)
    names = [
        piece.source if isinstance(piece, Rejected) else piece.name
        for task in inputs.tasks
        for piece in task.pieces
    ]
    return {name: inputs.shown[name] for name in names}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (
            ["corpus"],
            {
                "a.txt": "corpus/a.txt",
                "drafts/c.jsonl": "corpus/drafts/c.jsonl",
                "sub/b.txt": "corpus/sub/b.txt",
            },
        ),
        (["corpus/a.txt"], {"a.txt": "corpus/a.txt"}),
        (["./corpus/sub"], {"b.txt": "corpus/sub/b.txt"}),
        (["corpus/sub", "other"], {"sub/b.txt": "corpus/sub/b.txt", "other/a.txt": "other/a.txt"}),
        (["corpus/a.txt", "other/a.txt"], {"corpus/a.txt": "corpus/a.txt", "other/a.txt": "other/a.txt"}),
        (["corpus/a.txt", "corpus/a.txt"], {"corpus/a.txt": "corpus/a.txt"}),
        (["other", "other/a.txt"], {"other/a.txt": "other/a.txt"}),
    ],
)
def test_names_and_what_they_are_shown_as(paths, expected):
    assert found(paths) == expected


def test_here_is_not_spelled_out(folder, monkeypatch):
    monkeypatch.chdir(folder / "corpus/sub")
    assert found(["."]) == {"b.txt": "b.txt"}


def test_what_cannot_be_read_has_its_path(folder):
    (folder / "corpus/gone.txt").symlink_to("nowhere")
    assert found(["corpus"])["gone.txt"] == "corpus/gone.txt"


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        (["drafts"], {"corpus/a.txt", "corpus/sub/b.txt"}),
        (["*.txt"], {"corpus/drafts/c.jsonl"}),
        (["corpus/sub/*", "**/c.jsonl"], {"corpus/a.txt"}),
        (["./corpus/a.txt"], {"corpus/sub/b.txt", "corpus/drafts/c.jsonl"}),
        (["nothing"], {"corpus/a.txt", "corpus/sub/b.txt", "corpus/drafts/c.jsonl"}),
        (["corpus"], set()),
        (["*"], set()),
    ],
)
def test_what_is_excluded_is_not_there(globs, left):
    assert set(found(["corpus"], globs).values()) == left


def test_a_file_that_is_named_is_excluded_too():
    assert found(["corpus/a.txt", "other"], ["corpus/*"]) == {"other/a.txt": "other/a.txt"}


def test_an_excluded_folder_is_not_looked_into(monkeypatch):
    walked = []
    walk = os.walk

    def watched(top, **settings):
        for root, folders, files in walk(top, **settings):
            walked.append(os.fspath(root))
            yield root, folders, files

    monkeypatch.setattr(os, "walk", watched)
    found(["corpus"], ["drafts"])
    assert walked == ["corpus", "corpus/sub"]


def test_nothing_to_read_is_an_error_and_everything_excluded_is_none(folder):
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match="nothing to read in empty"):
        found(["empty"])
    with pytest.raises(InputError, match="nowhere does not exist"):
        found(["nowhere"], ["*"])
    assert found(["corpus"], ["*"]) == {}


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("drafts", "drafts/a.txt", True),
        ("drafts", "x/drafts/y/a.txt", True),
        ("drafts", "x/mydrafts/a.txt", False),
        ("drafts/", "drafts/a.txt", True),
        ("*.txt", "a/b.txt", True),
        ("*.txt", "a/b.txt.gz", False),
        ("**/b.txt", "b.txt", True),
        ("a/**", "a/b/c.txt", True),
        ("a/*.txt", "a/b/c.txt", True),
        ("/data/a", "/data/a/b.txt", True),
        ("/data", "data/a", False),
        ("[ab].txt", "b.txt", True),
        ("a.txt", "a-txt", False),
        ("-", "-", True),
    ],
)
def test_globs(glob, path, expected):
    assert matcher([glob])(path) is expected
    assert matcher(["zzz", glob])(path) is expected
    assert matcher([])(path) is False
