"""What happens to a report on its way through the web: one function a kind, from words or text to text.

``KINDS`` says of each kind what it does and how much is left of the report: the least Jaccard on character
5-grams of the folded text, after perfect repair. ``None`` marks kinds that lose or replace so much that a
threshold of 0.8 need not find them; they are measured, not promised.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import opencc

from grammar import grammar, synonyms, written

KINDS: dict[str, tuple[str, float | None]] = {
    "exact": ("nothing", 1.0),
    "year": ("20xx年, 202_年, __年 for every year", 0.95),
    "punctuation": ("half of the signs changed, doubled or dropped", 0.99),
    "words": ("one word of a hundred characters replaced by another of its class", 0.8),
    "sentence": ("one or two sentences dropped, at most 8 % of the text", 0.88),
    "traditional": ("written in traditional characters", 0.99),
    "latin1": ("UTF-8 read as Latin-1", 1.0),
    "gbk": ("UTF-8 read as GB18030, with U+FFFD for what cannot be read: bytes are lost", None),
    "wrapped": ("hard-wrapped at 28 to 40 characters, numbers too", 0.95),
    "spun": ("three of four known words replaced by synonyms", None),
}
WHOLE_PAGE = ("traditional", "latin1", "gbk", "wrapped")  # what happens to a page, not to a part of it

_REPLACEABLE = frozenset("modifier head do how people trouble org".split())
_SPUN_SHARE = 0.75
_DROPPED_SHARE = 0.08
_YEAR = re.compile(r"20([0-9])[0-9](?=年)")
_MASKS = ("20xx", "20XX", "20{}_", "20__", "__", "____", "20**", "XXXX")
_SIGNS = re.compile("[，。；：？！]")
_OTHER_SIGNS = {
    "，": ("、", ",", " ", "，，", ""),
    "。": ("．", ".", "；", "。。", "！"),
    "；": ("。", ";", "，"),
    "：": (":", "——", "，"),
    "？": ("?", "。"),
    "！": ("!", "。"),
}
_SENTENCE = re.compile("[^。\n]*。")


def varied(kind: str, words: Sequence[int], language: str, rng: random.Random) -> str:
    """A report after something happened to it.

    Args:
        kind: One of ``KINDS``.
        words: The report, as :func:`grammar.expand` gives it.
        language: Its language.
        rng: Decides where.
    """
    if kind == "words":
        return _with_other_words(words, language, rng)
    spelled = grammar().words[np.asarray(words)].tolist()
    if kind == "spun":
        table = synonyms()
        spelled = [table[word] if word in table and rng.random() < _SPUN_SHARE else word for word in spelled]
    text = written(spelled, language)
    return _ON_TEXT[kind](text, rng) if kind in _ON_TEXT else text


def _with_other_words(words: Sequence[int], language: str, rng: random.Random) -> str:
    rules = grammar()
    found = list(words)
    places = [at for at, word in enumerate(found) if rules.names[rules.class_of[word]] in _REPLACEABLE]
    length = len("".join(rules.words[np.asarray(words)].tolist()))
    for at in rng.sample(places, min(length // 100, len(places))):
        word_class = rules.class_of[found[at]]
        found[at] = int(rules.first_word[word_class]) + rng.randrange(int(rules.word_count[word_class]))
    return written(rules.words[np.asarray(found)].tolist(), language)


def _with_masked_year(text: str, rng: random.Random) -> str:
    mask = rng.choice(_MASKS)
    return _YEAR.sub(lambda match: mask.format(match[1]), text)


def _with_other_signs(text: str, rng: random.Random) -> str:
    return _SIGNS.sub(lambda m: rng.choice(_OTHER_SIGNS[m[0]]) if rng.random() < 0.5 else m[0], text)


def _without_a_sentence(text: str, rng: random.Random) -> str:
    spans = [match.span() for match in _SENTENCE.finditer(text)]
    budget = int(len(text) * _DROPPED_SHARE)
    for start, end in sorted(rng.sample(spans, min(2, len(spans))), reverse=True):
        if end - start <= budget:
            text = text[:start] + text[end:]
            budget -= end - start
    return text


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _traditional(text: str, _: random.Random) -> str:
    return str(_converter().convert(text))


def _as_latin1(text: str, _: random.Random) -> str:
    return text.encode().decode("latin-1")


def _as_gbk(text: str, _: random.Random) -> str:
    return text.encode().decode("gb18030", "replace")


def _hard_wrapped(text: str, rng: random.Random) -> str:
    width = rng.randint(28, 40)
    return "\n".join(
        line[at : at + width] for line in text.split("\n") for at in range(0, max(len(line), 1), width)
    )


_ON_TEXT: dict[str, Callable[[str, random.Random], str]] = {
    "year": _with_masked_year,
    "punctuation": _with_other_signs,
    "sentence": _without_a_sentence,
    "traditional": _traditional,
    "latin1": _as_latin1,
    "gbk": _as_gbk,
    "wrapped": _hard_wrapped,
}
