"""Cells of workbooks as text: numbers, dates, errors, formulas, places, merges, hidden rows."""

from __future__ import annotations

import datetime
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from core.intake import biff, xlsb
from core.intake.opening import open_file
from core.intake.sheets import NO_CACHED_VALUE, Opened

HOSTILE = Path(__file__).parent / "hostile"


def opened(path: Path, tmp_path: Path) -> Opened:
    return open_file(path, path.name, tmp_path)


def rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, raw in parts.items():
            package.writestr(name, raw)


def test_numbers_are_plain_and_exact(tmp_path: Path) -> None:
    path = tmp_path / "numbers.xlsx"
    values = [20161.0, 12345.6, -0.07, 1e-7, 1234567890123.45, 99999999.99, 1e-10, 1e21, 0, True, False]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, value in enumerate(values):
            sheet.write(row, 0, value)
    column = [row[0] for row in opened(path, tmp_path).sheets[0].head()]
    assert column == [
        "20161",
        "12345.6",
        "-0.07",
        "0.0000001",
        "1234567890123.45",
        "99999999.99",
        "0.0000000001",
        "1000000000000000000000",
        "0",
        "TRUE",
        "FALSE",
    ]


def test_exact_digits_in_a_table_that_begins_far_to_the_right(tmp_path: Path) -> None:
    path = tmp_path / "right.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 3, ["a", 100 / 3, 7, 99999999.99, 200 / 3])
    row = opened(path, tmp_path).sheets[0].head()[2]
    assert row == [None, None, None, "a", "33.33333333333334", "7", "99999999.99", "66.66666666666667"]


def test_an_uncalculated_date_does_not_borrow_its_neighbour(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "n.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=TODAY()", book.add_format({"num_format": 57}), "GONE")
        sheet.write("B1", 45658)
    rewrite(
        tmp_path / "n.xlsx",
        "xl/worksheets/sheet1.xml",
        b' t="str"><f>TODAY()</f><v>GONE</v>',
        b"><f>TODAY()</f>",
    )
    assert opened(tmp_path / "n.xlsx", tmp_path).sheets[0].head() == [[NO_CACHED_VALUE, "45658"]]


def test_text_that_looks_like_a_number_stays_as_typed(tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, value in enumerate(["0101", "0.10", "0.1234567890123", "1E5", " 7 "]):
            sheet.write_string(row, 0, value)
        sheet.write_number(5, 0, 100 / 3)
    column = [row[0] for row in opened(path, tmp_path).sheets[0].head()]
    assert column == ["0101", "0.10", "0.1234567890123", "1E5", " 7 ", "33.33333333333334"]


def test_a_number_in_a_money_format_is_never_taken_for_a_date(tmp_path: Path) -> None:
    formats = [
        "[$¥-804]#,##0.00",
        '#,##0.00"元"',
        "#,##0.00元",
        "0.00_);[Red]\\(0.00\\)",
        "[DBNum2][$-804]General",
        '0"月"',
    ]
    path = tmp_path / "money.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, text in enumerate(formats):
            sheet.write(row, 0, 45658.25, book.add_format({"num_format": text}))
    assert [row[0] for row in opened(path, tmp_path).sheets[0].head()] == ["45658.25"] * len(formats)


def test_dates_are_iso_and_lose_only_midnight(tmp_path: Path) -> None:
    path = tmp_path / "dates.xlsx"
    moment = datetime.datetime(2025, 1, 31, 8, 5, 9)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime(
            0, 0, datetime.datetime(2025, 1, 31), book.add_format({"num_format": "yyyy/m/d"})
        )
        sheet.write_datetime(1, 0, moment, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_datetime(
            2, 0, datetime.datetime(2025, 1, 31), book.add_format({"num_format": 'yyyy"年"m"月"'})
        )
        sheet.write_datetime(3, 0, moment, book.add_format({"num_format": 57}))
        sheet.write_number(4, 0, 45688, book.add_format({"num_format": 31}))
    assert [row[0] for row in opened(path, tmp_path).sheets[0].head()] == [
        "2025-01-31",
        "2025-01-31 08:05:09",
        "2025-01-31",
        "2025-01-31 08:05:09",
        "2025-01-31",
    ]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "xlsb"])
def test_1904_workbooks_give_the_same_days(kind: str, tmp_path: Path) -> None:
    for stem in ("date", "date_1904"):
        rows = opened(HOSTILE / "calamine" / f"{stem}.{kind}", tmp_path).sheets[0].head()
        assert rows[:2] == [["2021-01-01", "15"], ["2021-01-02", "16"]]


def test_a_1904_workbook_with_a_chinese_date_format(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        when = book.add_format({"num_format": 57})
        book.add_worksheet().write_datetime(0, 0, datetime.datetime(2016, 10, 1), when)
    assert opened(path, tmp_path).sheets[0].head() == [["2016-10-01"]]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "xlsb", "ods"])
def test_all_four_workbook_kinds_read_alike(kind: str, tmp_path: Path) -> None:
    found = opened(HOSTILE / "python-calamine" / f"base.{kind}", tmp_path)
    assert found.kind == kind
    blank, row = found.sheets[0].head(2)
    assert set(blank) == {None}, "the blank first row keeps its place"
    assert row[:7] == ["String", "1", "1.1", "TRUE", "FALSE", "2010-10-10", "2010-10-10 10:10:10"]


def test_errors_are_shown_not_lost(tmp_path: Path) -> None:
    rows = opened(HOSTILE / "calamine" / "errors.xlsx", tmp_path).sheets[0].head()
    shown = [row[0] for row in rows]
    assert shown == ["#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#REF!", "#NUM!", "#N/A"]


def test_errors_of_old_workbooks_are_shown(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    sheet.write(2, 1, "x")
    sheet.row(3).set_cell_error(2, "#REF!")
    book.save(str(tmp_path / "e.xls"))
    assert opened(tmp_path / "e.xls", tmp_path).sheets[0].head() == [
        [None, None, None],
        [None, None, None],
        [None, "x", None],
        [None, None, "#REF!"],
    ]


def test_a_formula_nobody_calculated_is_recognisable(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["金额", 1, 2, "=SUM(B1:C1)"])
    sheet["A5"] = "=1+1"  # beyond every cell with a value
    book.save(tmp_path / "f.xlsx")
    read = opened(tmp_path / "f.xlsx", tmp_path).sheets[0]
    assert read.head(1) == [["金额", "1", "2", NO_CACHED_VALUE]]
    assert read.row_count == 5 and read.tail(1)[0][0] == NO_CACHED_VALUE
    assert read.not_calculated == 2


def test_cached_values_of_formulas_are_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "c.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("A2", '=""', None, "EMPTY")
        sheet.write_formula("A3", '="a"&"b"', None, "ab")
    rewrite(tmp_path / "c.xlsx", "xl/worksheets/sheet1.xml", b"<v>EMPTY</v>", b"<v></v>")
    read = opened(tmp_path / "c.xlsx", tmp_path).sheets[0]
    assert read.head() == [["2"], [None], ["ab"]]
    assert read.not_calculated == 0


def test_rows_and_columns_keep_their_places(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "p.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write("C4", "x")
        sheet.write("E6", "y")
        sheet.write_blank("ZZ9000", None, book.add_format({"bold": True}))
    read = opened(tmp_path / "p.xlsx", tmp_path).sheets[0]
    assert (read.row_count, read.col_count) == (6, 5)
    assert read.table.column_names == ["c0", "c1", "c2", "c3", "c4"]
    assert read.table.column("c2").to_pylist()[3] == "x"
    assert read.table.column("c4").to_pylist()[5] == "y"
    assert read.head(3) == [[None] * 5] * 3
    assert read.tail(1) == [[None, None, None, None, "y"]]


def test_merges_and_hidden_rows_of_xlsx(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as book:
        sheet = book.add_worksheet("表")
        sheet.merge_range("A1:C1", "科室成本表")
        sheet.merge_range("A3:A5", "心内科")
        sheet.write("D6", 1)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(400, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_column("F:XFD", None, None, {"hidden": True})
        book.add_worksheet("藏").write("A1", 1)
        book.worksheets()[1].hide()
    shown, hidden = opened(tmp_path / "m.xlsx", tmp_path).sheets
    assert sorted(shown.merged) == [(0, 0, 0, 2), (2, 0, 4, 0)]
    assert shown.hidden_rows == {3} and shown.hidden_cols == {1}
    assert not shown.hidden and hidden.hidden and hidden.name == "藏"


def test_merges_and_hidden_rows_of_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 0, 0, 2, "科室成本表")
    for row in range(1, 6):
        sheet.write(row, 3, row)
    sheet.row(4).hidden = True
    sheet.col(1).hidden = True
    book.add_sheet("藏").write(0, 0, 1)
    book.get_sheet(1).visibility = 1
    book.save(str(tmp_path / "m.xls"))
    shown, hidden = opened(tmp_path / "m.xls", tmp_path).sheets
    assert shown.merged == [(0, 0, 0, 2)]
    assert shown.hidden_rows == {4} and shown.hidden_cols == {1}
    assert hidden.hidden and not shown.hidden


def test_merges_of_ods(tmp_path: Path) -> None:
    assert opened(HOSTILE / "calamine" / "merged_cells.ods", tmp_path).sheets[0].merged == [(1, 0, 2, 0)]


@pytest.mark.parametrize("early", [False, True])
def test_chinese_date_formats_of_xls(early: bool, tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = early
    offset_days = 1462 if early else 0
    sheet = book.add_sheet("s")
    style = xlwt.easyxf(num_format_str="M/D/YY")  # number 14; made into 57 below
    for column, value in enumerate([45658, 45658.5, 45689]):
        sheet.write(0, column, value - offset_days, style)
    sheet.write(0, 3, 45658)
    book.save(str(tmp_path / "d.xls"))
    raw = bytearray((tmp_path / "d.xls").read_bytes())
    changed = 0
    for offset in range(512, len(raw) - 24):
        if raw[offset : offset + 4] == b"\xe0\x00\x14\x00" and raw[offset + 6 : offset + 8] == b"\x0e\x00":
            raw[offset + 6] = 57
            changed += 1
    assert changed
    (tmp_path / "d.xls").write_bytes(raw)
    assert opened(tmp_path / "d.xls", tmp_path).sheets[0].head() == [
        ["2025-01-01", "2025-01-01 12:00:00", "2025-02-01", "45658"]
    ]


@pytest.mark.parametrize("value", [0.0, 1.0, -3.0, 536870911.0, 12.34, -0.5, 45658.0])
def test_compressed_numbers_of_xls(value: float) -> None:
    """The three ways [MS-XLS] 2.4.220 writes a number that fits: integer, hundredths, top half of a double."""
    hundred = round(value * 100)
    if value == int(value):
        raw = (int(value) << 2 | 2) & 0xFFFFFFFF
    elif hundred / 100 == value:
        raw = (hundred << 2 | 3) & 0xFFFFFFFF
    else:
        raw = struct.unpack("<Q", struct.pack("<d", value))[0] >> 32
    assert biff._rk(struct.pack("<I", raw), 0) == value
    assert biff._rk(struct.pack("<I", struct.unpack("<Q", struct.pack("<d", -0.5))[0] >> 32), 0) == -0.5


def test_layout_of_a_binary_sheet() -> None:
    def record(kind: int, body: bytes) -> bytes:
        code = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return code + bytes([len(body)]) + body

    part = record(60, struct.pack("<4IH", 2, 3, 0, 0, 1))
    part += record(0, struct.pack("<IIHBBB", 7, 0, 300, 0, 0x10, 0))
    part += record(0, struct.pack("<IIHBBB", 8, 0, 300, 0, 0, 0))
    part += record(176, struct.pack("<4I", 0, 0, 0, 5))
    found = xlsb.layout(part)
    assert (found.hidden_cols, found.hidden_rows, found.merged) == ({2, 3}, {7}, [(0, 0, 0, 5)])


def test_sample_head_and_tail_agree_with_the_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "n.xlsx") as book:
        sheet = book.add_worksheet()
        for row in range(5_000):
            sheet.write(row, 0, row)
    read = opened(tmp_path / "n.xlsx", tmp_path).sheets[0]
    sample = [int(row[0]) for row in read.sample(100)]
    assert sample[0] == 0 and sample[-1] == 4_999 and len(sample) == 100 and sample == sorted(set(sample))
    assert read.head(2) == [["0"], ["1"]] and read.tail(2) == [["4998"], ["4999"]]
    assert list(read.rows()) == [[str(i)] for i in range(5_000)]
