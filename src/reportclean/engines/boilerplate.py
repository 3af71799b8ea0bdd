"""Lines that stand in many documents: one pass over the input before the rules run."""

from __future__ import annotations

from collections.abc import Sequence

from reportclean.engines.options import RunOptions
from reportclean.engines.workers import Task, load
from reportclean.text.artefacts.boilerplate import LineCounter


def count_lines(tasks: Sequence[Task], options: RunOptions) -> dict[str, int]:
    """The lines that stand in at least as many documents as asked for, with their number.

    Memory does not grow with the input but with the number of such lines, of which each document has a
    bounded share. Counted on the texts as they are read, before any repair.
    """
    least = options.clean.boilerplate_min_documents
    if not least:
        return {}
    counter = LineCounter()
    frequent: set[str] = set()
    for task in tasks:
        for record in load(task, options.read)[0]:
            lines = counter.add(record.document.text)
            frequent.update(line for line in lines if counter.count(line) >= least)
    return {line: counter.count(line) for line in sorted(frequent)}
