"""Batches of sections for tests of stores, made of texts."""

import numpy as np

from reportclean.engines.stages import key_hashes
from reportclean.index.keys import key_texts
from reportclean.index.store import Batch, Columns
from reportclean.kernels import reference
from reportclean.near.bands import choose_bands
from reportclean.near.minhash import signatures
from reportclean.text.folding import fold_batch


def batch_of(texts, config, names=None, ordinals=None):
    """A batch of texts, each in a document of its own; ``names`` are ids of sections, ``DOCUMENT#ORDINAL``."""
    names = [f"d{number}#1" for number in range(len(texts))] if names is None else names
    keys = fold_batch(texts)
    hashes, offsets = reference.shingle_hashes(keys.codes, keys.offsets, config.shingle_size)
    count = len(texts)
    return Batch(
        Columns(
            names,
            [name.partition("#")[0] for name in names],
            ["in.jsonl"] * count,
            np.ones(count, np.int64) if ordinals is None else np.array(ordinals, np.int64),
            keys.token_counts(),
            keys.placeholders,
            np.zeros(count, np.int64),
            np.full(count, -np.inf),
            np.zeros(count, bool),
            list(texts),
            [""] * count,
        ),
        key_hashes(keys),
        signatures(reference, hashes, offsets, choose_bands(config).num_perm, config.seed),
        key_texts(keys),
    )
