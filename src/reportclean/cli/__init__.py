"""The command: one file a subcommand, loaded when it is called; exit codes and nothing else live here.

Exit codes: 0 done, 1 findings (``check`` beyond its limits, ``--strict`` with anything in quarantine),
2 could not run.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from functools import partial
from importlib import import_module
from typing import Any

import click

from reportclean import __version__
from reportclean.cli.configuring import ORIGINS, explained
from reportclean.cli.log import KEY, Log
from reportclean.engines.spared import is_ours
from reportclean.errors import ConfigError, ReportcleanError

COMMANDS = {
    "dedupe": "Read files, remove the sections that repeat, write the survivors and the evidence.",
    "clean": "Read files, repair them, write the clean texts and every change.",
    "check": "Read files, print what the rules find; fail where it is more than is allowed.",
    "compare": "Show what two texts have in common, where they differ, and which one stays.",
    "index": "Keep sections in a file, and ask which of them a text repeats.",
    "rules": "List the rules.",
    "explain": "Say what a rule finds, and why.",
    "config": "Print the settings in force, and where each came from.",
}
COULD_NOT_RUN = 2
_IN_PLACE = "each file is either as it was or replaced as a whole"


class _Commands(click.Group):
    """Subcommands by name; the module of one is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"reportclean.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reportclean", message="%(prog)s %(version)s")
def group() -> None:
    """Clean scraped report corpora and remove what repeats, section by section."""


def main() -> None:
    """Run the command and leave with its exit code; no traceback reaches the user."""
    is_ours()
    log = Log()
    warnings.showwarning = partial(_show_warning, log)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an orderly end, as at Ctrl-C
    origins: dict[str, str] = {}
    try:
        with group.make_context("reportclean", sys.argv[1:]) as context:
            origins = context.meta.setdefault(ORIGINS, {})
            context.meta[KEY] = log
            code = group.invoke(context) or 0
        if sys.stdout is not None:  # it is None where the caller closed it
            sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    except click.ClickException as error:
        error.show()
        code = COULD_NOT_RUN
    except ConfigError as error:  # a field of a configuration is an option here
        code = _failed(log, explained(str(error), origins))
    except ReportcleanError as error:
        code = _failed(log, "; ".join([str(error), *_notes(error)]))
    except (KeyboardInterrupt, click.Abort) as error:
        left = [_IN_PLACE] if "--in-place" in sys.argv else _notes(error) or ["nothing was written"]
        code = _failed(log, "; ".join(["interrupted", *left]))
        _leave_within(2.0)  # seconds; a pool whose processes were killed may wait for them for ever
    except BrokenPipeError:  # the reader of our output went away; the result is written all the same
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        code = _failed(log, f"{error.filename or 'the system'}: {error.strerror or error}")
    except MemoryError as error:
        said = "out of memory, no result was written: try fewer --workers"
        code = _failed(log, "; ".join([said, *_notes(error)]))
    sys.exit(code)


def _show_warning(log: Log, message: Warning | str, *_: Any, **_named: Any) -> None:
    log.write("warning", message=str(message))
    if not log.instead:
        click.echo(f"reportclean: {message}", err=True)


def _notes(error: BaseException) -> list[str]:
    """What was added to an error on its way: what is left of the work, and how to go on."""
    return getattr(error, "__notes__", [])


def _leave_within(seconds: float) -> None:
    timer = threading.Timer(seconds, os._exit, (COULD_NOT_RUN,))
    timer.daemon = True
    timer.start()


def _failed(log: Log, message: str) -> int:
    log.end("error", COULD_NOT_RUN, {"message": message})
    if not log.instead:
        click.echo(f"reportclean: {message}", err=True)
    return COULD_NOT_RUN
