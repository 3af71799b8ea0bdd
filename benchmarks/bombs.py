"""What hostile inputs cost: `python bombs.py` makes each, cleans it, and prints seconds and memory.

Each is given to `reportclean clean` as a process of its own, and must cost it a line of the quarantine (or, where
nothing is refused, nothing out of the ordinary). Seconds are those that the process ran, its start left out: a
run on a page of one line is measured beside them. Memory is the PSS of its process tree at its highest.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import struct
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from processes import run

MB = 1_000_000
_LINE = '{"text": "全年检修线路一百二十公里，安全生产无事故。"}\n'.encode()


@dataclass(frozen=True, slots=True)
class Bomb:
    """A hostile file.

    Attributes:
        name: Of the file.
        what: What it is, for the table.
        write: Writes it; given how large it is to be, from 0 to 1 (a tenth and less are for tests).
        reason: What the quarantine says of it.
    """

    name: str
    what: str
    write: Callable[[Path, float], None]
    reason: str


def _gz(path: Path, scale: float) -> None:
    """Zeros, a thousand times smaller: the same stream of 100 MB again and again."""
    part = gzip.compress(bytes(100 * MB), mtime=0)
    with path.open("wb") as file:
        for _ in range(max(1, round(100 * scale))):
            file.write(part)


def _bz2(path: Path, scale: float) -> None:
    part = bz2.compress(bytes(90 * MB))
    path.write_bytes(part * max(1, round(100 * scale)))


def _zip_members(path: Path, scale: float) -> None:
    """Empty members: their directory alone, written by hand since a library would take minutes."""
    count = max(150_000, round(1_000_000 * scale))
    with path.open("wb") as file:
        local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 5, 0) + b"a.txt"
        file.write(local)
        begin, size = file.tell(), 0
        for number in range(count):
            name = b"%07d.txt" % number
            entry = struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0,
            )  # fmt: skip
            size += file.write(entry + name)
        end = file.tell()
        file.write(struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, begin))
        file.write(struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1))
        file.write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))


def _zip_bomb(path: Path, scale: float) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(max(30, round(3_000 * scale))):
            member.write(bytes(MB))


def _nested(path: Path, _scale: float) -> None:
    data = _LINE
    for _ in range(20):
        data = gzip.compress(data, mtime=0)
    path.write_bytes(data)


def _docx(path: Path, scale: float, *, body: bytes = b"<w:p/>", times: int = 30_000_000) -> None:
    word = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(word)
            for _ in range(max(1, round(times * scale / 100_000))):
                part.write(body * 100_000)
            part.write(b"</w:body></w:document>")


_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def _entities(path: Path, _scale: float) -> None:
    """The billion laughs."""
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    word = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{names}]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:p><w:r><w:t>&a10;</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", word)


def _deep_json(path: Path, _scale: float) -> None:
    path.write_bytes(b'{"text": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n" + _LINE)


def _long_line(path: Path, scale: float) -> None:
    with path.open("wb") as file:
        file.write(_LINE + b'{"text": "')
        for _ in range(max(70, round(1_000 * scale))):
            file.write(b"x" * MB)
        file.write(b'"}\n' + _LINE)


def _long_row(path: Path, scale: float) -> None:
    with path.open("wb") as file:
        file.write(b"id,text\n1,first\n2,")
        for _ in range(max(70, round(1_000 * scale))):
            file.write(b"x" * MB)
        file.write(b"\n3,last\n")


def _large_text(path: Path, scale: float) -> None:
    with path.open("wb") as file:
        for _ in range(max(101, round(1_000 * scale))):
            file.write(b"abcdefgh\n" * (MB // 9 + 1))


def _parquet_rows(path: Path, scale: float, *, dictionary: bool = True) -> None:
    """A text of 18 kB in each of a hundred thousand rows: a file of less than a kilobyte, or of some."""
    import pyarrow as pa  # noqa: PLC0415  # slow, and not for --help
    import pyarrow.parquet as pq  # noqa: PLC0415  # the same

    text = "全年检修线路一百二十公里。" * 500
    rows = max(1_000, round(100_000 * scale))
    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=dictionary) as writer:
        writer.write_table(
            pa.table({"text": pa.array([text] * rows, pa.large_string()).cast(pa.string())}),
            row_group_size=rows,
        )


def _parquet_footer(path: Path, _scale: float) -> None:
    """A footer that says that it is two gigabytes long."""
    _parquet_rows(path, 0)
    data = bytearray(path.read_bytes())
    data[-8:-4] = struct.pack("<I", 0x7FFFFFFF)
    path.write_bytes(data)


def _deep_page(path: Path, scale: float) -> None:
    path.write_bytes(b"<html><body>" + b"<div>" * max(1_000, round(190_000 * scale)) + b"x")


def _many_elements(path: Path, _scale: float) -> None:
    path.write_bytes(b"<html><body>" + b"<div>" * 1_000_000 + b"x" + b"</div>" * 1_000_000)


def _attributes(path: Path, _scale: float) -> None:
    names = b" ".join(b"a%d=1" % number for number in range(200_000))
    path.write_bytes(b"<html><body><p " + names + b">x</p></body></html>")


def _warc_length(path: Path, _scale: float) -> None:
    head = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
    path.write_bytes(head % 10**15 + b"x" * 1_000)


def _warc_record(path: Path, scale: float) -> None:
    """A record longer than a document may be, and one behind it."""
    head = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
    blocks = max(101, round(1_000 * scale))
    with path.open("wb") as file:
        file.write(head % (blocks * MB))
        for _ in range(blocks):
            file.write(b"x" * MB)
        file.write(b"\r\n\r\n" + head % 4 + b"last\r\n\r\n")


def _tar(path: Path, _scale: float) -> None:
    """Links, devices, names that lead out; and a file that may be read."""
    kinds = {
        "link.txt": tarfile.SYMTYPE,
        "hard.txt": tarfile.LNKTYPE,
        "device.txt": tarfile.CHRTYPE,
        "fifo.txt": tarfile.FIFOTYPE,
    }
    with tarfile.open(path, "w") as archive:
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("../out.txt", "/etc/out.txt", "a/../../out.txt", "C:\\out.txt", "good.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(_LINE)
            archive.addfile(info, io.BytesIO(_LINE))


def _sparse(path: Path, _scale: float) -> None:
    """A member of tar that is a hole of a terabyte, in the old form of GNU."""
    header = tarfile.TarInfo("hole.txt")
    header.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[483:495] = b"%011o\x00" % (8 * 10**9)  # its true size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\x00 " % sum(block[:512])
    path.write_bytes(bytes(block) + bytes(1024))


BOMBS = (
    Bomb("zeros.jsonl.gz", "10 MB of gz, 10 GB unpacked", _gz, "limit-expanded-ratio"),
    Bomb("zeros.jsonl.bz2", "6 kB of bz2, 9 GB unpacked", _bz2, "limit-expanded-ratio"),
    Bomb("members.zip", "a zip of 1,000,000 members", _zip_members, "limit-members"),
    Bomb("zeros.zip", "3 MB of zip, 3 GB unpacked", _zip_bomb, "limit-expanded-ratio"),
    Bomb("nested.jsonl" + ".gz" * 20, "gz in gz, 20 times", _nested, "limit-nesting"),
    Bomb("paragraphs.docx", "a Word file of 30,000,000 paragraphs", _docx, "limit-expanded"),
    Bomb("entities.docx", "entities that expand to 20 GB", _entities, "not-docx"),
    Bomb("deep.jsonl", "JSON, 100,000 arrays deep", _deep_json, "limit-depth"),
    Bomb("line.jsonl", "a line of JSON of 1 GB", _long_line, "limit-line-bytes"),
    Bomb("row.csv", "a row of CSV of 1 GB", _long_row, "limit-line-bytes"),
    Bomb("large.txt", "a text of 1 GB", _large_text, "limit-document-bytes"),
    Bomb("rows.parquet", "less than 1 kB of Parquet, 2 GB of text", _parquet_rows, "limit-expanded-ratio"),
    Bomb(
        "group.parquet",
        "a row group of 2 GB in 200 kB",
        lambda path, scale: _parquet_rows(path, scale, dictionary=False),
        "limit-expanded-ratio",
    ),
    Bomb("footer.parquet", "Parquet whose footer lies about its size", _parquet_footer, "unreadable"),
    Bomb("deep.html", "a page, 190,000 elements deep", _deep_page, "limit-depth"),
    Bomb("elements.html", "a page of 1,000,000 elements, one in the other", _many_elements, "limit-elements"),
    Bomb("attributes.html", "an element of 200,000 attributes", _attributes, "limit-attributes"),
    Bomb("length.warc", "WARC whose Content-Length lies: 10^15", _warc_length, "not-warc"),
    Bomb("record.warc", "a record of WARC of 1 GB", _warc_record, "limit-document-bytes"),
    Bomb("links.tar", "links, devices, names that lead out", _tar, "member-refused"),
    Bomb("hole.tar", "a hole of 8 GB in a tar of 2 kB", _sparse, "limit-expanded-ratio"),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost.

    Attributes:
        seconds: From its start to its end.
        megabytes: PSS of the process tree at its highest.
        reasons: What the quarantine says.
    """

    seconds: float
    megabytes: float
    reasons: tuple[str, ...]


def cost(path: Path, output: Path) -> Cost:
    """Clean a file in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "reportclean",
        "clean",
        str(path),
        "-o",
        str(output),
        "-q",
        "--no-config",
    ]
    done = run(command)
    if done.failed:
        return Cost(done.seconds, done.peak_bytes / MB, (f"failed: {done.failed}",))
    lines = (output / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    return Cost(done.seconds, done.peak_bytes / MB, tuple(json.loads(line)["reason"] for line in lines))


def _costs(folder: Path, only: list[str], scale: float) -> Iterator[tuple[Bomb, int, Cost]]:
    for number, bomb in enumerate(BOMBS):
        if not only or bomb.name in only:
            path = folder / bomb.name
            bomb.write(path, scale)
            size = path.stat().st_size
            yield bomb, size, cost(path, folder / f"out-{number}")
            path.unlink()


def main() -> int:
    """Print the table; 1 where a bomb cost too much, or was not refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="files of the table; all of them by default")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, help="where they are made  [default: a temporary folder]")
    given = parser.parse_args()
    worst = 0
    with tempfile.TemporaryDirectory(dir=given.folder) as made:
        folder = Path(made)
        (folder / "plain.txt").write_text("全年检修线路一百二十公里。\n", encoding="utf-8")
        plain = cost(folder / "plain.txt", folder / "out-plain")
        print(f"a line of text: {plain.seconds:.2f} s, {plain.megabytes:.0f} MB")
        print("| input | packed | seconds more | MB | quarantine |\n|---|---:|---:|---:|---|")
        for bomb, size, found in _costs(folder, given.names, given.scale):
            more = found.seconds - plain.seconds
            refused = any(reason.startswith(bomb.reason) for reason in found.reasons)
            good = refused and more < 2 and found.megabytes < 300
            worst = max(worst, not good)
            said = ", ".join(sorted(set(found.reasons))) or "nothing"
            print(
                f"| {bomb.what} | {size / MB:,.3f} MB | {max(more, 0):.2f} | {found.megabytes:.0f} |"
                f" {said}{'' if good else ' **too much**'} |",
                flush=True,
            )
    return worst


if __name__ == "__main__":
    sys.exit(main())
