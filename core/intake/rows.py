"""What each row of a table is: data, total, note, repeated header, blank; and cells filled from the row above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.catalog import Extract
from core.intake.layout import NUMERIC, Layout
from core.intake.tables import Table
from core.intake.vocabulary import is_total
from core.lexicon import lexicon, squeeze, trim

DATA, TOTAL, SKIPPED = 0, 1, 2
LONG_TEXTS = ("memo", "voucher", "spec", "charge_name", "charge_id")
BLANK_SHARE = 0.2  # of the rows below the first; fewer blanks are gaps, not a way of printing
_MANY = 20_000


@dataclass
class Roles:
    """Roles of the data region's rows.

    role     int8 per row: DATA, TOTAL or SKIPPED
    labels   row (0-based in the region) -> label, for totals
    footers  texts of footers; notes: texts of other lines; repeated: number of repeated header rows
    """

    role: NDArray[np.int8]
    labels: dict[int, str] = field(default_factory=dict)
    footers: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    repeated: int = 0


@dataclass(frozen=True)
class Fill:
    """Cells of one column that took the value above: how ('merged' or 'blank') and how many."""

    index: int
    how: str
    count: int


def _adds_up(extract: Extract) -> bool:
    """False for a dictionary: its lines hold nothing that could be added up, so none of them is a total."""
    return extract.periodic or bool(extract.measure)


def measure_places(layout: Layout) -> list[int]:
    """Positions whose values make a row worth having: measures, or the required columns of a dictionary."""
    if layout.across:
        return [a.index for a in layout.across]
    extract = layout.extract
    places = [i for n, i in layout.columns.items() if extract.column(n).type in NUMERIC]
    if _adds_up(extract) and places:
        return places
    # A dictionary's rows are told by their key: what has no code is a line of text.
    wanted = set(extract.key) & set(layout.columns) or {name for group in extract.requires for name in group}
    return [i for n, i in layout.columns.items() if n in wanted]


def text_places(table: Table, layout: Layout) -> list[int]:
    """Positions that may hold the label of a total: everything left of the last text column that is not a measure."""
    measures = {*measure_places(layout), *(t.index for t in layout.totals)}
    extract = layout.extract
    if not _adds_up(extract):
        return []
    numeric = {i for n, i in layout.columns.items() if extract.column(n).type in (*NUMERIC, "date", "time")}
    free = {n: i for n, i in layout.columns.items() if extract.column(n).type in ("text", "code")}
    long_texts = {i for n, i in free.items() if n in LONG_TEXTS}
    first = table.headings[0].index if table.headings else 0
    unlikely = measures | numeric | (long_texts - {first})
    return [h.index for h in table.headings if h.index not in unlikely]


def roles_of(table: Table, layout: Layout, region: pa.Table) -> Roles:
    """Classify every row of the region (the sheet's rows from `table.first` up to `table.stop`)."""
    count = region.num_rows
    filled = np.zeros(count, dtype=np.int32)
    for column in region.columns:
        filled += column.is_valid().to_numpy().astype(np.int32) if column.null_count < count else 0
    roles = Roles(np.where(filled == 0, SKIPPED, DATA).astype(np.int8))
    repeats = [row - table.first for row in table.repeats if 0 <= row - table.first < count]
    roles.role[repeats] = SKIPPED
    if repeats:
        roles.repeated = sum(1 for row in repeats if filled[row] >= max(2, len(table.headings) // 2))
    _totals(table, layout, region, roles)
    _notes(layout, region, filled, roles)
    return roles


def _totals(table: Table, layout: Layout, region: pa.Table, roles: Roles) -> None:
    places = text_places(table, layout)
    marks = _marks(layout)
    for place in [*places, *marks]:
        column = region.column(place)
        if column.null_count == region.num_rows:
            continue
        texts = pc.unique(column)
        hits = [text for text in _likely_totals(texts) if is_total(text)]
        if not hits:
            continue
        for row in np.flatnonzero(pc.is_in(column, pa.array(hits)).to_numpy(zero_copy_only=False)).tolist():
            if roles.role[row] == DATA and not _named_so(place, row, places, marks, region):
                roles.role[row] = TOTAL
                roles.labels[row] = trim(column[row].as_py())


def _marks(layout: Layout) -> dict[int, bool]:
    """Positions where the word for a total may be no total: code columns of neither department nor item (False: a
    parameter may be called so), and texts such as vouchers (True: only when the rest of the line is blank)."""
    extract = layout.extract
    if not _adds_up(extract):
        return {}
    loose = {i: True for n, i in layout.columns.items() if n in LONG_TEXTS}
    codes = {
        i: False
        for n, i in layout.columns.items()
        if extract.column(n).type == "code" and not extract.column(n).role and i not in loose
    }
    return loose | codes


def _named_so(place: int, row: int, places: Sequence[int], marks: dict[int, bool], region: pa.Table) -> bool:
    """True where a cell of `marks` merely holds the word: the other text cells of its line say it is data."""
    if place not in marks:
        return False
    others = [region.column(other)[row].as_py() is not None for other in places if other != place]
    return any(others) if marks[place] else bool(others) and all(others)


def _likely_totals(texts: pa.Array) -> list[str]:
    """Distinct texts worth asking `is_total` about."""
    if len(texts) <= 500:
        return [text for text in texts.to_pylist() if text]
    words = lexicon().totals
    endings = {word[-1] for word in (*words.grand, *words.section, *words.running)}
    pattern = "(?i)[" + "".join(sorted(endings)) + "][^0-9]{0,8}$"
    return list(texts.filter(pc.fill_null(pc.match_substring_regex(texts, pattern), False)).to_pylist())


def _notes(layout: Layout, region: pa.Table, filled: NDArray[np.int32], roles: Roles) -> None:
    """Rows without any measure that are short, or begin like a footer, are lines of text."""
    count = region.num_rows
    measured = np.zeros(count, dtype=bool)
    for place in measure_places(layout):
        measured |= region.column(place).is_valid().to_numpy()
    counted = layout.across or any(layout.extract.column(n).type in NUMERIC for n in layout.columns)
    if not (counted and _adds_up(layout.extract)) and filled.max(initial=0) > 2:
        measured &= filled > 1  # one lone cell is a note, even under the codes
    candidates = np.flatnonzero(~measured & (roles.role == DATA))
    if len(candidates) > _MANY:
        return
    last = int(np.flatnonzero(measured)[-1]) if measured.any() else -1
    for row in candidates.tolist():
        cells = [text for text in (trim(column[row].as_py()) for column in region.columns) if text]
        if not cells:
            roles.role[row] = SKIPPED
        elif is_footer(cells, row > last):
            roles.role[row] = SKIPPED
            roles.footers.append((row, " ".join(cells)))
        elif len(cells) == 1 and filled.max() > 2:
            roles.role[row] = SKIPPED
            roles.notes.append((row, cells[0]))
        elif layout.across:
            roles.role[row] = SKIPPED  # a line whose months are all empty


def is_footer(cells: Sequence[str], at_end: bool) -> bool:
    """True for signatures, notes and page numbers: a footer word first, then a colon or the end of the table."""
    words = lexicon().footers
    first = squeeze(cells[0])
    starts = any(first.startswith(word) for word in words)
    colon = any(":" in squeeze(text) for text in cells)
    return starts and (colon or at_end)


def fill_merged(table: Table, layout: Layout, region: pa.Table) -> tuple[pa.Table, list[Fill]]:
    """Give cells of text columns inside a vertical merge the value of its first cell. Measures are never filled."""
    fills: list[Fill] = []
    numeric = (*NUMERIC, "date", "time")
    places = {i for n, i in layout.columns.items() if layout.extract.column(n).type not in numeric}
    places |= {place for place in (layout.year, layout.month) if place is not None}
    for place in sorted(places):
        spans = [(r0, r1) for r0, c0, r1, c1 in table.sheet.merged if c0 <= place <= c1 and r1 > r0]
        spans = [
            (r0 - table.first, r1 - table.first) for r0, r1 in spans if r1 >= table.first and r0 < table.stop
        ]
        if spans:
            region, count = _fill_spans(region, place, spans)
            fills += [Fill(place, "merged", count)] if count else []
    return region, fills


def fill_blanks(layout: Layout, region: pa.Table, roles: Roles) -> tuple[pa.Table, list[Fill]]:
    """Give blank-below cells of department and period columns the value above, where the table is printed so."""
    fills: list[Fill] = []
    data = np.flatnonzero(roles.role == DATA)

    def blanks(group: list[int]) -> int:
        return int(np.sum(~np.any([region.column(i).is_valid().to_numpy()[data] for i in group], axis=0)))

    # Inner blocks first: a block's own column must be whole before it can tell the rows of the block around it apart.
    for group in sorted(_blank_groups(layout), key=blanks):
        region, more = _fill_blanks(layout, region, group, roles)
        fills += more
    return region, fills


def _fill_spans(region: pa.Table, place: int, spans: Iterable[tuple[int, int]]) -> tuple[pa.Table, int]:
    values = region.column(place).to_pylist()
    count = 0
    for first, last in spans:
        if first < 0:
            continue
        for row in range(first + 1, min(last, len(values) - 1) + 1):
            if values[row] is None and values[first] is not None:
                values[row] = values[first]
                count += 1
    return _replaced(region, place, values), count


def _blank_groups(layout: Layout) -> list[list[int]]:
    """Columns that are printed once per block: a department's code and name together, and the period. Where a
    line without a department speaks of the whole hospital, a blank one stays blank."""
    groups: dict[str, list[int]] = {}
    for name, place in layout.columns.items():
        column = layout.extract.column(name)
        if column.role == "dept" and not layout.extract.hospital_wide:
            groups.setdefault(name.rsplit("_", 1)[0], []).append(place)
        elif column.type == "period":
            groups["period"] = [place]
    return list(groups.values())


def _fill_blanks(
    layout: Layout, region: pa.Table, group: list[int], roles: Roles
) -> tuple[pa.Table, list[Fill]]:
    """Fill a group of columns that are blank below their first row, when that is plainly how the table is printed:

    the first row is filled, code and name are blank together, at least a fifth of the rows are blank, a block never
    repeats the value of the block before it, and another key column tells the rows of a block apart.
    """
    rows = np.flatnonzero(roles.role == DATA)
    valid = np.zeros(region.num_rows, dtype=bool)
    for place in group:
        valid |= region.column(place).is_valid().to_numpy()
    blanks = rows[~valid[rows]]
    if len(rows) < 2 or not len(blanks) or not valid[rows[0]] or len(blanks) < BLANK_SHARE * (len(rows) - 1):
        return region, []
    columns = {place: region.column(place).to_pylist() for place in group}
    others = [
        i for n, i in layout.columns.items() if i not in group and n in (*layout.extract.key, "item_name")
    ]
    keys = [region.column(place).to_pylist() for place in others]
    if not keys or not _printed_in_blocks(rows, valid, columns, keys):
        return region, []
    for place, values in columns.items():
        for before, row in zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True):
            if not valid[row]:
                values[row] = values[before]
        region = _replaced(region, place, values)
    return region, [Fill(group[0], "blank", len(blanks))]


def _printed_in_blocks(
    rows: NDArray[np.intp],
    valid: NDArray[np.bool_],
    columns: dict[int, list[str | None]],
    keys: list[list[str | None]],
) -> bool:
    seen: set[tuple[str | None, ...]] = set()
    before: tuple[str | None, ...] | None = None
    clashes = 0
    for row in rows.tolist():
        if valid[row]:
            now = tuple(values[row] for values in columns.values())
            if now == before:
                return False
            before, seen = now, set()
        key = tuple(values[row] for values in keys)
        clashes += key in seen or all(value is None for value in key)
        seen.add(key)
    return clashes * 10 <= len(rows)


def _replaced(region: pa.Table, place: int, values: list[str | None]) -> pa.Table:
    return region.set_column(place, region.column_names[place], pa.array(values, pa.string()))
