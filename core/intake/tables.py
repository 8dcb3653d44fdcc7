"""Finding the tables inside a sheet: titles above, header rows of one or several levels, data, next table.

Only structure is decided here; what the columns mean is `headings`. A header row is recognised by words some extract
knows; where no row of the sheet has any, the first row that stands like a header above values is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow.compute as pc

from core.intake.beside import parted
from core.intake.lines import HEAD, MAX_LEVELS, Grid, letters
from core.intake.sheets import Merge, Sheet
from core.intake.vocabulary import Items, heading_key, is_total
from core.lexicon import even, trim
from core.period import find_when

FULL_SCAN = 5_000  # sheets up to this many rows are searched for headers row by row
_UNIT_ONLY = re.compile(r"^[(\[].*[)\]]$")


@dataclass(frozen=True)
class Heading:
    """One column: 0-based position, its letters, and its texts from the top level down."""

    index: int
    levels: tuple[str, ...]

    @property
    def col(self) -> str:
        return letters(self.index)

    @property
    def text(self) -> str:
        return "/".join(self.levels)


@dataclass
class Table:
    """One table of a sheet. Rows are 0-based: header `top..bottom`, data `first` up to but without `stop`."""

    sheet: Sheet
    number: int
    top: int
    bottom: int
    first: int
    stop: int
    headings: list[Heading]
    titles: list[str] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    above: list[str] = field(default_factory=list)  # titles of earlier tables of the sheet

    @property
    def key(self) -> str:
        return self.sheet.name if self.number == 1 else f"{self.sheet.name}#{self.number}"


def find_tables(sheet: Sheet, items: Items) -> list[Table]:
    """The tables of a sheet from top to bottom, those side by side from left to right; [] if it holds none."""
    grid = Grid(sheet, items)
    starts = _starts(grid)
    if starts and len(parts := parted(grid, starts[0], _bottom(grid, starts[0]))) > 1:
        found = [table for part in parts for table in find_tables(part, items)]
        return [replace(table, number=number) for number, table in enumerate(found, 1)]
    if not starts:
        start = _unknown_header(grid)
        if start is None:
            return []
        starts = [start]
    return _tables(grid, starts)


def _starts(grid: Grid) -> list[int]:
    """Rows at which a header begins, best row of each group of neighbours."""
    found: list[int] = []
    for number in _candidates(grid):
        if found and number <= _bottom(grid, found[-1]):
            continue
        cells, known, across, numbers = grid.score(number)
        if cells < 2 or numbers or known == 0:
            continue
        enough = known >= 2 or known + across >= 3 or _block_knows(grid, number)
        if not enough or (known + across) * 3 < cells:
            continue
        if found and (known < 2 and known + across < 4):
            continue
        if found and number - found[-1] <= 5 and _better(grid, number, found[-1]):
            found.pop()
        found.append(number)
    return found


def _candidates(grid: Grid) -> list[int]:
    if grid.count <= FULL_SCAN:
        return list(range(grid.count))
    wanted = set(range(HEAD))
    for blank in grid.blank_rows()[:3_000].tolist():
        wanted |= set(range(blank + 1, min(blank + 7, grid.count)))
    wanted |= set(_repeated_texts(grid))
    return sorted(wanted)


def _repeated_texts(grid: Grid) -> list[int]:
    """Rows of a long sheet that repeat the words of its first header (page breaks)."""
    first = next(
        (i for i in range(min(HEAD, grid.count)) if grid.score(i)[1] >= 2 and not grid.score(i)[3]), None
    )
    if first is None or grid.table is None:
        return []
    hits = np.zeros(grid.count, dtype=np.int8)
    for column in grid.filled(first)[:3]:
        cells = grid.table.column(column)
        hits += pc.fill_null(pc.equal(cells, grid.row(first)[column]), False).to_numpy()
    return np.flatnonzero(hits >= 2).tolist()


def _better(grid: Grid, number: int, before: int) -> bool:
    """A line of parameters ('department: x, month: y') right above the real header is not a header."""
    between = range(before + 1, number)
    if any(grid.score(i)[3] for i in between):
        return False
    return sum(grid.score(number)[1:3]) > sum(grid.score(before)[1:3])


def _block_knows(grid: Grid, number: int) -> bool:
    """Whether a header row and the levels below it together name enough."""
    bottom = _bottom(grid, number)
    if bottom == number:
        return False
    known = sum(grid.score(i)[1] for i in range(number, bottom + 1))
    return known + sum(grid.score(i)[2] for i in range(number, bottom + 1)) >= 3


def _bottom(grid: Grid, top: int) -> int:
    """The last level of a header that begins at `top`."""
    bottom = top
    while bottom + 1 < grid.count and bottom + 1 - top < MAX_LEVELS and _continues(grid, bottom):
        bottom += 1
    return bottom


def _continues(grid: Grid, upper: int) -> bool:
    """True if the row below `upper` is a further level of the same header."""
    lower = upper + 1
    cells, _, _, numbers = grid.score(lower)
    if not cells or numbers:
        return False
    filled = grid.filled(lower)
    texts = [trim(grid.row(lower)[i]) for i in filled]
    if all(_UNIT_ONLY.match(heading_key(text)) for text in texts):
        return True
    above = set(grid.filled(upper))
    spans = _spans(grid.sheet.merged, upper)
    group: int | None = None
    grouped = False
    for index, text in zip(filled, texts, strict=True):
        if _UNIT_ONLY.match(heading_key(text)) and index in above:
            continue
        inside = next((span for span in spans if span[1] <= index <= span[3]), None)
        if inside is not None and inside[3] > inside[1]:
            grouped = True
            continue
        if index in above:
            group = index
            if index + 1 in above or index + 1 not in filled:
                return False
            continue
        if group is None or any(i in above for i in range(group + 1, index)):
            return False
        grouped = True
    return grouped


def _spans(merged: Sequence[Merge], row: int) -> list[Merge]:
    return [merge for merge in merged if merge[0] <= row <= merge[2]]


def _unknown_header(grid: Grid) -> int | None:
    """The first row that stands like a header: several short texts, none a number, above rows as wide as it."""
    for number in range(min(HEAD, grid.count - 1)):
        cells, _, _, numbers = grid.score(number)
        if cells < 2 or numbers:
            continue
        texts = [trim(grid.row(number)[i]) for i in grid.filled(number)]
        if len(set(texts)) < len(texts) or max(map(len, texts)) > 40:
            continue
        below = [i for i in range(number + 1, min(number + 6, grid.count)) if grid.filled(i)]
        widths = [grid.score(i)[0] for i in below]
        if below and max(widths) >= max(2, cells // 2) and max(widths) <= cells + 2:
            return number
    return None


def _tables(grid: Grid, starts: list[int]) -> list[Table]:
    tables: list[Table] = []
    stop_before = 0
    for position, start in enumerate(starts):
        top, bottom = _with_parents(grid, start, stop_before), _bottom(grid, start)
        headings = _headings(grid, top, bottom)
        following = starts[position + 1] if position + 1 < len(starts) else None
        titles_from, titles = _titles(grid, top, stop_before)
        if tables and _same(tables[-1], headings) and not _new_month(tables[-1], titles):
            last = tables[-1]
            last.repeats += range(titles_from, bottom + 1)
            last.stop = grid.count if following is None else following
            stop_before = bottom + 1
            continue
        if tables:
            tables[-1].stop = titles_from
        number = len(tables) + 1
        end = grid.count if grid.table is not None else max(grid.sheet.row_count, grid.count)
        tables.append(Table(grid.sheet, number, top, bottom, bottom + 1, end, headings, titles))
        stop_before = bottom + 1
    if tables and grid.table is not None:
        tables[-1].stop = grid.count
    return tables


def _same(table: Table, headings: list[Heading]) -> bool:
    return [(h.index, h.levels) for h in table.headings] == [(h.index, h.levels) for h in headings]


def _new_month(table: Table, titles: list[str]) -> bool:
    """True if titles above a repeated header speak of another month than the table above does."""
    before = {when for when in map(find_when, table.titles) if when}
    now = {when for when in map(find_when, titles) if when}
    return bool(now) and now != before


def _with_parents(grid: Grid, start: int, stop_before: int) -> int:
    """The first level of a header found at `start`: rows above that group its columns belong to it."""
    top = start
    while top > stop_before and start - top < MAX_LEVELS - 1:
        upper = top - 1
        filled = grid.filled(upper)
        columns = grid.filled(start)
        if not filled or grid.score(upper)[3] or filled[0] <= columns[0] or not set(filled) <= set(columns):
            return top
        wide = any(r0 == upper and c1 > c0 for r0, c0, _, c1 in grid.sheet.merged)
        if not (wide or len(filled) > 1) or any(":" in even(grid.row(upper)[i]) for i in filled):
            return top
        top = upper
    return top


def _titles(grid: Grid, top: int, stop_before: int) -> tuple[int, list[str]]:
    """(first title row, texts above a header): up to the table before, of later tables up to a blank row."""
    rows: list[int] = []
    for number in range(top - 1, max(stop_before, top - 30) - 1, -1):
        filled = grid.filled(number)
        if not filled and stop_before:
            if rows:
                break
            continue
        if stop_before and (
            len(filled) > 3 or grid.score(number)[3] or is_total(grid.row(number)[filled[0]])
        ):
            break
        rows.append(number)
    rows.reverse()
    texts = [trim(grid.row(number)[i]) for number in rows for i in grid.filled(number)]
    return (rows[0] if rows else top), texts


def _headings(grid: Grid, top: int, bottom: int) -> list[Heading]:
    """Each column's texts over the header rows; merged cells and blank cells right of a group take its text."""
    levels = [_level(grid, number, number == bottom) for number in range(top, bottom + 1)]
    width = max(len(level) for level in levels)
    headings = []
    for index in range(width):
        texts: list[str] = []
        for level in levels:
            text = level[index]
            if text and (not texts or texts[-1] != text):
                texts.append(text)
        if texts:
            headings.append(Heading(index, tuple(texts)))
    return headings


def _level(grid: Grid, number: int, last: bool) -> list[str]:
    row = [" ".join(trim(cell).split()) for cell in grid.row(number)]
    for r0, c0, r1, c1 in _spans(grid.sheet.merged, number):
        if c0 < len(row):
            text = " ".join(trim(grid.row(r0)[c0]).split())
            for index in range(c0, min(c1, len(row) - 1) + 1):
                row[index] = row[index] or (text if r0 == number or c1 > c0 or r1 >= number else "")
    if last:
        return row
    below = grid.row(number + 1)
    for index in range(1, len(row)):
        if not row[index] and row[index - 1] and trim(below[index]) and trim(below[index - 1]):
            row[index] = row[index - 1]
    return row
