"""A document that breaks off.

What: The last line is a heading without text, or a sentence without an end.

Why: The page was cut, or its copy was; what is missing is on another page.

Bad:

    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    （一）建设政

Good:

    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作，取得了明显的成效，得到了群众的好评。
    某某局
    二〇一五年十二月三日

    （一）建设政

Options:

    min-document = 200   characters of a document, at least; what is shorter may be a fragment by intent
"""

from dataclasses import dataclass

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.artefacts.structure import MIN_DOCUMENT, find_cut_ends
from reportclean.text.charclass import CharClass


@dataclass(frozen=True, slots=True)
class Options:
    """What can be cut off."""

    min_document: int = MIN_DOCUMENT


RULE = Rule(
    code="STR014",
    name="cut-end",
    summary="a document that breaks off",
    message="text breaks off: {text!r}",
    phase=Phase.REPORT,
    finder=find_cut_ends,
    kinds=frozenset({"cut-end"}),
    doc=__doc__,
    gate=CharClass.HAN,
    severity=Severity.ERROR,
    options=Options(),
)
