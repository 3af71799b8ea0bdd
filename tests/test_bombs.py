"""Hostile files cost a line of the quarantine that names the limit, and little else."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from bombs import BOMBS
from commands import reportclean
from reportclean.errors import ConfigError, LimitError
from reportclean.formats.limits import Limits
from reportclean.formats.markup import check_page
from reportclean.formats.nested import check_depth

QUICK = ("zeros.jsonl.bz2", "members.zip", "nested.jsonl" + ".gz" * 20, "entities.docx", "deep.jsonl")
QUICK += ("line.jsonl", "row.csv", "rows.parquet", "footer.parquet", "deep.html", "elements.html")
QUICK += ("attributes.html", "length.warc", "links.tar", "paragraphs.docx")


@pytest.mark.parametrize("bomb", [bomb for bomb in BOMBS if bomb.name in QUICK], ids=lambda bomb: bomb.name)
def test_bombs_are_refused_under_the_name_of_their_limit(tmp_path, bomb):
    path = tmp_path / bomb.name
    bomb.write(path, 0.07)
    bad = []
    tracemalloc.start()
    found = list(rc.read(path, quarantine=bad))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert any(item.reason.startswith(bomb.reason) for item in bad)
    assert most < 200_000_000
    assert not any("root:" in item.text for item in found)


def test_every_bomb_of_the_quick_run_is_one():
    assert set(QUICK) <= {bomb.name for bomb in BOMBS}


@pytest.mark.parametrize("end", ["jsonl", "csv"])
def test_what_stands_around_a_long_line_is_read_with_its_number(tmp_path, monkeypatch, end):
    for module in ("jsonl", "delimited"):
        monkeypatch.setattr(f"reportclean.formats.{module}.CHUNK_BYTES", 50)
    row = {"jsonl": '{{"id": {0}, "text": "{1}"}}\n', "csv": "{0},{1}\n"}[end]
    rows = [row.format(number, "x" * length) for number, length in enumerate((20, 300, 20, 1, 99, 500))]
    path = tmp_path / f"a.{end}"
    path.write_text(("id,text\n" if end == "csv" else "") + "".join(rows), encoding="utf-8")
    bad = []
    found = list(rc.read(path, limits=Limits(line_bytes=150), quarantine=bad))
    first = 2 if end == "csv" else 1
    assert [(item.id, item.line) for item in found] == [(str(n), n + first) for n in (0, 2, 3, 4)]
    assert [(item.line, item.reason) for item in bad] == [(n + first, "limit-line-bytes") for n in (1, 5)]


def test_texts_are_held_against_the_limit_in_every_format(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "一二三四"}\n{"text": "一"}\n', encoding="utf-8")
    (tmp_path / "b.txt").write_text("一二三四", encoding="utf-8")
    bad = []
    found = list(rc.read(tmp_path, limits=Limits(document_bytes=11), quarantine=bad))
    assert [item.text for item in found] == ["一"]
    assert [(item.source, item.line, item.reason) for item in bad] == [
        ("a.jsonl", 1, "limit-document-bytes"),
        ("b.txt", None, "limit-document-bytes"),
    ]


def depth_of(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


VALUES = st.recursive(
    st.text('a[]{}"\\', max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('[{"\\', max_size=2), inner, max_size=3)
    ),
)


@given(VALUES, st.integers(1, 4))
def test_depth_is_that_of_the_values(value, most):
    line = json.dumps(value).encode()
    if depth_of(value) <= most:
        check_depth(line, most)
    else:
        with pytest.raises(LimitError):
            check_depth(line, most)


def test_attributes_are_counted_and_what_is_quoted_is_not():
    limits = Limits(attributes=3)
    check_page("<p a='" + "b " * 5_000 + "' c d=1>", limits)
    with pytest.raises(LimitError):
        check_page("<p a='" + "<b " * 5_000 + "' c d=1 e=2>", limits)


@pytest.mark.parametrize("values", [{"members": 0}, {"depth": 501}, {"expanded_ratio": float("nan")}])
def test_limits_that_are_none(values):
    with pytest.raises(ConfigError, match=next(iter(values))):
        Limits(**values)


def run(folder, *options):
    return reportclean("clean", "a.txt", "-o", "out", "--overwrite", *options, cwd=folder)


def test_limits_of_the_command_line_go_before_those_of_the_file(tmp_path):
    (tmp_path / "a.txt").write_text("全年检修线路。" * 10, encoding="utf-8")
    (tmp_path / "reportclean.toml").write_text(
        "[limits]\ndocument-bytes = 20\nmembers = 7\n", encoding="utf-8"
    )
    assert "more than the 20 of a document; --limit document-bytes=N" in run(tmp_path).stderr
    assert run(tmp_path, "--limit", "document-bytes=1kB").stderr == ""
    settings = json.loads((tmp_path / "out/summary.json").read_text(encoding="utf-8"))["settings"]
    assert (settings["limits"]["document_bytes"], settings["limits"]["members"]) == (1_000, 7)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("sizes=3", "'sizes' is no limit; those are document-bytes"),
        ("members=3MB", "'members=3MB' is not NAME=N, such as members=50"),
        ("document-bytes", "such as document-bytes=50MB"),
        ("depth=501", "--limit depth is 501; it must be at most 500"),
    ],
)
def test_limits_that_cannot_be_used_are_explained(tmp_path, option, said):
    (tmp_path / "a.txt").write_text("全年检修线路。", encoding="utf-8")
    done = run(tmp_path, "--limit", option)
    assert done.returncode == 2
    assert said in done.stderr
