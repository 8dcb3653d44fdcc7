"""The journal: append-only, outside snapshots, whole or not at all, one writer at a time."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from deltalake import DeltaTable

from core.batch import accept, undo
from core.journal import journal
from core.store import Store, log
from core.store.records import FOLD_AT
from tests.faults.journal_child import append
from tests.readings import H, clock, cost, make, refused

ROOT = Path(__file__).parents[2]


def child(store: Store, *args: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.journal_child", str(store.root), *args]
    return subprocess.Popen(command, cwd=ROOT)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def test_an_empty_store_has_an_empty_journal(store: Store) -> None:
    book = journal(store)
    assert (book.version(), book.entries("alert", H), book.latest("alert", H)) == (0, (), {})
    assert not store.root.exists(), "looking makes nothing"
    assert journal(store) is book
    assert book.add(H, [], by="wang", at=clock(1)) == () and book.version() == 0


def test_entries_come_back_in_order_by_kind_and_key(store: Store) -> None:
    book = journal(store)
    first = book.add(
        H,
        [("note", "a", {"text": "先看合同", "n": 1}), ("state", "a", {"to": "taken"})],
        by="王",
        at=clock(1),
    )
    before = book.version()
    book.add(H, [("note", "b", {}), ("note", "a", {"text": "second"})], by="li", at=clock(2))
    assert book.version() != before
    assert [entry.seq for entry in first] == [1, 2]
    assert [(e.seq, e.key, e.by, e.at) for e in book.entries("note", H)] == [
        (1, "a", "王", clock(1)), (3, "b", "li", clock(2)), (4, "a", "li", clock(2)),
    ]  # fmt: skip
    assert [e.data for e in book.entries("note", H, "a")] == [
        {"text": "先看合同", "n": 1},
        {"text": "second"},
    ]
    assert {key: entry.seq for key, entry in book.latest("note", H).items()} == {"a": 4, "b": 3}
    assert book.entries("note", "H2") == () and book.entries("other", H) == ()
    with pytest.raises(ValueError, match="time zone"):
        book.add(H, [("note", "a", {})], by="x", at=clock(1).replace(tzinfo=None))
    with pytest.raises(ValueError, match="JSON"):
        book.add(H, [("note", "a", {"x": object()})], by="x", at=clock(1))
    assert len(book.entries("note", H)) == 3
    table = DeltaTable(store.root / "tables" / "_journal").to_pyarrow_table()
    assert sorted(table["seq"].to_pylist()) == [1, 2, 3, 4], "an outside reader sees the same"


def test_an_open_journal_sees_what_another_store_writes_and_survives_folding(store: Store) -> None:
    other = Store(store.root)
    mine, theirs = journal(store), journal(other)
    assert mine is not theirs
    for step in range(FOLD_AT + 5):
        (mine if step % 2 else theirs).add(H, [("note", str(step), {"n": step})], by="a", at=clock(step))
        for book in (mine, theirs):
            assert [e.data["n"] for e in book.entries("note", H)] == list(range(step + 1))
    folder = store.root / "tables" / "_journal"
    assert len(log.paths(folder)) < FOLD_AT
    freed = store.vacuum()
    assert freed["files"] == FOLD_AT, "files folded into one are deleted, live ones are not"
    fresh = journal(Store(store.root))
    assert [e.seq for e in fresh.entries("note", H)] == list(range(1, FOLD_AT + 6))
    assert [e.seq for e in mine.entries("note", H)] == list(range(1, FOLD_AT + 6))


def test_imports_and_their_undo_leave_it_alone(store: Store, tmp_path: Path) -> None:
    book = journal(store)
    book.add(H, [("note", "a", {"n": 1})], by="wang", at=clock(1))
    held = store.snapshot().id
    assert held == "empty", "a comment is no snapshot"
    reading, original = make(
        tmp_path, "a.xlsx", {"ledger_cost": {202501: [cost("0101", "01", "1.10")]}},
        bad={"ledger_cost": [refused(202501, "9.00")]},
    )  # fmt: skip
    batch = accept(store, reading, hospital=H, actor="a", at=clock(2), original=original)
    book.add(H, [("note", "a", {"n": 2})], by="wang", at=clock(3))
    assert store.snapshot().id == batch.snapshot
    undo(store, batch.id, actor="a", at=clock(4))
    assert [e.data["n"] for e in book.entries("note", H)] == [1, 2]
    assert "_journal" not in store.tables(store.snapshot()) and store.verify() == []


def test_two_processes_and_threads_write_at_once_and_nothing_is_lost(store: Store) -> None:
    running = [child(store, f"p{n}", "8") for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: append(store.root, who, 8), ["t0", "t1"]))
    assert [one.wait(60) for one in running] == [0, 0]
    found = journal(store).entries("race", H)
    assert [e.seq for e in found] == list(range(1, 65)), "numbered without gap or repeat"
    for who in ("p0", "p1", "t0", "t1"):
        assert [e.data["n"] for e in found if e.key == who] == [n for n in range(8) for _ in range(2)]


def test_check_then_add_holds_others_off(store: Store) -> None:
    def claim(who: str) -> bool:
        with journal(Store(store.root)).changing(H) as writer:
            if "seat" in writer.latest("claim"):
                return False
            writer.add([("claim", "seat", {"who": who})], by=who, at=clock(1))
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(claim, "abcd")) == 1
    assert len(journal(store).entries("claim", H)) == 1


@pytest.mark.parametrize("landed", [False, True], ids=["before the commit", "after it"])
def test_a_writer_killed_in_the_middle_leaves_all_or_nothing(store: Store, landed: bool) -> None:
    book = journal(store)
    book.add(H, [("note", "a", {})], by="a", at=clock(1))
    assert child(store, "dying", "1", "after" if landed else "before").wait(60) == -signal.SIGKILL
    assert len(book.entries("race", H)) == (2 if landed else 0)
    book.add(H, [("race", "next", {"n": 1})], by="a", at=clock(2))
    seqs = [e.seq for kind in ("note", "race") for e in book.entries(kind, H)]
    assert sorted(seqs) == list(range(1, len(seqs) + 1))
    fresh = journal(Store(store.root))
    assert [e.key for e in fresh.entries("race", H)] == (["dying"] * 2 if landed else []) + ["next"]


def test_a_failed_write_is_said_and_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    book = journal(store)
    book.add(H, [("note", "a", {})], by="a", at=clock(1))

    def full(*args: object, **kwargs: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(log, "_commit", full)
    with pytest.raises(OSError, match="no space"):
        book.add(H, [("note", "b", {})], by="a", at=clock(2))
    monkeypatch.undo()
    assert len(book.entries("note", H)) == 1
    book.add(H, [("note", "c", {})], by="a", at=clock(3))
    assert [e.key for e in book.entries("note", H)] == ["a", "c"]


def test_a_folder_deleted_and_filled_again_is_read_anew(store: Store) -> None:
    book = journal(store)
    book.add(H, [("note", "a", {})], by="a", at=clock(1))
    assert len(book.entries("note", H)) == 1
    shutil.rmtree(store.root)
    assert book.entries("note", H) == ()
    journal(Store(store.root)).add(H, [("note", "b", {})], by="a", at=clock(2))
    assert [e.key for e in book.entries("note", H)] == ["b"]
