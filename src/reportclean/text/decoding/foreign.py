"""What is plainly not Chinese: Japanese, Korean, the single-byte alphabets; and what is no text at all."""

from __future__ import annotations

from reportclean.errors import DecodeError
from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.decoding.marking import decode_marking
from reportclean.text.decoding.names import canonical
from reportclean.text.decoding.records import Decoded
from reportclean.text.decoding.scoring import BAD_RATIO, BLOCK, CONTROLS, confidence, narrow_score

# Mean nats a non-ASCII character below which text is plainly not Chinese. Chinese of all kinds reads at
# −4 to −8.5; Korean and Japanese read as GB18030 or Big5 below −9.5; the single-byte alphabets below −11.
_NOT_CHINESE = -9.0
_MAX_KANA_RATIO = 0.1  # beyond it the text may be Japanese: EUC-JP and GB2312 share the rows of kana
_FOREIGN_MARGIN = 8.0  # nats by which a foreign reading must beat the Chinese one
_EAST_ASIAN = ("cp932", "euc_jp", "cp949")
_SINGLE_BYTE = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "koi8_r")
_LATIN = {  # Western first: it wins ties
    "cp1252": "àâçéèêëîïôùûüœäößáíóúñåæøãõÀÉÈÊÇÄÖÜÅØÑ’“”«»°",
    "cp1250": "ąćęłńóśźżčďéěíňřšťúůýžőűöüáŁŚŻČŘŠŽ„”",
    "cp1254": "çğıöşüâÇĞİÖŞÜ’“”",
}


def reads_well(text: str, bad: int) -> bool:
    """Whether the text passes for Chinese (or ASCII) under the model, with few enough bad bytes."""
    if not _few_bad(text, bad):
        return False
    points = code_points(text[:BLOCK])
    high = points > 0x7F
    if int(((points >= 0x3040) & (points <= 0x30FF)).sum()) > _MAX_KANA_RATIO * int(high.sum()):
        return False
    values = model().each_point(points)[high & (points != 0xFFFD)]
    return not len(values) or float(values.mean()) >= _NOT_CHINESE


def _few_bad(text: str, bad: int) -> bool:
    """Whether few enough bytes could not be read, and few enough are controls."""
    high = int((code_points(text[:BLOCK]) > 0x7F).sum())
    controls = sum(1 for c in text[:4096] if ord(c) in CONTROLS)
    return bad <= max(1, BAD_RATIO * high) and controls <= max(1, BAD_RATIO * min(len(text), 4096))


def foreign(data: bytes, chinese: Decoded, total: float) -> Decoded:
    """Read what is plainly not Chinese: another East Asian encoding, else what charset-normalizer says.

    Args:
        data: The bytes.
        chinese: The best reading as UTF-8, GB18030 or Big5.
        total: Its log-probability.

    Raises:
        DecodeError: No reading has few enough bad bytes.
    """
    probe = data[:BLOCK]
    scores = {name: narrow_score(probe, name) for name in _EAST_ASIAN}
    name = max(scores, key=scores.__getitem__)
    if scores[name] > total + _FOREIGN_MARGIN:
        text, hits = decode_marking(data, name)
        if _few_bad(text, len(hits)):
            return Decoded(text, name, confidence(scores[name] - total), chinese.encoding, hits)
    if chinese.encoding == "utf-8" and _few_bad(chinese.text, len(chinese.hits)):
        return chinese
    guess = _single_byte(probe)
    text, hits = decode_marking(data, guess)
    score = _alphabet_score(text[: len(probe)])
    if _few_bad(text, len(hits)) and score > total:
        return Decoded(text, guess, confidence(score - total), chinese.encoding, hits)
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
