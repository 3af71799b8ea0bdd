r"""The code of a Word field.

What: The code of a HYPERLINK, PAGEREF, REF, TOC, SEQ, EMBED or INCLUDEPICTURE field, or a
MERGEFORMAT switch. What the field showed stays.

Why: Text extractors that know no fields write the code in front of its result.

Bad:

    第一章 总则 PAGEREF _Toc12345 \h 3

    详见 HYPERLINK "http://example.org/a" 官方网站

    第 PAGE   \* MERGEFORMAT 3 页

Good:

    =HYPERLINK("http://example.org")

    在域代码 { TOC \o "1-3" } 中可以改级别
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.word import find_word_marks
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART003",
    name="word-field",
    summary="the code of a Word field",
    message="field code {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_word_marks,
    kinds=frozenset({"field"}),
    doc=__doc__,
    gate=CharClass.ASCII_LETTER | CharClass.TAB_OR_SPACE,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
