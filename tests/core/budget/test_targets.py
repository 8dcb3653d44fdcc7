"""Target versions: saved for good, compared, put in force; limits of a branch; what the helper proposes."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.batch import undo
from core.budget import targets
from core.budget.compile import Activity, BudgetError
from core.budget.proposal import Assumption, defaults, proposal
from core.budget.rules import check, rule, standards_kept
from core.budget.tree import Tree, compare
from core.journal import journal
from core.settings import Settings
from core.store import Store
from core.store.commit import Commit
from core.warehouse import Warehouse, open_warehouse
from tests.pages.small import HOSPITAL, bring, read, small_store
from tests.small import D, FakeStore, fill

AT = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
DEPTS = (("0101", "admin"), ("0402", "clinical"), ("0403", "clinical"))
ITEMS = ("staff", "materials", "drugs", "depreciation", "amortisation", "risk_fund", "other")


def tree(drugs: int = 1200) -> Tree:
    cells = {"0402": {"drugs": [drugs] * 12, "staff": [1] * 12}, "0403": {"drugs": [5] * 12}}
    return Tree.of(2025, DEPTS, ITEMS, cells)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("targets")
    return small_store(folder / "data")


def test_versions_are_kept_and_never_overwritten(store: Store) -> None:
    first = targets.save(
        store, HOSPITAL, tree().lock(("clinical", "0402", "staff", "3")), "v1", "draft", by="a", at=AT
    )
    second = targets.save(
        store,
        HOSPITAL,
        tree(1300),
        "v2",
        by="b",
        at=AT,
        rules=[{"rule": "drug_share", "branch": ["clinical"], "limit": "0.4"}],
    )
    assert (first.number, second.number) == (1, 2)
    for name, reason in (("v1", "name_taken"), (" ", "no_name")):
        with pytest.raises(BudgetError, match=reason):
            targets.save(store, HOSPITAL, tree(), name, by="a", at=AT)
    held = targets.versions(store, HOSPITAL, 2025, DEPTS, ITEMS)
    assert [(v.name, v.by, v.tree.fen()) for v in held] == [("v1", "a", 14472), ("v2", "b", 15672)]
    assert held[0].tree.node(("clinical", "0402", "staff", "3")).locked == "all"
    assert int(held[0].tree.locked.sum()) == 1 and held[1].rules[0]["limit"] == "0.4"
    assert [c.difference for c in compare(held[0].tree, held[1].tree, ("clinical",))] == [D("12.00"), 0]
    assert len(journal(store).entries(targets.KIND, HOSPITAL, "2025")) == 2
    # a department that left the dictionary keeps its money
    small = targets.versions(store, HOSPITAL, 2025, DEPTS[:2], ITEMS)
    assert small[0].tree.fen(("unmapped", "0403")) == 60


def test_a_version_put_in_force_is_the_budget(store: Store) -> None:
    held = targets.versions(store, HOSPITAL, 2025, DEPTS, ITEMS)
    snapshot = targets.put_in_force(store, HOSPITAL, held[0], by="a", at=AT)
    assert targets.in_force(store, snapshot, HOSPITAL) == {2025: "v1"}
    sums = "select version, dept_code, item_class, sum(amount) from stg_budget where in_force and amount <> 0 group by all order by all"
    assert open_warehouse(store).query(sums) == [
        ("v1", "0402", "drugs", D("144.00")), ("v1", "0402", "staff", D("0.12")), ("v1", "0403", "drugs", D("0.60")),
    ]  # fmt: skip
    targets.put_in_force(store, HOSPITAL, held[1], by="a", at=AT)
    assert open_warehouse(store).query("select sum(amount) from stg_budget where in_force") == [
        (D("156.72"),)
    ]
    # the first again: its rows are there, only the choice changes; and the choice can be undone
    again = targets.put_in_force(store, HOSPITAL, held[0], by="a", at=AT)
    assert open_warehouse(store).query("select sum(amount) from stg_budget where in_force") == [
        (D("144.72"),)
    ]
    batch = store.records(again, "settings")[-1]["_batch"]
    undo(store, batch, actor="a", at=AT)
    assert open_warehouse(store).query("select sum(amount) from stg_budget where in_force") == [
        (D("156.72"),)
    ]
    with pytest.raises(BudgetError, match="nothing"):
        empty = Tree.of(2025, DEPTS, ITEMS, {})
        targets.put_in_force(
            store, HOSPITAL, targets.save(store, HOSPITAL, empty, "none", by="a", at=AT), by="a", at=AT
        )


def test_a_breakdown_in_force_is_the_whole_budget_of_its_departments(tmp_path: Path) -> None:
    """Imported by items, 0.6 m for 0403 too; the breakdown is 1.8 m for 0402 and nothing for 0403."""
    made = small_store(tmp_path / "data")
    items = [
        {"item_code": c, "item_name": n, "item_class": "staff"}
        for c, n in (("301", "基本工资"), ("302", "绩效奖金"))
    ]
    bring(made, tmp_path, read(tmp_path, "items.xlsx", "cost_item", {0: items}), 6)
    lines = [{"dept_code": d, "item_code": i, "direction": "cost", "version": "v0", "amount": D(a)}
             for d, i, a in (("0402", "301", "1200000"), ("0402", "302", "600000"), ("0403", "301", "600000"))]  # fmt: skip
    bring(
        made,
        tmp_path,
        read(tmp_path, "budget.xlsx", "budget", {202500: lines}),
        7,
        sources={"budget": "book"},
    )
    wanted = Tree.of(2025, DEPTS, ITEMS, {"0402": {"staff": [15_000_000] * 12}})
    version = targets.save(made, HOSPITAL, wanted, "目标", by="a", at=AT)
    targets.put_in_force(made, HOSPITAL, version, by="a", at=AT)
    sums = "select dept_code, sum(amount) from stg_budget where in_force group by all order by all"
    assert open_warehouse(made).query(sums) == [("0101", 0), ("0402", D("1800000")), ("0403", 0)]
    # a name that a file brought is not free; nor may the file come later
    for name in ("v0", " v0 "):
        with pytest.raises(BudgetError, match="name_imported"):
            targets.save(made, HOSPITAL, wanted, name, by="a", at=AT)
    assert targets.save(made, HOSPITAL, Tree.of(2026, DEPTS, ITEMS, {}), "v0", by="a", at=AT).year == 2026
    late = [{**lines[0], "version": "目标"}]
    bring(
        made, tmp_path, read(tmp_path, "late.xlsx", "budget", {202500: late}), 8, sources={"budget": "late"}
    )
    assert open_warehouse(made).query(sums)[1] == ("0402", D("1800000"))
    with pytest.raises(BudgetError, match="name_imported"):
        targets.put_in_force(made, HOSPITAL, version, by="a", at=AT)


def test_two_people_who_choose_at_once_both_keep_their_year(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's choice comes in just before the writer's lock is taken."""
    targets.choose(store, HOSPITAL, 2031, "a", by="a", at=AT)
    plain = store.writing
    waiting = [2032]

    def writing() -> AbstractContextManager[Commit]:
        if waiting:
            targets.choose(store, HOSPITAL, waiting.pop(), "b", by="b", at=AT)
        return plain()

    monkeypatch.setattr(store, "writing", writing)
    snapshot = targets.choose(store, HOSPITAL, 2033, "c", by="c", at=AT)
    held = targets.in_force(store, snapshot, HOSPITAL)
    assert {year: held.get(year) for year in (2031, 2032, 2033)} == {2031: "a", 2032: "b", 2033: "c"}


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """2024 and the first two months of 2025; a ward called surgical and one of internal medicine."""
    months = [202400 + m for m in range(1, 13)]
    held = fill(FakeStore(tmp_path_factory.mktemp("years")), *months, 202501, 202502)
    warehouse = open_warehouse(held)
    for period in (*months, 202501, 202502):
        warehouse.ensure("H1", period)
    return warehouse


def test_limits_hold_for_the_departments_of_their_branch(two_years: Warehouse) -> None:
    found = check(two_years, "H1", 202502, Settings("H1"))
    by = {(k.rule.name, k.dept): (k.value, k.limit, k.ok) for k in found}
    # the same two months a year ago: no growth; drugs are 80,000 of 340,000 + 15 x ... of the ward's income
    assert by["charge_growth", "0401"] == (0, D("0.08"), True)
    assert ("charge_growth", "0403") not in by and by["drug_share", "0403"][1] == D("0.40")
    tight = [{"rule": "drug_share", "branch": ["clinical", "0403"], "limit": "0.1"}]
    broken = check(two_years, "H1", 202502, Settings("H1"), tight)[0]
    assert (broken.rule, broken.dept, broken.ok) == (rule("drug_share"), "0403", False)


def test_a_standard_that_fell_and_a_target_that_did_not() -> None:
    # laparoscopic cholecystectomy 25,000 -> 22,000 yuan
    change = str(Decimal(22000) / 25000 - 1)
    note = [{"path": ["clinical", "0402"], "change": change, "why": "standard"}]
    (same,) = standards_kept(tree(), tree(), note)
    (lower,) = standards_kept(tree(), tree().scale(("clinical", "0402"), Decimal(change)), note)
    assert same.behind and same.target_change == 0 and not lower.behind
    assert standards_kept(tree(), tree(), [{"path": ["clinical", "9999"], "change": "-0.1"}])[0].behind


def test_the_helper_gives_each_method_and_a_tree_that_adds_up(two_years: Warehouse) -> None:
    with pytest.raises(BudgetError, match="year_missing"):
        proposal(two_years, "H1", 2026)
    found = proposal(two_years, "H1", 2025, growth=D("0.10"))
    ward = next(c for c in found.cells if (c.dept.code, c.item) == ("0401", "staff"))
    assert (ward.last, ward.incremental) == (D("2400000.00"), D("2520000.00"))  # half of staff moves: +5 %
    # alpha of staff is 0, so the combined is the incremental; the tree holds the sum to the fen
    assert ward.combined == ward.chosen == ward.incremental
    assert found.tree.amount() == sum((c.chosen for c in found.cells), D(0))
    assert found.tree.amount(("clinical", "0401", "staff", "1")) == D("210000.00")
    zero = {**defaults(), "staff": Assumption("zero", D(1))}
    lines = {("0401", "staff"): [Activity("posts", D(60), D(12), D("3500.55"))]}
    other = proposal(two_years, "H1", 2025, zero, D("0.10"), lines)
    assert other.tree.amount(("clinical", "0401", "staff")) == D("2520396.00")
    saved = {**defaults(), "staff": Assumption("incremental", D(0), D(0), D("0.02"), D("0.05"))}
    assert proposal(two_years, "H1", 2025, saved, D(0)).tree.amount(("clinical", "0401")) == D("2325600.00")


@pytest.mark.parametrize(("first", "growth", "months"), [(7, D("0"), 6), (8, None, 5)])
def test_growth_compares_the_months_that_both_years_have(
    first: int, growth: Decimal | None, months: int, tmp_path: Path
) -> None:
    """Every month alike, the year before loaded from July (August) on: no growth, and not 12 months over 6."""
    periods = [*(202300 + m for m in range(first, 13)), *(202400 + m for m in range(1, 13))]
    warehouse = open_warehouse(fill(FakeStore(tmp_path), *periods))
    for period in periods:
        warehouse.ensure("H1", period)
    found = proposal(warehouse, "H1", 2025)
    assert {cell.growth for cell in found.cells} == {growth} and found.compared == months
    ward = next(c for c in found.cells if (c.dept.code, c.item) == ("0401", "staff"))
    assert (ward.last, ward.chosen) == (D("2400000.00"), D("2400000.00"))
    assert ward.incremental == (None if growth is None else D("2400000.00"))
    assert proposal(warehouse, "H1", 2025, growth=D("0.1")).compared is None
