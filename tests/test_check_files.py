"""`check` on files: paths and positions in the original, the same answer from any number of workers."""

import json
from pathlib import Path

import pytest

import reportclean as rc
from corpora import report, reworded
from reportclean.engines import check_batch, workers
from reportclean.engines.baseline import read_baseline, write_baseline
from reportclean.engines.checking import check_files
from reportclean.engines.options import RunOptions
from reportclean.errors import ConfigError, InputError
from reportclean.formats import jsonl
from reportclean.formats.base import ReadOptions


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A folder with something of everything."""
    monkeypatch.chdir(tmp_path)
    folder = Path("corpus")
    (folder / "sub").mkdir(parents=True)
    (folder / "page.txt").write_text(f"20xx年\n{report(1)}", encoding="utf-8")
    (folder / "crlf.txt").write_bytes(f"甲。\r\n乙。\r\n\t20xx年{report(2)}".encode("utf-8-sig"))
    (folder / "mac.txt").write_bytes(f"甲。\r乙。。\r{report(3)}".replace("\n", "\r").encode("gb18030"))
    (folder / "sub/copy.txt").write_text(report(1), encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    records = [
        json.dumps({"id": "a", "text": f"甲。\n202_年，{report(4)}"}, ensure_ascii=False),
        "",
        json.dumps({"id": "a", "text": report(5)}),
        '{"id": "b", "text": ',
        json.dumps({"text": reworded(report(4), 1, 5)}, ensure_ascii=False),
    ]
    (folder / "sub/records.jsonl").write_text("\n".join(records), encoding="utf-8")
    return folder


def found(result, *codes):
    return [(f.path, f.line, f.column, f.code) for f in result.findings if not codes or f.code in codes]


def test_paths_lines_and_columns(corpus):
    result = check_files([corpus])
    assert found(result, "TPL001", "ART020", "ENC030", "STR002") == [
        ("corpus/binary.txt", 1, 1, "ENC030"),
        ("corpus/crlf.txt", 3, 2, "TPL001"),
        ("corpus/empty.txt", 1, 1, "ENC030"),
        ("corpus/mac.txt", 2, 2, "ART020"),
        ("corpus/page.txt", 1, 1, "TPL001"),
        ("corpus/sub/records.jsonl", 1, 4, "TPL001"),
        ("corpus/sub/records.jsonl", 3, 1, "STR002"),
        ("corpus/sub/records.jsonl", 4, 1, "ENC030"),
    ]
    assert (result.documents, result.quarantined) == (7, 3)
    year = next(f for f in result.findings if f.path.endswith("jsonl") and f.code == "TPL001")
    assert (year.field, year.document_id, year.section_id) == ("text", "a", "a#1")
    assert {f.field for f in result.findings if f.path.endswith("txt")} == {""}
    order = [(f.path, f.line, f.column, f.code) for f in result.findings]
    assert order == sorted(order)


def test_duplicates_between_files(corpus):
    result = check_files([corpus], rc.CheckConfig(select=("DUP",)))
    by_path = {f.path: f for f in result.findings}
    assert set(by_path) <= {"corpus/page.txt", "corpus/sub/copy.txt", "corpus/sub/records.jsonl"}
    assert len(by_path) == len(result.findings) == 2
    record = by_path["corpus/sub/records.jsonl"]
    assert record.code == "DUP002"
    assert record.line in {1, 5}


def test_bytes_that_are_no_characters(tmp_path):
    text = report(1).encode()
    (tmp_path / "a.txt").write_bytes(text[:30] + b"\xff" + text[30:])
    other = report(2).encode("gb18030")
    (tmp_path / "b.txt").write_bytes("一段话，说的是别的事。\n".encode() * 20 + other * 3)
    findings = check_files([tmp_path], rc.CheckConfig(select=("ENC",))).findings
    assert [(Path(f.path).name, f.line, f.column, f.code, f.severity) for f in findings] == [
        ("a.txt", 1, 11, "ENC013", "error"),
        ("b.txt", 21, 1, "ENC014", "error"),
    ]
    assert check_files([tmp_path], rc.CheckConfig(select=("ENC",))).mojibake_ratio > 0


def test_the_same_answer_from_any_number_of_workers(corpus, monkeypatch):
    (corpus / "big.jsonl").write_text(
        "".join(json.dumps({"text": f"20xx年。。{report(n % 9)}"}) + "\n" for n in range(40)),
        encoding="utf-8",
    )
    batch = [corpus / "big.jsonl", corpus / "page.txt"]
    alone = check_files(batch, against=[corpus])
    for module in (jsonl, workers):
        monkeypatch.setattr(module, "CHUNK_BYTES", 3_000)
    assert check_files(batch, against=[corpus]) == alone
    monkeypatch.setattr(workers, "PROCESSES_FROM_BYTES", 1)
    assert check_files(batch, options=RunOptions(workers=2), against=[corpus]) == alone
    assert len(alone.findings) > 100
    assert any("sub/copy.txt#1" in f.message for f in alone.findings)


def test_the_library_and_the_files_agree(corpus):
    files = check_files([corpus], rc.CheckConfig(ignore=("ENC030",)))
    library = rc.check(rc.read("corpus", quarantine=[]), ignore=["ENC030"])
    assert [(f.path, *place) for f, (_, *place) in zip(library.findings, found(library), strict=True)] != []
    assert [(f"corpus/{p}", *place) for p, *place in found(library)] == found(files)
    assert [f.fingerprint for f in library.findings] == [f.fingerprint for f in files.findings]


def test_fingerprints_survive_moved_lines_renamed_files_and_reordered_records(corpus, tmp_path):
    write_baseline(tmp_path / "b.json", check_files([corpus]).findings)
    known = read_baseline(tmp_path / "b.json")
    text = (corpus / "page.txt").read_text(encoding="utf-8")
    (corpus / "page.txt").unlink()
    (corpus / "sub/renamed.txt").write_text(f"一行新的。\n\n{text}", encoding="utf-8")
    lines = (corpus / "sub/records.jsonl").read_text(encoding="utf-8").splitlines()
    (corpus / "sub/records.jsonl").write_text("\n".join([lines[3], lines[4], lines[2], lines[0]]), "utf-8")
    result = check_files([corpus], baseline=known)
    assert result.findings == ()
    assert result.passed
    assert {k.code for k in result.fixed} <= {"STR002"}
    assert len(result.known) + len(result.fixed) == len(known)


def test_what_was_not_looked_at_is_not_fixed(corpus, tmp_path):
    write_baseline(tmp_path / "b.json", check_files([corpus]).findings)
    known = read_baseline(tmp_path / "b.json")
    assert check_files([corpus / "page.txt"], baseline=known).fixed == ()
    assert check_files([corpus], rc.CheckConfig(select=("TPL",)), baseline=known).fixed == ()
    (corpus / "crlf.txt").write_text(report(2), encoding="utf-8")
    assert [k.path for k in check_files([corpus], baseline=known).fixed] == ["corpus/crlf.txt"]


def test_a_batch_against_a_folder(corpus, tmp_path):
    batch = tmp_path / "batch"
    batch.mkdir()
    (batch / "new.txt").write_text(report(8), encoding="utf-8")
    (batch / "old.txt").write_text(report(1).replace("，", "、"), encoding="utf-8")
    (batch / "near.jsonl").write_text(json.dumps({"text": reworded(report(5), 2, 4)}), encoding="utf-8")
    config = rc.CheckConfig(select=("DUP", "TPL"))
    result = check_files([Path("batch")], config, against=[corpus])
    assert [(f.path, f.code) for f in result.findings] == [
        ("batch/near.jsonl", "DUP002"),
        ("batch/old.txt", "DUP001"),
    ]
    assert result.findings[1].message == "the section repeats sub/copy.txt#1"
    assert (result.documents, result.sections) == (3, 3)
    assert check_files([Path("batch")], config).passed


def test_files_of_the_batch_are_not_held_against_themselves(corpus):
    """The changed files of a pull request are in the folder that they are held against."""
    changed = [corpus / "crlf.txt", corpus / "sub/copy.txt"]
    result = check_files(changed, rc.CheckConfig(select=("DUP",)), against=[corpus])
    assert [(f.path, f.code, f.message) for f in result.findings] == [
        ("corpus/sub/copy.txt", "DUP002", result.findings[0].message)
    ]
    assert "page.txt#1" in result.findings[0].message
    alone = check_files([corpus / "crlf.txt"], rc.CheckConfig(select=("DUP",)), against=[corpus / "crlf.txt"])
    assert alone.passed


def test_exclude_and_per_file_ignores(corpus):
    config = rc.CheckConfig(
        exclude=("sub", "binary.txt"), per_file_ignores={"corpus/*.txt": ("ENC030", "ART")}
    )
    assert found(check_files([corpus], config)) == [
        ("corpus/crlf.txt", 3, 2, "TPL001"),
        ("corpus/page.txt", 1, 1, "TPL001"),
    ]
    everything = check_files([corpus], rc.CheckConfig(exclude=("corpus",)))
    assert (everything.documents, everything.findings, everything.passed) == (0, (), True)


def test_duplicates_are_left_out_by_file_too(corpus):
    config = rc.CheckConfig(
        select=("DUP",), per_file_ignores={"sub": ("near-duplicate", "DUP001"), "page.txt": ("DUP",)}
    )
    assert check_files([corpus], config).findings == ()


def test_files_of_the_same_name(corpus):
    (corpus / "sub/page.txt").write_text("20xx年", encoding="utf-8")
    paths = [corpus / "page.txt", corpus / "sub/page.txt"]
    assert found(check_files(paths, rc.CheckConfig(select=("TPL",)))) == [
        ("corpus/page.txt", 1, 1, "TPL001"),
        ("corpus/sub/page.txt", 1, 1, "TPL001"),
    ]


def test_other_fields(corpus):
    (corpus / "f.jsonl").write_text('{"no": 7, "body": "20xx年"}', encoding="utf-8")
    read = ReadOptions(text_field="body", id_field="no")
    (year,) = check_files([corpus / "f.jsonl"], options=RunOptions(read=read)).findings
    assert (year.field, year.document_id) == ("body", "7")


def test_files_that_cannot_be_read(corpus):
    (corpus / "gone.txt").symlink_to("nowhere")
    result = check_files(
        [corpus], rc.CheckConfig(select=("unreadable-record",), exclude=("sub", "binary.txt"))
    )
    assert [(f.path, f.message) for f in result.findings] == [
        ("corpus/empty.txt", "the record cannot be read: the file is empty"),
        ("corpus/gone.txt", "the record cannot be read: No such file or directory"),
    ]


def test_what_is_not_there(corpus):
    with pytest.raises(InputError, match="nowhere does not exist"):
        check_files([Path("nowhere")])
    with pytest.raises(InputError, match="nowhere does not exist"):
        check_files([corpus], against=[Path("nowhere")])
    (corpus / "none").mkdir()
    with pytest.raises(InputError, match="nothing to read"):
        check_files([corpus / "none"])
    with pytest.raises(ConfigError, match="select names 'NOPE'"):
        check_files([corpus], rc.CheckConfig(select=("NOPE",)))


def test_no_sections_are_made_where_nothing_asks_for_them(corpus, monkeypatch):
    split = []
    monkeypatch.setattr(check_batch, "split_text", lambda text, _: split.append(text) or ())
    result = check_files([corpus], rc.CheckConfig(select=("TPL",)))
    assert len(split) == len({f.document_id for f in result.findings}) == 3
    assert result.sections == 0


def test_progress(corpus):
    told = []
    report = check_files([corpus], progress=told.append)
    assert (told[0].stage, told[0].done) == ("prepare", 0)
    assert (told[-1].documents, told[-1].quarantined) == (report.documents, report.quarantined)
    assert told[-1].findings
    assert told[-1].done == told[-1].total == sum(p.stat().st_size for p in corpus.rglob("*") if p.is_file())
