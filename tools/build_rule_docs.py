"""Write docs/rule-catalogue.md from the docstrings of the rules.

Call it without arguments after a rule was added or its documentation changed; a test holds the page fresh.
"""

import re
import textwrap
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from reportclean.rules.base import FAMILIES, Rule
from reportclean.rules.registry import own_rules

PAGE = Path(__file__).resolve().parents[1] / "docs/rule-catalogue.md"
INTRODUCTION = """\
# The rules

Made by `python tools/build_rule_docs.py` from the rules themselves; `reportclean explain CODE` prints the
same of one rule, `reportclean rules` lists them with those of plug-ins. How to write one:
[rules.md](rules.md).

Codes never change their meaning. A *safe* fix is applied by `clean` and `dedupe`, an *unsafe* one with
`--unsafe-fixes` or where `--drop` names its group; rules without a fix only report. In the examples
`(U+200B)` stands for a character that cannot be seen, `(0xFF)` for a byte, `(40×…)` for so many of the same,
`(gb18030)` for the encoding of its line; for most rules on the corpus each line is a document or a record.
"""


def parts(doc: str) -> dict[str, str]:
    """A rule's documentation by heading; the title has none and comes first as ``""``."""
    pieces = re.split(r"^(What|Why|Bad|Good|Options):", doc.strip(), flags=re.MULTILINE)
    named = zip(pieces[1::2], pieces[2::2], strict=True)
    return {
        "": pieces[0].strip(),
        **{name: textwrap.dedent(text.strip("\n")).strip("\n ") for name, text in named},
    }


def examples(doc: str, part: str) -> list[str]:
    """The bad or the good examples of a rule's documentation."""
    return re.split(r"\n{2,}", parts(doc)[part])


def page(rules: Iterable[Rule]) -> str:
    """The whole page."""
    return "\n".join(
        [
            INTRODUCTION,
            *(_family(name, list(members)) for name, members in groupby(rules, lambda r: r.family)),
        ]
    )


def _family(family: str, rules: list[Rule]) -> str:
    rows = [
        f"| [{r.code}](#{r.code.lower()}-{r.name}) | {r.name} | {r.severity} | {r.fix} | {r.summary} |"
        for r in rules
    ]
    table = "\n".join(["| code | name | severity | fix | finds |", "|---|---|---|---|---|", *rows])
    return "\n".join([f"## {family}: {FAMILIES[family]}\n", table, "", *map(_rule, rules)])


def _rule(rule: Rule) -> str:
    said = parts(rule.doc)
    blocks = [f"{part}:\n\n```text\n{said[part]}\n```\n" for part in ("Bad", "Good")]
    facts = f"Severity {rule.severity}, scope {rule.scope}, fix {rule.fix}."
    if "Options" in said:
        blocks.append(f"Options (`[rule-options.{rule.code}]`):\n\n```text\n{said['Options']}\n```\n")
    what, why = (" ".join(said[part].split()) for part in ("What", "Why"))
    return "\n".join(
        [f"### {rule.code} {rule.name}\n", f"{said['']} {facts}\n", f"{what}\n", f"{why}\n", *blocks]
    )


if __name__ == "__main__":
    PAGE.write_text(page(own_rules()), encoding="utf-8")
