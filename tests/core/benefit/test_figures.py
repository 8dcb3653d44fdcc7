"""Improvements against the figures of the hospital: the price of an hour, indicators before and after, the quadrant."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.benefit.book import Improvement, Kept
from core.benefit.direct import Direct
from core.benefit.figures import evaluated, hourly
from core.settings import Settings
from core.warehouse import Warehouse, open_warehouse
from tests.small import HEADCOUNT, STAFF, D, FakeStore, dictionary, ledger

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
NOBODY = Settings("H1")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """January of two years: staff cost and people of the golden hospital; satisfaction 80 -> 88, reports 4 h -> 1 h."""
    store = FakeStore(tmp_path_factory.mktemp("benefit"))
    store.put("dept", dictionary())
    store.put("cost_item", [{"item_code": "s", "item_name": "s", "item_class": "staff"}])
    for period, points, hours in ((202401, "80", "4"), (202501, "88", "1")):
        lines = [{**row, "item_code": "s", "period": period} for row in ledger(period)]
        store.put("ledger_cost", lines)
        store.put("staff_count", [{"period": period, "dept_code": code, "staff_group": "all", "headcount": n}
                                  for code, n in HEADCOUNT.items()])  # fmt: skip
        rows = [("satisfaction", points, "100"), ("lab_turnaround", hours, "1")]
        store.put("operation_value", [
            {"period": period, "metric": name, "numerator": D(top), "denominator": D(bottom)} for name, top, bottom in rows
        ], source="ops")  # fmt: skip
    opened = open_warehouse(store)  # type: ignore[arg-type]
    for period in (202401, 202501):
        opened.ensure("H1", period)
    return opened


def made(direct: Direct, before: int = 202401, **more: object) -> Kept:
    what = Improvement("x", "it", 202406, before, 202501, direct=direct, cases=("P29",), **more)  # type: ignore[arg-type]
    return Kept(1, what, "x", AT)


def test_an_hour_costs_what_staff_cost_a_month_over_their_hours(warehouse: Warehouse) -> None:
    found = hourly(warehouse, NOBODY, "H1", 202501)
    staff, people = sum(map(D, STAFF.values()), Decimal(0)), sum(HEADCOUNT.values())
    assert found is not None and (found.staff, found.people, found.months) == (staff, people, 1)
    assert found.yuan == round(staff / (people * Decimal(2000) / 12), 2)
    assert hourly(warehouse, NOBODY, "H1", 202301) is None


def test_a_price_far_above_the_hospitals_own_is_said(warehouse: Warehouse) -> None:
    low, high = (
        evaluated(warehouse, NOBODY, "H1", made(Direct(Decimal(1), Decimal(1), fen)))
        for fen in (20_00, 300_00)
    )
    assert (low.price_high, high.price_high) == (False, True)


@pytest.mark.parametrize(
    ("direct", "quadrant"),
    [(Direct(saved=100), "active"), (Direct(yearly=100), "bought")],
)
def test_indicators_before_and_after_and_the_quadrant(
    warehouse: Warehouse, direct: Direct, quadrant: str
) -> None:
    found = evaluated(warehouse, NOBODY, "H1", made(direct))
    assert (found.patients.before, found.patients.after, found.patients.change) == (80, 88, 8)
    (case,) = found.cases
    assert (case.before, case.after, case.better) == (4, 1, True)
    assert found.quadrant == quadrant


def test_without_figures_of_satisfaction_there_is_no_quadrant(warehouse: Warehouse) -> None:
    found = evaluated(warehouse, NOBODY, "H1", made(Direct(saved=100), before=202312))
    assert found.satisfaction is None and found.quadrant == "" and found.cases[0].better is None
