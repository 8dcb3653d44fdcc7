"""The texts of a table's cells by the row numbers a person sees."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from core.lexicon import trim


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
