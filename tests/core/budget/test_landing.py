"""The expected year-end: what is spent and the forecast of the rest, the same whether rows or the total are asked."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.budget.execution import Execution, execution
from core.forecasting import Target, answer
from core.store import Store
from core.warehouse import Warehouse, open_warehouse
from tests.fixtures.forecast_store import amount, long_store
from tests.small import FakeStore, fill


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("landing")
    return long_store(folder / "data")


@pytest.fixture
def warehouse(store: Store) -> Warehouse:
    return open_warehouse(store)


def landed(found: Execution) -> Decimal:
    assert found.landing is not None and found.landing.how == "forecast"
    return found.landing.amount


def test_the_total_is_the_sum_of_its_rows_to_the_fen_and_what_the_forecast_page_says(
    warehouse: Warehouse,
) -> None:
    found = execution(warehouse, "H1", 202506)
    whole = landed(found)
    for parts in (found.depts, found.items, found.cells):
        assert sum(part.sums.year_end or 0 for part in parts) == whole
    assert whole == found.total.year_end and found.landing
    assert found.landing.rate == whole / Decimal(6_012_000)
    rest = [month for month, _ in found.landing.rest]
    assert rest == [202507, 202508, 202509, 202510, 202511, 202512]
    assert (found.total.spent or 0) + sum(yuan for _, yuan in found.landing.rest) == whole
    page = answer(warehouse, "H1", Target("cost"), 12)
    assert page.year_end is not None and page.year_end[2] == whole


def test_a_department_and_an_item_alone_land_where_their_row_lands(warehouse: Warehouse) -> None:
    found = execution(warehouse, "H1", 202506)
    for part in found.depts:
        assert part.dept is not None
        alone = execution(warehouse, "H1", 202506, dept=part.dept.code)
        assert landed(alone) == part.sums.year_end
        assert alone.landing and alone.landing.low and alone.landing.high
        assert alone.landing.low < alone.landing.amount < alone.landing.high
    drugs = execution(warehouse, "H1", 202506, item="drugs")
    assert landed(drugs) == next(part.sums.year_end for part in found.items if part.item == "drugs")
    ward = next(part for part in found.depts if part.dept and part.dept.code == "0403")
    truth = sum(amount(24 + month, 150_000) for month in range(12))
    assert abs((ward.sums.year_end or 0) / truth - 1) < Decimal("0.03")
    # the clinic planned drugs and never bought any: its forecast goes to what it spends
    clinic = {part.item: part.sums.year_end for part in found.cells if part.dept and part.dept.code == "0401"}
    assert clinic["drugs"] == 0 and (clinic["staff"] or 0) > 700_000


def test_only_what_was_known_then_counts(warehouse: Warehouse) -> None:
    """In March the ward's drugs are forecast from March on; the year's own months after it change nothing."""
    march = execution(warehouse, "H1", 202503)
    assert march.landing and [month for month, _ in march.landing.rest][:2] == [202504, 202505]
    assert landed(march) != landed(execution(warehouse, "H1", 202506))


def test_a_short_history_follows_the_rule(tmp_path: Path) -> None:
    fake = fill(FakeStore(tmp_path), 202501, 202502)
    fake.put("budget", [], periods=[202501, 202502])
    plan = {"period": 202500, "dept_code": "0401", "item_code": "6001", "version": "年初预算"}
    fake.put("budget", [{**plan, "amount": Decimal("2160000.00")}], source="cost")
    opened = open_warehouse(fake)
    opened.ensure("H1", 202501)
    opened.ensure("H1", 202502)
    found = execution(opened, "H1", 202502)
    assert found.landing is not None and found.landing.how == "rule"
    # 200,000 a month of 0401: twelve months of it
    clinic = next(part for part in found.depts if part.dept and part.dept.code == "0401")
    assert clinic.sums.year_end == Decimal("2400000.00")
    assert found.landing.amount == sum(part.sums.year_end or 0 for part in found.depts)
