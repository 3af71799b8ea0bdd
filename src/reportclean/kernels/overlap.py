"""The inner loops of the overlap finders, twice, as in :mod:`reportclean.kernels` and chosen by the same rule."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import JIT_FROM_CHARACTERS


class OverlapKernels(Protocol):
    """What ``overlap_reference`` and ``overlap_jit`` offer; they agree bit for bit."""

    def window_anchors(
        self, hashes: NDArray[np.uint64], offsets: NDArray[np.int64], reach: int, width: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The least of every window of ``width`` pairs of a row, windows of one least pair together.

        A pair is a hash and the one ``reach`` behind it, mixed. Of equal pairs in a window the last counts.

        Args:
            hashes: Of all rows.
            offsets: Where each row begins and ends; a row of fewer than ``reach + width`` has no window.
            reach: 0 or more.
            width: 1 or more.

        Returns:
            Least pair (``uint64``), row, first window (its start in the row), number of windows (``int64``),
            in the order of rows and windows; consecutive windows whose least pair stands at the same
            place are one entry.
        """
        ...

    def gram_hashes(
        self, hashes: NDArray[np.uint64], starts: NDArray[np.int64], steps: NDArray[np.int64]
    ) -> NDArray[np.uint64]:
        """A hash of the hashes at ``start + step`` for all steps: ``uint64`` of the shape of ``starts``."""
        ...

    def chained_runs(
        self,
        hashes: NDArray[np.uint64],
        offsets: NDArray[np.int64],
        pieces: NDArray[np.int64],
        width: int,
        effort: int,
    ) -> NDArray[np.int64]:
        """Extend pieces to maximal runs of equal hashes, from left to right, none for what a run holds.

        Args:
            hashes: Of all rows.
            offsets: Where each row begins and ends.
            pieces: ``int64`` of shape ``(pieces, 5)``, sorted by row and start: row, start, number of
                windows, earlier row, start there; starts count within the row.
            width: Hashes in a window; a run that is shorter is left out.
            effort: Runs of a row are extended to the left until that took ``effort`` times its length;
                from then on only to the right, which is linear by itself.

        Returns:
            ``int64`` of shape ``(runs, 4)``: the piece's number, start, earlier start, length.
        """
        ...


def choose(characters: int) -> OverlapKernels:
    """The kernels for an input of so many characters: numba's where it is installed and pays."""
    fast = characters >= JIT_FROM_CHARACTERS and find_spec("numba") is not None
    name = f"reportclean.kernels.overlap_{'jit' if fast else 'reference'}"
    return cast("OverlapKernels", import_module(name))
