"""Bytes to text: which encoding, how sure, and where a byte could not be read.

What can be proven comes first (a byte order mark, valid UTF-8); the rest is weighed: every reading is
scored by the character model, and the likeliest wins. GB18030, Big5-HKSCS and damaged UTF-8 are weighed
line by line with a price on every switch, so that a file whose encoding changes half-way (concatenated
scrapes) is read by groups of lines. charset-normalizer is asked only about what is plainly not Chinese.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.errors import ConfigError, DecodeError
from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# The declared name is a subset of what such pages really hold.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "ascii": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-8": "utf-8",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
}
_LINE_READINGS = ("utf-8", "gb18030", "big5hkscs")  # ASCII-compatible, and no trail byte is a line feed
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

# Valid UTF-8 of this length or more with a multi-byte character is UTF-8; shorter data is weighed, because
# a few GBK characters can be valid UTF-8 by chance (every pair of bytes C2–DF 80–BF is).
_CERTAIN = 64
_PRIOR = {"utf-8": 8.0, "gb18030": 1.0}  # nats: what is likelier before a byte is seen
_ASCII_MARGIN = 12.0  # nats by which UTF-16 must beat a reading as plain ASCII
_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\r\f\x1b")
_BAD_BYTE = -15.0  # nats for a byte that cannot be read
_KANA_ALONE = -10.0
_SWITCH = 30.0  # nats for a change of encoding between two lines: about five characters' evidence
_BLOCK = 1 << 20  # bytes scored at once, so that a huge file costs no more memory than itself
# Mean nats a non-ASCII character below which text is plainly not Chinese. Chinese of all kinds reads at
# −4 to −8.5; Korean and Japanese read as GB18030 or Big5 below −9.5; the single-byte alphabets below −11.
_NOT_CHINESE = -9.0
# The same for UTF-16 and UTF-32, whose alphabets stand at −4.5 to −10; any two bytes are a character there.
_NOT_WIDE = -10.5
_RARE = -12.5
_MAX_KANA_RATIO = 0.1  # beyond it the text may be Japanese: EUC-JP and GB2312 share the rows of kana
_FOREIGN_MARGIN = 8.0  # nats by which a foreign reading must beat the Chinese one
_EAST_ASIAN = ("cp932", "euc_jp", "cp949")
_SINGLE_BYTE = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "koi8_r")
_LATIN = {  # Western first: it wins ties
    "cp1252": "àâçéèêëîïôùûüœäößáíóúñåæøãõÀÉÈÊÇÄÖÜÅØÑ’“”«»°",
    "cp1250": "ąćęłńóśźżčďéěíňřšťúůýžőűöüáŁŚŻČŘŠŽ„”",
    "cp1254": "çğıöşüâÇĞİÖŞÜ’“”",
}
_MAX_NUL_RATIO = 0.001
_BAD_RATIO = 0.1  # of the non-ASCII characters; beyond it the bytes are no text in that encoding


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read.

    Attributes:
        text: The decoded text, without a byte order mark.
        encoding: Python's name of the codec; several joined by ``+`` in order of appearance where the
            file changes its encoding between lines.
        score: How likely this reading is against the runner-up, 0–1; 1.0 where a mark, the caller or
            valid UTF-8 decided.
        runner_up: The next likely encoding; empty where there was none to weigh.
        hits: ``bad-byte`` for each U+FFFD that stands for bytes which could not be read (their
            hexadecimal form in ``stem``), ``encoding-switch`` where a group of lines begins that is in
            another encoding (named in ``stem``).
    """

    text: str
    encoding: str
    score: float
    runner_up: str
    hits: tuple[Hit, ...] = ()


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Read bytes as text.

    Args:
        data: The bytes of one document.
        encoding: Overrides every guess; ``gbk`` and ``big5`` stand for their supersets.

    Raises:
        DecodeError: The bytes are no text in any encoding known here (binary data, for example).
        ConfigError: ``encoding`` is not the name of a text encoding.

    >>> decode("各级工会组织".encode("gbk")).encoding
    'gb18030'
    """
    data = bytes(data)
    if encoding is not None:
        name = canonical(encoding)
        return _read(_without_bom(data, name), name)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _read(data[len(bom) :], name)
    has_nul = b"\0" in data
    if not has_nul and (certain := _valid_utf8(data)) is not None:
        return certain
    if (wide := _wide(data)) is not None:
        return wide
    if data.count(0) > len(data) * _MAX_NUL_RATIO:
        raise DecodeError("binary data: NUL bytes that are neither UTF-16 nor UTF-32")
    return _weighed(data)


def canonical(encoding: str) -> str:
    """Python's name of a text codec, or of its superset.

    Raises:
        ConfigError: There is no such text encoding.

    >>> canonical("GB2312"), canonical("utf8")
    ('gb18030', 'utf-8')
    """
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses what is a codec but not of text, such as "zlib"
    except (LookupError, ValueError) as error:
        raise ConfigError(f"encoding {encoding!r} is not the name of a text encoding") from error
    return _SUPERSETS.get(name, name)


def _without_bom(data: bytes, name: str) -> bytes:
    for bom, owner in _BOMS:
        if owner == name and data.startswith(bom):
            return data[len(bom) :]
    return data


def _read(data: bytes, name: str, score: float = 1.0, runner_up: str = "") -> Decoded:
    text, hits = _decode_marking(data, name)
    return Decoded(text, name, score, runner_up, hits)


def _valid_utf8(data: bytes) -> Decoded | None:
    """The reading as UTF-8 where it is beyond doubt; the last character may be cut."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(data) < _CERTAIN:
            return None
        return _read(data, "utf-8")
    if len(data) >= _CERTAIN or not data:
        return Decoded(text, "utf-8", 1.0, "")
    return None


# --- decoding with every bad byte located ---------------------------------------------------------------


@cache
def _escaped() -> re.Pattern[str]:
    """Bytes escaped by ``surrogateescape``, grouped as one cut UTF-8 character or a byte alone."""
    return re.compile("[\udce0-\udcef][\udc80-\udcbf]?|[\udcf0-\udcf4][\udc80-\udcbf]{0,2}|[\udc80-\udcff]")


def _decode_marking(data: bytes, name: str) -> tuple[str, tuple[Hit, ...]]:
    """Decode; each cut character or bad byte becomes one U+FFFD and a hit."""
    try:
        return data.decode(name), ()
    except UnicodeDecodeError:
        pass
    if name in _WIDE:  # their units are no single bytes, and lone surrogates are the only other error
        text = data.decode(name, "replace")
        return text, tuple(_bad(at) for at in _positions(text))
    try:
        text = data.decode(name, "surrogateescape")
    except UnicodeDecodeError:  # the bad bytes at the end hold ASCII, which cannot be escaped
        text = data.decode(name, "replace")
        return text, tuple(_bad(at) for at in _positions(text))
    pieces: list[str] = []
    hits: list[Hit] = []
    length = end = 0
    for match in _escaped().finditer(text):
        pieces.append(text[end : match.start()])
        length += match.start() - end
        end = match.end()
        hits.append(_bad(length, " ".join(f"{ord(c) - 0xDC00:02X}" for c in match.group())))
        pieces.append("\ufffd")
        length += 1
    return "".join(pieces) + text[end:], tuple(hits)


def _bad(at: int, stem: str = "") -> Hit:
    return Hit(at, at + 1, "bad-byte", stem)


def _positions(text: str) -> list[int]:
    return [match.start() for match in re.finditer("\ufffd", text)]


# --- UTF-16 and UTF-32 without a mark ---------------------------------------------------------------------


def _wide(data: bytes) -> Decoded | None:
    """The likeliest UTF-16 or UTF-32 reading, if it is likelier than every ASCII-compatible one."""
    probe = data[: _BLOCK // 4 * 4]
    scores = {name: value for name in _WIDE if (value := _wide_score(probe, name)) is not None}
    if not scores:
        return None
    name = max(scores, key=scores.__getitem__)
    narrow = {reading: _narrow_score(probe, reading) for reading in _LINE_READINGS}
    rival = max(narrow, key=narrow.__getitem__)
    margin = _ASCII_MARGIN if probe.isascii() and not _CONTROLS.intersection(probe) else 0.0
    if scores[name] <= narrow[rival] + margin:
        return None
    others = {**narrow, **scores}
    del others[name]
    runner_up = max(others, key=others.__getitem__)
    return _read(data, name, _confidence(scores[name] - others[runner_up]), runner_up)


def _wide_score(probe: bytes, name: str) -> float | None:
    """Its log-probability; None where it cannot be that."""
    unit = 4 if name.startswith("utf-32") else 2
    whole = len(probe) - len(probe) % unit
    try:
        text = probe[:whole].decode(name)
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":  # the end may be cut inside a surrogate pair
            return None
        whole = error.start
        text = probe[:whole].decode(name)
    if not text or "\0" in text:
        return None
    values = _each(text)
    score = float(values.sum(dtype=np.float64))
    if score < _NOT_WIDE * len(text) or int((values < _RARE).sum()) > _BAD_RATIO * len(text) + 1:
        return None
    return score + _BAD_BYTE * (len(probe) - whole)


def _narrow_score(probe: bytes, name: str) -> float:
    text = probe.decode(name, "replace")
    return _score(text) + _PRIOR.get(name, 0.0)


def _score(text: str) -> float:
    return float(_each(text).sum(dtype=np.float64))


def _each(text: str) -> NDArray[np.float32]:
    points = code_points(text)
    values = model().each_point(points)
    values[points == 0xFFFD] = _BAD_BYTE
    kana = (points >= 0x3041) & (points <= 0x30FF)
    if kana.any():  # one alone is no Japanese, but what Big5's commonest characters look like in GB2312
        beside = np.zeros(len(points), dtype=np.bool_)
        beside[1:] = kana[:-1]
        beside[:-1] |= kana[1:]
        values[kana & ~beside] = _KANA_ALONE
    return values


def _confidence(difference: float) -> float:
    """The probability of a reading that is likelier than its rival by so many nats."""
    return round(1 / (1 + exp(-min(max(difference, -50.0), 50.0))), 4)


# --- ASCII-compatible encodings, line by line ---------------------------------------------------------------


def _weighed(data: bytes) -> Decoded:
    lines = _line_scores(data)
    totals = lines.sum(axis=0) + np.array([_PRIOR.get(name, 0.0) for name in _LINE_READINGS])
    order = np.argsort(-totals, kind="stable")
    path = _path(lines, totals)
    if len(set(path)) == 1:
        best = _LINE_READINGS[path[0]]
        runner_up = _LINE_READINGS[next(i for i in order if i != path[0])]
        text, hits = _decode_marking(data, best)
        rest = max(value for i, value in enumerate(totals) if i != path[0])
        decoded = Decoded(text, best, _confidence(totals[path[0]] - rest), runner_up, hits)
        return decoded if _reads_well(text, len(hits)) else _foreign(data, decoded, float(totals[path[0]]))
    gain = _gain(lines, path, totals)
    decoded = _grouped(data, path, _confidence(gain), _LINE_READINGS[order[0]])
    bad = sum(hit.kind == "bad-byte" for hit in decoded.hits)
    return decoded if _reads_well(decoded.text, bad) else _foreign(data, decoded, gain + float(totals.max()))


def _line_scores(data: bytes) -> NDArray[np.float64]:
    """Log-probability of every line under every reading: shape ``(lines, len(_LINE_READINGS))``."""
    columns: list[NDArray[np.float64]] = []
    start = 0
    while start < len(data) or not columns:
        end = start + _BLOCK
        if end < len(data):
            end = data.rfind(b"\n", start, end) + 1 or (data.find(b"\n", end) + 1 or len(data))
        block = data[start:end]
        columns.append(np.stack([_line_sums(block, name) for name in _LINE_READINGS], axis=1))
        start = end
    return np.concatenate(columns)


def _line_sums(block: bytes, name: str) -> NDArray[np.float64]:
    text = block.decode(name, "replace")
    if not text:
        return np.zeros(1)
    values = _each(text).astype(np.float64)
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


def _grouped(data: bytes, path: list[int], score: float, runner_up: str) -> Decoded:
    """Decode each group of consecutive lines of one encoding."""
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
        name = _LINE_READINGS[path[start]]
        group = b"\n".join(lines[start:i]) + (b"\n" if i < len(path) else b"")
        text, bad = _decode_marking(group, name)
        if names:
            hits.append(Hit(length, length + len(text.split("\n", 1)[0]), "encoding-switch", name))
        hits += [Hit(hit.start + length, hit.end + length, hit.kind, hit.stem) for hit in bad]
        names.append(name)
        pieces.append(text)
        length += len(text)
        start = i
    hits.sort(key=lambda hit: (hit.start, hit.end))
    return Decoded("".join(pieces), "+".join(dict.fromkeys(names)), score, runner_up, tuple(hits))


# --- what is plainly not Chinese ---------------------------------------------------------------------------


def _reads_well(text: str, bad: int) -> bool:
    """Whether the text passes for Chinese (or ASCII) under the model, with few enough bad bytes."""
    if not _few_bad(text, bad):
        return False
    points = code_points(text[:_BLOCK])
    high = points > 0x7F
    if int(((points >= 0x3040) & (points <= 0x30FF)).sum()) > _MAX_KANA_RATIO * int(high.sum()):
        return False
    values = model().each_point(points)[high & (points != 0xFFFD)]
    return not len(values) or float(values.mean()) >= _NOT_CHINESE


def _few_bad(text: str, bad: int) -> bool:
    """Whether few enough bytes could not be read, and few enough are controls."""
    high = int((code_points(text[:_BLOCK]) > 0x7F).sum())
    controls = sum(1 for c in text[:4096] if ord(c) in _CONTROLS)
    return bad <= max(1, _BAD_RATIO * high) and controls <= max(1, _BAD_RATIO * min(len(text), 4096))


def _foreign(data: bytes, chinese: Decoded, total: float) -> Decoded:
    """Read what is plainly not Chinese: another East Asian encoding, else what charset-normalizer says.

    Args:
        data: The bytes.
        chinese: The best reading as UTF-8, GB18030 or Big5.
        total: Its log-probability.

    Raises:
        DecodeError: No reading has few enough bad bytes.
    """
    probe = data[:_BLOCK]
    scores = {name: _narrow_score(probe, name) for name in _EAST_ASIAN}
    name = max(scores, key=scores.__getitem__)
    if scores[name] > total + _FOREIGN_MARGIN:
        text, hits = _decode_marking(data, name)
        if _few_bad(text, len(hits)):
            return Decoded(text, name, _confidence(scores[name] - total), chinese.encoding, hits)
    if chinese.encoding == "utf-8" and _few_bad(chinese.text, len(chinese.hits)):
        return chinese
    guess = _single_byte(probe)
    text, hits = _decode_marking(data, guess)
    score = _alphabet_score(text[: len(probe)])
    if _few_bad(text, len(hits)) and score > total:
        return Decoded(text, guess, _confidence(score - total), chinese.encoding, hits)
    if _few_bad(chinese.text, len(chinese.hits)):
        return chinese
    raise DecodeError("no encoding reads these bytes as text")


def _alphabet_score(text: str) -> float:
    """Log-probability as words of one alphabet: letters are cheap where they go on a word in lower case.

    Double-byte text read as a single-byte encoding is half capitals and signs; two of its letters cost
    more than the character that they really are.
    """
    total = 0.0
    before = ""
    for c in text:
        if c < "\x80" or not c.isalpha():
            total += -4.5 if " " <= c < "\x7f" or c in "\t\r\n" else -9.0
        elif not before.isalpha():
            total -= 5.5
        else:
            total -= 10.0 if c.isupper() != before.isupper() and not before.isupper() else 4.2
        before = c
    return total


def _single_byte(probe: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, and rarely needed

    best = from_bytes(probe, cp_isolation=list(_SINGLE_BYTE)).best()
    name = "cp1252" if best is None else canonical(best.encoding)
    if name in _LATIN:  # it cannot tell these from each other: the letters that each was made for can
        name = max(_LATIN, key=lambda latin: _count(probe.decode(latin, "replace"), _LATIN[latin]))
    return name


def _count(text: str, letters: str) -> int:
    return sum(text.count(letter) for letter in letters)
