"""A site's name and address above the text.

What: A line among the first three of a document that is an address, or an address and a short name.

Why: The page's letterhead, the same on every page of the site.

Bad:

    某某文库 / www.example.com
    年度工作总结

    https://www.example.com/fanwen/1234.html

Good:

    详见 www.example.com，那里有全部的通知和附件。

    年度工作总结
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART011",
    name="site-header",
    summary="a site's name and address above the text",
    message="site header {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"header"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
