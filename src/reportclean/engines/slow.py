"""Work on many documents at once, of which one may take too long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from reportclean.document import Rejected
from reportclean.engines.stages import Record
from reportclean.errors import LimitError
from reportclean.formats.limits import Limits, refusal
from reportclean.formats.timed import in_time

T = TypeVar("T")


def without_slow(
    work: Callable[[Sequence[Record]], list[T]], records: Sequence[Record], limits: Limits
) -> tuple[list[T | None], list[Rejected]]:
    """Do some work on records together; where that takes longer than one of them may, one by one.

    Args:
        work: Gives something for each record, the same together and alone.
        records: The records.
        limits: How long one may take.

    Returns:
        What came out, with None in the place of a record that took too long; and that it did.
    """
    try:
        with in_time(limits):
            return list(work(records)), []
    except LimitError as error:
        if len(records) == 1:
            return [None], [_refused(records[0], error)]
    made: list[T | None] = []
    refused: list[Rejected] = []
    for record in records:
        some, slow = without_slow(work, [record], limits)
        made += some
        refused += slow
    return made, refused


def _refused(record: Record, error: LimitError) -> Rejected:
    document = record.document
    return refusal(document.source or document.id, document.line, error)
