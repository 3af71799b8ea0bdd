"""A mark that stands for an image.

What: ``[image: ]``, ``[image: image1.png]`` and ``[pic]``, written by converters in place of a
picture.

Why: The picture is not in the text; the mark says nothing.

Bad:

    [image: ]活动现场

    [pic]

Good:

    ![现场](image1.png)

    [图1]活动现场
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.word import find_word_marks
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART002",
    name="word-image",
    summary="a mark that stands for an image",
    message="image mark {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_word_marks,
    kinds=frozenset({"image"}),
    doc=__doc__,
    gate=CharClass.BRACKET | CharClass.ASCII_LETTER,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
