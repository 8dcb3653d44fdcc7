"""Rows of a sheet, and what each looks like: blank, words that extracts know, months, numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from core.amount import Unreadable, parse_amount
from core.intake.sheets import Row, Sheet
from core.intake.vocabulary import (
    Items,
    all_aliases,
    bare_heading,
    heading_key,
    is_total,
    month_of,
    names_class,
)
from core.lexicon import trim

_KNOWN, _ACROSS, _NUMBER, _OTHER = "known", "across", "number", "other"
# Digits that cannot be a month written 202501, or a serial number of a day.
_PLAIN = re.compile(r"-?(?:\d{1,4}|\d{7,15})|-?\d{1,12}\.\d{1,12}")
HEAD = 60
MAX_LEVELS = 4


def letters(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


class Grid:
    """Rows of a sheet by number, with the few questions the search asks about them."""

    def __init__(self, sheet: Sheet, items: Items) -> None:
        self.sheet, self.items = sheet, items
        self.table: pa.Table | None = sheet.table
        self._head = sheet.head(HEAD + MAX_LEVELS) if self.table is None else []
        self.count: int = len(self._head) if self.table is None else self.table.num_rows
        self._blocks: dict[int, list[Row]] = {}
        self._scores: dict[int, tuple[int, int, int, int]] = {}
        self._kinds: dict[str, str] = {}

    def row(self, number: int) -> Row:
        if self.table is None:
            return self._head[number]
        block = number >> 8
        if block not in self._blocks:
            part = self.table.slice(block << 8, 256)
            self._blocks[block] = [
                list(row) for row in zip(*(c.to_pylist() for c in part.columns), strict=True)
            ]
        return self._blocks[block][number & 255]

    def filled(self, number: int) -> list[int]:
        """Columns of a row that hold something."""
        return [i for i, cell in enumerate(self.row(number)) if trim(cell)]

    def score(self, number: int) -> tuple[int, int, int, int]:
        """(cells, known headings, months or items or totals, numbers) of a row."""
        if number not in self._scores:
            self._scores[number] = self._score(self.row(number))
        return self._scores[number]

    def _score(self, row: Row) -> tuple[int, int, int, int]:
        cells = [text for text in map(trim, row) if text]
        if bare_months(cells):
            return len(cells), sum(heading_key(c) in all_aliases() for c in cells), len(cells), 0
        kinds = [self._kind(text) for text in cells]
        return len(cells), kinds.count(_KNOWN), kinds.count(_ACROSS), kinds.count(_NUMBER)

    def _kind(self, text: str) -> str:
        """Known heading, month or item or total, number, or other; remembered, since sheets repeat themselves."""
        kind = self._kinds.get(text)
        if kind is None:
            kind = self._kinds[text] = _NUMBER if _PLAIN.fullmatch(text) else self._look_up(text)
        return kind

    def _look_up(self, text: str) -> str:
        if heading_key(text) in all_aliases() or bare_heading(text) in all_aliases():
            return _KNOWN
        if month_of(text) or text in self.items or names_class(text) or is_total(text):
            return _ACROSS
        return _NUMBER if is_number(text) else _OTHER

    def blank_rows(self) -> np.ndarray:
        """Numbers of the rows without any cell."""
        if self.table is None:
            return np.array([i for i in range(self.count) if not self.filled(i)], dtype=np.int64)
        used = np.zeros(self.count, dtype=bool)
        for column in self.table.columns:
            if column.null_count == 0:
                return np.array([], dtype=np.int64)
            if column.null_count < len(column):
                used |= column.is_valid().to_numpy()
        return np.flatnonzero(~used)


def bare_months(cells: Sequence[str]) -> bool:
    """True if the numbers among the cells are 1, 2, 3 ... in order, at least three: months written bare."""
    numbers = [text for text in cells if text.isdigit()]
    return len(numbers) >= 3 and numbers == [str(i + 1) for i in range(len(numbers))]


def is_number(text: str) -> bool:
    """True for anything an amount column may hold."""
    try:
        parse_amount(text)
    except Unreadable as problem:
        return problem.code != "amount_text"
    return True
