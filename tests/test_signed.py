"""Signatures in files are those that were written, whichever rows are asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.engines.signed import StoredSignatures, keep_apart, signatures_of
from reportclean.engines.spool import DiskSpool, MemorySpool
from reportclean.engines.stages import SectionRows

_PERM = 16


def rows_of(size, seed):
    none = np.zeros(size, np.int64)
    signatures = np.random.default_rng(seed).integers(0, 2**32, (size, _PERM), dtype=np.uint32)
    return SectionRows(none, none, none, none, np.zeros((size, 2), np.uint64), signatures)


@given(st.lists(st.integers(0, 90), min_size=1, max_size=4), st.data())
def test_any_rows_in_any_order(tmp_path_factory, sizes, data):
    batches = [rows_of(size, number) for number, size in enumerate(sizes)]
    whole = np.concatenate([batch.signatures for batch in batches])
    asked = st.lists(st.integers(0, len(whole) - 1), max_size=40) if len(whole) else st.just([])
    wanted = np.array(data.draw(asked), np.int64)
    for spool in (MemorySpool(), DiskSpool(tmp_path_factory.mktemp("spool"))):
        left = [keep_apart(spool, number, batch) for number, batch in enumerate(batches)]
        found = signatures_of(spool, left, _PERM)
        assert isinstance(found, StoredSignatures) == isinstance(spool, DiskSpool)
        assert np.array_equal(found[wanted], whole[wanted])


def test_a_file_that_was_cut_off_is_noticed(tmp_path):
    spool = DiskSpool(tmp_path)
    found = signatures_of(spool, [keep_apart(spool, 0, rows_of(9, 0))], _PERM)
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-5])
    assert found[np.arange(8)].shape == (8, _PERM)
    for rows in (np.arange(9), np.array([8])):
        with pytest.raises(OSError, match="shorter than it was written"):
            found[rows]
