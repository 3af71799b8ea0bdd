"""Pinyin in brackets through a paragraph.

What: Three or more readings after common characters in one line of prose, also with ``?`` where a
letter was lost.

Why: Hidden on the page, they come to light in a copy. A note on a rare character is an author's and
stays.

Bad:

    对工(gōng)作进行评(píng)价，为今后的发(fā)展提供依据，认真落实各项部署，积累有益的经验，不断加以改进。

Good:

    饕(tāo)餮(tiè)是传说中的怪兽，贪吃无厌，后来用它比喻贪婪(lán)的人，这个词今天还在用。

    他姓仇(qiú)，是我们的同学。

Options:

    min-notes = 3     readings in the prose of a document, at least
"""

from dataclasses import dataclass

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.noise import MIN_NOTES, find_pinyin
from reportclean.text.charclass import CharClass


@dataclass(frozen=True, slots=True)
class Options:
    """What counts as a pattern."""

    min_notes: int = MIN_NOTES


RULE = Rule(
    code="ART033",
    name="inline-pinyin",
    summary="pinyin in brackets through a paragraph",
    message="pinyin {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_pinyin,
    kinds=frozenset({"pinyin"}),
    doc=__doc__,
    gate=CharClass.PAREN | CharClass.HAN,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
    options=Options(),
)
