"""Wording of a synonym spinner.

What: Words that cannot stand beside their neighbours, where the word that they stand for often does, in a
section in which several different ones give themselves away.

Why: A spinner replaces words by others of like meaning to make a copy look new. What it writes is no
Chinese that anybody would write, and the original may be elsewhere.

Bad:

    一年来，支部用心分子增加到五名，逐级签订了目标职责书，群众性精神礼貌建设扎实推进，个性是在创卫工作中成绩突出。

    全镇屯子公路建设提前完成，科技立异能力不断加强，优质办事窗口受到好评，各项规章轨制日益健全。

Good:

    他工作用心，对人有礼貌，个性开朗，岗位职责明确，很有发展潜力，身体状况良好，透过窗户看得见远山。

    原文误作“用心分子”，现已改正。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.charclass import CharClass
from reportclean.text.spun import find_spun_wording

RULE = Rule(
    code="SPN001",
    name="spun-wording",
    summary="wording of a synonym spinner",
    message="{stem!r} is what a spinner wrote; {text!r} stands for {replacement!r}",
    phase=Phase.JOINS,
    finder=find_spun_wording,
    kinds=frozenset({"spun-wording"}),
    doc=__doc__,
    gate=CharClass.HAN,
    fix=Safety.UNSAFE,
)
