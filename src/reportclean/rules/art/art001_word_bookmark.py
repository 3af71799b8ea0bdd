"""A bookmark that Word left in the text.

What: ``[bookmark: _Toc1]`` and its like, which converters write where a Word document holds a
bookmark.

Why: The mark is not part of the text, and its running number makes equal headings differ.

Bad:

    [bookmark: _Toc12]年度总结

    [bookmark: OLE_LINK1]

Good:

    [1] 年度总结

    [书签: 一]
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.word import find_word_marks
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART001",
    name="word-bookmark",
    summary="a bookmark that Word left in the text",
    message="bookmark mark {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_word_marks,
    kinds=frozenset({"bookmark"}),
    doc=__doc__,
    gate=CharClass.BRACKET | CharClass.ASCII_LETTER,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
