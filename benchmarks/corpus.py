"""A corpus of any size with planted truth: the same bytes for the same seed and size, in small memory.

    python benchmarks/corpus.py --megabytes 100 --out corpus.jsonl --truth truth.jsonl [--seed 1]

The corpus is made of blocks of 180 reports (about 0.6 MB), each from its number alone:

    108  stand alone and are distinct: their words are drawn independently from large vocabularies, so two
         share few character 5-grams (Jaccard < 0.3; the tests sample it)
     36  are near-duplicates of reports that stand alone in this block or an earlier one, four of each kind
         in ``variants.KINDS`` but ``exact``; one in ten copies a report of a popular few (one in 997), so that
         some reports have dozens of copies at any size
     18  fill in one of 20 templates: they share its sentences, 40 to 72 % of the text, and are no
         duplicates. Documents per template grow with the corpus: about 18 / 20 a block, 15 at 10 MB
     18  are sections of two compilations: 12 copies of reports elsewhere, 6 found nowhere else

The truth has a line a document: ``{"id", "sections": [{"start", "end", "group", "kind"}]}`` with code points of
the text; sections of one group go back to one report, and nothing else is a duplicate of anything.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter, deque
from collections.abc import Generator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import msgspec

from grammar import LANGUAGES, expand, grammar, languages, written
from variants import KINDS, WHOLE_PAGE, varied

SINGLES, COPIES_OF_A_KIND, FILLED_IN, COMPILED, COMPILED_COPIES = 108, 4, 18, 18, 12
TEMPLATES = 20
POPULAR = 997
_CHANGED = tuple(kind for kind in KINDS if kind != "exact")
_IN_PAGES = ("exact", "exact", *(kind for kind in KINDS if kind not in WHOLE_PAGE))
_CHINESE_ONLY = {"year", "traditional", "gbk", "wrapped", "spun", "words"}
# Reports of one seed are told apart by their numbers: ranges that never meet.
_ONLY_COMPILED, _TEMPLATE, _FILLING, _PAGE = 1 << 40, 2 << 40, 3 << 40, 4 << 40
_PIECE = re.compile("[^。\n]*[。\n]+|[^。\n]+$")
_HEADINGS = ("篇{n}：{title}", "篇{han} {title}", "第{han}篇：{title}", "【篇{n}】{title}", "{title} 篇{n}")
_HAN = "零一二三四五六七八九十"


class Labelled(msgspec.Struct):
    """A section of a document: where it stands, which report it goes back to, what happened to it."""

    start: int
    end: int
    group: str
    kind: str


class Truth(msgspec.Struct):
    """The labels of a document."""

    id: str
    sections: list[Labelled]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of the corpus and of the truth, with what they hold.

    Attributes:
        documents: Lines of JSON.
        truth: The same.
        text_bytes: UTF-8 bytes of all texts.
        kinds: Sections by kind.
        count: Documents.
    """

    documents: bytes
    truth: bytes
    text_bytes: int
    kinds: Counter[str]
    count: int


@dataclass(frozen=True, slots=True)
class _Ask:
    """A report to be made: its number, what to do to it, and its group."""

    number: int
    kind: str
    group: str
    language: str


def block(seed: int, number: int) -> Block:
    """The block of that number."""
    rng = random.Random(f"{seed}/{number}")
    first = number * SINGLES
    singles = [
        _Ask(first + at, "original", f"r{first + at}", language)
        for at, language in enumerate(languages(seed, range(first, first + SINGLES)))
    ]
    copies = [_copied(seed, number, kind, rng) for kind in _CHANGED for _ in range(COPIES_OF_A_KIND)]
    members = [_copied(seed, number, rng.choice(_IN_PAGES), rng) for _ in range(COMPILED_COPIES)]
    own = number * COMPILED + _ONLY_COMPILED
    members += [_Ask(own + at, "original", f"c{own + at}", "zh") for at in range(COMPILED - COMPILED_COPIES)]
    rng.shuffle(members)
    cut = rng.randint(5, COMPILED - 5)
    filling = number * FILLED_IN + _FILLING
    forms = [(filling + at, rng.randrange(TEMPLATES)) for at in range(FILLED_IN)]
    pages = [number * 2 + at + _PAGE for at in range(2)]

    asked = singles + copies + members
    made = expand(
        seed,
        [*(ask.number for ask in asked), *(form for form, _ in forms), *pages],
        [*(ask.language for ask in asked), *("zh" for _ in forms), *("page" for _ in pages)],
    )
    texts = [
        varied(ask.kind, words.tolist(), ask.language, rng)
        for ask, words in zip(asked, made[: len(asked)], strict=True)
    ]
    spelled = [written(grammar().words[words].tolist(), "zh") for words in made[len(asked) :]]

    alone = len(singles) + len(copies)
    documents = [
        (text, [Labelled(0, len(text), ask.group, ask.kind)])
        for text, ask in zip(texts[:alone], asked[:alone], strict=True)
    ]
    for (form, template), text in zip(forms, spelled[:FILLED_IN], strict=True):
        filled = _filled_in(seed, template, text)
        documents.append((filled, [Labelled(0, len(filled), f"t{template}/{form}", "template")]))
    compiled = list(zip(texts[alone:], asked[alone:], strict=True))
    for title, part in zip(spelled[FILLED_IN:], (compiled[:cut], compiled[cut:]), strict=True):
        documents.append(_compilation(title, part, rng))
    rng.shuffle(documents)
    return _encoded(number, documents, rng)


def _copied(seed: int, number: int, kind: str, rng: random.Random) -> _Ask:
    """Choose a report that stands alone in this block or before."""
    total = (number + 1) * SINGLES
    step = POPULAR if rng.random() < 0.1 else 1
    at = rng.randrange((total + step - 1) // step) * step
    language = languages(seed, [at])[0]
    while kind in _CHINESE_ONLY and language != "zh":
        at = (at + 1) % total
        language = languages(seed, [at])[0]
    return _Ask(at, kind, f"r{at}", language)


@cache
def _template(seed: int, number: int) -> tuple[list[str], list[bool]]:
    """The pieces of a template, and which of them stay when it is filled in."""
    words = expand(seed, [_TEMPLATE + number], ["zh"])[0]
    pieces = _PIECE.findall(written(grammar().words[words].tolist(), "zh"))
    rng = random.Random(f"{seed}/template/{number}")
    goal = (0.40 + 0.32 * number / (TEMPLATES - 1)) * sum(map(len, pieces))
    stays = [False] * len(pieces)
    for at in rng.sample(range(1, len(pieces)), len(pieces) - 1):  # a title is always its own
        if len(pieces[at]) <= goal:
            stays[at] = True
            goal -= len(pieces[at])
    return pieces, stays


def _filled_in(seed: int, template: int, text: str) -> str:
    """A template with its open pieces taken from a report of its own."""
    own = iter(_PIECE.findall(text))
    pieces, stays = _template(seed, template)
    return "".join(
        piece if stay else next(own, "") for piece, stay in zip(pieces, stays, strict=True)
    ).rstrip("\n")


def _compilation(
    title: str, members: list[tuple[str, _Ask]], rng: random.Random
) -> tuple[str, list[Labelled]]:
    style = rng.choice(_HEADINGS)
    head = f"{title}精选{len(members)}篇"
    parts, labels = [head, "\n\n"], []
    at = len(head) + 2
    for n, (member, ask) in enumerate(members, start=1):
        han = _HAN[n] if n <= 10 else "十" + _HAN[n - 10]
        part = f"{style.format(n=n, han=han, title=title)}\n{member}\n\n"
        labels.append(Labelled(at, at + len(part) - 2, ask.group, ask.kind))
        parts.append(part)
        at += len(part)
    return "".join(parts).rstrip("\n"), labels


def _encoded(number: int, documents: list[tuple[str, list[Labelled]]], rng: random.Random) -> Block:
    encode = msgspec.json.Encoder().encode
    lines, truths = bytearray(), bytearray()
    for at, (text, labels) in enumerate(documents):
        identity = f"{number:06d}-{at:03d}"
        date = f"20{rng.randint(9, 24):02d}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        lines += encode({"id": identity, "date": date, "text": text}) + b"\n"
        truths += encode(Truth(identity, labels)) + b"\n"
    return Block(
        bytes(lines),
        bytes(truths),
        sum(len(text.encode()) for text, _ in documents),
        Counter(label.kind for _, labels in documents for label in labels),
        len(documents),
    )


def blocks(seed: int, processes: int = 1) -> Generator[Block]:
    """All blocks, in order and without end."""
    if processes == 1:
        for number in count():
            yield block(seed, number)
    with ProcessPoolExecutor(processes) as pool:
        ahead: deque[Future[Block]] = deque()  # few, so that memory stays small
        try:
            for number in count():
                ahead.append(pool.submit(block, seed, number))
                if len(ahead) > 3 * processes:
                    yield ahead.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def write(megabytes: float, out: Path, truth: Path, seed: int = 1, processes: int = 1) -> Counter[str]:
    """Write whole blocks until the texts have that many MB (10^6 bytes of UTF-8).

    Returns:
        Sections by kind, with ``documents``, ``sections`` and ``bytes`` beside them.
    """
    counted: Counter[str] = Counter()
    with out.open("wb") as documents, truth.open("wb") as labels:
        making = blocks(seed, processes)
        for made in making:
            documents.write(made.documents)
            labels.write(made.truth)
            counted += made.kinds
            counted["sections"] += sum(made.kinds.values())
            counted["documents"] += made.count
            counted["bytes"] += made.text_bytes
            if counted["bytes"] >= megabytes * 1e6:
                break
        making.close()
    return counted


def main() -> None:
    """Write a corpus and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    start = time.perf_counter()
    made = write(arguments.megabytes, arguments.out, arguments.truth, arguments.seed, arguments.processes)
    seconds = time.perf_counter() - start
    print(
        f"{made['bytes'] / 1e6:.1f} MB of text, {made['documents']:,} documents, {made['sections']:,} sections"
        f" in {len(LANGUAGES)} languages; {made['template'] / TEMPLATES:.0f} documents a template;"
        f" {made['bytes'] / 1e6 / seconds:.0f} MB/s"
    )
    for kind in ("original", *KINDS, "template"):
        print(f"  {made[kind]:8,} {kind:<12} {KINDS.get(kind, ('',))[0]}")


if __name__ == "__main__":
    sys.exit(main())
