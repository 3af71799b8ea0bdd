"""A heading stuck to the end of a paragraph.

What: A numbered heading after the last full stop of a line, where a line nearby begins with a
neighbouring number.

Why: The line end was lost; the section has no heading and the one before it has a tail.

Bad:

    二、自助设备
    第一时间发现问题，第一时间解决问题。三、防病毒工作
    继续做好。

Good:

    会议提出三点要求。三、防病毒工作

    三、防病毒工作
    继续做好。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.structure import find_stuck_headings
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="STR010",
    name="stuck-heading",
    summary="a heading stuck to the end of a paragraph",
    message="heading {text!r} belongs on a line of its own",
    phase=Phase.ARTEFACTS,
    finder=find_stuck_headings,
    kinds=frozenset({"stuck-heading"}),
    doc=__doc__,
    gate=CharClass.HAN,
    fix=Safety.UNSAFE,
)
