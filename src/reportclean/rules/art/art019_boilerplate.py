"""A line that stands in many documents of one source.

What: A line that occurs in at least as many documents of a run as asked for, counted over the whole
run.

Why: What stands on every page of a site belongs to the site. The engine counts the lines and hands
the findings over.

Bad:

    一站式范文写作平台
    一站式范文写作平台

Good:

    年度工作总结
    年度工作计划
"""

from reportclean.rules.base import Phase, Rule, Safety, Scope

RULE = Rule(
    code="ART019",
    name="boilerplate",
    summary="a line that stands in many documents of one source",
    message="line repeated in {stem} documents: {text!r}",
    phase=Phase.ARTEFACTS,
    finder=None,
    kinds=frozenset({"boilerplate"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
    scope=Scope.CORPUS,
)
