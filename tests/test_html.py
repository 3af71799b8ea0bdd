import sys

import pytest

import reportclean as rc
from reportclean.formats import html
from reportclean.formats.base import ReadOptions

pytest.importorskip("trafilatura", reason="the extra html is not installed")

OPTIONS = ReadOptions()
REPORT = "全年共走访困难职工三百二十户，发放慰问金六十四万元；新建基层工会四十五家，发展会员三千余人。"
PAGE = (
    '<!DOCTYPE html><html><head><meta charset="{charset}"><title>区总工会总结</title>'
    '<meta name="date" content="2015-03-02"></head>'
    "<body><nav><a href=/>首页</a></nav><article><h1>区总工会总结</h1>"
    f"<p>{REPORT}</p><p>走访 &lt;b&gt; 的 &amp; 慰问，全年下发文件四十件，召开会议二十次，形成纪要二十份。</p></article>"
    "<script>alert(1)</script></body></html>"
)


def read(folder, data):
    path = folder / "page.html"
    path.write_bytes(data)
    return [item for chunk in html.chunks(path, path.name) for item in html.read(chunk, OPTIONS)]


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("utf-8", "gbk")]
)
def test_text_title_and_date_in_the_encoding_that_is_named_or_true(tmp_path, charset, encoding):
    (item,) = read(tmp_path, PAGE.format(charset=charset).encode(encoding))
    text = item.document.text
    assert REPORT in text
    assert "走访 <b> 的 & 慰问" in text
    assert "alert" not in text
    assert item.document.metadata["title"] == "区总工会总结"
    assert (
        item.document.metadata["date"] == rc.formats.dates.seconds("2015-03-02")
        if hasattr(rc, "formats")
        else True
    )


def test_what_is_written_is_read_back_and_holds_no_markup_of_the_text(tmp_path):
    (item,) = read(tmp_path, PAGE.format(charset="utf-8").encode())
    page = html.encode("一 <script>alert(1)</script>\n二 & 三", item.envelope, OPTIONS, None).decode()
    assert "<script>" not in page
    assert "<p>一 &lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>二 &amp; 三</p>" in page
    assert "<title>区总工会总结</title>" in page


@pytest.mark.parametrize("data", [b"<html></html>", b"<div>" * 100, b"<script>x</script>", b"<p> </p>"])
def test_pages_without_text_are_one_line_of_the_quarantine(tmp_path, data):
    (item,) = read(tmp_path, data)
    assert (item.reason, item.source) == ("empty", "page.html")


def test_entities_of_a_page_are_not_expanded(tmp_path):
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    page = f'<!DOCTYPE html [<!ENTITY a0 "ha">{names}]><html><body><p>{REPORT}&a9;</p></body></html>'
    (item,) = read(tmp_path, page.encode())
    assert len(item.document.text) < len(page)


def test_an_empty_file(tmp_path):
    (item,) = read(tmp_path, b"")
    assert (item.reason, item.detail) == ("empty", "the file is empty")


def test_a_library_that_is_not_installed_is_named_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    (tmp_path / "page.html").write_text("<p>x</p>", encoding="utf-8")
    quarantine = []
    assert list(rc.read(tmp_path / "page.html", quarantine=quarantine)) == []
    assert "pip install 'reportclean[html]'" in quarantine[0].detail
