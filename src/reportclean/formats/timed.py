"""How long one document may take, in processor time of this process, so that load beside it changes nothing.

A timer of the system interrupts what is going on; only the main thread can be interrupted so, in others there
is no limit. What a library does in C goes on until it comes back.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from reportclean.errors import LimitError
from reportclean.formats.limits import Limits

_AGAIN = 0.5  # seconds: where the first interrupt was lost in what cannot be interrupted


class _OutOfTime(BaseException):  # no Exception: libraries catch those
    """The time is over."""


@contextmanager
def in_time(limits: Limits) -> Iterator[None]:
    """Interrupt what takes longer than a document may.

    Raises:
        LimitError: It did.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "ITIMER_VIRTUAL"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _interrupt)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, limits.document_seconds, _AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _OutOfTime:
        raise LimitError(
            "document-seconds", f"it takes more than {limits.document_seconds:g} seconds of processor time"
        ) from None
    finally:
        signal.signal(signal.SIGVTALRM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise _OutOfTime
