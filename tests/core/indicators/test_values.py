"""mart_indicator_fact, mart_indicator_value, mart_indicator: spans, gaps, ratios stated alone, targets, lights."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import engine
from core.indicators.score import score
from core.staging.sql import views
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore, dictionary

MONTHS = (202401, 202501, 202502, 202503)


def ops(
    period: int, metric: str, dept: str | None, top: str, bottom: str | None = None, **more: str
) -> dict[str, Any]:
    return {"period": period, "dept_code": dept, "metric": metric, "numerator": D(top),
            "denominator": bottom and D(bottom)} | more  # fmt: skip


def opened(
    tmp_path: Path, rows: list[dict[str, Any]], targets: list[dict[str, Any]] | None = None
) -> Warehouse:
    store = FakeStore(tmp_path)
    store.put("dept", dictionary())
    store.put("operation_value", rows, source="ops")
    if targets:
        store.record("settings", key="targets", json=json.dumps(targets), by="x")
    return open_warehouse(store)


def value(
    warehouse: Warehouse, code: str, period: int, span: str, dept: str = "*", caliber: str = "main"
) -> Any:
    rows = warehouse.query(
        "select value, reason, reason_of from mart_indicator where indicator = ? and period = ? and span = ? and dept_code = ?"
        " and caliber = ?",
        [code, period, span, dept, caliber],
    )
    return rows[0] if rows else None


def test_longer_spans_divide_sums_and_never_average(tmp_path: Path) -> None:
    refused = [(202501, "10", "100"), (202502, "90", "300"), (202503, "0", "600")]
    warehouse = opened(tmp_path, [ops(p, "claims_refused", "0401", a, b) for p, a, b in refused])
    assert value(warehouse, "C07", 202502, "month") == (D("0.3"), None, None)
    assert value(warehouse, "C07", 202502, "ytd") == (
        D("0.25"),
        None,
        None,
    )  # 100 / 400, not the mean of 0.1 and 0.3
    assert value(warehouse, "C07", 202503, "quarter") == (D("0.1"), None, None)
    assert (
        value(warehouse, "C07", 202503, "year") is None and value(warehouse, "C07", 202502, "quarter") is None
    )
    assert (
        value(warehouse, "C07", 202503, "ytd", "0401")[0]
        == value(warehouse, "C07", 202503, "ytd", "*clinical")[0]
    )


def test_a_hospital_figure_goes_before_the_sum_of_departments(tmp_path: Path) -> None:
    rows = [
        ops(202501, "complaints", "0401", "3"),
        ops(202501, "complaints", "0402", "4"),
        ops(202501, "complaints", None, "9"),
    ]
    warehouse = opened(tmp_path, rows)
    facts = "select level, dept_code, amount from mart_indicator_fact where fact = 'complaints' order by 1, 2"
    assert warehouse.query(facts) == [
        ("class", "*clinical", 7), ("department", "0401", 3), ("department", "0402", 4), ("hospital", "*", 9)
    ]  # fmt: skip


def test_ratios_stated_alone_stand_for_their_month_only(tmp_path: Path) -> None:
    alone = [{"period": p, "dept_code": d, "metric": "claims_refused", "value": D(v)}
             for p, d, v in ((202501, "0401", "3.5"), (202502, "0401", "2.5"), (202502, "0402", "4"))]  # fmt: skip
    warehouse = opened(tmp_path, alone)
    assert value(warehouse, "C07", 202501, "month", "0401") == (D("0.035"), None, None)
    assert value(warehouse, "C07", 202501, "month") == (D("0.035"), None, None)
    assert value(warehouse, "C07", 202502, "month") == (None, "stated", None)
    assert value(warehouse, "C07", 202502, "ytd", "0401") == (None, "stated", None)


def test_states_at_the_end_take_the_newest_month(tmp_path: Path) -> None:
    rows = [ops(202501, "debt_ratio", None, "40", "100"), ops(202502, "debt_ratio", None, "60", "120")]
    warehouse = opened(tmp_path, rows)
    assert value(warehouse, "F29", 202502, "ytd") == (D("0.5"), None, None)


def test_parts_of_different_months_are_not_divided(tmp_path: Path) -> None:
    rows = [
        ops(202501, "energy_cost", None, "5"),
        ops(202502, "energy_cost", None, "5"),
        ops(202502, "total_income", None, "100"),
    ]
    warehouse = opened(tmp_path, rows)
    assert value(warehouse, "F26", 202502, "month") == (D("500"), None, None)
    assert value(warehouse, "F26", 202502, "ytd") == (None, "months", None)


def test_what_is_missing_names_its_extract_and_a_zero_divisor_is_told(tmp_path: Path) -> None:
    rows = [ops(202501, "claims_refused", None, "0", "0"), ops(202501, "falls", "0401", "1")]
    warehouse = opened(tmp_path, rows)
    assert value(warehouse, "F01", 202501, "month") == (None, "missing", "income")
    assert value(warehouse, "C20", 202501, "month") == (None, "missing", "workload_ip")
    assert value(warehouse, "C05", 202501, "ytd") == (None, "missing", "operation_value")
    assert value(warehouse, "C07", 202501, "month") == (None, "zero", None)
    assert value(warehouse, "C20", 202501, "month", "0401") == (None, "missing", "workload_ip")
    counted = "select count(*), count(distinct indicator) from mart_indicator_value where dept_code = '*' and span = 'month'"
    assert warehouse.query(counted) == [(157, 136)]


def test_growth_is_against_the_same_span_a_year_earlier(tmp_path: Path) -> None:
    rows = [ops(p, "referrals", None, n) for p, n in ((202401, "10"), (202501, "12"), (202502, "5"))]
    warehouse = opened(tmp_path, rows)
    assert value(warehouse, "C16", 202501, "month") == (D("0.2"), None, None)
    assert value(warehouse, "C16", 202502, "month") == (None, "before", None)


# The golden values of the scheme's oncology case: baseline -> 60, target -> 100.
GOLDEN = [("F01", "0.38", "0.30", "0.33", 85), ("P01", "12", "9", "10.5", 80), ("C01", "85", "90", "92", 116)]


@pytest.mark.parametrize(("code", "baseline", "target", "actual", "points"), GOLDEN)
def test_golden_scores(code: str, baseline: str, target: str, actual: str, points: int) -> None:
    better = "higher" if code == "C01" else "lower"
    assert score(better, D(actual), D(baseline), D(target)) == points
    assert score(better, D(baseline), D(baseline), D(target)) == 60
    assert score(better, D(target), D(baseline), D(target)) == 100


def test_scores_and_lights_in_the_mart_with_the_target_in_force(tmp_path: Path) -> None:
    rows = [
        ops(202501, "satisfaction", d, n, "100") for d, n in (("0401", "92"), ("0402", "86"), ("0403", "80"))
    ]
    rows += [ops(202502, "satisfaction", "0401", "92", "100")]
    aimed = {"indicator": "C01", "since": 202401, "baseline": "85", "target": "90"}
    targets = [aimed, aimed | {"dept": "*clinical"}, aimed | {"dept": "0403", "baseline": "70", "target": "80"},
               aimed | {"since": 202502, "target": "99", "dept": "*clinical"}]  # fmt: skip
    warehouse = opened(tmp_path, rows, targets)
    assert warehouse.query("select count(*), min(until) from stg_target") == [(4, 202502)]
    found = warehouse.query(
        "select dept_code, target, score, status from mart_indicator where indicator = 'C01' and period = 202501 and span = "
        "'month' order by 1"
    )
    assert found == [
        ("*", 90, 68, "yellow"), ("*clinical", 90, 68, "yellow"), ("0401", 90, 116, "green"), ("0402", 90, 68, "yellow"),
        ("0403", 80, 100, "green"),
    ]  # fmt: skip
    later = "select target from mart_indicator where indicator = 'C01' and period = 202502 and span = 'month' and dept_code = '0401'"
    assert warehouse.query(later) == [(99,)]


def test_a_target_of_a_sum_is_for_the_year_and_a_month_has_its_twelfth(tmp_path: Path) -> None:
    rows = [ops(p, "suggestion_savings", None, "150000") for p in (202501, 202502, 202503)]
    rows += [ops(p, "drg_groups", None, "400") for p in (202501, 202502, 202503)]
    aims = [{"indicator": "L04", "since": 202401, "baseline": "1200000", "target": "1800000"},
            {"indicator": "P12", "since": 202401, "baseline": "300", "target": "400"}]  # fmt: skip
    warehouse = opened(tmp_path, rows, aims)
    found = warehouse.query(
        "select indicator, span, value, target, score from mart_indicator where period = 202503 and target is not null "
        "order by 1, 2"
    )
    assert found == [
        ("L04", "month", 150000, 150000, 100), ("L04", "quarter", 450000, 450000, 100), ("L04", "ytd", 450000, 450000, 100),
        ("P12", "month", 400, 400, 100), ("P12", "quarter", 400, 400, 100), ("P12", "ytd", 400, 400, 100),
    ]  # fmt: skip


numbers = st.decimals(min_value=-1000, max_value=1000, places=2)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["lower", "higher", "range", "watch"]), *[st.none() | numbers] * 5)
def test_macro_indicator_score_is_the_rule_of_core(
    better: str,
    v: Decimal | None,
    baseline: Decimal | None,
    target: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
) -> None:
    expected = score(better, v, baseline, target, low, high)
    names = {"v": v, "baseline": baseline, "target": target, "low": low, "high": high}
    values = ", ".join(f"cast({'null' if n is None else n} as double) as {k}" for k, n in names.items())
    body = views()["indicator_score"].body
    ((found,),) = engine.query(CONNECTION, f"select {body} from (select '{better}' as better, {values})")
    assert (found is None) == (expected is None)
    assert found is None or abs(Decimal(found) - expected) < D("0.0001")


CONNECTION = engine.connect()


def test_macro_indicator_value_of_growth_needs_both_years() -> None:
    body = views()["indicator_value"].body
    sql = f"select {body} from (select 'growth' as kind, '' as function, 1 as times, 6.0 as n, 2.0 as d, 4.0 as n0, 2.0 as d0)"
    assert engine.query(CONNECTION, sql) == [(0.5,)]
