"""Accepting, previewing and undoing: what a user sees before and after."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest
from deltalake import DeltaTable

from core.batch import (
    Alias,
    Decisions,
    Differs,
    Duplicate,
    NeedsDecision,
    accept,
    history,
    preview,
    stem,
    undo,
)
from core.store import Store, StoreError
from tests.readings import H, clock, cost, make, refused

JAN = [cost("0101", "01", "100.10"), cost("0102", "01", "200.20")]
FEB = [cost("0101", "01", "110.00"), cost("0102", "01", "190.00")]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def put(store: Store, made, step: int, decisions: Decisions | None = None, hospital: str = H):
    reading, original = made
    return accept(
        store, reading, decisions, hospital=hospital, actor="wang", at=clock(step), original=original
    )


def ledger(store: Store, snapshot=None) -> list[tuple]:
    """(hospital, period, source, batch, dept, amount) of every live ledger line, as an outside Delta reader has it."""
    versions = (snapshot or store.snapshot()).versions
    if "ledger_cost" not in versions:
        return []
    table = DeltaTable(
        store.root / "tables" / "ledger_cost", version=versions["ledger_cost"]
    ).to_pyarrow_table()
    columns = ("hospital", "period", "_source", "_batch", "dept_code", "amount")
    return sorted(tuple(row[c] for c in columns) for row in table.to_pylist())


def test_a_file_lands_whole_and_undo_takes_it_back(store: Store, work: Path) -> None:
    reading, original = make(
        work,
        "2025年01月科室成本.xlsx",
        {
            "ledger_cost": {202501: JAN},
            "dept": {0: [{"dept_code": "0101", "dept_name": "骨科", "dept_class": "clinical"}]},
        },
        bad={
            "ledger_cost": [
                refused(202501, "5.00"),
                refused(202501, "0.00", "y"),
                refused(None, "7.00", row=10),
            ]
        },
    )
    effect = preview(store, store.snapshot(), reading, hospital=H)
    assert effect.ready
    assert [
        (s.extract, s.period, s.source, s.status, s.rows_after, s.measure_after) for s in effect.slots
    ] == [
        ("dept", 0, "科室成本", "added", 1, None),
        ("ledger_cost", 202501, "科室成本", "added", 2, D("300.30")),
    ]
    batch = put(store, (reading, original), 1)
    assert (batch.status, batch.rows, batch.name) == ("live", 3, "2025年01月科室成本.xlsx")
    assert [(part.extract, part.rows, part.refused_rows) for part in batch.parts] == [
        ("dept", 1, 0),
        ("ledger_cost", 2, 2),
    ]
    slots = {row["extract"]: row["refused_rows"] for row in store.records(store.snapshot(), "slots")}
    assert slots == {"dept": 0, "ledger_cost": 1}, "two bad cells of one row are one row"
    assert ledger(store) == [
        (H, 202501, "科室成本", batch.id, "0101", D("100.10")),
        (H, 202501, "科室成本", batch.id, "0102", D("200.20")),
    ]
    assert len(store.history()) == 1, "several tables, one snapshot"
    assert store.original(reading.sha256).read_bytes() == original.read_bytes()
    bad = DeltaTable(store.root / "tables" / "refused").to_pyarrow_table().to_pylist()
    assert sorted((r["extract"], r["period"], r["amount"], r["_batch"]) for r in bad) == [
        ("ledger_cost", 0, D("7.00"), batch.id),
        ("ledger_cost", 202501, D("0.00"), batch.id),
        ("ledger_cost", 202501, D("5.00"), batch.id),
    ]
    assert store.reading(store.snapshot(), batch.id)["sha256"] == reading.sha256

    first = store.snapshot()
    undo(store, batch.id, actor="li", at=clock(2))
    assert ledger(store) == []
    assert DeltaTable(store.root / "tables" / "refused").to_pyarrow_table().num_rows == 0
    assert [(b.status, b.undone_by) for b in history(store)] == [("undone", "li")]
    assert len(ledger(store, store.snapshot(first.id))) == 2, "the older snapshot reads as before"
    with pytest.raises(StoreError, match="undone already, by li"):
        undo(store, batch.id, actor="li", at=clock(3))
    assert store.verify() == []


def test_a_correction_replaces_its_month_and_source_only(store: Store, work: Path) -> None:
    first = put(store, make(work, "科室成本2025.xlsx", {"ledger_cost": {202501: JAN, 202502: FEB}}), 1)
    other = put(store, make(work, "工资.xlsx", {"ledger_cost": {202501: [cost("0101", "99", "50.00")]}}), 2)
    elsewhere = put(store, make(work, "科室成本2025.xlsx", {"ledger_cost": {202501: JAN}}), 3, hospital="H2")
    fixed = [cost("0101", "01", "100.10"), cost("0102", "01", "222.20")]
    made = make(work, "科室成本（更正）2025-01.xlsx", {"ledger_cost": {202501: fixed}})
    effect = preview(store, store.snapshot(), made[0], hospital=H)
    (slot,) = effect.slots
    assert (slot.status, slot.batch_before, slot.rows_before, slot.measure_before, slot.measure_after) == (
        "replaced", first.id, 2, D("300.30"), D("322.30"),
    )  # fmt: skip
    assert [(c.dept_code, c.item_code, c.before, c.after, c.difference) for c in effect.changes] == [
        ("0102", "01", D("200.20"), D("222.20"), D("22.00"))
    ]
    (choice,) = effect.sources
    assert (choice.source, choice.how) == ("科室成本", "same_keys")
    assert choice.candidates == (("科室成本", D(1), 2), ("工资", D(0), 1))
    fix = put(store, made, 4)
    assert {(row[0], row[1], row[2], row[3]) for row in ledger(store)} == {
        (H, 202501, "科室成本", fix.id),
        (H, 202502, "科室成本", first.id),
        (H, 202501, "工资", other.id),
        ("H2", 202501, "科室成本", elsewhere.id),
    }
    assert [b.status for b in history(store)] == ["live", "live", "live", "partly"]

    # Undone in the other order: the replaced batch first, so that it does not come back with its correction's undo.
    undo(store, first.id, actor="li", at=clock(5))
    assert (H, 202501, "科室成本", fix.id) in {row[:4] for row in ledger(store)}
    undo(store, fix.id, actor="li", at=clock(6))
    assert {row[:4] for row in ledger(store)} == {
        (H, 202501, "工资", other.id),
        ("H2", 202501, "科室成本", elsewhere.id),
    }


def test_the_same_file_and_the_same_rows_are_recognised(store: Store, work: Path) -> None:
    first = put(store, make(work, "成本.xlsx", {"ledger_cost": {202501: JAN}}, data=b"one"), 1)
    again = make(work, "别的名字.xlsx", {"ledger_cost": {202501: JAN}}, data=b"one")
    effect = preview(store, store.snapshot(), again[0], hospital=H)
    assert (effect.duplicate_of, effect.duplicate_how, effect.ready) == (first.id, "file", False)
    with pytest.raises(Duplicate) as caught:
        put(store, again, 2)
    assert caught.value.batch == first.id
    shuffled = make(work, "成本 2.xlsx", {"ledger_cost": {202501: JAN[::-1]}}, data=b"two")
    effect = preview(store, store.snapshot(), shuffled[0], hospital=H)
    assert (effect.duplicate_of, effect.duplicate_how) == (first.id, "content")
    assert effect.slots[0].status == "unchanged"
    swapped = [cost("0101", "01", "200.20"), cost("0102", "01", "100.10")]  # same count, same sum, other rows
    assert not preview(
        store, store.snapshot(), make(work, "成本.xlsx", {"ledger_cost": {202501: swapped}})[0], hospital=H
    ).duplicate_of
    undo(store, first.id, actor="li", at=clock(3))
    assert put(store, again, 4).status == "live", "what was undone may come again"
    assert len(store.history()) == 3


def test_whose_rows_these_are(store: Store, work: Path) -> None:
    put(store, make(work, "总账 2025年1月.xlsx", {"ledger_cost": {202501: JAN}}, shape="s"), 1)

    def choice(name: str, rows, period: int = 202501, shape: str = ""):
        made = make(work, name, {"ledger_cost": {period: rows}}, shape=shape)[0]
        return preview(store, store.snapshot(), made, hospital=H).sources[0]

    found = choice("任意名.xlsx", FEB, 202502, "s")
    assert (found.source, found.how) == ("总账", "remembered")
    # The shape is remembered, but the month is taken by rows with other keys: a second system, not a correction.
    found = choice("工资系统.xlsx", [cost("0900", "77", "1.00")], 202501, "s")
    assert (found.source, found.how) == ("工资系统", "new")
    found = choice("总账.xlsx", [cost("0900", "77", "1.00")])
    assert (found.source, found.decided) == ("总账", False), "the name is taken by rows it does not share"
    some = [JAN[0]] + [cost(f"09{n:02}", "77", "1.00") for n in range(9)]
    found = choice("x.xlsx", some)
    assert (found.how, found.candidates) == ("undecided", (("总账", D("0.1"), 2),))
    made = make(work, "x.xlsx", {"ledger_cost": {202501: some}})
    with pytest.raises(NeedsDecision, match="ledger_cost"):
        put(store, made, 2)
    put(store, made, 2, Decisions(sources={"ledger_cost": "手工补录"}))
    assert {row[2] for row in ledger(store)} == {"总账", "手工补录"}
    names_only = [{"dept_name": "骨科", "item_name": "01", "fund_source": "own", "amount": D(1)}]
    assert not choice("y.xlsx", names_only).decided, "codes here, names there: nobody can tell"


def test_an_adjusted_budget_stands_beside_the_original(store: Store, work: Path) -> None:
    def rows(version: str, amount: str) -> list[dict[str, object]]:
        return [{"dept_code": "0101", "item_code": "01", "version": version, "amount": D(amount)}]

    put(store, make(work, "2025年预算.xlsx", {"budget": {202501: rows("年初", "100")}}), 1)
    put(store, make(work, "2025年预算（调整）.xlsx", {"budget": {202501: rows("调整", "90")}}), 2)
    held = {row["source"]: row["measure"] for row in store.records(store.snapshot(), "slots")}
    assert held == {"预算 年初": D(100), "预算 调整": D(90)}
    put(store, make(work, "2025年预算（更正）.xlsx", {"budget": {202501: rows("年初", "101")}}), 3)
    held = {row["source"]: row["measure"] for row in store.records(store.snapshot(), "slots")}
    assert held == {"预算 年初": D(101), "预算 调整": D(90)}


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("2025年3月科室成本.xlsx", "科室成本"),
        ("科室成本（更正）2025-03.xlsx", "科室成本"),
        ("HIS收费_20250301-20250331 (2).csv", "his收费"),
        ("C:\\导出\\十二月工资表 final.xls", "工资表"),
        ("../../etc/passwd", "passwd"),
        ("202503.xlsx", "main"),
        ("Wages 2025 v2.xlsx", "wages"),
    ],
)
def test_source_names_come_from_file_names(file: str, source: str) -> None:
    assert stem(file) == source


def test_what_to_look_at_before_accepting(store: Store, work: Path) -> None:
    put(store, make(work, "aa.xlsx", {"ledger_cost": {202501: JAN, 202502: FEB}}), 1)
    made = make(
        work,
        "bb.xlsx",
        {"ledger_cost": {202503: [cost("0101", "01", "30000.00")], 203503: JAN, 202502: [FEB[0]]}},
    )
    warned = preview(store, store.snapshot(), made[0], hospital=H, source="aa").warnings
    assert sorted((w.kind, w.period) for w in warned) == [
        ("far_period", 203503),
        ("jump", 202502),
        ("jump", 202503),
    ]
    assert "203503" in warned[-1].text("en") and "202501" in warned[-1].text("en")
    other = preview(store, store.snapshot(), made[0], hospital=H, source="bb").warnings
    assert ("overlap", 202502) in {(w.kind, w.period) for w in other}
    many = make(work, "dd.xlsx", {"ledger_cost": {202504: [cost(f"{n:04}", "01", "1.00") for n in range(9)]}})
    put(store, many, 2)
    tiny = make(work, "dd.xlsx", {"ledger_cost": {202504: [cost("0001", "01", "9.00")]}})
    assert [w.kind for w in preview(store, store.snapshot(), tiny[0], hospital=H).warnings] == ["shrinks"]


def test_confirmations_go_with_the_batch_unless_others_rely_on_them(store: Store, work: Path) -> None:
    from core.settings import get_settings, memory

    alias = Alias("", "骨一科", "0101")
    decided = Decisions(
        aliases=(alias,), headings={"shape-1": {"extract": "ledger_cost", "columns": {"钱": "amount"}}}
    )
    parts = {"ledger_cost": {202501: JAN}}
    first = put(
        store, make(work, "a.xlsx", parts, shape="shape-1", departments=[("", "骨一科", "0101")]), 1, decided
    )
    known = memory(store, store.snapshot(), H)
    assert known.aliases == [["", "骨一科", "0101"]]
    assert known.headings == {"shape-1": {"extract": "ledger_cost", "columns": {"钱": "amount"}}}
    assert get_settings(store, store.snapshot(), H).aliases[0].by == "wang"
    undo(store, first.id, actor="li", at=clock(2))
    assert memory(store, store.snapshot(), H).aliases == []

    again = put(store, make(work, "a.xlsx", parts, departments=[("", "骨一科", "0101")]), 3, decided)
    later = make(work, "b.xlsx", {"ledger_cost": {202502: FEB}}, departments=[("", "骨一科", "0101")])
    put(store, later, 4)
    undo(store, again.id, actor="li", at=clock(5))
    kept = get_settings(store, store.snapshot(), H)
    assert [(a.raw_name, a.dept_code, a.by) for a in kept.aliases] == [("骨一科", "0101", "wang")]
    assert kept.headings == (), "no standing file has that shape"


def test_nothing_is_stored_when_nothing_can_be(store: Store, work: Path) -> None:
    reading, original = make(work, "a.xlsx", {"ledger_cost": {202501: []}})
    with pytest.raises(StoreError, match="no row"):
        put(store, (reading, original), 1)
    reading, original = make(work, "a.xlsx", {"ledger_cost": {202501: JAN}})
    reading.parts[0].status = "needs_decision"
    with pytest.raises(NeedsDecision, match="ledger_cost"):
        put(store, (reading, original), 1)
    reading, original = make(work, "a.xlsx", {"ledger_cost": {202501: JAN}})
    original.write_bytes(b"somebody saved over it")
    with pytest.raises(StoreError, match="changed after it was read"):
        put(store, (reading, original), 1)
    assert store.snapshot().id == "empty" and store.history() == [] and store.verify() == []
    assert not [path for path in store.root.rglob("*") if path.suffix in (".parquet", ".part")]


def test_several_tables_of_a_workbook_may_fill_one_month(store: Store, work: Path) -> None:
    reading, original = make(work, "a.xlsx", {"ledger_cost": {202501: JAN}})
    more, _ = make(work, "a.xlsx", {"ledger_cost": {202501: [cost("0103", "01", "5.00")]}})
    reading.parts.append(more.parts[0])
    batch = put(store, (reading, original), 1)
    assert [row[4] for row in ledger(store)] == ["0101", "0102", "0103"]
    assert batch.parts[0].measure == D("305.30")


def test_rows_that_do_not_add_up_to_what_was_read_are_not_stored(store: Store, work: Path) -> None:
    reading, original = make(work, "a.xlsx", {"ledger_cost": {202501: JAN, 202502: FEB}})
    assert (reading.parts[0].rows_accepted, reading.parts[0].amount_accepted) == (4, D("600.30"))
    for rows, amount, said in (
        (4, "600.31", "600.31 was read but 600.3000 was written"),
        (5, "600.30", "5 was read but 4"),
    ):
        reading.parts[0].rows_accepted, reading.parts[0].amount_accepted = rows, D(amount)
        with pytest.raises(Differs, match=said) as refusal:
            put(store, (reading, original), 1)
        assert "整个文件未导入" in refusal.value.issue.text("zh") and ledger(store) == []
    reading.parts[0].rows_accepted = 4
    assert put(store, (reading, original), 2).rows == 4
