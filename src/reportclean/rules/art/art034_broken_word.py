"""A space or tab inside a word.

What: A space or tab between two Han characters that belong together more tightly than with their
other neighbours, in a line of prose.

Why: Left by justified lines or table cells; nothing that looks for the word finds it.

Bad:

    我们要保持社会大局稳 定，促进各项事业发展。

    积极做好专业技术工 作，提高服务水平和能力。

Good:

    李 明

    通 知

    北京 上海 广州，都是大城市，人口众多。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.noise import find_broken_words
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART034",
    name="broken-word",
    summary="a space or tab inside a word",
    message="{text!r} inside a word",
    phase=Phase.ARTEFACTS,
    finder=find_broken_words,
    kinds=frozenset({"broken-word"}),
    doc=__doc__,
    gate=CharClass.HAN | CharClass.TAB_OR_SPACE,
    fix=Safety.UNSAFE,
)
