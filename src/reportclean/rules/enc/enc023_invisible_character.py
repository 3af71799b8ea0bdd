"""Format characters that do nothing where they stand.

What: Zero-width spaces, joiners, soft hyphens, marks of byte order inside, direction marks in lines
without a right-to-left letter, selectors that vary nothing.

Why: They keep equal words from being equal. They stay in the scripts and emoji that need them, as do
word breaks of scripts without spaces.

Bad:

    工(U+200B)会

Good:

    👨‍👩‍👧

    葛󠄀飾

    ភាសា(U+200B)ខ្មែរ
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.charclass import CharClass
from reportclean.text.invisible import find_invisible

RULE = Rule(
    code="ENC023",
    name="invisible-character",
    summary="a format character that does nothing",
    message="{kind} {text!r}",
    phase=Phase.CHARACTERS,
    finder=find_invisible,
    kinds=frozenset(
        {"zero-width", "joiner", "bidi-control", "variation-selector", "filler", "tag", "line-separator"}
    ),
    doc=__doc__,
    gate=CharClass.INVISIBLE,
    fix=Safety.SAFE,
)
