"""Names of encodings: byte order marks, and the superset that a declared name stands for."""

from __future__ import annotations

import codecs

from reportclean.errors import ConfigError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# The declared name is a subset of what such pages really hold.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "ascii": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-8": "utf-8",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
}


def canonical(encoding: str) -> str:
    """Python's name of a text codec, or of its superset.

    Raises:
        ConfigError: There is no such text encoding.

    >>> canonical("GB2312"), canonical("utf8")
    ('gb18030', 'utf-8')
    """
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses what is a codec but not of text, such as "zlib"
    except (LookupError, ValueError) as error:
        raise ConfigError(f"encoding {encoding!r} is not the name of a text encoding") from error
    return _SUPERSETS.get(name, name)


def without_bom(data: bytes, name: str) -> bytes:
    """The bytes after the encoding's own byte order mark, where there is one."""
    for bom, owner in BOMS:
        if owner == name and data.startswith(bom):
            return data[len(bom) :]
    return data
