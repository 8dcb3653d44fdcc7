"""From true rows to the cells of a workbook, as a layout in demo_books.yaml describes it.

A layout has titles, a line with the unit, one or two heading rows, rows (long, or with one field lying across),
subtotals, a total, a footer and notes. Nothing here knows how the file is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.demo.cells import Cell, Formula, shown
from core.demo.words import book_words, spec

Row = Mapping[str, Any]


@dataclass
class Grid:
    """One sheet: cells from A1, merged ranges (first row, first column, last row, last column), hidden rows."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    title_rows: int = 0
    header: tuple[int, int] = (0, 0)
    bold: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Column:
    """One column: two heading lines, and the cell of a row (given the row and its number)."""

    group: str
    heading: str
    cell: Callable[[Row, int], Cell]
    field: str
    adds: Callable[[Row], Decimal] | None = None
    style: str = ""


def build(layout: Mapping[str, Any], rows: Sequence[Row]) -> list[Grid]:
    """The sheets of one workbook; months or years on sheets of their own where the layout says so."""
    by = layout.get("sheets", "one")
    keys: dict[int, list[Row]] = {}
    for row in rows:
        period = int(row.get("period", 0))
        key = {"month": period, "year": period // 100, "one": 0}[by]
        keys.setdefault(key, []).append(row)
    grids = []
    for _, held in sorted(keys.items()):
        first = int(held[0].get("period", 0))
        words = {"hospital": spec()["hospital"]["name"], "year": first // 100, "month": first % 100}
        grids.append(_sheet(layout, held, words))
    return grids + [
        Grid(
            str(name), rows=[[str(line)] for line in lines], hidden=str(name) in layout.get("hide_sheets", [])
        )
        for name, lines in layout.get("extra_sheets", {}).items()
    ]


def _sheet(layout: Mapping[str, Any], rows: Sequence[Row], words: Mapping[str, Any]) -> Grid:
    if "order" in layout:
        rows = sorted(rows, key=lambda row: tuple(str(row[name]) for name in layout["order"]))
    records, columns = _columns(layout, rows)
    grid = Grid(str(layout.get("sheet_name", "Sheet1")).format(**words))
    width = len(columns)
    hidden = layout.get("hide_columns", [])
    grid.hidden_columns = {at for at, column in enumerate(columns) if column.heading in hidden}
    for title in layout.get("titles", []):
        grid.rows.append([str(title).format(**words)])
        if width > 1:
            grid.merges.append((len(grid.rows) - 1, 0, len(grid.rows) - 1, width - 1))
    grid.title_rows = len(grid.rows)
    for left, right in layout.get("under_title", []):
        line: list[Cell] = [None] * width
        line[0], line[-1] = str(left).format(**words) or None, str(right).format(**words) or None
        grid.rows.append(line)
    grid.rows += [[] for _ in range(int(layout.get("blank_rows", 0)))]
    _headings(grid, columns)
    _body(grid, layout, records, columns)
    for line in layout.get("footer", []):
        grid.rows.append([str(line).format(**words)])
    return grid


def _parse(text: str) -> tuple[str, str, str, str]:
    """'group/heading=field|style' in its four parts; group and style may be missing."""
    heading, _, rest = text.partition("=")
    name, _, style = rest.partition("|")
    group, slash, plain = heading.partition("/")
    return (group, plain, name, style) if slash else ("", heading, name, style)


def _plain(text: str) -> Column:
    group, heading, name, style = _parse(text)

    def cell(row: Row, place: int) -> Cell:
        return shown(name, row.get(name), style, place)

    def value(row: Row) -> Decimal:
        return Decimal(row.get(name) or 0)

    return Column(group, heading, cell, name, value if name in book_words()["added"] else None, style)


def _columns(layout: Mapping[str, Any], rows: Sequence[Row]) -> tuple[list[Row], list[Column]]:
    columns = [_plain(text) for text in layout["columns"]]
    if "across" not in layout:
        return list(rows), columns
    across = layout["across"]
    name, style, nil = across["field"], across.get("style", ""), across.get("nil")
    index = [column.field for column in columns]
    records: dict[tuple, dict[str, Any]] = {}
    members: dict[Any, None] = {}
    for row in rows:
        member = row[name] % 100 if name == "period" else row[name]
        members[member] = None
        record = records.setdefault(
            tuple(row[key] for key in index), {**row, "across": {}, "sum": Decimal(0)}
        )
        record["across"][member] = record["across"].get(member, Decimal(0)) + row[across["value"]]
        record["sum"] += row[across["value"]]
    order = [key for key in across.get("order", sorted(members)) if key in members or across.get("all")]
    for member in order:
        columns.append(_across(member, across, style, nil))
    if "sum" in across:
        columns.append(
            Column(
                "",
                str(across["sum"]),
                lambda row, place: shown("", row["sum"], style, place),
                "sum",
                lambda row: Decimal(row["sum"]),
                style,
            )
        )
    return list(records.values()), columns


def _across(member: Any, across: Mapping[str, Any], style: str, nil: str | None) -> Column:
    heading = str(across["heading"]).format(member)
    if across.get("words"):
        heading = str(book_words()["values"][across["field"]][member])

    def value(row: Row) -> Decimal:
        return Decimal(row["across"].get(member, 0))

    def cell(row: Row, place: int) -> Cell:
        return shown("", value(row), style, place) if value(row) else nil

    group = next((str(g) for g, held in across.get("groups", {}).items() if member in held), "")
    return Column(group, heading, cell, "", value, style)


def _headings(grid: Grid, columns: Sequence[Column]) -> None:
    top = len(grid.rows)
    if not any(column.group for column in columns):
        grid.rows.append([column.heading for column in columns])
        grid.header = (top, top)
        return
    upper: list[Cell] = []
    for at, column in enumerate(columns):
        same = at > 0 and column.group and columns[at - 1].group == column.group
        upper.append(None if same else column.group or column.heading)
        if column.group and not same:
            last = at
            while last + 1 < len(columns) and columns[last + 1].group == column.group:
                last += 1
            if last > at:
                grid.merges.append((top, at, top, last))
        elif not column.group:
            grid.merges.append((top, at, top + 1, at))
    grid.rows += [upper, [column.heading if column.group else None for column in columns]]
    grid.header = (top, top + 1)


def _body(grid: Grid, layout: Mapping[str, Any], records: Sequence[Row], columns: Sequence[Column]) -> None:
    group, label_at = layout.get("subtotal_by"), int(layout.get("label_at", 0))
    blank = layout.get("blank_below", [])
    first, block = len(grid.rows), len(grid.rows)
    for place, record in enumerate(records):
        line = [column.cell(record, place) for column in columns]
        before = records[place - 1] if place and len(grid.rows) > block else None
        for at, column in enumerate(columns):
            if before is not None and column.field in blank and before[column.field] == record[column.field]:
                line[at] = None
        grid.rows.append(line)
        if layout.get("hide_every") and place % int(layout["hide_every"]) == 17:
            grid.hidden_rows.add(len(grid.rows) - 1)
        last = place + 1 == len(records) or (group and records[place + 1][group] != record[group])
        if last:
            if layout.get("merge_blank"):
                _merge(grid, columns, blank, block)
            if group:
                held = [r for r in records if r[group] == record[group]]
                word = str(layout["subtotal"]).format(
                    book_words()["values"].get(group, {}).get(record[group], "")
                )
                _sum_row(grid, columns, held, word, label_at, None)
            block = len(grid.rows)
    if "total" in layout:
        span = None if group or not layout.get("formula") else (first, len(grid.rows) - 1)
        _sum_row(grid, columns, records, str(layout["total"]), label_at, span)


def _merge(grid: Grid, columns: Sequence[Column], blank: Sequence[str], block: int) -> None:
    for at, column in enumerate(columns):
        if column.field in blank:
            start = block
            for row in range(block + 1, len(grid.rows) + 1):
                if row == len(grid.rows) or grid.rows[row][at] is not None:
                    if row - 1 > start:
                        grid.merges.append((start, at, row - 1, at))
                    start = row


def _sum_row(
    grid: Grid,
    columns: Sequence[Column],
    records: Sequence[Row],
    label: str,
    label_at: int,
    span: tuple[int, int] | None,
) -> None:
    line: list[Cell] = [None] * len(columns)
    line[label_at] = label
    for at, column in enumerate(columns):
        if column.adds is None:
            continue
        total = sum((column.adds(record) for record in records), Decimal(0))
        style = "comma" if column.style in ("paren", "mixed", "yen") else column.style
        value = shown("", total, style, 5) if total else (0 if column.style != "comma" else "0.00")
        if span and isinstance(value, Decimal):
            letters = chr(65 + at)
            value = Formula(f"=SUM({letters}{span[0] + 1}:{letters}{span[1] + 1})", value)
        line[at] = value
    grid.bold.add(len(grid.rows))
    grid.rows.append(line)
