"""Random ASCII strewn at line ends.

What: A row of one- and two-sign scraps in which capitals, small letters, digits and signs mix, at a
line's end or start or alone on it.

Why: Forum software hides it in the page so that copies can be told.

Bad:

    认真总结经验6 z7 W. N) I/ C0 h w7 p d

    加强领导
    4 U+ Z. t1 D& z3 n i%
    落实责任

Good:

    选项 A B C D E F

    1 2 3 4 5 6 7

    x + y = z - 1

Options:

    min-tokens = 5    scraps of one or two signs in a row, at least
"""

from dataclasses import dataclass

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.noise import MIN_TOKENS, find_junk
from reportclean.text.charclass import CharClass


@dataclass(frozen=True, slots=True)
class Options:
    """What counts as a row."""

    min_tokens: int = MIN_TOKENS


RULE = Rule(
    code="ART030",
    name="junk",
    summary="random ASCII strewn at line ends",
    message="junk {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_junk,
    kinds=frozenset({"junk"}),
    doc=__doc__,
    gate=CharClass.ASCII_LETTER | CharClass.TAB_OR_SPACE,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
    options=Options(),
)
