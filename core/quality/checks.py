"""What two systems say of the same money: payroll against the ledger, charged prices against the price list; and what a
budget says of one year, by month and as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.warehouse import Warehouse

MOST = 200  # of each kind


@dataclass(frozen=True, slots=True)
class Check:
    """One disagreement. `kind`: payroll (a department's staff cost in yuan: booked, paid) · above (a charge item: list
    price, price charged) · unlisted (a charge item the list does not have) · budget (a department's item: its line for the
    year, the sum of its lines for months, which is more, or differs with all twelve stated). `difference` is in yuan, None
    where there is nothing to compare with."""

    kind: str
    code: str
    name: str
    expected: Decimal | None
    found: Decimal | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class Checks:
    """The disagreements of a month: of each kind the largest, at most MOST, and how many there are of it in all."""

    shown: tuple[Check, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """All disagreements, shown or not."""
        return sum(self.counts.values())


# weight: what a line is worth looking at, in yuan. A department that only one system knows weighs all it has there.
_CHECKS = """
with said as (
select 'payroll' as kind, dept_code as code, dept_name as name, cast(booked as decimal(18, 4)) as expected,
       cast(paid as decimal(18, 4)) as found, difference,
       abs(coalesce(difference, booked, paid)) as weight
from mart_payroll_check where hospital = $1 and period = $2 and difference is distinct from 0
union all
select reason, charge_code, charge_name, cast(list_price as decimal(18, 4)), cast(unit_price as decimal(18, 4)), over,
       abs(coalesce(over, amount))
from mart_price_check where hospital = $1 and period = $2
union all
select 'budget', coalesce(dept_code, dept_code_raw, ''), coalesce(dept_name, dept_name_raw, '') || ' ' || item_name,
       cast(year_line as decimal(18, 4)), cast(month_lines as decimal(18, 4)), month_lines - year_line,
       abs(month_lines - year_line)
from stg_budget
where hospital = $1 and period // 100 = $2 // 100 and in_force and month_lines is not null and year_line is not null
group by all
having month_lines > year_line or (month_lines <> year_line and count(distinct period) filter (not annual) = 12)
)
select * exclude (weight), count(*) over (partition by kind) from said
qualify row_number() over (partition by kind order by weight desc, code, found) <= $3
order by kind, weight desc, code, found
"""


def checks(warehouse: Warehouse, hospital: str, period: int, most: int = MOST) -> Checks:
    """The disagreements of a month, kind by kind, the largest first."""
    rows = warehouse.query(_CHECKS, [hospital, period, most])
    return Checks(tuple(Check(*row) for *row, _ in rows), {kind: count for kind, *_, count in rows})
