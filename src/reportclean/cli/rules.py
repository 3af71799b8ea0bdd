"""``reportclean rules``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from reportclean.cli.options import words

if TYPE_CHECKING:
    from reportclean.rules.base import Rule

_COLUMNS = ("code", "name", "severity", "scope", "fix", "summary")


@click.command("rules", short_help="List the rules.")
@click.option(
    "--select", multiple=True, callback=words, metavar="RULES", help="These only: codes, families, names."
)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(select: tuple[str, ...], output_format: str) -> int:
    """List the rules, those of installed plug-ins among them.

    Fix says what clean does with a finding: a safe fix is applied, an unsafe one where it is asked for.
    """
    from reportclean.rules.registry import registered  # noqa: PLC0415  # after --help
    from reportclean.rules.selection import matching  # noqa: PLC0415  # the same

    codes = set(matching(select, "select"))
    rules = [(rule, place) for rule, place in registered() if not select or rule.code in codes]
    click.echo(_as_json(rules) if output_format == "json" else _as_text([rule for rule, _ in rules]))
    return 0


def _as_text(rules: Sequence[Rule]) -> str:
    """A table; the summary, which is last, is as long as it is."""
    rows = [_COLUMNS, *(tuple(str(getattr(rule, name)) for name in _COLUMNS) for rule in rules)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _as_json(rules: Sequence[tuple[Rule, str]]) -> str:
    rows = [
        {name: str(getattr(rule, name)) for name in _COLUMNS}
        | {
            "family": rule.family,
            "phase": rule.phase.name.lower(),
            "source": place,
            "explanation": cleandoc(rule.doc),
        }
        for rule, place in rules
    ]
    return json.dumps({"version": 1, "rules": rows}, ensure_ascii=False, indent=2)
