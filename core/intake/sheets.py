"""What an opened file is: sheets of text cells, addressed as a person sees them.

Row 0 of a sheet is row 1 in Excel, column 0 is column A: leading blank rows and columns are kept,
so every problem found later can be named by its place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa

from core.intake.refusal import FileRefused

Row = list[str | None]
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; 0-based, inclusive

# Text of a formula cell that the writing program never calculated. Starts with '#', like the errors
# Excel itself shows ('#REF!', '#DIV/0!'), so that a caster refuses both the same way.
NO_CACHED_VALUE = "#NOT_CALCULATED!"
_TAIL_BYTES = 1 << 18


@dataclass(frozen=True)
class CsvSource:
    """A delimited text file, ready to be scanned: always UTF-8 without BOM, never a header row.

    path       UTF-8 file: the original, or a transcoded copy in the working directory
    delimiter  one character
    quote      '"' (doubled inside a field) or '' (no quoting: quote marks are ordinary characters)
    columns    number of fields up to the last that is ever filled; trailing empty ones not counted
    fields     number of fields of the widest record, with them (the width a scanner must expect)
    has_blank_lines, ragged   as far as seen; blank lines are records, as in Excel
    """

    path: Path
    delimiter: str
    quote: str
    columns: int
    fields: int
    has_blank_lines: bool = False
    ragged: bool = False

    def records(self) -> Iterator[Row]:
        """Every record in file order, padded or cut to `columns`; '' becomes None."""
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            yield from self.parse(stream)

    def parse(self, lines: Iterable[str]) -> Iterator[Row]:
        """Records of any text in this file's dialect, padded or cut to `columns`."""
        for record in self.fields_of(lines):
            yield _fit(record, self.columns)

    def fields_of(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Records as they are. A field that swallows half the file ends the reading, not the program."""
        if self.quote:
            reader = csv.reader(lines, delimiter=self.delimiter, quotechar=self.quote)
        else:
            reader = csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        try:
            yield from reader
        except csv.Error as problem:
            raise FileRefused("file_damaged", {"name": self.path.name}, str(problem)) from None


@dataclass
class Sheet:
    """One sheet (or one table of an HTML page, or the whole of a text file).

    table                  string columns c0..cN, table row i = sheet row i; None for text files
    csv                    the text file; None for workbooks
    row_count, col_count   used area from A1; trailing blank columns and rows are not in it
    row_count_exact        False for a big text file, whose row count is an estimate
    not_calculated         number of formula cells without a cached value (text NO_CACHED_VALUE)
    """

    name: str
    hidden: bool
    row_count: int
    col_count: int
    merged: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    table: pa.Table | None = None
    csv: CsvSource | None = None
    row_count_exact: bool = True
    not_calculated: int = 0

    def head(self, n: int = 50) -> list[Row]:
        """The first n rows; each has col_count values, None where the cell is empty."""
        if self.csv is not None:
            return list(islice(self.csv.records(), n))
        return _rows(self._table(), 0, min(n, self.row_count))

    def tail(self, n: int = 50) -> list[Row]:
        """The last n rows. Of a big text file only the last 256 KiB are looked at."""
        if self.csv is None:
            return _rows(self._table(), max(0, self.row_count - n), self.row_count)
        return self._text_tail(n)

    def sample(self, n: int = 200) -> list[Row]:
        """About n rows spread evenly over the sheet, in order (head and tail included)."""
        if self.csv is not None:
            return self._text_sample(n)
        if self.row_count <= n:
            return self.head(n)
        step = (self.row_count - 1) / (n - 1)
        wanted = pa.array(sorted({round(i * step) for i in range(n)}))
        picked = self._table().take(wanted)
        return _rows(picked, 0, picked.num_rows)

    def rows(self) -> Iterator[Row]:
        """All rows, in order. For small sheets; scan `csv` with the engine when it is big."""
        if self.csv is not None:
            yield from self.csv.records()
            return
        for start in range(0, self.row_count, 10_000):
            yield from _rows(self._table(), start, min(start + 10_000, self.row_count))

    def as_table(self) -> pa.Table:
        """The Arrow table of a workbook sheet, or a small text file read into one (row i = record i)."""
        return self.table if self.table is not None else text_table(self.rows(), self.col_count)

    def _table(self) -> pa.Table:
        if self.table is None:
            raise ValueError(f"sheet {self.name!r} has neither table nor text")
        return self.table

    def _text_tail(self, n: int) -> list[Row]:
        assert self.csv is not None
        size = self.csv.path.stat().st_size
        if size <= _TAIL_BYTES:
            return list(self.csv.records())[-n:]
        return _window(self.csv, size - _TAIL_BYTES, _TAIL_BYTES)[-n:]

    def _text_sample(self, n: int) -> list[Row]:
        assert self.csv is not None
        size = self.csv.path.stat().st_size
        if size <= 8 * _TAIL_BYTES:
            rows = list(self.csv.records())
            step = max(1, len(rows) // n)
            return rows[::step]
        windows = 8
        each = max(1, n // windows)
        picked = self.head(each)
        for i in range(1, windows):
            offset = (size - _TAIL_BYTES) * i // (windows - 1)
            picked += _window(self.csv, offset, _TAIL_BYTES)[-each:]
        return picked


@dataclass
class Opened:
    """A file that could be opened.

    kind      xlsx | xlsm | xlsb | xls | ods | html | xml | csv | tsv | txt: what it is, not what it is called
    encoding  of a text file as found: utf-8, utf-8-sig, gb18030, utf-16-le, utf-16-be; '' for workbooks
    sheets    in file order; sheets that hold no cell at all are left out
    """

    kind: str
    encoding: str
    sheets: list[Sheet]


def text_table(rows: Iterator[Row], columns: int) -> pa.Table:
    """Rows of equal length as an Arrow table of string columns c0..cN."""
    data: list[list[str | None]] = [[] for _ in range(columns)]
    for row in rows:
        for column, value in zip(data, row, strict=True):
            column.append(value)
    return pa.table({f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(data)})


def _fit(record: list[str], columns: int) -> Row:
    fitted: Row = [value if value != "" else None for value in record[:columns]]
    return fitted + [None] * (columns - len(fitted))


def _rows(table: pa.Table, start: int, stop: int) -> list[Row]:
    part = table.slice(start, max(0, stop - start))
    if not part.num_columns:
        return [[] for _ in range(part.num_rows)]
    return [list(row) for row in zip(*(column.to_pylist() for column in part.columns), strict=True)]


def _window(source: CsvSource, offset: int, length: int) -> list[Row]:
    """Whole records of a byte range: the first and last lines, likely cut, are dropped.

    A range that starts inside a quoted field with line breaks in it can yield one odd record at its
    start; samples tolerate that.
    """
    with source.path.open("rb") as stream:
        stream.seek(offset)
        raw = stream.read(length)
        at_end = stream.read(1) == b""
    lines = list(io.StringIO(raw.decode("utf-8", errors="replace"), newline=""))
    lines = lines[1:] if offset else lines
    lines = lines if at_end else lines[:-1]
    return list(source.parse(iter(lines)))
