import gzip

import pytest

import reportclean as rc
from reportclean.document import Rejected
from reportclean.formats import warc
from reportclean.formats.base import ReadOptions

pytest.importorskip("fastwarc", reason="the extra warc is not installed")
pytest.importorskip("trafilatura", reason="the extra html is not installed")

OPTIONS = ReadOptions()
REPORT = "全年共走访困难职工三百二十户，发放慰问金六十四万元；新建基层工会四十五家，发展会员三千余人。"


def record(kind, body, content="text/plain", url="http://a.example/1"):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2015-03-02T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: {content}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def answer(body, content="text/html; charset=gb2312", status="200 OK", packed=True):
    lines = f"HTTP/1.1 {status}\r\nContent-Type: {content}\r\n" + "Content-Encoding: gzip\r\n" * packed
    return record(
        "response",
        f"{lines}\r\n".encode() + (gzip.compress(body) if packed else body),
        "application/http; msgtype=response",
    )


PAGE = f'<html><head><meta charset="gb2312"><title>总结</title></head><body><p>{REPORT}</p></body></html>'
INFO = record("warcinfo", b"software: x\r\n", "application/warc-fields")


def read(folder, data, name="crawl.warc"):
    path = folder / name
    path.write_bytes(data)
    bad = []
    return list(rc.read(path, quarantine=bad)), bad


def test_pages_and_texts(tmp_path):
    found, bad = read(tmp_path, INFO + answer(PAGE.encode("gbk")) + record("conversion", REPORT.encode()))
    assert not bad
    assert [(item.id, item.line, item.text) for item in found] == [
        ("crawl.warc:2", 2, REPORT),
        ("crawl.warc:3", 3, REPORT),
    ]
    assert found[0].metadata["title"] == "总结"
    assert found[1].metadata["url"] == "http://a.example/1"


@pytest.mark.parametrize(
    ("data", "reason", "said"),
    [
        (answer(b"x", "image/png"), "not-a-page", "it is image/png"),
        (answer(PAGE.encode(), status="404 Not Found"), "not-a-page", "its status is 404"),
        (record("response", b"junk", "application/dns"), "not-a-page", "no answer over HTTP"),
        (record("conversion", b" "), "empty", "no text"),
        (record("conversion", bytes(100) + b"\xff\xfe" + bytes(range(100))), "undecodable", ""),
        (record("conversion", REPORT.encode())[:-30], "not-warc", "cut off"),
        (answer(bytes(200_000_000)), "limit-document-bytes", "--limit document-bytes=N"),
    ],
)
def test_records_that_hold_no_document(tmp_path, data, reason, said):
    good, last = record("conversion", REPORT.encode()), record("conversion", REPORT.encode())
    found, (bad,) = read(tmp_path, good + data + (b"" if said == "cut off" else last))
    assert len(found) == 1 + (said != "cut off")
    assert (bad.reason, bad.line) == (reason, 2)
    assert said in bad.detail


@pytest.mark.parametrize("data", [b"", b"junk", b"WARC/1.0\r\n", INFO[:40]])
def test_files_that_are_none(tmp_path, data):
    found, bad = read(tmp_path, data)
    assert not found
    assert {item.source for item in bad} <= {"crawl.warc"}


def test_chunks_are_whole_records(tmp_path, monkeypatch):
    path = tmp_path / "crawl.warc"
    path.write_bytes(INFO + b"".join(record("conversion", f"{REPORT}{n}".encode()) for n in range(50)))
    whole = [item for chunk in warc.chunks(path, path.name) for item in warc.read(chunk, OPTIONS)]
    monkeypatch.setattr(warc, "CHUNK_BYTES", 1000)
    pieces = list(warc.chunks(path, path.name))
    assert len(pieces) > 10
    assert [item for chunk in pieces for item in warc.read(chunk, OPTIONS)] == whole
    assert len(whole) == 50


def test_what_is_written_is_read_back(tmp_path):
    (document,), _ = read(tmp_path, record("conversion", REPORT.encode()))
    (loaded,) = (
        item for chunk in warc.chunks(tmp_path / "crawl.warc", "x") for item in warc.read(chunk, OPTIONS)
    )
    assert not isinstance(loaded, Rejected)
    again, _ = read(tmp_path, warc.encode("一\n二", loaded.envelope, OPTIONS, None) * 2, "out.wet")
    assert [item.text for item in again] == ["一\n二"] * 2
    assert again[0].metadata["url"] == document.metadata["url"]
    assert again[0].metadata["date"] == document.metadata["date"]
