"""Clean text must come through the rules of encodings as it is: how many strings of each collection change.

    python benchmarks/clean_text.py [--count 100000] [--folder DIR ...] [--show 20] [--log FILE]

``clean_collections.py`` says what is looked at; ``--folder`` adds folders of ``.txt`` files (verse, laws,
treebanks), a string a line. A string that carries a trace of damage by one of the criteria below, which
look at characters and know nothing of the rules, is no clean text: those are counted apart, whether or not
a rule changes them. Every other change is a false positive, printed with its rule.
"""

from __future__ import annotations

import argparse
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from clean_collections import collections
from reportclean.rules.base import Rule, Safety
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import Outcome, run_batch

_BATCH = 200


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of encodings that fix by themselves."""
    return tuple(rule for rule in all_rules() if rule.family == "ENC" and rule.fix is Safety.SAFE)


# --- what is no clean text -------------------------------------------------------------------------------------

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LOST = re.compile("[\ufffd\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ENTITY = re.compile("&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SECOND = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30ff\uff66-\uff9d\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_RADICAL = re.compile("[\u2e80-\u2fd5]")
_FORMAT = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_PLAIN = (
    "CJK",
    "LATIN",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "CYRILLIC",
    "GREEK",
    "BOPOMOFO",
    "ETHIOPIC",
    "GEORGIAN",
    "ARMENIAN",
)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HINT = re.compile("[\xad\ufeff]")
_LATIN_BYTES = re.compile("[\xc2-\xc5][\xa1-\xbf]|â€[œ™˜“”]")
_LATIN_ROW = re.compile("[\xa1-\xff]{6,}")


def damage(text: str) -> str:
    """Which trace of damage a string carries; empty for clean text."""
    if _CONTROL.search(text):
        return "a control character"
    if _LOST.search(text):
        return "U+FFFD or no character"
    if _ENTITY.search(text):
        return "an entity"
    if _PRIVATE.search(text):
        return "a private-use character"
    if _SECOND.search(text) and not _KANA_OR_HANGUL.search(text):
        return "a compatibility ideograph without kana or Hangul"
    if _RADICAL.search(text):
        return "a radical"
    if _HINT.search(text):
        return "a soft hyphen, or a byte order mark inside"
    if _LATIN_BYTES.search(text):
        return "two signs of Latin-1 whose bytes are UTF-8 (Ã©)"
    if any(len(set(row)) > 3 for row in _LATIN_ROW.findall(text)):  # ×××××× is a blank
        return "six different signs of Latin-1 in a row (ÉÏº£ÊÐ)"
    if _BIDI.search(text) and not any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        return "a direction mark in a line without a right-to-left letter"
    if _FORMAT.search(text) and _is_plain(text):
        return "a format character where no script or emoji needs one"
    return ""


def _is_plain(text: str) -> bool:
    """Whether all letters are of scripts that join nothing, and there is no sign that varies."""
    for char in text:
        category = unicodedata.category(char)
        if category in {"So", "Sk"} or (
            category[0] == "L" and not unicodedata.name(char, "CJK").startswith(_PLAIN)
        ):
            return False
    return True


# --- counting --------------------------------------------------------------------------------------------------


def changed(strings: Iterable[str]) -> Iterator[tuple[str, Outcome]]:
    """The strings that the rules change."""
    iterator = iter(strings)
    while batch := list(islice(iterator, _BATCH)):
        for text, outcome in zip(batch, run_batch(batch, rules()), strict=True):
            if outcome.text != text:
                yield text, outcome


class Tally:
    """What was counted in one collection or all."""

    def __init__(self) -> None:
        self.clean = 0
        self.apart: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.wrong_strings = 0

    def counted(self, strings: Iterable[str]) -> Iterator[str]:
        """The clean ones, as they pass."""
        for text in strings:
            if cause := damage(text):
                self.apart[cause] += 1
            else:
                self.clean += 1
                yield text

    def add(self, other: Tally) -> None:
        """Take over another's figures."""
        self.clean += other.clean
        self.apart += other.apart
        self.wrong += other.wrong
        self.wrong_strings += other.wrong_strings

    def __str__(self) -> str:
        by_rule = ", ".join(f"{code} {number}" for code, number in sorted(self.wrong.items()))
        apart = f"   apart {self.apart.total()}" if self.apart else ""
        return f"{self.clean:9,} clean   {self.wrong_strings:3} changed {f'({by_rule})' if by_rule else ''}{apart}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="sentences of the largest generator")
    parser.add_argument("--folder", type=Path, nargs="*", default=[], help="folders of .txt files")
    parser.add_argument("--show", type=int, default=20, help="how many changes to print a collection")
    parser.add_argument("--only", default="", help="collections whose name holds this")
    options = parser.parse_args()
    everything = Tally()
    for name, strings in collections(options.folder, options.count):
        if options.only not in name:
            continue
        tally, started = Tally(), time.perf_counter()
        shown: list[str] = []
        try:
            for text, outcome in changed(tally.counted(strings())):
                tally.wrong_strings += 1
                tally.wrong.update({edit.code for edit in outcome.edits})
                edit = outcome.edits[0]
                around = text[max(0, edit.start - 10) : edit.end + 10]
                shown.append(f"{edit.code} {edit.before[:30]!r} -> {edit.after[:30]!r} in {around[:60]!r}")
        except (ImportError, OSError) as error:
            print(f"{name:36} not here: {error}")
            continue
        everything.add(tally)
        print(f"{name:36} {tally}   {time.perf_counter() - started:.1f} s")
        for line in shown[: options.show]:
            print("   ", line)
    print(f"{'all':36} {everything}")
    for cause, number in everything.apart.most_common():
        print(f"    apart: {number:7,} with {cause}")


if __name__ == "__main__":
    main()
