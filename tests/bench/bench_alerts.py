"""Every rule over 36 months and 115 departments: target 2 s, beside one bare pass over the same department months."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from core import engine
from core.alerts.evaluate import of_tables
from core.settings import Settings
from tests.bench.timing import paired
from tests.core.alerts.tables import BUDGET, MONTHS, REPORTED

DEPARTMENTS, YEARS = 115, (2023, 2024, 2025)
ITEMS = ("staff", "materials", "drugs", "depreciation", "amortisation", "risk_fund", "other")
METRICS = {"claims_refused": 31, "readmissions": 31, "drg_group_cost": 60, "purchase_price": 40, "device_health": 20,
           "project_budget": 12, "out_of_path_approved": 31, "drug_stock_price": 40, "vendor_fee": 8}  # fmt: skip


def hospital() -> tuple[pa.Table, pa.Table, pa.Table]:
    """Department months, budget execution by item, and operation values of a large hospital; the same every time."""
    draw = np.random.default_rng(7)
    periods = [year * 100 + month for year in YEARS for month in range(1, 13)]
    places = [
        {"dept_code": f"{n:04}", "dept_name": f"dept {n} " + ("surgery" if n % 3 else "medicine"),
         "dept_class": "clinical" if n < 75 else "admin", "care_setting": "inpatient" if n < 35 else "outpatient"}
        for n in range(DEPARTMENTS)
    ]  # fmt: skip

    def yuan(low: int, high: int) -> Decimal:
        return Decimal(int(draw.integers(low * 100, high * 100))) / 100

    months = [
        {**place, "period": period, "discharges": int(draw.integers(20, 300)),
         **{name: yuan(100_000, 900_000) for name in MONTHS.names[5:-1]}}
        for place in places for period in periods
    ]  # fmt: skip
    budget = []
    for place in places:
        for item in ITEMS:
            actual = planned = Decimal(0)
            for period in periods:
                if period % 100 == 1:
                    actual = planned = Decimal(0)
                spent, plan = yuan(8_000, 120_000), yuan(8_000, 120_000)
                actual, planned = actual + spent, planned + plan
                budget.append({**place, "period": period, "direction": "cost", "item_class": item, "months": period % 100,
                               "actual": spent, "budget": plan, "cumulative": actual, "cumulative_budget": planned,
                               "annual": Decimal(768_000)})  # fmt: skip
    reported = [
        {"period": period, "dept_code": f"{n:04}", "dept_name": "d", "metric": metric, "object_code": f"O{n}",
         "object_name": f"O{n}", "numerator": yuan(10, 300), "denominator": yuan(100, 30_000)}
        for metric, count in METRICS.items() for n in range(count) for period in periods
    ]  # fmt: skip
    return (
        pa.Table.from_pylist(months, MONTHS), pa.Table.from_pylist(budget, BUDGET), pa.Table.from_pylist(reported, REPORTED),
    )  # fmt: skip


def main() -> None:
    """Median of five evaluations; the bare pass adds up every department month once."""
    months, budget, reported = hospital()
    connection = engine.connect()
    fired = of_tables(connection, months, budget, reported, Settings("H1")).rows.num_rows
    line = paired(
        f"all rules, 36 months x 115 departments, {fired:,} rows fired",
        lambda: of_tables(connection, months, budget, reported, Settings("H1")),
        "one sum over the department months",
        lambda: engine.query(connection, BARE, (), {"months": months}),
        target="<= 2 s",
    )
    print(line)


BARE = "select dept_code, sum(direct_medical), sum(income_ordered) from months group by all"


if __name__ == "__main__":
    main()
