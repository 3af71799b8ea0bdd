"""``reportclean compare``: what it takes, what it prints, and that nothing of a text is obeyed."""

import json
import os
import pty
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from commands import COMMAND, reportclean
from reportclean.report.comparison_html import comparison_html
from reportclean.report.comparison_text import comparison_lines
from reportclean.report.marked import marked
from reportclean.report.showing import cells
from strategies import reports, texts

ROOT = Path(__file__).resolve().parents[1]
PAGE = "examples/power-station-summaries.txt"
REPORT = "20xx年，我站检修线路一百二十公里，更换电表三千余只，处理投诉四十件，走访用户三百余户。"
STYLE = re.compile(r"\x1b\[[\d;]*m")
HOSTILE = "\x1b[31m红\x1b]0;title\x07\u202e逆\u2066\x00</script><script>alert(1)</script>##[error]\x9b2J&lt;"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "reportclean.toml").write_text("", encoding="utf-8")  # none above this one counts
    (folder / "a.txt").write_text(REPORT, encoding="utf-8")
    (folder / "b.txt").write_text(REPORT.replace("四十", "五十").replace("。", "！"), encoding="utf-8")
    (folder / "odd#2.txt").write_text(REPORT, encoding="utf-8")
    (folder / "hostile.txt").write_text(REPORT + HOSTILE, encoding="utf-8")
    rows = [{"text": REPORT}, {"text": REPORT.replace("20xx", "2015")}, {"id": "c#1", "text": REPORT}]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert reportclean("dedupe", "examples", "-o", "out", cwd=folder).returncode == 0
    return folder


def run(folder, *arguments, **settings):
    return reportclean("compare", *arguments, cwd=folder, **settings)


def as_json(folder, *arguments, **settings):
    done = run(folder, *arguments, "--output-format", "json", **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["text", "html", "json"])
def test_golden(folder, golden, name):
    done = run(folder, f"{PAGE}#6", f"{PAGE}#3", "--output-format", name)
    golden(f"compare/spun.{name.replace('text', 'txt')}", done.stdout)


def test_golden_with_all_marks(folder, golden):
    done = run(folder, f"{PAGE}#3", "examples/records.jsonl#union-traditional", "--unseen", "--full")
    golden("compare/script.txt", done.stdout)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.txt", "b.txt"),
        ("a.txt#1", "odd#2.txt"),
        ("odd#2.txt#1", "odd#2.txt#odd#2.txt"),
        ("rows.jsonl:1", "rows.jsonl:2#1"),
        ("rows.jsonl#rows.jsonl:1", "rows.jsonl#rows.jsonl:2#1"),
        ("rows.jsonl#c#1", "rows.jsonl#c#1#1"),
        ("-", "b.txt#1"),
    ],
)
def test_what_can_be_named(folder, one, other):
    found = as_json(folder, one, other, input=REPORT)
    assert (found["left"]["name"], found["right"]["name"]) == (one, other)
    assert "".join(piece["left"] for piece in found["pieces"]) == REPORT
    assert found["jaccard"] > 0.5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.txt"], "name two texts, A and B"),
        (["a.txt", "gone.txt"], "gone.txt: there is no such file"),
        (["a.txt", "examples"], "examples is a folder; name a file in it"),
        (["a.txt", "rows.jsonl"], "rows.jsonl holds 3 documents; name one of them: rows.jsonl#rows.jsonl:1"),
        (["a.txt", "rows.jsonl#nobody"], "there is no such document or section"),
        (["a.txt", "rows.jsonl:9"], "there is no document in rows.jsonl on line 9"),
        (["a.txt", "a.txt#7"], "there is no section 7; those of a.txt are 1 to 1"),
        (["-", "a.txt"], "- holds 2 documents; keep it in a file"),
        (["-", "-"], "only one of the two can be standard input"),
        (["--result", "out", "--raw", "x", "y"], "clean already"),
        (["--result", "examples", "x", "y"], "examples is no result of dedupe"),
        (["--result", "out", "x", "y"], "x: there is no such section in out"),
        (["--result", "out", "power-station-summaries.txt#3"], "was itself kept"),
        (["--result", "out", "power-station-summaries.txt#1"], "repeats nothing"),
        (
            ["--result", "out", "power-station-summaries.txt#1", "power-station-summaries.txt#2"],
            "matches nothing in out, so its text is not in texts.parquet",
        ),
        (["a.txt", "b.txt", "--threshold", "7"], "--threshold is 7.0"),
        (["a.txt", "b.txt", "-o", "gone/x"], "gone"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(folder, arguments, said):
    done = run(folder, *arguments, input='{"text": "甲"}\n{"text": "乙"}\n')
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_result_is_compared_as_its_run_did(folder):
    found = as_json(folder, "--result", "out", "power-station-summaries.txt#6")
    assert (found["kind"], found["kept"]) == ("spun", "right")
    assert found["right"]["recorded"].startswith("kept: best of 4")
    assert found["left"]["recorded"].startswith("removed: spun copy of power-station-summaries.txt#3")
    assert found["jaccard"] == as_json(folder, f"{PAGE}#6", f"{PAGE}#3")["jaccard"]
    tenth = as_json(folder, "--result", "out", "power-station-summaries.txt#10")
    assert (tenth["left"]["repairs"], tenth["kind"]) == (1, "exact")
    loose = as_json(folder, "--result", "out", "power-station-summaries.txt#6", "--threshold", "0.9")
    assert (loose["threshold"], loose["kind"]) == (0.9, "contained")


def test_exit_codes(folder):
    assert run(folder, "a.txt", "a.txt", "--exit-code").returncode == 0
    other = "examples/records.jsonl#lighthouse"
    assert run(folder, "a.txt", other).returncode == 0
    assert run(folder, "a.txt", other, "--exit-code").returncode == 1


def test_settings_of_a_file_count(folder, tmp_path):
    (tmp_path / "reportclean.toml").write_text(
        '[dedupe]\nthreshold = 0.99\nkeep = "first"\n', encoding="utf-8"
    )
    for name in ("a.txt", "b.txt"):
        shutil.copy(folder / name, tmp_path)
    assert as_json(tmp_path, "a.txt", "b.txt")["threshold"] == 0.99
    assert as_json(tmp_path, "a.txt", "b.txt", "--threshold", "0.7")["threshold"] == 0.7


def test_nothing_of_a_text_is_obeyed(folder):
    for name in ("text", "json"):
        said = run(
            folder, "a.txt", "hostile.txt", "--raw", "--unseen", "--full", "--output-format", name
        ).stdout
        assert all(c.isprintable() or c in "\n\u3000" for c in said)
        assert "##[" not in said
    page = run(folder, "a.txt", "hostile.txt", "--raw", "--full", "--output-format", "html").stdout
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x00" not in page


def in_a_terminal(folder, *arguments, columns=60, **environment):
    """What the command writes to a terminal of so many columns."""
    controller, terminal = pty.openpty()
    import fcntl  # noqa: PLC0415  # not on every system; this test is
    import struct  # noqa: PLC0415
    import subprocess  # noqa: PLC0415
    import termios  # noqa: PLC0415

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    plain = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}}
    process = subprocess.Popen(
        [*COMMAND, "compare", *arguments],
        cwd=folder, stdout=terminal, stdin=subprocess.DEVNULL, env=plain | {"TERM": "xterm-256color"} | environment,
    )  # fmt: skip
    os.close(terminal)
    pieces = []
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # the other side was closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(controller)
    assert process.wait() == 0
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_colours_on_a_terminal_only(folder):
    shown = in_a_terminal(folder, "a.txt", "b.txt")
    assert "\x1b[31m[-四" in shown
    plain = in_a_terminal(folder, "a.txt", "b.txt", NO_COLOR="1")
    assert set(STYLE.findall(plain)) <= {"\x1b[0m", "\x1b[1m", "\x1b[2m"}  # bold and dim are no colours
    assert "\x1b[" not in run(folder, "a.txt", "b.txt").stdout
    assert "\x1b[31m" in run(folder, "a.txt", "b.txt", env=os.environ | {"FORCE_COLOR": "1"}).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize("columns", [20, 61, 200])
def test_lines_fit_the_terminal(folder, columns):
    shown = in_a_terminal(folder, f"{PAGE}#6", f"{PAGE}#3", "--full", columns=columns, NO_COLOR="1")
    widths = [sum(size for _, size in cells(line)) for line in STYLE.sub("", shown).split("\n")]
    assert max(widths) <= columns
    assert max(widths) >= columns - 1  # a wide character may not fit into the last cell


def joined(comparison, **settings):
    lines = comparison_lines(
        comparison, context=10, unseen=True, **({"width": None, "full": True} | settings)
    )
    return ["".join(segment.text for segment in line) for line in lines]


@given(texts(), texts(), st.integers(2, 40))
def test_wrapping_changes_nothing_but_lines(left, right, width):
    found = rc.compare(left, right, raw=True)
    whole, wrapped = joined(found), joined(found, width=width)
    for line in wrapped:
        shown = list(cells(line))
        assert sum(size for _, size in shown) <= width or len(shown) == 1 or "\\" in line
    assert "".join(shown for line in wrapped for shown, _ in cells(line)) == "".join(
        shown for line in whole for shown, _ in cells(line)
    )


@given(st.one_of(reports(), texts()), st.one_of(reports(), texts()), st.integers(0, 30))
def test_fragments_are_the_texts(left, right, context):
    found = rc.compare(left, right, raw=True)
    for settings in ({}, {"context": context, "longest": context}):
        every = list(marked(found, unseen=True, **settings))
        assert "".join(one.text for one in every if one.side != "right") == left
        assert "".join(one.text for one in every if one.side != "left") == right
        assert all(len(one.text) >= 20 for one in every if one.hidden)
        seen = list(marked(found, **settings))
        assert "".join(one.text for one in seen if one.side != "right") == left or found.counts().keys() & {
            "signs",
            "form",
        }
    assert not any(one.hidden for one in marked(found))


def test_placeholders_are_fragments():
    found = rc.compare(REPORT, REPORT.replace("四十件", "____件"), raw=True)
    assert [one.text for one in marked(found) if one.placeholder] == ["20xx", "____"]


class Read(HTMLParser):
    """What a browser would show, and which elements hold it."""

    def __init__(self, page):
        super().__init__()
        self.inside, self.left, self.right, self.tags = [], [], [], set()
        self.feed(page[page.index("<main") : page.index("</body>")])

    def handle_starttag(self, tag, _attrs):
        self.inside.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.inside.pop() == tag

    def handle_data(self, data):
        if "main" in self.inside and "summary" not in self.inside:
            if "ins" not in self.inside:
                self.left.append(data)
            if "del" not in self.inside:
                self.right.append(data)


@given(reports(), reports())
def test_the_page_holds_both_texts(left, right):
    left += "<b>&amp;</b>"
    page = Read(comparison_html(rc.compare(left, right, raw=True)))
    assert ("".join(page.left), "".join(page.right)) == (left, right)
    assert page.tags <= {"main", "del", "ins", "mark", "details", "summary"}


def test_the_page_is_a_file(folder):
    done = run(folder, "a.txt", "b.txt", "--output-format", "html", "-o", "pair.html")
    assert (done.returncode, done.stdout) == (0, "")
    page = (folder / "pair.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
