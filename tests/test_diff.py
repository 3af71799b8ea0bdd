import random
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora import report
from reportclean.document import Edit, apply_edits
from reportclean.report.diff import unified_diff


def edits_on(text, rng):
    places = sorted(rng.sample(range(len(text) + 1), min(len(text) + 1, 2 * rng.randint(1, 6)) // 2 * 2))
    found = []
    for start, end in zip(places[::2], places[1::2], strict=True):
        after = rng.choice(["", "新", "新\n行", "\n", "甲\n\n"])
        if text[start:end] != after:
            found.append(Edit(start, end, text[start:end], after, "ART001"))
    return found


@pytest.mark.skipif(shutil.which("patch") is None, reason="the program patch is not here")
@given(seed=st.integers(0, 10**6))
def test_patch_takes_the_diff(seed, tmp_path_factory):
    rng = random.Random(seed)
    original = (
        "\n".join(report(seed + n, 1)[: rng.randint(0, 30)].strip() for n in range(rng.randint(1, 12))) + "\n"
    )
    edits = edits_on(original[:-1], rng)
    wanted = apply_edits(original, edits)
    folder = tmp_path_factory.mktemp("diff")
    (folder / "a").write_text(original, encoding="utf-8", newline="")
    diff = "\n".join(unified_diff("a", original, edits)) + "\n"
    if edits and wanted.endswith("\n"):
        subprocess.run(["patch", "-s", "a"], cwd=folder, input=diff.encode(), check=True)
        assert (folder / "a").read_bytes() == wanted.encode()


def test_no_edits_no_diff():
    assert list(unified_diff("a", "text", [])) == []


def test_a_hundred_thousand_lines_are_no_matter():
    text = "一行\n" * 100_000
    lines = list(unified_diff("a", text, [Edit(150_000, 150_001, "一", "二", "ART001")]))
    assert [line for line in lines if line[0] in "+-"] == ["--- a", "+++ a", "-一行", "+二行"]
    assert len(lines) == 9
