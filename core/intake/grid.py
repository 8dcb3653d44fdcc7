"""A sheet filled cell by cell, for the marked-up kinds, and how their bytes become text."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

from core.intake.refusal import FileRefused
from core.intake.sheets import Merge, Sheet
from core.intake.text import MARK, MAX_COLUMNS, SMALL, detect, sampled

MAX_BYTES = 256 << 20
MAX_CELLS = 20_000_000
MAX_ROWS = 1_048_576
MAX_SPAN = 65_536
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def decode(path: Path, name: str) -> tuple[str, str]:
    """(text, encoding) of a marked-up file: by its bytes, then by the charset it declares."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileRefused("file_too_large", {"name": name, "megabytes": size >> 20, "limit": MAX_BYTES >> 20})
    raw = path.read_bytes()
    try:
        encoding = detect(sampled(path), name, whole=size <= SMALL).encoding
    except FileRefused as refusal:
        declared = _CHARSET.search(raw[:4096])
        if refusal.code != "file_encoding" or declared is None:
            raise
        encoding = declared.group(1).decode("ascii")
    try:
        return raw.decode(encoding, errors="replace").removeprefix(MARK), encoding
    except LookupError:
        raise FileRefused("file_encoding", {"name": name}, encoding) from None


class Grid:
    """Cells placed one by one into rows, grown as needed, within the caps."""

    def __init__(self, name: str, sheet: str = "") -> None:
        self.file, self.sheet = name, sheet
        self.rows: list[list[str | None]] = []
        self.merged: list[Merge] = []
        self.hidden_rows: set[int] = set()
        self.hidden_cols: set[int] = set()
        self.hidden = False
        self.not_calculated = 0
        self._cells = 0

    def put(self, row: int, column: int, text: str | None) -> None:
        if column >= MAX_COLUMNS:
            params = {"name": self.file, "sheet": self.sheet, "columns": column + 1, "limit": MAX_COLUMNS}
            raise FileRefused("file_too_many_columns", params)
        if not text:
            return
        there = len(self.rows[row]) if row < len(self.rows) else 0
        self._cells += max(0, row + 1 - len(self.rows)) + max(0, column + 1 - there)
        if row >= MAX_ROWS or self._cells > MAX_CELLS:
            params = {"name": self.file, "sheet": self.sheet, "cells": self._cells, "limit": MAX_CELLS}
            raise FileRefused("file_too_many_cells", params)
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = text

    def as_sheet(self) -> Sheet:
        width = max(map(len, self.rows), default=0)
        columns = [
            pa.array([row[i] if i < len(row) else None for row in self.rows], pa.string())
            for i in range(width)
        ]
        table = pa.table({f"c{i}": column for i, column in enumerate(columns)})
        return Sheet(
            self.sheet,
            self.hidden,
            len(self.rows),
            width,
            self.merged,
            self.hidden_rows,
            self.hidden_cols,
            table,
            not_calculated=self.not_calculated,
        )


def span(text: str | None) -> int:
    """A colspan or rowspan as a number of cells, at least 1."""
    text = (text or "").strip()
    return max(1, min(int(text[:9]), MAX_SPAN)) if text.isdecimal() else 1
