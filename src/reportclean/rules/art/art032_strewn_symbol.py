"""Pictograms strewn through sentences.

What: Pictograms and emoji directly after a Han character and before another or 、, twice or more in
a document.

Why: Copy sites place them at random so that copies can be told.

Bad:

    加強監督✭✡力度，及時總結🤵、學習經驗

Good:

    今天天气真好☀

    ★★★☆☆ 五星好评

    任务完成😀。大家辛苦了😀！
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.noise import find_strewn_symbols
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART032",
    name="strewn-symbol",
    summary="pictograms strewn through sentences",
    message="symbol {text!r} in mid-sentence",
    phase=Phase.ARTEFACTS,
    finder=find_strewn_symbols,
    kinds=frozenset({"strewn-symbol"}),
    doc=__doc__,
    gate=CharClass.SYMBOL | CharClass.HAN,
    fix=Safety.UNSAFE,
)
