"""Runs held against indexes: what is old stays, what is new and repeats it goes, and nothing happens by halves."""

import json
import signal
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reportclean as rc
import resume_soak
from commands import reportclean
from corpora import report, reworded
from reportclean.engines import folder as work_folders
from reportclean.engines import local, output, workers
from reportclean.engines.commits import Commit
from reportclean.engines.options import RunOptions
from reportclean.formats import jsonl
from reportclean.index.duckdb_store import DuckDBStore
from test_store import slow_match

PLAIN = rc.DedupeConfig(spun=False)


def held(path):
    """Ids and texts of the sections of an index."""
    with DuckDBStore(path, read_only=True) as store:
        count = int(store._db.meta("next_section"))
        columns, _ = store.columns(np.arange(count)) if count else (None, None)
        return {} if columns is None else dict(zip(columns.section_ids, columns.bodies, strict=True))


def write(path, texts, prefix=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    records = [{"id": f"{prefix}{n}", "text": text} for n, text in enumerate(texts)]
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


def run(source, out, config=None, **options):
    return local.dedupe_files([source], out, config or rc.DedupeConfig(), RunOptions(**options)).values


# What is removed, and what stands for it.


def family(number):
    """Texts of which some match others, near the threshold on both sides of it."""
    text = report(number, paragraphs=1)
    return [
        text,
        text.replace("，", "、"),
        *(reworded(text, seed, times) for seed, times in ((1, 3), (2, 5), (3, 5), (4, 9))),
        "见附表" + text,
        "二〇一五年" + text,
        "二〇一六年" + text,
    ]


TEXTS = [text for number in range(3) for text in family(number)] + ["见附件。", "。。。"]
BATCHES = st.lists(st.lists(st.sampled_from(TEXTS), max_size=6), min_size=2, max_size=3)


def documents(batch, number):
    return [rc.Document(f"{number}-{place}", text, f"{number}/x") for place, text in enumerate(batch)]


@settings(max_examples=15)
@given(BATCHES, st.sampled_from([PLAIN, rc.DedupeConfig()]))
def test_what_was_kept_stays_and_every_removed_section_has_a_kept_match(tmp_path_factory, batches, config):
    path = tmp_path_factory.mktemp("history") / "it.duckdb"
    texts, kept = {}, {}
    for number, batch in enumerate(batches):
        before = dict(kept)
        result = rc.dedupe(documents(batch, number), config, index=path)
        texts |= {section.section_id: result.text(section.section_id) for section in result.sections}
        kept |= {section.section_id: texts[section.section_id] for section in result.kept}
        assert before.items() <= held(path).items()
        assert set(held(path)) == set(kept)
        for section in result.removed:
            assert section.representative_id in kept
            assert slow_match(texts[section.section_id], kept[section.representative_id])
            match = next(one for one in result.matches if section.section_id in (one.left_id, one.right_id))
            assert {match.left_id, match.right_id} == {section.section_id, section.representative_id}
            assert result.text(section.representative_id) == kept[section.representative_id]
        for section in result.kept:
            others = [text for name, text in before.items() if slow_match(texts[section.section_id], text)]
            assert not others


@settings(max_examples=15)
@given(BATCHES, st.booleans())
def test_batches_differ_from_one_batch_only_where_an_old_copy_stays(tmp_path_factory, batches, keep_updates):
    path = tmp_path_factory.mktemp("history") / "it.duckdb"
    config = rc.DedupeConfig(spun=False, keep_updates=keep_updates)
    kept = set()
    for number, batch in enumerate(batches):
        result = rc.dedupe(documents(batch, number), config, index=path)
        kept |= {section.section_id for section in result.kept}
    if keep_updates or len(batches) > 2:
        return
    everything = [one for number, batch in enumerate(batches) for one in documents(batch, number)]
    old_first = rc.dedupe(everything, rc.DedupeConfig(spun=False, prefer="0/*"))
    assert kept == {section.section_id for section in old_first.kept}
    plain = rc.dedupe(everything, PLAIN)
    clusters = {name: set(one.members) for one in plain.clusters for name in one.members}
    for section in plain.sections:
        alone = all(
            not slow_match(plain.text(section.section_id), plain.text(other))
            for other in clusters.get(section.section_id, ())
            if other.startswith("0-")
        )
        if section.section_id.startswith("0-") or not alone or section.ordinal == 0:
            continue
        if not any(name.startswith("0-") for name in connected(plain, section.section_id)):
            assert (section.section_id in kept) == section.kept


def connected(result, name):
    """All that matches a section, directly or through others."""
    texts = {one.section_id: result.text(one.section_id) for one in result.sections if one.ordinal}
    found, waiting = {name}, [name]
    while waiting:
        text = texts[waiting.pop()]
        new = [other for other in texts if other not in found and slow_match(text, texts[other])]
        found.update(new)
        waiting += new
    return found


YEARS = [f"{year}年，{report(5, paragraphs=1)}" for year in (2014, 2015, 2016, 2015)]


def test_updates_of_what_is_old_are_kept_once(tmp_path):
    config = rc.DedupeConfig(keep_updates=True)
    path = tmp_path / "it.duckdb"
    first = rc.dedupe([rc.Document("a", YEARS[0])], config, index=path)
    assert len(first.kept) == 1
    second = rc.dedupe(documents(YEARS[1:], 1), config, index=path)
    assert [one.kept for one in second.sections] == [True, True, False]
    assert (
        second.sections[0].reason == "kept as an update: exact duplicate of a#1 in it.duckdb (years differ)"
    )
    assert second.sections[2].representative_id == "1-0#1"
    third = rc.dedupe(documents(YEARS, 2), config, index=path)
    assert [one.representative_id for one in third.sections] == ["a#1", "1-0#1", "1-1#1", "1-0#1"]
    assert not third.kept
    again = rc.dedupe(documents([report(5, paragraphs=1).join(["2014年，", ""])], 3), index=path)
    assert again.removed[0].representative_id == "a#1"


def test_the_closest_of_several_stands_for_a_section(tmp_path):
    text = report(1)
    rc.dedupe([rc.Document("far", reworded(text, 1, 6))], index=tmp_path / "one.duckdb")
    rc.dedupe([rc.Document("near", reworded(text, 2, 2))], index=tmp_path / "other.duckdb")
    both = [tmp_path / "one.duckdb", tmp_path / "other.duckdb"]
    for against in (both, both[::-1]):
        (section,) = rc.dedupe([text], against=against).sections
        assert section.representative_id == "near#1"
        assert "near duplicate of near#1 in other.duckdb (Jaccard" in section.reason
    assert list(held(both[0])) == ["far#1"]


def test_a_spun_copy_of_what_is_old_is_called_one_whichever_is_the_original(tmp_path):
    original = (
        "我们积极参加文明单位创建活动，通过学习提高认识，努力完成各项任务，积极开展文明礼貌教育，"
        "通过宣传提高文明程度，努力做好服务工作，积极推进改革，全年完成任务十二项，处理投诉四十件。"
    )
    copy = original.replace("积极", "用心").replace("文明", "礼貌").replace("努力", "勤奋")
    for old, new in ((original, copy), (copy, original)):
        path = tmp_path / f"{old == copy}.duckdb"
        rc.dedupe([rc.Document("old", old)], index=path)
        result = rc.dedupe([rc.Document("new", new)], rc.DedupeConfig(threshold=0.8), against=path)
        for section in result.removed:
            assert section.representative_id == "old#1"


def test_ids_that_the_index_has_are_told_apart(tmp_path):
    path = tmp_path / "it.duckdb"
    texts = [report(n) for n in range(3)]
    for batch in range(3):
        result = rc.dedupe([texts[batch]], index=path)
        assert result.kept
        assert "STR002" not in result.findings
    assert list(held(path)) == ["0#1", "0:2#1", "0:3#1"]
    source = write(tmp_path / "in.jsonl", [report(7)])
    run(source, tmp_path / "out", index=str(path))
    assert list(held(path))[3:] == ["0@in.jsonl:1#1"]


# Files.


@pytest.fixture
def two(tmp_path):
    """Two batches: of the second half repeats the first, or itself."""
    old = [report(n) for n in range(6)]
    new = [
        reworded(old[0], 1, 6),
        old[1].replace("，", "、"),
        report(20),
        reworded(report(20), 2, 6),
        report(21),
    ]
    return write(tmp_path / "old.jsonl", old, "old"), write(tmp_path / "new.jsonl", new, "new")


def test_the_second_batch_is_held_against_the_first(two, tmp_path):
    path = tmp_path / "it.duckdb"
    first = run(two[0], tmp_path / "one", index=str(path))
    assert first["history"] == {
        "against": [],
        "matched": 0,
        "index": "it.duckdb",
        "sections": 0,
        "added": 6,
        "batch": first["history"]["batch"],
    }
    second = run(two[1], tmp_path / "two", index=str(path))
    assert second["sections"] == {"in": 5, "kept": 2, "removed": 3, "quarantined": 0}
    assert second["history"]["matched"] == 2
    assert (second["history"]["sections"], second["history"]["added"]) == (6, 2)
    sections = pq.read_table(tmp_path / "two/sections.parquet").to_pylist()
    assert [one["representative_id"] for one in sections[:2]] == ["old0#1", "old1#1"]
    assert sections[1]["reason"] == "removed: exact duplicate of old1#1 in it.duckdb"
    texts = {
        one["section_id"]: one["text"] for one in pq.read_table(tmp_path / "two/texts.parquet").to_pylist()
    }
    assert texts["old0#1"].strip() == report(0).strip()
    (row,) = pq.read_table(tmp_path / "two/history.parquet").to_pylist()[:1]
    assert (row["section_id"], row["source"], row["index"]) == ("old0#1", "old.jsonl", "it.duckdb")
    clusters = [json.loads(line) for line in (tmp_path / "two/clusters.jsonl").read_text().splitlines()]
    assert clusters[0] == {
        "cluster_id": 1,
        "members": ["new0#1", "old0#1"],
        "representative_id": "old0#1",
        "reason": "it was in it.duckdb before",
    }
    kept = [json.loads(line)["id"] for line in (tmp_path / "two/kept/new.jsonl").read_text().splitlines()]
    assert set(kept) | {f"old{n}" for n in range(6)} == {name.partition("#")[0] for name in held(path)}


def test_the_command_says_what_it_found_and_compare_shows_it(two, tmp_path):
    for source, out in zip(two, ("one", "two"), strict=True):
        done = reportclean("dedupe", source, "-o", out, "--index", "it.duckdb", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert "history    2 sections matched it.duckdb; 2 added to it.duckdb" in done.stdout
    shown = reportclean("compare", "new0#1", "old0#1", "--result", "two", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "near" in shown.stdout
    assert "it was in it.duckdb before" in shown.stdout
    done = reportclean("dedupe", two[1], "-o", "three", "--against", "it.duckdb", cwd=tmp_path)
    assert "history    5 sections matched it.duckdb\n" in done.stdout


def test_any_number_of_workers(two, tmp_path, monkeypatch):
    for module in (jsonl, workers):
        monkeypatch.setattr(module, "CHUNK_BYTES", 3_000)
    monkeypatch.setattr(workers, "PROCESSES_FROM_BYTES", 1)
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        for source in two:
            out = tmp_path / f"{source.stem}{number}"
            run(source, out, index=str(tmp_path / f"{number}/it.duckdb"), workers=number)
    for name in ("old", "new"):
        assert resume_soak.contents(tmp_path / f"{name}1") == resume_soak.contents(tmp_path / f"{name}2")


def test_a_dry_run_and_against_change_nothing(two, tmp_path):
    path = tmp_path / "it.duckdb"
    run(two[0], None, index=str(path), dry_run=True)
    assert not path.exists()
    run(two[0], tmp_path / "one", index=str(path))
    before = path.read_bytes()
    dry = run(two[1], None, index=str(path), dry_run=True)
    against = run(two[1], tmp_path / "two", against=(str(path),))
    assert dry["sections"] == against["sections"] == {"in": 5, "kept": 2, "removed": 3, "quarantined": 0}
    assert path.read_bytes() == before


def test_marked_sections_are_in_the_output_and_in_the_index(two, tmp_path):
    path = tmp_path / "it.duckdb"
    run(two[0], tmp_path / "one", index=str(path))
    marked = run(two[1], tmp_path / "two", rc.DedupeConfig(mark=True), index=str(path))
    assert (marked["marked"], marked["history"]["added"]) == (3, 5)


def test_a_replaced_result_is_no_history_of_its_own(two, tmp_path):
    path = tmp_path / "it.duckdb"
    run(two[0], tmp_path / "one", index=str(path))
    run(two[1], tmp_path / "two", index=str(path))
    there = held(path)
    before = resume_soak.contents(tmp_path / "two")
    again = run(two[1], tmp_path / "two", index=str(path), overwrite=True)
    assert again["sections"]["kept"] == 2
    assert held_now(path) == there
    assert resume_soak.contents(tmp_path / "two") == before
    elsewhere = run(two[1], tmp_path / "three", index=str(path))
    assert elsewhere["sections"]["kept"] == 0


def held_now(path):
    """The same for an index from which something was removed."""
    with DuckDBStore(path, read_only=True) as store:
        rows = store._db.rows("select section_id, body from sections order by section")
    return dict(rows)


@pytest.mark.parametrize("place", ["write_summary", "write_tables"])
def test_a_run_that_fails_leaves_the_index_as_it_was(two, tmp_path, monkeypatch, place):
    path = tmp_path / "it.duckdb"

    def failing(*_args, **_settings):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(output, place, failing)
        with pytest.raises(rc.OutputError):
            run(two[0], tmp_path / "one", index=str(path))
        assert not list(tmp_path.glob("it.duckdb*"))
    run(two[0], tmp_path / "one", index=str(path))
    there = held(path)
    with monkeypatch.context() as patch:
        patch.setattr(output, place, failing)
        with pytest.raises(rc.OutputError):
            run(two[1], tmp_path / "two", index=str(path))
    assert held_now(path) == there


def test_a_result_that_cannot_take_its_place_is_taken_out_of_the_index(two, tmp_path, monkeypatch):
    path = tmp_path / "it.duckdb"
    run(two[0], tmp_path / "one", index=str(path))
    there = held(path)
    real = work_folders.commit

    def failing(point, made, place):
        if point is Commit.RESULT:
            raise OSError(5, "Input/output error")
        real(point, made, place)

    with monkeypatch.context() as patch:
        patch.setattr(work_folders, "commit", failing)
        with pytest.raises(rc.OutputError, match="Input/output error"):
            run(two[1], tmp_path / "two", index=str(path))
    assert held_now(path) == there
    assert run(two[1], tmp_path / "two", index=str(path))["sections"]["kept"] == 2


DYING = """
import os, signal, sys
from reportclean import cli
from reportclean.engines import commits, folder
real = commits.commit
def commit(point, made, place):
    if (point.name, "before") == {kill!r}:
        os.kill(os.getpid(), signal.SIGKILL)
    real(point, made, place)
    if (point.name, "after") == {kill!r}:
        os.kill(os.getpid(), signal.SIGKILL)
commits.commit = folder.commit = commit
sys.argv = ["reportclean", "dedupe", "new.jsonl", "-o", "two", "--index", "it.duckdb", "--workers", "1", *{more!r}]
cli.main()
"""


@pytest.mark.parametrize(
    ("kill", "more", "then", "added"),
    [
        (("SUMMARY", "after"), [], [], 0),
        (("INDEX", "before"), [], [], 0),
        (("INDEX", "after"), [], [], 0),  # the index is about to be changed
        (("RESULT", "before"), [], [], 2),  # it is changed
        (("RESULT", "before"), [], ["--fresh"], 2),
        (("ASIDE", "after"), ["--overwrite"], ["--overwrite"], 2),
        (("RESULT", "after"), [], ["--overwrite"], 2),
    ],
)
def test_a_run_that_is_killed_changes_the_index_once(two, tmp_path, kill, more, then, added):
    path = tmp_path / "it.duckdb"
    run(two[0], tmp_path / "one", index=str(path))
    run(two[1], tmp_path / "whole", against=(str(path),))
    if more:
        run(two[1], tmp_path / "two")
    there = held(path)
    script = DYING.format(kill=kill, more=more)
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(held_now(path)) == len(there) + added
    again = reportclean("dedupe", "new.jsonl", "-o", "two", "--index", "it.duckdb", *then, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert len(held_now(path)) == len(there) + 2
    assert list(held_now(path))[: len(there)] == list(there)
    whole, two_ = (resume_soak.contents(tmp_path / name) for name in ("whole", "two"))
    for name in whole.keys() - {"summary.json"}:
        assert two_[name] == whole[name], name
    assert not (tmp_path / "two.partial").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--index", "it.duckdb", "--seed", "2"], "was made with --seed 1, not 2; use --seed 1, or build"),
        (["--index", "it.duckdb", "--unit", "document"], "use --unit section, or build another index"),
        (["--index", "it.duckdb", "--threshold", "0.7"], "use --threshold 0.8 or higher"),
        (["--against", "it.duckdb", "--num-perm", "64"], "use --num-perm 128"),
        (["--against", "none.duckdb"], "there is no index none.duckdb"),
        (["--against", "old.jsonl"], "old.jsonl is not an index"),
        (["--index", "it.duckdb", "--against", "./it.duckdb"], "named twice"),
        (["--index", "low.duckdb"], "use --num-perm 512"),
        (["--index", "it.duckdb", "--spin-lexicon", "words.tsv"], "an index knows no spin lexicon"),
    ],
)
def test_what_cannot_be_compared_is_refused(two, tmp_path, arguments, said):
    run(two[0], tmp_path / "one", index=str(tmp_path / "it.duckdb"))
    run(two[0], tmp_path / "low", rc.DedupeConfig(threshold=0.6), index=str(tmp_path / "low.duckdb"))
    (tmp_path / "words.tsv").write_text("original\tspun\tpairs\n积极\t用心\t3\n", encoding="utf-8")
    done = reportclean("dedupe", "new.jsonl", "-o", "two", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "two").exists()
    assert not (tmp_path / "two.partial").exists()


def test_a_file_of_settings_names_indexes_too(two, tmp_path):
    run(two[0], tmp_path / "one", index=str(tmp_path / "it.duckdb"))
    (tmp_path / "reportclean.toml").write_text('[dedupe]\nagainst = ["it.duckdb"]\n', encoding="utf-8")
    done = reportclean("dedupe", "new.jsonl", "-o", "two", cwd=tmp_path)
    assert "history    2 sections matched it.duckdb" in done.stdout, done.stderr
