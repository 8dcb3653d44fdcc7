"""What two systems say of the same money: payroll against the ledger, charged prices against the price list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.warehouse import Warehouse

MOST = 200


@dataclass(frozen=True, slots=True)
class Check:
    """One disagreement. `kind`: payroll (a department's staff cost in yuan: booked, paid) · above (a charge item: list
    price, price charged) · unlisted (a charge item the list does not have). `difference` is in yuan, None where there is
    nothing to compare with."""

    kind: str
    code: str
    name: str
    expected: Decimal | None
    found: Decimal | None
    difference: Decimal | None


_CHECKS = """
select 'payroll' as kind, dept_code as code, dept_name as name, cast(booked as decimal(18, 4)) as expected,
       cast(paid as decimal(18, 4)) as found, difference
from mart_payroll_check where hospital = $1 and period = $2 and difference is distinct from 0
union all
select reason, charge_code, charge_name, cast(list_price as decimal(18, 4)), cast(unit_price as decimal(18, 4)), over
from mart_price_check where hospital = $1 and period = $2
order by kind, abs(coalesce(difference, 0)) desc, code limit $3
"""


def checks(warehouse: Warehouse, hospital: str, period: int) -> tuple[Check, ...]:
    """The disagreements of a month, the largest of each kind first, at most MOST."""
    return tuple(Check(*row) for row in warehouse.query(_CHECKS, [hospital, period, MOST]))
