"""Lines that stand in many documents: one pass over the input before the rules run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportclean.engines.options import RunOptions
from reportclean.engines.workers import Task, load
from reportclean.text.artefacts.boilerplate import LineCounter


def count_lines(tasks: Sequence[Task], options: RunOptions) -> dict[str, int]:
    """The lines that stand in at least as many documents as asked for, with their number.

    Memory does not grow with the input but with the number of such lines, of which each document has a
    bounded share. Counted on the texts as they are read, before any repair.
    """
    texts = (record.document.text for task in tasks for record in load(task, options.read)[0])
    return count_in(texts, options.clean.boilerplate_min_documents)


def count_in(texts: Iterable[str], least: int) -> dict[str, int]:
    """The same for texts; they are not looked at where 0 documents are asked for."""
    if not least:
        return {}
    counter = LineCounter()
    frequent: set[str] = set()
    for text in texts:
        frequent.update(line for line in counter.add(text) if counter.count(line) >= least)
    return {line: counter.count(line) for line in sorted(frequent)}
