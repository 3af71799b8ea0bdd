"""Whether a zip file may be opened: what its directory says is looked at before anything is unpacked."""

from __future__ import annotations

import os
import struct
import zipfile
from typing import BinaryIO

from reportclean.errors import InputError, LimitError
from reportclean.formats.limits import Budget, Limits

# APPNOTE.TXT 6.3.10: 4.3.16, 4.3.15, 4.3.14, 4.3.12
_END, _END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 65_535
_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
_WIDE_END, _WIDE_END_BYTES = b"PK\x06\x06", 56
_LONGEST_ENTRY = 2_048  # bytes of an honest directory entry: 46, a name, some extra fields


def open_zip(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """A zip file of bounded size.

    Reading a member never gives more bytes than the directory says, so what is checked here holds.

    Args:
        file: The file, open for reading.
        limits: Members and bytes.

    Raises:
        InputError: It is no zip file.
        LimitError: It is beyond a limit.
    """
    if _members(file) > limits.members:  # before the directory is read: a million entries take hundreds of MB
        raise LimitError("members", f"it has more than {limits.members:,} members")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(f"it is no zip file: {error}") from error
    Budget(limits, file.seek(0, os.SEEK_END)).spend(sum(member.file_size for member in archive.infolist()))
    return archive


def _members(file: BinaryIO) -> int:
    """How many members there are at least: by the end record, by the size of the directory that it names."""
    length = file.seek(0, os.SEEK_END)
    start = max(0, length - _END_BYTES - _COMMENT_BYTES - _LOCATOR_BYTES)
    file.seek(start)
    data = file.read()
    end = data.rfind(_END)
    if end < 0 or end + _END_BYTES > len(data):
        raise InputError("it is no zip file, or it is cut off: its end record is missing")
    count, size = struct.unpack_from("<HL", data, end + 10)
    locator = end - _LOCATOR_BYTES
    if locator >= 0 and data.startswith(_LOCATOR, locator):  # ZIP64: the true numbers stand elsewhere
        (wide,) = struct.unpack_from("<Q", data, locator + 8)
        file.seek(min(wide, length))
        record = file.read(_WIDE_END_BYTES)
        if record.startswith(_WIDE_END) and len(record) == _WIDE_END_BYTES:
            count, size = struct.unpack_from("<QQ", record, 32)
    return max(int(count), min(int(size), length) // _LONGEST_ENTRY)
