"""Grids written as delimited text, as an HTML page called .xls, and as OpenDocument (.ods)."""

from __future__ import annotations

import csv
import datetime
import html
import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from core.demo.cells import Cell, Formula
from core.demo.layout import Grid
from core.demo.spreadsheets import WRITTEN, column_count


def plain(cell: Cell) -> str:
    """A cell as an export program prints it."""
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return plain(cell.value)
    if isinstance(cell, datetime.date):
        return f"{cell.year}/{cell.month}/{cell.day}"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return str(cell)


def to_text(grid: Grid, encoding: str, delimiter: str, trailing: str = "") -> bytes:
    """Delimited text with Windows line ends; `trailing` is put at the end of every line."""
    held = io.StringIO()
    writer = csv.writer(held, delimiter=delimiter, lineterminator=f"{trailing}\r\n")
    width = column_count(grid)
    for row in grid.rows:
        cells = [plain(cell) for cell in row]
        writer.writerow(cells + [""] * (width - len(cells)))
    return held.getvalue().encode(encoding)


def to_html(grid: Grid) -> bytes:
    """What many web reports call an Excel file: an HTML table in GBK under the name .xls."""
    spans = {(top, left): right - left + 1 for top, left, _, right in grid.merges}
    lines = [
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel">',
        '<head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>',
        '<body><table border="1">',
    ]
    for r, row in enumerate(grid.rows):
        tag = "th" if r == grid.header[0] else "td"
        cells = [
            f"<{tag}{_span(spans, r, c)}{_as_text(cell)}>{html.escape(plain(cell)) or '&nbsp;'}</{tag}>"
            for c, cell in enumerate(row)
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</table></body></html>")
    return "\r\n".join(lines).encode("gb18030")


def _span(spans: dict[tuple[int, int], int], row: int, column: int) -> str:
    return f' colspan="{spans[row, column]}"' if (row, column) in spans else ""


def _as_text(cell: Cell) -> str:
    return " style=\"mso-number-format:'\\@'\"" if isinstance(cell, str) and cell[:1].isdigit() else ""


_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def to_ods(grids: Sequence[Grid]) -> bytes:
    """An OpenDocument spreadsheet: numbers as floats, dates as dates, merged cells covered."""
    body = "".join(_ods_sheet(grid) for grid in grids)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.2">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    held = io.BytesIO()
    parts = (
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED),
        ("content.xml", content, zipfile.ZIP_DEFLATED),
        ("META-INF/manifest.xml", _MANIFEST, zipfile.ZIP_DEFLATED),
    )
    with zipfile.ZipFile(held, "w") as packed:
        for name, text, method in parts:
            info = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            info.compress_type = method
            packed.writestr(info, text.encode("utf-8"))
    return held.getvalue()


def _ods_sheet(grid: Grid) -> str:
    width = column_count(grid)
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
    covered = {
        (r, c)
        for top, left, bottom, right in grid.merges
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    } - set(spans)
    rows = []
    for r in range(len(grid.rows)):
        row = grid.rows[r] + [None] * (width - len(grid.rows[r]))
        cells = []
        for c, cell in enumerate(row):
            tag = "table:covered-table-cell" if (r, c) in covered else "table:table-cell"
            cells.append(f"<{tag}{_ods_span(spans, r, c)}{_ods_value(cell)}</{tag}>")
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return f"<table:table table:name={quoteattr(grid.name)}>{''.join(rows)}</table:table>"


def _ods_span(spans: dict[tuple[int, int], tuple[int, int]], row: int, column: int) -> str:
    if (row, column) not in spans:
        return ""
    down, across = spans[row, column]
    return f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'


def _ods_value(cell: Cell) -> str:
    if cell is None:
        return ">"
    text = f"<text:p>{escape(plain(cell))}</text:p>"
    if isinstance(cell, datetime.date):
        return f' office:value-type="date" office:date-value="{cell.isoformat()}">{text}'
    if isinstance(cell, Decimal | int | Formula):
        return f' office:value-type="float" office:value="{plain(cell)}">{text}'
    return f' office:value-type="string">{text}'
