"""Jobs that end the process that does them, by what stands in the first document."""

import os
import signal

from reportclean.engines import batches

MARK = "此处致命"


def run_task(task, settings, spool):
    """As ``batches.run_task``, but for a task with the mark and the name of a signal or an exit code."""
    data = b"".join(piece.data() for piece in task.pieces).decode()
    if MARK in data:
        how = data.split(MARK)[1].split()[0]
        if how.isdigit():
            os._exit(int(how))
        os.kill(os.getpid(), signal.Signals[how])
    return batches.run_task(task, settings, spool)
