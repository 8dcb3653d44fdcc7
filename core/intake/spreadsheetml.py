"""SpreadsheetML 2003: a workbook as one XML file, saved as .xls or .xml.

Source: Office 2003 XML Spreadsheet reference, elements Worksheet, Column, Row, Cell, Data.
"""

from __future__ import annotations

import re
import xml.parsers.expat
from pathlib import Path

from core.intake.grid import MAX_ROWS, Grid, decode, span
from core.intake.refusal import FileRefused
from core.intake.sheets import NO_CACHED_VALUE, Opened
from core.intake.text import MAX_COLUMNS
from core.intake.workbook import number_text

_SS = "urn:schemas-microsoft-com:office:spreadsheet"
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.0+)?")


def open_spreadsheetml(path: Path, name: str) -> Opened:
    """Every Worksheet with cells. A document type declaration is refused, never resolved."""
    text, encoding = decode(path, name)
    handlers = _SpreadsheetML(name)
    parser = xml.parsers.expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handlers.start, handlers.end
    parser.CharacterDataHandler = handlers.data
    parser.StartDoctypeDeclHandler = handlers.doctype
    body = _DECLARED.sub("", text).encode("utf-8", "replace")
    try:
        for start in range(0, len(body), 1 << 20):
            parser.Parse(body[start : start + (1 << 20)], False)
        parser.Parse(b"", True)
    except xml.parsers.expat.ExpatError as problem:
        code = (
            "file_truncated" if "no element" in str(problem) or "unclosed" in str(problem) else "file_damaged"
        )
        raise FileRefused(code, {"name": name}, str(problem)) from None
    return Opened("xml", encoding, [grid.as_sheet() for grid in handlers.grids if grid.rows])


class _SpreadsheetML:
    """Handlers that fill one grid per Worksheet element."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.grids: list[Grid] = []
        self.row = self.column = self.col = -1
        self.next_row = self.next_column = self.next_col = 0
        self.kind = ""
        self.text: list[str] | None = None
        self.formula = False
        self.wrote = False

    def start(self, tag: str, raw: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        attributes = {key.rpartition(" ")[2]: value for key, value in raw.items()}
        if local == "Worksheet" and space == _SS:
            self.grids.append(Grid(self.name, attributes.get("Name", "")))
            self.next_row = self.next_col = 0
        elif not self.grids:
            return
        elif local == "Row" and space == _SS:
            self.row = _position(attributes, self.next_row)
            span = _span_down(attributes)
            self.next_row, self.next_column = self.row + 1 + span, 0
            if attributes.get("Hidden") == "1":
                self.grids[-1].hidden_rows.update(range(self.row, min(self.row + span, MAX_ROWS) + 1))
        elif local == "Column" and space == _SS:
            self.col = _position(attributes, self.next_col)
            span = _span_down(attributes)
            self.next_col = self.col + 1 + span
            if attributes.get("Hidden") == "1":
                self.grids[-1].hidden_cols.update(range(self.col, min(self.col + span, MAX_COLUMNS) + 1))
        elif local == "Cell" and space == _SS:
            self._start_cell(attributes)
        elif local == "Data" and space == _SS:
            self.kind, self.text = attributes.get("Type", "String"), []
        elif local == "Visible":
            self.kind, self.text = "Visible", []

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.column = _position(attributes, self.next_column)
        across = span(attributes.get("MergeAcross")) if attributes.get("MergeAcross", "0") != "0" else 0
        down = span(attributes.get("MergeDown")) if attributes.get("MergeDown", "0") != "0" else 0
        if across or down:
            self.grids[-1].merged.append((self.row, self.column, self.row + down, self.column + across))
        self.next_column = self.column + 1 + across
        self.formula, self.wrote = "Formula" in attributes, False

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        local = tag.rpartition(" ")[2]
        if local == "Data" and self.text is not None:
            self.wrote = True
            self.grids[-1].put(self.row, self.column, _typed(self.kind, "".join(self.text)))
            self.text = None
        elif local == "Cell" and self.formula and not self.wrote and self.grids:
            self.grids[-1].put(self.row, self.column, NO_CACHED_VALUE)
            self.grids[-1].not_calculated += 1
        elif local == "Visible" and self.text is not None:
            self.grids[-1].hidden = "".join(self.text).strip() in ("SheetHidden", "SheetVeryHidden")
            self.text = None

    def doctype(self, *_: object) -> None:
        raise FileRefused("file_external_entity", {"name": self.name})


def _position(attributes: dict[str, str], following: int) -> int:
    """0-based place of an element: its own Index if it states one, else right after the one before."""
    text = attributes.get("Index", "")
    return (
        min(int(text), 10 * MAX_ROWS) - 1
        if text.isdecimal() and 0 < len(text) < 9 and int(text)
        else following
    )


def _span_down(attributes: dict[str, str]) -> int:
    text = attributes.get("Span", "0")
    return min(int(text), MAX_ROWS) if text.isdecimal() and len(text) < 9 else 0


def _typed(kind: str, text: str) -> str:
    if kind == "Number":
        return number_text(text.strip())
    if kind == "Boolean":
        return {"1": "TRUE", "0": "FALSE"}.get(text.strip(), text)
    match = _DATE.fullmatch(text.strip()) if kind == "DateTime" else None
    if match:
        day, time = match.groups()
        return day if time == "00:00:00" else f"{day} {time}"
    return text
