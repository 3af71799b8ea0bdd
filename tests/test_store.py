"""One suite for every store: what is added is found, what is removed is not, and nothing happens by halves."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.errors import ConfigError, IndexMismatchError, StoreError
from reportclean.index import duckdb_file, duckdb_segments
from reportclean.index import segments as seg
from reportclean.index.duckdb_store import DuckDBStore, remove_index
from reportclean.index.keys import codes_of, key_texts
from reportclean.index.matching import Asked, find_closest, find_matches
from reportclean.index.memory_store import MemoryStore
from reportclean.index.section_index import SectionIndex
from reportclean.kernels import reference
from reportclean.kernels.constants import CODE_POINT, TOKEN_START
from reportclean.near.bands import band_keys, choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.text.folding import fold_batch, key_to_str
from sections import batch_of

CONFIG = DedupeConfig()
REPORT = "全年共检修线路一百二十公里，更换老旧电表三千余只，处理投诉四十件，走访用户两千户，组织培训十二次。"
OTHER = "读者服务部新办借书证八百张，接待到馆读者九万人次，举办讲座二十四场，更新馆藏目录三千余条。"
SHORT = "见附件。"


@pytest.fixture(params=["memory", "duckdb", "duckdb, each time opened anew", "duckdb, small segments"])
def store(request, tmp_path, monkeypatch):
    if request.param == "memory":
        yield MemoryStore(CONFIG)
        return
    if "small" in request.param:
        monkeypatch.setattr(duckdb_segments, "_FILE_FROM_KEYS", 1)
        monkeypatch.setattr(seg, "FAN", 2)
    made = DuckDBStore(tmp_path / "it.duckdb", CONFIG, threads=1)
    yield Reopened(made) if "anew" in request.param else made
    made.close()


class Reopened:
    """A store that is closed after every call."""

    def __init__(self, store):
        self._path = store.path
        store.close()

    def __getattr__(self, name):
        def call(*arguments, **named):
            with DuckDBStore(self._path, threads=1) as store:
                result = getattr(store, name)(*arguments, **named)
                return list(result) if name == "candidates" else result

        if name == "settings":
            with DuckDBStore(self._path, threads=1) as store:
                return store.settings
        return call


def variants(count, base=REPORT):
    """Texts, each a little further from the first."""
    return [base + "又修建桥梁水渠仓库"[:number] for number in range(count)]


def test_equal_and_near_sections_are_found_and_others_are_not(store):
    store.add(batch_of([REPORT, OTHER, SHORT], CONFIG))
    asked = batch_of(
        [REPORT.replace("，", "、"), REPORT.replace("十二次", "十三次"), "见附表。", SHORT], CONFIG
    )
    found = find_matches(store, asked, CONFIG)
    assert found.rows.tolist() == [0, 1, 3]
    assert found.keys.tolist() == [0, 0, 2]
    assert found.exact.tolist() == [True, False, True]
    assert found.jaccard[[0, 2]].tolist() == [1, 1]
    assert 0.8 <= found.jaccard[1] < 1


def test_sections_with_equal_keys_share_one(store):
    added = store.add(batch_of([REPORT, OTHER, REPORT + "。"], CONFIG))
    assert added.keys.tolist() == [0, 1, 0]
    again = store.add(batch_of([SHORT, OTHER], CONFIG, ["e#1", "e#2"]))
    assert again.keys.tolist() == [2, 1]
    assert again.fresh.tolist() == [True, False]
    assert again.sections.tolist() == [3, 4]
    places, sections = store.of_keys(np.array([1, 0]))
    assert (places.tolist(), sections.tolist()) == ([0, 0, 1, 1], [1, 4, 0, 2])


def test_front_matter_and_sections_without_tokens_match_nothing(store):
    added = store.add(batch_of([REPORT, "。。。"], CONFIG, ordinals=[0, 1]))
    assert added.keys.tolist() == [-1, -1]
    assert len(find_matches(store, batch_of([REPORT, "。。。"], CONFIG), CONFIG).rows) == 0
    assert store.info().sections == 2


def test_facts_come_back_as_they_were_given(store):
    batch = batch_of([REPORT, OTHER, SHORT], CONFIG)
    store.add(batch)
    columns, keys = store.columns(np.array([2, 0]))
    wanted = batch.columns.take(np.array([2, 0]))
    for name in wanted.__slots__:
        assert list(getattr(columns, name)) == list(getattr(wanted, name)), name
    assert keys.tolist() == [2, 0]
    assert np.array_equal(store.signatures(np.array([1, 0, 1])), batch.signatures[[1, 0, 1]])
    hashes, offsets = store.shingles(np.array([1, 0]))
    folded = fold_batch([OTHER, REPORT])
    wanted = reference.sorted_sets(*reference.shingle_hashes(folded.codes, folded.offsets, 5))
    assert np.array_equal(hashes, wanted[0])
    assert np.array_equal(offsets, wanted[1])


def test_sections_are_found_by_their_names(store):
    store.add(batch_of([REPORT, OTHER, SHORT], CONFIG, ["a#1", "a#2", "b#1"]))
    assert store.of_documents(["b", "nobody", "a"]).tolist() == [0, 1, 2]
    assert store.of_ids(["a#2", "a#3"]).tolist() == [1]
    assert store.of_ids([]).tolist() == []


def test_what_was_removed_is_not_found_and_comes_back_when_it_is_added_again(store):
    store.add(batch_of([REPORT, REPORT, OTHER], CONFIG))
    asked = batch_of([REPORT, OTHER], CONFIG)
    assert store.remove(np.array([0])) == 1
    assert find_matches(store, asked, CONFIG).rows.tolist() == [0, 1]
    assert store.remove(np.array([1, 1, 0])) == 1
    assert find_matches(store, asked, CONFIG).rows.tolist() == [1]
    assert store.info().unused == 1
    store.add(batch_of([REPORT], CONFIG))  # the id is free again
    assert find_matches(store, asked, CONFIG).rows.tolist() == [0, 1]
    assert store.info().unused == 0


def test_compacting_changes_no_answer(store):
    store.add(batch_of(variants(4), CONFIG, [f"a{n}#1" for n in range(4)]))
    store.add(batch_of([OTHER, SHORT], CONFIG, ["b#1", "b#2"]))
    store.remove(store.of_documents(["a0", "b"]))
    asked = batch_of([REPORT, OTHER, *variants(4)], CONFIG)
    before = find_matches(store, asked, CONFIG)
    store.compact()
    after = find_matches(store, asked, CONFIG)
    assert [getattr(after, name).tolist() for name in after.__slots__] == [
        getattr(before, name).tolist() for name in before.__slots__
    ]
    assert store.info().unused == 0
    added = store.add(batch_of([OTHER], CONFIG, ["c#1"]))
    assert added.keys.tolist() == [6]  # no number is given twice
    assert find_matches(store, batch_of([OTHER], CONFIG), CONFIG).keys.tolist() == [6]


@pytest.mark.parametrize(
    ("names", "said"), [(["x#1", "d0#1"], "section d0#1 is in the index"), (["x#1", "x#1"], "x#1 is twice")]
)
def test_an_id_is_there_once_and_nothing_is_added_by_halves(store, names, said):
    store.add(batch_of([REPORT], CONFIG))
    with pytest.raises(StoreError, match=said):
        store.add(batch_of([OTHER, SHORT], CONFIG, names))
    assert store.info().sections == 1
    assert store.of_ids(["x#1"]).tolist() == []
    assert store.add(batch_of([OTHER], CONFIG, ["x#1"])).keys.tolist() == [1]


def test_nothing_at_all(store):
    empty = batch_of([], CONFIG)
    assert len(store.add(empty, "nothing").keys) == 0
    assert len(find_matches(store, batch_of([REPORT], CONFIG), CONFIG).rows) == 0
    assert len(find_matches(store, empty, CONFIG).rows) == 0
    assert store.remove(np.empty(0, np.int64)) == 0
    assert store.shingles(np.empty(0, np.int64))[1].tolist() == [0]
    assert store.signatures(np.empty(0, np.int64)).size == 0
    store.compact()
    held = store.info()
    assert (held.documents, held.sections, held.keys, held.batches) == (0, 0, 0, ("nothing",))


def test_before_makes_each_pair_of_a_collection_come_once(store):
    batch = batch_of(variants(6), CONFIG)
    keys = store.add(batch).keys
    whole = pairs(store.candidates(batch.signatures, 0.8))
    once = pairs(store.candidates(batch.signatures, 0.8, keys))
    assert once == {pair for pair in whole if pair[1] < pair[0]}
    assert whole >= {(row, row) for row in range(6)}
    assert len(once) >= 5


def pairs(blocks):
    listed = [pair for left, right in blocks for pair in zip(left.tolist(), right.tolist(), strict=True)]
    assert len(listed) == len(set(listed))
    return set(listed)


@pytest.mark.parametrize("pairs_at_once", [1, 7, 10_000])
def test_blocks_have_all_pairs_whatever_their_size(store, pairs_at_once):
    rng = np.random.default_rng(1)
    texts = [REPORT[: 20 + int(n)] + OTHER[int(n) :] for n in rng.integers(0, 8, 40)]
    batch = batch_of(texts, CONFIG)
    for begin in range(0, 40, 5):
        store.add(batch.take(np.arange(begin, begin + 5)))
    assert pairs(store.candidates(batch.signatures, 0.8, None, pairs_at_once)) == slow_pairs(
        batch, store.find_keys(batch.key_hashes)
    )


def slow_pairs(batch, keys):
    """Every pair that shares a band and agrees in enough low bytes."""
    bands = band_keys(batch.signatures, choose_bands(CONFIG))
    low = batch.signatures.astype(np.uint8)
    return {
        (row, int(keys[other]))
        for row in range(len(batch))
        for other in range(len(batch))
        if (bands[row] == bands[other]).any() and (low[row] == low[other]).sum() >= 84
    }


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.sampled_from([*variants(4), OTHER, SHORT, "。"]), max_size=6), max_size=4), st.data()
)
def test_stores_agree_with_each_other_and_with_looking_at_every_pair(tmp_path_factory, groups, data):
    path = tmp_path_factory.mktemp("store") / "it.duckdb"
    stores = [MemoryStore(CONFIG), DuckDBStore(path, CONFIG, threads=1)]
    alive = {}
    for number, texts in enumerate(groups):
        names = [f"{number}#{row}" for row in range(len(texts))]
        batch = batch_of(texts, CONFIG, names)
        added = [store.add(batch) for store in stores]
        assert added[0].keys.tolist() == added[1].keys.tolist()
        alive |= zip(added[0].sections.tolist(), texts, strict=True)
        gone = np.array(
            sorted(data.draw(st.sets(st.sampled_from(sorted(alive))) if alive else st.just(set()))), np.int64
        )
        assert len({store.remove(gone) for store in stores}) == 1
        for section in gone.tolist():
            del alive[section]
    asked = batch_of([*variants(4), OTHER, SHORT], CONFIG)
    answers = []
    for store in stores:
        found = find_matches(store, asked, CONFIG)
        best = found.best()
        closest = find_closest(store, Asked.of(asked, np.arange(len(asked)), 5), CONFIG)
        for name in ("rows", "jaccard", "containment", "exact"):
            assert getattr(closest, name).tolist() == getattr(best, name).tolist(), name
        places, sections = store.of_keys(np.unique(found.keys))
        by_key = {}
        for place, section in zip(places.tolist(), sections.tolist(), strict=True):
            by_key.setdefault(np.unique(found.keys)[place], set()).add(section)
        answers.append(
            {
                (row, one)
                for row, key in zip(found.rows.tolist(), found.keys, strict=True)
                for one in by_key[key]
            }
        )
        store.close()
    texts = [*variants(4), OTHER, SHORT]
    slow = {
        (row, one)
        for row, text in enumerate(texts)
        for one, other in alive.items()
        if slow_match(text, other)
    }
    assert answers == [slow, slow]


def slow_match(text, other):
    keys = [key_to_str(fold_batch([one]).codes) for one in (text, other)]
    if keys[0] == keys[1]:
        return keys[0] != ""
    if min(map(len, keys)) < CONFIG.min_tokens:
        return False
    sets = [{key[n : n + 5] for n in range(len(key) - 4)} for key in keys]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1]) >= CONFIG.threshold


# What keys are kept as.


@given(st.lists(st.text(alphabet="年报a b1éア　가。，x\n20xx__市แ́", max_size=12)))
def test_keys_come_back_from_their_texts(texts):
    keys = fold_batch(texts)
    written = key_texts(keys)
    assert [
        written.data[a:b].tobytes().decode()
        for a, b in zip(written.offsets, written.offsets[1:], strict=False)
    ] == [key_to_str(keys.codes[a:b]) for a, b in zip(keys.offsets, keys.offsets[1:], strict=False)]
    codes, offsets = codes_of(written)
    assert np.array_equal(codes, keys.codes & np.uint32(CODE_POINT | TOKEN_START))
    assert np.array_equal(offsets, keys.offsets)


# Segments.


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=5), min_size=1, max_size=4),
    st.sets(st.integers(0, 20)),
)
def test_merged_segments_hold_what_their_parts_held(groups, dead):
    parts, first = [], 0
    for group in groups:
        hashes = np.array([[value, value] for value in group], np.uint64)
        signatures = np.zeros((len(group), 128), np.uint32)
        parts.append(seg.build(first, hashes, signatures, np.zeros(len(group), bool), choose_bands(CONFIG)))
        first += len(group)
    gone = np.array(sorted(dead), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seg, "_ENTRIES_AT_ONCE", 2)
        whole = seg.merge(parts, gone)
    flat = [value for group in groups for value in group]
    entries = sorted((value, number) for number, value in enumerate(flat) if number not in dead)
    assert list(zip(whole.values.tolist(), whole.numbers.tolist(), strict=True)) == entries
    assert whole.checks.tolist() == flat


# Settings.


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"threshold": 0.7}, "use --threshold 0.8 or higher"),
        ({"shingle_size": 4}, "was made with --shingle-size 5, not 4"),
        ({"seed": 2}, "was made with --seed 1, not 2"),
        ({"num_perm": 256}, "was made with --num-perm 128, not 256"),
        ({"unit": "document"}, "was made with --unit section, not document"),
        ({"min_tokens": 5}, "use 20 or more"),
    ],
)
def test_settings_that_cannot_be_answered_are_refused(store, tmp_path, changed, said):
    other = DedupeConfig(**changed)
    with pytest.raises(IndexMismatchError, match=said):
        find_matches(store, batch_of([REPORT], CONFIG), other)
    if isinstance(store, DuckDBStore):
        store.add(batch_of([OTHER], CONFIG))
        store.close()
        with pytest.raises(IndexMismatchError, match=said):
            DuckDBStore(tmp_path / "it.duckdb", other)


def test_a_higher_threshold_may_be_asked_for(store):
    store.add(batch_of([REPORT], CONFIG))
    asked = batch_of([REPORT.replace("十二次", "十三次")], CONFIG)
    assert len(find_matches(store, asked, CONFIG).rows) == 1
    assert len(find_matches(store, asked, DedupeConfig(threshold=0.95)).rows) == 0


@pytest.mark.parametrize("name", ["fold_version", "arithmetic"])
def test_keys_of_another_version_are_refused(tmp_path, name):
    path = tmp_path / "it.duckdb"
    with DuckDBStore(path, CONFIG) as store:
        store.add(batch_of([REPORT], CONFIG))
    change(path, "update meta set value = '99' where name = ?", name)
    with pytest.raises(IndexMismatchError, match=r"another version of reportclean.*build it again"):
        DuckDBStore(path, CONFIG)


@pytest.mark.parametrize(
    ("version", "said"), [(0, "older reportclean.*build it again"), (3, "newer.*update")]
)
def test_another_schema_is_refused(tmp_path, version, said):
    path = tmp_path / "it.duckdb"
    DuckDBStore(path, CONFIG).close()
    change(path, "update meta set value = ? where name = 'schema_version'", version)
    with pytest.raises(StoreError, match=said):
        DuckDBStore(path)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_without_titles_is_brought_up_to_date(tmp_path, read_only):
    path = tmp_path / "it.duckdb"
    batch = batch_of([REPORT, OTHER], CONFIG)
    with DuckDBStore(path, CONFIG) as store:
        store.add(batch)
    change(path, "alter table sections drop column title")
    change(path, "update meta set value = '1' where name = 'schema_version'")
    with DuckDBStore(path, read_only=read_only) as store:
        columns, _ = store.columns(np.arange(2))
        assert (columns.bodies, columns.titles) == ([REPORT, OTHER], ["", ""])
        assert find_matches(store, batch, CONFIG).rows.tolist() == [0, 1]
        if not read_only:
            store.add(batch_of([SHORT], CONFIG, ["x#1"]))
            assert store.columns(np.array([2]))[0].bodies == [SHORT]


def test_an_index_in_which_nothing_ever_was_takes_other_settings(tmp_path):
    path = tmp_path / "it.duckdb"
    DuckDBStore(path, CONFIG).close()
    other = DedupeConfig(seed=2, shingle_size=3)
    with DuckDBStore(path, other) as store:
        assert store.settings.seed == 2
        store.add(batch_of([REPORT], other))
        assert find_matches(store, batch_of([REPORT], other), other).rows.tolist() == [0]


def change(path, order, *values):
    with duckdb.connect(str(path)) as connection:
        connection.execute(order, values).fetchall()


# The file.


def test_a_missing_duckdb_is_named_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ConfigError, match=r"pip install 'reportclean\[store\]'"):
        DuckDBStore(tmp_path / "it.duckdb", CONFIG)


def test_one_writes_and_others_are_told_who(tmp_path):
    path = tmp_path / "it.duckdb"
    with DuckDBStore(path, CONFIG) as store:
        with pytest.raises(StoreError, match="open in this process"):
            DuckDBStore(path, CONFIG)
        done = subprocess.run(
            [sys.executable, "-m", "reportclean", "index", "info", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert f"is being used by process {os.getpid()}; wait for it" in done.stderr
        store.add(batch_of([REPORT], CONFIG))
    with DuckDBStore(path, read_only=True) as store, pytest.raises(StoreError, match="read only"):
        store.add(batch_of([OTHER], CONFIG))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no database " * 500, "is not an index"),
        (None, "there is no index"),
        (b"", "is not an index"),
    ],
)
def test_what_is_no_index_is_said_so(tmp_path, content, said):
    path = tmp_path / "it.duckdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=said):
        DuckDBStore(path)


def test_an_empty_database_becomes_an_index_only_where_one_is_wanted(tmp_path):
    path = tmp_path / "it.duckdb"
    change(path, "checkpoint")
    with pytest.raises(StoreError, match="is empty, not an index"):
        DuckDBStore(path)
    with DuckDBStore(path, CONFIG) as store:
        assert store.info().sections == 0


def test_a_database_of_somebody_else_is_left_alone(tmp_path):
    path = tmp_path / "it.duckdb"
    change(path, "create table mine (n integer)")
    with pytest.raises(StoreError, match=r"no index of reportclean's"):
        DuckDBStore(path, CONFIG)


def test_the_limit_of_memory_is_handed_on_and_a_bad_one_named(tmp_path):
    path = tmp_path / "it.duckdb"
    with DuckDBStore(path, CONFIG, memory_limit="200MB", temporary=tmp_path / "spill") as store:
        query = "select current_setting('memory_limit'), current_setting('temp_directory')"
        assert store._db.rows(query) == [("190.7 MiB", str(tmp_path / "spill"))]
    with pytest.raises(ConfigError, match="memory_limit is 'much'"):
        DuckDBStore(path, memory_limit="much")


@pytest.mark.parametrize("damage", ["removed", "cut", "another"])
def test_segments_that_are_lost_are_made_again(tmp_path, monkeypatch, damage):
    monkeypatch.setattr(duckdb_segments, "_FILE_FROM_KEYS", 1)
    path = tmp_path / "it.duckdb"
    with DuckDBStore(path, CONFIG) as store:
        store.add(batch_of([*variants(3), OTHER], CONFIG))
        store.add(batch_of([SHORT], CONFIG, ["s#1"]))
        store.remove(np.array([3]))
    folder = tmp_path / "it.duckdb.segments"
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_size)
    assert len(files) == 2
    if damage == "removed":
        files[-1].unlink()
    elif damage == "cut":
        files[-1].write_bytes(files[-1].read_bytes()[:-1])
    else:
        (folder / "0123.segment").write_bytes(b"left by a process that died")
        (folder / "4567.part").write_bytes(b"the same")
    asked = batch_of([*variants(3), OTHER, SHORT], CONFIG)
    for read_only in (True, False):
        with DuckDBStore(path, read_only=read_only) as store:
            found = find_matches(store, asked, CONFIG)
            assert set(zip(found.rows.tolist(), found.keys.tolist(), strict=True)) >= {
                (0, 0),
                (1, 1),
                (2, 2),
                (4, 4),
            }
            assert 3 not in found.rows
    assert not (folder / "0123.segment").exists()
    assert not (folder / "4567.part").exists()


def test_a_full_disk_under_the_segments_costs_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(duckdb_segments, "_FILE_FROM_KEYS", 1)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(duckdb_segments.segment_files, "write", full)
    path = tmp_path / "it.duckdb"
    with DuckDBStore(path, CONFIG) as store:
        store.add(batch_of([REPORT], CONFIG))
    with DuckDBStore(path) as store:
        assert len(find_matches(store, batch_of([REPORT], CONFIG), CONFIG).rows) == 1


DYING = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from sections import batch_of
from reportclean.index.duckdb_store import DuckDBStore
from reportclean.near.options import DedupeConfig
config = DedupeConfig()
store = DuckDBStore({path!r}, config)
store.add(batch_of([{report!r}], config))
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
{where} = die
store.add(batch_of([{other!r}], config, ["x#1"]))
"""


@pytest.mark.parametrize(
    ("where", "kept"),
    [("store._insert_keys", 1), ("store._before_commit", 1), ("store._index.append", 2)],
)
def test_a_process_that_dies_leaves_whole_batches(tmp_path, where, kept):
    path = tmp_path / "it.duckdb"
    script = DYING.format(
        tests=str(Path(__file__).parent), path=str(path), report=REPORT, other=OTHER, where=where
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    asked = batch_of([REPORT, OTHER], CONFIG)
    with DuckDBStore(path, read_only=True) as store:
        assert store.info().sections == kept
        assert find_matches(store, asked, CONFIG).rows.tolist() == list(range(kept))
    with DuckDBStore(path) as store:
        if kept == 1:
            store.add(batch_of([OTHER], CONFIG, ["x#1"]))
        assert find_matches(store, asked, CONFIG).keys.tolist() == [0, 1]


def test_several_changes_are_one_or_none(tmp_path, monkeypatch):
    monkeypatch.setattr(duckdb_segments, "_FILE_FROM_KEYS", 1)
    monkeypatch.setattr(seg, "FAN", 2)
    path = tmp_path / "it.duckdb"
    texts = variants(8)
    asked = batch_of(texts, CONFIG)
    with DuckDBStore(path, CONFIG) as store:
        for n in range(3):
            store.add(batch_of([texts[n]], CONFIG, [f"a{n}#1"]), "first")
    for fails in (True, False):
        store = DuckDBStore(path)
        with contextlib.suppress(ZeroDivisionError), store, store.transaction():
            assert store.take_back("first") == 3
            for n in range(3, 8):
                store.add(batch_of([texts[n]], CONFIG, [f"b{n}#1"]), "second")
            assert find_matches(store, asked, CONFIG).exact.sum() == 5
            1 // (not fails)
        with DuckDBStore(path, read_only=True) as store:
            info = store.info()
            assert info.batches == (("first",) * 3 if fails else ("second",) * 5)
            assert info.sections == (3 if fails else 5)
            exact = find_matches(store, asked, CONFIG)
            assert exact.rows[exact.exact].tolist() == ([0, 1, 2] if fails else [3, 4, 5, 6, 7])


def test_an_index_is_removed_with_all_that_stands_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(duckdb_segments, "_FILE_FROM_KEYS", 1)
    with DuckDBStore(tmp_path / "it.duckdb", CONFIG) as store:
        store.add(batch_of([REPORT], CONFIG))
    assert len(list(tmp_path.iterdir())) == 2
    remove_index(tmp_path / "it.duckdb")
    assert not list(tmp_path.iterdir())


def test_a_lone_surrogate_does_not_stop_an_index(store):
    store.add(batch_of([REPORT + "\ud83d"], CONFIG))
    assert find_matches(store, batch_of([REPORT], CONFIG), CONFIG).exact.tolist() == [True]


def test_duckdb_is_imported_in_one_module():
    folder = Path(duckdb_file.__file__).parents[1]
    naming = [
        file.name
        for file in folder.rglob("*.py")
        if "import duckdb\n" in file.read_text() or "import duckdb " in file.read_text()
    ]
    assert naming == ["duckdb_file.py"]


def test_an_index_knows_no_spin_lexicon():
    """Keys made with one would never be compared with its own."""
    config = DedupeConfig(spin_lexicon="swaps.tsv")
    for refuses in (lambda: SectionIndex(config), lambda: MemoryStore(config)):
        with pytest.raises(IndexMismatchError, match="spin lexicon"):
            refuses()
