"""Tables of other libraries: texts come out, the same table goes back, whatever its columns are."""

import subprocess
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from reportclean.errors import ConfigError
from reportclean.frames.registry import opened

TEXTS = ["甲", None, "乙", "甲"]


def column(kind):
    return pa.array(TEXTS, kind)


PANDAS = {
    "object": pd.Series(TEXTS, dtype=object),
    "str": pd.Series(TEXTS, dtype="str"),
    "string": pd.Series(TEXTS, dtype="string"),
    "python strings": pd.Series(TEXTS, dtype="string[python]"),
    "category": pd.Series(TEXTS, dtype="category"),
    "ordered": pd.Series(pd.Categorical(TEXTS, ["乙", "甲"], ordered=True)),
    "arrow": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.string())),
    "large arrow": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.large_string())),
    "dictionary": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))),
}
ARROW = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.int32(), pa.large_string()),
]
POLARS = [pl.String, pl.Categorical, pl.Enum(["甲", "乙"])]


@pytest.mark.parametrize("series", PANDAS.values(), ids=PANDAS)
def test_pandas_gives_back_what_it_got(series):
    frame = pd.DataFrame({"n": [1, 2, 3, 4], "text": series, "m": [{1}, [2], "3", None]})
    frame.index = pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2), ("c", 3)], names=["x", "y"])
    frame.attrs["source"] = "scrape"
    before = frame.copy()
    table = opened(frame)
    assert table.frame.texts("text") == TEXTS
    same = table.frame.rebuilt("text", range(4), TEXTS)
    pd.testing.assert_frame_equal(same, before)
    other = table.frame.rebuilt("text", [0, 1, 3], ["丙", None, "甲"])
    assert [value for value in other["text"].tolist() if isinstance(value, str)] == ["丙", "甲"]
    assert other["text"].isna().tolist() == [False, True, False]
    if series.name not in ("category", "ordered"):
        assert str(other["text"].dtype).partition("(")[0] == str(series.dtype).partition("(")[0]
    pd.testing.assert_frame_equal(other.drop(columns="text"), before.iloc[[0, 1, 3]].drop(columns="text"))
    assert other.attrs == {"source": "scrape"}
    pd.testing.assert_frame_equal(frame, before)


def test_a_category_takes_new_texts_and_keeps_its_order():
    frame = pd.DataFrame({"text": PANDAS["ordered"]})
    new = opened(frame).frame.rebuilt("text", range(4), ["甲", None, "丁", "丙"])
    assert new["text"].cat.categories.tolist() == ["丁", "丙", "甲"]
    assert new["text"].cat.ordered


def test_what_is_no_value_stays_what_it_was():
    frame = pd.DataFrame({"text": pd.Series([None, float("nan"), pd.NA, "甲"], dtype=object)})
    table = opened(frame)
    assert table.frame.texts("text") == [None, None, None, "甲"]
    new = table.frame.rebuilt("text", range(4), [None, None, None, "乙"])["text"].tolist()
    assert new[0] is None
    assert new[1] != new[1]  # NaN
    assert new[2] is pd.NA


def test_columns_of_any_label():
    frame = pd.DataFrame([["甲", 1]])
    assert opened(frame).text_column(0) == 0
    assert opened(frame).frame.rebuilt(0, [0], ["乙"]).to_numpy().tolist() == [["乙", 1]]
    deep = pd.DataFrame([["甲", 1]], columns=pd.MultiIndex.from_tuples([("a", "text"), ("a", "n")]))
    assert opened(deep).frame.texts(("a", "text")) == ["甲"]


@pytest.mark.parametrize("kind", ARROW, ids=str)
@pytest.mark.parametrize("pieces", [1, 2])
def test_arrow_gives_back_what_it_got(kind, pieces):
    chunks = [column(kind)] if pieces == 1 else [column(kind)[:1], column(kind)[1:]]
    field = pa.field("text", kind, metadata={"k": "v"})
    fields = [pa.field("n", pa.int64()), field, pa.field("l", pa.list_(pa.string()))]
    rest = pa.array([["x"], None, [], ["y"]], pa.list_(pa.string()))
    schema = pa.schema(fields, metadata={"origin": "scrape"})
    given = pa.table([pa.array([1, 2, 3, 4]), pa.chunked_array(chunks), rest], schema=schema)
    table = opened(given)
    assert table.frame.texts("text") == TEXTS
    assert table.frame.rebuilt("text", range(4), TEXTS).equals(given, check_metadata=True)
    other = table.frame.rebuilt("text", [0, 1, 3], ["丙", None, "甲"])
    assert other.schema.equals(schema, check_metadata=True)
    assert other.to_pylist() == [
        {"n": 1, "text": "丙", "l": ["x"]},
        {"n": 2, "text": None, "l": None},
        {"n": 4, "text": "甲", "l": ["y"]},
    ]


def test_a_dictionary_grows_where_its_numbers_do_not_reach():
    texts = [str(number) for number in range(200)]
    given = pa.table({"text": pa.array(["甲"] * 200, pa.dictionary(pa.int8(), pa.string()))})
    new = opened(given).frame.rebuilt("text", range(200), texts)
    assert new["text"].to_pylist() == texts
    assert new["text"].type == pa.dictionary(pa.int16(), pa.string())


def test_long_columns_are_cut_into_chunks(monkeypatch):
    monkeypatch.setattr("reportclean.frames.arrow_frame._MOST_CHARACTERS", 3)
    given = pa.table({"text": ["甲"] * 5})
    new = opened(given).frame.rebuilt("text", range(5), ["甲甲", "乙乙", "丙", "", "丁丁丁丁"])
    assert new["text"].to_pylist() == ["甲甲", "乙乙", "丙", "", "丁丁丁丁"]
    assert new["text"].num_chunks > 1


@pytest.mark.parametrize("dtype", POLARS, ids=str)
def test_polars_gives_back_what_it_got(dtype):
    given = pl.DataFrame({"n": [1, 2, 3, 4], "text": pl.Series(TEXTS, dtype=dtype), "o": [object()] * 4})
    table = opened(given)
    assert table.frame.texts("text") == TEXTS
    same = table.frame.rebuilt("text", range(4), TEXTS)
    assert same.drop("o").equals(given.drop("o"))
    assert same.schema == given.schema
    other = table.frame.rebuilt("text", [0, 1, 3], ["丙", None, "甲"])
    assert other.columns == ["n", "text", "o"]
    assert other["n"].to_list() == [1, 2, 4]
    assert other["text"].to_list() == ["丙", None, "甲"]
    assert other["text"].dtype.base_type() == given["text"].dtype.base_type()
    assert other["o"].to_list() == [given["o"][row] for row in (0, 1, 3)]


@pytest.mark.parametrize(
    "given",
    [
        pd.DataFrame({"text": []}),
        pd.DataFrame({"text": [None, None]}),
        pl.DataFrame({"text": []}),
        pl.DataFrame({"text": [None]}),
        pa.table({"text": pa.array([], pa.string())}),
        pa.table({"text": pa.nulls(2)}),
    ],
    ids=repr,
)
def test_tables_without_texts(given):
    table = opened(given)
    count = len(given)
    assert table.frame.texts("text") == [None] * count
    same = table.frame.rebuilt("text", range(count), [None] * count)
    assert type(same) is type(given)
    assert same.equals(given)
    assert len(table.frame.rebuilt("text", [], [])) == 0


@pytest.mark.parametrize(
    "given",
    [
        pd.Series(TEXTS, index=[4, 4, 5, 6], name="body"),
        pd.Series(TEXTS),
        pl.Series("body", TEXTS),
        pl.Series(TEXTS),
        pa.array(TEXTS),
        pa.chunked_array([TEXTS]),
        pa.record_batch({"text": TEXTS, "n": [1, 2, 3, 4]}),
        pl.LazyFrame({"text": TEXTS, "n": [1, 2, 3, 4]}),
    ],
    ids=lambda given: type(given).__module__.partition(".")[0] + type(given).__name__,
)
def test_single_columns_and_other_kinds_come_back_as_they_came(given):
    table = opened(given)
    name = table.text_column("text")
    assert table.frame.texts(name) == TEXTS
    same = table.given_back(table.frame.rebuilt(name, range(4), TEXTS))
    assert type(same) is type(given)
    if isinstance(given, pl.LazyFrame):
        assert same.collect().equals(given.collect())
    else:
        assert same.equals(given)
        assert getattr(same, "name", None) == getattr(given, "name", None)
    none = table.given_back(table.frame.rebuilt(name, [], []))
    assert len(none.collect() if isinstance(given, pl.LazyFrame) else none) == 0


def test_whatever_speaks_arrow_comes_back_as_an_arrow_table():
    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table({"text": TEXTS}).__arrow_c_stream__(requested_schema)

    table = opened(Stream())
    assert table.given_back(table.frame.rebuilt("text", [2], ["乙"])).equals(pa.table({"text": ["乙"]}))


@pytest.mark.parametrize("given", [None, "甲", ["甲"], {"text": ["甲"]}, 3, iter("甲")])
def test_what_is_no_table(given):
    assert opened(given) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (pd.DataFrame({"text": ["甲", ["乙"]]}), "list in row 1"),
        (pd.DataFrame({"text": ["甲", 3]}), "int in row 1"),
        (pd.DataFrame({"text": [b"x"]}), "bytes in row 0"),
        (pl.DataFrame({"text": [["甲"]]}), "List(String)"),
        (pl.DataFrame({"text": [3]}), "Int64"),
        (pa.table({"text": [["甲"]]}), "list<"),
        (pa.table({"text": [b"x"]}), "binary"),
        (pa.table({"text": pa.array([1, 1]).dictionary_encode()}), "dictionary<values=int64"),
    ],
    ids=repr,
)
def test_columns_of_something_else_are_refused(given, said):
    table = opened(given)
    with pytest.raises(ConfigError, match=r"^column 'text' holds ") as caught:
        table.frame.texts(table.text_column("text"))
    assert said in str(caught.value)
    assert str(caught.value).endswith("no text; name another with text_column=…")


@pytest.mark.parametrize("made", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "pyarrow"])
def test_a_missing_column_is_named_with_those_that_are_there(made):
    table = opened(made({"url": ["a", "b"], "n": [1, 2], "body": ["甲乙丙", "丁"]}))
    with pytest.raises(ConfigError) as caught:
        table.text_column("text")
    assert str(caught.value) == (
        "text_column is 'text'; the table has no such column, only 'url', 'n', 'body'; "
        "name the right one, perhaps with text_column='body'"
    )
    with pytest.raises(ConfigError, match="id_column is 'key'; the table has no such column"):
        table.other_column("id_column", "key", "id")
    assert table.other_column("id_column", None, "id") is None


@pytest.mark.parametrize("empty", [pd.DataFrame(), pl.DataFrame(), pa.table({})])
def test_a_table_of_no_columns(empty):
    with pytest.raises(ConfigError, match="the table has no column at all"):
        opened(empty).text_column("text")


def test_a_name_that_two_columns_share():
    twice = pd.DataFrame([["甲", "乙"]], columns=["text", "text"])
    with pytest.raises(ConfigError, match="more than one column 'text'"):
        opened(twice).frame.texts("text")
    twice = pa.table([["甲"], ["乙"]], names=["text", "text"])
    with pytest.raises(ConfigError, match="more than one column 'text'"):
        opened(twice).frame.texts("text")


def test_no_library_is_imported_for_the_tables_of_another():
    script = (
        "import sys, polars as pl, reportclean as rc; rc.clean(pl.DataFrame({'text': ['甲。。']}));"
        "rc.dedupe(['甲']); print(*sorted({'pandas', 'pyarrow', 'datasets'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
