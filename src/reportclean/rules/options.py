"""Which rules run and which of their fixes are applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from reportclean.errors import ConfigError

Script = Literal["keep", "simplified", "traditional"]
SCRIPTS: tuple[Script, ...] = ("keep", "simplified", "traditional")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanConfig:
    """Settings of cleaning; every field has the command's option of the same name.

    Attributes:
        select: Codes, families or names of the rules to run; all of them when empty.
        ignore: Codes, families or names of rules to leave out.
        drop: Groups of lines and signs to delete that a person may have written: ``site-lines``,
            ``teaser``, ``symbols``, ``boilerplate``.
        unsafe_fixes: Apply the unsafe fixes of all selected rules too.
        script: ``keep``, or the script that the text is converted to: ``simplified`` or ``traditional``.
        boilerplate_min_documents: A line that stands in so many documents of the run is boilerplate; 0 looks
            for none.
        guess: Fill what a repair had to leave open with the likeliest character.

    Raises:
        ConfigError: ``script`` is none of the three, a list is a text, or boilerplate is to be dropped and
            nobody said from how many documents on.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    script: Script = "keep"
    guess: bool = False
    boilerplate_min_documents: int = 0

    def __post_init__(self) -> None:
        for name in ("select", "ignore", "drop"):
            value = getattr(self, name)
            if isinstance(value, str):
                raise ConfigError(f"{name} is {value!r}; it must be a list of names")
            object.__setattr__(self, name, tuple(value))  # a list is as good, and this can be hashed
        if self.boilerplate_min_documents < 0 or self.boilerplate_min_documents == 1:
            raise ConfigError(
                f"boilerplate_min_documents is {self.boilerplate_min_documents}; it must be 0 or at least 2"
            )
        if "boilerplate" in self.drop and not self.boilerplate_min_documents:
            raise ConfigError(
                "drop names boilerplate; say from how many documents on, with boilerplate_min_documents"
            )
        if self.script not in SCRIPTS:
            raise ConfigError(f"script is {self.script!r}; it must be one of {', '.join(SCRIPTS)}")
