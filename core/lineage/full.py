"""Full cost of a department: the origins it is made of, then the ledger rows of one origin.

    full = sum over origins and paths of L(receiver, origin, item, path)        (identity I3)
An origin's ledger rows add up to its direct cost D(origin, item); the part of each row in the figure is the row's
share of D, rounded by largest remainder, so the parts add up to the contribution to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.catalog import Label, catalog
from core.lineage.crumbs import crumbs
from core.lineage.kinds import Explanation, Note, Origin, Source, Term
from core.lineage.sources import Lines, cost_lines
from core.measures import measure
from core.money import divide_exact, fen_to_yuan, yuan_to_fen
from core.warehouse import Warehouse

ALL_ROWS = 1_000_000


def origins_of(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    scope: str,
    conditions: Sequence[str],
    params: Sequence[Any],
) -> tuple[Origin, ...]:
    """Origins of the lineage rows that meet `conditions` (over mart_cost_lineage as l), largest first."""
    sql = f"""
        with booked as (
            select dept_code, item, item_class, layer, sum(amount) as booked from month_direct
            where hospital = $1 and period = $2 group by all
        )
        select l.origin_code, any_value(l.origin_name), l.origin_class, l.origin_item_class, l.origin_item, l.layer,
               l.path, sum(l.amount) as amount, coalesce(any_value(b.booked), 0), l.allocated
        from mart_cost_lineage l
        left join booked b on b.dept_code = l.origin_code and b.item = l.origin_item and b.layer = l.layer
            and b.item_class = l.origin_item_class
        where l.hospital = $1 and l.period = $2 and l.scope = $3 {" ".join(f"and {c}" for c in conditions)}
        group by all order by abs(sum(l.amount)) desc, l.origin_code, l.path, l.origin_item, l.layer"""
    found = warehouse.query(sql, [hospital, period, scope, *params])
    return tuple(Origin(*row) for row in found)


def explain_full_cost(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    dept: str,
    scope: str = "medical",
    item: str | None = None,
    origin: str | None = None,
    path: str | None = None,
    limit: int = 200,
) -> Explanation:
    """A department's full cost (of one statutory item) in a scope, down to ledger rows.

    `origin` and `path` narrow it to one origin; without them the rows are those of the largest origin. The rows'
    `part` adds up to the origin's contribution over all its paths asked for.
    """
    warehouse.ensure(hospital, period)
    conditions, params = ["l.dept_code = $4"], [dept]
    for column, wanted in (("item_class", item), ("origin_code", origin), ("path", path)):
        if wanted is not None:
            params.append(wanted)
            conditions.append(f"l.{column} = ${len(params) + 3}")
    found = origins_of(warehouse, hospital, period, scope, conditions, params)
    name = f"full_{item}" if item else "full_cost"
    one = measure(name)
    value = sum((o.amount for o in found if o.allocated), Decimal(0)) if found else None
    lines = ledger_rows(warehouse, hospital, period, scope, found, limit)
    return Explanation(
        name,
        one.label,
        one.unit,
        value,
        Label(one.formula("zh"), one.formula("en")),
        _terms(found),
        crumbs(warehouse, hospital, period, scope, dept, item, origin, path),
        found,
        lines.rows,
        lines.total,
        lines.amount,
        notes_on(warehouse, hospital, period, found, lines),
    )


def _terms(found: Sequence[Origin]) -> tuple[Term, ...]:
    """The figure by the class of its origin: own cost first, then what each class handed down."""
    own = sum((o.amount for o in found if o.allocated and ">" not in o.path), Decimal(0))
    terms = [Term("full_direct", measure("full_direct").label, own, "money")] if found else []
    for dept_class in catalog().terms["dept_classes"]:
        amounts = [
            o.amount for o in found if o.allocated and ">" in o.path and o.dept_class == dept_class.name
        ]
        if amounts:
            terms.append(Term(dept_class.name, dept_class.label, sum(amounts, Decimal(0)), "money"))
    return tuple(terms)


def ledger_rows(
    warehouse: Warehouse, hospital: str, period: int, scope: str, found: Sequence[Origin], limit: int
) -> Lines:
    """Ledger rows of the first origin, for every item and layer it contributes with."""
    if not found:
        return Lines((), 0, None)
    chosen = [o for o in found if o.code == found[0].code]
    parts: dict[tuple[str, str, str], Decimal] = {}
    for o in chosen:
        key = (o.item, o.item_class, o.layer)
        parts[key] = parts.get(key, Decimal(0)) + o.amount
    fine = {row[0] for row in warehouse.query(_FINE, [hospital, period])}
    rows: list[Source] = []
    for (item, item_class, layer), contribution in parts.items():
        conditions = ["coalesce(c.dept_code, 'unmapped') = ?", "c.item_class = ?", "c.fund_source = ?"]
        params: list[Any] = [found[0].code, item_class, layer]
        if item in fine:
            conditions.append("c.item_code = ?")
            params.append(item)
        elif fine:
            conditions.append(f"c.item_code not in ({', '.join('?' * len(fine))})")
            params.extend(sorted(fine))
        lines = cost_lines(warehouse, hospital, period, scope, conditions, params, ALL_ROWS)
        rows.extend(_shared(lines.rows, contribution))
    rows.sort(key=lambda r: (-abs(r.part or Decimal(0)), r.file, r.sheet, r.row, r.col))
    total = sum((r.part for r in rows if r.part is not None), Decimal(0))
    return Lines(tuple(rows[:limit]), len(rows), total)


_FINE = """select distinct item from month_direct where hospital = ? and period = ? and item <> item_class"""


def _shared(rows: Sequence[Source], contribution: Decimal) -> list[Source]:
    """Each row's part of the contribution: its share of the sum of the rows, whole fen, adding up exactly.

    Red entries carry negative parts. A scenario that scales cost keeps the same shares.
    """
    parts = divide_exact(yuan_to_fen(contribution), [yuan_to_fen(row.amount or 0) for row in rows])
    return [replace(row, part=fen_to_yuan(part)) for row, part in zip(rows, parts, strict=True)]


def notes_on(
    warehouse: Warehouse, hospital: str, period: int, found: Sequence[Origin], lines: Lines
) -> tuple[Note, ...]:
    notes = []
    loose = sum((o.amount for o in found if not o.allocated), Decimal(0))
    if loose:
        notes.append(Note("unallocated", {"amount": loose}))
    codes = {o.code for o in found}
    sql = """select dept_code, dept_name, step, item_class, wanted, used, amount from mart_fallback
             where hospital = ? and period = ? and not planned order by abs(amount) desc"""
    for code, name, step, item_class, wanted, used, amount in warehouse.query(sql, [hospital, period]):
        if code in codes:
            notes.append(
                Note("fallback", {"dept_code": code, "dept_name": name, "step": step, "item_class": item_class,
                                  "wanted": wanted, "used": used, "amount": amount})
            )  # fmt: skip
    if lines.total > len(lines.rows):
        notes.append(Note("first_rows", {"shown": len(lines.rows), "total": lines.total}))
    if found and not lines.total:
        notes.append(Note("no_rows"))
    return tuple(notes)
