"""Build ``src/reportclean/data/fold.npz``, the table of the matching key.

    python tools/build_fold_table.py

It needs the ``opencc`` wheel (its character dictionaries and the ``opencc_dict`` program that prints
them) and Perl (for Unicode's Equivalent_Unified_Ideograph, which Python does not ship). The table is
made once and committed, so that a key is the same under every Python and every OpenCC; raise VERSION
whenever the contents change, because an index records it.

What a code point becomes:

* NFKC and full case folding of its upper-case form, repeated until nothing changes, so that width,
  compatibility and case do not matter (``ß`` = ``ẞ`` = ``SS``, ``ı`` = ``I``);
* outside Han, kana and Hangul, the decomposed form, so that a composed letter and the same letter
  with a combining mark are equal even where case folding took the composition apart;
* one representative of its class of Han variants: the classes are the connected components of OpenCC's
  ST, TS, TW and HK character dictionaries (not the Japanese ones). A component joins what differs only
  by script or region (著着, 乾干幹榦, 裏里裡); the largest has six members;
* a drop mark for punctuation, space, symbols and what is not a character; a transparent mark for
  default-ignorable characters, which may stand inside a word.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path

import numpy as np
import opencc

VERSION = 1
TARGET = Path(__file__).resolve().parents[1] / "src" / "reportclean" / "data" / "fold.npz"

# Flags above the 21 bits of a code point; text/folding.py reads them.
SINGLE = 1 << 31  # a token by itself
EXPANSION = 1 << 29  # low bits are an index into the expansions
DROPPED = 0
TRANSPARENT = 1

DICTIONARIES = (
    "STCharacters",
    "TSCharacters",
    "TSCharactersExt",
    "TWVariants",
    "TWVariantsRev",
    "HKVariants",
    "HKVariantsRev",
)
SINGLE_SCRIPTS = (
    "CJK UNIFIED",
    "CJK COMPATIBILITY IDEOGRAPH",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "THAI",
    "LAO ",
    "KHMER",
    "MYANMAR",
    "IDEOGRAPHIC",
    "HANGZHOU",
    "VERTICAL IDEOGRAPHIC",
    "MASU",
)


def dictionary(name: str) -> list[tuple[str, list[str]]]:
    """The entries of one of OpenCC's character dictionaries."""
    base = Path(opencc.__file__).parent / "clib"
    with tempfile.NamedTemporaryFile(suffix=".txt") as out:
        program = base / "bin" / "opencc_dict"
        program.chmod(0o755)
        subprocess.run(  # the wheel's own program on the wheel's own file
            [
                program,
                "-i",
                base / "share" / "opencc" / f"{name}.ocd2",
                "-o",
                out.name,
                "-f",
                "ocd2",
                "-t",
                "text",
            ],
            check=True,
        )
        lines = Path(out.name).read_text(encoding="utf-8").splitlines()
    return [(key, values.split(" ")) for key, values in (line.split("\t")[:2] for line in lines)]


def variant_classes() -> dict[str, str]:
    """Each Han character of a class of variants with the class's representative."""
    parent: dict[str, str] = {}
    votes: dict[str, int] = defaultdict(int)

    def find(char: str) -> str:
        parent.setdefault(char, char)
        while parent[char] != char:
            parent[char] = parent[parent[char]]
            char = parent[char]
        return char

    for name in DICTIONARIES:
        for key, values in dictionary(name):
            for value in values:
                parent[find(key)] = find(value)
            # The simplified side is what a reader expects to see: 同, not 仝.
            if name == "TSCharacters":
                votes[values[0]] += 1
            if name == "STCharacters":
                votes[key] += 1
    members: dict[str, list[str]] = defaultdict(list)
    for char in list(parent):
        members[find(char)].append(char)

    def preference(char: str) -> tuple[int, int, int]:
        try:
            row = char.encode("gb2312")[0] - 0xA0
        except UnicodeEncodeError:
            row = 100
        level = 1 if row < 56 else 2 if row < 88 else 3  # of GB 2312: the 3,755 commonest, others, none
        return (level, -votes[char], ord(char))

    return {char: min(group, key=preference) for group in members.values() for char in group}


def equivalent_ideographs() -> dict[str, str]:
    """Radicals (U+2E80 to U+2FDF) and the ideograph that each stands for, by Unicode."""
    script = (
        'use Unicode::UCD "prop_invmap"; my ($l,$m,$f,$d)=prop_invmap("EqUIdeo");'
        "for my $i (0..$#$l-1) { next unless $m->[$i];"
        'print "$_ ", $m->[$i]+$_-$l->[$i], "\\n" for $l->[$i]..$l->[$i+1]-1 }'
    )
    found = subprocess.run(
        ["perl", "-e", script], check=True, capture_output=True, text=True
    )  # our own script, whichever Perl is there
    lines = found.stdout
    pairs = (map(int, line.split()) for line in lines.splitlines())
    return {chr(key): chr(value) for key, value in pairs if 0x2E80 <= key <= 0x2FDF}


def is_single(char: str) -> bool:
    """Whether a character is a token by itself."""
    if 0x20000 <= ord(char) <= 0x3FFFD:
        return True
    return unicodedata.name(char, "").startswith(SINGLE_SCRIPTS) or char in "々〆〇〻"


def is_ignorable(char: str) -> bool:
    """Format characters, variation selectors and fillers, which may stand inside a word."""
    point = ord(char)
    return (
        unicodedata.category(char) == "Cf"
        or point in {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0}
        or 0x180B <= point <= 0x180F
        or 0xFE00 <= point <= 0xFE0F
        or 0xE0100 <= point <= 0xE01EF
    )


def is_kept(char: str) -> bool:
    """Letters, marks and numbers; unassigned code points of the ideographic planes count as letters."""
    if 0x20000 <= ord(char) <= 0x3FFFD and ord(char) & 0xFFFF < 0xFFFE:
        return True
    return unicodedata.category(char)[0] in "LMN"


def folded(char: str, variants: dict[str, str], radicals: dict[str, str]) -> list[int]:
    """The table's values for one code point: one value, or several for an expansion."""
    if 0xD800 <= ord(char) <= 0xDFFF:
        return [DROPPED]
    if is_ignorable(char):
        return [TRANSPARENT]
    text, before = radicals.get(char, char), ""
    while text != before:
        before = text
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.upper()).casefold())
    values = []
    for part in text:
        part = variants.get(part, part)  # noqa: PLW2901  # the same character in its class's form
        for piece in part if is_single(part) else unicodedata.normalize("NFD", part):
            if is_ignorable(piece):
                continue
            values.append((ord(piece) | (SINGLE if is_single(piece) else 0)) if is_kept(piece) else DROPPED)
    return values if any(values) else [DROPPED]


def main() -> None:
    """Write the table and print what is in it."""
    variants, radicals = variant_classes(), equivalent_ideographs()
    table = np.zeros(0x110000, dtype=np.uint32)
    expansions: list[int] = []
    ends: list[int] = []
    for point in range(0x110000):
        values = folded(chr(point), variants, radicals)
        if len(values) == 1:
            table[point] = values[0]
        else:
            table[point] = EXPANSION | len(ends)
            expansions += values
            ends.append(len(expansions))

    # Most code points map to themselves: store runs of (dropped, transparent, itself, itself as a
    # single-character token) and the exceptions.
    points = np.arange(0x110000, dtype=np.uint32)
    choices = [np.zeros_like(points), np.full_like(points, TRANSPARENT), points, points | SINGLE]
    default = np.full(0x110000, 255, dtype=np.uint8)
    for number, choice in reversed(list(enumerate(choices))):
        default[table == choice] = number
    exceptions = np.flatnonzero(default == 255).astype(np.uint32)
    for position in exceptions:  # an exception continues the run it stands in
        default[position] = default[position - 1]
    starts = np.flatnonzero(np.diff(default, prepend=255)).astype(np.uint32)
    np.savez_compressed(
        TARGET,
        version=np.int64(VERSION),
        run_starts=starts,
        run_kinds=default[starts],
        exception_points=exceptions,
        exception_values=table[exceptions],
        expansions=np.array(expansions, dtype=np.uint32),
        expansion_ends=np.array(ends, dtype=np.uint32),
    )
    print(
        f"fold table {VERSION}: Unicode {unicodedata.unidata_version}, OpenCC {opencc.__version__}, "
        f"{len(exceptions)} mapped, {len(ends)} expanded, {len(starts)} runs, {TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    sys.exit(main())
