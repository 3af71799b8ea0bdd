"""Compressed streams, by the end of the file's name: how to open one for reading, and for writing."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast


def _zstd(path: Path) -> BinaryIO:
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    return cast("BinaryIO", pa.CompressedInputStream(pa.OSFile(str(path)), "zstd"))


STREAMS = cast(
    "dict[str, Callable[[Path], BinaryIO]]",
    {".gz": gzip.open, ".zst": _zstd, ".bz2": bz2.open, ".xz": lzma.open},
)


def compressed(name: str, data: bytes) -> bytes:
    """Bytes as they stand in a file of that name: a whole compressed stream, the same every time.

    Streams one after another are a stream, so a file may be written in pieces.
    """
    end = name[name.rfind(".") :].lower()
    if end == ".gz":
        return gzip.compress(data, 6, mtime=0)
    if end == ".bz2":
        return bz2.compress(data)
    if end == ".xz":
        return lzma.compress(data)
    if end == ".zst":
        import pyarrow as pa  # noqa: PLC0415  # slow to import

        return cast("bytes", pa.compress(data, "zstd", asbytes=True))
    return data
