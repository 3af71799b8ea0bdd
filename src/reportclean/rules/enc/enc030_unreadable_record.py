"""A record that cannot be read.

What: A file or a line of JSON Lines that no text can be taken from: bytes in no known encoding, JSON that
is none, a record without a text, a file that may not be opened.

Why: What is not read is neither cleaned nor compared; the other commands put it into quarantine.

Bad:

    {"id": "a-17", "text":

Good:

    {"id": "a-17", "text": "全年检修线路一百二十公里。"}
"""

from reportclean.rules.base import Phase, Rule, Severity

RULE = Rule(
    code="ENC030",
    name="unreadable-record",
    summary="a record that cannot be read",
    message="the record cannot be read: {text}",
    phase=Phase.DECODE,
    finder=None,
    kinds=frozenset({"unreadable-record"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
