"""UTF-8, GB18030 and Big5 weighed line by line, with a price on every switch.

So a file whose encoding changes half-way (concatenated scrapes) is read by groups of lines.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.charclass import code_points
from reportclean.text.decoding.marking import decode_marking, is_hopeless
from reportclean.text.decoding.records import Decoded
from reportclean.text.decoding.scoring import BLOCK, LINE_READINGS, PRIOR, confidence, each

_SWITCH = 30.0  # nats for a change of encoding between two lines: about five characters' evidence


def by_lines(data: bytes) -> tuple[Decoded | None, float]:
    """The likeliest reading of bytes, and its log-probability; ``score`` says against what else.

    None where most bytes cannot be read.
    """
    lines = _line_scores(data)
    totals = lines.sum(axis=0) + np.array([PRIOR.get(name, 0.0) for name in LINE_READINGS])
    order = np.argsort(-totals, kind="stable")
    path = _path(lines, totals)
    if len(set(path)) > 1:
        gain = _gain(lines, path, totals)
        decoded = _grouped(data, path, confidence(gain), LINE_READINGS[order[0]])
        return decoded, gain + float(totals.max())
    best = path[0]
    rival = next(i for i in order if i != best)
    if is_hopeless(data, LINE_READINGS[best]):
        return None, float(totals[best])
    text, hits = decode_marking(data, LINE_READINGS[best])
    score = confidence(float(totals[best] - totals[rival]))
    return Decoded(text, LINE_READINGS[best], score, LINE_READINGS[rival], hits), float(totals[best])


def _line_scores(data: bytes) -> NDArray[np.float64]:
    """Log-probability of every line under every reading: shape ``(lines, len(LINE_READINGS))``."""
    columns: list[NDArray[np.float64]] = []
    start = 0
    while start < len(data) or not columns:
        end = start + BLOCK
        if end < len(data):
            end = data.rfind(b"\n", start, end) + 1 or (data.find(b"\n", end) + 1 or len(data))
        block = data[start:end]
        columns.append(np.stack([_line_sums(block, name) for name in LINE_READINGS], axis=1))
        start = end
    return np.concatenate(columns)


def _line_sums(block: bytes, name: str) -> NDArray[np.float64]:
    text = block.decode(name, "replace")
    if not text:
        return np.zeros(1)
    values = each(text).astype(np.float64)
    feeds = np.flatnonzero(code_points(text) == 0x0A) + 1
    starts = np.concatenate(([0], feeds[feeds < len(text)]))
    return np.add.reduceat(values, starts)


def _path(lines: NDArray[np.float64], totals: NDArray[np.float64]) -> list[int]:
    """The likeliest encoding of each line, with a price on every switch (Viterbi)."""
    favourite = int(np.argmax(totals))
    if bool((lines.max(axis=1) - lines[:, favourite] < _SWITCH).all()) and _no_run_against(lines, favourite):
        return [favourite]
    count = lines.shape[1]
    cost = -lines[0].copy()
    cost[favourite] -= 1.0  # ties go to what the whole file looks like
    back = np.zeros(lines.shape, dtype=np.int8)
    for i in range(1, len(lines)):
        cheapest = int(np.argmin(cost))
        switched = cost[cheapest] + _SWITCH
        stay = cost <= switched
        back[i] = np.where(stay, np.arange(count), cheapest)
        cost = np.where(stay, cost, switched) - lines[i]
    state = int(np.argmin(cost))
    path = [state]
    for i in range(len(lines) - 1, 0, -1):
        state = int(back[i, state])
        path.append(state)
    path.reverse()
    return path


def _no_run_against(lines: NDArray[np.float64], favourite: int) -> bool:
    """Whether no run of lines together speaks against the favourite by the price of a switch."""
    gain = lines - lines[:, [favourite]]
    for column in range(lines.shape[1]):
        total = np.concatenate(([0.0], np.cumsum(gain[:, column])))
        if float((total - np.minimum.accumulate(total)).max()) >= _SWITCH:
            return False
    return True


def _gain(lines: NDArray[np.float64], path: list[int], totals: NDArray[np.float64]) -> float:
    """By how much reading in groups beats the best single encoding."""
    switches = sum(a != b for a, b in pairwise(path))
    chosen = float(lines[np.arange(len(path)), path].sum())
    return chosen - _SWITCH * switches - float(totals.max())


def _grouped(data: bytes, path: list[int], score: float, runner_up: str) -> Decoded | None:
    """Decode each group of consecutive lines of one encoding; None where one is hopeless."""
    lines = data.split(b"\n")
    if len(lines) > len(path):  # the data ends with a line feed
        lines[len(path) - 1 :] = [b"\n".join(lines[len(path) - 1 :])]
    pieces: list[str] = []
    hits: list[Hit] = []
    names: list[str] = []
    length = start = 0
    for i in range(1, len(path) + 1):
        if i < len(path) and path[i] == path[start]:
            continue
        name = LINE_READINGS[path[start]]
        group = b"\n".join(lines[start:i]) + (b"\n" if i < len(path) else b"")
        if is_hopeless(group, name):
            return None
        text, bad = decode_marking(group, name)
        if names:
            hits.append(Hit(length, length + len(text.split("\n", 1)[0]), "encoding-switch", name))
        hits += [Hit(hit.start + length, hit.end + length, hit.kind, hit.stem) for hit in bad]
        names.append(name)
        pieces.append(text)
        length += len(text)
        start = i
    hits.sort(key=lambda hit: (hit.start, hit.end))
    return Decoded("".join(pieces), "+".join(dict.fromkeys(names)), score, runner_up, tuple(hits))
