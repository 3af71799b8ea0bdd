import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reportclean as rc
from reportclean.formats import parquet
from reportclean.formats.base import Loaded, ReadOptions
from reportclean.formats.limits import Limits

OPTIONS = ReadOptions()


def table(count=10, kind=None):
    return pa.table(
        {
            "n": pa.array(range(count), pa.int16()),
            "text": pa.array([f"报告{n}" for n in range(count)], kind or pa.string()),
            "date": pa.array([n * 86_400 for n in range(count)], pa.timestamp("s")),
            "tags": [[f"t{n}"] for n in range(count)],
        }
    ).replace_schema_metadata({"owner": "us"})


def read(path, options=OPTIONS):
    return [item for chunk in parquet.chunks(path, path.name) for item in parquet.read(chunk, options)]


@pytest.mark.parametrize("size", [1, 100, 16_000_000])
@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_rows_come_back_with_their_other_columns(tmp_path, monkeypatch, size, kind):
    monkeypatch.setattr(parquet, "_CHUNK_BYTES", size)
    monkeypatch.setattr(parquet, "_ROWS_AT_ONCE", 3)
    path = tmp_path / "rows.parquet"
    pq.write_table(table(10, kind), path, row_group_size=4)
    found = read(path)
    assert [item.document.text for item in found] == [f"报告{n}" for n in range(10)]
    assert [item.document.line for item in found] == list(range(1, 11))
    assert [item.document.metadata["date"] for item in found] == [n * 86_400.0 for n in range(10)]
    out = tmp_path / "out.parquet"
    out.write_bytes(
        b"".join(
            parquet.encode(item.document.text + "。", item.envelope, OPTIONS, None)
            for item in found
            if item.document.line != 6
        )
    )
    parquet.finish(out)
    expected = pq.read_table(path).take([0, 1, 2, 3, 4, 6, 7, 8, 9])
    written = pq.read_table(out)
    assert written.schema.equals(expected.schema, check_metadata=True)
    assert written.column("text").to_pylist() == [f"{text}。" for text in expected.column("text").to_pylist()]
    for name in ("n", "date", "tags"):
        assert written.column(name).to_pylist() == expected.column(name).to_pylist()


def test_marked_rows_have_a_column_more(tmp_path):
    path, out = tmp_path / "rows.parquet", tmp_path / "out.parquet"
    pq.write_table(table(2).append_column("reportclean", pa.array(["theirs", "too"])), path)
    notes = b"".join(parquet.encode("x", item.envelope, OPTIONS, {"kept": True}) for item in read(path))
    out.write_bytes(notes)
    parquet.finish(out)
    assert pq.read_table(out).to_pylist()[1] | {"date": None} == {
        "n": 1,
        "text": "x",
        "date": None,
        "tags": ["t1"],
        "reportclean": "too",
        "reportclean_": '{"kept":true}',
    }


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"body": ["x"]}, "no column 'text' (it has body)"),
        ({"text": [1]}, "holds int64, no text"),
        ({"text": [b"x"]}, "holds binary, no text"),
    ],
)
def test_columns_that_cannot_be_used(tmp_path, columns, said):
    pq.write_table(pa.table(columns), tmp_path / "rows.parquet")
    quarantine = []
    assert list(rc.read(tmp_path / "rows.parquet", quarantine=quarantine)) == []
    assert said in quarantine[0].detail


def test_rows_without_text_and_files_without_rows(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"id": ["a", None, "c"], "text": ["x", None, " "]}), path)
    first, *bad = read(path)
    assert isinstance(first, Loaded)
    assert [(item.reason, item.line) for item in bad] == [("empty", 2), ("empty", 3)]
    pq.write_table(table(0), path)
    (item,) = read(path)
    assert (item.reason, item.line) == ("empty", None)


@pytest.mark.parametrize("cut", [0, 4, 100, -1, -20])
def test_a_file_that_is_cut_off(tmp_path, cut):
    path = tmp_path / "rows.parquet"
    pq.write_table(table(1000), path)
    path.write_bytes(path.read_bytes()[:cut] if cut else b"")
    quarantine = []
    assert list(rc.read(path, quarantine=quarantine)) == []
    (item,) = quarantine
    assert (item.reason, item.source) == ("unreadable", "rows.parquet")


def test_one_long_text_in_many_rows_is_held_once(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"text": pa.array(["x" * 1_000_000] * 1_000).dictionary_encode()}), path)
    before = pa.total_allocated_bytes()
    options = ReadOptions(limits=Limits(expanded_ratio=1_000_000))
    for item in (item for chunk in parquet.chunks(path, path.name) for item in parquet.read(chunk, options)):
        assert len(item.document.text) == 1_000_000
        assert pa.total_allocated_bytes() - before < 100_000_000
