"""Merges, hidden rows and hidden columns of an ods workbook, in one streaming pass over its content.

Rows and columns may be written once with a repeat count, so positions are counted, not read.
Source: OpenDocument 1.3 part 3, sections 9.1 and 19.690 to 19.760 (table attributes).
"""

from __future__ import annotations

import xml.parsers.expat

from core.intake.archive import Archive
from core.intake.refusal import FileRefused
from core.intake.sheets import Merge
from core.intake.sheetxml import MAX_NOTES, SheetXml


def ods_layouts(archive: Archive) -> dict[str, SheetXml]:
    """Layout of each sheet by its name. Broken XML refuses the file."""
    layouts = _Layouts()
    layouts.read(archive)
    return layouts.found


class _Layouts:
    """Merges, hidden rows and columns of an ods content part, in one streaming pass."""

    def __init__(self) -> None:
        self.found: dict[str, SheetXml] = {}
        self._layout = SheetXml()
        self._row = self._col = self._grid = 0
        self._repeat = 1
        self._depth = 0

    def read(self, archive: Archive) -> None:
        parser = xml.parsers.expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            for chunk in archive.chunks("content.xml"):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except xml.parsers.expat.ExpatError as problem:
            raise FileRefused("file_damaged", {"name": archive.name}, f"content.xml: {problem}") from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rsplit(":", 1)[-1]
        if tag == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._layout = SheetXml()
                self._row = self._col = self._grid = 0
                self.found[attributes.get("table:name", "")] = self._layout
        elif self._depth != 1:
            return
        elif local == "table-column":
            count = _repeat(attributes, "table:number-columns-repeated")
            if attributes.get("table:visibility", "visible") != "visible":
                self._layout.hidden_cols.update(range(self._grid, min(self._grid + count, 16_384)))
            self._grid += count
        elif local == "table-row":
            self._repeat = _repeat(attributes, "table:number-rows-repeated")
            if attributes.get("table:visibility", "visible") != "visible":
                self._layout.hidden_rows.update(range(self._row, min(self._row + self._repeat, 1_048_576)))
            self._col = 0
        elif local in ("table-cell", "covered-table-cell"):
            self._merge(attributes)
            self._col += _repeat(attributes, "table:number-columns-repeated")

    def _merge(self, attributes: dict[str, str]) -> None:
        rows = _repeat(attributes, "table:number-rows-spanned")
        columns = _repeat(attributes, "table:number-columns-spanned")
        if (rows > 1 or columns > 1) and len(self._layout.merged) < MAX_NOTES:
            merge: Merge = (self._row, self._col, self._row + rows - 1, self._col + columns - 1)
            self._layout.merged.append(merge)

    def _end(self, tag: str) -> None:
        if tag == "table:table":
            self._depth -= 1
        elif tag == "table:table-row" and self._depth == 1:
            self._row += self._repeat


def _repeat(attributes: dict[str, str], key: str) -> int:
    text = attributes.get(key, "1")
    return int(text) if text.isdigit() and len(text) < 8 else 1
