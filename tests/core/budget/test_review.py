"""Three-way review by hand: payment <= contract <= what was left of the budget."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.budget.review import review
from core.warehouse import open_warehouse
from tests.small import D, FakeStore, fill

BUDGET = {"period": 202500, "dept_code": "0401", "item_code": "6001"}


def line(number: str, amount: str | None, signed: str | None, paid: str | None = None, on: str | None = None,
         **more: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "contract_no": number, "vendor": "V", "project": "P", "dept_code": "0401", "item_code": "6001",
        "budget_year": 2025, "amount": D(amount) if amount else None,
        "signed": date.fromisoformat(signed) if signed else None, "paid": D(paid) if paid else None,
        "paid_on": date.fromisoformat(on) if on else None, **more,
    }  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    made = fill(FakeStore(tmp_path), 202501)
    made.put("budget", [], periods=[202501])
    made.put("budget", [{**BUDGET, "amount": D("1000.00"), "version": "年初预算"}], source="a")
    made.put("budget", [{**BUDGET, "amount": D("1200.00"), "version": "年中调整"}], source="b")
    return made


def test_available_is_budget_and_adjustment_less_committed_and_paid(store: FakeStore) -> None:
    store.put(
        "commit",
        [
            line("A", "700.00", "2025-01-05", "300.00", "2025-02-01"),
            line("A", "700.00", "2025-01-05", "400.00", "2025-03-01"),
            line("B", "400.00", "2025-02-05"),
            line("C", "150.00", "2025-04-05"),
        ],
    )
    found = review(open_warehouse(store), "H1", 2025)
    rows = [(c.number, c.budget, c.adjustment, c.taken, c.available, c.open) for c in found.contracts]
    assert rows == [
        ("A", D("1000.00"), D("200.00"), 0, D("1200.00"), 0),
        ("B", D("1000.00"), D("200.00"), D("700.00"), D("500.00"), D("400.00")),
        ("C", D("1000.00"), D("200.00"), D("1100.00"), D("100.00"), D("150.00")),
    ]
    ((contract, breach),) = found.breaches
    assert (contract.number, breach.kind, breach.amount) == ("C", "over_budget", D("50.00"))
    assert [(d.file, d.sheet, d.row) for d in breach.documents] == [("book.xlsx", "Sheet1", 5)]
    assert (found.committed, found.paid, found.keeping) == (D("1250.00"), D("700.00"), 2)


def test_each_breach_lists_its_documents(store: FakeStore) -> None:
    store.put(
        "commit",
        [
            line("PAID", "100.00", "2025-01-02", "60.00", "2025-01-10"),
            line("PAID", "100.00", "2025-01-02", "60.01", "2025-02-10"),
            line("EARLY", "50.00", "2025-03-01", "10.00", "2025-02-28"),
            line("EARLY", "50.00", "2025-03-01", "10.00", "2025-03-02"),
            line("LOOSE", None, None, "5.00", "2025-05-01"),
            line("OTHER", "1.00", "2025-06-01", dept_code="0402"),
            line("TWO", "10.00", "2025-07-01"),
            line("TWO", "11.00", "2025-07-01"),
        ],
    )
    found = {
        (c.number, b.kind): (b.amount, [d.row for d in b.documents])
        for c, b in review(open_warehouse(store), "H1", 2025).breaches
    }
    assert found == {
        ("PAID", "over_contract"): (D("20.01"), [2, 3]),
        ("EARLY", "early"): (D("10.00"), [4]),
        ("LOOSE", "no_contract"): (D("5.00"), [6]),
        ("OTHER", "no_budget"): (D("1.00"), [7]),
        ("TWO", "amounts"): (None, [8, 9]),
    }


def test_a_contract_of_the_whole_hospital_takes_from_the_whole_budget(store: FakeStore) -> None:
    store.put("commit", [line("W", "1201.00", "2025-01-05", dept_code="", dept_name="")])
    (contract,) = review(open_warehouse(store), "H1", 2025).contracts
    assert contract.available == D("1200.00") and [b.kind for b in contract.breaches] == ["over_budget"]
    assert review(open_warehouse(store), "H1", 2024).contracts == ()


def test_contracts_of_the_hospital_and_of_departments_share_the_budget(store: FakeStore) -> None:
    """1,200 of 0401 and 10 of 0402: A takes 1,200 of them, so Z finds 10, and B no more than Z leaves."""
    store.put("budget", [{**BUDGET, "dept_code": "0402", "amount": D("10.00"), "version": "v0"}], source="c")
    whole = {"dept_code": "", "dept_name": ""}
    store.put("commit", [line("A", "1200.00", "2025-01-05"), line("Z", "1000.00", "2025-02-05", **whole)])
    found = review(open_warehouse(store), "H1", 2025)
    rows = [
        (c.number, c.taken, c.available, [(b.kind, b.amount) for b in c.breaches]) for c in found.contracts
    ]
    assert rows == [
        ("A", 0, D("1200.00"), []),
        ("Z", D("1200.00"), D("10.00"), [("over_budget", D("990.00"))]),
    ]
    store.put("commit", [line("Z", "1000.00", "2025-01-05", **whole), line("A", "1200.00", "2025-02-05")])
    first, second = review(open_warehouse(store), "H1", 2025).contracts
    assert (first.available, first.breaches, first.of_hospital) == (D("1210.00"), (), False)
    # 0401 has 1,200 left of its own, the hospital 210
    assert (second.budget, second.adjustment, second.taken) == (D("1010.00"), D("200.00"), D("1000.00"))
    assert (second.available, second.of_hospital) == (D("210.00"), True)
    assert [(b.kind, b.amount) for b in second.breaches] == [("over_budget", D("990.00"))]


def test_a_payment_of_the_next_year_stays_with_its_contract(store: FakeStore) -> None:
    plain = {"budget_year": None}
    store.put(
        "commit",
        [
            line("Y", "900.00", "2024-11-20", **plain),
            line("Y", None, None, "900.00", "2025-01-15", **plain),
            line("N", "1100.00", "2025-03-01", **plain),
        ],
    )
    (found,) = review(open_warehouse(store), "H1", 2025).contracts
    assert (found.number, found.available, found.breaches) == ("N", D("1200.00"), ())
    (before,) = review(open_warehouse(store), "H1", 2024).contracts
    assert (before.paid, [b.kind for b in before.breaches]) == (D("900.00"), ["no_budget"])


def test_a_department_nobody_knows_has_no_budget(store: FakeStore) -> None:
    store.put("commit", [line("U", "1.00", "2025-01-05", dept_code="", dept_name="无此科室")])
    (found,) = review(open_warehouse(store), "H1", 2025).contracts
    assert (found.dept, found.dept_name, [b.kind for b in found.breaches]) == (
        "unmapped",
        "无此科室",
        ["no_budget"],
    )
