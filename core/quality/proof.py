"""Whether a month's allocation is proven, by which drivers it ran, and what it had to divide."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.allocation import AllocationError
from core.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Proven:
    """One identity of the month: `difference` in yuan, `place` where it is largest."""

    name: str
    ok: bool
    difference: Decimal
    place: str


@dataclass(frozen=True, slots=True)
class Fallback:
    """Another driver than the first choice. `planned`: a later choice of the same rule; else the last resort.

    used is 'unallocated' where no driver had data; amount in yuan.
    """

    step: int
    dept_code: str
    dept_name: str
    item_class: str
    wanted: str
    used: str
    planned: bool
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Proof:
    """cost is the yuan of the month's ledger, None without one; `why` says why the month could not be allocated."""

    identities: tuple[Proven, ...]
    fallbacks: tuple[Fallback, ...]
    cost: Decimal | None
    why: str = ""


_CHECK = """
select name, ok, difference::decimal(18, 2) as difference, coalesce(place, '') as place
from mart_allocation_check where hospital = ? and period = ? order by name
"""
_FALLBACK = """
select step, dept_code, dept_name, item_class, wanted, used, planned, sum(amount)::decimal(18, 2) as amount
from mart_fallback where hospital = ? and period = ?
group by all order by abs(sum(amount)) desc, dept_code, item_class
"""
_COST = "select sum(amount)::decimal(18, 2) from stg_cost where hospital = ? and period = ?"


def proof(warehouse: Warehouse, hospital: str, period: int) -> Proof:
    """Identities, fallbacks and cost of a month, allocating it first if that was not done yet."""
    ((cost,),) = warehouse.query(_COST, (hospital, period))
    try:
        warehouse.ensure(hospital, period)
    except AllocationError as problem:
        return Proof((), (), cost, str(problem))
    return Proof(
        tuple(Proven(**row) for row in warehouse.rows(_CHECK, (hospital, period))),
        tuple(Fallback(**row) for row in warehouse.rows(_FALLBACK, (hospital, period))),
        cost,
    )
