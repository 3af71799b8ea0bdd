import struct
import zipfile
from io import BytesIO

import pytest

from reportclean.errors import InputError
from reportclean.formats.zipped import open_zip

MANY = 10**9


def archive(members, size=10):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(members):
            made.writestr(f"{number}.txt", b"x" * size)
    return out.getvalue()


def test_what_is_within_the_limits_opens():
    with open_zip(archive(5), 5, 50, 10) as opened:
        assert len(opened.namelist()) == 5


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((4, MANY, MANY), "limit members: the archive has 5 members, more than 4"),
        ((5, 49, MANY), "limit expanded-bytes: unpacked it has 50 bytes, more than 49"),
        ((5, MANY, 0.01), "limit expanded-ratio"),
    ],
)
def test_limits_are_named(limits, said):
    with pytest.raises(InputError, match=said):
        open_zip(archive(5), *limits)


def test_a_million_members_are_counted_before_the_directory_is_read():
    data = archive(1)
    end = data.rindex(b"PK\x05\x06")
    entry = data[data.index(b"PK\x01\x02") : end]
    directory = entry * 1_000_000
    wide = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, len(directory), 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(data[:end]) + len(directory), 1)
    honest = data[:end] + directory + wide + locator + data[end:]
    with pytest.raises(InputError, match="limit members"):
        open_zip(honest, 100_000, MANY, MANY)
    small = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)  # the count lies
    with pytest.raises(InputError, match="limit members"):
        open_zip(directory + small, 10_000, MANY, MANY)


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"text", archive(2)[:-30]])
def test_what_is_no_zip_file(data):
    with pytest.raises(InputError, match="no zip file"):
        open_zip(data, 10, MANY, MANY)
