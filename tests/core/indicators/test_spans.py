"""Spans with gaps, growth over the same months, targets by the months there are, classes, and who lacks what."""

from pathlib import Path
from typing import Any

from core.indicators.define import indicators
from core.indicators.score import score
from core.warehouse import Warehouse
from tests.core.indicators.test_values import opened, ops, value
from tests.small import D


def row(
    warehouse: Warehouse, code: str, period: int, span: str, dept: str = "*", caliber: str = "main"
) -> Any:
    """(value, months, of_months, target, score, reason)"""
    rows = warehouse.query(
        "select value, months, of_months, target, score, reason from mart_indicator where indicator = ? and period = ? "
        "and span = ? and dept_code = ? and caliber = ?",
        [code, period, span, dept, caliber],
    )
    return rows[0] if rows else None


def months(metric: str, amount: str, periods: list[int], dept: str | None = None) -> list[dict[str, Any]]:
    return [ops(period, metric, dept, amount) for period in periods]


def test_growth_compares_the_same_months_of_both_years(tmp_path: Path) -> None:
    """10 referrals a month from October 2024 on: the year 2025 has 12 months, 2024 has 3; that is no growth of 300 %."""
    last, this = [202410, 202411, 202412], [202500 + m for m in range(1, 13)]
    warehouse = opened(tmp_path, months("referrals", "10", last + this))
    assert value(warehouse, "C16", 202512, "year") == (None, "months", None)
    assert value(warehouse, "C16", 202512, "ytd") == (None, "months", None)
    assert value(warehouse, "C16", 202512, "quarter") == (D("0"), None, None)
    assert value(warehouse, "C16", 202512, "month") == (D("0"), None, None)


def test_an_amount_with_missing_months_is_shown_as_such_and_held_against_their_share(tmp_path: Path) -> None:
    """150 000 a month in October to December: 450 000, 3 of 12 months, against 3/12 of the yearly 1 800 000."""
    aims = [{"indicator": "L04", "since": 202401, "baseline": "1200000", "target": "1800000"},
            {"indicator": "C19", "since": 202401, "baseline": "1200000", "target": "600000"}]  # fmt: skip
    rows = months("suggestion_savings", "150000", [202510, 202511, 202512])
    rows += months("compensation", "50000", [202507, 202510, 202512]) + months("referrals", "1", [202501])
    warehouse = opened(tmp_path, rows, aims)
    assert row(warehouse, "L04", 202512, "year") == (450000, 3, 12, 450000, 100, None)
    assert row(warehouse, "L04", 202512, "quarter") == (450000, 3, 3, 450000, 100, None)
    # Lower is better: a gap does not flatter. 150 000 in three months against 3/12 of 600 000.
    assert row(warehouse, "C19", 202512, "ytd") == (150000, 3, 12, 150000, 100, None)


def test_parts_of_as_many_but_other_months_are_not_divided(tmp_path: Path) -> None:
    rows = months("energy_cost", "5", [202501, 202502]) + months("total_income", "200", [202502, 202503])
    warehouse = opened(tmp_path, rows)
    assert value(warehouse, "F26", 202503, "ytd") == (None, "months", None)
    assert value(warehouse, "F26", 202502, "month") == (D("250"), None, None)


def test_a_ratio_of_some_months_says_how_many(tmp_path: Path) -> None:
    rows = [ops(p, "claims_refused", None, "1", "50") for p in (202501, 202503)]
    warehouse = opened(tmp_path, rows)
    assert row(warehouse, "C07", 202503, "quarter")[:3] == (D("0.02"), 2, 3)


def test_one_report_covers_the_quarter_or_year_of_an_indicator_stated_so_seldom(tmp_path: Path) -> None:
    rows = [ops(p, "suggestions", None, "6", "10") for p in (202503, 202506)]
    rows += [ops(202501, "emr_level", None, "5", "1"), *months("referrals", "1", [202506, 202508])]
    warehouse = opened(tmp_path, rows)
    assert row(warehouse, "L03", 202506, "ytd")[:3] == (D("0.6"), 6, 6)
    assert row(warehouse, "L03", 202508, "ytd")[:3] == (D("0.6"), 6, 8)
    assert row(warehouse, "L16", 202506, "ytd")[:3] == (5, 6, 6)


def test_states_at_the_ends_of_different_months_are_not_divided(tmp_path: Path) -> None:
    """Debts are of March, assets only of February; alone, a state of March stands for January to March."""
    rows = [ops(202502, "debt_ratio", None, "40", "100"), ops(202503, "current_ratio", None, "3", "2")]
    warehouse = opened(tmp_path, rows + months("referrals", "1", [202504]))
    assert row(warehouse, "F30", 202504, "ytd")[:3] == (D("1.5"), 3, 4)
    assert row(warehouse, "F29", 202504, "ytd")[:3] == (D("0.4"), 2, 4)


def test_amounts_are_not_made_of_ratios_stated_alone(tmp_path: Path) -> None:
    """97 % of claims paid is no difference of 3 yuan; 12 examinations a day are no volume."""
    rows = [{"period": p, "metric": m, "value": D(v)} for p, m, v in (
        (202501, "claims_paid", "97"), (202401, "device_exams", "10"), (202501, "device_exams", "12"),
        (202501, "stock_turnover", "3.1"))]  # fmt: skip
    warehouse = opened(tmp_path, rows)
    assert value(warehouse, "C09", 202501, "month") == (D("0.97"), None, None)
    assert value(warehouse, "F47", 202501, "month") == (None, "stated", None)
    assert value(warehouse, "P18", 202501, "month") == (None, "stated", None)
    assert value(warehouse, "P15", 202501, "month") == (12, None, None)
    assert value(warehouse, "P19", 202501, "month") == (10, None, None)  # 31 days / 3.1


def test_whoever_has_a_target_has_a_row_that_says_what_is_missing(tmp_path: Path) -> None:
    aims = [{"indicator": "C07", "since": 202401, "baseline": "0.04", "target": "0.02", "dept": "*clinical"},
            {"indicator": "F01", "since": 202401, "baseline": "0.4", "target": "0.3", "dept": "0402"},
            {"indicator": "L03", "since": 202401, "baseline": "0.3", "target": "0.6", "dept": "*technical"}]  # fmt: skip
    rows = [ops(202501, "claims_refused", "0401", "1", "50"), ops(202501, "complaints", "0402", "1")]
    warehouse = opened(tmp_path, rows, aims)
    assert value(warehouse, "C07", 202501, "month", "0401") == (D("0.02"), None, None)
    assert value(warehouse, "C07", 202501, "month", "0402") == (None, "not_here", "operation_value")
    assert value(warehouse, "F01", 202501, "month", "0402") == (None, "missing", "income")
    assert value(warehouse, "L03", 202501, "month", "*technical") == (None, "missing", "operation_value")
    assert (
        value(warehouse, "C07", 202501, "month", "0403") is None
    )  # without any figures it is not there at all


def test_a_target_worse_than_the_baseline_is_a_limit_to_be_kept(tmp_path: Path) -> None:
    """Drug share now 30 %, to stay within 33 %: 32 % meets it and 34 % does not; worse is never better."""
    assert [score("lower", D(v), D("0.30"), D("0.33")) for v in ("0.28", "0.32", "0.33", "0.34", "0.9")] == [
        100, 100, 100, 0, 0
    ]  # fmt: skip
    assert [score("higher", D(v), D("90"), D("85")) for v in ("95", "85", "84")] == [100, 100, 0]


def test_amounts_of_a_class_are_held_against_as_many_targets_as_it_has_departments(tmp_path: Path) -> None:
    """1 200 a year for each clinical department: two departments report 90 each in January, against 2 x 100."""
    aims = [{"indicator": "L04", "since": 202401, "baseline": "600", "target": "1200", "dept": "*clinical"},
            {"indicator": "C07", "since": 202401, "baseline": "0.04", "target": "0.02", "dept": "*clinical"}]  # fmt: skip
    rows = [ops(202501, "suggestion_savings", dept, "90") for dept in ("0401", "0402")]
    rows += [ops(202501, "claims_refused", dept, "1", "50") for dept in ("0401", "0402")]
    warehouse = opened(tmp_path, rows, aims)
    assert row(warehouse, "L04", 202501, "month", "0401")[:5] == (90, 1, 1, 100, 92)
    assert row(warehouse, "L04", 202501, "month", "*clinical")[:5] == (180, 1, 1, 200, 92)
    assert row(warehouse, "C07", 202501, "month", "*clinical")[3:5] == (D("0.02"), 100)


def test_a_department_s_own_target_is_taken_whole(tmp_path: Path) -> None:
    """0401 has a target of 95 and no baseline of its own: it is not scored from the baseline of its class."""
    aims = [{"indicator": "C01", "since": 202401, "baseline": "85", "target": "90", "dept": "*clinical"},
            {"indicator": "C01", "since": 202401, "target": "95", "dept": "0401"},
            {"indicator": "C01", "since": 202401, "dept": "0402"}]  # fmt: skip
    warehouse = opened(
        tmp_path, [ops(202501, "satisfaction", d, "92", "100") for d in ("0401", "0402")], aims
    )
    held = "select dept_code, baseline, target, score from mart_indicator where indicator = 'C01' and level = 'department' order by 1, span"
    assert set(warehouse.query(held)) == {("0401", None, 95, None), ("0402", 85, 90, 116)}


def test_what_flows_past_a_state_is_for_the_year_too(tmp_path: Path) -> None:
    """Expired goods 10 a month of a stock of 1 000: 1 % a month and 3 % in a quarter, against 12 % a year."""
    aims = [{"indicator": "P22", "since": 202401, "baseline": "0.24", "target": "0.12"}]
    rows = [ops(p, "expired", None, "10", "1000") for p in (202501, 202502, 202503)]
    rows += [ops(p, "stock_turnover", None, "2000", "1000") for p in (202501, 202502, 202503)]
    warehouse = opened(tmp_path, rows, aims)
    assert row(warehouse, "P22", 202503, "month")[:5] == (D("0.01"), 1, 1, D("0.01"), 100)
    assert row(warehouse, "P22", 202503, "quarter")[:5] == (D("0.03"), 3, 3, D("0.03"), 100)
    assert value(warehouse, "P20", 202503, "quarter")[0] == 6  # issued 6 000 of a mean stock of 1 000
    assert value(warehouse, "P19", 202503, "quarter")[0] == 15  # 1 000 x 90 days / 6 000
    yearly = {one.code for one in indicators().values() if one.caliber().yearly}
    assert {"P04", "F46", "L20", "P20", "P22", "L02", "L04", "C19"} <= yearly
    assert indicators()["P37"].caliber("per_100_beds").yearly
    assert not yearly & {"F01", "F14", "F29", "L01", "L06", "L09", "P01", "P12", "P15", "P19", "F32", "F33"}


def test_hours_per_head_of_a_year_are_of_the_people_there_not_of_their_sum(tmp_path: Path) -> None:
    """30 hours a quarter for 10 people: 12 hours a head in the year. People trained are not added over quarters."""
    quarters = (202503, 202506, 202509, 202512)
    aims = [{"indicator": "L02", "since": 202401, "baseline": "6", "target": "12"}]
    rows = [ops(p, "training_hours", None, "30", "10") for p in quarters]
    rows += [ops(p, "training", None, "6", "10") for p in quarters]
    warehouse = opened(tmp_path, rows, aims)
    assert row(warehouse, "L02", 202512, "year")[:5] == (12, 12, 12, 12, 100)
    assert row(warehouse, "L02", 202503, "quarter")[:5] == (3, 3, 3, 3, 100)
    assert row(warehouse, "L02", 202503, "month")[3:5] == (3, 100)  # stated by the quarter
    assert value(warehouse, "L01", 202503, "ytd")[0] == D("0.6")
    assert value(warehouse, "L01", 202512, "year") == (None, "distinct", None)
