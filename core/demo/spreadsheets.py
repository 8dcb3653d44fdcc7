"""Grids written as xlsx and as binary xls, with the same bytes each time."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.demo.cells import Cell, Formula
from core.demo.layout import Grid
from core.demo.words import book_words

WRITTEN = datetime.datetime.fromisoformat("2026-01-08T09:00:00")  # every file says it was made then


def width_of(grid: Grid, at: int) -> int:
    """A column width that fits what stands in the first rows; a Chinese character is two wide."""
    widest = 6
    for row in grid.rows[grid.header[0] : grid.header[0] + 60]:
        text = (
            str(row[at]) if at < len(row) and row[at] is not None and not isinstance(row[at], Formula) else ""
        )
        widest = max(widest, sum(2 if ord(letter) > 0x2E80 else 1 for letter in text))
    return min(widest + 3, 40)


def column_count(grid: Grid) -> int:
    """Cells of the widest row."""
    return max((len(row) for row in grid.rows), default=0)


def to_xlsx(grids: Sequence[Grid]) -> bytes:
    """An .xlsx workbook: merged titles, bold headings, formulas with their calculated values, hidden rows."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"created": WRITTEN, "author": str(book_words()["author"])})
    font = {"font_name": str(book_words()["font"]), "font_size": 10}
    styles = {
        "title": book.add_format(
            {**font, "font_size": 14, "bold": True, "align": "center", "valign": "vcenter"}
        ),
        "head": book.add_format({**font, "bold": True, "align": "center", "valign": "vcenter", "border": 1}),
        "text": book.add_format(font),
        "money": book.add_format({**font, "num_format": "#,##0.00"}),
        "small": book.add_format({**font, "num_format": "0.0000"}),
        "date": book.add_format({**font, "num_format": "yyyy/m/d"}),
        "bold": book.add_format({**font, "bold": True, "num_format": "#,##0.00", "top": 1}),
    }
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
        for r, row in enumerate(grid.rows):
            for c, cell in enumerate(row):
                style = styles[_style(grid, r, cell)]
                if (r, c) in merged:
                    sheet.merge_range(r, c, *merged[r, c], "", style)
                _put(sheet, r, c, cell, style)
            if r in grid.hidden_rows:
                sheet.set_row(r, None, None, {"hidden": True})
        for c in range(column_count(grid)):
            sheet.set_column(c, c, width_of(grid, c), None, {"hidden": c in grid.hidden_columns})
        if grid.hidden:
            sheet.hide()
        elif grid.header[1]:
            sheet.freeze_panes(grid.header[1] + 1, 0)
    book.close()
    return held.getvalue()


def _style(grid: Grid, row: int, cell: Cell) -> str:
    if row < grid.title_rows:
        return "title"
    if grid.header[0] <= row <= grid.header[1] and grid.title_rows + grid.header[1]:
        return "head"
    if row in grid.bold:
        return "bold"
    if isinstance(cell, datetime.date):
        return "date"
    if isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        whole = cell == cell.to_integral_value() and exponent != -2
        return "text" if whole else "small" if exponent == -4 and cell * 100 % 1 else "money"
    return "text"


def _put(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, Formula):
        sheet.write_formula(row, column, cell.text, style, float(cell.value))
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, style)
    elif isinstance(cell, Decimal | int):
        sheet.write_number(row, column, float(cell), style)
    else:
        sheet.write_string(row, column, cell, style)


def to_xls(grids: Sequence[Grid]) -> bytes:
    """A true binary .xls (Excel 97-2003). Needs xlwt, which only developers have."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    plain, bold = xlwt.XFStyle(), xlwt.easyxf("font: bold on; align: horiz centre")
    date = xlwt.easyxf(num_format_str="YYYY/M/D")
    for grid in grids:
        sheet = book.add_sheet(grid.name)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
        for r, row in enumerate(grid.rows):
            heading = r <= grid.header[1]
            for c, cell in enumerate(row):
                value = float(cell) if isinstance(cell, Decimal) else cell
                style = bold if heading else date if isinstance(cell, datetime.date) else plain
                if (r, c) in merged:
                    bottom, right = merged[r, c]
                    sheet.write_merge(r, bottom, c, right, value, style)
                elif value is not None:
                    sheet.write(r, c, value, style)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
