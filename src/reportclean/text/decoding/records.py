"""What reading bytes gives: the text, the encoding, how sure, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from reportclean.document import Hit


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read.

    Attributes:
        text: The decoded text, without a byte order mark.
        encoding: Python's name of the codec; several joined by ``+`` in order of appearance where the
            file changes its encoding between lines.
        score: How likely this reading is against the runner-up, 0–1; 1.0 where a mark, the caller or
            valid UTF-8 decided.
        runner_up: The next likely encoding; empty where there was none to weigh.
        hits: ``bad-byte`` for each U+FFFD that stands for bytes which could not be read (their
            hexadecimal form in ``stem``), ``encoding-switch`` where a group of lines begins that is in
            another encoding (named in ``stem``).
    """

    text: str
    encoding: str
    score: float
    runner_up: str
    hits: tuple[Hit, ...] = ()
