"""What an undo would leave standing is said beforehand, and is what the undo then does."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from core.batch import undo
from core.batch.slots import standing
from core.store import Store
from core.undoing import Back, consequences
from tests.pages.small import LEDGER, bring, ledger, read, small_store

AT = datetime(2025, 5, 1, tzinfo=UTC)


def corrected(store: Store, work: Path) -> str:
    rows = [(code, name, item, "1.00") for code, name, item, _ in LEDGER]
    reading = read(work, "2025年3月科室支出(更正).xlsx", "ledger_cost", {202503: ledger(rows)})
    return bring(store, work, reading, 9).id


def test_a_correction_gives_way_to_what_it_replaced(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    fix = corrected(store, tmp_path)
    (back,) = consequences(store, store.snapshot(), fix)
    assert (back.extract, back.period, back.rows) == ("ledger_cost", 202503, 7)
    assert back.batch is not None and back.batch.name == "2025年3月科室支出.xlsx"
    undo(store, fix, actor="w", at=AT)
    filled = {
        (slot.extract, slot.period): row["_batch"] for slot, row in standing(store, store.snapshot()).items()
    }
    assert filled["ledger_cost", 202503] == back.batch.id


def test_the_only_file_of_a_month_leaves_it_empty(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    (march,) = [
        row["_batch"]
        for row in store.events(store.snapshot(), "batches")
        if row["name"].startswith("2025年3月")
    ]
    (back,) = consequences(store, store.snapshot(), march)
    assert back == Back("ledger_cost", 202503, back.source, None, 0)


def test_a_replaced_or_undone_batch_changes_nothing(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    (march,) = [
        row["_batch"]
        for row in store.events(store.snapshot(), "batches")
        if row["name"].startswith("2025年3月")
    ]
    fix = corrected(store, tmp_path)
    assert consequences(store, store.snapshot(), march) == ()
    undo(store, fix, actor="w", at=AT)
    assert consequences(store, store.snapshot(), fix) == ()
    march_now = {
        slot.period: row
        for slot, row in standing(store, store.snapshot()).items()
        if slot.extract == "ledger_cost"
    }
    assert march_now[202503]["measure"] == Decimal("632345.61")
