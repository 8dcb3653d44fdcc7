"""The texts of a table's cells by the row numbers a person sees."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from core.lexicon import BLANKS, trim

_ASCII_BLANKS = (b" ", b"\t", b"\r", b"\v", b"\f", b"\n")
# First bytes of every blank beyond ASCII; a few other signs begin alike and cost a look, no more.
_ALL_BLANKS = (*_ASCII_BLANKS, *sorted({blank.encode()[:2] for blank in BLANKS if not blank.isascii()}))


class Cells:
    """Rows of a sheet.

    region   string columns c0..cN
    first    sheet row (0-based) of the region's first row, for a region without gaps
    numbers  sheet row (1-based, rising) of each row, for a region with gaps
    """

    def __init__(self, region: pa.Table, first: int = 0, numbers: Sequence[int] | None = None) -> None:
        self.region = region
        self._first = first
        self._places = {number: i for i, number in enumerate(numbers)} if numbers is not None else None

    def text(self, row: int, place: int) -> str:
        """One cell, trimmed; '' outside the region."""
        position = self._position(row)
        if not 0 <= position < self.region.num_rows or not 0 <= place < self.region.num_columns:
            return ""
        return trim(self.region.column(place)[position].as_py())

    def row(self, row: int) -> list[str]:
        """All cells of a row, trimmed."""
        return [self.text(row, place) for place in range(self.region.num_columns)]

    def _position(self, row: int) -> int:
        return row - 1 - self._first if self._places is None else self._places.get(row, -1)


def text_bytes(column: pa.Array) -> bytes:
    """All the text of a column as one run of bytes."""
    data = column.buffers()[2]
    return b"" if data is None else bytes(data.to_pybytes())


def trimmed(column: pa.Array) -> pa.Array:
    """Without blanks at the ends of its texts; a column whose bytes hold no blank at all is left as it is."""
    raw = text_bytes(column)
    blanks = _ASCII_BLANKS if raw.isascii() else _ALL_BLANKS
    if not any(blank in raw for blank in blanks):
        return column
    shorter = pc.utf8_trim(column, BLANKS)
    return pc.if_else(pc.equal(shorter, ""), pa.scalar(None, pa.string()), shorter)
