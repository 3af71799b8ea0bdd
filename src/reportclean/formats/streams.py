"""Compressed streams, by the end of the file's name: how to open one for reading, and for writing."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Self, cast


def _zstd(file: BinaryIO) -> BinaryIO:
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    return cast("BinaryIO", pa.CompressedInputStream(file, "zstd"))


STREAMS = cast(  # what unpacks an open file; how far that has been read is asked of the file
    "dict[str, Callable[[BinaryIO], BinaryIO]]",
    {".gz": gzip.open, ".zst": _zstd, ".bz2": bz2.open, ".xz": lzma.open},
)


def appending(path: Path) -> BinaryIO:
    """A file opened for writing at its end, packed as its name says; the same bytes every time.

    What is added later is a stream behind the first, and streams one after another are a stream.
    """
    return _packing(path, path.open("ab"))


def pack(path: Path) -> None:
    """Pack a whole file as its name says."""
    if path.suffix.lower() in STREAMS:
        plain = path.with_name(path.name + ".plain")
        path.rename(plain)
        with plain.open("rb") as source, appending(path) as target:
            shutil.copyfileobj(source, target)
        plain.unlink()


def _packing(path: Path, file: BinaryIO) -> BinaryIO:
    end = path.suffix.lower()
    if end == ".gz":
        return cast("BinaryIO", _Owning(gzip.GzipFile("", "wb", 6, file, mtime=0), file))
    if end == ".bz2":
        return cast("BinaryIO", _Owning(bz2.BZ2File(file, "wb"), file))
    if end == ".xz":
        return cast("BinaryIO", _Owning(lzma.LZMAFile(file, "wb"), file))
    if end == ".zst":
        import pyarrow as pa  # noqa: PLC0415  # slow to import

        return cast("BinaryIO", _Owning(pa.CompressedOutputStream(file, "zstd"), file))
    return file


class _Owning:
    """A stream that closes the file below it, which compressors leave open."""

    def __init__(self, stream: Any, file: BinaryIO) -> None:
        self._stream = stream
        self._file = file
        self.write = stream.write

    def close(self) -> None:
        self._stream.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
