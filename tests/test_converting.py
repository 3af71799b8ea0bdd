"""``--to``: output in another format than the input's."""

import csv
import gzip
import json
import math
from itertools import product

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from commands import reportclean
from corpora import report
from reportclean.engines import workers
from reportclean.engines.cleaning import clean_files
from reportclean.engines.local import dedupe_files
from reportclean.engines.options import RunOptions
from reportclean.formats import converting, docx, html, jsonl, warc
from reportclean.formats.base import FORMAT_NAMES, Chunk, Loaded, ReadOptions
from reportclean.formats.written import BY_LINES
from resume_soak import contents

OPTIONS = ReadOptions()
WHOLE = ("txt", "html", "docx")
TEXTS = [report(n).rstrip("\n") for n in range(3)]


def encoded(form, texts):
    """Files of a format that hold these texts, by the ends of their names."""
    facts = {"title": "标题", "date": "2015-01-02", "url": "http://a.b/c", "record_id": "<urn:x>"}
    one = {"txt": lambda text: text.encode()}
    for module in (html, docx, warc):
        one[module.NAME] = lambda text, module=module: module.encode(
            text, json.dumps(facts).encode(), OPTIONS, None
        )
    if form in WHOLE:
        return {f"{n}.{form}": one[form](text) for n, text in enumerate(texts)}
    if form == "warc":
        return {"pages.warc": b"".join(map(one["warc"], texts))}
    records = [
        {"id": f"r{n}", "title": "标题", "date": "2015-01-02", "text": text, "n": n}
        for n, text in enumerate(texts)
    ]
    if form == "jsonl":
        return {"pages.jsonl": "".join(json.dumps(record) + "\n" for record in records).encode()}
    if form == "parquet":
        out = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pylist(records), out)
        return {"pages.parquet": out.getvalue().to_pybytes()}
    sign = {"csv": ",", "tsv": "\t"}[form]
    lines = [sign.join(records[0])] + [
        sign.join('"' + str(value) + '"' for value in record.values()) for record in records
    ]
    return {f"pages.{form}": "\n".join(lines).encode()}


def make(folder, form, texts=TEXTS):
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in encoded(form, texts).items():
        (folder / name).write_bytes(data)
    return folder


def written(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def plain(text):
    return "".join(text.split())


@pytest.mark.parametrize(("form", "to"), list(product(FORMAT_NAMES, FORMAT_NAMES)))
def test_every_format_becomes_every_other(tmp_path, form, to):
    source = make(tmp_path / "in" / "sub", form).parent
    clean_files([source], tmp_path / "out", RunOptions(to=to))
    tree = tmp_path / "out/clean"
    if form == to:
        expected = written(source)
    elif form in WHOLE:
        expected = [f"sub/{n}.{to}" for n in range(3)] if to in WHOLE else [f"sub/documents.{to}"]
    else:
        expected = (
            [f"sub/pages.{form}/{n:06d}.{to}" for n in _lines(form)] if to in WHOLE else [f"sub/pages.{to}"]
        )
    assert written(tree) == expected
    found = list(rc.read(tree))
    assert [plain(item.text) for item in found] == [plain(text) for text in TEXTS]
    if to in {"jsonl", "csv", "tsv", "parquet"}:
        names = {
            "txt": [f"sub/{n}.txt" for n in range(3)],
            "html": [f"sub/{n}.html" for n in range(3)],
            "docx": [f"sub/{n}.docx" for n in range(3)],
            "warc": [f"sub/pages.warc:{n}" for n in (1, 2, 3)],
        }.get(form, ["r0", "r1", "r2"])
        assert [item.id for item in found] == names
    if form != "txt" and to in {"html", "docx", "warc"}:
        titled = [item.metadata.get("title") for item in found]
        assert titled == ["标题"] * 3 or "warc" in (form, to)  # a record of text has no place for a title
    dated = form not in {"txt", "docx"} and to not in {"txt", "docx"}
    assert not dated or {item.metadata["date"] for item in found} == {1_420_156_800.0}


def _lines(form):
    return [2, 6, 10] if form in {"csv", "tsv"} else [1, 2, 3]


@pytest.mark.parametrize("to", FORMAT_NAMES)
def test_dedupe_takes_it_with_any_number_of_workers_and_marks(tmp_path, monkeypatch, to):
    source = make(tmp_path / "in", "jsonl", [*TEXTS, TEXTS[0]])
    make(tmp_path / "in", "txt", [report(7)])
    dedupe_files([source], tmp_path / "one", rc.DedupeConfig(), RunOptions(to=to))
    monkeypatch.setattr(workers, "PROCESSES_FROM_BYTES", 1)
    for module in (workers, jsonl):
        monkeypatch.setattr(module, "CHUNK_BYTES", 1000)
    dedupe_files([source], tmp_path / "two", rc.DedupeConfig(), RunOptions(to=to, workers=2))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(list(rc.read(tmp_path / "one/kept"))) == 4
    dedupe_files([source], tmp_path / "marked", rc.DedupeConfig(mark=True), RunOptions(to=to))
    assert len(list(rc.read(tmp_path / "marked/kept"))) == 5
    if to == "csv":
        with (tmp_path / "marked/kept/pages.csv").open(newline="", encoding="utf-8") as file:
            notes = [json.loads(row["reportclean"]) for row in csv.DictReader(file)]
        assert [note["document_id"] for note in notes][:3] == ["r0", "r1", "r2"]


def test_names_that_are_taken(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    line = json.dumps({"id": "x", "text": report(1)}).encode() + b"\n"
    for name in ("a.jsonl", "a.ndjson", "a.jsonl.gz", "documents.csv", "b.txt"):
        (source / name).write_bytes(gzip.compress(line) if name.endswith(".gz") else line)
    (source / "a.csv").write_text(f'id,text\nx,"{report(2)}"\n', encoding="utf-8")
    (source / "documents.csv").write_text(f'id,text\nx,"{report(3)}"\n', encoding="utf-8")
    clean_files([source], tmp_path / "out", RunOptions(to="csv"))
    assert written(tmp_path / "out/clean") == [
        "a.csv",
        "a.csv.gz",
        "a.jsonl.csv",
        "a.ndjson.csv",
        "documents.csv",
        "documents~2.csv",
    ]


def test_the_rest_of_a_record(tmp_path):
    lines = [
        '{"id": 1, "data": {"text": "各级工会组织开展劳动竞赛。", "lang": "zh"}, "big": 9007199254740993, "mixed": 1}',
        '{"id": 2, "data": {"text": "全年检修线路一百二十公里。"}, "new": [1, "\\ud800"], "mixed": "x", "n": NaN, "ok": true}',
        '{"id": 3, "data": {"text": "读者服务部新办借书证。"}, "new": null, "mixed": {"a": 1.5}, "n": 2, "big": 5}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    read = ReadOptions(text_field="data.text")
    for to in ("csv", "parquet"):
        clean_files([tmp_path / "in.jsonl"], tmp_path / to, RunOptions(to=to, read=read))
    rows = pq.read_table(tmp_path / "parquet/clean/in.parquet").to_pylist()
    assert math.isnan(rows[1].pop("n"))
    assert rows[0] == {
        "id": 1,
        "data": '{"text": null, "lang": "zh"}',
        "big": 9007199254740993,
        "mixed": "1",
        "data.text": "各级工会组织开展劳动竞赛。",
        "new": None,
        "n": None,
        "ok": None,
    }
    assert rows[1]["new"] == '[1, "\ufffd"]'
    assert (rows[2]["mixed"], rows[2]["n"], rows[1]["ok"]) == ('{"a": 1.5}', 2.0, True)
    with (tmp_path / "csv/clean/in.csv").open(newline="", encoding="utf-8") as file:
        (first, second, third) = csv.DictReader(file)
    assert first["data.text"] == "各级工会组织开展劳动竞赛。"
    assert (second["mixed"], third["new"], second["ok"]) == ("x", "", "true")
    for to in ("csv", "parquet"):  # the same options read it back
        found = list(rc.read(tmp_path / f"{to}/clean", text_field="data.text"))
        assert [item.id for item in found] == ["1", "2", "3"]


def test_columns_of_parquet_as_json(tmp_path):
    table = pa.table(
        {
            "text": ["各级工会组织开展劳动竞赛。", None, "全年检修线路一百二十公里。"],
            "day": pa.array([0, 1, 2], pa.timestamp("s")),
            "raw": [b"\xff", b"", None],
            "tags": [["a"], [], None],
            "meta": [{"k": 1.5}, None, {"k": None}],
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    clean_files([tmp_path / "in.parquet"], tmp_path / "out", RunOptions(to="jsonl"))
    rows = [json.loads(line) for line in (tmp_path / "out/clean/in.jsonl").read_bytes().splitlines()]
    assert rows[0] == {
        "text": "各级工会组织开展劳动竞赛。",
        "day": "1970-01-01T00:00:00",
        "raw": "/w==",
        "tags": ["a"],
        "meta": {"k": 1.5},
    }
    assert list(rows[0]) == table.column_names
    assert len(rows) == 2


def test_ids_choose_no_path(tmp_path):
    lines = [{"id": name, "text": report(n)} for n, name in enumerate(["../../x", "/etc/passwd", "a/b", ""])]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    clean_files([tmp_path / "in.jsonl"], tmp_path / "out", RunOptions(to="txt"))
    assert written(tmp_path / "out/clean") == [f"in.jsonl/{n:06d}.txt" for n in (1, 2, 3, 4)]


ENDINGS = {
    ".txt": "txt",
    ".html": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}


@given(
    names=st.lists(
        st.tuples(
            st.sampled_from(["", "sub/"]),
            st.sampled_from(["a", "documents", "documents~2"]),
            st.sampled_from([*ENDINGS, ".jsonl.gz"]),
        ),
        unique=True,
    ),
    to=st.sampled_from(FORMAT_NAMES),
)
def test_no_two_inputs_become_one_file_but_the_documents_of_a_folder(names, to):
    pieces = [
        Chunk(
            None, folder + stem + end, ENDINGS.get(end, "jsonl"), 0, 1, target=(folder + stem + end).encode()
        )
        for folder, stem, end in names
    ]
    found = converting.retargeted(pieces, to, ENDINGS)
    became = {}
    for before, after in zip(pieces, found, strict=True):
        gathered = before.format in WHOLE and to not in WHOLE
        key = before.target.rpartition(b"/")[0] if gathered else before.target
        assert became.setdefault(after.target, key) == key
        assert after.target.rpartition(b"/")[0] == before.target.rpartition(b"/")[0]
        assert (after.to == "") == (before.format == to)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(
    rows=st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "é", ""]), values, max_size=3), min_size=1, max_size=5
    )
)
def test_whatever_records_hold_a_table_is_made_of_them(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("t")
    lines = "".join(json.dumps({**row, "text": "x"}) + "\n" for row in rows)
    for name, writer in BY_LINES.items():
        (folder / name).write_text(lines, encoding="utf-8")
        writer.finish(folder / name)
    table = pq.read_table(folder / "parquet")
    assert table.num_rows == len(rows)
    assert set(table.column_names) == {name for row in rows for name in row} | {"text"}
    for row, back in zip(rows, table.to_pylist(), strict=True):
        for name, value in row.items():
            kind = table.schema.field(name).type
            if value is None:
                assert back[name] is None
            elif not pa.types.is_string(kind):
                assert back[name] == value
            elif isinstance(value, str):
                assert back[name] == value.encode("utf-8", "replace").decode() or "\ufffd" in back[name]
            else:
                assert json.loads(back[name]) == value or "\ufffd" in back[name]


def test_what_is_said_of_bad_options(tmp_path):
    with pytest.raises(rc.ConfigError, match="to is 'pdf'; it must be one of txt, jsonl"):
        RunOptions(to="pdf")
    make(tmp_path / "in", "txt")
    for arguments, said in (
        (["dedupe", "in", "-o", "out", "--to", "json"], "'json' is not one of 'txt'"),
        (["clean", "in", "--in-place", "--to", "jsonl"], "--to is for what is written to a folder"),
        (["clean", "in", "--diff", "--to", "jsonl"], "--to is for what is written to a folder"),
        (["check", "in", "--to", "jsonl"], "No such option"),
    ):
        done = reportclean(*arguments, cwd=tmp_path)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_it_is_a_setting(tmp_path):
    make(tmp_path / "in", "txt")
    (tmp_path / "reportclean.toml").write_text('to = "jsonl"\n')
    assert reportclean("dedupe", "in", "-o", "out", cwd=tmp_path).returncode == 0
    assert written(tmp_path / "out/kept") == ["documents.jsonl"]
    assert json.loads((tmp_path / "out/summary.json").read_text())["settings"]["to"] == "jsonl"


def test_a_record_without_its_text_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="has no field 'text'"):
        converting.hollowed({"a": 1}, "text")
    chunk = Chunk(None, "a.jsonl", "jsonl", 0, 1, to="txt", target=b"a.jsonl")
    item = Loaded(rc.Document("x", "y", "a.jsonl", 3), b'{"text":\n}')
    assert converting.converted(item, chunk, OPTIONS) == ("txt", b"a.jsonl/000003.txt", b"")
