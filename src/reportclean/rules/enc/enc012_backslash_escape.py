r"""Characters written as backslash-u escapes in running text.

What: Escapes of JSON and Java outside of quotation marks, patterns, code and paths; those of letters
and signs that Chinese does not use, where they touch the word they belong to.

Why: A record was written as JSON and read as text.

Bad:

    标题\u4f60\u597d

    caf\u00e9

Good:

    [\u4e00-\u9fa5]

    C:\张三\u4f60

    spaces (like \u00a0)
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
