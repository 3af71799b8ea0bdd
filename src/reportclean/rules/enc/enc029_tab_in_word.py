"""A tab inside a word of running text.

What: A tab between two Han characters that belong together much more tightly than with their other
neighbours, in a line of prose, where it is the only tab of its line and of the lines beside it.

Why: Left by justified lines and by table cells that were joined; nothing that looks for the word finds it.
Tabs of tables, keys, signatures and program text part what they stand between, and stay; those in looser
company are ART034's, which asks first.

Bad:

    积极做好专业技(U+0009)术工作，提高服务水平和能力。

Good:

    姓名(U+0009)张三

    甲方：(U+0009)乙方：
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.charclass import CharClass
from reportclean.text.tabs import find_tabs

RULE = Rule(
    code="ENC029",
    name="tab-in-word",
    summary="a tab inside a word",
    message="{text!r} inside a word",
    phase=Phase.CHARACTERS,
    finder=find_tabs,
    kinds=frozenset({"tab-in-word"}),
    doc=__doc__,
    gate=CharClass.HAN | CharClass.TAB_OR_SPACE,
    fix=Safety.SAFE,
)
