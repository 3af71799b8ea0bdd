"""What a run may take: sizes in words, too little refused, and the same result with little as with much."""

import json

import pytest

import reportclean as rc
import resume_soak
from commands import reportclean
from corpora import report, reworded
from reportclean.engines import local
from reportclean.engines.budget import Budget, in_bytes
from reportclean.engines.options import RunOptions
from reportclean.near.rows import AT_ONCE


@pytest.mark.parametrize(
    ("words", "size"),
    [("1GB", 10**9), ("500mb", 5 * 10**8), (" 1.5 GB ", 15 * 10**8), ("1_000kB", 10**6), ("2TB", 2 * 10**12)],
)
def test_sizes_are_powers_of_ten(words, size):
    assert in_bytes("memory", words) == size


@pytest.mark.parametrize("words", ["1", "GB", "1GiB", "-1GB", "1 G", "１GB", "1GB more"])
def test_what_is_no_size_is_refused_by_its_name(words):
    with pytest.raises(rc.ConfigError, match=r"memory is .*; it must be a size such as 500MB or 2GB"):
        RunOptions(memory=words)


def test_less_memory_is_less_at_once_and_never_more_than_is_quick():
    budgets = [Budget.of(memory, 2) for memory in ("750MB", "1GB", "2GB", "1TB")]
    looked_at = [budget.shingles for budget in budgets]
    assert looked_at == sorted(looked_at)
    assert looked_at[0] < looked_at[1] < AT_ONCE
    assert looked_at[-1] == AT_ONCE
    assert [budget.database for budget in budgets[:2]] == ["150MB", "200MB"]
    assert Budget.of("", 2) == Budget(AT_ONCE, "")


def test_too_little_says_how_much_it_must_be(tmp_path):
    with pytest.raises(
        rc.ConfigError, match="at least 730MB with 2 workers; allow that, or use fewer workers"
    ):
        Budget.of("700MB", 2)
    Budget.of("730MB", 2)
    with pytest.raises(rc.ConfigError, match=r"at least 515MB with one worker$"):
        Budget.of("500MB", 1)
    (tmp_path / "a.txt").write_text(report(1), encoding="utf-8")
    done = reportclean("dedupe", "a.txt", "-o", "out", "--memory", "5MB", cwd=tmp_path)
    assert done.returncode == 2
    assert "--memory is '5MB'" in done.stderr
    assert reportclean("dedupe", "a.txt", "-o", "out", "--memory", "4GB", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("config", [rc.DedupeConfig(), rc.DedupeConfig(spun=False, keep="first")])
def test_the_result_is_the_same(tmp_path, monkeypatch, config):
    texts = [report(n) for n in range(12)]
    texts += [reworded(report(n % 6), n, 4 + n % 3) for n in range(30)]
    records = (json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts))
    (tmp_path / "in.jsonl").write_text("".join(records), encoding="utf-8")
    results = []
    for shingles in (AT_ONCE, 2_000, 1):
        monkeypatch.setattr(RunOptions, "budget", lambda _self, most=shingles: Budget(most))
        out = tmp_path / str(shingles)
        summary = local.dedupe_files([tmp_path / "in.jsonl"], out, config, RunOptions())
        assert summary.values["sections"]["removed"] >= 25
        results.append(resume_soak.contents(out))
    assert results[0] == results[1] == results[2]
