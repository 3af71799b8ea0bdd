import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from reportclean.document import Rejected
from reportclean.formats import delimited
from reportclean.formats.base import Loaded, ReadOptions
from reportclean.formats.delimited import CSV, TSV

OPTIONS = ReadOptions()
REPORT = "全年共走访困难职工三百二十户，发放慰问金六十四万元；新建基层工会四十五家，发展会员三千余人。"


def read_bytes(folder, data, form=CSV, options=OPTIONS):
    path = folder / "rows.csv"
    path.write_bytes(data)
    return [item for chunk in form.chunks(path, path.name) for item in form.read(chunk, options)]


def written(rows, delimiter=","):
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def again(items, form=CSV):
    """The output file of what was read."""
    head = form.head(items[0].envelope, noted=False)
    return (
        head + b"".join(form.encode(item.document.text, item.envelope, OPTIONS, None) for item in items)
    ).decode()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        *((name, REPORT) for name in ("utf-8", "utf-8-sig", "gb18030", "utf-16")),
        ("big5", "本年度共召開會議二十次，下發文件四十件，處理來信來訪三百件。"),
    ],
)
def test_a_file_in_any_encoding(tmp_path, encoding, text):
    rows = [["號", "text", "甲"], ["1", text, "乙,丙"]]
    (item,) = read_bytes(tmp_path, written(rows).encode(encoding))
    assert item.document.text == text
    assert list(csv.reader(StringIO(again([item])))) == rows


def test_cells_with_line_ends_and_quotes_and_the_line_of_each_record(tmp_path):
    rows = [["id", "text"], ["a", 'one\n\n"two"'], ["b", "three"], [], ["c", "four\r\nfive"]]
    found = read_bytes(tmp_path, written(rows).encode())
    assert [(item.document.id, item.document.text, item.document.line) for item in found] == [
        ("a", 'one\n\n"two"', 2),
        ("b", "three", 5),
        ("c", "four\r\nfive", 7),
    ]


@pytest.mark.parametrize(
    ("data", "reason", "line", "said"),
    [
        ("id,text\n1,x,y\n", "not-csv", 2, "the row has 3 cells, the first row names 2"),
        ("id,text\n1\n", "not-csv", 2, "the row has 1 cell, the first row names 2"),
        ("id,text\n1, \n", "empty", 2, "'text' holds no text"),
        ("id,text\n", "empty", None, "holds no record"),
        ("", "empty", None, "the file is empty"),
        (b"id,text\n1,\x00\x01\x02\xff\x00\x00\x03\n", "undecodable", 2, "NUL"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, data, reason, line, said):
    (item,) = read_bytes(tmp_path, data if isinstance(data, bytes) else data.encode())
    assert isinstance(item, Rejected)
    assert (item.reason, item.line) == (reason, line)
    assert said in item.detail


def test_a_quote_that_nothing_closes_costs_its_row_alone(tmp_path):
    first, second = read_bytes(tmp_path, b'id,text\n1,"cut\n2,whole\n')
    assert (first.document.text, second.document.text) == ("cut", "whole")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("a,a\nx,y\n", "two columns are called 'a'"),
        ("id,body\n1,x\n", "no column 'text' (the first row has id, body); name the right one"),
    ],
)
def test_columns_that_cannot_be_used(tmp_path, data, said):
    (tmp_path / "rows.csv").write_text(data, encoding="utf-8")
    quarantine = []
    assert list(rc.read(tmp_path / "rows.csv", quarantine=quarantine)) == []
    (item,) = quarantine
    assert item.reason == "unreadable"
    assert said in item.detail


cells = st.text(alphabet=st.sampled_from('ab,"\n\t中'), max_size=6)


@given(
    st.lists(st.tuples(cells, cells.map(lambda cell: "x" + cell)), min_size=1, max_size=30),
    st.sampled_from([CSV, TSV]),
)
def test_any_rows_come_back_whatever_the_size_of_the_chunks(tmp_path_factory, rows, form):
    folder = tmp_path_factory.mktemp("rows")
    delimiter = "," if form is CSV else "\t"
    data = written([("k", "text"), *rows], delimiter).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "CHUNK_BYTES", 16)
        found = read_bytes(folder, data, form)
    assert all(isinstance(item, Loaded) for item in found)
    assert [item.document.text for item in found] == [text for _, text in rows]
    assert list(csv.reader(StringIO(again(found, form), newline=""), delimiter=delimiter)) == [
        ["k", "text"],
        *map(list, rows),
    ]
    lines = [item.document.line for item in found]
    records = list(csv.reader(StringIO(data.decode(), newline=""), delimiter=delimiter))
    assert len(lines) == len(records) - 1
    assert lines == sorted(lines)


def test_a_long_cell_and_a_hostile_row_cost_linear_time(tmp_path):
    (item,) = read_bytes(tmp_path, b'text\n"' + b'"",' * 2_000_000 + b'"\n')
    assert len(item.document.text) == 4_000_000
    found = read_bytes(tmp_path, b"text\n" + b'"x"y"' * 500_000 + b"\n")
    assert len(found) == 1


def test_marked_rows_have_a_column_more(tmp_path):
    (item,) = read_bytes(tmp_path, b"reportclean,text\n1,x\n")
    assert CSV.head(item.envelope, noted=True) == b"reportclean,text,reportclean_\n"
    assert CSV.encode("y", item.envelope, OPTIONS, {"a": 1}) == b'1,y,"{""a"":1}"\n'
