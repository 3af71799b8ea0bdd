"""A guess at what ENC002 can only mark.

What: The likeliest character that fits the bytes left of it and its neighbours.

Why: With guesses most of the text can be read and matched again, but a guess is no proof (the repair
benchmark says how many are right): not for quoting.

Bad:

    浼氳�銆傛祴璇曞ソ

Good:

    会议。测试好
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.mojibake import find_guesses

RULE = Rule(
    code="ENC003",
    name="guessed-gap",
    summary="a guess at a character lost when UTF-8 was read as GBK",
    message="{text!r} is perhaps {replacement!r}",
    phase=Phase.DECODE,
    finder=find_guesses,
    kinds=frozenset({"guess", "guess-context"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
