"""UTF-8 that was read as Latin-1, Windows-125x or Mac Roman, once or several times.

What: Accented letters and signs whose bytes are UTF-8.

Why: The commonest damage of all on pages without a declared encoding.

Bad:

    cafÃ©

    å·¥ä½œ

Good:

    café

    Ünïcödé
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_mojibake

RULE = Rule(
    code="ENC005",
    name="utf8-as-latin1",
    summary="UTF-8 that was read as Latin-1 or the like",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_mojibake,
    kinds=frozenset({"utf8-as-latin1", "latin1-mojibake"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
