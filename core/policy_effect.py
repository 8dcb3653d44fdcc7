"""What another allocation policy would do to one month: the same figures computed twice, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.allocation import Policy
from core.scenario import Scenario
from core.store import Snapshot, Store
from core.warehouse import Warehouse, open_warehouse

GIVING = ("admin", "auxiliary", "technical")


@dataclass(frozen=True, slots=True)
class Shift:
    """Full cost before and after, in yuan. `code` is a department, or 'class care_setting' for a group."""

    code: str
    name: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """after - before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """One month under two policies, scope medical.

    groups        receiving class and care setting, and what stays unallocated (code 'unallocated'); the sums before
                  and after are equal
    departments   receiving departments, the largest change first
    """

    period: int
    groups: tuple[Shift, ...]
    departments: tuple[Shift, ...]

    @property
    def moved(self) -> Decimal:
        """Yuan that land elsewhere: half of the sum of all changes."""
        return sum((abs(one.difference) for one in self.departments), Decimal(0)) / 2


_FULL = """
select dept_code, max(dept_name), max(dept_class), max(care_setting), allocated, sum(amount)::decimal(18, 2)
from mart_full_cost where hospital = ? and period = ? and scope = 'medical' group by dept_code, allocated
"""


def overlay(policy: Policy) -> Scenario:
    """The policy as a what-if: its method and the preference of drivers of each class that gives."""
    return Scenario(
        method=policy.method,
        drivers=tuple((name, policy.rule(name).drivers) for name in GIVING),
        order=policy.order,
    )


def policy_effect(
    store: Store, snapshot: Snapshot, hospital: str, period: int, policy: Policy
) -> PolicyEffect:
    """Full cost of a month as stored and under `policy`.

    Raises:
        AllocationError: the policy does not fit the month's data; the sentence says what to change.
    """
    actual = open_warehouse(store, snapshot)
    other = open_warehouse(store, snapshot, overlay(policy))
    before, after = _full(actual, hospital, period), _full(other, hospital, period)
    groups: dict[str, list[Decimal]] = {}
    departments: dict[str, list[Decimal]] = {}
    names: dict[str, str] = {}
    for side, rows in enumerate((before, after)):
        for code, name, kind, care, allocated, amount in rows:
            group = f"{kind} {care}" if allocated else "unallocated"
            groups.setdefault(group, [Decimal(0), Decimal(0)])[side] += amount
            departments.setdefault(code, [Decimal(0), Decimal(0)])[side] += amount
            names[code] = name
    shifts = [Shift(code, names[code], *sides) for code, sides in departments.items()]
    return PolicyEffect(
        period,
        tuple(Shift(code, "", *sides) for code, sides in sorted(groups.items())),
        tuple(sorted(shifts, key=lambda one: (-abs(one.difference), one.code))),
    )


def _full(warehouse: Warehouse, hospital: str, period: int) -> list[tuple[str, str, str, str, bool, Decimal]]:
    warehouse.ensure(hospital, period)
    return warehouse.query(_FULL, (hospital, period))
