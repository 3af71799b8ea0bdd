"""How far a run has come, for whoever looks on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class State:
    """How far a run has come.

    Attributes:
        stage: What is being done, by the names of ``seconds`` in ``summary.json``.
        done: Bytes of the input that are prepared.
        total: Bytes of the input; 0 while they are not known.
        documents: Documents that were prepared.
        findings: What the rules found in them.
        quarantined: Files and records that could not be used.
    """

    stage: str = ""
    done: int = 0
    total: int = 0
    documents: int = 0
    findings: int = 0
    quarantined: int = 0


Progress = Callable[[State], None]


class Counts(NamedTuple):
    """What came out of a share of the work: documents, findings in them, and what could not be used."""

    documents: int
    findings: int
    quarantined: int


class Counted(Protocol):
    """What a worker returns."""

    @property
    def counts(self) -> Counts:
        """What came out."""
        ...


class Teller:
    """Tells of a run as it goes on.

    Args:
        progress: Whom.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._state = State()

    def stage(self, name: str) -> None:
        """Another stage has begun."""
        if name != self._state.stage:
            self._tell(replace(self._state, stage=name))

    def begin(self, name: str, total: int) -> None:
        """A stage has begun that goes through so many bytes."""
        self._tell(replace(self._state, stage=name, done=0, total=total))

    def at(self, name: str, done: int, total: int) -> None:
        """A stage is so far."""
        self._tell(replace(self._state, stage=name, done=done, total=total))

    def add(self, size: int, counts: Counts) -> None:
        """So many bytes more are done."""
        state = self._state
        self._tell(
            replace(
                state,
                done=state.done + size,
                documents=state.documents + counts.documents,
                findings=state.findings + counts.findings,
                quarantined=state.quarantined + counts.quarantined,
            )
        )

    def _tell(self, state: State) -> None:
        self._state = state
        self._progress(state)


def silent(_: State) -> None:
    """Nobody looks on."""
