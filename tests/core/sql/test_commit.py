"""stg_commit: contract lines with departments and budget items resolved."""

from datetime import date
from pathlib import Path

from core.staging import open_staging
from core.warehouse import open_warehouse
from tests.small import D, FakeStore, fill


def test_stg_commit_resolves_and_keeps_every_line(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501)
    line = {"contract_no": " HT-1 ", "dept_name": "骨科病区", "item_name": "西药", "amount": D("100.00")}
    store.put(
        "commit",
        [
            {**line, "signed": date(2024, 12, 20), "budget_year": 2025},
            {**line, "signed": date(2024, 12, 20), "paid_on": date(2025, 3, 1), "paid": D("40.00")},
            {"contract_no": "HT-2", "paid_on": date(2025, 4, 1), "paid": D("1.00"), "dept_name": "无此科室"},
        ],
    )
    staging = open_staging(store, store.snapshot())
    found = staging.query(
        "select contract_no, dept_code, item_class, year, amount, paid, _row from stg_commit order by _row"
    )
    assert found == [
        ("HT-1", "0401", "drugs", 2025, D("100.00"), None, 2),
        ("HT-1", "0401", "drugs", 2025, D("100.00"), D("40.00"), 3),
        ("HT-2", None, None, 2025, None, D("1.00"), 4),
    ]
    assert staging.query("select dept_name from stg_commit where contract_no = 'HT-2'") == [("无此科室",)]
    # a register of contracts is no month and makes no month compute again
    assert staging.periods("H1") == (202501,)


def test_a_line_has_the_year_of_its_contract(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501)
    signed, paid = (
        {"amount": D("9.00"), "signed": date(2024, 11, 2)},
        {"paid": D("1.00"), "paid_on": date(2025, 1, 9)},
    )
    lines = [
        ("A", signed), ("A", paid),
        ("B", {**signed, "budget_year": 2023}), ("B", {**paid, "budget_year": 2025}),
        ("C", {**signed, "budget_year": 2024}), ("C", {**signed, **paid, "budget_year": 2025}), ("C", {**paid, "budget_year": 2025}),
        ("D", paid), ("D", {**paid, "paid_on": date(2024, 12, 30)}),
    ]  # fmt: skip
    store.put("commit", [{"contract_no": number, **line} for number, line in lines])
    found = open_staging(store, store.snapshot()).query(
        "select contract_no, year from stg_commit order by _row"
    )
    # stated for its amounts, else of the first signing, else of the first payment; a contract of two budget years has both
    assert found == [
        ("A", 2024),
        ("A", 2024),
        ("B", 2023),
        ("B", 2023),
        ("C", 2024),
        ("C", 2025),
        ("C", 2025),
        ("D", 2024),
        ("D", 2024),
    ]


def test_a_new_register_leaves_the_months_as_they_are(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501)
    open_warehouse(store).ensure("H1", 202501)
    store.put("commit", [{"contract_no": "HT-1", "amount": D("1.00")}])
    assert open_warehouse(store).missing("H1") == ()
