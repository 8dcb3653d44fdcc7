"""What the allocation page shows, by hand on six departments, and under a what-if."""

from decimal import Decimal

import pytest

from core.figures.allocation import OTHERS, allocation, allocation_table, balances, flow
from core.figures.compare import METHODS, compare
from core.scenario import EMPTY, Scenario
from core.store import Store
from core.warehouse import Warehouse, open_warehouse
from tests.pages.small import HOSPITAL, small_store

MONTH = 202503
D = Decimal


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return small_store(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def warehouse(store: Store) -> Warehouse:
    found = open_warehouse(store)
    found.ensure(HOSPITAL, MONTH)
    return found


def test_full_cost_is_direct_plus_what_each_class_brought_and_nothing_is_lost(warehouse: Warehouse) -> None:
    found = allocation(warehouse, HOSPITAL, MONTH, "medical")
    for row in found.received:
        assert row.full == row.direct + row.admin + row.auxiliary + row.technical
    full = sum((row.full for row in found.received), D(0))
    # 100,000.01 + 30,000 + 80,000 + 60,000 + 200,000 + 150,000 in the dictionary, 12,345.60 outside it.
    assert full == D("620000.01")
    assert found.unallocated == D("12345.60")
    assert found.total == D("632345.61")
    assert found.direct == D("410000.00")
    assert found.holds and [proof.name for proof in found.proofs] == ["I1", "I2", "I3", "I4", "I5"]


def test_the_business_scope_leaves_administration_out(warehouse: Warehouse) -> None:
    found = allocation(warehouse, HOSPITAL, MONTH, "business")
    assert found.given["admin"] == 0
    assert sum((row.full for row in found.received), D(0)) == D("520000.00")


def test_streams_carry_exactly_the_indirect_cost(warehouse: Warehouse) -> None:
    found = allocation(warehouse, HOSPITAL, MONTH, "medical")
    links = flow(warehouse, HOSPITAL, MONTH, "medical", top=2)
    givers = {"admin", "auxiliary", "technical"}
    arriving = sum((link.amount for link in links if link.target not in givers), D(0))
    assert arriving == sum((row.indirect for row in found.received), D(0))
    assert OTHERS in {link.target for link in links}
    for giver in givers:
        entering = sum((link.amount for link in links if link.target == giver), D(0))
        leaving = sum((link.amount for link in links if link.source == giver), D(0))
        own = {"admin": D("100000.01"), "auxiliary": D(30000), "technical": D(80000)}[giver]
        assert leaving == entering + own


def test_after_the_last_step_only_clinical_departments_hold_money(warehouse: Warehouse) -> None:
    rows = balances(warehouse, HOSPITAL, MONTH, ["own"])
    last = max(row.step for row in rows)
    held = {row.dept_class: row.after for row in rows if row.step == last and row.after}
    assert held == {"clinical": D("620000.01"), "unmapped": D("12345.60")}
    for row in rows:
        assert row.before + row.received - row.given == row.after


def test_a_published_table_gives_away_all_the_department_held(warehouse: Warehouse) -> None:
    rows = allocation_table(warehouse, HOSPITAL, MONTH, "0101", ["own"])
    assert sum((row["amount"] for row in rows), D(0)) == D("100000.01")
    assert {row["target_class"] for row in rows} <= {"auxiliary", "technical", "clinical"}


def test_a_whatif_shows_before_and_after_and_leaves_the_actual_alone(
    store: Store, warehouse: Warehouse
) -> None:
    actual = allocation(warehouse, HOSPITAL, MONTH, "medical")
    other = open_warehouse(store, None, Scenario(drivers={"admin": ("direct_cost",)}))
    other.ensure(HOSPITAL, MONTH)
    found = allocation(other, HOSPITAL, MONTH, "medical")
    assert {row.code: row.before for row in found.received} == {row.code: row.full for row in actual.received}
    assert any(row.change for row in found.received)
    assert sum((row.change or D(0) for row in found.received), D(0)) == 0
    assert allocation(warehouse, HOSPITAL, MONTH, "medical") == actual


def test_every_method_conserves_the_same_total(store: Store) -> None:
    rows = compare(store, store.snapshot(), HOSPITAL, MONTH, "medical", EMPTY)
    for method in METHODS:
        assert sum((row.amounts[method] for row in rows), D(0)) == D("620000.01"), method
    assert [row.spread for row in rows] == sorted((row.spread for row in rows), reverse=True)
