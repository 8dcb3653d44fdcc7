"""What the demo's systems export agrees with its ledger and with what it reports by hand for the same months."""

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.demo import truth
from core.demo.organisation import periods
from core.demo.people import headcount
from core.demo.roster import rules, stated


@lru_cache
def rows(extract: str) -> list[dict[str, Any]]:
    return truth()[extract].to_pylist()


def test_everybody_on_the_roster_is_in_the_headcount_and_has_a_number_of_their_own() -> None:
    people = rows("employee")
    assert (
        len(people)
        == int(headcount()[:, periods().index(202512)].sum())
        == len({row["emp_code"] for row in people})
    )
    health = [row for row in people if row["category"] in ("医师", "护理", "技师", "药师")]
    senior = sum(any(word in row["title"] for word in ("主任",)) for row in health)
    (said,) = stated("senior_titles", 202512)
    assert abs(Decimal(senior) / len(health) - Decimal(said.top) / Decimal(said.bottom or 1)) < Decimal(
        "0.001"
    )
    assert sum(row["is_cross_trained"] for row in people) == stated("cross_trained", 202512)[0].top
    officers = {row["dept_code"] for row in people if row["post"]}
    assert len(officers) == stated("cost_officers", 202512)[0].top


def test_payroll_adds_up_to_the_ledger_of_each_department() -> None:
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows("payroll"):
        paid[row["dept_code"], row["wage_item"]] += row["amount"]
    items = rules()["payroll"]["items"]
    booked = {
        (row["dept_code"], items[row["item_code"]]): row["amount"]
        for row in rows("ledger_cost") if row["source"] == "人力资源" and row["period"] == 202510
    }  # fmt: skip
    assert dict(paid) == booked


def test_training_is_what_departments_report() -> None:
    cost = {course for _, course, _ in rules()["training"]["cost"]}
    trained: dict[str, set[str]] = defaultdict(set)
    for row in rows("train"):
        if row["course"] in cost:
            trained[row["dept_code"]].add(row["emp_code"])
    assert {dept: len(held) for dept, held in trained.items()} == {
        one.dept: one.top for one in stated("training", 202512) if one.top
    }
    assert sum(row["hours"] for row in rows("train")) == stated("training_hours", 202512)[0].top


def test_every_month_of_the_accounts_balances_and_closes_on_what_is_reported() -> None:
    opening: dict[str, Decimal] = {}
    for period in periods():
        month = {row["account_code"]: row for row in rows("balance") if row["period"] == period}
        top = [row for code, row in month.items() if len(code) == 4]
        assert sum(row["debit"] - row["credit"] for row in top) == 0
        net = {
            code: row["closing"] * (-1 if row["direction"] == "credit" else 1) for code, row in month.items()
        }
        assert sum(amount for code, amount in net.items() if len(code) == 4) == 0
        for code, row in month.items():
            sign = -1 if row["direction"] == "credit" else 1
            assert row["closing"] == row["opening"] + sign * (row["debit"] - row["credit"])
            assert opening.get(code, row["opening"]) == row["opening"]
            opening[code] = row["closing"]
        (debt,) = stated("debt_ratio", period)
        assert sum(amount for code, amount in net.items() if len(code) == 4 and code[0] == "1") == debt.bottom
        assert sum(row["closing"] for code, row in month.items() if code[0] == "2") == debt.top
        assert month["1302"]["credit"] == stated("stock_turnover", period)[0].top
        parts = [row for code, row in month.items() if code.startswith("1302") and len(code) > 4]
        assert all(
            sum(row[side] for row in parts) == month["1302"][side] for side in ("debit", "credit", "closing")
        )


def test_samples_average_what_is_reported() -> None:
    visits = [(row["left_at"] - row["arrived_at"]).total_seconds() / 60 for row in rows("visit")]
    (said,) = stated("visit_time", 202509)
    assert abs(sum(visits) / len(visits) / (said.top / (said.bottom or 1)) - 1) < 0.01
    hours = [(row["reported_at"] - row["received_at"]).total_seconds() / 3600 for row in rows("lab_exam")]
    (said,) = stated("lab_turnaround", 202509)
    assert abs(sum(hours) / len(hours) / (said.top / (said.bottom or 1)) - 1) < 0.01
    assert all(row["arrived_at"] <= row["seen_at"] <= row["left_at"] for row in rows("visit"))
