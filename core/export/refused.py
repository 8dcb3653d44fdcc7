"""Refused rows as a workbook to correct and upload again: the original cells, the bad ones marked, the reason beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from core.catalog import DEFINITIONS, load_yaml
from core.export.book import column_width, open_book, safe_sheet_name


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One refused row: where it stood, its cells as text, which of them are bad (0-based), why and what to do."""

    sheet: str
    row: int
    cells: Sequence[str | None]
    bad: frozenset[int]
    reason: str
    action: str


def refused_workbook(
    file: str, headings: dict[str, Sequence[str]], rows: Sequence[RefusedRow], lang: str
) -> bytes:
    """One worksheet per source sheet, bad cells filled and commented with the reason.

    Args:
        file: name of the uploaded file, printed above the table.
        headings: headings per sheet, in the order of `RefusedRow.cells`.
        rows: the refused rows, in file order.
        lang: 'zh' or 'en'.
    """
    text = {key: value[lang] for key, value in load_yaml(DEFINITIONS / "export.yaml")["refused"].items()}
    buffer = BytesIO()
    book = open_book(buffer)
    head = book.add_format({"bold": True, "bg_color": "#EEF1F5", "bottom": 1})
    bad = book.add_format(
        {"bg_color": "#FBE3D6", "font_color": "#8A2C00", "border": 1, "border_color": "#D55E00"}
    )
    used: set[str] = set()
    for name in dict.fromkeys(row.sheet for row in rows):
        page = book.add_worksheet(safe_sheet_name(name, used))
        own = [row for row in rows if row.sheet == name]
        columns = max([len(row.cells) for row in own] + [len(headings.get(name, ()))])
        titles = [*headings.get(name, ())] + [""] * (columns - len(headings.get(name, ())))
        page.write_string(0, 0, text["title"].format(file=file, sheet=name, count=len(own)))
        for index, heading in enumerate([text["row"], *titles, text["reason"], text["action"]]):
            page.write_string(2, index, heading, head)
        for line, row in enumerate(own, 3):
            page.write_number(line, 0, row.row)
            for index, cell in enumerate(row.cells):
                if index in row.bad:
                    page.write_string(line, index + 1, cell or "", bad)
                    page.write_comment(line, index + 1, f"{row.reason}\n{row.action}")
                elif cell is not None:
                    page.write_string(line, index + 1, cell)
            page.write_string(line, columns + 1, row.reason)
            page.write_string(line, columns + 2, row.action)
        for index, heading in enumerate(titles):
            values = [row.cells[index] for row in own if index < len(row.cells) and row.cells[index]]
            page.set_column(index + 1, index + 1, column_width(heading, values))
        page.set_column(columns + 1, columns + 2, 46)
        page.freeze_panes(3, 1)
    if not rows:
        book.add_worksheet(text["none"])
    book.close()
    return buffer.getvalue()
