"""Fields by name and by path: the value, and everything around it."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.errors import InputError
from reportclean.formats import jsonl, parquet
from reportclean.formats.base import Loaded, ReadOptions
from reportclean.formats.fields import absence, fields_of, find, hollow, scanned, steps


def read(tmp_path, line, **options):
    path = tmp_path / "r.jsonl"
    path.write_bytes(line if isinstance(line, bytes) else line.encode())
    (chunk,) = jsonl.chunks(path, path.name)
    (item,) = jsonl.read(chunk, ReadOptions(**options))
    return item


def test_a_text_an_id_and_a_date_deep_inside(tmp_path):
    line = '{"meta": {"key": 7, "day": "1970-01-02"}, "data": {"pages": [{"n": 1.50}, {"text": "一年来"}]}}'
    options = {"text_field": "data.pages.1.text", "id_field": "meta.key", "date_field": "meta.day"}
    item = read(tmp_path, line, **options)
    assert (item.document.text, item.document.id, item.document.metadata["date"]) == ("一年来", "7", 86_400.0)
    written = jsonl.encode("新", item.envelope, ReadOptions(**options), None).decode()
    assert (
        written == '{"meta":{"key": 7, "day": "1970-01-02"},"data":{"pages":[{"n": 1.50},{"text":"新"}]}}\n'
    )
    noted = jsonl.encode("新", item.envelope, ReadOptions(**options), {"kept": True}).decode()
    assert json.loads(noted)["reportclean"] == {"kept": True}


@pytest.mark.parametrize(
    ("record", "name", "text"),
    [
        ({"a.b": "literal", "a": {"b": "path"}}, "a.b", "literal"),
        ({"a.b": {"c": "x"}}, r"a\.b.c", "x"),
        ({"a.b": "x"}, r"a\.b", "x"),
        ({"a\\": {"b": "x"}}, r"a\\.b", "x"),
        ({"": {"": "x"}}, ".", "x"),
        ({"a": ["x", "y"]}, "a.1", "y"),
        ({"a": {"1": "x"}}, "a.1", "x"),
        ({"0": "x"}, "0", "x"),
    ],
)
def test_what_a_name_means(tmp_path, record, name, text):
    assert read(tmp_path, json.dumps(record), text_field=name).document.text == text


@pytest.mark.parametrize(
    ("record", "name", "reason", "said"),
    [
        ({"data": {"title": "x", "lang": "zh"}}, "data.text", "no-text-field", "(data has title, lang)"),
        ({"data": {"body": {}}}, "data.body.text", "no-text-field", "(data.body has no field at all)"),
        ({"data": ["x"]}, "data.1", "no-text-field", "(data is a list of 1, counted from 0)"),
        ({"data": ["x"]}, "data.-1", "no-text-field", "(data is a list of 1"),
        ({"data": ["x"]}, "data." + "9" * 30, "no-text-field", "(data is a list of 1"),
        ({"data": "x"}, "data.text", "no-text-field", "(data is a string)"),
        ({"data": None}, "data.text", "no-text-field", "(data is null)"),
        ({"data": 5}, "data.text", "no-text-field", "(data is a number)"),
        ({"other": 5}, "data.text", "no-text-field", "(it has other)"),
        ({"data": {"text": 5}}, "data.text", "text-not-a-string", "'data.text' holds 5"),
        ({"data": {"text": {"x": "y"}}}, "data.text", "text-not-a-string", 'holds {"x": "y"}'),
        ({"data": {"text": " "}}, "data.text", "empty", "'data.text' holds no text"),
    ],
)
def test_paths_that_lead_to_no_text(tmp_path, record, name, reason, said):
    item = read(tmp_path, json.dumps(record), text_field=name)
    assert item.reason == reason
    assert said in item.detail


def test_an_id_that_is_none_is_numbered(tmp_path):
    for record in ({"a": {"id": [1]}}, {"a": 5}, {"a": {}}, {}):
        item = read(tmp_path, json.dumps(record | {"text": "x"}), id_field="a.id")
        assert item.document.id == "r.jsonl:1"


def test_records_that_need_a_closer_look(tmp_path):
    item = read(tmp_path, '{"n": NaN, "a": {"m": NaN, "b": [1e999, "x"]}}', text_field="a.b.1")
    assert (
        jsonl.encode("y", item.envelope, ReadOptions(), None) == b'{"n":NaN,"a":{"m":NaN,"b":[1e999,"y"]}}\n'
    )
    item = read(tmp_path, '{"a": {"文": "各级工会组织开展劳动竞赛"}}'.encode("gb18030"), text_field="a.文")
    assert item.document.text == "各级工会组织开展劳动竞赛"
    item = read(tmp_path, '{"a": {"b": "甲\\ud800", "c": "\\ud800"}}', text_field="a.b")
    assert (item.document.text, item.document.metadata["decode_hits"][0].kind) == ("甲\ufffd", "surrogate")
    assert b'"c": "\\ud800"' in item.envelope or b'"c":"\\ud800"' in item.envelope


names = st.sampled_from(["a", "b", "", "a.b", "\\", "0", "é", "\n"])
trees = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


def places(value, way=()):
    """Every way into a value, the oracle of paths."""
    yield way, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*way, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*way, number))


def changed(value, way, new):
    if not way:
        return new
    step, *rest = way
    if isinstance(value, dict):
        return {name: changed(inner, rest, new) if name == step else inner for name, inner in value.items()}
    return [changed(inner, rest, new) if number == step else inner for number, inner in enumerate(value)]


@given(record=st.dictionaries(names, trees, max_size=4), spaced=st.booleans())
def test_every_place_of_a_record_can_be_found_and_replaced(record, spaced):
    line = json.dumps(record, separators=(", ", ": ") if spaced else None, ensure_ascii=False).encode()
    for fields in (fields_of(line), scanned(line.decode())):
        for way, value in places(record):
            if not way:
                continue
            name = ".".join(str(step).replace("\\", "\\\\").replace(".", "\\.") for step in way)
            if name in record and way != (name,):
                continue  # the literal name goes before
            found = find(fields, name)
            assert json.loads(bytes(found.value)) == value
            whole = hollow(found.around).replace(b"\n", b'"NEW"')
            assert json.loads(whole) == changed(record, way, "NEW")


@given(record=st.dictionaries(names, trees, max_size=4), name=st.text(".ab0\\é", max_size=6))
def test_any_name_is_found_or_its_absence_explained(record, name):
    fields = fields_of(json.dumps(record).encode())
    if find(fields, name) is None:
        assert absence(fields, name)
    assert steps(name)


@pytest.fixture
def nested(tmp_path):
    rows = [
        {"body": {"text": f"报告{n}", "n": n if n % 2 else None}, "tags": ["t"]} if n != 3 else None
        for n in range(6)
    ]
    rows[4]["body"] = None
    table = pa.table({"meta": [{"key": f"k{n}"} for n in range(6)], "data": rows, "x": range(6)})
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=4)
    return tmp_path / "in.parquet"


def test_a_field_of_a_struct(nested):
    options = ReadOptions(text_field="data.body.text", id_field="meta.key")
    found = [item for chunk in parquet.chunks(nested, "in.parquet") for item in parquet.read(chunk, options)]
    good = [item for item in found if isinstance(item, Loaded)]
    assert [item.document.id for item in good] == ["k0", "k1", "k2", "k5"]
    assert [item.line for item in found if not isinstance(item, Loaded)] == [4, 5]
    out = nested.with_name("out.parquet")
    out.write_bytes(
        b"".join(parquet.encode(i.document.text + "。", i.envelope, options, {"n": 1}) for i in good)
    )
    parquet.finish(out)
    before, after = (pq.read_table(path) for path in (nested, out))
    assert after.schema.remove(3).equals(before.schema, check_metadata=True)
    expected = before.take([0, 1, 2, 5]).to_pylist()
    for row in expected:
        row["data"]["body"]["text"] += "。"
        row["reportclean"] = '{"n":1}'
    assert after.to_pylist() == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("data.body", "holds struct<"),
        ("data.body.n", "holds int64, no text"),
        ("data.body.other", "no column 'data.body.other' (it has meta, data, x)"),
        ("data.tags.0", "no column"),
        ("x.y", "no column"),
    ],
)
def test_columns_that_hold_no_text(nested, name, said):
    (chunk, *_) = parquet.chunks(nested, "in.parquet")
    with pytest.raises(InputError) as caught:
        list(parquet.read(chunk, ReadOptions(text_field=name)))
    assert said in str(caught.value)
