"""A number missing from a sequence of headings.

What: 三、 after 一、 at the start of lines, with no 二、 between them.

Why: A section was lost, or its heading was.

Bad:

    一、概况
    我局共有五个科室。
    三、成绩
    全年完成任务。
    四、不足
    仍须努力。

Good:

    一、概况
    二、成绩
    三、不足

    一、概况
    共五个科室。二、成绩
    三、不足
    四、打算

Options:

    largest-gap = 2   numbers missing in one place, at most; more is another list
"""

from dataclasses import dataclass

from reportclean.rules.base import Phase, Rule
from reportclean.text.artefacts.structure import LARGEST_GAP, find_numbering_gaps
from reportclean.text.charclass import CharClass


@dataclass(frozen=True, slots=True)
class Options:
    """What counts as a gap."""

    largest_gap: int = LARGEST_GAP


RULE = Rule(
    code="STR012",
    name="numbering-gap",
    summary="a number missing from a sequence of headings",
    message="heading {text!r} does not follow the one before",
    phase=Phase.REPORT,
    finder=find_numbering_gaps,
    kinds=frozenset({"numbering-gap"}),
    doc=__doc__,
    gate=CharClass.HAN | CharClass.COMMA | CharClass.LINE_END,
    options=Options(),
)
