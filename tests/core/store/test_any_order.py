"""Random imports and undos against a model that is a dictionary: what fills a slot is the last batch not undone."""

from __future__ import annotations

import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

from deltalake import DeltaTable
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.batch import Decisions, accept, history, undo
from core.store import Snapshot, Store
from tests.readings import clock, cost, make, refused

HOSPITALS, SOURCES = ("H1", "H2"), ("main", "wages")
MONTHS = (202501, 202502, 202503)


class AnyOrder(RuleBasedStateMachine):
    """Model: batches in the order accepted, each {(hospital, period, source): amount}; and which are undone."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp(prefix="costward-test-"))
        (self.top / "work").mkdir()
        self.store = Store(self.top / "data")
        self.batches: dict[str, dict[tuple[str, int, str], Decimal]] = {}
        self.undone: set[str] = set()
        self.past: list[tuple[Snapshot, dict, int]] = []
        self.step = 0

    def teardown(self) -> None:
        for snapshot, rows, bad in self.past:
            found = self.store.snapshot(snapshot.id)
            assert self.live(found) == rows and self.live_refused(found) == bad
        assert Store(self.top / "data").verify() == []
        shutil.rmtree(self.top)

    @rule(
        hospital=st.sampled_from(HOSPITALS),
        source=st.sampled_from(SOURCES),
        months=st.sets(st.sampled_from(MONTHS), min_size=1),
    )
    def accept_file(self, hospital: str, source: str, months: set[int]) -> None:
        self.step += 1
        amounts = {month: Decimal(self.step * 100 + month % 100) for month in months}
        rows = {month: [cost("0101", "01", str(amount))] for month, amount in amounts.items()}
        bad = [refused(month, "1.00", str(self.step)) for month in months]
        reading, original = make(
            self.top / "work", f"{self.step}.xlsx", {"ledger_cost": rows}, bad={"ledger_cost": bad}
        )
        batch = accept(
            self.store,
            reading,
            Decisions(sources={"ledger_cost": source}),
            hospital=hospital,
            actor="a",
            at=clock(self.step),
            original=original,
        )
        self.batches[batch.id] = {(hospital, month, source): amount for month, amount in amounts.items()}
        self.remember()

    @precondition(lambda self: set(self.batches) - self.undone)
    @rule(data=st.data())
    def undo_any(self, data: st.DataObject) -> None:
        self.step += 1
        batch = data.draw(st.sampled_from([b for b in self.batches if b not in self.undone]))
        undo(self.store, batch, actor="a", at=clock(self.step))
        self.undone.add(batch)
        self.remember()

    @precondition(lambda self: len(self.past) > 3)
    @rule(keep=st.integers(2, 4))
    def vacuum(self, keep: int) -> None:
        self.store.vacuum(keep_snapshots=keep)
        self.past = self.past[-keep:]

    @rule()
    def reopen(self) -> None:
        self.store = Store(self.top / "data")

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        assert self.live(self.store.snapshot()) == self.model()
        assert self.live_refused(self.store.snapshot()) == len(self.model())
        standing = [batch for batch in self.batches if batch not in self.undone]
        filler = {slot: batch for batch in standing for slot in self.batches[batch]}
        want = {batch: sum(filled == batch for filled in filler.values()) for batch in standing}
        told = {b.id: len(b.parts[0].live_periods) for b in history(self.store) if b.status != "undone"}
        assert told == want

    def model(self) -> dict[tuple[str, int, str], Decimal]:
        filled: dict[tuple[str, int, str], Decimal] = {}
        for batch, slots in self.batches.items():
            if batch not in self.undone:
                filled |= slots
        return filled

    def remember(self) -> None:
        self.past.append((self.store.snapshot(), self.model(), len(self.model())))

    def live(self, snapshot: Snapshot) -> dict[tuple[str, int, str], Decimal]:
        if "ledger_cost" not in snapshot.versions:
            return {}
        folder = self.store.root / "tables" / "ledger_cost"
        rows = DeltaTable(folder, version=snapshot.versions["ledger_cost"]).to_pyarrow_table().to_pylist()
        found = {(row["hospital"], row["period"], row["_source"]): row["amount"] for row in rows}
        assert len(found) == len(rows), "a slot filled twice"
        listed = {(f.hospital, f.period, f.source) for f in self.store.files(snapshot, "ledger_cost")}
        assert listed == set(found)
        return found

    def live_refused(self, snapshot: Snapshot) -> int:
        return sum(file.rows for file in self.store.files(snapshot, "refused"))


AnyOrder.TestCase.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)
TestAnyOrder = AnyOrder.TestCase
