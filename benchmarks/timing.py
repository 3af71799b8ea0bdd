"""CPU time of a piece of work, which a busy machine blurs less than the clock."""

import time
from collections.abc import Callable


def seconds(work: Callable[[], object], runs: int = 5, before: Callable[[], object] = int) -> float:
    """CPU time of the best of some runs, each after something that is not counted."""
    best = float("inf")
    for _ in range(runs):
        before()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best
