import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from reportclean.formats import jsonl, txt
from reportclean.formats import registry as formats
from reportclean.formats.base import Chunk, Loaded, ReadOptions

OPTIONS = ReadOptions()


def read_lines(tmp_path, *lines, options=OPTIONS):
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return [item for chunk in jsonl.chunks(path, path.name) for item in jsonl.read(chunk, options)]


@pytest.mark.parametrize(
    ("line", "reason", "said"),
    [
        ('{"id": "b", "text": ', "not-json", "Expecting value"),
        ('{"text": "x"} y', "not-json", "follows"),
        ('{"text": "x",}', "not-json", "Expecting"),
        ('{"text" "x"}', "not-json", ""),
        ('{"text": "x" "y": 1}', "not-json", "comma"),
        ("[1]", "not-json", "must be a JSON object"),
        ("5", "not-json", "must be a JSON object"),
        ("{}", "no-text-field", "--text-field"),
        ('{"id": "c", "body": "x"}', "no-text-field", "body"),
        ('{"id": "d", "text": 5}', "text-not-a-string", "5"),
        ('{"id": "d", "text": null}', "text-not-a-string", "null"),
        ('{"id": "e", "text": " \\n"}', "empty", "no text"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + ', "text": "deep"}', "limit-depth", "--limit depth=N"),
        (b'{"text": "\x00\x01\xff\xfe"}', "undecodable", "NUL"),
    ],
)
def test_bad_lines_are_named(tmp_path, line, reason, said):
    first, bad, last = read_lines(tmp_path, '{"text": "before"}', line, '{"text": "after"}')
    assert (bad.source, bad.line, bad.reason) == ("records.jsonl", 2, reason)
    assert said in bad.detail
    assert len(bad.detail) < 300
    assert (first.document.text, last.document.text) == ("before", "after")


def test_lines_are_numbered_over_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "CHUNK_BYTES", 64)
    lines = [json.dumps({"text": f"record {n}"}) for n in range(40)] + ["", "broken"]
    found = read_lines(tmp_path, *lines)
    assert [item.document.line for item in found[:-1]] == list(range(1, 41))
    assert found[-1].line == 42
    assert len({item.document.id for item in found[:-1]}) == 40


def test_ids(tmp_path):
    lines = [
        '{"id": 7, "text": "x"}',
        '{"id": "", "text": "x"}',
        '{"id": true, "text": "x"}',
        '{"text": "x"}',
    ]
    ids = [item.document.id for item in read_lines(tmp_path, *lines)]
    assert ids == ["7", "records.jsonl:2", "records.jsonl:3", "records.jsonl:4"]


def test_fields_can_be_named(tmp_path):
    options = ReadOptions(text_field="正文", id_field="url")
    (item,) = read_lines(tmp_path, '{"正文": "x", "url": "u"}', options=options)
    assert (item.document.text, item.document.id) == ("x", "u")
    assert jsonl.encode("y", item.envelope, options, None) == '{"正文":"y","url":"u"}\n'.encode()


@pytest.mark.parametrize(
    "line",
    [
        '{"id":"a","text":"t","n":1.50,"e":1e400,"u":"\\ud800"}',
        '{"n":NaN,"text":"t","big":123456789012345678901234567890}',
        '{"text":"t","nested":{"text": [1,  2]},"url":"https:\\/\\/a.b"}',
        '{"é":"\\u00e9","text":"t","":0}',
    ],
)
def test_other_fields_stay_the_bytes_they_were(tmp_path, line):
    (item,) = read_lines(tmp_path, line)
    assert jsonl.encode("t", item.envelope, OPTIONS, None).decode() == line + "\n"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(record=st.dictionaries(st.text(), json_values, max_size=5), ascii_only=st.booleans())
def test_records_come_back_with_their_values(tmp_path_factory, record, ascii_only):
    record["text"] = "一年来"
    line = json.dumps(record, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    (item,) = read_lines(tmp_path_factory.mktemp("r"), line)
    assert isinstance(item, Loaded)
    back = json.loads(jsonl.encode("新", item.envelope, OPTIONS, None))
    if isinstance(record.get("text"), str):
        assert back == {**record, "text": "新"}
        assert list(back) == list(record)


names = st.sampled_from(["text", "id", "date", "a", "", "é", "\n"])
written = st.sampled_from(
    [
        *(
            '"一年来"',
            '"a\\n\\u4e00"',
            '"\\ud800"',
            '"\\ud83d\\ude00"',
            '" "',
            '""',
            '"\\u0000"',
            '"\x1f"',
            '"\x7f"',
        ),
        *(
            "5",
            "-0",
            "1.0",
            "1e400",
            "1e5",
            "9" * 30,
            "9" * 400,
            "NaN",
            "null",
            "true",
            "[1,  2]",
            '{"text": "x"}',
            "[",
            "01",
        ),
        *('"2015-01-02"', '"2015-01-02T03:04:05+08:00"', '"May"'),
    ]
)


@given(
    fields=st.lists(st.tuples(names, written), max_size=5),
    spaces=st.sampled_from(["", " ", "\t", " \r"]),
    broken=st.none()
    | st.tuples(st.integers(0, 200), st.sampled_from([b"\xff", b"\xed\xa0\x80", b"\x00", b",", b'"'])),
)
def test_ordinary_records_are_what_a_closer_look_makes_of_them(fields, spaces, broken):
    parts = [
        f"{spaces}{json.dumps(name, ensure_ascii=False)}{spaces}:{spaces}{value}" for name, value in fields
    ]
    line = f"{spaces}{{{f',{spaces}'.join(parts)}{spaces}}}{spaces}".encode("utf-8", "surrogatepass")
    if broken:
        line = line[: broken[0]] + broken[1] + line[broken[0] :]
    chunk = Chunk(Path("r.jsonl"), "r.jsonl", "jsonl", 0, len(line))
    found = jsonl._ordinary(line, 3, chunk, OPTIONS)
    assert found is None or repr(found) == repr(jsonl.record(line, 3, chunk, OPTIONS))
    assert found is None or found.envelope == jsonl.record(line, 3, chunk, OPTIONS).envelope


def test_ordinary_records_are_most():
    chunk = Chunk(Path("r.jsonl"), "r.jsonl", "jsonl", 0, 1)
    for line in (
        '{"text":"一年"}',
        '{"id": 5, "text": "\\u4e00\\n", "date": null, "n": [1.50]}',
        '{"text": "x", "é": "é"}',
    ):
        assert jsonl._ordinary(line.encode(), 1, chunk, OPTIONS) == jsonl.record(
            line.encode(), 1, chunk, OPTIONS
        )
        assert isinstance(jsonl._ordinary(line.encode(), 1, chunk, OPTIONS), Loaded)


def test_lone_surrogates_become_replacement_characters(tmp_path):
    (item,) = read_lines(tmp_path, '{"text": "甲\\ud800乙\\ude00", "id": "\\ud800"}')
    assert item.document.text == "甲\ufffd乙\ufffd"
    assert [(hit.start, hit.kind) for hit in item.document.metadata["decode_hits"]] == [
        (1, "surrogate"),
        (3, "surrogate"),
    ]
    assert item.document.id == "\ufffd"


def test_records_in_other_encodings(tmp_path):
    (item,) = read_lines(tmp_path, '{"text": "各级工会组织开展劳动竞赛"}'.encode("gb18030"))
    assert item.document.text == "各级工会组织开展劳动竞赛"
    assert item.document.metadata["encoding"] == "gb18030"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("一年来，工会组织职工。".encode(), "一年来，工会组织职工。"),
        (b"\xef\xbb\xbf" + "一年来".encode(), "一年来"),
        ("一年来，工会组织职工。".encode("gb18030"), "一年来，工会组织职工。"),
        (b"a\r\nb", "a\r\nb"),
    ],
)
def test_text_files(tmp_path, data, text):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    ((item,),) = [list(txt.read(chunk, OPTIONS)) for chunk in txt.chunks(path, "a.txt")]
    assert item.document.text == text
    assert (item.document.id, item.document.line) == ("a.txt", None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\0" * 1000, "undecodable"),
        (bytes(range(256)) * 20, "undecodable"),
    ],
)
def test_files_without_text(tmp_path, data, reason):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    ((item,),) = [list(txt.read(chunk, OPTIONS)) for chunk in txt.chunks(path, "a.txt")]
    assert (item.source, item.line, item.reason) == ("a.txt", None, reason)


def names(paths, **settings):
    return [
        piece.name if isinstance(piece, Chunk) else piece.source
        for piece in formats.find_chunks(paths, **settings)
    ]


def test_the_walk(tmp_path):
    for name in (
        "b.txt",
        "a.txt",
        "sub/c.jsonl",
        "sub/d.pdf",
        ".hidden/e.txt",
        ".f.txt",
        "out/g.txt",
        "UP.TXT",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "folder.txt").mkdir()
    assert names([tmp_path], excluded=[tmp_path / "out"]) == ["UP.TXT", "a.txt", "b.txt", "sub/c.jsonl"]
    inputs = [tmp_path / "sub", tmp_path / "b.txt"]
    assert names(inputs) == ["sub/c.jsonl", "b.txt"]


def test_a_named_file_is_read_whatever_it_is_called(tmp_path):
    path = tmp_path / "README"
    path.write_text("x")
    assert names([path]) == ["README"]


def test_paths_that_cannot_be_used(tmp_path):
    with pytest.raises(rc.InputError, match="nowhere does not exist"):
        list(formats.find_chunks([Path("nowhere")]))
    with pytest.raises(rc.InputError, match="two inputs are called"):
        list(formats.find_chunks([tmp_path, tmp_path]))


def test_names_that_are_not_utf8(tmp_path):
    path = Path(str(tmp_path)) / "\udcff.txt"
    path.write_text("x")
    assert names([tmp_path]) == ["\\udcff.txt"]


def test_read_gives_documents_and_names_what_it_leaves_out(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.txt").write_text("")
    quarantine = []
    assert [
        document.id for document in rc.read(tmp_path / "*.txt".replace("*", "a"), quarantine=quarantine)
    ] == ["a.txt"]
    assert [document.id for document in rc.read(f"{tmp_path}/*.txt", quarantine=quarantine)] == ["a.txt"]
    assert [item.source for item in quarantine] == ["b.txt"]
    with pytest.warns(UserWarning, match=r"b\.txt was left out: the file is empty"):
        assert len(list(rc.read(tmp_path))) == 1
    with pytest.raises(rc.InputError, match="matches no file"):
        list(rc.read(f"{tmp_path}/*.pdf"))


def test_json_lines_in_utf16_are_one_line_of_the_quarantine(tmp_path):
    (tmp_path / "a.jsonl").write_bytes('{"text": "一年来"}\n{"text": "两年来"}\n'.encode("utf-16"))
    (item,) = formats.find_chunks([tmp_path])
    assert (item.source, item.reason) == ("a.jsonl", "unreadable")
    assert "UTF-8" in item.detail


def test_a_link_has_its_own_name(tmp_path):
    (tmp_path / "blob").write_text("x")
    (tmp_path / "data.txt").symlink_to(tmp_path / "blob")
    assert names([tmp_path / "data.txt"]) == ["data.txt"]


def test_folders_that_cannot_be_read_are_named(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.txt").write_text("x")
    real = formats.os.scandir

    def scandir(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(formats.os, "scandir", scandir)
    chunk, item = formats.find_chunks([tmp_path])
    assert chunk.name == "a.txt"
    assert (item.source, item.reason) == ("locked", "unreadable")
    assert "Permission denied" in item.detail


def test_earlier_results_are_not_read_as_input(tmp_path):
    (tmp_path / "old/kept").mkdir(parents=True)
    (tmp_path / "old/kept/a.txt").write_text("x")
    (tmp_path / "old/summary.json").write_text('{"versions": {"reportclean": "0"}}')
    (item,) = formats.find_chunks([tmp_path])
    assert (item.source, item.reason) == ("old", "earlier-result")
    assert names([tmp_path / "old"]) == ["kept/a.txt"]


def test_records_without_a_date_are_the_oldest(tmp_path):
    lines = ['{"text": "x", "date": "2024-05-01T12:00"}', '{"text": "x"}', '{"text": "x", "date": "May 2"}']
    dates = [item.document.metadata["date"] for item in read_lines(tmp_path, *lines)]
    assert dates == [1714564800.0, float("-inf"), float("-inf")]
