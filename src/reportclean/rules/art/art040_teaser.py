"""An abstract that repeats the beginning of the text.

What: A line near the top that is cut with an ellipsis and whose words follow again below it.

Why: The page shows the beginning twice; so does its text.

Bad:

    工作总结
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作...
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了进步。

Good:

    他沉默了很久很久，望着窗外的雨，什么也没有说，只是想起了许多往事……
    雨停了。

Options:

    min-length = 30   characters of a teaser, without blanks and ellipsis, at least
    lines = 12        lines at the top that are looked at
"""

from dataclasses import dataclass

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.teaser import MIN_TEASER, TEASER_LINES, find_teasers
from reportclean.text.charclass import CharClass


@dataclass(frozen=True, slots=True)
class Options:
    """What counts as a teaser."""

    min_length: int = MIN_TEASER
    lines: int = TEASER_LINES


RULE = Rule(
    code="ART040",
    name="teaser",
    summary="an abstract that repeats the beginning of the text",
    message="teaser of {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_teasers,
    kinds=frozenset({"teaser"}),
    doc=__doc__,
    gate=CharClass.ELLIPSIS,
    fix=Safety.UNSAFE,
    options=Options(),
)
