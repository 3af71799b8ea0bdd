"""A file that goes on in another encoding.

What: From here on the lines of the file are in another encoding than those before; each group of lines
is read in its own.

Why: Scrapes are appended to one another; read in one encoding, half of such a file would be broken.

Bad:

    a file whose first half is UTF-8 and whose second is GB18030

Good:

    a file in one encoding
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
