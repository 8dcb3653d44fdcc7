"""What leaves the program opens again with the same figures, and never as a live formula."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from core.catalog import catalog
from core.export import RefusedRow, Sheet, refused_workbook, table_workbook, template_workbook


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def test_a_table_keeps_fen_codes_and_missing_values() -> None:
    sheet = Sheet(
        "科室成本", ["科室编码", "金额（元）", "占比"],
        [["0101", Decimal("12345.67"), 0.25], ["0102", None, None], ["合计", Decimal("12345.67"), 1]],
        kinds=["text", "money", "ratio"], notes=["科室成本", "快照 ab12cd34"], total_rows=frozenset({2}),
    )  # fmt: skip
    page = opened(table_workbook([sheet])).active
    assert page["A1"].value == "科室成本" and page["A4"].value == "科室编码"
    assert (
        page["A5"].value == "0101" and page["B5"].value == 12345.67 and page["B5"].number_format == "#,##0.00"
    )
    assert page["B6"].value is None
    assert page["A7"].font.bold and not page["A5"].font.bold


def test_text_that_looks_like_a_formula_stays_text() -> None:
    rows = [["=cmd|' /C calc'!A0"], ["@SUM(1)"], ["http://example.invalid"]]
    page = opened(table_workbook([Sheet("x", ["name"], rows)])).active
    assert [page.cell(line, 1).data_type for line in (2, 3, 4)] == ["s", "s", "s"]
    assert page["A4"].hyperlink is None


def test_sheet_names_excel_refuses_are_mended_and_kept_apart() -> None:
    names = ["a/b[1]", "a b 1 ", "x" * 40, "x" * 40]
    book = opened(table_workbook([Sheet(name, ["h"], []) for name in names]))
    assert len(set(book.sheetnames)) == 4 and all(len(name) <= 31 for name in book.sheetnames)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(catalog().extracts))
def test_each_template_carries_its_headings_and_a_guide(name: str, lang: str) -> None:
    book = opened(template_workbook(name, lang))
    extract = catalog().extracts[name]
    assert [cell.value for cell in book.worksheets[0][1]] == [
        column.label.of(lang) for column in extract.columns
    ]
    assert book.worksheets[1]["A1"].value == f"{extract.number} {extract.label.of(lang)}"


def test_refused_rows_mark_the_bad_cell_with_its_reason() -> None:
    row = RefusedRow("3月", 37, ["0101", "电费", "12,3x4.50"], frozenset({2}), "金额无法识别", "改成数字")
    page = opened(
        refused_workbook("2025年3月科室成本.xlsx", {"3月": ["科室编码", "成本项目", "金额"]}, [row], "zh")
    )["3月"]
    assert page["A4"].value == 37 and page["D4"].value == "12,3x4.50"
    assert page["D4"].fill.fgColor.rgb == "FFFBE3D6" and "金额无法识别" in page["D4"].comment.text
    assert page["C4"].comment is None
    assert "被拒 1 行" in page["A1"].value
