"""Labels of the way to a figure."""

from __future__ import annotations

from core.catalog import Label, catalog
from core.lineage.kinds import Crumb
from core.warehouse import Warehouse


def same(text: str) -> Label:
    """A name that is data: the same in both languages."""
    return Label(text, text)


def dept_name(warehouse: Warehouse, hospital: str, dept: str) -> str:
    """The dictionary's name of a department, its code where it has none."""
    sql = "select dept_name from stg_dept where hospital = ? and dept_code = ?"
    found = warehouse.query(sql, (hospital, dept))
    return str(found[0][0]) if found else dept


def crumbs(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    scope: str = "",
    dept: str | None = None,
    item: str | None = None,
    origin: str | None = None,
    path: str | None = None,
) -> tuple[Crumb, ...]:
    """From the hospital down to what is asked for."""
    made = [Crumb("hospital", hospital, same(hospital)), Crumb("period", str(period), same(str(period)))]
    if scope:
        made.append(Crumb("scope", scope, catalog().term("scopes", scope).label))
    if dept:
        made.append(Crumb("dept", dept, same(dept_name(warehouse, hospital, dept))))
    if item:
        made.append(Crumb("item", item, catalog().term("cost_items", item).label))
    if origin:
        made.append(Crumb("origin", origin, same(dept_name(warehouse, hospital, origin))))
    if path:
        made.append(Crumb("path", path, same(path)))
    return tuple(made)
