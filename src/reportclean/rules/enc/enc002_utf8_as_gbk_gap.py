"""A character that lost a byte when UTF-8 was read as GBK.

What: A place in such text where the bytes do not prove what stood there; U+FFFD is put for it.

Why: What the reader of the text should know is that one character is missing, and where.

Bad:

    浼氳�銆傛祴璇曞ソ

Good:

    会议。测试好
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_mojibake

RULE = Rule(
    code="ENC002",
    name="utf8-as-gbk-gap",
    summary="a character lost when UTF-8 was read as GBK",
    message="{text!r} held a character that cannot be known; U+FFFD stands for it",
    phase=Phase.REPAIR,
    finder=find_mojibake,
    kinds=frozenset({"utf8-as-gbk-gap"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
