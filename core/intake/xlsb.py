"""Which sheets of an xlsb workbook hold cells, and their merges, hidden rows and columns.

Source: [MS-XLSB] 2.1.4 (record header), 2.4.304 BrtBundleSh, 2.4.325 BrtColInfo, 2.4.687 BrtMergeCell,
2.4.741 BrtRowHdr.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from core.intake.sheetxml import MAX_NOTES, SheetXml

_ROW, _COLUMN, _MERGE, _SHEET = 0, 60, 176, 156
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x10, 0x01


def sheets(book: bytes) -> list[tuple[str, str]]:
    """(name, relationship id) of every sheet of the workbook part, in order."""
    found = []
    for kind, body in records(book):
        if kind == _SHEET:
            identity, rest = _text(body, 8)
            found.append((_text(body, rest)[0], identity))
    return found


def layout(part: bytes) -> SheetXml:
    """Layout of a worksheet part."""
    found = SheetXml()
    for kind, body in records(part):
        if kind == _ROW and len(body) >= 12:
            if body[11] & _ROW_HIDDEN:
                found.hidden_rows.add(struct.unpack_from("<I", body)[0])
        elif kind == _COLUMN and len(body) >= 18:
            first, last = struct.unpack_from("<II", body)
            if body[16] & _COLUMN_HIDDEN:
                found.hidden_cols.update(range(first, min(last + 1, 16_384)))
        elif kind == _MERGE and len(body) >= 16 and len(found.merged) < MAX_NOTES:
            r0, r1, c0, c1 = struct.unpack_from("<4I", body)
            found.merged.append((r0, c0, r1, c1))
    return found


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """(record type, body) in order; a part cut short ends the walk."""
    offset, end = 0, len(part)
    while offset < end:
        kind = part[offset]
        offset += 1
        if kind & 0x80 and offset < end:
            kind = kind & 0x7F | (part[offset] & 0x7F) << 7
            offset += 1
        length = shift = 0
        while offset < end and shift < 28:
            byte = part[offset]
            offset += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[offset : offset + length]
        offset += length


def _text(body: bytes, offset: int) -> tuple[str, int]:
    if offset + 4 > len(body):
        return "", len(body)
    stop = offset + 4 + 2 * struct.unpack_from("<I", body, offset)[0]
    return body[offset + 4 : stop].decode("utf-16-le", errors="replace"), stop
