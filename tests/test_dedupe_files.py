"""The result folder: what it holds, that it adds up, and that it is the same whoever makes it."""

import json
import shutil
import signal
from collections import Counter
from pathlib import Path

import opencc
import pyarrow.parquet as pq
import pytest

import reportclean as rc
from corpora import report, reworded
from reportclean.engines import folder as result_folder
from reportclean.engines import local, output, workers
from reportclean.engines.options import RunOptions
from reportclean.formats import jsonl
from reportclean.formats.base import ReadOptions

TABLES = {
    "documents": "document_id source line encoding encoding_score runner_up sections kept reason",
    "sections": "section_id document_id ordinal title cue start end source_start source_end source_line tokens "
    "fill_ratio kept cluster_id representative_id reason",
    "matches": "left_id right_id jaccard containment kind differs original_id confidence direction container_id "
    "start end",
    "swaps": "left_id right_id left right count",
    "passages": "left_id right_id left_start left_end right_start right_end left_source_start left_source_end "
    "right_source_start right_source_end tokens cut",
    "repeats": "document_id kind section_id start end source_start source_end other_id other_start other_end "
    "other_source_start other_source_end containment",
    "edits": "document_id code start end before after",
    "texts": "section_id text",
}


def page(*seeds):
    articles = "".join(f"检修班工作总结 篇{n}\n{report(seed)}" for n, seed in enumerate(seeds, 1))
    return f"检修班工作总结（精选{len(seeds)}篇）\n{articles}"


@pytest.fixture
def corpus(tmp_path):
    """A messy folder: pages, copies, records, and everything that can be wrong with a file."""
    folder = tmp_path / "corpus"
    (folder / "sub").mkdir(parents=True)
    (folder / "dir.txt").mkdir()
    (folder / "page.txt").write_text(page(1, 2, 3, 1), encoding="utf-8")
    (folder / "gbk.txt").write_bytes(report(2).encode("gb18030"))
    (folder / "sub/traditional.txt").write_text(opencc.OpenCC("s2t").convert(report(3)), encoding="utf-8")
    (folder / "marked.txt").write_text(
        report(4).replace("。", "。。", 1) + "[bookmark: _Toc1]\n", encoding="utf-8"
    )
    (folder / "empty.txt").touch()
    (folder / "white.txt").write_text(" \n\u3000\n", encoding="utf-8")
    (folder / "nul.txt").write_bytes(b"\0" * 999)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    records = [
        {"id": "a", "text": report(5), "n": 1},
        {"id": "a", "text": reworded(report(5), 1, 9), "n": 2},
        {"text": report(6)},
        {"id": "c"},
        {"id": "d", "text": 5},
    ]
    lines = [json.dumps(record, ensure_ascii=False) for record in records] + ['{"id": "e", "text": ']
    (folder / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def run(paths, out, config=None, **options):
    config = config or rc.DedupeConfig()
    return local.dedupe_files([Path(p) for p in paths], out, config, RunOptions(**options))


def rows(out, table):
    return pq.read_table(out / f"{table}.parquet").to_pylist()


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def files(out):
    """Every file of a result but the parts of the summary that may differ."""
    found = {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
    summary = json.loads(found["summary.json"])
    del summary["seconds"], summary["resumed_batches"]
    found["summary.json"] = json.dumps(summary).encode()
    return found


def test_everything_adds_up(corpus, tmp_path):
    out = tmp_path / "out"
    run([corpus], out)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    documents, sections = rows(out, "documents"), rows(out, "sections")
    quarantine = lines(out / "quarantine.jsonl")
    # 4 text files and 3 records can be used; 5 text files and 3 records cannot.
    assert summary["documents"] == {"in": 15, "kept": 4, "removed": 3, "quarantined": 8}
    assert [len(documents), sum(d["kept"] for d in documents), len(quarantine)] == [7, 4, 8]
    numbered = [s for s in sections if s["ordinal"]]
    assert summary["sections"] == {
        "in": len(numbered),
        "kept": sum(s["kept"] for s in numbered),
        "removed": sum(not s["kept"] for s in numbered),
        "quarantined": 0,
    }
    assert Counter((item["source"], item["line"], item["reason"]) for item in quarantine) == Counter(
        [
            ("binary.txt", None, "undecodable"),
            ("empty.txt", None, "empty"),
            ("gone.txt", None, "unreadable"),
            ("nul.txt", None, "undecodable"),
            ("white.txt", None, "empty"),
            ("records.jsonl", 4, "no-text-field"),
            ("records.jsonl", 5, "text-not-a-string"),
            ("records.jsonl", 6, "not-json"),
        ]
    )
    assert summary["findings"]["STR002"] == 1
    assert summary["clusters"] == len(lines(out / "clusters.jsonl"))
    assert sorted(p.name for p in out.iterdir()) == sorted(
        [
            *(f"{name}.parquet" for name in TABLES),
            "clusters.jsonl",
            "kept",
            "quarantine.jsonl",
            "spin-lexicon.tsv",
            "summary.json",
        ]
    )


def test_the_tables_have_their_columns(corpus, tmp_path):
    run([corpus], tmp_path / "out")
    for name, columns in TABLES.items():
        assert pq.read_schema(tmp_path / f"out/{name}.parquet").names == columns.split(), name


def test_the_texts_are_those_of_the_sections_that_matches_name(corpus, tmp_path):
    out = tmp_path / "out"
    run([corpus], out, rc.DedupeConfig(mark=True))  # so that kept/ has every document whole
    texts = rows(out, "texts")
    named = {match[side] for match in rows(out, "matches") for side in ("left_id", "right_id")}
    sections = [s for s in rows(out, "sections") if s["section_id"] in named]
    assert [t["section_id"] for t in texts] == [s["section_id"] for s in sections]
    kept = {path.name: path.read_text(encoding="utf-8") for path in (out / "kept").rglob("*.txt")}
    for record in map(json.loads, (out / "kept/records.jsonl").read_text(encoding="utf-8").splitlines()):
        kept.setdefault(record.get("id"), record["text"])  # a second document of an id has another
    assert len(texts) > 5
    for text, section in zip(texts, sections, strict=True):
        if (name := Path(section["document_id"]).name) in kept:
            assert text["text"] == kept[name][section["start"] : section["end"]]
    assert {Path(s["document_id"]).name for s in sections} & kept.keys()


def test_long_texts_do_not_wait_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(output, "_BYTES", 10_000)
    table = output._Table(tmp_path / "t.parquet", output._TEXTS)
    for number in range(50):
        table.add({"section_id": [str(number)], "text": ["工会" * 1000]})
        assert sum(part.nbytes for part in table._parts) < 10_000
    table.close()
    assert pq.ParquetFile(tmp_path / "t.parquet").num_row_groups > 10


def test_nothing_is_dropped_without_its_twin(corpus, tmp_path):
    out = tmp_path / "out"
    run([corpus], out)
    sections = {s["section_id"]: s for s in rows(out, "sections")}
    pairs = {(m["left_id"], m["right_id"]): m for m in rows(out, "matches")}
    removed = [s for s in sections.values() if not s["kept"] and s["ordinal"]]
    assert removed
    for section in removed:
        assert sections[section["representative_id"]]["kept"]
        match = pairs[tuple(sorted((section["section_id"], section["representative_id"])))]
        assert match["jaccard"] >= 0.8
        assert (match["kind"] == "exact") <= (match["jaccard"] == 1.0)
        assert section["reason"].startswith(
            f"removed: {match['kind']} duplicate of {section['representative_id']}"
        )
    for left, right in pairs:
        assert left < right
        assert sections[left]["cluster_id"] == sections[right]["cluster_id"]
    for cluster in lines(out / "clusters.jsonl"):
        assert cluster["representative_id"] in cluster["members"]
        assert {sections[m]["cluster_id"] for m in cluster["members"]} == {cluster["cluster_id"]}
    assert {s["cluster_id"] for s in sections.values() if not s["ordinal"]} == {None}


def test_kept_files_are_the_clean_documents_without_the_removed_sections(corpus, tmp_path):
    out = tmp_path / "out"
    run([corpus], out)
    originals = {
        "page.txt": (corpus / "page.txt").read_text(encoding="utf-8"),
        "marked.txt": (corpus / "marked.txt").read_text(encoding="utf-8"),
    }
    edits = rows(out, "edits")
    for name, original in originals.items():
        mine = [
            rc.Edit(e["start"], e["end"], e["before"], e["after"], e["code"])
            for e in edits
            if e["document_id"] == name
        ]
        clean = rc.apply_edits(original, mine)
        sections = [s for s in rows(out, "sections") if s["document_id"] == name]
        kept = "".join(clean[s["start"] : s["end"]] for s in sections if s["kept"])
        assert (out / "kept" / name).read_text(encoding="utf-8") == kept
        for section in sections:
            assert original[: section["source_start"]].count("\n") + 1 == section["source_line"]
            first = clean[section["start"] : section["end"]].splitlines()[0]
            assert original[section["source_start"] :].startswith(first[:4])
    assert {e["code"] for e in edits if e["document_id"] == "marked.txt"} == {"ART001", "ART020"}
    records = lines(out / "kept/records.jsonl")
    assert [list(record) for record in records] == [["id", "text", "n"], ["text"]]
    assert not (out / "kept/gbk.txt").exists() or not (out / "kept/page.txt").read_text("utf-8").count(
        report(2)
    )


@pytest.mark.parametrize("number", [1, 2, 4])
def test_the_same_answer_from_any_number_of_workers(corpus, tmp_path, monkeypatch, number):
    for module in (jsonl, workers):
        monkeypatch.setattr(module, "CHUNK_BYTES", 2_000)  # several batches, so that processes have work
    monkeypatch.setattr(workers, "PROCESSES_FROM_BYTES", 1)
    run([corpus], tmp_path / "one", workers=1)
    run([corpus], tmp_path / "again", workers=number)
    assert files(tmp_path / "one") == files(tmp_path / "again")


def test_the_answer_does_not_depend_on_how_the_input_is_cut(corpus, tmp_path, monkeypatch):
    run([corpus], tmp_path / "whole")
    for module in (jsonl, workers):
        monkeypatch.setattr(module, "CHUNK_BYTES", 500)
    run([corpus], tmp_path / "cut")
    for name in TABLES:
        assert rows(tmp_path / "whole", name) == rows(tmp_path / "cut", name)
    assert (tmp_path / "whole/clusters.jsonl").read_bytes() == (tmp_path / "cut/clusters.jsonl").read_bytes()


def test_the_library_and_the_files_agree(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    texts = {f"{n:02}.txt": reworded(page(n % 3, n % 5), n, n) for n in range(12)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    run([folder], tmp_path / "out")
    result = rc.dedupe(rc.Document(name, text) for name, text in texts.items())
    assert lines(tmp_path / "out/clusters.jsonl") == [
        {**cluster, "members": list(cluster["members"])} for cluster in result.to_dict()["clusters"]
    ]
    assert rows(tmp_path / "out", "matches") == result.to_dict()["matches"]


def test_whole_documents(tmp_path):
    for name, seeds in {"a": (1, 2), "b": (1, 2), "c": (2, 1)}.items():
        (tmp_path / f"{name}.txt").write_text(page(*seeds), encoding="utf-8")
    run([tmp_path / f"{name}.txt" for name in "abc"], tmp_path / "out", rc.DedupeConfig(unit="document"))
    assert [d["sections"] for d in rows(tmp_path / "out", "documents")] == [1, 1, 1]
    (cluster,) = lines(tmp_path / "out/clusters.jsonl")
    assert {"a.txt#1", "b.txt#1"} <= set(cluster["members"])


def test_mark_says_it_in_each_record(tmp_path):
    records = [{"id": str(n), "text": report(1), "url": "u"} for n in range(2)]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    run([tmp_path / "r.jsonl"], tmp_path / "out", rc.DedupeConfig(mark=True))
    kept = lines(tmp_path / "out/kept/r.jsonl")
    assert [record["text"] for record in kept] == [report(1)] * 2
    said = [record["reportclean"]["sections"][0] for record in kept]
    assert said[0]["reason"].startswith("kept: best of 2")
    assert said[1]["reason"].startswith("would be removed: exact duplicate of 0#1")
    assert said[1]["representative_id"] == "0#1"
    assert json.loads((tmp_path / "out/summary.json").read_text())["documents"]["removed"] == 0


def test_several_inputs_carry_their_names(tmp_path):
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(report(1), encoding="utf-8")
    run([tmp_path / "left", tmp_path / "right"], tmp_path / "out")
    assert [d["document_id"] for d in rows(tmp_path / "out", "documents")] == ["left/a.txt", "right/a.txt"]
    assert (tmp_path / "out/kept/left/a.txt").exists()
    assert not (tmp_path / "out/kept/right").exists()


def test_a_dry_run_writes_nothing_and_counts_the_same(corpus, tmp_path):
    whole = run([corpus], tmp_path / "out")
    before = sorted(tmp_path.rglob("*"))
    dry = run([corpus], tmp_path / "dry", dry_run=True)
    assert sorted(tmp_path.rglob("*")) == before
    for name in ("documents", "sections", "findings", "clusters"):
        assert dry.values[name] == whole.values[name]


def test_other_field_names(tmp_path):
    (tmp_path / "r.jsonl").write_text(json.dumps({"body": report(1), "url": "u1"}), encoding="utf-8")
    run([tmp_path / "r.jsonl"], tmp_path / "out", read=ReadOptions("body", "url"))
    assert rows(tmp_path / "out", "documents")[0]["document_id"] == "u1"
    assert lines(tmp_path / "out/kept/r.jsonl") == [{"body": report(1), "url": "u1"}]


def test_line_ends_are_kept(tmp_path):
    text = page(1, 2).replace("\n", "\r\n")
    (tmp_path / "a.txt").write_bytes(text.encode())
    run([tmp_path / "a.txt"], tmp_path / "out")
    assert (tmp_path / "out/kept/a.txt").read_bytes() == text.encode()
    assert len(rows(tmp_path / "out", "sections")) == 3


def test_a_document_of_nothing_but_marks_goes_to_quarantine(tmp_path):
    (tmp_path / "a.txt").write_text("[bookmark: _Toc1]\n", encoding="utf-8")
    summary = run([tmp_path / "a.txt"], tmp_path / "out")
    assert summary.values["documents"] == {"in": 1, "kept": 0, "removed": 0, "quarantined": 1}
    assert lines(tmp_path / "out/quarantine.jsonl")[0]["detail"] == "nothing is left after cleaning"


# ---- the output folder


def test_an_existing_folder_is_refused_and_only_ours_is_replaced(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(report(1), encoding="utf-8")
    out = tmp_path / "out"
    run([source], out)
    with pytest.raises(rc.OutputError, match=r"out exists; .*--overwrite"):
        run([source], out)
    (out / "kept/old.txt").touch()
    run([source], out, overwrite=True)
    assert not (out / "kept/old.txt").exists()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "summary.json").write_text('{"mine": 1}')
    with pytest.raises(rc.OutputError, match="is not a result of reportclean"):
        run([source], foreign, overwrite=True)
    assert (foreign / "summary.json").exists()


def test_the_input_is_never_replaced(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(report(1), encoding="utf-8")
    out = tmp_path / "out"
    run([source], out)
    with pytest.raises(rc.OutputError, match="holds the input"):
        run([out / "kept"], out, overwrite=True)
    assert (out / "kept/a.txt").exists()


def test_an_output_inside_the_input_is_not_read(tmp_path):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    first = run([tmp_path], tmp_path / "out")
    again = run([tmp_path], tmp_path / "out", overwrite=True)
    assert (
        first.values["documents"]
        == again.values["documents"]
        == {"in": 1, "kept": 1, "removed": 0, "quarantined": 0}
    )


def test_a_foreign_partial_folder_is_in_the_way(tmp_path):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    (tmp_path / "out.partial").mkdir()
    (tmp_path / "out.partial/precious").touch()
    with pytest.raises(rc.OutputError, match=r"out\.partial is in the way"):
        run([tmp_path / "a.txt"], tmp_path / "out")
    assert (tmp_path / "out.partial/precious").exists()


def test_what_a_killed_run_left_is_thrown_away(tmp_path):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    partial = tmp_path / "out.partial"
    partial.mkdir()
    (partial / result_folder.MARKER).touch()
    (partial / "documents.parquet").write_bytes(b"half")
    run([tmp_path / "a.txt"], tmp_path / "out")
    assert not partial.exists()
    assert len(rows(tmp_path / "out", "documents")) == 1


@pytest.mark.parametrize("place", ["write_summary", "write_tables"])
def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch, place):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")

    def full(*_args, **_settings):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output, place, full)
    with pytest.raises(rc.OutputError, match=r"cannot write to .*No space left on device"):
        run([tmp_path / "a.txt"], tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt"]


def test_a_replacement_that_fails_leaves_the_old_result(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    out = tmp_path / "out"
    run([tmp_path / "a.txt"], out)
    before = files(out)
    rename = Path.rename

    def failing(self, target):
        if self.name == "out.partial":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(rc.OutputError, match="Input/output error"):
        run([tmp_path / "a.txt"], out, overwrite=True)
    assert files(out) == before


def test_a_lost_document_is_noticed(tmp_path, monkeypatch):
    for n in range(2):
        (tmp_path / f"{n}.txt").write_text(report(n), encoding="utf-8")
    real = output.write_tables

    def losing(folder, documents, *rest, **settings):
        return real(folder, list(documents)[1:], *rest, **settings)

    monkeypatch.setattr(output, "write_tables", losing)
    with pytest.raises(rc.ReportcleanError, match="do not add up"):
        run([tmp_path / "0.txt", tmp_path / "1.txt"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_that_shrinks_while_it_is_read(tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": report(n)}) for n in range(3)))
    (tmp_path / "b.txt").write_text(report(9), encoding="utf-8")
    monkeypatch.setattr(
        workers, "tasks_of", lambda pieces: [_shrunk(workers.Task(0, tuple(pieces)), tmp_path / "a.jsonl")]
    )
    summary = run([tmp_path / "a.jsonl", tmp_path / "b.txt"], tmp_path / "out")
    assert summary.values["documents"]["kept"] == 1
    (item,) = summary.quarantine
    assert (item.source, item.reason) == ("a.jsonl", "unreadable")


def _shrunk(task, path):
    path.write_bytes(path.read_bytes()[:100])
    return task


def test_a_line_of_fifty_megabytes(tmp_path):
    text = "".join(report(n).replace("\n", "") for n in range(500))
    long = (text * (50_000_000 // len(text.encode()) + 1))[: 50_000_000 // 3]
    (tmp_path / "long.txt").write_text(long, encoding="utf-8")
    (tmp_path / "b.txt").write_text(report(9), encoding="utf-8")
    summary = run([tmp_path / "long.txt", tmp_path / "b.txt"], tmp_path / "out")
    assert summary.values["documents"] == {"in": 2, "kept": 2, "removed": 0, "quarantined": 0}
    shutil.rmtree(tmp_path / "out")


def test_nothing_beside_the_result_is_touched(tmp_path):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    run([tmp_path / "a.txt"], tmp_path / "out")
    (tmp_path / "out.replaced").mkdir()
    (tmp_path / "out.replaced/thesis.txt").touch()
    run([tmp_path / "a.txt"], tmp_path / "out", overwrite=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "out", "out.replaced"]
    assert (tmp_path / "out.replaced/thesis.txt").exists()


def test_a_folder_that_appears_during_the_run_stays(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    real = output.write_summary

    def meanwhile(folder, summary):
        (tmp_path / "out").mkdir()
        (tmp_path / "out/thesis.txt").touch()
        real(folder, summary)

    monkeypatch.setattr(output, "write_summary", meanwhile)
    for overwrite in (False, True):
        with pytest.raises(rc.OutputError, match=r"exists|not a result"):
            run([tmp_path / "a.txt"], tmp_path / "out", overwrite=overwrite)
        assert (tmp_path / "out/thesis.txt").exists()
        shutil.rmtree(tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_two_runs_do_not_write_to_one_folder(tmp_path):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    with result_folder.result_folder(tmp_path / "out", overwrite=False) as partial:
        (partial / "summary.json").write_text('{"versions": {"reportclean": "0"}}')
        with pytest.raises(rc.OutputError, match="another run is writing"):
            run([tmp_path / "a.txt"], tmp_path / "out")
        assert partial.exists()
    assert (tmp_path / "out/summary.json").exists()


def test_the_current_folder_can_be_the_output(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    run([tmp_path / "a.txt"], tmp_path / "out")
    monkeypatch.chdir(tmp_path / "out")
    run([tmp_path / "a.txt"], Path(), overwrite=True)
    assert len(rows(tmp_path / "out", "documents")) == 1


@pytest.mark.parametrize(("number", "looks"), [(signal.SIGINT, False), (signal.SIGTERM, True)])
def test_no_interrupt_is_lost(number, looks):
    reached = []

    def work():
        with workers.later_interrupts() as check:
            check()
            signal.raise_signal(number)
            reached.append("after the signal")
            if looks:
                check()
            reached.append("the end")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert reached == (["after the signal"] if looks else ["after the signal", "the end"])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
