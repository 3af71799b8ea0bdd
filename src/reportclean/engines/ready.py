"""What a worker process needs, loaded on import: for the server that workers are forked from, and no others.

Nothing imports this module but that server (see ``server.py``) and a worker that a foreign server started.
"""

from __future__ import annotations

import gc
import os
import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, and says it once
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: a server that forks has one thread

from reportclean.document import Document  # noqa: E402  # after the above, as all that follows
from reportclean.engines import batches  # noqa: E402, F401  # the jobs themselves
from reportclean.engines.stages import clean_batch, split_texts  # noqa: E402
from reportclean.engines.workers import COLLECT_AFTER  # noqa: E402
from reportclean.rules.options import CleanConfig  # noqa: E402
from reportclean.text.folding import fold_batch  # noqa: E402

_SAMPLE = "20xx年，全年检修线路一百二十公里。\n"

for _cleaned in clean_batch([Document("", _SAMPLE)] * 4, CleanConfig(), {}):
    split_texts([_cleaned.text] * 4, "section")
    fold_batch([_cleaned.text])
gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
gc.freeze()  # what is here stays, and its pages stay shared
