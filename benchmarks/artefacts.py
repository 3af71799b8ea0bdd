"""What the artefact finders cost and find: speed, linearity, clean prose, a page with its truth file.

    python benchmarks/artefacts.py [--prose DIR ...] [--page PAGE]

``--prose`` names folders of clean UTF-8 text; every finding there is printed to be looked at, and more than
one in 100,000 characters fails. ``--page`` names a page with ``PAGE.truth.json`` beside it. Linearity is
always measured: for each finder the lines that cost it most, at 250,000 and 1,000,000 characters.
Exit code 1 where something falls short.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from reportclean.document import Hit
from reportclean.rules.base import Rule
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import run
from reportclean.text.charclass import classes_of
from timing import seconds

BATCH = 500_000  # characters of joined documents that a finder gets at once
SMALL, LARGE = 250_000, 1_000_000
LINEAR = 8.0  # times longer for four times the text: linear is 4, quadratic 16, the rest is the cache's
PER_100_000 = 1.0

Finder = Callable[[str], Iterable[Hit]]

# Pieces that, repeated, keep a pattern busiest: openings that never close, runs that almost match.
PIECES = (
    "a", "中", " ", "\n", "中\n", "。", "，", "、", "“", "”中“", "(", "（", "[", "[bookmark: ",
    "[image:[image:", 'HYPERLINK "', "HYPERLINK \\o ", 'TOC \\o "', "\\* MERGEFORMAT", "错误！",
    "_x00", "_x000D_", "- ", "-1", "- 1 ", "-1-", "—1—中，", "第", "第1", "第1页", "共1页第", "页",
    "Page 1 of ", "1/1", "1/", "\n1/2", "中 中", "中\t", "稳 定，", "a b ", "z7 ", "\na b c d ",
    "W. N) i1 ", "中'", "的'中", "(á", "中(á)", "（ā", "☀", "中☀中", "更多", "更多请", "本文来自",
    "（本文来自", "来源：", "\n来源：", "\n2020-01-01 ", "\n上一篇", "\n更多", "以下小", "\n以下",
    "总结 ", "\n总结总结总结 ", "一、", "\n一、", "\n三、", "。一、", "。一、中中中\n",
    "！(一)中中中\n", "取得了", "取得了。", "、。", "。1)", "。1)中", "„", "„„", "此处隐藏",
    "此处隐藏1", "...\n", "…", "…\n", "各班组认真执行公司的各工种教，\n",
    "育培训方案各班组认真执行公司的，各工种教\n", "我们认真执行公司的，各工种“教\n",
    "我们认真执行公司的（各工种教，", "\n\x00\n", "\n\x00", "中中中中中中中中中中中中中中中中\n12\n",
)  # fmt: skip


def timed(finder: Finder, text: str) -> float:
    """CPU seconds of a pass over a text."""
    gc.collect()
    return seconds(lambda: deque(finder(text), maxlen=0), runs=3)


def finders(rules: Iterable[Rule]) -> dict[Finder, list[Rule]]:
    """The finders of this part with the rules that share each."""
    shared: dict[Finder, list[Rule]] = {}
    for rule in rules:
        if rule.finder is not None and rule.finder.__module__.startswith("reportclean.text.artefacts"):
            shared.setdefault(rule.finder, []).append(rule)
    return shared


def linearity(shared: dict[Finder, list[Rule]]) -> bool:
    """Print each finder's worst growth and worst cost; whether all stay linear."""
    good = True
    print(f"{'finder':22} {'worst growth (x4 text)':>24} {'worst ns/char':>14}")
    for finder in shared:
        growth, growing, cost, costly = 0.0, "", 0.0, ""
        for piece in PIECES:
            large = (piece * (LARGE // len(piece) + 1))[:LARGE]
            slow = timed(finder, large)
            if slow > 0.03:
                ratio = slow / max(timed(finder, large[:SMALL]), 1e-9)
                if ratio > growth:
                    growth, growing = ratio, piece
            if slow > cost:
                cost, costly = slow, piece
        good &= growth < LINEAR
        mark = "" if growth < LINEAR else "  NOT LINEAR"
        name = finder.__name__.removeprefix("find_")
        print(f"{name:22} {growth:8.1f} {growing!r:>15} {cost / LARGE * 1e9:14.0f} {costly!r}{mark}")
    return good


def read(folders: list[Path]) -> list[str]:
    """The texts of all files below the folders."""
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path.read_text(encoding="utf-8-sig", errors="replace") for path in paths]


def speed(texts: list[str], shared: dict[Finder, list[Rule]]) -> None:
    """Print what each finder takes on ordinary text in batches, gates applied as the runner does."""
    joined = "\n\x00\n".join(texts)
    batches = [joined[at : at + BATCH] for at in range(0, len(joined), BATCH)]
    classes = [classes_of(batch) for batch in batches]
    total = 0.0
    for finder, rules in shared.items():
        list(finder(batches[0]))  # compiles
        passing = [
            batch
            for batch, found in zip(batches, classes, strict=True)
            if any(r.gate in found for r in rules)
        ]
        seconds = sum(timed(finder, batch) for batch in passing)
        total += seconds
        codes = f"{rules[0].code}–{rules[-1].code}" if len(rules) > 1 else rules[0].code
        print(
            f"{finder.__name__.removeprefix('find_'):22} {seconds / len(joined) * 1e9:6.2f} ns/char  {codes}"
        )
    size = len(joined.encode("utf-8", "replace"))
    print(
        f"all: {total / len(joined) * 1e9:.1f} ns/char, {size / total / 1e6:.0f} MB/s of {size / 1e6:.1f} MB"
    )


def clean_prose(texts: list[str], rules: list[Rule]) -> bool:
    """Print all findings on clean prose; whether they are few enough."""
    characters = sum(map(len, texts))
    count = 0
    for number, text in enumerate(texts):
        for finding in run(text, rules).findings:
            count += 1
            around = text[max(0, finding.start - 12) : finding.end + 12][:70]
            print(f"  text {number}: {finding.code} {finding.message[:40]!r} in {around!r}")
    rate = count / characters * 100_000
    print(f"{count} findings in {characters:,} characters: {rate:.2f} in 100,000")
    return rate <= PER_100_000


def page(path: Path, rules: list[Rule]) -> bool:
    """Print what the truth file names and the rules do not find, and the other way round."""
    text = path.read_text(encoding="utf-8")
    truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    lines: dict[str, list[int]] = {}
    for finding in run(text, rules).findings:
        lines.setdefault(finding.code, []).append(text.count("\n", 0, finding.start) + 1)
    wanted = {
        "ART001": [truth["word_artefacts"]["bookmark_line"]],
        "ART006": [truth["word_artefacts"]["page_number_line"]],
        "ART010": [first for first, _ in truth["hard_wrapped_lines"]],
        "ART020": truth["doubled_punctuation_lines"],
        "ART040": [truth["teaser"]["line"]],
        "STR010": [truth["stuck_heading"]["line"]],
        "STR013": [truth["word_lost_before_full_stop"]["line"]],
        "STR014": [truth["truncated_end"]["last_line"]],
    }
    good = True
    for code, expected in wanted.items():
        good &= lines.get(code) == expected
        print(f"{code}: lines {lines.pop(code, [])}, truth {expected}")
    site = sorted(lines.pop("ART011", []) + lines.pop("ART012", []))
    print(f"ART011, ART012: lines {site}, truth {truth['site_lines']}")
    print(f"besides: {lines}")
    return good and site == truth["site_lines"]


def main() -> int:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prose", type=Path, nargs="*", default=[])
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    shared = finders(all_rules())
    rules = [rule for group in shared.values() for rule in group]
    good = True
    if options.page:
        good &= page(options.page, rules)
    if options.prose:
        texts = read(options.prose)
        speed(texts, shared)
        good &= clean_prose(texts, rules)
    good &= linearity(shared)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
