"""Signatures of all rows in files, one a batch: half a kilobyte a section need not be in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reportclean.engines.spool import SIGNATURES, Spool
from reportclean.engines.stages import SectionRows
from reportclean.near.minhash import Signatures

_SPARSE = 8  # rows between two that are wanted, from which each is read by itself


class StoredSignatures:
    """What ``signatures[rows]`` gives is read from files; see :class:`reportclean.near.minhash.Signatures`.

    Args:
        spool: Where they are.
        sizes: Rows of each batch.
        num_perm: Permutations of a signature.
        suffix: Which files.
    """

    def __init__(self, spool: Spool, sizes: Sequence[int], num_perm: int, suffix: str = SIGNATURES) -> None:
        self._spool = spool
        self._sizes = sizes
        self._first_rows = np.cumsum([0, *sizes], dtype=np.int64)
        self._num_perm = num_perm
        self._suffix = suffix

    def instead(self, suffix: str) -> StoredSignatures:
        """Others of the same rows."""
        return StoredSignatures(self._spool, self._sizes, self._num_perm, suffix)

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.uint32]:
        """Those of some rows, in their order: ``uint32`` of shape ``(rows, num_perm)``.

        Raises:
            OSError: A file is not there, or too short.
        """
        found = np.empty((len(rows), self._num_perm), dtype=np.uint32)
        order = np.argsort(rows, kind="stable")
        batches = np.searchsorted(self._first_rows, rows[order], side="right") - 1
        numbers, begins = np.unique(batches, return_index=True)
        for number, places in zip(numbers.tolist(), np.split(order, begins[1:]), strict=False):
            found[places] = self._of_batch(number, rows[places] - self._first_rows[number])
        return found

    def _of_batch(self, number: int, rows: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The same for rows counted within their batch, rising."""
        path = self._spool.beside(number, self._suffix)
        if path is None:
            raise OSError("signatures in memory have no files")
        first, span = int(rows[0]), int(rows[-1] - rows[0]) + 1
        width = self._num_perm * 4
        with path.open("rb", buffering=0) as file:
            if span > _SPARSE * len(rows):
                parts = []
                for row in rows.tolist():
                    file.seek(row * width)
                    parts.append(file.read(width))
                data, rows = b"".join(parts), np.arange(len(rows))
                span = len(rows)
            else:
                file.seek(first * width)
                data, rows = file.read(span * width), rows - first
        if len(data) != span * width:
            raise OSError(f"{path} is shorter than it was written")
        return np.frombuffer(data, dtype="<u4").reshape(span, self._num_perm)[rows]


def keep_apart(spool: Spool, number: int, rows: SectionRows) -> SectionRows:
    """Write the signatures of a batch where batches are files; the rows with what is left to be handed on."""
    path = spool.beside(number, SIGNATURES)
    if path is None:
        return rows
    signatures = np.ascontiguousarray(rows.signatures, dtype="<u4")
    path.write_bytes(signatures.data)
    return replace(rows, signatures=signatures[:0])


def signatures_of(spool: Spool, parts: Sequence[SectionRows], num_perm: int) -> Signatures:
    """Those of the rows of all batches."""
    if spool.beside(0, SIGNATURES) is not None:
        return StoredSignatures(spool, [len(part.ordinals) for part in parts], num_perm)
    return np.concatenate([np.empty((0, num_perm), np.uint32), *(part.signatures for part in parts)])
