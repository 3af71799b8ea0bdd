"""Precision and recall of the placeholder finder on labelled cases, and its speed.

    python benchmarks/placeholders.py [FOLDER]

FOLDER holds ``cases/placeholders.jsonl`` and ``pages/*.truth.json``; by default it is ``shared`` beside the
repository. A found span counts when it overlaps a labelled one of the same kind by more than half of both.
Labels of the kind ``artefact`` are another finder's: they are left out, and so is what is found inside them.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from reportclean.document import Hit
from reportclean.text.placeholders import KINDS, find_masks, find_placeholders, find_years

Label = tuple[int, int, str]


def overlaps(hit: Hit, label: Label) -> bool:
    """Whether a hit and a label share more than half of each other."""
    shared = min(hit.end, label[1]) - max(hit.start, label[0])
    return 2 * shared > max(hit.end - hit.start, label[1] - label[0])


def cases(folder: Path, *, verbose: bool) -> None:
    """Print the table of the labelled cases."""
    found, labelled, right_hits, right_labels = Counter(), Counter(), Counter(), Counter()
    friends = clean = 0
    for line in (folder / "cases/placeholders.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        text = case["text"]
        artefacts = [label for label in case["spans"] if label[2] == "artefact"]
        labels = [label for label in case["spans"] if label[2] != "artefact"]
        hits = [
            hit
            for hit in find_placeholders(text)
            if not any(hit.start < end and start < hit.end for start, end, _ in artefacts)
        ]
        if not case["spans"]:
            friends += 1
            clean += not hits
        wrong = []
        for hit in hits:
            found[hit.kind] += 1
            if any(overlaps(hit, label) and hit.kind == label[2] for label in labels):
                right_hits[hit.kind] += 1
            else:
                wrong.append(f"+{text[hit.start : hit.end]}:{hit.kind}")
        for label in labels:
            labelled[label[2]] += 1
            if any(overlaps(hit, label) and hit.kind == label[2] for hit in hits):
                right_labels[label[2]] += 1
            else:
                wrong.append(f"-{text[label[0] : label[1]]}:{label[2]}")
        if wrong and verbose:
            print(" ".join(wrong), "|", text)
    print(f"{'kind':14}{'labelled':>9}{'found':>7}{'precision':>11}{'recall':>8}")
    for kind in (*KINDS, "all"):
        row = [
            sum(c.values()) if kind == "all" else c[kind] for c in (labelled, found, right_hits, right_labels)
        ]
        print(f"{kind:14}{row[0]:9}{row[1]:7}{row[2] / max(row[1], 1):11.3f}{row[3] / max(row[0], 1):8.3f}")
    print(f"false friends without a finding: {clean} of {friends} ({clean / max(friends, 1):.3f})")


def pages(folder: Path, *, verbose: bool) -> None:
    """Print how many of a page's labelled placeholders were found, and what else was."""
    for path in sorted((folder / "pages").glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        text = (path.parent / truth["source"]).read_text("utf-8")
        labels = [(mark["start"], mark["end"], mark["kind"]) for mark in truth["placeholders"]]
        hits = list(find_placeholders(text))
        seen = sum(any(overlaps(hit, label) for hit in hits) for label in labels)
        kinds = sum(any(overlaps(hit, label) and hit.kind == label[2] for hit in hits) for label in labels)
        others = [hit for hit in hits if not any(overlaps(hit, label) for label in labels)]
        print(f"{path.name}: {seen} of {len(labels)} found, {kinds} of the right kind, {len(others)} others")
        if verbose:
            for hit in others:
                print("  +", hit, text[max(0, hit.start - 10) : hit.end + 10])


PROSE = (
    "各部门要按照年初确定的目标任务，进一步落实责任，把工作做细做实。"
    "会议要求，二〇一五年要重点抓好项目建设，全年完成投资三千余万元，新增就业岗位1200个，"
    "《关于加强安全生产工作的意见》（试行）已于2015年3月印发，各单位应当结合实际认真执行。\n"
)
ADVERSARIAL = {
    "crosses": "x",
    "crosses apart": "x ",
    "stars": "*",
    "stars apart": "**a",
    "stars in Han": "**中",
    "underscores": "_",
    "underscores apart": "____ ",
    "years": "20xx",
    "masked dates": "xx年xx月",
    "open dates": "年   月   ",
    "braces": "{{",
    "brackets": "【公司",
    "hollow brackets": "（　",
    "spaces": "　",
    "somebody": "某",
    "dots": "：......",
    "real years": "2015-",
    "Han years": "二〇",
    "prompts": "点击此处添加",
    "commas": "XXX,",
    "percent": "%姓名",
    "units": "XX、",
}


def speed() -> None:
    """Print MB/s on prose and the growth of time on adversarial lines."""
    for name, unit in {"clean prose": PROSE, "report": PROSE * 4 + "20xx年，XX市完成投资XX亿元。\n"}.items():
        text = unit * (2_000_000 // len(unit))
        size = len(text.encode()) / 1e6
        for finder in (find_placeholders, find_years, find_masks):
            best = min(_seconds(finder, text) for _ in range(3))
            print(f"{name:14}{finder.__name__:20}{size / best:8.0f} MB/s")
    for name, unit in ADVERSARIAL.items():
        small, large = unit * (500_000 // len(unit)), unit * (1_000_000 // len(unit))
        first, second = _seconds(find_masks, small), _seconds(find_masks, large)
        print(f"{name:20}{first:7.2f} s{second:7.2f} s  x{second / first:.1f}")


def _seconds(finder: object, text: str) -> float:
    start = time.perf_counter()
    for _ in finder(text):  # type: ignore[operator]  # one of the three finders
        pass
    return time.perf_counter() - start


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    shared = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2] / "shared"
    loud = "--verbose" in sys.argv
    cases(shared, verbose=loud)
    pages(shared, verbose=loud)
    if "--no-speed" not in sys.argv:
        speed()
