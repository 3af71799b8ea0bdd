"""Two documents have the same id.

What: the id of a document was already taken by an earlier one of the run; it is called ``ID@PATH:LINE``
from then on. Nothing is lost for it.

Why: ids that repeat are a sign that a batch was appended twice, and they make results ambiguous.

Bad:

    {"id": "a-17", "text": "…"}
    {"id": "a-17", "text": "…"}

Good:

    {"id": "a-17", "text": "…"}
    {"id": "a-18", "text": "…"}
"""

from reportclean.rules.base import Phase, Rule, Scope

RULE = Rule(
    code="STR002",
    name="repeated-id",
    summary="A document's id was already taken.",
    message="the id {text} is not the first of its name",
    phase=Phase.REPORT,
    finder=None,
    kinds=frozenset({"repeated-id"}),
    scope=Scope.CORPUS,
    doc=__doc__,
)
