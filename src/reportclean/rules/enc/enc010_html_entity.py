"""An HTML entity in running text.

What: Named and numeric references, also escaped twice, outside of code and its comments, addresses
and sentences about markup. &lt; and &gt; stay.

Why: The text was taken out of HTML without being unescaped, or escaped once too often.

Bad:

    &#20320;&#22909;

    工会&mdash;&mdash;职工之家

Good:

    &lt;b&gt;

    a.com/?a=1&amp;b=2

    // &nbsp; for spacing
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.escapes import find_entities

RULE = Rule(
    code="ENC010",
    name="html-entity",
    summary="an HTML entity in running text",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_entities,
    kinds=frozenset({"entity"}),
    doc=__doc__,
    gate=CharClass.AMPERSAND,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
