"""Batches as Arrow tables and back, without a loop over rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportclean.index.keys import KeyTexts
from reportclean.index.store import NUMBERS, WORDS, Batch, Columns

if TYPE_CHECKING:
    import pyarrow as pa

_SINGULAR = {name: name.removesuffix("s") for name in (*WORDS, *NUMBERS)} | {
    "bodies": "body",
    "tokens": "tokens",
    "placeholders": "placeholders",
    "repairs": "repairs",
}


def section_rows(
    columns: Columns, sections: NDArray[np.int64], keys: NDArray[np.int64], batch: int
) -> pa.Table:
    """The rows of the table ``sections``."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pa.table(
        {
            "section": sections,
            "section_id": _words(columns.section_ids),
            "document_id": _words(columns.document_ids),
            "source": _words(columns.sources),
            "ordinal": columns.ordinals,
            "tokens": columns.tokens,
            "placeholders": columns.placeholders,
            "repairs": columns.repairs,
            "date": columns.dates,
            "preferred": columns.preferred,
            "key": keys,
            "batch": np.full(len(columns), batch, dtype=np.int32),
            "body": _words(columns.bodies),
            "title": _words(columns.titles),
        }
    )


def _words(words: Any) -> pa.Array:
    """Words; a lone surrogate, which no file can hold, becomes U+FFFD."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    try:
        return pa.array(words, pa.large_string())
    except UnicodeEncodeError:
        whole = [word.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for word in words]
        return pa.array(whole, pa.large_string())


def columns_of(table: pa.Table) -> Columns:
    """The rows of the table ``sections`` as columns."""
    there = set(table.column_names)  # a file of schema 1 has no titles
    words = {
        name: table.column(column).to_pylist() if (column := _SINGULAR[name]) in there else [""] * len(table)
        for name in WORDS
    }
    numbers = {name: table.column(_SINGULAR[name]).to_numpy() for name in NUMBERS}
    return Columns.of(words, numbers | {"preferred": numbers["preferred"].astype(bool)})


def key_rows(batch: Batch, fresh: NDArray[np.int64], numbers: NDArray[np.int64]) -> pa.Table:
    """The rows of the tables ``keys`` and ``signatures``.

    Args:
        batch: The batch.
        fresh: Its rows that bring a new key.
        numbers: The numbers of those keys.
    """
    import pyarrow as pa  # noqa: PLC0415  # heavy

    texts = batch.keys.take(fresh)
    buffers = [None, pa.py_buffer(np.ascontiguousarray(texts.offsets)), pa.py_buffer(texts.data)]
    signatures = np.ascontiguousarray(batch.signatures[fresh])
    return pa.table(
        {
            "key": numbers,
            "hash_high": np.ascontiguousarray(batch.key_hashes[fresh, 0]),
            "hash_low": np.ascontiguousarray(batch.key_hashes[fresh, 1]),
            "tokens": batch.columns.tokens[fresh],
            "text": pa.LargeStringArray.from_buffers(len(texts), buffers[1], buffers[2]),
            "signature": pa.FixedSizeListArray.from_arrays(pa.array(signatures.ravel()), signatures.shape[1]),
        }
    )


def key_texts_of(table: pa.Table) -> KeyTexts:
    """The column ``text`` as keys."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    column = table.column("text").cast(pa.large_string()).combine_chunks()
    parts = []
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        _, offsets, data = chunk.buffers()
        if not len(chunk):
            continue
        bounds = np.frombuffer(offsets, np.int64, len(chunk) + 1, chunk.offset * 8)
        whole = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
        parts.append(KeyTexts(whole[bounds[0] : bounds[-1]], bounds - bounds[0]))
    return KeyTexts.concatenate(parts)


def vectors_of(table: pa.Table, name: str) -> NDArray[np.uint32]:
    """A column of arrays of one length as ``uint32`` of shape ``(rows, length)``."""
    column = table.column(name)
    width = column.type.list_size
    parts = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in column.chunks]
    whole: NDArray[np.uint32] = np.concatenate([np.empty(0, np.uint32), *parts]).reshape(-1, width)
    return whole
