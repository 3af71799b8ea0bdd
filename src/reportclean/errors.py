"""Every exception that reportclean raises on purpose.

    ReportcleanError
    ├── ConfigError            an option or a combination of options cannot be used
    ├── InputError             an input cannot be read at all (a bad record goes to quarantine instead)
    │   └── DecodeError        bytes are no text in any encoding known here: a line in the quarantine
    ├── LimitError             an input is beyond a limit: a line in the quarantine under the limit's name
    ├── OutputError            the result cannot be written, or would overwrite something
    ├── StoreError             an index cannot be reached, opened or changed
    ├── IndexMismatchError     two sets of signatures were made with different settings
    └── RuleError              a rule is defined twice, or not at all

Each message says what is wrong, where, and what to do about it; the command prints it as it is.
"""


class ReportcleanError(Exception):
    """The root: catch this one to catch whatever reportclean raises on purpose."""


class ConfigError(ReportcleanError, ValueError):
    """An option has a value that cannot be used; the message names the option."""


class InputError(ReportcleanError):
    """An input cannot be read at all; the message names the path."""


class DecodeError(InputError):
    """Bytes are no text in any encoding known here; the reader turns it into a line of the quarantine."""


class LimitError(ReportcleanError):
    """An input is beyond a limit; the reader turns it into a line of the quarantine.

    Args:
        limit: The limit's name, as the option has it.
        said: What is beyond it.
    """

    def __init__(self, limit: str, said: str) -> None:
        super().__init__(said)
        self.limit = limit


class OutputError(ReportcleanError):
    """The result cannot be written there; the message names the path."""


class StoreError(ReportcleanError):
    """An index, on disk or a server, cannot be reached, opened or changed; the message holds no password."""


class IndexMismatchError(ReportcleanError, ValueError):
    """Signatures made with different settings were about to be compared."""


class ManyPairsWarning(UserWarning):
    """So many pairs of sections will be looked at that the run may take long; not an error."""


class ResumeWarning(UserWarning):
    """A run goes on from an earlier one, with something that is not as it was then; not an error."""


class RuleError(ReportcleanError):
    """A rule code is unknown, or two rules claim the same one."""
