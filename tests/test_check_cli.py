"""`reportclean check`: every way it can end as a real process, the rest of its options in this one."""

import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from types import SimpleNamespace

import pytest

import commands
from commands import reportclean
from corpora import report, reworded
from reportclean import cli
from reportclean.report.outputs import FORMATS

COMMAND = [*commands.COMMAND, "check"]


def inside(*arguments, cwd, stdin=""):
    """The same as `check`, in this process, which is twenty times as fast."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    handler, shown = signal.getsignal(signal.SIGTERM), warnings.showwarning
    with pytest.MonkeyPatch.context() as patch, chdir(cwd):
        patch.setattr(sys, "argv", ["reportclean", "check", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]), pytest.raises(SystemExit) as left:
            cli.main()
    signal.signal(signal.SIGTERM, handler)
    warnings.showwarning = shown
    for stream in streams:
        stream.flush()
    out, errors = (stream.buffer.getvalue().decode("utf-8") for stream in streams)
    return SimpleNamespace(returncode=left.value.code, stdout=out, stderr=errors)


def check(*arguments, cwd, **settings):
    return reportclean("check", *arguments, cwd=cwd, **settings)


def shell(line, cwd, **settings):
    line = line.replace("reportclean check", " ".join(COMMAND))
    done = subprocess.run(
        ["bash", "-c", line], cwd=cwd, capture_output=True, text=True, check=False, **settings
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done


@pytest.fixture
def folder(tmp_path):
    """A clean file, and one with an error that can be fixed, one that cannot, and a warning."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(report(1), encoding="utf-8")
    (tmp_path / "in/b.txt").write_text(
        f"来源：网络  作者：水墨画意\n20xx年，{report(2)[:-2]}。。\n", encoding="utf-8"
    )
    return tmp_path


def concise(*arguments, cwd, **settings):
    """Exit code, and the findings without their words."""
    done = inside(*arguments, "--output-format", "concise", cwd=cwd, **settings)
    lines = [line.split(" ")[:2] for line in done.stdout.splitlines() if line.count(":") >= 3]
    return done.returncode, [" ".join(parts) for parts in lines]


def test_findings_fail(folder):
    done = check("in", "--output-format", "concise", cwd=folder)
    assert done.returncode == 1
    assert done.stderr == ""
    first, year, stop, *closing = done.stdout.splitlines()
    assert first.startswith("in/b.txt:1:1: ART012 byline ")
    assert year == "in/b.txt:2:1: TPL001 masked year '20xx'"
    assert stop == "in/b.txt:5:" + stop.split(":")[2] + ": ART020 '。。' for '。' [*]"
    assert closing[0] == "Found 3 findings (2 errors, 1 warning) in 2 documents, 2 sections."
    assert closing[-1] == "Limit errors: 2 found, 0 allowed."


def test_no_findings_pass(folder):
    done = check("in/a.txt", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "No findings in 1 document, 1 section.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        ("--select TPL", 1, ["2:1: TPL001"]),
        ("--select masked-year,ART012", 1, ["1:1: ART012", "2:1: TPL001"]),
        ("--select ART012", 0, ["1:1: ART012"]),
        ("--ignore TPL,doubled-stop", 0, ["1:1: ART012"]),
        ("--select TPL --extend-select ART012 --ignore TPL", 0, ["1:1: ART012"]),
        ("--exit-zero --select TPL", 0, ["2:1: TPL001"]),
        ("--select TPL --severity TPL=warning", 0, ["2:1: TPL001"]),
        ("--select TPL --severity TPL=off", 0, []),
        ("--select ART012 --severity byline=error", 1, ["1:1: ART012"]),
        ("--select TPL --max-findings TPL001=1", 0, ["2:1: TPL001"]),
        ("--select TPL --max-findings TPL001=0", 1, ["2:1: TPL001"]),
        ("--select TPL,ART012 --max-findings all=1", 1, ["1:1: ART012", "2:1: TPL001"]),
        ("--select TPL --per-file-ignores in/b.txt=TPL", 0, []),
        ("--select TPL --per-file-ignores *.txt=TPL001,ART --per-file-ignores x=TPL", 0, []),
        ("--select TPL --exclude b.txt", 0, []),
        ("--exclude in", 0, []),
    ],
)
def test_what_is_looked_for_and_how_much_is_allowed(folder, arguments, code, found):
    assert concise("in", *arguments.split(), cwd=folder) == (code, [f"in/b.txt:{line}" for line in found])


def test_ratios(folder):
    (folder / "in/c.txt").write_text(report(1).replace("，", "、"), encoding="utf-8")
    (folder / "in/d.txt").write_text(
        "全年检修线路一百二十公里".encode().decode("gb18030", "replace"), "utf-8"
    )
    for arguments, code in (
        ("--select DUP", 1),
        ("--select DUP --max-duplicate-ratio 0.25", 0),
        ("--select DUP --max-duplicate-ratio 0.2", 1),
        ("--select ENC", 1),
        ("--select ENC --max-mojibake-ratio 0.5", 0),
        ("--select ENC --max-mojibake-ratio 0.001", 1),
    ):
        assert inside("in", *arguments.split(), cwd=folder).returncode == code, arguments


def test_statistics(folder):
    done = inside("in", "--statistics", cwd=folder)
    assert done.returncode == 1
    rows = [line.split() for line in done.stdout.splitlines()[:3]]
    assert rows == [
        ["1", "ART012", "byline"],
        ["1", "ART020", "[*]", "doubled-stop"],
        ["1", "TPL001", "masked-year"],
    ]
    assert done.stdout.splitlines()[-1] == "Limit errors: 2 found, 0 allowed."


def test_quiet(folder):
    done = inside("in", "--quiet", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_on_the_screen_and_in_a_file(folder, form):
    shown = inside("in", "--output-format", form, cwd=folder)
    written = inside("in", "--output-format", form, "-o", "out", cwd=folder)
    assert (shown.returncode, shown.stderr) == (1, "")
    assert (written.returncode, written.stdout, written.stderr) == (1, "", "")
    assert (folder / "out").read_text(encoding="utf-8") == shown.stdout
    assert "TPL001" in shown.stdout
    if form in {"json", "gitlab", "sarif"}:
        json.loads(shown.stdout)


def test_a_file_and_statistics(folder):
    done = inside("in", "--output-format", "json", "-o", "out.json", "--statistics", cwd=folder)
    assert len(json.loads((folder / "out.json").read_bytes())["findings"]) == 3
    assert "TPL001" in done.stdout
    assert "{" not in done.stdout


def test_github_gets_its_summary(folder, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    done = inside("in", "--output-format", "github", cwd=folder)
    assert "::error file=in/b.txt,line=2," in done.stdout
    assert "TPL001" in (folder / "summary.md").read_text(encoding="utf-8")
    (folder / "summary.md").unlink()
    inside("in", cwd=folder)
    assert not (folder / "summary.md").exists()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "none/summary.md"))
    done = inside("in", "--output-format", "github", cwd=folder)
    assert done.returncode == 1
    assert "cannot write GITHUB_STEP_SUMMARY: No such file" in done.stderr


def test_standard_input(folder):
    text = (folder / "in/b.txt").read_text(encoding="utf-8")
    assert concise("-", cwd=folder, stdin=text) == (
        1,
        ["-:1:1: ART012", "-:2:1: TPL001", concise("in/b.txt", cwd=folder)[1][2].replace("in/b.txt", "-")],
    )
    named = ["-", "--select", "TPL", "--stdin-filename", "x/y.txt"]
    assert concise(*named, cwd=folder, stdin=text) == (1, ["x/y.txt:2:1: TPL001"])
    assert concise(*named, "--exclude", "x", cwd=folder, stdin=text) == (0, [])
    assert concise(*named, "--per-file-ignores", "y.txt=TPL", cwd=folder, stdin=text) == (0, [])
    real = check("-", "--select", "TPL", "-q", cwd=folder, input=text)
    assert (real.returncode, real.stdout, real.stderr) == (1, "", "")
    record = json.dumps({"text": "甲。\n20xx年"})
    assert concise("-", "--select", "TPL", cwd=folder, stdin=record) == (1, ["-:1:4: TPL001"])
    as_text = concise(
        "-", "--select", "TPL", "--stdin-filename", "y.txt", cwd=folder, stdin='{"text": "20xx年"}'
    )
    assert as_text == (1, ["y.txt:1:11: TPL001"])
    assert concise("-", "in/b.txt", "--select", "TPL", cwd=folder, stdin="20xx年") == (
        1,
        ["-:1:1: TPL001", "in/b.txt:2:1: TPL001"],
    )


def test_a_baseline_and_what_shrinks_it(folder):
    done = inside("in", "--write-baseline", "known.json", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "known.json holds 3 findings\n")
    known = inside("in", "--baseline", "known.json", cwd=folder)
    assert known.returncode == 0
    assert known.stdout == "No new findings in 2 documents, 2 sections; the baseline holds 3 more.\n"
    (folder / "in/b.txt").write_text(f"20xx年，{report(2)}202_年\n", encoding="utf-8")
    done = inside("in", "--baseline", "known.json", "--output-format", "concise", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith("in/b.txt:5:1: TPL001 ")
    assert "2 entries of the baseline not found again" in done.stdout
    inside("in", "--baseline", "known.json", "--write-baseline", "known.json", "--quiet", cwd=folder)
    assert len((folder / "known.json").read_text().splitlines()) == 4
    assert inside("in", "--baseline", "known.json", "-q", cwd=folder).returncode == 0


def test_against(folder):
    (folder / "new").mkdir()
    (folder / "new/x.txt").write_text(reworded(report(1), 1, 3), encoding="utf-8")
    done = inside("new", "--against", "in", "--output-format", "concise", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("new/x.txt:1:1: DUP002 the section nearly repeats a.txt#1 (Jaccard 0.")
    assert inside("new", cwd=folder).returncode == 0
    assert inside("in/a.txt", "--against", "in", cwd=folder).returncode == 0


def assert_refused(run, folder, arguments, said):
    (folder / "empty").mkdir()
    (folder / "text.json").write_text("not JSON")
    (folder / "other.json").write_text('{"version": 99, "findings": []}')
    (folder / "alien.json").write_text("{}")
    before = sorted(p.name for p in folder.iterdir())
    done = run(*arguments.split(), cwd=folder)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert sorted(p.name for p in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "name a PATH, or a list of them with --paths-from"),
        ("nowhere", "nowhere does not exist; name a file or a folder that does"),
        ("in --select TPL01", "--select names 'TPL01', which is no rule (did you mean "),
        ("in --baseline none.json", "the baseline none.json cannot be read: No such file"),
        ("in --baseline text.json", "the baseline text.json is not JSON"),
        ("in --baseline other.json", "the baseline other.json is of version 99, and this is for 1"),
        ("in -o none/out.txt", "cannot write to none/out.txt: there is no folder none; make it first"),
    ],
)
def test_what_cannot_run_says_so(folder, arguments, said):
    assert_refused(check, folder, arguments, said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("empty", "nothing to read in empty"),
        ("in --ignore nonsense", "--ignore names 'nonsense', which is no rule"),
        ("in --extend-select tpl", "(did you mean TPL"),
        ("in --severity TPL=fatal", "--severity.TPL is 'fatal'; it must be one of error, warning, off"),
        ("in --severity TPL", "'TPL' is not RULE=LEVEL"),
        ("in --severity NOPE=off", "--severity names 'NOPE'"),
        ("in --max-findings TPL=few", "'TPL=few' is not RULE=N"),
        ("in --max-findings TPL=-1", "--max-findings.TPL is -1"),
        ("in --max-findings NOPE=1", "--max-findings names 'NOPE'"),
        ("in --max-duplicate-ratio 5", "--max-duplicate-ratio is 5.0; it must be a number from 0 to 1"),
        ("in --per-file-ignores x", "'x' is not GLOB=RULES"),
        ("in --threshold 7", "--threshold is 7.0"),
        ("in --workers 0", "--workers is 0; it must be at least 1"),
        ("in --output-format html", "'html' is not one of 'full', 'concise'"),
        ("in --stdin-filename x.txt", "--stdin-filename is for standard input"),
        ("in --against nowhere", "nowhere does not exist"),
        ("in --encoding klingon", "klingon"),
        ("in --baseline in", "the baseline in cannot be read: Is a directory"),
        ("in --baseline alien.json", "alien.json is no baseline"),
        ("in -o in", "cannot write to in: it is a folder"),
        ("in -o /proc/out", "cannot write to /proc/out"),
        ("in --write-baseline none/b.json", "cannot write to none/b.json"),
    ],
)
def test_what_else_cannot_run_says_so(folder, arguments, said):
    assert_refused(inside, folder, arguments, said)


def test_a_folder_that_may_not_be_written(folder):
    (folder / "locked").mkdir(mode=0o555)
    if os.access(folder / "locked", os.W_OK):
        pytest.skip("this user may write everywhere")
    done = check("in", "-o", "locked/out", cwd=folder)
    assert done.returncode == 2
    assert "cannot write to locked/out: Permission denied" in done.stderr


def test_a_pipe_is_written_to_and_not_replaced(folder):
    os.mkfifo(folder / "pipe")
    done = shell("cat pipe > copy & reportclean check in -o pipe; code=$?; wait; exit $code", folder)
    assert done.returncode == 1
    assert "TPL001" in (folder / "copy").read_text(encoding="utf-8")
    assert (folder / "pipe").is_fifo()


def test_a_disk_that_fills_up(folder):
    """A limit on the size of files stands for the full disk."""
    (folder / "in/c.txt").write_text("20xx年。\n" * 3000, encoding="utf-8")
    (folder / "out.json").write_text("as it was")

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = check("in", "--output-format", "json", "-o", "out.json", cwd=folder, preexec_fn=limited)
    assert done.returncode == 2
    assert "cannot write to out.json: File too large" in done.stderr
    assert (folder / "out.json").read_text() == "as it was"
    assert sorted(p.name for p in folder.iterdir()) == ["in", "out.json"]


@pytest.mark.parametrize(("line", "code"), [("in | head -1", 1), ("in/a.txt | true", 0)])
def test_a_reader_that_goes_away_changes_no_verdict(folder, line, code):
    (folder / "in/b.txt").write_text("20xx年。\n" * 3000, encoding="utf-8")
    done = shell(f"reportclean check {line}; exit ${{PIPESTATUS[0]}}", folder)
    assert (done.returncode, done.stderr) == (code, "")


def test_closed_and_full_streams(folder):
    assert shell("reportclean check in >&-", folder).returncode == 1
    assert shell("reportclean check in >&- 2>&-", folder).returncode == 1
    done = shell("reportclean check in > /dev/full", folder)
    assert done.returncode == 2
    assert done.stderr == "reportclean: cannot write to standard output: No space left on device\n"


def test_output_is_utf_8_whatever_the_terminal(folder):
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = check("in", cwd=folder, env=environment, text=False)
    assert done.returncode == 1
    assert "masked year '20xx'" in done.stdout.decode("utf-8")
    assert "来源" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt(folder, name):
    lines = (json.dumps({"text": "".join(report(n * 9 + k) for k in range(9))}) for n in range(1200))
    (folder / "in/big.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "tmp").mkdir()
    with subprocess.Popen(
        [*COMMAND, "in", "-o", "out.txt", "--workers", "2"],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder / "tmp")},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not any((folder / "tmp").rglob("*.columns")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(name)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors == "reportclean: interrupted; nothing was written\n"
    assert sorted(p.name for p in folder.iterdir()) == ["in", "tmp"]
    assert not list((folder / "tmp").glob("reportclean-*"))


def test_unreadable_records_are_findings(folder):
    (folder / "in/r.jsonl").write_text('{"text": "20xx年"}\n{"text": \n', encoding="utf-8")
    (folder / "in/e.txt").touch()
    code, found = concise("in", "--select", "ENC", cwd=folder)
    assert (code, found) == (1, ["in/e.txt:1:1: ENC030", "in/r.jsonl:2:1: ENC030"])


def test_the_configuration_file_counts(folder):
    (folder / "reportclean.toml").write_text('[check]\nignore = ["TPL"]\nmax-findings.ART020 = 1\n')
    assert concise("in", cwd=folder)[0] == 0
    assert concise("in", "--ignore", "ENC", cwd=folder)[0] == 1
    assert concise("in", "--no-config", cwd=folder)[0] == 1
    (folder / "reportclean.toml").write_text("[check]\nmax-findings.ART02O = 1\n")
    done = inside("in", cwd=folder)
    assert done.returncode == 2
    assert "reportclean.toml:2: check.max-findings.ART02O" in done.stderr
