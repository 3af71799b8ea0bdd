import struct
import zipfile
from io import BytesIO

import pytest

from reportclean.errors import InputError, LimitError
from reportclean.formats.limits import Limits
from reportclean.formats.zipped import open_zip


def archive(members, size=10):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(members):
            made.writestr(f"{number}.txt", b"x" * size)
    return out.getvalue()


def test_what_is_within_the_limits_opens():
    with open_zip(BytesIO(archive(5)), Limits(members=5, expanded_bytes=50)) as opened:
        assert len(opened.namelist()) == 5


@pytest.mark.parametrize(
    ("limits", "limit"),
    [(Limits(members=4), "members"), (Limits(expanded_bytes=49), "expanded-bytes")],
)
def test_limits_are_named(limits, limit):
    with pytest.raises(LimitError) as caught:
        open_zip(BytesIO(archive(5)), limits)
    assert caught.value.limit == limit


def test_the_ratio_counts_for_large_files():
    with pytest.raises(LimitError) as caught:
        open_zip(BytesIO(archive(1, 50_000_000)), Limits())
    assert caught.value.limit == "expanded-ratio"


def test_a_million_members_are_counted_before_the_directory_is_read():
    data = archive(1)
    end = data.rindex(b"PK\x05\x06")
    directory = data[data.index(b"PK\x01\x02") : end] * 1_000_000
    wide = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, len(directory), 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end + len(directory), 1)
    lies = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)
    for file in (data[:end] + directory + wide + locator + data[end:], directory + lies):
        with pytest.raises(LimitError) as caught:
            open_zip(BytesIO(file), Limits(members=10_000))
        assert caught.value.limit == "members"


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"text", archive(2)[:-30]])
def test_what_is_no_zip_file(data):
    with pytest.raises(InputError, match="no zip file"):
        open_zip(BytesIO(data), Limits())
