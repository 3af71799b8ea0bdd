"""Commands that take their settings from a configuration file where the command line says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from reportclean.formats.limits import Limits

ORIGINS = "reportclean.origins"  # in a context's meta: field → where its value came from, for messages
_F = TypeVar("_F", bound=Callable[..., Any])


def configuration(function: _F) -> _F:
    """The options that say which configuration file counts."""
    named = click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Take the settings of this file.  [default: the nearest reportclean.toml or pyproject.toml]",
    )
    none = click.option("--no-config", is_flag=True, help="Look for no configuration file.")
    return named(none(function))


class Configured(click.Command):
    """A command whose options have the value of the configuration file unless they are given.

    Its arguments ``paths`` say where the file is looked for; its options are named like the settings.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Fill in what the file says, then run the command."""
        file = configuration_of(ctx)
        if file is not None:
            from reportclean.config.settings import LIMITS, compose, from_file  # noqa: PLC0415  # not for --help

            settings = from_file(compose(file, given(ctx)), str(self.name))
            for name, setting in settings.items():
                if setting.table == LIMITS:
                    ctx.params[LIMITS].setdefault(name, setting.value)
                elif name in ctx.params:
                    ctx.params[name] = setting.value
                    ctx.set_parameter_source(name, ParameterSource.DEFAULT_MAP)
            origins = {name: f"{one.place}: {one.key}" for name, one in settings.items()}
            ctx.meta.setdefault(ORIGINS, {}).update(origins)
        return super().invoke(ctx)


def configuration_of(ctx: click.Context) -> Any:
    """The configuration file that a command's arguments mean; None where there is none.

    Raises:
        ConfigError: It cannot be read.
    """
    named, none = ctx.params.pop("config_file"), ctx.params.pop("no_config")
    if named is not None and none:
        raise click.UsageError("--config and --no-config exclude each other")
    if none:
        return None
    from reportclean.config import files  # noqa: PLC0415  # not for --help

    if named is not None:
        return files.read(named)
    called = ctx.params.get("stdin_filename") or ""
    paths = (called if path == "-" else path for path in ctx.params.get("paths", ()))
    return files.find(path for path in paths if path)


def given(ctx: click.Context) -> dict[str, Any]:
    """The options that the command line names, with their values."""
    named = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
    found: dict[str, Any] = {
        name: value
        for name, value in ctx.params.items()
        if name != "paths" and ctx.get_parameter_source(name) in named
    }
    limits: dict[str, Any] = found.pop("limits", {})  # each is a setting of its own
    return found | limits


def explained(message: str, origins: dict[str, str]) -> str:
    """A message that begins with the field of an option, in words of the command line or of the file."""

    def where(name: re.Match[str]) -> str:
        option = "--limit " if name[1] in Limits.__slots__ else "--"
        return (origins.get(name[1]) or option + name[1].replace("_", "-")) + name[2]

    return re.sub(r"^([a-z_]+)((?:\.\S+)?)(?= is | names )", where, message)
