"""The unit money is in: what a heading, a title, a person or the line itself says, and yuan in its place.

Of most extracts a column of money is in one unit, and casting multiplies it (`find_units`). In a list of metrics each line
is something else, so what is money is told line by line: the sides its metric declares (core/definitions/
operation_metrics.yaml). `to_yuan` multiplies them exactly, before anything is rounded, and writes the unit they are in
now beside them: from there on nothing multiplies them again. What cannot be decided is refused with its place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import pyarrow as pa

from core import engine
from core.amount import LIMIT, find_unit, unit_factor, unit_name
from core.catalog import Extract, Term, catalog
from core.engine import name, quoted
from core.intake.casting import EXACT
from core.intake.headings import Decision, Known
from core.intake.layout import NUMERIC, Layout, Units
from core.intake.reading import Part
from core.intake.rows import DATA
from core.intake.tables import Table
from core.intake.typed import Job
from core.issue import Issue
from core.lexicon import lexicon, squeeze

UNIT = "unit"  # the column in which a line states its own unit
ONE = Decimal(1)


@lru_cache(maxsize=32)
def metered(extract: str) -> bool:
    """True for an extract whose lines are metrics, some of them money."""
    listed = catalog().extracts[extract].across
    return listed is not None and any(t.money or t.kind == "money" for t in catalog().terms[listed.of])


def sides(term: Term, extract: Extract) -> frozenset[str]:
    """The columns that hold money on a line of this metric."""
    if term.kind == "money":
        return frozenset(c.name for c in extract.columns if c.type in NUMERIC)
    return frozenset(term.money) | ({str(extract.measure)} if term.unit == "yuan" else set())


def find_units(part: Part, table: Table, layout: Layout, decision: Decision, known: Known) -> Units:
    """Yuan per unit of each money column: its heading, else the title, else what was declared."""
    money = _places(layout)
    if not money:
        return Units({})
    # A unit stated once at the top of a sheet holds for the tables below it that state none.
    titles = [*table.titles, *reversed(table.above)]
    titled = next((unit for text in titles if (unit := find_unit(text))), None)
    declared_text = str(known.options.unit or decision.plan.get("unit") or "")
    declared = unit_factor(declared_text) if declared_text else None
    own = {h.index: find_unit("".join(h.levels)) for h in table.headings if h.index in money}
    factors: dict[int, Decimal] = {}
    found: Decimal | None = None
    for place in sorted(money):
        unit = own.get(place) or titled
        if unit is not None:
            found = found or unit[1]
        factors[place] = unit[1] if unit else declared or ONE
    factor = found or declared or ONE
    part.unit = f"{factor:f}"
    if factor != 1 and not metered(layout.extract.name):
        part.issues.append(_note(part, factor))
    if found is not None and declared is not None and found != declared:
        params = {"declared": unit_name(declared), "found": unit_name(found)}
        part.issues.append(Issue("unit_conflict", params=params, sheet=part.sheet))
    # A remembered plan declares yuan wherever nothing else was said: that states nothing.
    stated = {place for place in money if own.get(place) or titled or declared not in (None, ONE)}
    return Units(factors, frozenset(place for place, unit in own.items() if unit), frozenset(stated))


def _places(layout: Layout) -> set[int]:
    """Positions of columns that hold money, or may."""
    extract = layout.extract
    if not metered(extract.name):
        money = {i for n, i in layout.columns.items() if extract.column(n).type == "money"}
        money |= {a.index for a in layout.across if extract.column(a.measure).type == "money"}
        return money | ({t.index for t in layout.totals} if money else set())
    if not layout.across:
        return {i for n, i in layout.columns.items() if extract.column(n).type in NUMERIC}
    assert extract.across is not None
    listed = extract.across.of
    money = {a.index for a in layout.across if a.member
             and a.measure in sides(catalog().term(listed, a.member), extract)}  # fmt: skip
    return money | {t.index for t in layout.totals if money.issuperset(t.covers)}


def _note(part: Part, factor: Decimal) -> Issue:
    return Issue("unit_found", params={"unit": unit_name(factor), "factor": f"{factor:f}"}, sheet=part.sheet)


@dataclass(frozen=True)
class Said:
    """What a unit cell says: yuan per unit (None: it names no unit of money), the text with yuan instead, and whether it
    speaks of money in a unit nobody knows."""

    factor: Decimal | None = None
    rest: str = ""
    strange: bool = False


@lru_cache(maxsize=4096)
def said(text: str) -> Said:
    """Read a unit cell: 'wan yuan', 'yuan / case', '%'; a unit beside another word for money is strange."""
    head, slash, rest = squeeze(text).partition("/")
    unit = find_unit(f"({head.strip('()[]<>')})")
    if unit is not None:
        return Said(unit[1], f"{slash}{rest}")
    words = lexicon()
    marks = (
        *(squeeze(mark) for mark in words.amount.currency),
        *(w for w, factor in words.units if factor == 1),
    )
    return Said(strange=any(mark in head for mark in marks))


def to_yuan(job: Job, part: Part) -> None:
    """Turn the money of `typed` into yuan, line by line; only for extracts whose lines are metrics."""
    extract = job.extract
    if not metered(extract.name) or extract.across is None:
        return
    figures = [n for n in job.measures() if n in job.casts]
    listed, metric = extract.across.of, name(extract.across.name)
    filled = ", ".join(f"count(nullif({name(n)}, 0))" for n in figures)
    rows = engine.query(
        job.connection,
        f"select {metric}, {name(UNIT)}, _g, count(*), {filled} from typed where {metric} is not null group by all",
    )
    changes: dict[tuple[str, str], list[tuple[str, str | None, int]]] = defaultdict(list)
    lines, sheets = 0, set[Decimal]()
    for member, unit, group, count, *counts in rows:
        term, key = catalog().term(listed, member), (member, unit, group)
        told = said(unit or "")
        held = [n for n, many in zip(figures, counts, strict=True) if many and n in sides(term, extract)]
        if code := _unfit(term, unit, told, bool(held), any(counts)):
            changes[UNIT, code].append(key)
            continue
        for figure in held:
            factor, code = _factor(job, term, figure, told, group)
            if code:
                changes[figure, code].append(key)
            elif factor != 1:
                changes[figure, f"{factor:f}"].append(key)
                sheets |= {factor} if told.factor is None else set()
        if held and told.factor is not None:
            changes[UNIT, f"={unit_name(Decimal(term.money_in))}{told.rest}"].append(key)
            lines += count if told.factor != term.money_in else 0
    # New texts of the unit come last: until then lines are found by the old one.
    for (column, change), keys in sorted(changes.items(), key=lambda item: item[0][1].startswith("=")):
        _apply(job, metric, column, change, keys)
    part.issues += [_note(part, factor) for factor in sorted(sheets)]
    if lines:
        part.issues.append(Issue("unit_lines", sheet=part.sheet, count=lines))


def _unfit(term: Term, unit: str | None, told: Said, money: bool, any_figure: bool) -> str:
    """Why the unit cell of a line cannot be right, '' if it can."""
    if money and (told.strange or (term.kind == "money" and unit and told.factor is None)):
        return "unit_unknown"
    return "unit_not_money" if any_figure and not money and told.factor not in (None, ONE) else ""


def _factor(job: Job, term: Term, figure: str, told: Said, group: int) -> tuple[Decimal, str]:
    """(what a figure is multiplied by, '') or (1, why that cannot be decided)."""
    place = job.place_of(figure, group)
    sheet, kept = job.units.factors.get(place, ONE), Decimal(term.money_in)
    stated, own = place in job.units.stated, job.wide and place in job.units.own
    amount = term.kind == "money" or (figure in term.money and kept == 1)
    if own:
        return sheet / kept, ""
    if told.factor is not None:
        # Of a ratio in yuan the line's unit may be that of the quotient alone.
        torn = term.kind != "money" and figure in term.money and term.unit == "yuan"
        return (ONE, "unit_unclear") if torn and stated and sheet != told.factor else (told.factor / kept, "")
    if amount:
        return sheet, ""
    # So much a case or a head is seldom in the unit a sheet gives for its amounts: the line has to say it.
    return (ONE, "unit_unclear") if stated and sheet != kept else (ONE, "")


def _apply(job: Job, metric: str, column: str, change: str, keys: list[tuple[str, str | None, int]]) -> None:
    """One change to the lines of these metrics, units and groups: a factor, '=' a new text, else an issue code."""
    field, mark = name(column), name(f"{column}__p")
    members, units, groups = zip(*keys, strict=True)
    lent = pa.table({"m": pa.array(members, pa.string()), "u": pa.array(units, pa.string()),
                     "g": pa.array(groups, pa.int32())})  # fmt: skip
    where = f"{metric} = lent.m and {name(UNIT)} is not distinct from lent.u and _g = lent.g"
    if change.startswith("="):
        made = f"{field} = {quoted(change[1:])}"
    elif change[0].isdigit():
        digits = 4 if "." in change else 0
        value = f"{field} * {change}::DECIMAL(9, {digits})"
        beyond = f"abs({value}) >= {LIMIT / 100:f}"
        made = (f"{field} = case when not ({beyond}) then cast({value} as {EXACT}) end, "
                f"{mark} = case when {beyond} then 'amount_range' else {mark} end")  # fmt: skip
    else:
        made = f"{mark} = coalesce({mark}, '{change}')"
        where += f" and _k = {DATA}" + ("" if column == UNIT else f" and {field} <> 0")
    engine.run(job.connection, f"update typed set {made} from lent where {where}", (), {"lent": lent})
