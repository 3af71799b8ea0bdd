"""A file that goes on in another encoding.

What: From here on the lines of the file are in another encoding than those before; each group of lines
is read in its own.

Why: Scrapes are appended to one another; read in one encoding, half of such a file would be broken.

Bad:

    一、全年检修线路一百二十公里。
    (gb18030) 二、全年走访用户三千余户。

Good:

    一、全年检修线路一百二十公里。
    二、全年走访用户三千余户。
"""

from reportclean.rules.base import Phase, Rule, Severity

RULE = Rule(
    code="ENC014",
    name="encoding-switch",
    summary="a file that goes on in another encoding",
    message="from here on the file is in {stem}",
    phase=Phase.DECODE,
    finder=None,
    kinds=frozenset({"encoding-switch"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
