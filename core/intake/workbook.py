"""Workbooks (xlsx, xlsm, xlsb, xls, ods) as Arrow tables of text cells.

Cells come from the fast reader with every column as text; what it gets wrong or leaves out (errors,
uncalculated formulas, dates at midnight, Chinese built-in date formats) is corrected afterwards,
column by column, so that a clean sheet costs almost nothing extra.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.refusal import FileRefused
from core.intake.sheets import Merge, Sheet

MAX_COLUMNS = 4_096
MAX_CELLS = 40_000_000
MAX_SHEETS = 1_000
LAST_DAY = 2_958_466  # one past 9999-12-31

# Date formats that Excel and WPS number without writing down, because in a Chinese locale they are
# built in. The reader knows only the Western ones. ECMA-376 part 1, 18.8.30, zh-cn column.
CHINESE_DATES = frozenset([27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])
EPOCH, EPOCH_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)  # noqa: DTZ001

Patch = Mapping[tuple[int, int], str]

_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_ERROR_DETAIL = re.compile(r"'(\w+)\((.*)\)'", re.DOTALL)
_MIDNIGHT = r"^(\d{4}-\d\d-\d\d)[ T]00:00:00$"
_NINE_DECIMALS = r"\.\d{9}$"
_ISO_TIME = r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)"


class Cells:
    """The cells of a workbook whose kind is already known from its content."""

    def __init__(self, path: Path, name: str, kind: str, workdir: Path) -> None:
        self.name = name
        # The reader chooses its parser by file name; ours is chosen by content, so it gets a true name.
        link = workdir / f"opened-{path.stem[:16]}.{kind}"
        link.unlink(missing_ok=True)
        link.symlink_to(path.resolve())
        try:
            self._book = fastexcel.read_excel(str(link))
        except Exception as problem:
            raise self._refusal(problem) from None
        self.sheet_names: list[str] = self._book.sheet_names
        if len(self.sheet_names) > MAX_SHEETS:
            raise FileRefused(
                "file_too_many_sheets", {"name": name, "sheets": len(self.sheet_names), "limit": MAX_SHEETS}
            )

    def table(self, index: int, patch: Patch | None = None) -> tuple[bool, pa.Table]:
        """(hidden, text cells from A1 on): trailing blank rows and columns are cut, leading ones kept."""
        sheet_name = self.sheet_names[index]
        try:
            sheet = self._book.load_sheet(index, header_row=None, skip_rows=0, dtypes="string")
            infos = sheet.available_columns()
            batch, problems = sheet.to_arrow_with_errors()
        except Exception as problem:
            raise self._refusal(problem) from None
        hidden = sheet.visible != "visible"
        del sheet
        left = infos[0].absolute_index if infos else 0
        fixes: dict[tuple[int, int], str] = {}
        for error in problems.errors if problems is not None else ():
            row, column = error.position
            fixes[(row, column + left)] = _error_text(error.detail)
        fixes.update(patch or {})
        check_size(self.name, sheet_name, batch.num_rows, batch.num_columns + left)
        columns = [_clean(column) for column in batch.columns]
        self._exact(index, [info.name for info in infos], columns)
        blank = pa.nulls(batch.num_rows, pa.string())
        return hidden, shape([blank] * left + columns, batch.num_rows, fixes)

    def _exact(self, index: int, names: list[str], columns: list[pa.Array]) -> None:
        """Give back the digits of numbers that the reader's text lost or invented.

        It writes numbers with nine decimals: 99999999.99 as 99999999.989999995, a third as 0.333333333.
        Columns where that shows are read again as numbers; clean ones, the rule, cost nothing.
        """
        doubtful = [i for i, column in enumerate(columns) if _has_nine_decimals(column)]
        if not doubtful:
            return
        # By name: the reader counts columns from A when it selects and from the first used when it lists.
        kinds = {names[i]: "float" for i in doubtful}
        sheet = self._book.load_sheet(
            index, header_row=None, skip_rows=0, use_columns=list(kinds), dtypes=kinds
        )
        numbers = sheet.to_arrow()
        for i in doubtful:
            columns[i] = _with_exact(columns[i], numbers.column(names[i]))

    def _refusal(self, problem: Exception) -> FileRefused:
        words = repr(problem).lower()
        asked = re.search(r"cell limit exceeded \((\d+)", words)
        if asked:
            params: dict[str, object] = {
                "name": self.name,
                "sheet": "",
                "cells": int(asked.group(1)),
                "limit": MAX_CELLS,
            }
            return FileRefused("file_too_many_cells", params, repr(problem))
        if "password" in words or "encrypted" in words:
            return FileRefused("file_password", {"name": self.name}, repr(problem))
        return FileRefused("file_damaged", {"name": self.name}, repr(problem))


def check_size(name: str, sheet: str, rows: int, columns: int) -> None:
    """Refuse a sheet larger than anything a hospital exports, before or after it is read."""
    if columns > MAX_COLUMNS:
        raise FileRefused(
            "file_too_many_columns", {"name": name, "sheet": sheet, "columns": columns, "limit": MAX_COLUMNS}
        )
    if rows * columns > MAX_CELLS:
        raise FileRefused(
            "file_too_many_cells", {"name": name, "sheet": sheet, "cells": rows * columns, "limit": MAX_CELLS}
        )


def sheet_of(
    name: str, hidden: bool, table: pa.Table, merged: list[Merge], rows: set[int], columns: set[int]
) -> Sheet:
    """A sheet from its table and layout; hidden rows and columns outside the used area are forgotten."""
    return Sheet(
        name=name,
        hidden=hidden,
        row_count=table.num_rows,
        col_count=table.num_columns,
        merged=merged,
        hidden_rows={row for row in rows if row < table.num_rows},
        hidden_cols={column for column in columns if column < table.num_columns},
        table=table,
    )


def date_text(epoch: datetime.datetime, number: float) -> str:
    """A serial day number as ISO text; outside of the calendar it stays a number."""
    if not 0 <= number < LAST_DAY:
        return repr(number)
    moment = epoch + datetime.timedelta(seconds=round(number * 86_400))
    return moment.isoformat(" ").removesuffix(" 00:00:00")


def shape(columns: list[pa.Array], rows: int, fixes: Patch) -> pa.Table:
    """Columns as a table c0..cN with single cells replaced, grown to hold them and trimmed at the end."""
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in fixes.items():
        by_column.setdefault(column, {})[row] = text
    if fixes:
        rows = max(rows, 1 + max(row for row, _ in fixes))
        width = max(len(columns), 1 + max(by_column))
        columns = [_grown(column, rows) for column in columns]
        columns += [pa.nulls(rows, pa.string())] * (width - len(columns))
        for index, cells in by_column.items():
            columns[index] = _replaced(columns[index], cells)
    while columns and columns[-1].null_count == len(columns[-1]):
        columns.pop()
    last = max((_last(column) for column in columns), default=0)
    return pa.table({f"c{i}": column.slice(0, last) for i, column in enumerate(columns)})


def _clean(column: pa.Array) -> pa.Array:
    """Empty text to null, TRUE/FALSE in capitals, dates without a midnight; looks before it works."""
    column = column.cast(pa.string())
    lengths = set(pc.unique(pc.binary_length(column)).to_pylist())
    if 0 in lengths:
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    if lengths & {4, 5} and pc.any(pc.is_in(column, pa.array(["true", "false"]))).as_py():
        boolean = pc.is_in(column, pa.array(["true", "false"]))
        column = pc.if_else(boolean, pc.ascii_upper(column), column)
    if 19 in lengths:
        column = pc.replace_substring_regex(column, _MIDNIGHT, r"\1")
        if pc.any(pc.match_substring_regex(column, _ISO_TIME)).as_py():
            column = pc.replace_substring_regex(column, _ISO_TIME, r"\1 \2")
    return column


def _has_nine_decimals(column: pa.Array) -> bool:
    long = column.filter(pc.greater_equal(pc.binary_length(column), 11))
    return bool(len(long)) and bool(pc.any(pc.match_substring_regex(long, _NINE_DECIMALS)).as_py())


def _with_exact(texts: pa.Array, numbers: pa.Array) -> pa.Array:
    """Texts that are the nine-decimal form of the number beside them, as its shortest exact form."""
    rounded = pc.match_substring_regex(texts, _NINE_DECIMALS + "|^-?0$")
    rows = pc.indices_nonzero(pc.and_(pc.fill_null(rounded, False), numbers.is_valid()))
    exact: dict[int, str] = {}
    for row, text, number in zip(
        rows.to_pylist(), texts.take(rows).to_pylist(), numbers.take(rows).to_pylist(), strict=True
    ):
        if f"{number:.9f}".rstrip("0").rstrip(".") == text:
            exact[row] = number_text(repr(number))
    return _replaced(texts, exact) if exact else texts


def number_text(text: str) -> str:
    """A number as plain digits: '20161.0' -> '20161', '1.5E+3' -> '1500', '0.10' -> '0.1'."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 400:
        return text
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("", "-0") else plain


def _error_text(detail: str) -> str:
    match = _ERROR_DETAIL.search(detail)
    if match is None:
        return "#VALUE!"
    kind, inside = match.groups()
    if kind == "Error":
        return _ERRORS.get(inside, "#VALUE!")
    return inside.strip('"') or "#VALUE!"


def _grown(column: pa.Array, rows: int) -> pa.Array:
    if len(column) >= rows:
        return column
    return pa.concat_arrays([column, pa.nulls(rows - len(column), pa.string())])


def _replaced(column: pa.Array, cells: dict[int, str]) -> pa.Array:
    """One column with some cells replaced."""
    order = sorted(cells)
    mask = pc.is_in(pa.array(range(len(column)), pa.int64()), pa.array(order, pa.int64()))
    return pc.replace_with_mask(column, mask, pa.array([cells[row] for row in order], pa.string()))


def _last(column: pa.Array) -> int:
    """One past the last value that is not null."""
    stop = len(column)
    step = 64
    while stop:
        start = max(0, stop - step)
        part = column.slice(start, stop - start)
        if part.null_count < len(part):
            return start + 1 + max(pc.indices_nonzero(part.is_valid()).to_pylist())
        stop, step = start, step * 8
    return 0
