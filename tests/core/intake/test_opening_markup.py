"""Files called .xls that are HTML, SpreadsheetML or something else entirely."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import xlsxwriter

from core.intake.opening import open_file
from core.intake.refusal import FileRefused
from core.intake.sheets import NO_CACHED_VALUE, Opened

HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset={charset}"><style>td {{ color: red }}</style></head><body>
<table border=1>
 <tr><td colspan="4" align=center><b>科室成本表</b></td></tr>
 <tr><th rowspan=2>科室</th><th colspan=2>2025年</th><th rowspan=2>备注</th></tr>
 <tr><th>1月<th>2月</tr>
 <tr><td>心内科&amp;CCU</td><td x:num="1234.5678">1,234.57</td><td>&nbsp;7 </td><td>第一行<br>第二行</td></tr>
 <tr style="display:none"><td>0102</td><td>1</td></tr>
</table>
<p>说明</p>
<table><caption>第二张</caption><tr><td>a<table><tr><td>里面</td></tr></table></td><td>b</td></tr></table>
</body></html>"""

XML = """<?xml version="1.0" encoding="{charset}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">
<Worksheet ss:Name="3月"><Table>
<Column ss:Index="2" ss:Hidden="1"/>
<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">科室</Data></Cell><Cell><Data ss:Type="String">金额</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="String">0101</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">20161.0</Data></Cell></Row>
<Row><Cell><ss:Data ss:Type="String"><html:B>粗</html:B>体</ss:Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">1.5E+3</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2025-03-31T00:00:00.000</Data></Cell><Cell ss:Index="3"><Data ss:Type="Error">#REF!</Data></Cell></Row>
<Row><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell ss:Index="3" ss:Formula="=R1C1"/></Row>
</Table></Worksheet>
<Worksheet ss:Name="藏"><Table><Row><Cell><Data ss:Type="Number">1</Data></Cell></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
<Worksheet ss:Name="空"><Table/></Worksheet>
</Workbook>"""


def opened(tmp_path: Path, raw: bytes, name: str = "科室成本.xls") -> Opened:
    path = tmp_path / "upload.xls"
    path.write_bytes(raw)
    return open_file(path, name, tmp_path)


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030")])
def test_html_tables_are_sheets(charset: str, encoding: str, tmp_path: Path) -> None:
    read = opened(tmp_path, HTML.format(charset=charset).encode(charset))
    assert (read.kind, read.encoding) == ("html", encoding)
    first, second, inner = read.sheets
    assert first.head() == [
        ["科室成本表", None, None, None],
        ["科室", "2025年", None, "备注"],
        [None, "1月", "2月", None],
        ["心内科&CCU", "1234.5678", "\xa07", "第一行\n第二行"],
        ["0102", "1", None, None],
    ]
    assert sorted(first.merged) == [(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3)]
    assert first.hidden_rows == {4}
    assert (second.name, second.head()) == ("第二张", [["a", "b"]])
    assert inner.head() == [["里面"]]


def test_html_with_a_mark_or_in_utf16(tmp_path: Path) -> None:
    for raw in (b"\xef\xbb\xbf" + HTML.encode(), b"\xff\xfe" + HTML.encode("utf-16-le")):
        assert opened(tmp_path, raw).sheets[0].head(1)[0][0] == "科室成本表"


def test_a_page_without_a_table_is_not_a_table(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, "<html><body>登录超时，请重新登录</body></html>".encode())
    assert refusal.value.code == "file_not_a_table"


def test_unclosed_and_overlapping_html(tmp_path: Path) -> None:
    raw = b"<table><tr><td>a<td rowspan=99999999>b<tr><td>c<td>d<tr><td>e"
    sheet = opened(tmp_path, raw).sheets[0]
    assert sheet.head() == [["a", "b", None], ["c", None, "d"], ["e", None, None]]


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030"])
def test_spreadsheetml_2003(charset: str, tmp_path: Path) -> None:
    read = opened(tmp_path, XML.format(charset=charset).encode(charset))
    assert read.kind == "xml"
    shown, hidden = read.sheets
    assert shown.name == "3月"
    assert shown.head() == [
        [None, None, None],
        ["科室", None, "金额"],
        ["0101", None, "20161"],
        ["粗体", None, "1500"],
        ["2025-03-31", None, "#REF!"],
        ["TRUE", None, NO_CACHED_VALUE],
    ]
    assert shown.merged == [(1, 0, 1, 1)]
    assert shown.hidden_rows == {2} and shown.hidden_cols == {1}
    assert hidden.hidden and not shown.hidden


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_spreadsheetml_cut_off(cut: float, tmp_path: Path) -> None:
    raw = XML.format(charset="utf-8").encode()
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, raw[: int(len(raw) * cut)])
    assert refusal.value.code in ("file_truncated", "file_damaged")


def test_external_entities_are_refused(tmp_path: Path) -> None:
    doctype = '?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    hostile = XML.format(charset="utf-8").replace("?>", doctype, 1).replace("科室", "&e;")
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, hostile.encode())
    assert refusal.value.code == "file_external_entity"


def test_xlsx_called_xls_is_read_as_what_it_is(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().write(0, 0, "0101")
    for name in ("a.xls", "a.csv", "a", "a.ods"):
        shutil.copy(tmp_path / "a.xlsx", tmp_path / name)
        read = open_file(tmp_path / name, name, tmp_path)
        assert read.kind == "xlsx" and read.sheets[0].head() == [["0101"]]


def test_tab_text_called_xls(tmp_path: Path) -> None:
    read = opened(tmp_path, "科室编码\t金额\t\r\n0101\t1,234.50\t\r\n".encode("gbk"))
    assert read.kind == "tsv" and read.sheets[0].head() == [["科室编码", "金额"], ["0101", "1,234.50"]]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "png"),
        (b"\x1f\x8b\x08\0" + b"\0" * 50, "gzip"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\n", "slk"),
        (b"{\\rtf1\\ansi x}", "rtf"),
        (b'<?xml version="1.0"?><gnm:Workbook xmlns:gnm="http://www.gnumeric.org/v10.dtd"/>', "xml document"),
        (b"BM" + bytes(range(256)) * 8, "bmp"),
    ],
)
def test_other_kinds_are_named(raw: bytes, kind: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, raw)
    assert (refusal.value.code, refusal.value.params["kind"]) == ("file_unsupported", kind)


def test_zeros_alone_do_not_make_text(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, b"\0\x01" * 500)
    assert refusal.value.code == "file_unsupported"


def test_text_that_begins_like_a_picture_is_text(tmp_path: Path) -> None:
    assert opened(tmp_path, b"BMI,money\n22,1\n").sheets[0].head() == [["BMI", "money"], ["22", "1"]]
