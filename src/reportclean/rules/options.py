"""Which rules run and which of their fixes are applied."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanConfig:
    """Settings of cleaning; every field has the command's option of the same name.

    Attributes:
        select: Codes, families or names of the rules to run; all of them when empty.
        ignore: Codes, families or names of rules to leave out.
        drop: Groups of lines and signs to delete that a person may have written: ``site-lines``,
            ``teaser``, ``symbols``.
        unsafe_fixes: Apply the unsafe fixes of all selected rules too.
        script: ``keep``, or the script that the text is converted to: ``simplified`` or ``traditional``.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    script: str = "keep"
