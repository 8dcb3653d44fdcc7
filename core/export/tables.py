"""A table as a worksheet: headings with units, right decimals, totals in bold, frozen panes, print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from core.export.book import column_width, open_book, safe_sheet_name

NUMBER_FORMATS = {"money": "#,##0.00", "count": "#,##0", "ratio": "0.0%", "quantity": "#,##0.00"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table to write.

    `kinds` gives each column's kind: 'text', 'money', 'count', 'ratio', 'quantity' or 'date'. `total_rows` are indexes
    of rows printed in bold. `notes` go above the table (title first): what was filtered, which snapshot, when.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    kinds: Sequence[str] = ()
    notes: Sequence[str] = ()
    total_rows: frozenset[int] = field(default_factory=frozenset)


def table_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one .xlsx file.

    Decimals are written as numbers (Excel keeps 15 digits, enough for the fen of any hospital); missing values stay
    empty rather than 0; text that starts with = + - @ stays text.
    """
    buffer = BytesIO()
    book = open_book(buffer)
    used: set[str] = set()
    title = book.add_format({"bold": True, "font_size": 14})
    note = book.add_format({"font_color": "#5B6472"})
    head = book.add_format(
        {"bold": True, "bg_color": "#EEF1F5", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    )
    formats = {
        (kind, bold): book.add_format({"num_format": pattern, "bold": bold, **({"top": 1} if bold else {})})
        for kind, pattern in [*NUMBER_FORMATS.items(), ("date", "yyyy-mm-dd"), ("text", "@")]
        for bold in (False, True)
    }
    for sheet in sheets:
        page = book.add_worksheet(safe_sheet_name(sheet.name, used))
        kinds = list(sheet.kinds) or ["text"] * len(sheet.headings)
        for line, text in enumerate(sheet.notes):
            page.write_string(line, 0, str(text), title if line == 0 else note)
        top = len(sheet.notes) + (1 if sheet.notes else 0)
        for column, heading in enumerate(sheet.headings):
            page.write_string(top, column, str(heading), head)
            values = [row[column] for row in sheet.rows[:400] if row[column] is not None]
            page.set_column(column, column, column_width(str(heading), values))
        for index, row in enumerate(sheet.rows):
            bold = index in sheet.total_rows
            for column, value in enumerate(row):
                _write(page, top + 1 + index, column, value, formats[(kinds[column], bold)])
        page.freeze_panes(top + 1, 1)
        if sheet.rows:
            page.autofilter(top, 0, top + len(sheet.rows), max(0, len(sheet.headings) - 1))
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
    book.close()
    return buffer.getvalue()


def _write(page: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or (isinstance(value, float) and value != value):
        page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, value, style)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, style)
    else:
        page.write_string(row, column, str(value)[:32767], style)
