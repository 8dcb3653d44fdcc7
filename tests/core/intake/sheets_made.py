"""Ugly workbooks made in the tests, and the short way to read them in this process."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter

from core.intake.reader import read_file
from core.intake.reading import Memory, Options, Part, Reading

Rows = Sequence[Sequence[Any]]


def workbook(
    path: Path, sheets: dict[str, Rows], merged: dict[str, Sequence[str]] | None = None, **hidden: Any
) -> Path:
    """An xlsx with these cells; `merged` ranges like 'A1:C1' per sheet; `hidden_rows`/`hidden_cols` by sheet."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
        for area in (merged or {}).get(name, ()):
            first = area.split(":")[0]
            r, c = xlsxwriter.utility.xl_cell_to_rowcol(first)
            held = rows[r][c] if c < len(rows[r]) else ""
            sheet.merge_range(area, held)
        for row in hidden.get("hidden_rows", {}).get(name, ()):
            sheet.set_row(row, None, None, {"hidden": True})
        for col in hidden.get("hidden_cols", {}).get(name, ()):
            sheet.set_column(col, col, None, None, {"hidden": True})
    book.close()
    return path


def text_file(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """A delimited text file."""
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def read(path: Path, options: Options | None = None, memory: Memory | None = None, name: str = "") -> Reading:
    """Read in this process, into a folder of its own."""
    return read_file(
        path, name or path.name, options=options or Options(), memory=memory or Memory(),
        workdir=Path(tempfile.mkdtemp(dir=path.parent)), progress=lambda fraction, stage: None,
    )  # fmt: skip


def only(reading: Reading) -> Part:
    """The one part that was not ignored."""
    (part,) = [part for part in reading.parts if part.status != "ignored"]
    return part


def rows_of(part: Part, *columns: str) -> list[tuple[Any, ...]]:
    """The accepted rows in the order of the sheet, with these columns."""
    found: list[dict[str, Any]] = []
    assert part.rows_path is not None
    for path in sorted(part.rows_path.glob("*.parquet")):
        table = pq.read_table(path)
        found += [{**row, "period": row.get("period", 0)} for row in table.to_pylist()]
    found.sort(key=lambda row: (row["_row"], len(row["_col"]), row["_col"]))
    return [tuple(row[column] for column in columns) for row in found]


def refused_of(part: Part) -> list[dict[str, Any]]:
    """The refused cells."""
    return [] if part.refused_path is None else pq.read_table(part.refused_path).to_pylist()


def codes(reading: Reading | Part, *severities: str) -> list[str]:
    """Issue codes, in order, of these severities (all if none is named)."""
    issues = reading.issues if isinstance(reading, Part) else reading.all_issues()
    return [issue.code for issue in issues if not severities or issue.severity in severities]


def balanced(part: Part) -> bool:
    """The identities every part must keep."""
    return part.rows_read == part.rows_accepted + part.rows_refused and part.amount_read == (
        part.amount_accepted + part.amount_refused + part.rounding
    )


def D(text: str) -> Decimal:
    return Decimal(text)


DEPTS = [
    ["0101", "心血管内科", "clinical", "心内科"],
    ["0102", "呼吸内科", "clinical", ""],
    ["0201", "检验科", "technical", ""],
    ["0301", "财务科", "admin", ""],
    ["0401", "消毒供应中心", "auxiliary", "供应室"],
]
