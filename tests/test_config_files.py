"""Where a configuration is looked for, what cannot be read, and the lines of its keys."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.config.files import find, key_lines, read
from reportclean.errors import ConfigError

OWN, PROJECT = "reportclean.toml", "pyproject.toml"


def write(path, text='encoding = "gbk"\n'):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder below a folder where nothing is; the paths of the tests are below the latter."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


TABLE = "[tool.reportclean]\n"


@pytest.mark.parametrize(
    ("files", "paths", "expected"),
    [
        ({}, ["data/a.txt"], None),
        ({"data/" + OWN: ""}, ["data/a.txt"], "data/" + OWN),
        ({"data/" + OWN: ""}, ["data"], "data/" + OWN),
        ({"data/" + OWN: ""}, ["data/deep/er/a.txt"], "data/" + OWN),
        ({"data/" + OWN: "", OWN: ""}, ["data/a.txt"], "data/" + OWN),
        ({"data/" + OWN: "", OWN: ""}, ["other/a.txt"], OWN),
        ({"data/a/" + OWN: "", "data/" + OWN: ""}, ["data/a", "data/b"], "data/" + OWN),
        ({"data/a/" + OWN: "", OWN: ""}, ["data/a/x", "data/a/y"], "data/a/" + OWN),
        ({"data/" + PROJECT: TABLE, "data/" + OWN: ""}, ["data"], "data/" + OWN),
        ({"data/" + PROJECT: TABLE}, ["data"], "data/" + PROJECT),
        ({"data/" + PROJECT: "[tool.other]", PROJECT: TABLE}, ["data"], PROJECT),
        ({"data/" + PROJECT: "", PROJECT: "[project]\nname = 'x'"}, ["data"], None),
        ({"data/" + OWN: "", "work/" + OWN: ""}, [], "work/" + OWN),
        ({"work/" + OWN: ""}, ["data/a.txt"], "work/" + OWN),  # nothing on the way up from the path
        ({"data/" + OWN: "", "work/" + OWN: ""}, ["data/a.txt"], "data/" + OWN),
        ({OWN: ""}, ["data/../other/a.txt"], OWN),
    ],
)
def test_the_nearest_one_counts(here, files, paths, expected):
    for name in ("data/deep/er/a.txt", "data/a/x", "data/a/y", "data/b/x", "other/a.txt"):
        write(here / name)
    for name, text in files.items():
        write(here / name, text)
    found = find([f"../{path}" for path in paths])
    if expected is None:
        assert found is None or here not in found.path.parents  # what stands above is not the test's
    else:
        assert found.path.resolve() == (here / expected).resolve()


def test_a_folder_of_that_name_is_none(here):
    (here / "data" / OWN).mkdir(parents=True)
    write(here / "data" / PROJECT, TABLE)
    assert find([here / "data"]).path == here / "data" / PROJECT
    with pytest.raises(
        ConfigError, match=r"data/reportclean.toml: the configuration cannot be read: Is a dir"
    ):
        read(here / "data" / OWN)


def test_links_are_not_followed_to_where_they_lead(here):
    write(here / "elsewhere/deep/a.txt")
    write(here / "elsewhere" / OWN)
    project = write(here / "project" / OWN)
    (here / "project/data").symlink_to(here / "elsewhere/deep")
    assert find([here / "project/data/a.txt"]).path == project
    assert find([here / "project/data/../x.txt"]).path == here / "elsewhere" / OWN  # .. as the system has it


def test_a_link_to_a_configuration_is_one(here):
    real = write(here / "real.toml")
    (here / "data").mkdir()
    (here / "data" / OWN).symlink_to(real)
    assert find([here / "data"]).table == {"encoding": "gbk"}


def test_a_link_to_nothing_is_no_reason_to_go_on_without(here):
    (here / "data").mkdir()
    (here / "data" / OWN).symlink_to(here / "gone.toml")
    with pytest.raises(
        ConfigError, match=r"reportclean.toml: the configuration cannot be read: No such file"
    ):
        find([here / "data"])


def test_a_file_that_may_not_be_read(here):
    path = write(here / "data" / OWN)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(ConfigError, match="Permission denied"):
        find([here / "data"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a = 1\nb = \nc = 2", r":2:5: this is no TOML: Invalid value$"),
        (b"a = [1,", r":1:8: this is no TOML: .*"),
        (b"a = 1\na = 2\n", r":2:6: this is no TOML: Cannot overwrite a value"),
        (b'a = "\xd6\xd0"\n', r":1: byte 0xd6 is not UTF-8; save the file as UTF-8"),
        (b"a = 1\n\xff", r":2: byte 0xff is not UTF-8"),
        ("a = 1".encode("utf-16"), r":1: byte 0xff is not UTF-8"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, r": lists or tables are nested too deeply"),
        (b".".join([b"a"] * 60) + b" = 1", r": lists or tables are nested too deeply"),
        (b"a = " + b"1" * 5000, r": this is no TOML: Exceeds the limit"),
        (b"#" * 1_000_001, r": more than 1,000,000 bytes; this is no configuration"),
    ],
)
def test_what_cannot_be_parsed_is_said_with_its_place(here, data, said):
    path = here / "work" / OWN
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=f"^reportclean.toml{said}"):
        find([])


def test_no_more_is_read_than_a_configuration_may_hold():
    with pytest.raises(ConfigError, match="more than 1,000,000 bytes"):
        read(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"there is no table \[tool.reportclean\] in it"),
        ("[tool]\nreportclean = 3", "tool.reportclean is 3; it must be a table"),
        ("tool = 3", "tool is 3; it must be a table"),
    ],
)
def test_a_project_file_that_is_named_must_have_the_table(here, text, said):
    with pytest.raises(ConfigError, match=said):
        read(write(here / PROJECT, text))


def test_a_mark_at_the_start_and_other_line_ends(here):
    path = here / OWN
    path.write_bytes(b"\xef\xbb\xbf# first\r\nencoding = 'gbk'\r\n\r\n[dedupe]\r\nseed = 2\r\n")
    file = read(path)
    assert file.table == {"encoding": "gbk", "dedupe": {"seed": 2}}
    assert [file.line(keys) for keys in (["encoding"], ["dedupe"], ["dedupe", "seed"])] == [2, 4, 5]


def test_places_and_names_are_those_of_the_file(here):
    path = write(here / "work" / PROJECT, '[tool.reportclean.check]\nseverity = { TPL001 = "off" }\n')
    file = read(path)
    assert file.place(["check", "severity", "TPL001"]) == "pyproject.toml:2"
    assert file.place(["check", "severity", "nothing"]) == "pyproject.toml:2"  # what is around it
    assert file.place(["nothing"]) == "pyproject.toml"
    assert file.key(["check", "severity"]) == "tool.reportclean.check.severity"


NAMES = st.sampled_from(["a", "b", '"c.d"', "'e'", "f.g", '"\\u0061b"'])
VALUES = st.sampled_from(
    [
        "1",
        '"#[{\\""',
        "'\"['",
        '"""\nx = 1\n]\\"""""',
        "'''\n# [y]\n''''",
        '[\n  1, # ]\n  "]",\n]',
        "{ p = [\n1], 'q' = '}' }",
        "{ p.r = 1 }",
        '"" # """',
    ]
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "# a = 1\n", "\n"]), NAMES, VALUES),
        max_size=6,
        unique_by=lambda t: t[1],
    )
)
def test_the_line_of_a_key_is_where_it_first_stands(entries):
    """Cut before that line the text does not hold the key, cut behind its statement it does."""
    text, cuts = "", []
    for number, (before, name, value) in enumerate(entries):
        text += f"{before}[t{number}]\n" if number % 2 else before
        start = len(text)
        text += f"{name} = {value}\n"
        cuts.append((start, len(text)))
    lines = key_lines(text)
    starts = {text.count("\n", 0, start) + 1: (start, end) for start, end in cuts}
    leaves = [path for path in lines if not any(other[:-1] == path for other in lines)]
    assert {lines[path] for path in leaves} == set(starts)
    for path in leaves:
        start, end = starts[lines[path]]
        assert not has(tomllib.loads(text[:start]), path)
        assert has(tomllib.loads(text[:end]), path)


def has(table, path):
    for key in path:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def test_lines_are_found_behind_long_values():
    """A tenth of a second; what parsed anew at each line would take an hour."""
    text = "a = [\n" + "'x',\n" * 50_000 + "]\nb = '''\n" + "'\n" * 50_000 + "'''\nc = 1\n"
    assert key_lines(text) == {("a",): 1, ("b",): 50_003, ("c",): 100_005}
