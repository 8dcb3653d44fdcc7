"""The demo hospital: its size, its consistency, and the problems planted in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from functools import lru_cache

import pytest

from core.demo import truth
from core.demo.numbers import corner_path, even_path, split
from core.demo.organisation import days, periods
from core.demo.words import generator, spec

YEARS = (2023, 2024, 2025)


@lru_cache
def rows(extract: str) -> list[dict]:
    return truth()[extract].to_pylist()


def total(extract: str, column: str, year: int, **where: object) -> Decimal | int:
    return sum(
        row[column]
        for row in rows(extract)
        if row["period"] // 100 == year and all(row[key] == value for key, value in where.items())
    )


def test_split_loses_nothing_and_follows_the_weights() -> None:
    assert split(100, [1, 1, 1]).tolist() == [34, 33, 33]
    assert split(-100, [1, 1, 1]).tolist() == [-34, -33, -33]
    assert split(0, [0, 0]).tolist() == [0, 0]
    assert split(10**15, [7 * 10**8, 10**8, 0]).tolist() == [875 * 10**12, 125 * 10**12, 0]
    with pytest.raises(ValueError, match="every weight is zero"):
        split(5, [0, 0])


def test_paths_meet_their_corners() -> None:
    assert even_path(10, 20, 3).tolist() == [10, 15, 20]
    assert corner_path(
        {202301: 30, 202303: 10, 202304: 5}, [202301, 202302, 202303, 202304, 202305]
    ).tolist() == [
        30,
        20,
        10,
        5,
        5,
    ]


def test_the_hospital_has_115_departments_and_1200_approved_beds() -> None:
    depts = rows("dept")
    assert Counter(row["dept_class"] for row in depts) == {
        "admin": 25,
        "auxiliary": 8,
        "technical": 20,
        "clinical": 62,
    }
    assert len({row["dept_code"] for row in depts}) == len({row["dept_name"] for row in depts}) == 115
    assert all(row["dept_code"].startswith("0") for row in depts)
    january = [row for row in rows("workload_ip") if row["period"] == 202501]
    assert sum(row["planned_beds"] for row in january) == 1200


@pytest.mark.parametrize(
    ("year", "visits", "discharges", "income"),
    [(2023, 787_600, 49_100, 2452), (2024, 800_000, 50_000, 2548), (2025, 812_400, 50_900, 2655)],
)
def test_yearly_volumes_and_income(year: int, visits: int, discharges: int, income: int) -> None:
    assert total("workload_op", "visits", year) == visits
    assert total("workload_ip", "discharges", year) == discharges
    assert total("income", "amount", year) == Decimal(income) * 1_000_000


def test_three_years_average_800_000_visits_and_50_000_discharges() -> None:
    assert sum(total("workload_op", "visits", year) for year in YEARS) == 3 * 800_000
    assert sum(total("workload_ip", "discharges", year) for year in YEARS) == 3 * 50_000


def test_drug_share_falls_from_38_to_31_percent_with_a_step_in_july_2024() -> None:
    income: dict[int, Decimal] = defaultdict(Decimal)
    drugs: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows("income"):
        income[row["period"]] += row["amount"]
        if row["charge_class"] in ("drugs", "herbs"):
            drugs[row["period"]] += row["amount"]
    share = {period: float(drugs[period] / income[period]) for period in income}
    assert share[202301] == pytest.approx(0.38, abs=0.0001)
    assert share[202512] == pytest.approx(0.3095, abs=0.0001)
    assert share[202406] - share[202407] == pytest.approx(0.018, abs=0.0002)
    falls = [share[a] - share[b] for a, b in zip(periods(), periods()[1:], strict=False)]
    assert min(falls) >= -0.00001 and sorted(falls)[-2] < 0.003


def test_stay_falls_from_12_days_to_below_10() -> None:
    by_year = [total("workload_ip", "bed_days", y) / total("workload_ip", "discharges", y) for y in YEARS]
    assert by_year == sorted(by_year, reverse=True)
    first = [row for row in rows("workload_ip") if row["period"] == 202301]
    assert sum(r["bed_days"] for r in first) / sum(r["discharges"] for r in first) == pytest.approx(
        12, abs=0.02
    )
    assert 9 < by_year[2] < 10


def test_no_ward_is_fuller_than_its_beds_allow() -> None:
    for row in rows("workload_ip"):
        assert row["open_bed_days"] == row["open_beds"] * days(row["period"])
        assert row["bed_days"] <= row["open_bed_days"] * 103 / 100
        assert abs(row["discharged_days"] - row["bed_days"]) <= row["bed_days"] * 0.01 + 1


def test_spring_festival_dips_and_december_peaks() -> None:
    visits: dict[int, int] = defaultdict(int)
    staff: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows("workload_op"):
        visits[row["period"]] += row["visits"]
    for row in rows("ledger_cost"):
        if row["item_class"] == "staff":
            staff[row["period"]] += row["amount"]
    lowest = {year: min((visits[p], p) for p in visits if p // 100 == year)[1] for year in YEARS}
    assert lowest == {2023: 202301, 2024: 202402, 2025: 202501}
    for year in YEARS:
        assert staff[year * 100 + 12] > Decimal("1.7") * staff[year * 100 + 11]


def test_income_and_cost_leave_a_small_surplus_with_months_of_loss() -> None:
    for year in YEARS:
        surplus = 1 - total("ledger_cost", "amount", year) / total("income", "amount", year)
        assert Decimal("0") < surplus < Decimal("0.03"), year
    month = {p: Decimal(0) for p in periods()}
    for extract, sign in (("income", 1), ("ledger_cost", -1)):
        for row in rows(extract):
            month[row["period"]] += sign * row["amount"]
    losses = [period for period, amount in month.items() if amount < 0]
    assert {202301, 202312, 202402, 202412, 202501, 202512} <= set(losses) and len(losses) < 15


def test_row_counts_stay_moderate() -> None:
    tables = truth()
    assert 60_000 <= tables["ledger_cost"].num_rows <= 100_000
    assert 40_000 <= tables["income"].num_rows <= 60_000


def test_all_seven_items_and_all_four_funds_are_booked_with_reversals() -> None:
    ledger = rows("ledger_cost")
    assert len({row["item_class"] for row in ledger}) == 7
    assert {row["fund_source"] for row in ledger} == {"own", "fiscal", "science", "other"}
    assert 300 < sum(row["amount"] < 0 for row in ledger) < 2000
    assert any(row["amount"] < 0 for row in rows("income"))


def test_codes_in_every_table_are_in_the_dictionary_except_the_planted_ward() -> None:
    known = {row["dept_code"] for row in rows("dept")}
    stray = (
        {
            row[column]
            for table in truth().values()
            for column in ("dept_code", "order_code", "exec_code", "source_code", "target_code")
            if column in table.column_names
            for row in table.select([column]).to_pylist()
        }
        - known
        - {None}
    )  # an operation value without a department is the hospital's
    assert stray == {spec()["planted"]["unmapped"]["dept"]}


def _cost(dept: str, **where: object) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows("ledger_cost"):
        if row["dept_code"] == dept and all(row[key] == value for key, value in where.items()):
            found[row["period"]] += row["amount"]
    return found


def test_planted_ward_over_budget_three_months_in_a_row() -> None:
    actual, budget = _cost("0522", fund_source="own"), defaultdict(Decimal)
    for row in rows("budget"):
        if row["dept_code"] == "0522" and "调整" in row["version"] and row["direction"] == "cost":
            budget[row["period"]] += row["amount"]
    over = [period for period in sorted(budget) if actual[period] > budget[period] * Decimal("1.1")]
    assert over == [202510, 202511, 202512]


def test_planted_month_keyed_ten_times_too_high() -> None:
    month = _cost("0309", item_code="3021812")
    around = (month[202408] + month[202410]) / 2
    assert 8 < month[202409] / around < 13


def test_planted_ward_missing_in_the_dictionary() -> None:
    month = _cost("0532")
    assert sorted(month) == [202511, 202512] and month[202511] > 300_000


def test_planted_technical_department_without_income() -> None:
    quiet = [r for r in rows("income") if r["exec_code"] == "0320" and r["period"] == 202508]
    assert quiet == [] and _cost("0320")[202508] > 0
    assert {r["period"] for r in rows("income") if r["exec_code"] == "0320"} == set(periods()) - {202508}


def test_planted_auxiliary_department_whose_driver_is_zero() -> None:
    by_month: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows("internal_service"):
        if row["source_code"] == "0207":
            by_month[row["period"]] += row["quantity"]
    assert by_month[202506] == 0 and min(v for p, v in by_month.items() if p != 202506) > 0


def test_new_accelerator_is_a_depreciation_step() -> None:
    month = _cost("0315", item_class="depreciation", fund_source="own")
    assert month[202405] - month[202404] == Decimal("416667")


def test_budget_versions_differ_only_after_june() -> None:
    versions: dict[str, dict] = defaultdict(dict)
    for row in rows("budget"):
        if row["period"] // 100 == 2025 and row["direction"] == "cost":
            versions[row["version"]][row["period"], row["dept_code"], row["item_class"]] = row["amount"]
    first, second = versions.values()
    changed = {key[0] for key in first if first[key] != second.get(key, Decimal(0))}
    assert changed and min(changed) == 202507
    assert all(amount % 100 == 0 for amount in (*first.values(), *second.values()))


def test_each_topic_has_a_random_stream_of_its_own() -> None:
    """The committed workbooks rest on these streams: another numpy must give the same numbers."""
    assert generator("income").integers(0, 1000, 4).tolist() == [765, 162, 108, 732]
    assert generator("general").integers(0, 1000, 4).tolist() != [765, 162, 108, 732]


def test_contract_register_holds_one_of_each_breach() -> None:
    lines = list(rows("commit"))
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        paid[line["contract_no"]] += line["paid"] or 0
    amount = {r["contract_no"]: r["amount"] for r in lines}
    over = [no for no, total in paid.items() if amount[no] is not None and total > amount[no]]
    assert len(over) == 1 and paid[over[0]] - (amount[over[0]] or 0) == 48600
    assert [no for no, value in amount.items() if value is None] == ["SZL-YJ-2025-07"]
    early = {r["contract_no"] for r in lines if r["signed"] and r["paid_on"] and r["paid_on"] < r["signed"]}
    assert len(early) == 1


def test_income_budget_of_the_last_year_is_near_what_came_in() -> None:
    planned = sum(r["amount"] for r in rows("budget") if r["direction"] == "income")
    came = sum(r["amount"] for r in rows("income") if r["period"] // 100 == 2025)
    assert Decimal("0.96") < planned / came < Decimal("1.05")
