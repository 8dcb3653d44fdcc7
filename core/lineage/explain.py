"""Any measure explained: its formula, the sums put in, and the source rows of one of them."""

from __future__ import annotations

from collections.abc import Collection

from core.catalog import Label
from core.lineage.crumbs import crumbs
from core.lineage.full import ledger_rows, notes_on, origins_of
from core.lineage.kinds import Explanation, Note, Origin, Term
from core.lineage.sources import leaf_lines
from core.measures import Measure, measure, values
from core.warehouse import Warehouse


def explain(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    name: str,
    scope: str = "medical",
    dept: str | Collection[str] | None = None,
    leaf: str | None = None,
    limit: int = 200,
) -> Explanation:
    """Why measure `name` of the hospital (or of `dept`, one department or several together) has its value in a month.

    The rows are those of `leaf`, one of the sums in the formula; by default the first.

    Raises:
        KeyError: no such measure, or `leaf` is not part of it.
    """
    warehouse.ensure(hospital, period)
    one = measure(name)
    leaves = one.leaves()
    shown = measure(leaf if leaf is not None else leaves[0])
    if shown.name not in leaves:
        raise KeyError(f"{shown.name} is not part of {name}")
    depts = None if dept is None else [dept] if isinstance(dept, str) else sorted(dept)
    found = values(warehouse, hospital, [period], [name, *leaves], scope, depts=depts)[period]
    origins: tuple[Origin, ...] = ()
    if shown.view == "mart_full_cost":
        origins = _origins(warehouse, hospital, period, shown, scope, depts)
        lines = ledger_rows(warehouse, hospital, period, scope, origins, limit)
        notes = list(notes_on(warehouse, hospital, period, origins, lines))
    else:
        lines = leaf_lines(warehouse, hospital, period, shown, scope, depts, limit)
        notes = [] if lines.total <= len(lines.rows) else [
            Note("first_rows", {"shown": len(lines.rows), "total": lines.total})
        ]  # fmt: skip
    notes += [Note("missing", {"name": part}) for part in leaves if found[part] is None]
    if found[name] is None and one.bottom and found.get(one.bottom, 1) == 0:
        notes.append(Note("zero", {"name": one.bottom}))
    item = shown.only.get("item_class")
    return Explanation(
        name,
        one.label,
        one.unit,
        found[name],
        Label(one.formula("zh"), one.formula("en")),
        tuple(Term(part, measure(part).label, found[part], measure(part).unit) for part in leaves),
        crumbs(
            warehouse,
            hospital,
            period,
            scope if any(measure(x).scoped for x in leaves) else "",
            dept if isinstance(dept, str) else None,
            item,
        ),
        origins,
        lines.rows,
        lines.total,
        lines.amount,
        tuple(notes),
    )


def _origins(
    warehouse: Warehouse, hospital: str, period: int, leaf: Measure, scope: str, depts: list[str] | None
) -> tuple[Origin, ...]:
    """Origins of a full-cost sum by its own conditions (class, setting, item, allocated)."""
    conditions: list[str] = []
    params: list[str] = []
    for column, value in leaf.only.items():
        params.append(value)
        place = f"${len(params) + 3}"
        if column == "care_setting":
            conditions.append(
                "l.dept_code in (select dept_code from stg_dept where hospital = $1 and care_setting = "
                + place
                + ")"
            )
        else:
            conditions.append(f"cast(l.{column} as varchar) = {place}")
    if depts is not None:
        places = ", ".join(f"${len(params) + 4 + index}" for index in range(len(depts)))
        params += depts
        conditions.append(f"l.dept_code in ({places})" if depts else "false")
    if leaf.columns == ("direct",):
        conditions.append("l.origin_code = l.dept_code")
    if leaf.columns == ("indirect",):
        conditions.append("l.origin_code <> l.dept_code")
    return origins_of(warehouse, hospital, period, scope, conditions, params)
