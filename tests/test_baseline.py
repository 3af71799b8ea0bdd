import json
import stat
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from reportclean.engines.baseline import VERSION, below, compare, read_baseline, write_baseline
from reportclean.errors import ConfigError, OutputError

TEXTS = [
    "全年检修线路一百二十公里。。\n20xx年，工会走访用户三千余户。",
    "20xx年，工会走访用户三千余户，[bookmark: _Toc1]另有四十户。",
]


@pytest.fixture
def findings():
    return rc.check(TEXTS).findings


@pytest.fixture
def path(tmp_path, findings):
    write_baseline(tmp_path / "baseline.json", findings)
    return tmp_path / "baseline.json"


def entries(findings):
    return [rc.Known(f.fingerprint, f.code, f.path, f.message, f.beside) for f in findings]


def always(_):
    return True


def test_what_is_written_is_read(path, findings):
    assert len(findings) == 4
    assert sorted(read_baseline(path), key=lambda k: k.fingerprint) == sorted(
        entries(findings), key=lambda k: k.fingerprint
    )


def test_a_finding_is_a_line_and_order_makes_no_difference(path, findings, tmp_path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{"version": 1, "findings": ['
    assert lines[-1] == "]}"
    assert len(lines) == len(findings) + 2
    assert [json.loads(line.rstrip(","))["path"] for line in lines[1:-1]] == ["0", "0", "1", "1"]
    write_baseline(tmp_path / "other.json", reversed(findings))
    assert (tmp_path / "other.json").read_bytes() == path.read_bytes()


def test_an_empty_baseline(tmp_path):
    write_baseline(tmp_path / "b.json", [])
    assert read_baseline(tmp_path / "b.json") == ()


def test_known_pass_new_fail_and_what_is_gone_is_said(findings):
    known = entries(findings[:3])
    gone = rc.Known("0" * 32, "TPL001", "0", "masked year", ("x", "y"))
    compared = compare(findings, [*known, gone], always)
    assert (compared.new, compared.known, compared.fixed) == (findings[3:], findings[:3], (gone,))
    assert compare(findings, [*known, gone], lambda entry: entry.path != "0").fixed == ()


def test_each_entry_is_used_up_by_one_finding(findings):
    one = replace(findings[0], beside=("l", "r"))
    twins = [replace(one, fingerprint="1"), replace(one, fingerprint="2"), replace(one, fingerprint="3")]
    known = entries(twins[:2])
    assert [f.fingerprint for f in compare(twins, known, always).new] == ["3"]
    assert compare(twins[:1], known, always).fixed == (known[1],)


def test_the_first_entries_are_used_up_first(findings):
    alike = [replace(findings[0], fingerprint=str(n), path=f"{n}.txt") for n in range(3)]
    now = [replace(findings[0], fingerprint="9")]
    assert [k.path for k in compare(now, entries(alike), always).fixed] == ["1.txt", "2.txt"]


def test_the_surest_sign_goes_first(findings):
    """A finding that shares only a side must not take the entry of one that is the same."""
    same, alike = replace(findings[0], fingerprint="1"), replace(findings[0], fingerprint="9")
    compared = compare([alike, same], entries([same]), always)
    assert compared.known == (same,)
    assert compared.new == (alike,)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("lm"), st.sampled_from("rs")), max_size=8))
def test_a_run_against_its_own_baseline_finds_nothing_new(signs):
    blank = rc.check(["20xx年"]).findings[0]
    findings = [replace(blank, fingerprint=f"{n}{a}", beside=(b, c)) for n, (a, b, c) in enumerate(signs)]
    compared = compare(findings, entries(reversed(findings)), always)
    assert (compared.new, compared.known, compared.fixed) == ((), tuple(findings), ())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is no baseline"),
        (b"3", "is no baseline"),
        (b'{"findings": []}', "is no baseline"),
        (b'{"version": 2, "findings": []}', f"is of version 2, and this is for {VERSION}"),
        (b'{"version": "1", "findings": []}', "is of version '1'"),
        (b'{"version": 1, "findings": {}}', "findings is no list"),
        (b'{"version": 1, "findings": [3]}', "its finding 1 is no finding"),
        (b'{"version": 1, "findings": [{"code": "TPL001"}]}', "its finding 1 is no finding"),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path, content, said):
    path = tmp_path / "b.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=said) as raised:
        read_baseline(path)
    assert f"write it anew with --write-baseline {path}" in str(raised.value)


@pytest.mark.parametrize("broken", ["fingerprint", "code", "path", "message", "beside"])
def test_an_entry_that_lacks_something_is_refused(path, broken):
    values = json.loads(path.read_bytes())
    values["findings"][1][broken] = 5
    path.write_text(json.dumps(values))
    with pytest.raises(ConfigError, match="its finding 2 is no finding"):
        read_baseline(path)


def test_a_baseline_that_cannot_be_written(tmp_path, findings):
    with pytest.raises(OutputError, match="cannot write to"):
        write_baseline(tmp_path / "none/b.json", findings)
    with pytest.raises(OutputError, match="cannot write to"):
        write_baseline(tmp_path, findings)
    assert list(tmp_path.iterdir()) == []


def test_a_baseline_keeps_its_mode_and_its_link(path, findings):
    path.chmod(0o640)
    link = path.with_name("link.json")
    link.symlink_to(path)
    write_baseline(link, findings[:1])
    assert link.is_symlink()
    assert len(read_baseline(path)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(p.name for p in path.parent.iterdir()) == ["baseline.json", "link.json"]


@pytest.mark.parametrize(
    ("roots", "path", "expected"),
    [
        (["corpus"], "corpus/a.txt", True),
        (["./corpus/"], "corpus/deep/a.txt", True),
        (["corpus"], "corpus2/a.txt", False),
        (["corpus/a.txt"], "corpus/a.txt", True),
        (["corpus/a.txt"], "corpus/b.txt", False),
        (["."], "corpus/a.txt", True),
        (["."], "../a.txt", False),
        (["/data"], "/data/a.txt", True),
        (["/"], "/data/a.txt", True),
        (["a", "b"], "b/x", True),
        ([], "x", False),
    ],
)
def test_below(roots, path, expected):
    assert below(roots)(path) is expected
