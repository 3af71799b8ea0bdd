"""How well broken text is repaired, how bytes are read, and how fast.

    python benchmarks/repair.py [--sentences 600] [--only lossless|lossy|decoding|speed]

The sentences come from ``sentences.py``. Whether clean text is left alone is ``clean_text.py``'s to say.
"""

from __future__ import annotations

import argparse
import html
import itertools
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice

import ftfy
import opencc

from reportclean.document import apply_edits
from reportclean.errors import DecodeError
from reportclean.rules.base import Rule, Safety
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import run
from reportclean.text.charclass import classes_of_each
from reportclean.text.decoding import decode
from reportclean.text.mojibake import find_guesses, find_utf8_as_gbk, hidden
from reportclean.text.mojibake.guessing import guessed
from reportclean.text.mojibake.pieces import Broken, Piece
from sentences import sentences

SEPARATOR = "\n\0\n"


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of encodings that fix by themselves."""
    return tuple(rule for rule in all_rules() if rule.family == "ENC" and rule.fix is Safety.SAFE)


def repaired(text: str) -> str:
    """The text as the safe rules leave it; replaying the edits must give the same."""
    outcome = run(text, rules())
    if apply_edits(text, outcome.edits) != outcome.text:
        raise AssertionError(text)
    return outcome.text


# --- damage ---------------------------------------------------------------------------------------------


def sloppy(data: bytes, codec: str) -> str:
    """Bytes as a browser reads a single-byte page: what the code page lacks stays a control."""
    return "".join(bytes([b]).decode(codec, "ignore") or chr(b) for b in data)


def invisible(text: str, rng: random.Random) -> str:
    """With characters nobody sees put in."""
    signs = "\u200b\u200d\ufeff\u00ad\u2060\u202a\u200e\x07\x1f\x0b"[:9]
    return "".join(c + (rng.choice(signs) if rng.random() < 0.2 else "") for c in text)


def radicals(text: str) -> str:
    """With radicals for the ideographs that look like them."""
    table = {
        "工": "⼯",
        "人": "⼈",
        "大": "⼤",
        "小": "⼩",
        "力": "⼒",
        "水": "⽔",
        "金": "⾦",
        "生": "⽣",
        "用": "⽤",
        "行": "⾏",
    }
    return text.translate(str.maketrans(table))


Damage = Callable[[str], str]


def lossless() -> dict[str, Damage]:
    """Confusions that lose nothing, by name."""
    rng = random.Random(1)
    t = opencc.OpenCC("s2t").convert
    damages: dict[str, Damage] = {
        "UTF-8 as GB18030": lambda s: s.encode().decode("gb18030"),
        "GBK as Latin-1": lambda s: s.encode("gb18030").decode("latin-1"),
        "GBK as cp1252": lambda s: sloppy(s.encode("gb18030"), "cp1252"),
        "Big5 as Latin-1": lambda s: t(s).encode("big5").decode("latin-1"),
        "Big5 as cp1252": lambda s: sloppy(t(s).encode("big5"), "cp1252"),
        "UTF-8 as Latin-1": lambda s: s.encode().decode("latin-1"),
        "UTF-8 as cp1252": lambda s: sloppy(s.encode(), "cp1252"),
        "UTF-8 as Mac Roman": lambda s: s.encode().decode("mac_roman"),
        "UTF-8 as Latin-1 twice": lambda s: s.encode().decode("latin-1").encode().decode("latin-1"),
        "UTF-8 as cp1252 twice": lambda s: sloppy(sloppy(s.encode(), "cp1252").encode(), "cp1252"),
        "UTF-8 as Mac Roman twice": lambda s: s.encode().decode("mac_roman").encode().decode("mac_roman"),
        "decimal entities": lambda s: "".join(f"&#{ord(c)};" if c > "\x7f" else c for c in s),
        "hexadecimal entities": lambda s: "".join(f"&#x{ord(c):X};" if c > "\x7f" else c for c in s),
        "entities escaped twice": lambda s: html.escape(
            "".join(f"&#{ord(c)};" if c > "\x7f" else c for c in s)
        ),
        "percent, UTF-8": lambda s: re.sub(
            "[^\x00-\x7f]+", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), s
        ),
        "%u escapes": lambda s: re.sub("[^\x00-\x7f]", lambda m: f"%u{ord(m[0]):04X}", s),
        "\\u escapes": lambda s: re.sub("[^\x00-\x7f]", lambda m: f"\\u{ord(m[0]):04x}", s),
        "radicals": radicals,
        "invisible characters": lambda s: invisible(s, rng),
        "half a line, UTF-8 as GB18030": lambda s: "他们说：" + s.encode().decode("gb18030") + "这是原话。",
    }
    return damages


def crossed() -> dict[str, Damage]:
    """One double-byte encoding as the other, where Python's codecs lose nothing."""
    t = opencc.OpenCC("s2t").convert
    return {
        "Big5 as GB18030": lambda s: t(s).encode("big5").decode("gb18030"),
        "GBK as Big5-HKSCS": lambda s: s.encode("gbk").decode("big5hkscs"),
        "GBK as Big5": lambda s: s.encode("gbk").decode("big5"),
    }


def lossy() -> dict[str, Damage]:
    """UTF-8 as GBK with losses, as decoders make them."""
    return {
        "U+FFFD a byte, GB18030": lambda s: s.encode().decode("gb18030", "replace"),
        "U+FFFD a byte, GBK": lambda s: s.encode().decode("gbk", "replace"),
        "U+FFFD a pair, GBK": lambda s: by_pairs(s.encode(), "\ufffd", swallows=False),
        "? a byte, GBK": lambda s: s.encode().decode("gbk", "replace").replace("\ufffd", "?"),
        "? a byte and the next": lambda s: by_pairs(s.encode(), "?", swallows=True),
        "? a byte, next character": lambda s: re.sub(
            "\ufffd[\\s\\S]?", "?", s.encode().decode("gbk", "replace")
        ),
        "€ for 80 (browsers)": lambda s: browser(s.encode()),
        "bytes dropped, GBK": lambda s: s.encode().decode("gbk", "ignore"),
        "bytes dropped, GB18030": lambda s: s.encode().decode("gb18030", "ignore"),
        "private use dropped": lambda s: re.sub(
            "[\ue000-\uf8ff]", "", s.encode().decode("gb18030", "replace")
        ),
        "last byte cut, GB18030": lambda s: s.encode()[:-1].decode("gb18030", "replace"),
    }


# What each of the above does to bytes that it cannot read: the codec, how much goes at once, and whether
# characters for private use go too.
LOSSES = {
    "U+FFFD a byte, GB18030": ("gb18030", "byte", False),
    "U+FFFD a byte, GBK": ("gbk", "byte", False),
    "U+FFFD a pair, GBK": ("gbk", "pair", False),
    "? a byte, GBK": ("gbk", "byte", False),
    "? a byte and the next": ("gbk", "taken", False),
    "? a byte, next character": ("gbk", "long", False),
    "€ for 80 (browsers)": ("gb18030", "byte", False),
    "bytes dropped, GBK": ("gbk", "byte", False),
    "bytes dropped, GB18030": ("gb18030", "byte", False),
    "private use dropped": ("gb18030", "byte", True),
    "last byte cut, GB18030": ("gb18030", "byte", False),
}


def told(text: str, name: str) -> str:
    """The best guess of one who is told which bytes were lost: what the model can do at most."""
    codec, unit, private = LOSSES[name]
    data = text.encode()
    codes: list[int] = list(data)
    at = 0
    while at < len(data):
        pair = data[at : at + 2]
        char = "" if pair[0] < 0x80 or len(pair) < 2 else pair.decode(codec, "ignore")
        if pair[0] < 0x80:
            at += 1
        elif len(char) == 1 and pair[1] > 0x3F and pair[0] > 0x80:
            if private and "\ue000" <= char <= "\uf8ff":
                codes[at : at + 2] = hidden.PAIR_LEAD, hidden.PAIR_TRAIL
            at += 2
        else:
            at += _lose(codes, at, unit, narrow=codec == "gbk")
    if name.startswith("last"):
        codes[-1] = hidden.ANY
    pieces: list[Piece] = []
    at = 0
    for char in text:
        known = tuple(codes[at : at + len(char.encode())])
        at += len(known)
        if min(known) < 0 and len(known) == 1:
            known = (hidden.ASCII,)
        pieces.append(Piece(at, at, "" if min(known) < 0 else char, known))
    return "".join(guessed(Broken(0, at, tuple(pieces)), ends_line=True))


def _lose(codes: list[int], at: int, unit: str, *, narrow: bool) -> int:
    """Hide what a decoder loses at a place; how many bytes it goes on by."""
    after = codes[at + 1] if at + 1 < len(codes) else hidden.END
    if unit == "byte" or after == hidden.END or (unit == "pair" and (codes[at] == 0x80 or after < 0x40)):
        # All but GBK refuse 80 and what stands before ASCII only; and GBK marks the others as pairs.
        certain = codes[at] == 0x80 and (unit == "pair" or not narrow) and after >= 0x40
        codes[at] = 0x80 if certain else hidden.refused_before(after)
        return 1
    if unit == "pair":
        codes[at : at + 2] = hidden.PAIR_LEAD, hidden.PAIR_TRAIL
    elif after < 0x80:
        codes[at : at + 2] = hidden.ANY, hidden.ASCII
    elif unit == "taken":
        codes[at : at + 2] = hidden.TAKEN_LEAD, hidden.TAKEN_TRAIL
    else:
        codes[at : at + 3] = (hidden.REFUSED, hidden.LONG, hidden.ANY)[: len(codes) - at]
        return 3
    return 2


def by_pairs(data: bytes, mark: str, *, swallows: bool) -> str:
    """GBK with a mark for each pair that it lacks, as Java reads it; or for any byte refused and the next."""
    out: list[str] = []
    at = 0
    while at < len(data):
        pair = data[at : at + 2]
        if pair[0] < 0x80:
            out.append(chr(pair[0]))
            at += 1
        elif (
            char := pair.decode("gbk", "ignore")
            if len(pair) == 2 and pair[0] > 0x80 and pair[1] > 0x3F
            else ""
        ):
            out.append(char)
            at += 2
        else:
            out.append(mark)
            at += 2 if swallows or (pair[0] > 0x80 and pair[1:] > b"\x3f") else 1
    return "".join(out)


def browser(data: bytes) -> str:
    """GBK as browsers read it: € for a lone 80, U+FFFD for what is no pair, an ASCII second byte kept."""
    out: list[str] = []
    at = 0
    while at < len(data):
        if data[at] < 0x80:
            out.append(chr(data[at]))
            at += 1
        elif data[at] == 0x80:
            out.append("€")
            at += 1
        elif len(pair := data[at : at + 2].decode("gb18030", "replace")) == 1 and pair != "\ufffd":
            out.append(pair)
            at += 2
        else:
            out.append("\ufffd")
            at += 1 if data[at + 1 : at + 2].isascii() else 2
    return "".join(out)


# --- tables ---------------------------------------------------------------------------------------------


def show_lossless(count: int) -> None:
    """Exact restoration by class, each of so many sentences that the damage itself does not lose bytes of."""
    t = opencc.OpenCC("s2t").convert
    print(f"\nexact restoration, {count} sentences a class, and how many were drawn to have them")
    for name, damage in (*lossless().items(), *crossed().items()):
        exact = worse = drawn = 0
        for text, broken, drawn in islice(undamaged(damage), count):  # noqa: B007 - the last one is printed
            wanted = t(text) if "Big5 as" in name else text
            if "half" in name:
                wanted = "他们说：" + text + "这是原话。"
            result = repaired(broken)
            exact += result == wanted
            worse += distance(result, wanted) > distance(broken, wanted)
        print(f"  {name:32} {exact / count:8.2%} of {count:4}   made worse {worse}   drawn {drawn}")


def undamaged(damage: Damage) -> Iterator[tuple[str, str, int]]:
    """Sentences that a confusion loses nothing of, what it makes of them, and how many were drawn so far."""
    seen: set[str] = set()
    for seed in itertools.count():
        for text in sentences(1000, seed):
            if text in seen:
                continue
            seen.add(text)
            try:
                yield text, damage(text), len(seen)
            except UnicodeError:
                continue


def distance(a: str, b: str) -> int:
    """How many characters of the one the other lacks, order aside."""
    return sum(1 for c in set(a) | set(b) for _ in range(abs(a.count(c) - b.count(c))))


def show_lossy(texts: list[str]) -> None:
    """Detection, characters right with gaps left and with gaps guessed, gaps reported, clean text beside it."""
    print(f"\nUTF-8 read as GBK with losses, {len(texts)} sentences a class")
    for name, damage in lossy().items():
        found = kept = guess_right = told_right = touched = characters = outside = solid = reported = gaps = 0
        for i, text in enumerate(texts):
            broken = damage(text)
            before, after = texts[i - 1], texts[i - 2]
            beside = before + broken + after
            mended = applied(beside, find_utf8_as_gbk(beside))
            touched += not (mended.startswith(before) and mended.endswith(after))
            hits = list(find_utf8_as_gbk(broken))
            result = applied(broken, hits)
            guess = applied(broken, find_guesses(broken))
            guess = applied(guess, find_utf8_as_gbk(guess))  # as the rules do, one phase after the other
            found += bool(hits) or broken == text
            characters += len(text)
            kept += common(result, text)
            guess_right += common(guess, text)
            told_right += common(told(text, name), text)
            solid += len(result.replace("\ufffd", ""))
            outside += common(result.replace("\ufffd", ""), text)
            gaps += result.count("\ufffd")
            reported += sum(hit.kind == "utf8-as-gbk-gap" for hit in hits)
        print(
            f"  {name:28} detected {found / len(texts):7.2%}   right {kept / characters:7.2%}, "
            f"of what is no gap {outside / max(solid, 1):7.2%}, guessed {guess_right / characters:7.2%} "
            f"(told where: {told_right / characters:7.2%})   "
            f"gaps {gaps}, reported {reported}   clean beside it touched {touched}"
        )


def applied(text: str, hits: Iterable) -> str:
    """With the replacements put in."""
    pieces, at = [], 0
    for hit in hits:
        pieces += [text[at : hit.start], hit.replacement]
        at = hit.end
    return "".join(pieces) + text[at:]


def common(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], last + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def show_decoding(texts: list[str]) -> None:
    """Right encoding by length."""
    t = opencc.OpenCC("s2t").convert
    rng = random.Random(2)
    simplified, traditional = "\n".join(texts), t("\n".join(texts))
    print("\ndecoding, 500 pieces each: read exactly")
    lengths = (4, 10, 30, 100, 1000)
    print("  " + " " * 22 + "".join(f"{n:>9}" for n in lengths))
    for name, source, codec in (
        ("UTF-8", simplified, "utf-8"),
        ("GB18030", simplified, "gb18030"),
        ("GB18030, traditional", traditional, "gb18030"),
        ("Big5", traditional, "big5"),
        ("UTF-16LE", simplified, "utf-16-le"),
        ("UTF-16BE", simplified, "utf-16-be"),
        ("UTF-16LE, traditional", traditional, "utf-16-le"),
    ):
        known = "".join(c for c in source if c.encode(codec, "ignore"))
        row = []
        for length in lengths:
            right = total = 0
            while total < 500:
                at = rng.randrange(len(known) - length)
                piece = known[at : at + length]
                if piece.isascii():
                    continue
                total += 1
                try:
                    right += decode(piece.encode(codec)).text == piece
                except DecodeError:
                    continue
            row.append(f"{right / total:9.2%}")
        print(f"  {name:22}" + "".join(row))


def show_speed() -> None:
    """MB/s of the rules on clean and on 1 % broken documents, beside ftfy on the same text."""
    rng = random.Random(4)
    many = sentences(40_000, seed=5)
    documents = ["\n".join(many[i : i + 40]) for i in range(0, len(many), 40)]
    damages = [*list(lossless().values())[:11], *crossed().values(), *lossy().values()]
    mixed = list(documents)
    for i in range(0, len(mixed), 100):
        damage = rng.choice(damages)
        try:
            mixed[i] = damage(mixed[i])
        except UnicodeError:
            mixed[i] = mixed[i].encode().decode("gbk", "replace")
    print("\nspeed, documents of 40 sentences, one core")
    for name, collection in (("clean", documents), ("1 % broken", mixed)):
        size = sum(len(d.encode()) for d in collection) / 1e6
        data = [d.encode(errors="surrogatepass") for d in collection]
        started = time.process_time()
        for item in data:
            decode(item)
        decoding = time.process_time() - started
        for text in mixed[:200:100]:  # load the model and the tables
            run(text, rules())
        finding = min(_finding(collection) for _ in range(3))
        sample = collection[: max(1, len(collection) // 10)]
        started = time.process_time()
        for text in sample:
            ftfy.fix_text(text)
        theirs = (time.process_time() - started) * len(collection) / len(sample)
        print(
            f"  {name:12} decode {size / decoding:7.0f} MB/s   find {size / finding:7.0f} MB/s   "
            f"both {size / (decoding + finding):7.0f} MB/s   ftfy {size / theirs:6.1f} MB/s   "
            f"ratio {theirs / (decoding + finding):6.1f}"
        )


def _finding(collection: list[str]) -> float:
    """Seconds for the gates, and for each finder on the documents that pass its gate, joined."""
    started = time.process_time()
    classes = classes_of_each(collection)
    gates = {rule.finder: rule.gate for rule in rules() if rule.finder is not None}
    for finder, gate in gates.items():
        passing = [
            text
            for text, found in zip(collection, classes, strict=True)
            if int(found) & int(gate) == int(gate)
        ]
        list(finder(SEPARATOR.join(passing)))
    return time.process_time() - started


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sentences", type=int, default=600)
    parser.add_argument("--only", choices=("lossless", "lossy", "decoding", "speed"))
    options = parser.parse_args()
    texts = sentences(options.sentences)
    for name, show in (
        ("lossless", lambda: show_lossless(options.sentences)),
        ("lossy", lambda: show_lossy(texts)),
        ("decoding", lambda: show_decoding(texts)),
        ("speed", show_speed),
    ):
        if options.only in {None, name}:
            show()


if __name__ == "__main__":
    main()
