r"""Characters written as backslash-u escapes in running text.

What: Escapes of JSON and Java outside of quotation marks, patterns, code and paths.

Why: A record was written as JSON and read as text.

Bad:

    标题\u4f60\u597d

Good:

    [\u4e00-\u9fa5]

    C:\u4f60
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.escapes import find_backslash_escapes

RULE = Rule(
    code="ENC012",
    name="backslash-escape",
    summary="\\u escapes in running text",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_backslash_escapes,
    kinds=frozenset({"backslash-u"}),
    doc=__doc__,
    gate=CharClass.BACKSLASH,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
