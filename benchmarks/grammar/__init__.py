"""A grammar of reports, expanded for many reports at once.

The files beside this module hold rules and words. Under ``rule NAME`` each line is one alternative, a
sequence of symbols parted by single spaces; under ``words NAME`` stand words, or ``2..99`` for numbers. A
symbol is the name of a rule, the name of a class of words, ``@NAME`` for a word that stays the same
throughout a report, ``↵`` for a line end, or else itself.

Every choice is a hash of the report's number and of the place of the choice, so any report can be made
again by itself, in any order and any process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FOLDER = Path(__file__).parent
LANGUAGES = ("zh", "en", "ja")
_SHARES_OF_100 = (90, 96, 100)  # the same, added up
_LEVELS = 16  # rules nest less deeply
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_BEFORE_SIGN = re.compile(r" (?=[,.;:\n])|(?<=\n) ")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules and words as arrays; symbols below ``len(first_word)`` are classes of words, the others rules.

    Attributes:
        roots: The symbol of each language, and of the titles of pages.
        words: ``object``: all words, class after class.
        class_of: ``int64``: the class of each word.
        first_word: ``int64``: per class, its first word.
        word_count: ``int64``: per class, how many it has.
        per_report: ``bool``: per class, whether a report keeps one word of it.
        first_alternative: ``int64``: per symbol, its first alternative; a class has itself alone.
        alternative_count: ``int64``: per symbol.
        starts: ``int64``: per alternative, where its symbols begin in ``pool``.
        pool: ``int64``: the symbols of all alternatives.
        names: Names of the classes; empty for signs and phrases of rules.
    """

    roots: dict[str, int]
    words: NDArray[np.object_]
    class_of: NDArray[np.int64]
    first_word: NDArray[np.int64]
    word_count: NDArray[np.int64]
    per_report: NDArray[np.bool_]
    first_alternative: NDArray[np.int64]
    alternative_count: NDArray[np.int64]
    starts: NDArray[np.int64]
    pool: NDArray[np.int64]
    names: tuple[str, ...]


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """MurmurHash3's 64-bit finaliser."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


@cache
def grammar() -> Grammar:
    """Read the files."""
    rules: dict[str, list[list[str]]] = {}
    classes: dict[str, list[str]] = {}
    for language in ("chinese", "english", "japanese"):
        target: list[list[str]] | None = None
        words: list[str] = []
        for line in (_FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
            kind, _, name = line.partition(" ")
            if kind == "rule":
                target = rules[name] = []
            elif kind == "words":
                target, words = None, classes.setdefault(name, [])
            elif line.startswith("  ") and target is not None:
                target.append(line[2:].split(" "))
            elif line.startswith("  "):
                words += [word for entry in line.split() for word in _entry(entry)]
    return _compiled(rules, {name: list(dict.fromkeys(words)) for name, words in classes.items()})


def _entry(entry: str) -> list[str]:
    low, dots, high = entry.partition("..")
    return [str(number) for number in range(int(low), int(high) + 1)] if dots else [entry]


def _compiled(rules: dict[str, list[list[str]]], classes: dict[str, list[str]]) -> Grammar:
    used = dict.fromkeys(
        symbol for alternatives in rules.values() for alternative in alternatives for symbol in alternative
    )
    terminals = [symbol for symbol in used if symbol not in rules]
    lists = [classes.get(symbol.removeprefix("@"), [symbol.replace("↵", "\n")]) for symbol in terminals]
    names = tuple(symbol if symbol.removeprefix("@") in classes else "" for symbol in terminals)
    counts = np.array([len(words) for words in lists])
    number = {symbol: place for place, symbol in enumerate((*terminals, *rules))}
    alternatives = [[place] for place in range(len(terminals))]
    alternatives += [[number[symbol] for symbol in line] for lines in rules.values() for line in lines]
    per_symbol = np.array([1] * len(terminals) + [len(lines) for lines in rules.values()])
    lengths = np.array([len(alternative) for alternative in alternatives])
    return Grammar(
        {name: number[name] for name in (*LANGUAGES, "page")},
        np.array([word for words in lists for word in words], dtype=object),
        np.repeat(np.arange(len(lists)), counts),
        np.cumsum(counts) - counts,
        counts,
        np.array([symbol.startswith("@") for symbol in terminals]),
        np.cumsum(per_symbol) - per_symbol,
        per_symbol,
        np.concatenate(([0], np.cumsum(lengths))),
        np.array([symbol for alternative in alternatives for symbol in alternative]),
        names,
    )


def languages(seed: int, numbers: Sequence[int]) -> list[str]:
    """In which language each report is written: 90 of 100 in Chinese."""
    share = mixed(_seeds(seed, numbers) ^ np.uint64(0x6C616E67)) % np.uint64(100)
    return [LANGUAGES[place] for place in np.searchsorted(_SHARES_OF_100, share, side="right").tolist()]


def expand(seed: int, numbers: Sequence[int], roots: Sequence[str]) -> list[NDArray[np.int64]]:
    """The words of reports as indices into ``grammar().words``.

    Args:
        seed: The corpus's.
        numbers: The reports' numbers; equal numbers give equal reports.
        roots: What to make of each: a language, or ``page``.
    """
    rules = grammar()
    classes = len(rules.names)
    seeds = _seeds(seed, numbers)
    symbols = np.array([rules.roots[root] for root in roots], dtype=np.int64)
    report = np.arange(len(numbers))
    for level in range(1, _LEVELS):
        if not len(symbols) or int(symbols.max()) < classes:
            break
        chosen = rules.first_alternative[symbols]
        places = np.flatnonzero(symbols >= classes)
        draw = _draw(seeds, report, level)[places] % rules.alternative_count[symbols[places]].astype(
            np.uint64
        )
        chosen[places] += draw.astype(np.int64)
        lengths = rules.starts[chosen + 1] - rules.starts[chosen]
        ends = np.cumsum(lengths)
        within = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths)
        symbols = rules.pool[np.repeat(rules.starts[chosen], lengths) + within]
        report = np.repeat(report, lengths)
    draw = _draw(seeds, report, 0)
    kept = rules.per_report[symbols]
    # One class by its words, not by its place: @hill in a title and @hill below are the same symbol.
    draw[kept] = mixed(seeds[report[kept]] ^ (symbols[kept].astype(np.uint64) * _GOLDEN))
    words = rules.first_word[symbols] + (draw % rules.word_count[symbols].astype(np.uint64)).astype(np.int64)
    bounds = np.searchsorted(report, np.arange(1, len(numbers)))
    return np.split(words, bounds)


def _seeds(seed: int, numbers: Sequence[int]) -> NDArray[np.uint64]:
    start = mixed(np.array([seed + 1], dtype=np.uint64) * _GOLDEN)
    return mixed(np.array(numbers, dtype=np.uint64) * _GOLDEN ^ start)


def _draw(seeds: NDArray[np.uint64], report: NDArray[np.int64], level: int) -> NDArray[np.uint64]:
    """A number for each symbol, from its report, its place in it and the level."""
    firsts = np.searchsorted(report, np.arange(len(seeds)))
    places = (np.arange(len(report)) - firsts[report] + 1).astype(np.uint64)
    return mixed(seeds[report] + places * _GOLDEN + np.uint64(level << 48))


def written(words: Sequence[str], language: str) -> str:
    """The words as a text."""
    if language == "en":
        return _BEFORE_SIGN.sub("", " ".join(words))
    return "".join(words)


@cache
def synonyms() -> dict[str, str]:
    """What a synonym spinner writes for a word."""
    lines = (_FOLDER / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
