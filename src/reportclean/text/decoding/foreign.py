"""What is plainly not Chinese: Japanese, Korean, the single-byte alphabets; and what is no text at all."""

from __future__ import annotations

import re
from functools import cache

from reportclean.errors import DecodeError
from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.decoding.marking import decode_marking, is_hopeless
from reportclean.text.decoding.names import canonical
from reportclean.text.decoding.records import Decoded
from reportclean.text.decoding.scoring import (
    BAD_RATIO,
    BLOCK,
    CONTROLS,
    LINE_READINGS,
    confidence,
    narrow_score,
)

# Mean nats a non-ASCII character below which text is plainly not Chinese. Chinese of all kinds reads at
# −4 to −8.5; Korean and Japanese read as GB18030 or Big5 below −9.5; the single-byte alphabets below −11.
_NOT_CHINESE = -9.0
# The same for single-byte alphabets: words stand at −4.2 to −5.5, bytes without order at −6.4 (as
# Windows-1251, which has most letters) and below.
_NOT_WORDS = -6.2
_PROBE = 1 << 16  # bytes by which foreign encodings are told apart
_MAX_KANA_RATIO = 0.1  # beyond it the text may be Japanese: EUC-JP and GB2312 share the rows of kana
_JAPANESE_KANA_RATIO = 0.25
_SIGNS = "\xa0§©«°±²³·»–—‘’“”„…€™"
_FOREIGN_MARGIN = 8.0  # nats by which a foreign reading must beat the Chinese one
_DOUBLE_BYTE = ("gb18030", "big5hkscs")
_EAST_ASIAN = ("cp932", "euc_jp", "cp949")
_SINGLE_BYTE = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "koi8_r")
_LATIN = {  # Western first: it wins ties
    "cp1252": "àâçéèêëîïôùûüœäößáíóúñåæøãõÀÉÈÊÇÄÖÜÅØÑ’“”«»°",
    "cp1250": "ąćęłńóśźżčďéěíňřšťúůýžőűöüáŁŚŻČŘŠŽ„”",
    "cp1254": "çğıöşüâÇĞİÖŞÜ’“”",
}


def reads_well(decoded: Decoded) -> bool:
    """Whether the text passes for Chinese (or ASCII) under the model, with few enough bad bytes."""
    text = decoded.text
    bad = sum(hit.kind == "bad-byte" for hit in decoded.hits)
    if not _few_bad(text, bad) or (
        decoded.encoding in _DOUBLE_BYTE and _may_be_latin(text, decoded.encoding)
    ):
        return False
    points = code_points(text[:BLOCK])
    high = points > 0x7F
    if (bad and _is_unproven(text)) or _kana_ratio(text) > _MAX_KANA_RATIO:
        return False
    values = model().each_point(points)[high & (points != 0xFFFD)]
    return not len(values) or float(values.mean()) >= _NOT_CHINESE


def _may_be_latin(text: str, encoding: str) -> bool:
    """Whether every ideograph stands alone beside a letter and ends with the byte of one: für as f黵."""
    any_run = False
    if encoding not in _DOUBLE_BYTE:
        return False
    for run in _high_run().finditer(text):
        any_run = True
        beside = text[max(0, run.start() - 1) : run.start()] + text[run.end() : run.end() + 1]
        if len(run[0]) > 1 or not _is_ascii_letter(beside) or not _ends_in_ascii(run[0], encoding):
            return False
    return any_run


@cache
def _high_run() -> re.Pattern[str]:
    return re.compile("[^\\x00-\\x7f]+")


def _ends_in_ascii(char: str, encoding: str) -> bool:
    data = char.encode(encoding, "ignore")
    return len(data) == 2 and data[1] < 0x80


def _kana_ratio(text: str) -> float:
    """Which part of the characters above ASCII is kana."""
    points = code_points(text[:BLOCK])
    return int(((points >= 0x3040) & (points <= 0x30FF)).sum()) / max(1, int((points > 0x7F).sum()))


def _few_bad(text: str, bad: int) -> bool:
    """Whether few enough bytes could not be read, and few enough are controls."""
    high = int((code_points(text[:BLOCK]) > 0x7F).sum())
    controls = sum(1 for c in text[:4096] if ord(c) in CONTROLS)
    return bad <= max(1, BAD_RATIO * high) and controls <= max(1, BAD_RATIO * min(len(text), 4096))


def foreign(data: bytes, chinese: Decoded | None, total: float) -> Decoded:
    """Read what is plainly not Chinese: another East Asian encoding, else what charset-normalizer says.

    Args:
        data: The bytes.
        chinese: The best reading as UTF-8, GB18030 or Big5; None where most bytes have none.
        total: Its log-probability.

    Raises:
        DecodeError: No reading has few enough bad bytes, or is likely.
    """
    probe = data[:_PROBE]
    if len(probe) < len(data):
        total = max(narrow_score(probe, name) for name in LINE_READINGS)
    readable = chinese is not None and _few_bad(chinese.text, len(chinese.hits))
    damaged_utf8 = readable and chinese is not None and chinese.encoding == "utf-8"
    readings = [(narrow_score(probe, name) - _margin(name, chinese), name) for name in _EAST_ASIAN]
    alphabet = _single_byte(probe)
    read = probe.decode(alphabet, "replace")
    may_be_latin = readable and chinese is not None and _may_be_latin(chinese.text, chinese.encoding)
    at_home = _at_home(read)
    if not damaged_utf8 or (chinese is not None and _is_unproven(chinese.text) and at_home):
        score = _alphabet_score(read)
        readings += [(score, alphabet)] * (score >= _NOT_WORDS * len(read))
    for score, name in sorted(readings, reverse=True):
        is_latin = name == alphabet and at_home and (damaged_utf8 or may_be_latin)
        if (score > total or is_latin) and not is_hopeless(data, name):
            text, hits = decode_marking(data, name)
            if _few_bad(text, len(hits)):
                runner_up = "" if chinese is None else chinese.encoding
                return Decoded(text, name, confidence(score - total), runner_up, hits)
    if chinese is not None and readable:
        return chinese
    raise DecodeError("no encoding reads these bytes as text")


def _margin(name: str, chinese: Decoded | None) -> float:
    """Nats by which a reading must beat the Chinese one; text full of kana is rarely in GB18030."""
    if name != "euc_jp" or chinese is None or chinese.encoding != "gb18030":
        return _FOREIGN_MARGIN
    return 0.0 if _kana_ratio(chinese.text) > _JAPANESE_KANA_RATIO else _FOREIGN_MARGIN


def _is_unproven(text: str) -> bool:
    """Whether no character above ASCII speaks for UTF-8, only bytes that could not be read."""
    return all(c == "\ufffd" for c in text if c > "\x7f")


def _at_home(text: str) -> bool:
    """Whether all that is above ASCII is a letter beside an ASCII letter, or a sign of Windows-1252."""
    return all(
        c in _SIGNS or (c.isalpha() and _is_ascii_letter(text[max(0, i - 1) : i] + text[i + 1 : i + 2]))
        for i, c in enumerate(text)
        if c > "\x7f"
    )


def _is_ascii_letter(beside: str) -> bool:
    return any(c.isascii() and c.isalpha() for c in beside)


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
    """The likeliest single-byte encoding.

    Text in which the upper letters stand beside ASCII ones is Latin: the letters that each code page was
    made for tell them apart. Else charset-normalizer is asked; what it takes for Latin all the same, as it
    does with a few words, is Cyrillic if it reads as words of that.
    """
    text = probe.decode("cp1252", "replace")
    letters = [i for i, c in enumerate(text) if c > "\x7f" and c.isalpha()]
    latin = sum(_is_ascii_letter(text[max(0, i - 1) : i] + text[i + 1 : i + 2]) for i in letters)
    if 2 * latin >= len(letters):
        return max(_LATIN, key=lambda name: _count(probe.decode(name, "replace"), _LATIN[name]))
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, and rarely needed

    best = from_bytes(probe, cp_isolation=list(_SINGLE_BYTE)).best()
    name = "cp1252" if best is None else canonical(best.encoding)
    if name not in _LATIN:
        return name
    return max(("cp1251", "koi8_r"), key=lambda cyrillic: _alphabet_score(probe.decode(cyrillic, "replace")))


def _count(text: str, letters: str) -> int:
    return sum(text.count(letter) for letter in letters)
