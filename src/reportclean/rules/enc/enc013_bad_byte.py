"""Bytes that no character could be read from.

What: A byte of a file that is not part of any character of its encoding; U+FFFD stands in its place. The
rest of the file is read in its encoding all the same.

Why: One bad byte is no reason to read a whole file as something else, but what stood there is lost.

Bad:

    全年检修线路(0xFF)一百二十公里。

Good:

    全年检修线路一百二十公里。
"""

from reportclean.rules.base import Phase, Rule, Severity

RULE = Rule(
    code="ENC013",
    name="bad-byte",
    summary="bytes that no character could be read from",
    message="the bytes {stem} are no character of the file's encoding",
    phase=Phase.DECODE,
    finder=None,
    kinds=frozenset({"bad-byte"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
