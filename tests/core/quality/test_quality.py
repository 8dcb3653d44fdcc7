"""A month's verdict and the places behind it, on a small store with planted problems."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.intake.reading import ControlCheck
from core.issue import Issue
from core.quality import coverage, findings, loose, proof, refused, trust
from core.store import Store
from core.warehouse import open_warehouse
from tests.pages.small import HOSPITAL, bring, ledger, read, small_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return small_store(tmp_path / "data")


def states(store: Store, period: int) -> dict[str, str]:
    return {cell.extract: cell.state for cell in coverage(store, store.snapshot(), HOSPITAL).month(period)}


def test_a_month_is_loaded_partly_refused_or_missing(store: Store) -> None:
    assert states(store, 202503) == {
        "dept": "loaded", "ledger_cost": "partly", "income": "loaded", "workload_op": "missing",
        "workload_ip": "missing", "staff_count": "loaded",
    }  # fmt: skip
    assert states(store, 202502)["ledger_cost"] == "loaded"
    cell = coverage(store, store.snapshot(), HOSPITAL).of("ledger_cost", 202503)
    assert (cell.rows, cell.refused) == (7, 1)


def test_what_stays_valid_is_carried_and_a_gap_shows(store: Store, tmp_path: Path) -> None:
    area = read(tmp_path, "面积.xlsx", "area", {202412: [{"dept_code": "0301", "area": Decimal("100.5")}]})
    bring(store, tmp_path, area, 6)
    assert coverage(store, store.snapshot(), HOSPITAL).periods == (202412, 202501, 202502, 202503)
    assert states(store, 202501)["ledger_cost"] == "missing"
    cell = coverage(store, store.snapshot(), HOSPITAL).of("area", 202503)
    assert (cell.state, cell.since) == ("carried", 202412)


def test_an_empty_store_has_no_months_and_everything_missing(tmp_path: Path) -> None:
    store = Store(tmp_path / "none")
    found = coverage(store, store.snapshot(), HOSPITAL)
    assert found.periods == () and {cell.state for cell in found.cells} == {"missing"}


def test_unmapped_money_has_an_owner_and_a_place(store: Store) -> None:
    found = [one for one in loose(open_warehouse(store), HOSPITAL, 202503) if one.extract == "ledger_cost"]
    (one,) = [one for one in found if one.what == "dept"]
    assert (one.value, one.amount, one.rows, one.owner) == ("骨二科", Decimal("12345.60"), 1, "王会计")
    assert (one.raw_code, one.raw_name) == ("", "骨二科")
    assert (one.file, one.sheet, one.row) == ("2025年3月科室支出.xlsx", "3月", 11)


def test_refused_cells_keep_their_sentence_and_place(store: Store) -> None:
    (one,) = refused(open_warehouse(store), HOSPITAL, 202503)
    assert one.issue.what("zh") == "金额“壹万元整”不是数字。"
    assert (one.issue.place(), one.issue.file, one.owner) == ("3月!D12", "2025年3月科室支出.xlsx", "王会计")
    assert refused(open_warehouse(store), HOSPITAL, 202502) == []


def test_a_total_that_differs_is_remembered_with_who_let_it_pass(store: Store) -> None:
    (one,) = findings(store, store.snapshot(), HOSPITAL, 202503).differences
    assert (one.difference, one.by, one.sheet, one.row) == (Decimal("10000.00"), "王会计", "3月", 13)
    assert findings(store, store.snapshot(), HOSPITAL, 202502).differences == ()


def test_a_total_that_differs_by_the_refused_rows_is_no_difference(store: Store, tmp_path: Path) -> None:
    check = ControlCheck(12, "D", "合计", "amount", Decimal("632346.61"), Decimal("632345.61"), False, rows=7)
    reading = read(tmp_path, "四月.xlsx", "ledger_cost", {202504: ledger(sheet="4月")}, checks=[check])
    reading.parts[0].issues.append(Issue("total_refused", sheet="3月", row=12, col="D"))
    bring(store, tmp_path, reading, 8)
    assert findings(store, store.snapshot(), HOSPITAL, 202504).differences == ()


def test_the_verdict_follows_the_rule(store: Store) -> None:
    snapshot, warehouse = store.snapshot(), open_warehouse(store)
    month = coverage(store, snapshot, HOSPITAL).month(202503)
    bad, found = refused(warehouse, HOSPITAL, 202503), findings(store, snapshot, HOSPITAL, 202503)
    unresolved = loose(warehouse, HOSPITAL, 202503)
    holds = [("I1", True), ("I2", True)]
    verdict = trust(month, unresolved, bad, found, holds)
    assert (verdict.verdict, verdict.unmapped, verdict.refused, verdict.differences) == (
        "look", Decimal("12345.60"), 1, 1,
    )  # fmt: skip
    assert verdict.missing == ("workload_op", "workload_ip")
    assert trust(month, unresolved, bad, found, [("I1", False)]).verdict == "broken"
    empty = coverage(store, snapshot, "H9").month(202503)
    assert trust(empty, [], [], found, holds).verdict == "broken"
    whole = [cell for cell in month if cell.state != "missing"]
    quiet = findings(store, snapshot, HOSPITAL, 202502)
    assert trust(whole, [], [], quiet, holds).verdict == "good"


def test_a_proof_holds_and_names_the_drivers_it_fell_back_on(store: Store) -> None:
    found = proof(open_warehouse(store), HOSPITAL, 202503)
    assert [(one.name, one.ok, one.difference) for one in found.identities] == [
        (f"I{number}", True, Decimal(0)) for number in range(1, 6)
    ]
    assert found.cost == Decimal("632345.61")
    (one,) = found.fallbacks
    # The sterile supply department has no service volume and no workload, so it gives by income; it holds its own
    # 30,000.00 and 5/64 of the administration's 100,000.01 (headcount 5 of 5 + 8 + 6 + 20 + 25).
    assert (one.dept_code, one.wanted, one.used, one.planned) == ("0201", "internal_service", "income", True)
    assert one.amount == Decimal("37812.50")
