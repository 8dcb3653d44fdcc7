"""What the spreadsheet library does not tell about a .xls sheet: protection, merges, hidden rows.

Only record headers are walked; cell contents stay with the library.
Source: [MS-XLS] 2.4.28 BoundSheet8, 2.4.220 RK, 2.4.53 ColInfo, 2.4.117 FilePass, 2.4.168 MergeCells, 2.4.221 Row.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.intake.compound import CompoundFile
from core.intake.refusal import FileRefused
from core.intake.sheets import Merge, Opened
from core.intake.workbook import CHINESE_DATES, EPOCH, EPOCH_1904, Cells, date_text, sheet_of

_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
_XF, _FORMAT, _DATE_1904 = 0x00E0, 0x041E, 0x0022
_NUMBER, _RK, _MULRK, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_ROW, _COLINFO, _MERGED = 0x0208, 0x007D, 0x00E5
_ROW_HIDDEN, _COL_HIDDEN = 0x20, 0x01
MAX_HIDDEN_COLS = 16_384
_FOREIGN = {"WordDocument": "doc", "PowerPoint Document": "ppt", "__properties_version1.0": "msg"}


@dataclass
class Layout:
    """Everything about a sheet that the library does not tell; `dates` are cells in Chinese date formats."""

    hidden: bool = False
    is_cells: bool = True
    merged: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    dates: dict[tuple[int, int], str] = field(default_factory=dict)


def open_xls(path: Path, name: str, workdir: Path) -> Opened:
    """A compound file with a workbook in it. An encrypted package or any other document is refused."""
    container = CompoundFile(path, name)
    if container.has("EncryptedPackage") or container.has("EncryptionInfo"):
        raise FileRefused("file_password", {"name": name})
    stream = container.stream("Workbook", "Book")
    if stream is None:
        kind = next((kind for entry, kind in _FOREIGN.items() if container.has(entry)), "OLE")
        raise FileRefused("file_unsupported", {"name": name, "kind": kind})
    found = layouts(stream, name)
    cells = Cells(path, name, "xls", workdir)
    matched = len(found) == len(cells.sheet_names)
    sheets = []
    for index, sheet_name in enumerate(cells.sheet_names):
        layout = found[index] if matched else Layout()
        if not layout.is_cells:
            continue
        hidden, table = cells.table(index, layout.dates)
        if table.num_columns:
            hidden = hidden or layout.hidden
            sheets.append(
                sheet_of(sheet_name, hidden, table, layout.merged, layout.hidden_rows, layout.hidden_cols)
            )
    return Opened("xls", "", sheets)


def layouts(stream: bytes, name: str) -> list[Layout]:
    """One Layout per sheet, in workbook order. A password refuses the file."""
    found: list[Layout] = []
    starts: list[int] = []
    styles: list[int] = []
    written: set[int] = set()
    epoch = EPOCH
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise FileRefused("file_password", {"name": name})
        if kind == _BOUNDSHEET and len(body) >= 6:
            start, state, sheet_type = struct.unpack_from("<IBB", body)
            found.append(Layout(hidden=bool(state & 3), is_cells=sheet_type == 0))
            starts.append(start)
        elif kind == _XF and len(body) >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _FORMAT and len(body) >= 2:
            written.add(struct.unpack_from("<H", body)[0])
        elif kind == _DATE_1904 and body[:1] == b"\1":
            epoch = EPOCH_1904
    chinese = CHINESE_DATES - written
    dates = {index for index, number in enumerate(styles) if number in chinese}
    for layout, start in zip(found, starts, strict=True):
        if layout.is_cells and start < len(stream):
            _read_sheet(layout, stream, start)
            for row, column, number in _numbers(stream, start, dates) if dates else ():
                layout.dates[(row, column)] = date_text(epoch, number)
    return found


def _read_sheet(layout: Layout, stream: bytes, start: int) -> None:
    for kind, body in _records(stream, start):
        if kind == _ROW and len(body) >= 14:
            if body[12] & _ROW_HIDDEN:
                layout.hidden_rows.add(body[0] | body[1] << 8)
        elif kind == _COLINFO and len(body) >= 10:
            first, last, _, _, flags = struct.unpack_from("<5H", body)
            if flags & _COL_HIDDEN:
                layout.hidden_cols.update(range(first, min(last, MAX_HIDDEN_COLS) + 1))
        elif kind == _MERGED and len(body) >= 2:
            count = min(struct.unpack_from("<H", body)[0], (len(body) - 2) // 8)
            for i in range(count):
                r0, r1, c0, c1 = struct.unpack_from("<4H", body, 2 + 8 * i)
                layout.merged.append((r0, c0, r1, c1))


def _numbers(stream: bytes, start: int, styles: set[int]) -> Iterator[tuple[int, int, float]]:
    """(row, column, value) of the number cells that carry one of these cell styles."""
    for kind, body in _records(stream, start):
        if kind in (_NUMBER, _RK, _FORMULA) and len(body) >= 10:
            row, column, style = struct.unpack_from("<3H", body)
            if style not in styles:
                continue
            if kind == _RK:
                yield row, column, _rk(body, 6)
            elif len(body) >= 14 and body[12:14] != b"\xff\xff":  # else the formula gives no number
                yield row, column, struct.unpack_from("<d", body, 6)[0]
        elif kind == _MULRK and len(body) >= 12:
            row, first = struct.unpack_from("<2H", body)
            for i in range((len(body) - 6) // 6):
                if struct.unpack_from("<H", body, 4 + 6 * i)[0] in styles:
                    yield row, first + i, _rk(body, 6 + 6 * i)


def _rk(body: bytes, offset: int) -> float:
    """A compressed number: 30 bits of an integer or of a double, perhaps in hundredths."""
    raw: int = struct.unpack_from("<I", body, offset)[0]
    if raw & 2:
        value = float(struct.unpack("<i", struct.pack("<I", raw))[0] >> 2)
    else:
        value = struct.unpack("<d", struct.pack("<Q", (raw & 0xFFFFFFFC) << 32))[0]
    return value / 100 if raw & 1 else value


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream; nested substreams (charts inside a sheet) are passed over."""
    depth = 0
    offset, end = start, len(stream)
    while offset + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, offset)
        offset += 4
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[offset : offset + length]
        offset += length
