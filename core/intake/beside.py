"""Tables that stand side by side on one sheet: a printed list folded into two columns, or two lists with a gap between.

A sheet is taken apart only where the headings leave no doubt: the first heading of the left part comes back on the
right, or a blank column stands between two parts that each name who or when and how much. A blank column inside one
table is no gap: what stands to its right has no department or month of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import pyarrow as pa

from core.catalog import catalog
from core.intake.lines import Grid
from core.intake.sheets import Sheet
from core.intake.vocabulary import aliases, bare_heading, heading_key
from core.lexicon import trim

NUMERIC = ("money", "quantity", "integer")
Part = tuple[int, int]  # first column, last column


def parted(grid: Grid, top: int, bottom: int) -> list[Sheet]:
    """The sheet once for each part beside another, everything of the others taken away from row `top` on.

    Cells keep their places, so rows and columns are named as a person sees them. One sheet where nothing stands beside.
    `top..bottom` are the header rows.
    """
    parts = _parts(grid, top, bottom)
    if grid.table is None or len(parts) < 2:
        return [grid.sheet]
    return [_only(grid.sheet, grid.table, part, top) for part in parts]


def _parts(grid: Grid, top: int, bottom: int) -> list[Part]:
    filled = sorted({index for number in range(top, bottom + 1) for index in grid.filled(number)})
    if len(filled) < 4 or grid.table is None:
        return []
    groups = _groups(filled, grid.table, top)
    words = [[_word(grid, index, bottom, top) for index in range(first, last + 1)] for first, last in groups]
    if len(groups) > 1 and all(
        len(one) > 1 and (one[0] == words[0][0] or (_is_key(one[0]) and _counts(words[number])))
        for number, one in enumerate(words[1:])
    ):
        return groups
    return _folded(groups[0], words[0]) if len(groups) == 1 else []


def _groups(filled: Sequence[int], table: pa.Table, top: int) -> list[Part]:
    """Runs of headings; a run ends at a column that is blank from the header down."""
    groups: list[list[int]] = [[filled[0], filled[0]]]
    for before, index in pairwise(filled):
        between = range(before + 1, index)
        if between and any(_blank(table, column, top) for column in between):
            groups.append([index, index])
        groups[-1][1] = index
    return [(first, last) for first, last in groups]


def _blank(table: pa.Table, column: int, top: int) -> bool:
    cells = table.column(column).slice(top)
    return cells.null_count == len(cells) or not any(trim(cell) for cell in cells.drop_null().to_pylist())


def _folded(group: Part, words: Sequence[str]) -> list[Part]:
    """A list folded without a gap: the whole row of headings comes again, word for word."""
    if len(set(words)) == len(words) or not _is_key(words[0]):
        return []
    width = next((n for n in range(2, len(words)) if words[n] == words[0]), 0)
    if not width or len(words) % width or any(words[n] != words[n % width] for n in range(len(words))):
        return []
    return [(first, first + width - 1) for first in range(group[0], group[1] + 1, width)]


def _word(grid: Grid, index: int, bottom: int, top: int) -> str:
    for number in range(bottom, top - 1, -1):
        row = grid.row(number)
        if index < len(row) and trim(row[index]):
            return heading_key(trim(row[index]))
    return ""


@lru_cache(maxsize=1)
def _roles() -> tuple[frozenset[str], frozenset[str]]:
    """Headings that say who or when, and headings that say how much."""
    who, much = set(), set()
    for extract in catalog().extracts.values():
        for key, (name, _) in aliases(extract.name).items():
            column = extract.column(name)
            if column.role == "dept" or column.type == "period":
                who.add(key)
            elif column.type in NUMERIC:
                much.add(key)
    return frozenset(who), frozenset(much - who)


def _is_key(word: str) -> bool:
    return word in _roles()[0]


def _counts(words: Sequence[str]) -> bool:
    """Whether the part is a table by itself: it says who or when, and how much."""
    who, much = _roles()
    return any(word in who for word in words) and any(
        word in much or bare_heading(word) in much for word in words
    )


def _only(sheet: Sheet, table: pa.Table, part: Part, top: int) -> Sheet:
    first, last = part
    columns = [
        column
        if first <= index <= last
        else pa.chunked_array([*column.slice(0, top).chunks, pa.nulls(len(column) - top, column.type)])
        for index, column in enumerate(table.columns)
    ]
    merged = [area for area in sheet.merged if area[2] < top or (first <= area[1] and area[3] <= last)]
    return replace(sheet, table=pa.table(columns, names=table.column_names), merged=merged)
