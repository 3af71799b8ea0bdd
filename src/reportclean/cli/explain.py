"""``reportclean explain CODE``."""

from __future__ import annotations

from inspect import cleandoc

import click

from reportclean.errors import RuleError


@click.command("explain", short_help="Say what a rule finds, and why.")
@click.argument("name", metavar="CODE")
def command(name: str) -> int:
    """Print what a rule is about: what it finds, why, a bad and a good example.

    CODE is a rule's code or its name, such as ART020 or doubled-stop.
    """
    from reportclean.rules.registry import closest, registered  # noqa: PLC0415  # after --help

    for rule, place in registered():
        if name.upper() == rule.code or name == rule.name:
            click.echo(f"{rule.code} {rule.name}")
            click.echo(f"severity {rule.severity}, scope {rule.scope}, fix {rule.fix}")
            click.echo("" if place.startswith("reportclean.") else f"from {place}\n")
            click.echo(cleandoc(rule.doc))
            return 0
    raise RuleError(f"there is no rule {name!r}{closest(name)}")
