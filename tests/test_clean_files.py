"""``clean``: the cleaned tree with its record, and files replaced in place."""

import json

import pyarrow.parquet as pq
import pytest

import reportclean as rc
from corpora import report
from reportclean.engines import workers
from reportclean.engines.cleaning import clean_files, clean_in_place
from reportclean.engines.options import RunOptions
from reportclean.formats import jsonl

DIRTY = report(1).replace("。", "。。", 1) + "[bookmark: _Toc1]尾\n"
CLEAN = report(1) + "尾\n"


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(DIRTY, encoding="utf-8")
    (folder / "sub/b.txt").write_text(report(2), encoding="utf-8")
    (folder / "empty.txt").touch()
    records = [{"id": 1, "text": DIRTY, "n": 1.50}, {"id": 2, "text": report(3)}, {"id": 3}]
    (folder / "r.jsonl").write_text(
        "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8"
    )
    return folder


def test_the_tree(tree, tmp_path):
    out = tmp_path / "out"
    summary = clean_files([tree], out, RunOptions())
    assert summary.values["documents"] == {"in": 6, "written": 4, "changed": 2, "quarantined": 2}
    assert (out / "clean/a.txt").read_text("utf-8") == CLEAN
    assert (out / "clean/sub/b.txt").read_text("utf-8") == report(2)
    records = [json.loads(line) for line in (out / "clean/r.jsonl").read_text("utf-8").splitlines()]
    assert records == [{"id": 1, "text": CLEAN, "n": 1.5}, {"id": 2, "text": report(3)}]
    documents = pq.read_table(out / "documents.parquet").to_pylist()
    assert [(d["document_id"], d["edits"]) for d in documents] == [
        ("a.txt", 2),
        ("1", 2),
        ("2", 0),
        ("sub/b.txt", 0),
    ]
    edits = [
        rc.Edit(e["start"], e["end"], e["before"], e["after"], e["code"])
        for e in pq.read_table(out / "edits.parquet").to_pylist()
        if e["document_id"] == "a.txt"
    ]
    assert rc.apply_edits(DIRTY, edits) == CLEAN
    reasons = [json.loads(line)["reason"] for line in (out / "quarantine.jsonl").read_text().splitlines()]
    assert sorted(reasons) == ["empty", "no-text-field"]
    assert {p.name for p in out.iterdir()} == {
        "clean",
        "documents.parquet",
        "edits.parquet",
        "quarantine.jsonl",
        "summary.json",
    }
    again = clean_files([tree], out, RunOptions(overwrite=True))
    assert again.values["documents"] == summary.values["documents"]
    with pytest.raises(rc.OutputError, match="exists"):
        clean_files([tree], out, RunOptions())


def test_any_number_of_workers(tree, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "PROCESSES_FROM_BYTES", 1)
    for module in (workers, jsonl):
        monkeypatch.setattr(module, "CHUNK_BYTES", 500)
    for number in (1, 2):
        clean_files([tree], tmp_path / f"out{number}", RunOptions(workers=number))
    for name in ("clean/a.txt", "clean/r.jsonl", "edits.parquet", "documents.parquet", "quarantine.jsonl"):
        assert (tmp_path / "out1" / name).read_bytes() == (tmp_path / "out2" / name).read_bytes()


def test_rules_can_be_chosen(tree):
    def codes(**settings):
        values = clean_files([tree], None, RunOptions(clean=rc.CleanConfig(**settings))).values
        return set(values["findings"])

    assert {"ART001", "ART020"} <= codes()
    assert codes(select=("ART020",)) == {"ART020"}
    assert codes(select=("ART",), ignore=("doubled-stop",)) & {"ART020", "ART001"} == {"ART001"}
    with pytest.raises(rc.ConfigError, match=r"select names 'ART02O'.*did you mean ART"):
        codes(select=("ART02O",))
    with pytest.raises(rc.ConfigError, match=r"drop names 'teasers'.*did you mean teaser"):
        codes(drop=("teasers",))
    with pytest.raises(rc.ConfigError, match="script is 'latin'"):
        codes(script="latin")


def test_script_and_drops():
    text = "好文網 / www.example.com\n" + report(1)
    assert rc.clean(text).text == text
    simplified = rc.clean("各級工會組織職工開展勞動競賽。", rc.CleanConfig(script="simplified"))
    assert simplified.text == "各级工会组织职工开展劳动竞赛。"
    assert rc.clean("各級工會組織職工開展勞動競賽。").findings == ()
    assert rc.clean("各级工会", rc.CleanConfig(script="traditional")).text == "各級工會"


def test_in_place(tree):
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    (tree / "a.txt").chmod(0o640)
    summary = clean_in_place([tree], RunOptions())
    assert summary.values["documents"] == {"in": 6, "written": 4, "changed": 2, "quarantined": 2}
    assert (tree / "a.txt").read_text("utf-8") == CLEAN
    assert (tree / "a.txt").stat().st_mode & 0o777 == 0o640
    lines = (tree / "r.jsonl").read_bytes().splitlines()
    old = before[tree / "r.jsonl"].splitlines()
    assert lines[1:] == old[1:]  # what did not change, and what could not be read, byte for byte
    assert json.loads(lines[0]) == {"id": 1, "text": CLEAN, "n": 1.5}
    assert b'"n":1.5' in lines[0].replace(b" ", b"")
    for name in ("sub/b.txt", "empty.txt"):
        assert (tree / name).read_bytes() == before[tree / name]
    assert sorted(p.name for p in tree.iterdir()) == ["a.txt", "empty.txt", "r.jsonl", "sub"]
    assert clean_in_place([tree], RunOptions()).values["documents"]["changed"] == 0


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("gb18030", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("big5hkscs", b"")],
)
def test_in_place_keeps_encoding_mark_and_line_ends(tmp_path, encoding, mark):
    path = tmp_path / "a.txt"
    text = "各級工會組織職工開展勞動競賽，參加人數三百餘人。。\r\n成效明顯，受到好評。\r\n" * 5
    path.write_bytes(mark + text.encode(encoding))
    clean_in_place([path], RunOptions())
    assert path.read_bytes() == mark + text.replace("。。", "。").encode(encoding)


def test_in_place_leaves_what_it_cannot_write_back(tmp_path):
    path = tmp_path / "a.txt"
    data = (report(1) + "。。").encode() + b"\xff" + report(2).encode()
    path.write_bytes(data)
    summary = clean_in_place([path], RunOptions())
    assert path.read_bytes() == data
    assert [item.reason for item in summary.quarantine] == ["not-reversible"]
    assert summary.values["documents"] == {"in": 1, "written": 0, "changed": 0, "quarantined": 1}


def test_in_place_through_a_link_changes_its_target(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.txt").write_text(DIRTY, "utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real/a.txt")
    clean_in_place([tmp_path / "link.txt"], RunOptions())
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real/a.txt").read_text("utf-8") == CLEAN


def test_the_difference_is_shown(tree):
    shown = []
    clean_files([tree], None, RunOptions(), shown.append)
    assert "--- a.txt" in shown
    assert "--- r.jsonl:1" in shown
    assert any(line.startswith("-[bookmark") for line in shown)
    in_place = []
    clean_in_place([tree], RunOptions(), in_place.append)
    assert in_place == shown


def test_boilerplate_is_counted_over_the_run(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(6):
        line = "本站范文仅供会员参考使用\n" if n < 5 else ""
        (folder / f"{n}.txt").write_text(report(n, 1) + line + report(n + 50, 1), encoding="utf-8")
    settings = {"boilerplate_min_documents": 5}
    seen = clean_files([folder], None, RunOptions(clean=rc.CleanConfig(**settings)))
    assert seen.values["findings"]["ART019"] == 5
    assert seen.values["documents"]["changed"] == 0
    more = clean_files([folder], None, RunOptions(clean=rc.CleanConfig(boilerplate_min_documents=6)))
    assert "ART019" not in more.values["findings"]
    config = rc.CleanConfig(**settings, drop=("boilerplate",))
    clean_files([folder], tmp_path / "out", RunOptions(clean=config))
    for n in range(6):
        assert (tmp_path / f"out/clean/{n}.txt").read_text("utf-8") == report(n, 1) + report(n + 50, 1)
    clean_in_place([folder], RunOptions(clean=config))
    assert (folder / "0.txt").read_text("utf-8") == report(0, 1) + report(50, 1)
    with pytest.raises(rc.ConfigError, match="drop names boilerplate"):
        rc.CleanConfig(drop=("boilerplate",))
