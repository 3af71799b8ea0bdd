"""``reportclean config [PATH...]``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportclean.cli import check, clean, dedupe
from reportclean.cli import options as shared
from reportclean.cli.configuring import configuration, configuration_of, given
from reportclean.errors import InputError
from reportclean.formats.base import ReadOptions
from reportclean.near.options import DedupeConfig
from reportclean.rules.options import CheckConfig, CleanConfig

if TYPE_CHECKING:
    from reportclean.config.settings import Setting

_COMMANDS = (dedupe.command, clean.command, check.command)  # whose options may be given here, too
_OPTIONS = (ReadOptions, CleanConfig, DedupeConfig, CheckConfig)  # whose fields are settings
_ASIDE = 60  # columns; where a setting is longer its origin follows at once


@click.command("config", short_help="Print the settings in force, and where each came from.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--output-format",
    type=click.Choice(["toml", "json"]),
    default="toml",
    help="toml is itself a configuration.",
)
@configuration
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], output_format: str, **_: Any) -> int:
    """Print the settings that a run on PATH would have, and where each came from.

    That is the default, a line of the configuration file, or the command line: the options of the other
    commands that are settings may be given, too.
    """
    from reportclean.config.files import shown  # noqa: PLC0415  # after --help
    from reportclean.config.settings import compose  # noqa: PLC0415  # the same

    for path in paths:
        if path != "-" and not Path(path).exists():
            raise InputError(f"{path} does not exist; name a file or a folder that does")
    file = configuration_of(ctx)
    settings = [_at_run_time(one) for one in compose(file, given(ctx))]
    where = None if file is None else shown(file.path)
    click.echo(_as_json(where, settings) if output_format == "json" else _as_toml(where, settings))
    return 0


def _options() -> list[click.Parameter]:
    """The options of the commands that are settings, each once."""
    settings = {"workers", "to", *(known.name for options in _OPTIONS for known in fields(options))}
    found = {option.name: option for each in _COMMANDS for option in each.params if option.name in settings}
    return list(found.values())


command.params += _options()


def _at_run_time(setting: Setting) -> Setting:
    """A setting as a run has it: the number of workers is the machine's where nobody says one."""
    if setting.name == "workers" and setting.source == "default":
        return setting._replace(value=shared.cores())
    return setting


def _as_json(file: str | None, settings: Iterable[Setting]) -> str:
    rows = [
        {
            "key": f"{one.table}.{_key(one)}".removeprefix("."),
            "value": one.value,
            "source": one.source,
            "path": one.path or None,
            "line": one.line,
        }
        for one in settings
    ]
    return json.dumps({"version": 1, "file": file, "settings": rows}, ensure_ascii=False, indent=2)


def _as_toml(file: str | None, settings: Iterable[Setting]) -> str:
    lines = [f"# {file or 'there is no configuration file'}"]
    for table, members in groupby(settings, key=lambda one: one.table):
        lines += ["", f"[{table}]"] if table else []
        rows = [(_line(one), one.place or one.source) for one in members]
        width = max((len(line) for line, _ in rows if len(line) <= _ASIDE), default=0)
        lines += [f"{line:<{width}}  # {source}" for line, source in rows]
    return "\n".join(lines)


def _key(setting: Setting) -> str:
    return setting.name.replace("_", "-")


def _line(setting: Setting) -> str:
    """A setting as a line of TOML; what has no value in TOML is a remark."""
    if setting.value is None:
        return f"# {_key(setting)} is not set"
    return f"{_key(setting)} = {_toml(setting.value)}"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_toml(key)} = {_toml(entry)}" for key, entry in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):  # a basic string is JSON's, but for one more character that must be escaped
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else repr(value)
