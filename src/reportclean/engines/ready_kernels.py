"""The kernels, loaded on import as ``ready`` loads the rest: for the server of jobs that sign sections."""

from __future__ import annotations

import gc

from reportclean.engines import ready  # noqa: F401  # first of all, since it says how numpy is to start
from reportclean.engines.spared import is_ours, spared
from reportclean.kernels import JIT_FROM_CHARACTERS, choose, warm

is_ours()
with spared("scipy"):
    warm(choose(JIT_FROM_CHARACTERS))
gc.freeze()
