"""Whether a zip file may be opened: what its directory says is looked at before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

from reportclean.errors import InputError

# APPNOTE.TXT 6.3.10: 4.3.16, 4.3.15, 4.3.14, 4.3.12
_END, _END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 65_535
_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
_WIDE_END, _WIDE_END_BYTES = b"PK\x06\x06", 56
_LONGEST_ENTRY = 2_048  # bytes of an honest directory entry: 46, a name, some extra fields


def open_zip(data: bytes, members: int, expanded: int, ratio: float) -> zipfile.ZipFile:
    """A zip file of bounded size.

    Reading a member never gives more bytes than the directory says, so what is checked here holds.

    Args:
        data: The file.
        members: Most members.
        expanded: Most bytes of all members unpacked.
        ratio: Most bytes unpacked for each byte packed.

    Raises:
        InputError: It is no zip file, or a limit is exceeded; the message names the limit.
    """
    counted = _members(data)
    if counted > members:  # before the directory is read: a million entries cost seconds and hundreds of MB
        raise InputError(f"limit members: the archive has {counted:,} members, more than {members:,}")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(f"it is no zip file: {error}") from error
    size = sum(member.file_size for member in archive.infolist())
    if size > expanded:
        raise InputError(f"limit expanded-bytes: unpacked it has {size:,} bytes, more than {expanded:,}")
    if size > ratio * max(len(data), 1):
        raise InputError(
            f"limit expanded-ratio: it unpacks to {size / len(data):,.0f} times its size, more than {ratio:g}"
        )
    return archive


def _members(data: bytes) -> int:
    """How many members there are at least: by the end record, by the size of the directory that it names."""
    end = data.rfind(_END, max(0, len(data) - _END_BYTES - _COMMENT_BYTES))
    if end < 0 or end + _END_BYTES > len(data):
        raise InputError("it is no zip file, or it is cut off: its end record is missing")
    count, size = struct.unpack_from("<HL", data, end + 10)
    locator = end - _LOCATOR_BYTES
    if locator >= 0 and data.startswith(_LOCATOR, locator):  # ZIP64: the true numbers stand elsewhere
        (wide,) = struct.unpack_from("<Q", data, locator + 8)
        if data.startswith(_WIDE_END, wide) and wide + _WIDE_END_BYTES <= len(data):
            count, size = struct.unpack_from("<QQ", data, wide + 32)
    return max(int(count), min(int(size), len(data)) // _LONGEST_ENTRY)
