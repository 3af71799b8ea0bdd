"""The inner loops of the overlap finders, twice, chosen by the rule of :mod:`reportclean.kernels`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import JIT_FROM_CHARACTERS


class OverlapKernels(Protocol):
    """What ``overlap_reference`` and ``overlap_jit`` offer; they agree bit for bit."""

    def gram_hashes(
        self, hashes: NDArray[np.uint64], starts: NDArray[np.int64], steps: NDArray[np.int64]
    ) -> NDArray[np.uint64]:
        """A hash of the hashes at ``start + step`` for all steps: ``uint64`` of the shape of ``starts``."""
        ...

    def window_anchors(
        self,
        hashes: NDArray[np.uint64],
        offsets: NDArray[np.int64],
        steps: NDArray[np.int64],
        width: int,
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The least of every window of ``width`` grams of a row, windows of one least gram together.

        Of equal grams in a window the last counts.

        Args:
            hashes: Of all rows.
            offsets: Where each row begins and ends; a row of fewer than ``steps[-1] + width`` has no window.
            steps: Rising, the first is 0.
            width: 1 or more.

        Returns:
            Least gram's hash (``uint64``), row, first window (its start in the row), number of windows
            (``int64``), in the order of rows and windows; consecutive windows whose least gram stands at
            the same place are one entry.
        """
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

    def below(
        self, hashes: NDArray[np.uint64], offsets: NDArray[np.int64], bound: np.uint64
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The hashes of each row that are below a bound, in their order, with the new offsets."""
        ...

    def places(
        self,
        hashes: NDArray[np.uint64],
        offsets: NDArray[np.int64],
        sets: NDArray[np.uint64],
        set_offsets: NDArray[np.int64],
        short: NDArray[np.int64],
        long: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Where a set stands in a row: the stretch that holds most of it and least of other things.

        That is the stretch with the largest number of hashes of the set less that of others, so what is
        inserted is spanned where more of the set stands on either side. Of equal ones the first that
        ends, and of these the shortest.

        Args:
            hashes: Of all rows, in order.
            offsets: Where each row begins and ends.
            sets: Sorted sets, none that is asked for empty.
            set_offsets: Where each set begins and ends.
            short: The set of each pair, ``int64``.
            long: The row of each pair, of the same shape.

        Returns:
            ``int64`` of shape ``(pairs, 2)``: start in the row and end; 0 and 0 where nothing is there.
        """
        ...


def choose(characters: int) -> OverlapKernels:
    """The kernels for an input of so many characters: numba's where it is installed and pays."""
    fast = characters >= JIT_FROM_CHARACTERS and find_spec("numba") is not None
    name = f"reportclean.kernels.overlap_{'jit' if fast else 'reference'}"
    return cast("OverlapKernels", import_module(name))
