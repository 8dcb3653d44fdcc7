"""What was spent, or came in, month by month: the base of time progress by season."""

from __future__ import annotations

from decimal import Decimal

from core.figures.common import cube
from core.warehouse import Warehouse


def history(
    warehouse: Warehouse, hospital: str, direction: str, codes: frozenset[str] | None, item: str | None = None
) -> dict[int, Decimal]:
    """Yuan by computed month, of all years, for the chosen departments and item.

    The months are the hospital's: a month that is there without a line of the choice is 0.
    """
    if direction == "cost":
        found = cube(warehouse, hospital, "medical")
        amounts = {p: found.amount(p, "", codes, item) for p in sorted(found.cells)}
        return {p: amount for p, amount in amounts.items() if amount is not None}
    chosen = "true" if codes is None else "list_contains(?, order_dept)"
    chosen += "" if item is None else " and charge_class = ?"
    rows = warehouse.query(
        f"select period, coalesce(sum(amount) filter ({chosen}), 0) from month_income where hospital = ? "
        "group by 1 order by 1",
        (*([] if codes is None else [sorted(codes)]), *([] if item is None else [item]), hospital),
    )
    return {period: Decimal(amount) for period, amount in rows}
