"""Each rule once on its printed figure: just at the line nothing, just above it an alert, with the terms put in."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest

from core.alerts.evaluate import Tested as Counted
from core.alerts.evaluate import of_tables
from core.alerts.rules import definition, load_definition, rules
from core.alerts.tending import fresh_from
from core.alerts.wording import formula
from core.catalog import DEFINITIONS, DefinitionError
from core.settings import Settings
from tests.core.alerts.tables import BUDGET, CONNECTION, MONTHS, REPORTED, H, dept, fired, found, line, value

JAN25 = [202501, 202502, 202503, 202504]


def parameters(**values: str) -> Settings:
    """Settings in which the hospital set these parameters from 2018 on."""
    rows = {
        name: [{"from": 201801, "value": text, "by": "a", "why": "test"}] for name, text in values.items()
    }
    return Settings(H, other={"parameters": rows})


def test_every_rule_is_there_with_its_printed_limit() -> None:
    assert list(rules()) == [f"A{n:02}" for n in range(1, 19)]
    assert all(one.label.zh and one.label.en and one.cases for one in rules().values())
    assert {case.kind for _, case in definition().cases.values()} == {
        "over", "above", "below", "gap", "band", "pace", "growth", "race", "streak", "sigma", "peer", "price", "age",
    }  # fmt: skip


# -- over budget by ratio: A01, A02, A07, A13, A17 -----------------------------------------------------------------


def test_a01_project_ten_per_cent_over_its_cumulative_budget() -> None:
    """Budget 100 + 100, spent 100 + 120.00: 10 % exactly is no alert, one fen more is."""
    first = value(202501, "project_budget", "100", "100", item="P1", name="电子病历升级")
    at = found(reported=[first, value(202502, "project_budget", "120", "100", item="P1")])
    assert fired(at, "a01") == []
    over = found(reported=[first, value(202502, "project_budget", "120.01", "100", item="P1")])
    (row,) = fired(over, "a01")
    assert (row["period"], row["object_code"], row["a"], row["b"]) == (202502, "P1", D("220.01"), D("200"))
    assert row["actual"] == D("0.10005") and row["line"] == D("0.1") and row["last"]


def budgeted(actual: str, budget: str, months: int = 3, **more: object) -> list[dict[str, object]]:
    """Cumulative figures of the last month only."""
    return [
        line(202500 + months, "1", "1", cumulative=actual, cumulative_budget=budget, annual="400000", **more)
    ]


def test_a02_static_line_of_fifteen_per_cent_year_to_date() -> None:
    assert fired(found(budget=budgeted("115000.00", "100000.00")), "a02") == []
    (row,) = fired(found(budget=budgeted("115000.01", "100000.00")), "a02")
    assert (row["dept_code"], row["a"], row["b"], row["limit_value"]) == (
        "0401",
        D("115000.01"),
        D("100000"),
        D("0.15"),
    )
    assert row["actual"] == D("0.1500001") and row["level"] == 1
    (hospital,) = fired(found(budget=budgeted("115000.01", "100000.00")), "a02_hospital")
    assert hospital["dept_code"] == ""


def test_a02_items_of_a_department_are_added_before_they_are_compared() -> None:
    rows = [*budgeted("60000", "50000", item="materials"), *budgeted("50000", "50000", item="drugs")]
    assert fired(found(budget=rows), "a02") == [], "110000 of 100000 is 10 %"


def test_a02_says_not_enough_before_three_months_and_below_the_least_money() -> None:
    early = found(budget=budgeted("20000.00", "10000.00", months=2))
    assert fired(early, "a02") == [] and len(fired(early, "a02", enough=False)) == 1
    small = found(budget=budgeted("9999.00", "1000.00"))
    assert fired(small, "a02") == [] and len(fired(small, "a02", enough=False)) == 1
    assert small.of("a02").tested == {"a02": Counted(1, 1)}


@pytest.mark.parametrize(("top", "level"), [("150", None), ("150.01", 1), ("160", 1), ("160.01", 2)])
def test_a07_serious_from_fifty_per_cent_and_answered_for_from_sixty(top: str, level: int | None) -> None:
    rows = fired(found(reported=[value(202501, "project_approval", top, "100", item="AI")]), "a07_approval")
    assert [row["limit_value"] for row in rows] == ([D("0.5") if level == 1 else D("0.6")] if level else [])
    assert [row["level"] for row in rows] == ([level] if level else [])


def test_a13_group_cost_above_payment_by_twenty_per_cent() -> None:
    at = value(202501, "drg_group_cost", "12000", "10000", code="0401", item="ES11")
    assert fired(found(reported=[at]), "a13") == []
    (row,) = fired(found(reported=[{**at, "numerator": "12001"}]), "a13")
    assert row["dept_code"] == "0401" and row["object_code"] == "ES11" and row["actual"] == D("0.2001")


def test_a17_any_purchase_above_the_payment_standard() -> None:
    assert fired(found(reported=[value(202501, "drug_stock_price", "10", "10", item="D1")]), "a17") == []
    assert (
        len(fired(found(reported=[value(202501, "drug_stock_price", "10.01", "10", item="D1")]), "a17")) == 1
    )


# -- growth: A03, A08 ----------------------------------------------------------------------------------------------


def race(cost: str, income: str, before: tuple[str, str] = ("100000", "100000")) -> list[dict[str, object]]:
    """January to March of two years with the same total growth in each month."""
    made = []
    for period, (spent, earned) in [(202400, before), (202500, (cost, income))]:
        made += [dept(period + m, direct_medical=spent, income_ordered=earned) for m in (1, 2, 3)]
    return made


def test_a03_cost_growth_against_one_and_two_tenths_of_income_growth() -> None:
    """Income +10 %: the line is 12 %. +12 % is no alert, +12.001 % is. In points the line would be 30 %."""
    assert fired(found(race("112000", "110000")), "a03") == []
    (row,) = fired(found(race("112001", "110000")), "a03")
    assert (row["period"], row["actual"], row["e"], row["line"]) == (
        202503,
        D("0.12001"),
        D("0.1"),
        D("0.12"),
    )
    assert (row["a"], row["b"], row["c"], row["d"]) == (D("336003"), D("300000"), D("330000"), D("300000"))
    points = parameters(alert_dynamic_way="1")
    assert fired(found(race("130000", "110000"), settings=points), "a03") == []
    (row,) = fired(found(race("130001", "110000"), settings=points), "a03")
    assert row["line"] == D("0.3") and row["actual"] == D("0.30001")


def test_a03_income_that_does_not_grow_makes_any_cost_growth_an_alert() -> None:
    (row,) = fired(found(race("100001", "90000")), "a03")
    assert row["line"] == 0 and row["e"] == D("-0.1")
    assert fired(found(race("99999", "90000")), "a03") == []


def test_a03_needs_every_month_of_both_years() -> None:
    rows = [row for row in race("200000", "100000") if row["period"] != 202402]
    assert fired(found(rows), "a03") == []


@pytest.mark.parametrize("lacking", [202402, 202502])
def test_a03_says_nothing_while_a_month_of_income_is_not_there(lacking: int) -> None:
    rows = [
        {**row, "income_ordered": None} if row["period"] == lacking else row
        for row in race("150000", "100000")
    ]
    assert [row["period"] for row in fired(found(rows), "a03")] == []
    assert len(fired(found(race("150000", "100000")), "a03")) == 1


def test_a03_says_nothing_where_the_income_of_last_year_is_not_known() -> None:
    rows = race("101000", "100000")
    unknown = [{**row, "income_ordered": None} if row["period"] < 202500 else row for row in rows]
    result = found(unknown)
    assert fired(result, "a03") == [] and fired(result, "a03", enough=False) == []
    assert result.of("a03").tested["a03"] == Counted(0, 0)


def test_a_figure_dated_ahead_makes_no_month_old() -> None:
    ahead = value(202612, "project_approval", "150.01", "100", item="AI")
    result = found(race("150000", "100000"), reported=[ahead]).of("a03")
    assert result.periods[-1] == 202612 and result.newest == 202503
    assert fresh_from(result, parameters(alert_fresh_months="2")) == 202502


@pytest.mark.parametrize(("charge", "hits"), [("1049.99", 0), ("1050", 1)])
def test_a08_the_hospitals_line_is_reached_at_five_per_cent(charge: str, hits: int) -> None:
    rows = [
        dept(202401, income_inpatient="50000", discharges=50),
        dept(202501, income_inpatient=str(D(charge) * 60), discharges=60),
    ]
    assert len(fired(found(rows), "a08_hospital")) == hits
    assert "≥" in formula(definition().cases["a08_hospital"][1], Settings(H), 202501, "zh")


@pytest.mark.parametrize(("charge", "hits"), [("1080", 0), ("1080.01", 1)])
def test_a08_surgery_eight_per_cent_a_case(charge: str, hits: int) -> None:
    """1000 a case last year with 50 cases; this year 60 cases at `charge`."""
    rows = [dept(202401, name="骨科病区", income_inpatient="50000", discharges=50),
            dept(202501, name="骨科病区", income_inpatient=str(D(charge) * 60), discharges=60)]  # fmt: skip
    assert len(fired(found(rows), "a08_surgical")) == hits
    assert len(fired(found(rows), "a08_hospital")) == 1, "the hospital's line is 5 %"
    medicine = [{**row, "dept_name": "呼吸内科"} for row in rows]
    assert fired(found(medicine), "a08_surgical") == []


def test_a08_says_not_enough_below_thirty_cases() -> None:
    rows = [
        dept(202401, income_inpatient="50000", discharges=50),
        dept(202501, income_inpatient="58000", discharges=29),
    ]
    result = found(rows)
    assert fired(result, "a08_surgical") == [] and len(fired(result, "a08_surgical", enough=False)) == 1


# -- month after month: A04 ----------------------------------------------------------------------------------------


def spent(*amounts: str, budget: str = "20000") -> list[dict[str, object]]:
    return [line(202500 + m, amount, budget) for m, amount in enumerate(amounts, 1)]


def test_a04_three_months_in_a_row() -> None:
    assert fired(found(budget=spent("20001", "20001", "20000", "20001", "20001")), "a04") == []
    (row,) = fired(found(budget=spent("20001", "20002", "20003")), "a04")
    assert (row["period"], row["since"], row["actual"], row["object_code"]) == (
        202503,
        202501,
        3,
        "materials",
    )
    assert (row["a"], row["b"], row["c"], row["d"]) == (D("20003"), D("20000"), D("60006"), D("60000"))


def test_a04_a_longer_run_stays_one_cause_and_a_month_that_is_not_there_ends_it() -> None:
    rows = fired(found(budget=spent("20001", "20001", "20001", "20001", "20001")), "a04")
    assert [(row["actual"], row["since"], row["last"]) for row in rows] == [
        (3, 202501, False), (4, 202501, False), (5, 202501, True),
    ]  # fmt: skip
    gap = [row for row in spent("20001", "20001", "20001", "20001") if row["period"] != 202502]
    assert fired(found(budget=gap), "a04") == []


def test_a04_vendor_three_months_in_a_row() -> None:
    rows = [value(p, "vendor_fee", "31000", "30000", item="V1", name="运维商") for p in JAN25]
    assert [row["actual"] for row in fired(found(reported=rows), "a04_vendor")] == [3, 4]


# -- pace: A05 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "level"),
    [("140000.00", None), ("140000.01", 1), ("160000.01", 2), ("60000.00", None), ("59999", 1)],
)
def test_a05_ten_and_fifteen_points_off_the_time_elapsed(actual: str, level: int | None) -> None:
    """After three months 25 % of 400000 should be spent: 35 % is 140000."""
    rows = fired(found(budget=budgeted(actual, "100000")), "a05")
    assert [row["level"] for row in rows] == ([level] if level else [])
    assert all(row["c"] == 3 and row["b"] == 400000 for row in rows)


# -- limits on measures and metrics: A06, A09, A10, A11, A15, A16 ---------------------------------------------------


def test_a06_a_change_of_eight_per_cent_needs_approval() -> None:
    def changed(top: str) -> int:
        return len(fired(found(reported=[value(202501, "project_change", top, "100", item="P1")]), "a06"))

    assert (changed("8"), changed("0"), changed("10"), changed("9.99")) == (1, 0, 0, 1)


def test_a09_drug_share_of_medicine_forty_and_of_the_hospital_thirty_per_cent() -> None:
    rows = [dept(202501, "0426", "消化内科病区", income_ordered="100000", income_drugs="30000", income_herbs="10000"),
            dept(202501, "0401", "骨科病区", income_ordered="100000", income_drugs="20000")]  # fmt: skip
    at = found(rows)
    assert fired(at, "a09_medicine") == [] and fired(at, "a09_hospital") == []
    above = found([{**rows[0], "income_herbs": "10000.01"}, rows[1]])
    assert [row["dept_code"] for row in fired(above, "a09_medicine")] == ["0426"]
    (hospital,) = fired(above, "a09_hospital")
    assert hospital["a"] == D("60000.01") and hospital["b"] == 200000
    said = Settings(H, other={"specialties": {"0426": "surgical"}})
    assert fired(found([{**rows[0], "income_herbs": "20000"}], settings=said), "a09_medicine") == []


@pytest.mark.parametrize(
    ("name", "metric", "at", "over", "bottom"),
    [("a10", "claims_refused", "2000", "2000.01", "100000"), ("a11", "readmissions", "5", "6", "100"),
     ("a16", "out_of_path_approved", "5000", "4999.99", "5000")],
)  # fmt: skip
def test_limits_on_metrics(name: str, metric: str, at: str, over: str, bottom: str) -> None:
    assert fired(found(reported=[value(202501, metric, at, bottom, code="0401")]), name) == []
    (row,) = fired(found(reported=[value(202501, metric, over, bottom, code="0401")]), name)
    assert row["dept_code"] == "0401" and row["b"] == D(bottom)


def test_a11_needs_thirty_discharges() -> None:
    result = found(reported=[value(202501, "readmissions", "3", "29")])
    assert fired(result, "a11") == [] and len(fired(result, "a11", enough=False)) == 1


def test_a15_a_device_below_sixty() -> None:
    assert fired(found(reported=[value(202501, "device_health", "60", "100", item="MR1")]), "a15") == []
    (row,) = fired(found(reported=[value(202501, "device_health", "59.9", "100", item="MR1")]), "a15")
    assert row["actual"] == D("59.9") and row["line"] == 60


# -- unusual: A12, A14 ---------------------------------------------------------------------------------------------


def cases(
    *materials: int, discharges: int = 100, code: str = "0401", start: int = 202401
) -> list[dict[str, object]]:
    return [
        dept(start + m, code, direct_materials=str(amount), discharges=discharges)
        for m, amount in enumerate(materials)
    ]


def test_a12_two_standard_deviations_above_the_own_past() -> None:
    """Past 90, 100, 110 a case: mean 100, deviation 10. 120 is z = 2, no alert; 120.01 is."""
    assert fired(found(cases(9000, 10000, 11000, 12000)), "a12_own") == []
    (row,) = fired(found(cases(9000, 10000, 11000, 12001)), "a12_own")
    assert (row["c"], row["d"], row["e"], row["actual"]) == (D("100"), D("10"), 3, D("2.001"))
    short = found(cases(9000, 11000, 99000))
    assert fired(short, "a12_own") == [] and len(fired(short, "a12_own", enough=False)) == 1, (
        "two months are no past"
    )
    steady = found(cases(10000, 10000, 10000, 10001))
    assert fired(steady, "a12_own") == [], "without any spread there is no deviation"


def test_a12_thirteen_tenths_of_the_median_of_comparable_departments() -> None:
    others = [row for n, amount in enumerate((9000, 10000, 11000)) for row in cases(amount, code=f"050{n}")]
    assert fired(found([*others, *cases(13650)]), "a12_peer") == [], "the median of four is 10500"
    (row,) = fired(found([*others, *cases(13651)]), "a12_peer")
    assert (row["dept_code"], row["c"], row["d"]) == ("0401", D("105"), 4)
    outpatient = [{**row, "care_setting": "outpatient"} for row in others]
    assert fired(found([*outpatient, *cases(99000)]), "a12_peer") == [], "nobody to compare with"


def prices(*amounts: str) -> list[dict[str, object]]:
    return [
        value(202401 + m, "purchase_price", amount, "10", item="M1", name="支架")
        for m, amount in enumerate(amounts)
    ]


def test_a14_price_half_above_the_average_of_the_seven_before() -> None:
    """Eight purchases at 10 a piece; the ninth at 15 is 50 %: no alert. At 15.01 it is. The eighth before does not count."""
    assert fired(found(reported=prices("9000", *["100"] * 7, "150")), "a14") == []
    (row,) = fired(found(reported=prices("9000", *["100"] * 7, "150.1")), "a14")
    assert (row["actual"], row["c"], row["d"], row["e"]) == (D("0.501"), D("700"), D("70"), 7)
    assert fired(found(reported=prices("100", "100", "900")), "a14") == []


# -- dated limits and definitions ----------------------------------------------------------------------------------


def test_a_limit_counts_from_its_month_on_and_an_undecided_one_fires_nothing() -> None:
    rows = [value(p, "claims_refused", "2500", "100000") for p in (202502, 202503)]
    settings = Settings(H, other={"parameters": {"alert_refused": [
        {"from": 202503, "value": "0.03", "by": "a", "why": "b"}, {"from": 202601, "value": None, "by": "a", "why": "b"},
    ]}})  # fmt: skip
    assert [row["period"] for row in fired(found(reported=rows, settings=settings), "a10")] == [202502]
    later = [value(202601, "claims_refused", "99000", "100000")]
    assert fired(found(reported=later, settings=settings), "a10") == []


def test_nothing_at_all_fires_nothing() -> None:
    tables = [schema.empty_table() for schema in (MONTHS, BUDGET, REPORTED)]
    result = of_tables(CONNECTION, *tables, Settings(H))
    assert result.rows.num_rows == 0 and result.periods == ()
    assert set(result.tested) == set(definition().cases) - {"a18"}
    assert set(result.tested.values()) == {Counted(0, 0)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("kind: gap", "kind: gape", "gape"), ("alert_refused, warning", "alert_refusal, warning", "alert_refusal"),
     ("alert_refused, warning", "alert_refused, panic", "panic"), ("owners: [insurance, dept_head]", "owners: [king]", "king"),
     ("metric: claims_refused", "metric: claims_lost", "claims_lost"), ("top: cost_materials", "top: margin", "margin"),
     ("source: market", "source: rumour", "rumour"), ("by: dept_item", "by: moon", "moon"),
     ("name: a04_vendor", "name: a04", "twice"), ("due: 24}", "due: 24, colour: red}", "colour")],
)  # fmt: skip
def test_a_wrong_definition_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (DEFINITIONS / "alerts.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "alerts.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        load_definition(tmp_path / "alerts.yaml")
