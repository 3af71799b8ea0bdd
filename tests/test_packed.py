import bz2
import gzip
import io
import lzma
import random
import tarfile
import time
import tracemalloc
import warnings
import zipfile
from collections import Counter
from contextlib import closing

import pyarrow as pa
import pytest

from reportclean.document import Rejected
from reportclean.formats.limits import Limits
from reportclean.formats.packed import Unpacked, Unpacker, packing
from reportclean.formats.streams import appending, pack

LINES = b'{"text":"x"}\n' * 1000
PACKERS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


def zipped(members, **settings):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **settings) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture
def unpack(tmp_path):
    def unpacked(name, data, limits=None, passed_over=None):
        folder = tmp_path / "spool"
        folder.mkdir(exist_ok=True)
        path = tmp_path / "packed"
        path.write_bytes(data)
        over = Counter() if passed_over is None else passed_over
        unpacker = Unpacker(
            folder, limits or Limits(), lambda inner: inner.endswith((".txt", ".jsonl")), over
        )
        return [
            (item.name, item.plain, item.path.read_bytes()) if isinstance(item, Unpacked) else item
            for item in unpacker.unpack(path, name)
        ]

    return unpacked


@pytest.mark.parametrize("end", list(PACKERS))
def test_a_compressed_file_is_one_file(unpack, end):
    assert unpack(f"a/x.jsonl{end}", PACKERS[end](LINES)) == [(f"a/x.jsonl{end}", "x.jsonl", LINES)]


@pytest.mark.parametrize("end", list(PACKERS))
def test_what_we_write_is_read_and_the_same_every_time(unpack, tmp_path, end):
    made = []
    for folder in ("a", "b"):
        path = tmp_path / folder / f"x.jsonl{end}"
        path.parent.mkdir()
        for _ in range(2):  # the second time behind the first
            with closing(appending(path)) as file:
                file.write(LINES)
        made.append(path.read_bytes())
    assert made[0] == made[1]
    assert len(made[0]) < len(LINES) / 2
    assert unpack(f"x.jsonl{end}", made[0])[0][2] == LINES * 2


def test_a_whole_file_is_packed_as_its_name_says(tmp_path):
    for name in ("x.parquet.gz", "y.parquet"):
        (tmp_path / name).write_bytes(LINES)
        pack(tmp_path / name)
    assert gzip.decompress((tmp_path / "x.parquet.gz").read_bytes()) == LINES
    assert (tmp_path / "y.parquet").read_bytes() == LINES
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("end", list(PACKERS))
def test_a_file_that_is_cut_off_gives_what_can_be_read_and_says_so(unpack, end):
    noise = random.Random(1).randbytes(3_000_000)
    data = PACKERS[end](noise)
    (_, _, begun), last = unpack(f"x.jsonl{end}", data[: len(data) * 2 // 3])
    assert isinstance(last, Rejected)
    assert (last.source, last.reason) == (f"x.jsonl{end}", "not-unpacked")
    assert noise.startswith(begun)
    assert len(begun) > len(noise) / 2


@pytest.mark.parametrize("make", [zipped, tarred])
def test_an_archive_is_a_folder(unpack, make):
    over = Counter()
    members = [
        ("a.txt", b"1"),
        ("sub/a.txt", b"2"),
        ("a.txt", b"3"),
        ("b.png", b"4"),
        (".hidden.txt", b"5"),
        ("__MACOSX/a.txt", b"6"),
        ("inner.zip", zipped([("c.txt", b"7")])),
        ("d.txt.gz", gzip.compress(b"8")),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile finds two of one name strange
        data = make(members)
    end = ".zip" if make is zipped else ".tar"
    assert unpack(f"x{end}", data, passed_over=over) == [
        (f"x{end}/{name}", plain, content)
        for name, plain, content in [
            ("a.txt", "a.txt", b"1"),
            ("sub/a.txt", "a.txt", b"2"),
            ("a~2.txt", "a.txt", b"3"),
            ("inner.zip/c.txt", "c.txt", b"7"),
            ("d.txt.gz", "d.txt", b"8"),
        ]
    ]
    assert over == {".png": 1, "hidden": 2}


@pytest.mark.parametrize("end", [".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tbz2"])
def test_a_compressed_archive(unpack, end):
    pack = PACKERS[{".tgz": ".gz", ".tbz2": ".bz2"}.get(end, end.removeprefix(".tar"))]
    assert unpack(f"x{end}", pack(tarred([("a.txt", b"1")]))) == [(f"x{end}/a.txt", "a.txt", b"1")]


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "a/../../b.txt", "C:\\a.txt", "..\\a.txt"])
@pytest.mark.parametrize("make", [zipped, tarred])
def test_no_name_leads_out(unpack, name, make):
    first, second = unpack("x.zip" if make is zipped else "x.tar", make([(name, b"1"), ("b.txt", b"2")]))
    assert first.reason == "member-refused"
    assert second[1:] == ("b.txt", b"2")


def test_links_and_devices_are_refused(unpack):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert [item.reason for item in unpack("x.tar", out.getvalue())] == ["member-refused"] * 4


def test_names_in_gbk(unpack):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("X" * 8 + "/" + "X" * 12 + ".txt", b"1")
    name = "工作总结/二〇一五年度.txt".encode("gbk")
    (found,) = unpack("x.zip", out.getvalue().replace(b"X" * 8 + b"/" + b"X" * 12 + b".txt", name))
    assert found == ("x.zip/工作总结/二〇一五年度.txt", "二〇一五年度.txt", b"1")


@pytest.mark.parametrize(
    ("name", "data", "limits", "limit"),
    [
        ("x.jsonl.gz", gzip.compress(bytes(50_000_000), 9), Limits(), "expanded-ratio"),
        ("x.jsonl.gz", gzip.compress(bytes(5_000_000)), Limits(expanded_bytes=1_000_000), "expanded-bytes"),
        ("x.zip", zipped([("a.txt", bytes(50_000_000))]), Limits(), "expanded-ratio"),
        ("x.zip", zipped([(f"{n}.txt", b"") for n in range(30)]), Limits(members=20), "members"),
        ("x.tar", tarred([(f"{n}.txt", b"") for n in range(30)]), Limits(members=20), "members"),
        (
            "x.zip",
            zipped([("a.zip", zipped([("b.zip", zipped([("c.txt", b"1")]))]))]),
            Limits(nesting=2),
            "nesting",
        ),
    ],
)
def test_beyond_a_limit_nothing_more_is_unpacked(unpack, name, data, limits, limit):
    *_, last = unpack(name, data, limits)
    assert last.reason == f"limit-{limit}"


def test_a_bomb_is_refused_soon_and_in_little_memory(tmp_path):
    path, folder = tmp_path / "x.txt.gz", tmp_path / "spool"
    folder.mkdir()
    block = gzip.compress(bytes(100_000_000), 9)
    path.write_bytes(block * 20)  # 2 GB in 2 MB
    tracemalloc.start()
    start = time.process_time()
    *_, last = Unpacker(folder, Limits(), lambda _: True, Counter()).unpack(path, "x.txt.gz")
    assert last.reason == "limit-expanded-ratio"
    assert time.process_time() - start < 2
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.jsonl.gz", "x.jsonl.zst", "x.jsonl.xz", "x.jsonl.bz2"])
@pytest.mark.parametrize(
    "data", [b"", b"no such thing", b"PK\x05\x06" + bytes(18), b"\x1f\x8b\x08", bytes(2048)]
)
def test_what_is_none_of_its_kind_is_at_most_a_line_of_the_quarantine(unpack, name, data):
    for item in unpack(name, data):
        assert not isinstance(item, Rejected) or item.reason == "not-unpacked"


def test_packing():
    assert [packing(name) for name in ("a.GZ", "b.jsonl.zst", "c.txt", "d", ".gz")] == [
        ".gz",
        ".zst",
        "",
        "",
        "",
    ]
