"""What one hospital-month is made of, read from staging once: cost, income, volumes, budget, services, parameters."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from core.staging import Staging
from core.staging.sql import MONTH, views

Pair = tuple[str, str]
KEPT_MONTHS = 24


@dataclass(frozen=True, eq=False)
class Month:
    """One hospital-month before allocation.

    departments   code -> class, ascending codes, the whole dictionary; class '' where the dictionary has none
    settings      code -> care setting (outpatient, inpatient, none)
    tables        month_direct, month_income and the others as Arrow tables (the month_*.sql files)
    services      (serving, receiving) -> quantity
    ordered       (executing, ordering) -> income in yuan
    params        (source or '', target, item code, item class, arrives as, arrives class, parameter) -> value
    steps         (level, source, item code, item class, parameter) of the hospital's own order
    """

    hospital: str
    period: int
    departments: dict[str, str]
    settings: dict[str, str]
    tables: dict[str, pa.Table]
    services: dict[Pair, Decimal]
    ordered: dict[Pair, Decimal]
    params: tuple[tuple[Any, ...], ...]
    steps: tuple[tuple[Any, ...], ...]


INCOME_VIEWS = {"income": "stg_income", "income_detail": "stg_income_detail", "charge_line": "stg_charge"}


def income_view(staging: Staging, hospital: str, period: int) -> str:
    """The view whose lines are the income of the month: the first of E04, E05, E06 that has any."""
    for extract, view in INCOME_VIEWS.items():
        if any(f.hospital == hospital and f.period == period for f in staging.files[extract]):
            return view
    return "stg_income"


# Month queries that are not worth planning where none of their extracts has a line: most months of most hospitals.
MADE_OF = {
    "month_metric": ("visit", "order", "lab_exam", "payroll"),
    "month_charged": ("income_detail", "charge_line"),
}
_empties: dict[str, pa.Table] = {}


def _has(staging: Staging, name: str, hospital: str, period: int) -> bool:
    """Whether a month query has anything to read."""
    return name not in MADE_OF or any(
        file.hospital == hospital and file.period == period
        for extract in MADE_OF[name]
        for file in staging.files[extract]
    )


def _empty(staging: Staging, name: str) -> pa.Table:
    """What a month query answers to no lines; asked once per process."""
    if name not in _empties:
        _empties[name] = staging.arrow(views()[name].body, ["", 0])
    return _empties[name]


_months: OrderedDict[tuple[str, str, str, int], Month] = OrderedDict()
_lock = threading.Lock()


def read_month(staging: Staging, hospital: str, period: int) -> Month:
    """The month as stored; the last few are kept so that a what-if reads nothing again."""
    key = (str(staging.store.root), staging.snapshot.id, hospital, period)
    with _lock:
        if key in _months:
            _months.move_to_end(key)
            return _months[key]
    month = _read(staging, hospital, period)
    with _lock:
        _months[key] = month
        while len(_months) > KEPT_MONTHS:
            _months.popitem(last=False)
    return month


def _read(staging: Staging, hospital: str, period: int) -> Month:
    place = [hospital, period]
    tables = {}
    for name in MONTH:
        if _has(staging, name, hospital, period):
            sql = views()[name].body.replace("stg_income", income_view(staging, hospital, period))
            tables[name] = staging.arrow(sql, place)
        else:
            tables[name] = _empty(staging, name)
    dictionary = staging.query(_DEPARTMENTS, [hospital])
    return Month(
        hospital,
        period,
        {code: dept_class for code, dept_class, _ in dictionary},
        {code: setting for code, _, setting in dictionary},
        tables,
        {
            (source, target): quantity
            for source, target, quantity in staging.query(_SERVICES, place)
            if source and target
        },
        ordered_income(tables["month_income"]),
        tuple(staging.query(_PARAMS, place)),
        tuple(staging.query(_STEPS, [hospital])),
    )


def ordered_income(income: pa.Table) -> dict[Pair, Decimal]:
    """(executing, ordering) -> income in yuan, from a month_income table."""
    sums: dict[Pair, Decimal] = {}
    columns = (income.column(name).to_pylist() for name in ("exec_dept", "order_dept", "amount"))
    for executing, ordering, amount in zip(*columns, strict=True):
        sums[executing, ordering] = sums.get((executing, ordering), Decimal(0)) + amount
    return sums


_DEPARTMENTS = "select dept_code, dept_class, care_setting from stg_dept where hospital = $1 order by 1"
_SERVICES = """
select source_dept, target_dept, sum(quantity) from stg_internal_service
where hospital = $1 and period = $2 group by all"""
# Carried forward: the newest statement of each parameter up to the month; within one key, sources add up.
_PARAMS = """
with valid as (
    select * from stg_alloc_param
    where hospital = $1 and period <= $2 and target_dept is not null and (any_source or source_dept is not null)
    qualify period = max(period) over (partition by param)
)
select coalesce(source_dept, ''), target_dept, item_code, item_class, arrives_as, arrives_class, param, sum(value)
from valid group by all order by all"""
_STEPS = """
select level, source_dept, item_code, item_class, param from stg_alloc_step
where hospital = $1 and source_dept is not null order by level, source_dept, item_code"""
