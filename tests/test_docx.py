import sys
import zipfile
from io import BytesIO

import pytest

import reportclean as rc
from reportclean.formats import docx
from reportclean.formats.base import ReadOptions

word = pytest.importorskip("docx", reason="the extra docx is not installed")

OPTIONS = ReadOptions()


def made():
    document = word.Document()
    document.add_heading("工作总结", 0)
    document.add_paragraph("全年共走访困难职工三百二十户。")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "项目"
    table.cell(1, 0).text, table.cell(1, 1).text = "走访", "320"
    document.add_paragraph("特此报告。")
    document.core_properties.title = "总结"
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def read(folder, data):
    path = folder / "report.docx"
    path.write_bytes(data)
    return list(rc.read(path, quarantine=(bad := []))), bad


def test_paragraphs_and_tables_in_their_order(tmp_path):
    (document,), bad = read(tmp_path, made())
    assert not bad
    assert document.text == "工作总结\n全年共走访困难职工三百二十户。\n项目\n走访\t320\n特此报告。"
    assert document.metadata["title"] == "总结"


def test_what_is_written_is_read_back_and_the_same_twice(tmp_path):
    envelope = b'{"title":"\xe6\x80\xbb\xe7\xbb\x93","date":""}'
    data = docx.encode("一\n二\x0b\t三\n", envelope, OPTIONS, None)
    assert data == docx.encode("一\n二\x0b\t三\n", envelope, OPTIONS, None)
    (document,), _ = read(tmp_path, data)
    assert document.text == "一\n二\t三"


def bomb():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 600_000_000)
    return out.getvalue()


def entities():
    """A real file whose document declares entities that grow."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(made())) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == "word/document.xml":
                names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
                doctype = f'<!DOCTYPE w [<!ENTITY a0 "ha">{names}]>'.encode()
                begin = data.index(b"?>") + 2
                data = data[:begin] + doctype + data[begin:].replace("特此报告".encode(), b"&a9;")
            target.writestr(member.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK", "no zip file"),
        (made()[:5_000], "end record"),
        (bomb(), "unpacks to more than 100,000,000 bytes"),
    ],
)
def test_files_that_are_none_or_too_much(tmp_path, data, said):
    found, (bad,) = read(tmp_path, data)
    assert not found
    assert said in bad.detail


def test_entities_are_not_expanded(tmp_path):
    found, (bad,) = read(tmp_path, entities())
    assert not found
    assert bad.reason == "not-docx"


def test_a_library_that_is_not_installed_is_named_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    found, (bad,) = read(tmp_path, made())
    assert not found
    assert "pip install 'reportclean[docx]'" in bad.detail
