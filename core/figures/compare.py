"""Allocation methods side by side: the same month, the same drivers, five ways of closing the departments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from core.scenario import Scenario
from core.store import Snapshot, Store
from core.warehouse import open_warehouse

METHODS = ("three_step", "direct", "step_down", "reciprocal", "double")


@dataclass(frozen=True, slots=True)
class Compared:
    """Full cost of one department by method (yuan). `spread` = largest - smallest; `share` of the smallest."""

    code: str
    name: str
    dept_class: str
    amounts: dict[str, Decimal]

    @property
    def spread(self) -> Decimal:
        """Largest less smallest over the methods."""
        return max(self.amounts.values()) - min(self.amounts.values())

    @property
    def share(self) -> Decimal | None:
        """spread / smallest; None where the smallest is not positive."""
        least = min(self.amounts.values())
        return self.spread / least if least > 0 else None


def compare(
    store: Store,
    snapshot: Snapshot,
    hospital: str,
    period: int,
    scope: str,
    base: Scenario,
    methods: tuple[str, ...] = METHODS,
) -> tuple[Compared, ...]:
    """Every receiving department under every method, the widest spread first.

    Sums agree over methods: each conserves the month's cost to the fen (what stays unallocated may differ).
    """
    by_dept: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    for method in methods:
        warehouse = open_warehouse(store, snapshot, replace(base, method=method))
        warehouse.ensure(hospital, period)
        rows = warehouse.query(
            "select dept_code, dept_name, dept_class, sum(amount) from mart_full_cost"
            " where hospital = ? and period = ? and scope = ? and allocated group by all",
            (hospital, period, scope),
        )
        for code, name, dept_class, amount in rows:
            by_dept.setdefault((code, name, dept_class), {})[method] = amount
    made = [
        Compared(*key, {method: found.get(method, Decimal(0)) for method in methods})
        for key, found in by_dept.items()
    ]
    return tuple(sorted(made, key=lambda entry: (-entry.spread, entry.code)))
