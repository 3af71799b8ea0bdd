"""An ASCII sign strewn between Han characters.

What: A straight apostrophe, grave accent or caret between two Han characters that quotes nothing.

Why: Copy sites place them at random so that copies can be told.

Bad:

    加深了部门间同事的'认识，提高了效率。

    认真学`习有关文件

Good:

    所谓'科技兴市'战略

    it's 好
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.noise import find_strewn_signs
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART031",
    name="strewn-sign",
    summary="an ASCII sign strewn between Han characters",
    message="sign {text!r} between Han characters",
    phase=Phase.ARTEFACTS,
    finder=find_strewn_signs,
    kinds=frozenset({"strewn-sign"}),
    doc=__doc__,
    gate=CharClass.HAN,
    fix=Safety.UNSAFE,
)
