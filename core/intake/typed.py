"""A table as typed rows inside the engine: months and items turned from headings into values, every cell cast.

The working table `typed` has one row per future row of the extract (and per total row): `_n` the sheet row, `_k` its
role, `_g` the group of columns it came from, `_col` their letters, each extract column in its working type, and
`<column>__p` with the issue code of a cell that cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from core import engine
from core.amount import LIMIT, Unreadable
from core.catalog import Column, Extract
from core.engine import name, quoted
from core.intake.casting import (
    ERRORS,
    EXACT,
    STORED,
    Cast,
    needs_map,
    plain,
    read_texts,
    read_year_month,
)
from core.intake.layout import NUMERIC, Across, Layout, Units
from core.intake.lines import letters
from core.intake.millionths import Tally
from core.intake.vocabulary import ITEM
from core.intake.wanting import keep, required
from core.intake.when import Default
from core.lexicon import lexicon

SOURCE = "src"


@dataclass(frozen=True)
class Group:
    """Columns of one month, item and class: measure -> position."""

    period: int
    item: str
    member: str
    places: tuple[tuple[str, int], ...]

    @property
    def col(self) -> str:
        return letters(self.places[0][1])


@dataclass
class Job:
    """One table on its way: how it is laid out, its default month, and the engine it is in."""

    connection: engine.Connection
    layout: Layout
    default: Default
    units: Units = field(default_factory=lambda: Units({}))
    groups: list[Group] = field(default_factory=list)
    casts: dict[str, Cast] = field(default_factory=dict)
    read: str = "typed"  # the relation reports look at
    straight: Tally = field(default_factory=Tally)  # lines that never were in `typed`

    @property
    def extract(self) -> Extract:
        return self.layout.extract

    @property
    def wide(self) -> bool:
        return bool(self.layout.across)

    def measures(self) -> list[str]:
        """Numeric columns that the rows have."""
        return list(self.layout.measures())

    def place_of(self, column: str, group: int) -> int:
        """Position of the cell a value came from."""
        if self.wide:
            for measure, place in self.groups[group].places:
                if measure == column:
                    return place
        return self.layout.columns.get(column, self.groups[group].places[0][1] if self.wide else -1)


def groups_of(across: Sequence[Across], year: int) -> list[Group]:
    """Columns that lie across, those of one month, item and class together, in the order of the sheet.

    Raises:
        Unreadable: period_no_year, if a heading names a month and no year is known.
    """
    found: dict[tuple[int, str, str], list[tuple[str, int]]] = {}
    for one in across:
        period = 0
        if one.when is not None:
            if not (one.when.year or year):
                raise Unreadable("period_no_year")
            period = (one.when.year or year) * 100 + one.when.month
        places = found.setdefault((period, one.item, one.member), [])
        if one.measure in dict(places):
            places = found.setdefault((period, one.item, f"{one.member}\0{one.index}"), [])
        places.append((one.measure, one.index))
    return [Group(p, item, cls.split("\0")[0], tuple(places)) for (p, item, cls), places in found.items()]


def build(job: Job, source: pa.Table) -> None:
    """Create `typed` from the source rows (string columns c0..cN; `_n` row, `_k` role, `_w` wider than its headings)."""
    engine.run(
        job.connection, f"create or replace table {SOURCE} as select * from lent", (), {"lent": source}
    )
    job.casts = {cast.column.name: cast for cast in _casts(job)}
    base = _base(job)
    maps, joins = _maps(job, base)
    if job.groups:
        table = _group_table(job.groups)
        engine.run(job.connection, "create or replace table heads as select * from lent", (), {"lent": table})
        joins.append("left join heads h on h.g = b._g")
    values: list[str] = []
    for column in job.extract.columns:
        value, problem = _value(job, column, maps)
        values += [f"{value} as {name(column.name)}", f"{problem} as {name(column.name + '__p')}"]
    period = _period(job, maps)
    col = "h.col" if job.groups else "''"
    inner = (
        f"select b._n, b._k, b._g, {col} as _col, {period[0]} as _period, "
        f"case when b._w then 'row_wide' else {period[1]} end as _period__p, "
        f"{', '.join(values)} from ({base}) b {' '.join(joins)}"
    )
    kept = keep(job)
    engine.run(
        job.connection,
        f"create or replace table typed as select * replace ({required(job)}) from ({inner}) where {kept}",
    )


def _casts(job: Job) -> Iterable[Cast]:
    layout, across = job.layout, {a.measure for a in job.layout.across}
    whole_year = job.extract.name in lexicon().whole_year
    for column in job.extract.columns:
        if column.name in across:
            yield Cast(column, f"b.{name('v_' + column.name)}", -1)
        elif column.name in layout.columns:
            place = layout.columns[column.name]
            factor = job.units.factors.get(place, Decimal(1)) if column.type == "money" else Decimal(1)
            yield Cast(column, f"b.c{place}", place, factor, job.default.year, whole_year)


def _base(job: Job) -> str:
    """SQL: the rows before casting; of a wide table one row per row and group of columns."""
    if not job.wide:
        return f"select *, 0 as _g from {SOURCE}"
    measures = list(dict.fromkeys(m for group in job.groups for m, _ in group.places))
    structs = []
    for number, group in enumerate(job.groups):
        places = dict(group.places)
        cells = [f"'v_{m}': {f'c{places[m]}' if m in places else 'null::varchar'}" for m in measures]
        structs.append(f"{{'g': {number}, {', '.join(cells)}}}")
    fields = ", ".join(f"u.{name('v_' + m)} as {name('v_' + m)}" for m in measures)
    return (
        f"select * exclude (u), u.g as _g, {fields} from "
        f"(select *, unnest([{', '.join(structs)}]) as u from {SOURCE})"
    )


def _maps(job: Job, base: str) -> tuple[dict[str, str], list[str]]:
    """Read the distinct texts SQL cannot read plainly; returns column -> alias of its joined map, and the joins."""
    maps: dict[str, str] = {}
    joins: list[str] = []
    for cast in job.casts.values():
        if not needs_map(cast):
            continue
        text = cast.text.removeprefix("b.")
        sql = f"select distinct {text} from ({base}) b where {text} is not null and ({plain(cast)}) is null"
        texts = [row[0] for row in engine.query(job.connection, sql)]
        if texts:
            alias = f"m{len(maps)}"
            table = read_texts(cast, texts).table(cast.working)
            engine.run(
                job.connection,
                f"create or replace table {alias} as select * from lent",
                (),
                {"lent": table},
            )
            maps[cast.column.name] = alias
            joins.append(f"left join {alias} on {alias}.t = {cast.text}")
    if job.layout.month is not None:
        _year_month_map(job)
        joins.append(f"left join ym on ym.t = {_year_month_text(job)}")
    return maps, joins


def _year_month_text(job: Job) -> str:
    year = f"coalesce(b.c{job.layout.year}, '')" if job.layout.year is not None else "''"
    return f"{year} || chr(31) || coalesce(b.c{job.layout.month}, '')"


def _year_month_map(job: Job) -> None:
    text = _year_month_text(job)
    rows = engine.query(job.connection, f"select distinct {text} from {SOURCE} b")
    table: dict[str, list[Any]] = {"t": [], "v": [], "p": []}
    for (joined,) in rows:
        year, month = joined.split("\x1f")
        value: int | None = None
        problem: str | None = None
        try:
            value = read_year_month(year or None, month, job.default.year)
        except Unreadable as refusal:
            problem = refusal.code if month else "required_blank"
        for key, item in (("t", joined), ("v", value), ("p", problem)):
            table[key].append(item)
    lent = pa.table({"t": pa.array(table["t"], pa.string()), "v": pa.array(table["v"], pa.int32()),
                     "p": pa.array(table["p"], pa.string())})  # fmt: skip
    engine.run(job.connection, "create or replace table ym as select * from lent", (), {"lent": lent})


def _group_table(groups: Sequence[Group]) -> pa.Table:
    return pa.table({
        "g": pa.array(range(len(groups)), pa.int32()),
        "col": [group.col for group in groups],
        "period": pa.array([group.period or None for group in groups], pa.int32()),
        "item": pa.array([group.item or None for group in groups], pa.string()),
        "cls": pa.array([group.member or None for group in groups], pa.string()),
    })  # fmt: skip


def _value(job: Job, column: Column, maps: dict[str, str]) -> tuple[str, str]:
    """SQL of a column's working value and of its issue code."""
    cast = job.casts.get(column.name)
    if cast is None:
        if column.name == ITEM and any(g.item for g in job.groups):
            return "h.item", "null::varchar"
        if column is job.extract.across and any(g.member for g in job.groups):
            return "h.cls", "null::varchar"
        default = "null" if column.default is None else quoted(column.default)
        working = EXACT if column.type in NUMERIC else STORED[column.type]
        return f"{default}::{working}", "null::varchar"
    value, problem = plain(cast), "null::varchar"
    alias = maps.get(column.name)
    if alias:
        value, problem = f"coalesce({value}, {alias}.v)", f"{alias}.p"
    if column.type in NUMERIC:
        factor = _factor(job, cast)
        value = f"try_cast({value} * {factor} as {EXACT})" if factor else value
        digits = LIMIT if column.type == "money" else LIMIT / 100
        problem = f"case when abs({value}) >= {digits:f} then 'amount_range' else {problem} end"
        value = f"case when abs({value}) < {digits:f} then {value} end"  # no column could hold it
    elif column.type in ("code", "text") and (column.role or column.name in job.extract.key):
        problem = f"case when {cast.text} in ({', '.join(map(quoted, ERRORS))}) then 'cell_error' end"
    elif column.default is not None:
        value = f"coalesce({value}, case when {cast.text} is null then {quoted(column.default)} end)"
    return value, problem


def _factor(job: Job, cast: Cast) -> str:
    """SQL factor from the sheet's unit to yuan, '' for 1; columns that lie across may each have their own. Money in other
    columns is told line by line (core.intake.units)."""
    if cast.column.type != "money":
        return ""
    if cast.index >= 0:
        return "" if cast.factor == 1 else f"{cast.factor:f}::DECIMAL(9, 0)"
    by_group = {}
    for number, group in enumerate(job.groups):
        for measure, place in group.places:
            if measure == cast.column.name:
                by_group[number] = job.units.factors.get(place, Decimal(1))
    kinds = set(by_group.values())
    if kinds <= {Decimal(1)}:
        return ""
    if len(kinds) == 1:
        return f"{kinds.pop():f}::DECIMAL(9, 0)"
    cases = " ".join(f"when {number} then {factor:f}" for number, factor in by_group.items())
    return f"(case b._g {cases} end)::DECIMAL(9, 0)"


def _period(job: Job, maps: dict[str, str]) -> tuple[str, str]:
    """SQL of the row's yyyymm and of its issue code."""
    extract = job.extract
    none = "null::varchar"
    if not extract.periodic:
        return "0::integer", none
    if "period" in job.casts:
        value, problem = _value(job, extract.column("period"), maps)
        return value, problem
    if job.layout.month is not None:
        return "ym.v", "ym.p"
    if any(group.period for group in job.groups):
        return "h.period", none
    if extract.period_from in job.casts:
        day, problem = _value(job, extract.column(str(extract.period_from)), maps)
        return f"(year({day}) * 100 + month({day}))::integer", none
    return f"{job.default.period or 'null'}::integer", none
