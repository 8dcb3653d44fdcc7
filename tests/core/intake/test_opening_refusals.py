"""Packages that lie, explode, are locked, cut off or far too wide: each has its own refusal."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from core.intake import archive, package, workbook
from core.intake.opening import open_file
from core.intake.refusal import CODES, FileRefused

SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def book(tmp_path: Path, rows: int = 3) -> Path:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("三月")
        for row in range(rows):
            sheet.write_row(row, 0, [f"{row:04d}", "心内科", row * 1.5])
    return path


def with_parts(path: Path, changed: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()} | changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, raw in parts.items():
            package.writestr(name, raw)
    return path


def refused(path: Path, tmp_path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        open_file(path, "上传.xlsx", tmp_path)
    assert set(CODES[refusal.value.code]) <= set(refusal.value.params)
    return refusal.value


def test_a_zip_bomb_that_admits_its_size(tmp_path: Path) -> None:
    path = with_parts(book(tmp_path), {SHEET: HEAD + b"<sheetData>" + b" " * (100 << 20)})
    refusal = refused(path, tmp_path)
    assert refusal.code == "file_bomb" and refusal.params["ratio"] > 250


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FROM", 1 << 20)
    path = with_parts(book(tmp_path), {SHEET: HEAD + b"<sheetData>" + b" " * (8 << 20)})
    raw = path.read_bytes()
    size = (len(HEAD) + 11 + (8 << 20)).to_bytes(4, "little")
    assert raw.count(size) == 2, "local header and directory"
    path.write_bytes(raw.replace(size, (2_000).to_bytes(4, "little")))
    assert refused(path, tmp_path).code == "file_bomb"


def test_shared_strings_are_measured_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FROM", 1 << 20)
    assert (
        refused(with_parts(book(tmp_path), {"xl/sharedStrings.xml": b" " * (8 << 20)}), tmp_path).code
        == "file_bomb"
    )


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal must come before the reader reserves memory for the blanks between."""

    def never(*_: object) -> None:
        raise AssertionError("the reader was asked")

    monkeypatch.setattr(package, "Cells", never)


@pytest.mark.usefixtures("unread")
def test_a_cell_a_million_columns_of_nothing_away(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("三月")
        sheet.write("A1", 1)
        sheet.write("XFD1", 1)
    refusal = refused(path, tmp_path)
    assert refusal.code == "file_too_many_columns"
    assert refusal.params["sheet"] == "三月" and refusal.params["columns"] == 16_384


@pytest.mark.usefixtures("unread")
def test_cells_too_far_apart(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("三月")
        sheet.write("A1", 1)
        sheet.write("AZ1048576", 1)
    refusal = refused(path, tmp_path)
    assert refusal.code == "file_too_many_cells" and refusal.params["cells"] == 52 * 1_048_576


def test_formatted_blanks_and_a_lying_dimension_do_no_harm(tmp_path: Path) -> None:
    path = book(tmp_path)
    with zipfile.ZipFile(path) as package:
        raw = package.read(SHEET)
    raw = raw.replace(b'ref="A1:C3"', b'ref="A1:XFD1048576"')
    raw = raw.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    sheet = open_file(with_parts(path, {SHEET: raw}), "b.xlsx", tmp_path).sheets[0]
    assert (sheet.row_count, sheet.col_count) == (3, 3)


def test_a_dimension_that_hides_columns(tmp_path: Path) -> None:
    path = book(tmp_path)
    with zipfile.ZipFile(path) as package:
        raw = package.read(SHEET)
    sheet = open_file(
        with_parts(path, {SHEET: raw.replace(b'ref="A1:C3"', b'ref="A1"')}), "b", tmp_path
    ).sheets[0]
    assert (sheet.row_count, sheet.col_count) == (3, 3)


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = book(tmp_path, 500)
    raw = path.read_bytes()
    for cut in (100, len(raw) // 2, len(raw) - 10):
        path.write_bytes(raw[:cut])
        assert refused(path, tmp_path).code == "file_truncated"


def test_a_workbook_with_a_hole_in_it(tmp_path: Path) -> None:
    path = book(tmp_path, 2_000)
    with zipfile.ZipFile(path) as package:
        at = package.getinfo(SHEET).header_offset
    raw = bytearray(path.read_bytes())
    raw[at + 400 : at + 500] = b"\xff" * 100
    path.write_bytes(raw)
    assert refused(path, tmp_path).code == "file_damaged"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_an_entity_in_any_part_is_refused(part: str, tmp_path: Path) -> None:
    path = book(tmp_path)
    with zipfile.ZipFile(path) as package:
        raw = package.read(part)
    entity = b'?>\n<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert (
        refused(with_parts(path, {part: raw.replace(b"?>", entity, 1)}), tmp_path).code
        == "file_external_entity"
    )


def test_an_outside_document_type_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path)
    with zipfile.ZipFile(path) as made:
        raw = made.read(SHEET)
    outside = b'?>\n<!DOCTYPE r SYSTEM "http://example.org/x.dtd">'
    assert (
        refused(with_parts(path, {SHEET: raw.replace(b"?>", outside, 1)}), tmp_path).code
        == "file_external_entity"
    )


def test_too_many_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_SHEETS", 5)
    made = openpyxl.Workbook()
    for i in range(6):
        made.create_sheet(f"s{i}")["A1"] = i
    made.save(tmp_path / "s.xlsx")
    refusal = refused(tmp_path / "s.xlsx", tmp_path)
    assert refusal.code == "file_too_many_sheets" and refusal.params["sheets"] == 7


def test_total_size_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_INFLATED", 50_000)
    assert refused(book(tmp_path, 2_000), tmp_path).code == "file_too_large"


@pytest.mark.parametrize(
    ("part", "kind"), [("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx"), ("a.txt", "zip")]
)
def test_other_packages_are_named(part: str, kind: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as package:
        package.writestr(part, "<x/>")
    refusal = refused(tmp_path / "x.xlsx", tmp_path)
    assert (refusal.code, refusal.params["kind"]) == ("file_unsupported", kind)


def test_charts_on_sheets_of_their_own_are_passed_over(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "c.xlsx") as made:
        sheet = made.add_worksheet("数")
        sheet.write("A1", 1)
        chart = made.add_chart({"type": "bar"})
        chart.add_series({"values": "=数!$A$1:$A$1"})
        made.add_chartsheet("图").set_chart(chart)
        made.add_worksheet("空")
    assert [sheet.name for sheet in open_file(tmp_path / "c.xlsx", "c", tmp_path).sheets] == ["数"]


def test_a_refusal_must_be_known() -> None:
    with pytest.raises(ValueError, match="unknown refusal code"):
        FileRefused("no_such_code")
