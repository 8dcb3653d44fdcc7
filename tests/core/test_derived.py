"""Results per hospital-month: golden figures, identities to the fen, and what makes a month compute again."""

import random
import sys
from concurrent.futures.process import BrokenProcessPool
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.allocation import Policy
from core.derived import build_inputs, ensure, fingerprint, month_results, read_month, refresh, stored
from core.derived.results import KEPT_TABLES, empty_tables
from core.money import half_up
from core.scenario import Scenario
from core.staging import Staging, open_staging
from core.store import Store
from core.warehouse import open_warehouse
from tests.fixtures.truth_store import HOSPITAL, _bring
from tests.small import GOLDEN_FULL, D, FakeStore, Row, dictionary, fill, income, ledger


def staged(store: FakeStore) -> Staging:
    return open_staging(store, store.snapshot())


def rows(staging: Staging, name: str, period: int = 202501, scenario: Scenario | None = None) -> list[Row]:
    space = month_results(staging, "H1", period, scenario or Scenario()).space
    found: list[Row] = space.table(name).to_pylist()
    return found


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    return fill(FakeStore(tmp_path), 202501)


def test_the_published_example_comes_out_of_the_warehouse(store: FakeStore) -> None:
    full = {
        r["dept_code"]: r["amount"] for r in rows(staged(store), "mart_full_cost") if r["scope"] == "medical"
    }
    assert full == GOLDEN_FULL
    checks = rows(staged(store), "alloc_identity")
    assert [(c["name"], c["ok"], c["difference"]) for c in checks] == [
        (f"I{n}", True, D("0.00")) for n in range(1, 6)
    ]


def test_unit_costs_by_hand(store: FakeStore) -> None:
    found = {(r["kind"], r["dept_code"]): (r["cost"], r["volume"], r["unit_cost"])
             for r in rows(staged(store), "mart_unit_cost") if r["scope"] == "medical"}  # fmt: skip
    assert found[("visit", "0402")] == (D("254161.32"), 1000, D("254.16"))
    assert found[("bed_day", "0401")] == (D("344940.29"), 400, D("862.35"))
    assert found[("bed_day", "*")] == (D("535838.69"), 700, D("765.48"))
    store.put("workload_op", [], periods=[202501])
    found = {(r["kind"], r["dept_code"]): r["unit_cost"] for r in rows(staged(store), "mart_unit_cost")}
    assert found[("visit", "0402")] is None  # no visits: missing, never a division by nothing


def messy(chance: random.Random, count: int) -> list[Row]:
    words = ["0101", "102", "检验科", "0401", "402.0", "心内科 病区", "nobody", "0201", "0302"]
    return [
        {"period": 202501, "dept_code": word if word.isascii() else "", "dept_name": "" if word.isascii() else word,
         "item_code": chance.choice(["6001", "6002", "zz"]), "item_name": "", "voucher": str(i),
         "fund_source": chance.choice(["own", "own", "fiscal", "science", "other", None]),
         "amount": Decimal(chance.randint(-(10**6), 10**8)) / 100}
        for i, word in enumerate(chance.choices(words, k=count))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_identities_over_messy_ledgers(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    store = fill(FakeStore(tmp_path), 202501)
    given = messy(chance, 150)
    store.put("ledger_cost", given)
    staging = staged(store)
    total = sum(r["amount"] for r in given)
    own_admin = staging.query(
        "select coalesce(sum(amount), 0) from stg_cost where dept_class = 'admin' and fund_source = 'own'"
    )
    full, direct = rows(staging, "mart_full_cost"), rows(staging, "mart_direct_cost")

    def of(table: list[Row], scope: str, **only: Any) -> Decimal:
        chosen = (r for r in table if r["scope"] == scope and all(r[k] == v for k, v in only.items()))
        return sum((r["amount"] for r in chosen), D("0.00"))

    # full + unallocated = direct in every scope, and for every item of it
    for scope in ("business", "medical", "medical_full", "hospital_full"):
        assert of(full, scope) == of(direct, scope)
        for item in ("staff", "drugs", "other"):
            assert of(full, scope, item_class=item) == of(direct, scope, item_class=item)
    assert of(direct, "hospital_full") == total
    assert of(direct, "medical") - of(direct, "business") == own_admin[0][0]
    layers = dict(staging.query("select fund_source, sum(amount) from stg_cost group by 1"))
    assert of(direct, "medical_full") - of(direct, "medical") == layers.get("fiscal", 0)
    # lineage adds up to full cost for each receiver and to direct cost for each origin
    lineage = rows(staging, "alloc_lineage")
    by_origin: dict[str, Decimal] = {}
    for r in lineage:
        by_origin[r["origin"]] = by_origin.get(r["origin"], D("0")) + r["amount"]
    booked = dict(
        staging.query(
            "select coalesce(dept_code, 'unmapped'), sum(amount) from stg_cost group by 1 having sum(amount) <> 0"
        )
    )
    assert {k: v for k, v in by_origin.items() if v} == booked
    assert all(r["allocated"] is False for r in lineage if r["origin"] == "unmapped")


def test_scope_without_admin_is_the_lineage_without_admin_origins(store: FakeStore) -> None:
    """S1 is read from the one run: full cost less what came from administration. A run without admin cost rounds
    on its own and may put a fen elsewhere, but the total and every department agree within a few fen."""
    staging = staged(store)
    ours = {r["dept_code"]: r["amount"] for r in rows(staging, "mart_full_cost") if r["scope"] == "business"}
    store.put("ledger_cost", [line for line in ledger() if line["dept_code"] > "0200"])
    alone = {
        r["dept_code"]: r["amount"] for r in rows(staged(store), "mart_full_cost") if r["scope"] == "medical"
    }
    assert sum(ours.values()) == sum(alone.values()) == D("640000.00")
    assert all(abs(ours[code] - alone[code]) <= D("0.05") for code in alone)


def test_area_is_carried_forward_until_replaced(store: FakeStore) -> None:
    fill(store, 202502, 202503)
    # However the name is written in the later file, it is the same department.
    store.put("area", [{"period": 202503, "dept_code": "0401", "dept_name": "骨科一病区", "area": D("300")}])
    staging = staged(store)
    for period, expected in ((202502, D("100.5")), (202503, D("300"))):
        volumes = {
            r["dept_code"]: r["area"]
            for r in read_month(staging, "H1", period).tables["month_volume"].to_pylist()
        }
        assert volumes["0401"] == expected and volumes["0402"] == D("100.5")


def test_income_comes_from_the_first_extract_that_has_the_month(store: FakeStore) -> None:
    detail = [{**r, "charge_code": str(i), "quantity": D("1")} for i, r in enumerate(income())]
    store.put("income_detail", [{**r, "amount": r["amount"] * 2} for r in detail])
    assert sum(r["amount"] for r in rows(staged(store), "month_income")) == D("900000.00")
    store.put("income", [], periods=[202501])
    assert sum(r["amount"] for r in rows(staged(store), "month_income")) == D("1800000.00")
    store.put("income_detail", [], periods=[202501])
    store.put("charge_line", [{**r, "charge_id": str(i)} for i, r in enumerate(income())])
    charged = rows(staged(store), "month_income")
    assert sum(r["amount"] for r in charged) == D("900000.00")
    full = {
        r["dept_code"]: r["amount"] for r in rows(staged(store), "mart_full_cost") if r["scope"] == "medical"
    }
    assert full == GOLDEN_FULL


def test_month_budget_takes_the_version_in_force(store: FakeStore) -> None:
    line = {"period": 202501, "dept_code": "0401", "item_code": "6001"}
    store.put(
        "budget",
        [{**line, "amount": D("10.00"), "version": "v0"}, {**line, "amount": D("12.00"), "version": "v1"}],
    )
    (found,) = rows(staged(store), "month_budget")
    assert (found["dept_code"], found["direction"], found["item_class"], found["amount"]) == (
        "0401",
        "cost",
        "staff",
        D("12.00"),
    )


def test_a_budget_of_another_month_changes_what_a_line_for_the_year_leaves(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501)
    line = {"dept_code": "0401", "item_code": "6001"}
    store.put("budget", [], periods=[202501])
    store.put("budget", [{"period": 202500, **line, "amount": D("1200000.00")}], source="year")
    before = fingerprint(staged(store), "H1", 202501)
    store.put("budget", [{"period": 202507, **line, "amount": D("110000.00")}], source="july")
    assert fingerprint(staged(store), "H1", 202501) != before
    # January of what July leaves of the year: 1,090,000 over eleven months
    assert [row["amount"] for row in rows(staged(store), "month_budget")] == [D("99090.90")]
    after = fingerprint(staged(store), "H1", 202501)
    store.put("budget", [{"period": 202600, **line, "amount": D("9.00")}], source="next")
    assert fingerprint(staged(store), "H1", 202501) == after


def test_beds_said_once_for_each_patient_type_count_once(store: FakeStore) -> None:
    ward = {"period": 202501, "dept_code": "0401", "bed_days": 100, "open_beds": D("20"), "planned_beds": 18}
    store.put("workload_ip", [{**ward, "patient_type": "医保"}, {**ward, "patient_type": "自费"}])
    (found,) = [r for r in rows(staged(store), "month_volume") if r["dept_code"] == "0401"]
    assert (found["bed_days"], found["open_beds"], found["open_bed_days"]) == (200, D("20"), 620)


def test_only_touched_months_compute_again(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501, 202502, 202503)

    def prints() -> dict[int, str]:
        staging = staged(store)
        return {p: fingerprint(staging, "H1", p) for p in (202501, 202502, 202503)}

    before = prints()
    assert len(set(before.values())) == 3
    store.put("ledger_cost", ledger(202502))
    after = prints()
    assert [p for p in before if before[p] != after[p]] == [202502]
    # an alias for a word that one month uses touches that month
    store.put("ledger_cost", [*ledger(202503), {**ledger(202503)[0], "dept_code": "", "dept_name": "创伤组"}])
    before = prints()
    store.record("dept_alias", raw_code="", raw_name="创伤组", dept_code="0402", how="confirmed")
    after = prints()
    assert [p for p in before if before[p] != after[p]] == [202503]
    # the same dictionary again changes nothing, another class changes everything
    store.put("dept", dictionary())
    assert prints() == after
    rows = dictionary()
    rows[2]["dept_class"] = "technical"
    store.put("dept", rows)
    assert not set(prints().values()) & set(after.values())
    before = prints()
    store.record("settings", key="allocation", json=Policy().with_driver("technical", "workload").to_json())
    assert not set(prints().values()) & set(before.values())
    # an area is carried into later months only
    before = prints()
    store.put("area", [{"period": 202502, "dept_code": "0401", "area": D("9")}])
    after = prints()
    assert [p for p in before if before[p] != after[p]] == [202502, 202503]


def test_results_are_kept_found_again_and_undone(store: FakeStore) -> None:
    first = staged(store)
    assert stored(first, "H1", 202501) is None
    place = ensure(first, "H1", 202501)
    assert sorted(path.stem for path in place.glob("*.parquet")) == sorted(KEPT_TABLES)
    assert ensure(first, "H1", 202501) == place
    assert not [path for path in place.parent.iterdir() if path.name.startswith(".")]
    original = store.files(store.snapshot(), "ledger_cost")
    store.put("ledger_cost", [*ledger(), {**ledger()[0], "amount": D("1.00"), "voucher": "x"}])
    other = ensure(staged(store), "H1", 202501)
    assert other != place
    # undo puts the same files back, so the earlier results are right again
    state = dict(store._states[store.snapshot().id])
    state["ledger_cost"] = original
    store._commit(state)
    assert stored(staged(store), "H1", 202501) == place


def test_refresh_computes_what_is_missing_and_says_so(store: FakeStore) -> None:
    fill(store, 202502)
    said: list[tuple[int, int, str]] = []
    as_store: Store = store
    done = refresh(as_store, progress=lambda *step: said.append(step))
    assert done.computed == (("H1", 202502), ("H1", 202501)) and done.present == 0
    assert said == [(0, 2, ""), (1, 2, "H1 202502"), (2, 2, "H1 202501")]
    again = refresh(as_store)
    assert again.computed == () and again.present == 2


def real_store(root: Path, work: Path) -> Store:
    """The small hospital in the real store, through real commits."""
    store, small = Store(root), fill(FakeStore(work / "small"), 202501, 202502)
    snapshot = small.snapshot()
    for extract in ("dept", "cost_item", "area", "staff_count", "workload_op", "workload_ip", "internal_service",
                    "ledger_cost", "income", "budget"):  # fmt: skip
        parts = [(f.period, pq.read_table(f.path, partitioning=None)) for f in small.files(snapshot, extract)]
        tables = [
            t.append_column("period", pa.array([p] * t.num_rows, pa.int32())) if p else t for p, t in parts
        ]
        _bring(store, work, extract, "", pa.concat_tables(tables), None)
    return store


def test_refresh_in_processes_over_the_real_store(tmp_path: Path) -> None:
    store = real_store(tmp_path / "data", tmp_path)
    done = refresh(store, workers=2)
    assert len(done.computed) == 2 and not done.refused
    opened = open_warehouse(store)
    assert opened.missing(HOSPITAL) == ()
    full = "select dept_code, amount from mart_full_cost where scope = 'medical' and period = 202502"
    assert dict(opened.query(full)) == GOLDEN_FULL
    places = opened.query("select distinct _file, _source from stg_cost")
    assert places == [("ledger_cost-truth.parquet", "truth")]


def test_a_broken_pool_of_processes_loses_no_month(store: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, *_: object, **__: object) -> None:
            raise BrokenProcessPool

    fill(store, 202502)
    monkeypatch.setattr(sys.modules["core.derived.refresh"], "ProcessPoolExecutor", Broken)
    assert len(refresh(store, workers=2).computed) == 2


def test_a_policy_that_does_not_fit_is_a_sentence_not_a_crash(store: FakeStore) -> None:
    store.record("settings", key="allocation", json=Policy().with_driver("technical", "moonlight").to_json())
    done = refresh(store)
    assert [place[:2] for place in done.refused] == [("H1", 202501)]
    assert "moonlight" in done.refused[0][2]


def test_own_steps_run_the_hospitals_order(store: FakeStore) -> None:
    store.put("alloc_step", [
        {"level": D("1"), "source_code": "0301", "param_name": "wages"},
        {"level": D("2"), "source_code": "0101", "item_name": "人员经费", "param_name": "wages"},
    ])  # fmt: skip
    store.put("alloc_param", [
        {"period": 202501, "target_code": code, "param_name": "wages", "value": D(weight)}
        for code, weight in (("0101", "1"), ("0401", "2"), ("0402", "1"))
    ])  # fmt: skip
    results = month_results(staged(store), "H1", 202501)
    assert results.policy.method == "step_down"
    assert [(s.source, s.driver, s.items, s.level) for s in results.policy.order] == [
        ("0301", "wages", (), 1), ("0101", "wages", ("staff",), 2),
    ]  # fmt: skip
    full = {
        r["dept_code"]: r
        for r in results.space.table("mart_full_cost").to_pylist()
        if r["scope"] == "medical"
    }
    # 80,000 of 0301 go 1:2:1 to 0101, 0401, 0402; then 120,000.01 of 0101 go 2:1 to 0401, 0402
    assert full["0401"]["amount"] == D("320000.01") and full["0402"]["amount"] == D("210000.00")
    assert sum(r["amount"] for r in full.values()) == D("790000.01")


def test_items_of_the_hospitals_own_may_arrive_as_another_item(store: FakeStore) -> None:
    store.put("cost_item", [{"item_code": "6001", "item_name": "工资", "item_class": "staff"},
                            {"item_code": "OVH", "item_name": "overheads", "item_class": "other"}])  # fmt: skip
    store.put(
        "alloc_step", [{"level": D("1"), "source_code": "0101", "item_code": "6001", "param_code": "heads"}]
    )
    store.put(
        "alloc_param", [{"period": 202501, "target_code": "0401", "param_code": "heads", "value": D("1")}]
    )
    results = month_results(staged(store), "H1", 202501)
    assert "6001" in build_inputs(read_month(results.space.staging, "H1", 202501)).items
    assert {r["item_class"] for r in results.space.table("mart_full_cost").to_pylist()} == {"staff"}


def test_scenarios_change_what_they_say_and_nothing_stored(store: FakeStore) -> None:
    staging = staged(store)
    before = sorted(path for path in store.root.rglob("*") if path.is_file())
    priced = Scenario("x", rates={"staff": "*1.1"}, prices={"drugs": "*0.5"}, volumes={"visits": "=2000"})
    assert sum(r["amount"] for r in rows(staging, "month_direct", scenario=priced)) == D(
        "869000.01"
    )  # 869,000.011
    for factor in ("1.0000123", "0.3333333", "1.05"):
        changed = Scenario("x", rates={"staff": f"*{factor}"})
        made = sum(r["amount"] for r in rows(staging, "month_direct", scenario=changed))
        assert made == half_up(D("790000.01") * D(factor))
    assert sum(r["amount"] for r in rows(staging, "month_income", scenario=priced)) == D("800000.00")
    unit = {
        (r["kind"], r["dept_code"]): r["volume"] for r in rows(staging, "mart_unit_cost", scenario=priced)
    }
    assert unit[("visit", "0402")] == 2000
    moved = Scenario(weights={"headcount": {"0401": "=0"}})
    full = {
        r["dept_code"]: r["amount"]
        for r in rows(staging, "mart_full_cost", scenario=moved)
        if r["scope"] == "medical"
    }
    assert full["0401"] < GOLDEN_FULL["0401"] and sum(full.values()) == D("790000.01")
    assert sorted(path for path in store.root.rglob("*") if path.is_file()) == before


def test_empty_tables_have_the_types_of_full_ones(store: FakeStore) -> None:
    staging = staged(store)
    empty, space = empty_tables(staging), month_results(staging, "H1", 202501).space
    for name in KEPT_TABLES:
        assert empty[name].num_rows == 0
        assert empty[name].schema == space.table(name).schema, name
        assert not [
            f for f in empty[name].schema if str(f.type) in ("double", "float") and f.name != "weight"
        ], name
