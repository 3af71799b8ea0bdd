"""Configuration files through the real process: every command takes them, and every mistake ends with 2."""

import json

import pytest

from commands import reportclean
from corpora import report
from reportclean.cli.configuring import explained

DIRTY = "全年检修线路。。共计20xx年完成。\n"


@pytest.fixture
def folder(tmp_path):
    """A working folder without a configuration, and a page in it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(DIRTY, encoding="utf-8")
    return tmp_path


def configure(folder, text, name="reportclean.toml"):
    (folder / name).write_text(text, encoding="utf-8")


def test_config_prints_what_is_in_force_and_where_it_came_from(folder):
    configure(
        folder,
        '[tool.reportclean]\nignore = ["TPL"]\n[tool.reportclean.dedupe]\nthreshold = 0.7\n'
        '[tool.reportclean.check]\nseverity.STR = "off"\nper-file-ignores."旧/*" = ["ENC"]\n',
        "pyproject.toml",
    )
    done = reportclean("config", "in", "--seed", "5", "--max-findings", "all=3", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "# pyproject.toml"
    for line in (
        'text-field = "text" # default',
        'ignore = ["TPL"] # pyproject.toml:2',
        "threshold = 0.7 # pyproject.toml:4",
        "seed = 5 # command line",
        "keep-updates = false # default",
        'severity = { "STR" = "off" } # pyproject.toml:6',
        'per-file-ignores = { "旧/*" = ["ENC"] } # pyproject.toml:7',
        'max-findings = { "all" = 3 } # command line',
        "# max-duplicate-ratio is not set # default",
    ):
        assert line in lines
    assert lines.count('ignore = ["TPL"] # pyproject.toml:2') == 3  # at the top, for clean, for check

    (folder / "in" / "reportclean.toml").write_text(done.stdout, encoding="utf-8")
    again = reportclean("config", "in", "--output-format", "json", cwd=folder)
    found = {one["key"]: one for one in json.loads(again.stdout)["settings"]}
    assert found["dedupe.seed"]["value"] == 5
    assert found["check.per-file-ignores"]["value"] == {"旧/*": ["ENC"]}
    assert {one["source"] for one in found.values() if one["value"] is not None} == {"file"}


def test_config_as_json(folder):
    configure(folder, "\n[dedupe]\nseed = 9\n")
    done = reportclean("config", "--output-format", "json", "--threshold", "0.9", cwd=folder)
    answer = json.loads(done.stdout)
    assert (answer["version"], answer["file"]) == (1, "reportclean.toml")
    found = {one.pop("key"): one for one in answer["settings"]}
    assert found["dedupe.seed"] == {"value": 9, "source": "file", "path": "reportclean.toml", "line": 3}
    assert found["dedupe.threshold"] == {"value": 0.9, "source": "command line", "path": None, "line": None}
    assert found["text-field"] == {"value": "text", "source": "default", "path": None, "line": None}
    assert found["workers"]["value"] >= 1


def test_clean_takes_it_and_the_command_line_goes_before(folder):
    configure(folder, '[clean]\nignore = ["doubled-stop"]\n')
    assert "0 changed" in reportclean("clean", "in", "--diff", cwd=folder).stderr
    assert "1 changed" in reportclean("clean", "in", "--diff", "--ignore", "", cwd=folder).stderr
    assert "1 changed" in reportclean("clean", "in", "--diff", "--no-config", cwd=folder).stderr
    configure(folder, "unread = 3", "other.toml")
    done = reportclean("clean", "in", "--diff", "--config", "other.toml", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "reportclean: other.toml:1: unread is no setting\n"


def test_dedupe_takes_it(folder):
    (folder / "in/b.txt").write_text(report(1), encoding="utf-8")
    configure(folder, 'text-field = "body"\n[dedupe]\nthreshold = 0.9\nmark = true\nunit = "document"\n')
    done = reportclean("dedupe", "in", "-o", "out", "--no-mark", "--unit", "section", cwd=folder)
    assert done.returncode == 0
    settings = json.loads((folder / "out/summary.json").read_text())["settings"]
    taken = {name: settings[name] for name in ("text_field", "threshold", "mark", "unit")}
    assert taken == {"text_field": "body", "threshold": 0.9, "mark": False, "unit": "section"}


def test_check_takes_it(folder):
    configure(folder, '[check]\nselect = ["ART020", "TPL"]\nseverity = { ART020 = "error", TPL = "off" }\n')
    done = reportclean("check", "in", "--output-format", "concise", cwd=folder)
    assert done.returncode == 1
    assert "ART020" in done.stdout
    assert "TPL" not in done.stdout
    done = reportclean("check", "in", "--max-findings", "ART=1", "--select", "ART", cwd=folder)
    assert done.returncode == 0


def test_the_file_is_looked_for_from_the_name_of_standard_input(folder):
    configure(folder / "in", '[check]\nselect = ["ENC"]\n')
    options = ["--stdin-filename", "in/b.txt", "--output-format", "json"]
    done = reportclean("check", "-", *options, cwd=folder, input=DIRTY)
    assert json.loads(done.stdout)["findings"] == []


MISTAKES = [
    (b"[check\n", "reportclean.toml:1:7: this is no TOML: Expected ']'"),
    (b"[check]\nmax-findings = 3\n", "reportclean.toml:2: check.max-findings is 3; it must be a table"),
    (b"[chek]\n", "reportclean.toml:1: chek is no setting (did you mean check?)"),
    (b"select = ['TLP']\n", "reportclean.toml:1: select names 'TLP', which is no rule (did you mean TPL?)"),
    ("select = ['中']".encode("gbk"), "reportclean.toml:1: byte 0xd6 is not UTF-8; save the file as UTF-8"),
]


@pytest.mark.parametrize(("data", "said"), MISTAKES)
@pytest.mark.parametrize("arguments", [["check", "in"]])
def test_a_mistake_ends_with_two(folder, data, said, arguments):
    (folder / "reportclean.toml").write_bytes(data)
    done = reportclean(*arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"reportclean: {said}")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", ["clean in -o out", "dedupe in -o out", "config in"])
def test_every_command_refuses_all_mistakes_at_once(folder, arguments):
    configure(folder, "[check]\nmax-findings = 3\n[dedupe]\nseed = -1\n")
    done = reportclean(*arguments.split(), cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "reportclean: reportclean.toml: 2 mistakes",
        "  reportclean.toml:2: check.max-findings is 3; it must be a table",
        "  reportclean.toml:4: dedupe.seed is -1; it must be a whole number from 0 to 4294967295",
    ]
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("check in --config gone.toml", "gone.toml: the configuration cannot be read: No such file"),
        ("check in --config in", "in: the configuration cannot be read: Is a directory"),
        ("check in --config x.toml --no-config", "--config and --no-config exclude each other"),
        ("config gone", "gone does not exist; name a file or a folder that does"),
        ("config --threshold 3", "--threshold is 3.0; it must be above 0 and at most 1"),
        ("config --select NOPE", "--select names 'NOPE', which is no rule"),
        (
            "config --severity TPL001=of",
            "--severity.TPL001 is \"of\"; it must be 'error', 'warning' or 'off'",
        ),
        ("rules --select NOPE", "--select names 'NOPE', which is no rule; the families are ENC, SCR, TPL"),
    ],
)
def test_what_cannot_be_asked_for(folder, arguments, said):
    done = reportclean(*arguments.split(), cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_link_to_nothing_ends_the_run(folder):
    (folder / "reportclean.toml").symlink_to("gone.toml")
    done = reportclean("check", "in", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "reportclean.toml: the configuration cannot be read: No such file or directory" in done.stderr


def test_rules_are_listed(tmp_path):
    done = reportclean("rules", "--select", "ART020,DUP", cwd=tmp_path)
    header, *rows = done.stdout.splitlines()
    assert header.split() == ["code", "name", "severity", "scope", "fix", "summary"]
    assert [row.split()[0] for row in rows] == ["ART020", "DUP001", "DUP002", "DUP003", "DUP004"]
    assert rows[0].split()[1:5] == ["doubled-stop", "error", "document", "safe"]
    assert rows[0].endswith("  a full stop that stands twice")


def test_rules_as_json(tmp_path):
    answer = json.loads(reportclean("rules", "--output-format", "json", cwd=tmp_path).stdout)
    assert answer["version"] == 1
    (rule,) = (rule for rule in answer["rules"] if rule["code"] == "ART020")
    assert rule.pop("explanation").startswith("A full stop that stands twice.\n\nWhat: ")
    assert rule == {
        "code": "ART020",
        "name": "doubled-stop",
        "severity": "error",
        "scope": "document",
        "fix": "safe",
        "summary": "a full stop that stands twice",
        "family": "ART",
        "phase": "artefacts",
        "source": "reportclean.rules.art.art020_doubled_stop",
    }


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("threshold is 3", "f.toml:2: dedupe.threshold is 3"),
        ("min_tokens is 3", "--min-tokens is 3"),
        ("select names 'X'", "--select names 'X'"),
        ("severity.TPL001 is 'x'", "--severity.TPL001 is 'x'"),
        ("in exists; use --overwrite", "in exists; use --overwrite"),
        ("f.toml: 2 mistakes", "f.toml: 2 mistakes"),
    ],
)
def test_a_field_in_a_message_is_named_as_it_was_given(message, expected):
    assert explained(message, {"threshold": "f.toml:2: dedupe.threshold"}) == expected
