"""Dates of documents, as far as ``keep="newest"`` needs them."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import UTC, datetime
from datetime import date as day


def seconds(date: object) -> float:
    """A date in seconds since 1970; long ago where there is none that can be read.

    Args:
        date: ISO 8601 (of Greenwich unless it says otherwise), a day, a datetime, or seconds.

    >>> seconds("1970-01-02"), seconds("1970-01-02T00:00+08:00"), seconds(5), seconds("May 2")
    (86400.0, 57600.0, 5.0, -inf)
    """
    if isinstance(date, str):
        with suppress(ValueError):
            date = datetime.fromisoformat(date)
    if isinstance(date, datetime):
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    if isinstance(date, day):
        return datetime(date.year, date.month, date.day, tzinfo=UTC).timestamp()
    if isinstance(date, int | float) and not isinstance(date, bool):
        with suppress(OverflowError):  # an integer may be beyond every float
            return float(date) if math.isfinite(date) else -math.inf
    return -math.inf
