"""What the overlap finders should find, looked for everywhere and by pairs."""

from importlib.util import find_spec

import numpy as np

from reportclean.kernels import overlap_reference

OVERLAP_KERNELS = [overlap_reference]
if find_spec("numba"):
    from reportclean.kernels import overlap_jit

    OVERLAP_KERNELS.append(overlap_jit)


def maximal_runs(rows, least):
    """All maximal runs of at least so many equal tokens: later row and start, earlier row and start, length.

    Args:
        rows: Lists of tokens.
        least: Tokens of the shortest run.
    """
    places = [(row, start) for row, tokens in enumerate(rows) for start in range(len(tokens))]
    runs = set()
    for number, (later, i) in enumerate(places):
        for earlier, j in places[:number]:
            mine, theirs = rows[later], rows[earlier]
            if i and j and mine[i - 1] == theirs[j - 1]:
                continue
            length = 0
            while (
                i + length < len(mine) and j + length < len(theirs) and mine[i + length] == theirs[j + length]
            ):
                length += 1
            if length >= least:
                runs.add((later, i, earlier, j, length))
    return runs


def covered(spans):
    """The places of spans given as row, start, length."""
    return {(row, start + step) for row, start, length in spans for step in range(length)}


def shingled(rows, size):
    """Lists of tokens (small numbers) as shingle hashes in order, with their offsets."""
    hashes = [
        hash((tuple(tokens[at : at + size]),)) & (2**64 - 1)
        for tokens in rows
        for at in range(max(min(1, len(tokens)), len(tokens) - size + 1))
    ]
    sizes = [max(min(1, len(tokens)), len(tokens) - size + 1) for tokens in rows]
    return np.array(hashes, dtype=np.uint64), np.cumsum([0, *sizes], dtype=np.int64)


def rows_of(shingles):
    """A function that gives the shingles of rows, as an engine does; rows must rise."""
    hashes, offsets = shingles

    def given(rows):
        assert (np.diff(rows) > 0).all()
        parts = [hashes[offsets[row] : offsets[row + 1]] for row in rows.tolist()]
        return np.concatenate([hashes[:0], *parts]), np.cumsum([0, *map(len, parts)], dtype=np.int64)

    return given
