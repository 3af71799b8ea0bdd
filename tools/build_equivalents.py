"""Build ``src/reportclean/data/equivalents.json``: characters that only stand for others, and which.

    python tools/build_equivalents.py [OUTPUT]

``radicals``: CJK radicals (U+2E80 to U+2FDF) and the ideograph that looks the same, the property
``Equivalent_Unified_Ideograph`` of the Unicode Character Database, asked of the copy that perl ships.
``private_use``: private-use characters that GB18030 used before its characters had a code point, and that
code point: the two-byte codes as glibc's ``iconv`` reads them. Needs ``perl`` and glibc's ``iconv``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "reportclean" / "data" / "equivalents.json"
RADICALS = range(0x2E80, 0x2FE0)
PERL = """
use Unicode::UCD qw(prop_invmap);
my ($starts, $values) = prop_invmap("Equivalent_Unified_Ideograph");
for my $point (map { hex } @ARGV) {
    my $row = 0;
    $row++ while $row < $#$starts && $starts->[$row + 1] <= $point;
    printf "%X\\n", $values->[$row] || 0;
}
"""


def radicals() -> dict[str, str]:
    """Radicals and their ideographs."""
    points = [f"{point:X}" for point in RADICALS]
    output = subprocess.run(["perl", "-e", PERL, *points], capture_output=True, check=True, text=True).stdout
    pairs = zip(RADICALS, output.split(), strict=True)
    return {chr(point): chr(int(value, 16)) for point, value in pairs if value != "0"}


def private_use() -> dict[str, str]:
    """Private-use characters and what their codes stand for since GB18030-2005 or -2022."""
    codes = {point: chr(point).encode("gb18030") for point in range(0xE766, 0xE865)}
    # GBK fonts numbered these before Unicode had them, in the order of their codes.
    trails = (*range(0x50, 0x7F), *range(0x80, 0xA1))
    codes |= {0xE815 + i: bytes((0xFE, trail)) for i, trail in enumerate(trails)}
    codes |= {0xE7E7 + i: bytes((0xA9, 0x89 + i)) for i in range(13)}
    codes[0xE7C8] = b"\xa8\xbf"
    found = {}
    for point, code in sorted(codes.items()):
        run = subprocess.run(
            ["iconv", "-f", "GB18030", "-t", "UTF-8"], input=code, capture_output=True, check=True
        )
        char = run.stdout.decode()
        if len(char) == 1 and not 0xE000 <= ord(char) <= 0xF8FF:
            found[chr(point)] = char
    return found


def main(output: Path = OUTPUT) -> None:
    """Write the file and print what it holds."""
    table = {"radicals": radicals(), "private_use": private_use()}
    output.write_text(json.dumps(table, ensure_ascii=True, indent=0) + "\n", encoding="utf-8")
    print({name: len(entries) for name, entries in table.items()}, output.stat().st_size, "bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
