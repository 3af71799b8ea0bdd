"""``dedupe``, ``clean`` and ``check`` on tables: what they say of the texts, and what is left of the table."""

import datetime as dt
import subprocess
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import reportclean as rc
from corpora import report, reworded

PAGE = "检修班工作总结（精选3篇）\n" + "".join(f"检修班工作总结 篇{n + 1}\n{report(n)}" for n in range(3))
ROWS = [
    {"id": "page", "text": PAGE, "n": 1, "tags": ["a"]},
    {"id": "copy", "text": report(1), "n": 2, "tags": []},
    {"id": "none", "text": None, "n": 3, "tags": None},
    {"id": "other", "text": report(7), "n": 4, "tags": ["b", "c"]},
    {"id": "other", "text": "。。。\x00", "n": 5, "tags": ["d"]},
    {"id": "near", "text": reworded(report(7), 1, 9), "n": 6, "tags": ["e"]},
    {"id": "blank", "text": " \n", "n": 7, "tags": ["f"]},
    {"id": "dirty", "text": report(9).replace("。", "。。", 1), "n": 8, "tags": ["g"]},
]
FIRST = rc.DedupeConfig(keep="first")
TABLES = {
    "pandas": pd.DataFrame(ROWS),
    "polars": pl.DataFrame(ROWS),
    "pyarrow": pa.Table.from_pylist(ROWS),
}


def rows_of(table):
    if isinstance(table, pd.DataFrame):
        return pa.Table.from_pandas(table, preserve_index=False).to_pylist()
    return pa.table(table).to_pylist()


@pytest.fixture(scope="module")
def plain():
    """What documents give, as the measure of what tables give."""
    documents = [
        rc.Document(row["id"], row["text"] or "", "table", number) for number, row in enumerate(ROWS, 1)
    ]
    return rc.dedupe(documents, FIRST)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_gives_what_its_documents_give(table, plain):
    result = rc.dedupe(table, FIRST)
    assert isinstance(result, rc.DedupeResult)
    assert result.to_dict() == plain.to_dict()
    assert result.kept_documents == plain.kept_documents
    assert type(result.table) is type(table)
    left = rows_of(result.table)
    assert [row["text"] for row in left] == [document.text for document in plain.kept_documents]
    assert [row["n"] for row in left] == [1, 4, 5, 8]
    assert list(result.rows) == [0, 3, 4, 7]
    given = rows_of(table)
    assert [{**row, "text": ""} for row in left] == [{**given[row], "text": ""} for row in result.rows]


def test_rows_add_up(plain):
    assert [(item.source, item.line, item.reason) for item in plain.quarantined] == [
        ("table", 3, "empty"),
        ("table", 7, "empty"),
    ]
    removed = [row.document_id for row in plain.documents if not row.kept]
    assert removed == ["copy", "near"]
    assert [row.document_id for row in plain.documents] == [
        "page", "copy", "other", "other@table:5", "near", "dirty"
    ]  # fmt: skip


def test_a_document_that_loses_a_section_stays_with_what_is_left():
    table = pd.DataFrame({"text": [report(1), PAGE]}, index=["first", "second"])
    result = rc.dedupe(table, FIRST)
    assert result.table.index.tolist() == ["first", "second"]
    assert report(1)[:40] not in result.table["text"]["second"]
    assert report(2)[:40] in result.table["text"]["second"]
    assert [section.document_id for section in result.removed] == ["1"]


def test_the_index_of_pandas_stays_whatever_it_is():
    table = pd.DataFrame({"text": [report(1), report(1), report(2)]}, index=[7, 7, 7])
    assert rc.dedupe(table).table.index.tolist() == [7, 7]
    assert rc.clean(table).index.tolist() == [7, 7, 7]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_clean_changes_the_text_and_nothing_else(table):
    cleaned = rc.clean(table)
    assert type(cleaned) is type(table)
    expected = [row | {"text": row["text"] and rc.clean(row["text"]).text} for row in rows_of(table)]
    assert rows_of(cleaned) == expected
    assert rows_of(rc.clean(cleaned)) == expected


def test_clean_takes_settings_and_single_columns():
    config = rc.CleanConfig(script="traditional")
    assert rc.clean(pl.Series("t", ["工会。。"]), config).to_list() == ["工會。"]
    assert rc.clean(pd.Series(["工会。。"], index=["x"])).to_dict() == {"x": "工会。"}
    body = pd.DataFrame({"body": ["工会。。"]})
    assert rc.clean(body, text_column="body")["body"].tolist() == ["工会。"]


def test_lines_that_stand_in_many_rows_are_boilerplate():
    texts = [f"{report(n)}欢迎访问本站供电频道首页\n" for n in range(6)]
    config = rc.CleanConfig(drop=("boilerplate",), boilerplate_min_documents=5)
    assert "频道首页" not in "".join(rc.clean(pl.Series(texts), config))
    result = rc.dedupe(pl.DataFrame({"text": texts}), clean=config)
    assert "频道首页" not in "".join(result.table["text"])


@pytest.mark.parametrize("keep", ["first", "newest"])
def test_dates_of_any_column_type_decide_what_is_newest(keep):
    moments = [dt.datetime(2015, 1, 2, tzinfo=dt.UTC), dt.datetime(2016, 1, 2, tzinfo=dt.UTC)]
    texts = [report(3), report(3)]
    config = rc.DedupeConfig(keep=keep)
    for table in (
        pa.table({"text": texts, "at": pa.array(moments, pa.timestamp("ns", "UTC"))}),
        pa.table({"text": texts, "at": pa.array([m.date() for m in moments], pa.date32())}),
        pd.DataFrame({"text": texts, "at": pd.to_datetime(moments)}),
        pl.DataFrame({"text": texts, "at": moments}),
        pl.DataFrame({"text": texts, "at": ["2015-01-02", "2016-01-02"]}),
    ):
        assert rc.dedupe(table, config, date_column="at").rows == ((1,) if keep == "newest" else (0,))


def test_ids_of_any_column_type():
    texts = [report(1), report(2), report(3)]
    for ids, expected in (
        ([1, 2, 3], ["1", "2", "3"]),
        ([1.0, None, 2.5], ["1", "1@table:2", "2.5"]),
        (["a", "", "a"], ["a", "1", "a@table:3"]),
    ):
        for table in (pd.DataFrame({"key": ids, "text": texts}), pl.DataFrame({"key": ids, "text": texts})):
            found = rc.dedupe(table, id_column="key").documents
            assert [row.document_id for row in found] == expected
    assert [row.document_id for row in rc.dedupe(pd.DataFrame({"text": texts})).documents] == ["0", "1", "2"]


@pytest.mark.parametrize("made", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "pyarrow"])
def test_tables_of_no_rows(made):
    empty = made({"text": [], "n": []})
    result = rc.dedupe(empty)
    assert len(result.table) == 0
    assert list(pa.table(result.table).column_names) == ["text", "n"]
    assert len(rc.clean(empty)) == 0


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_check_names_rows(table):
    found = rc.check(table, select=["ART020", "DUP"]).findings
    places = {(one.path, one.line, one.code, one.document_id) for one in found}
    assert ("table", 8, "ART020", "dirty") in places
    assert {(line, document) for _, line, code, document in places if code.startswith("DUP")} <= {
        (number, row["id"]) for number, row in enumerate(ROWS, 1)
    }
    documents = [rc.Document(row["id"], row["text"] or "", "table", n) for n, row in enumerate(ROWS, 1)]
    assert found == rc.check(documents, select=["ART020", "DUP"]).findings
    assert rc.check(table, select=["DUP"], against=table).by_code["DUP001"] >= 3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: rc.dedupe({"text": ["甲"]}), "documents is dict"),
        (lambda: rc.dedupe(3), "documents is int"),
        (lambda: rc.dedupe([{"text": "甲"}]), r"documents\[0\] is dict"),
        (lambda: rc.check("甲"), "documents is one text"),
        (lambda: rc.clean(["甲"]), "text is list"),
        (lambda: rc.clean(None), "text is NoneType"),
        (lambda: rc.dedupe(["甲"], workers=0), "workers is 0"),
        (lambda: rc.dedupe(TABLES["polars"], text_column="body"), "text_column is 'body'"),
        (lambda: rc.clean(TABLES["pandas"], text_column="n"), "column 'n' holds int"),
    ],
)
def test_what_cannot_be_used_is_named(call, said):
    with pytest.raises(rc.ConfigError, match=said):
        call()


SCRIPT = """
import polars as pl, reportclean as rc, pickle, sys
from reportclean.engines import server, workers
workers.PROCESSES_FROM_BYTES = 1
from corpora import report
texts = [report(n % 900) for n in range(1100)]
table = pl.DataFrame({"text": texts})
one, two = rc.dedupe(table), rc.dedupe(table, workers=2)
assert one == two and one.table.equals(two.table) and len(two.table) == 900
assert rc.clean(table, workers=2).equals(rc.clean(table))
print("done")
"""


def test_worker_processes_change_nothing_and_need_no_guard_in_a_script(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    tests = __file__.rpartition("/")[0]
    code = f"import sys; sys.path.append({tests!r}); import runpy; runpy.run_path({str(script)!r})"
    for command in (["-c", code], [str(script)]):
        done = subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={
                "PYTHONPATH": f"{tests}:{rc.__file__.rpartition('/reportclean/')[0]}",
                "TMPDIR": str(tmp_path),
            },
        )
        assert (done.stdout, done.stderr) == ("done\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]


def test_datasets_keep_features_and_format_and_splits_are_one_corpus():
    datasets = pytest.importorskip("datasets", reason="Hugging Face datasets are not installed")
    rows = [{"text": report(1), "n": 1}, {"text": report(1), "n": 2}, {"text": report(2), "n": 3}]
    one = datasets.Dataset.from_list(rows).select([2, 0, 1]).with_format("numpy", columns=["n"])
    result = rc.dedupe(one)
    assert type(result.table) is datasets.Dataset
    assert (result.table.features, result.table.format) == (one.features, one.format)
    assert result.table.with_format(None)["n"][:] == [3, 1]
    splits = datasets.DatasetDict(
        {"train": one.with_format(None), "test": datasets.Dataset.from_list(rows[:1])}
    )
    both = rc.dedupe(splits, rc.DedupeConfig(prefer="test"))
    assert type(both.table) is datasets.DatasetDict
    assert {name: part["n"][:] for name, part in both.table.items()} == {"train": [3], "test": [1]}
    assert [row.document_id for row in both.documents] == ["train:0", "train:1", "train:2", "test:0"]
    assert rc.clean(splits).num_rows == splits.num_rows
    with pytest.raises(rc.ConfigError, match="IterableDataset"):
        rc.dedupe(one.with_format(None).to_iterable_dataset())
