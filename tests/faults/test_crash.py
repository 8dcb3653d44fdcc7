"""A process killed in the middle of a commit, two writers at once, a full disk: all or nothing, and nothing lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from core.batch import Decisions, accept, history, undo
from core.intake.reading import Reading
from core.settings import get_settings, set_value
from core.store import Snapshot, Store, log
from tests.faults.crash_child import DECISIONS
from tests.readings import H, clock, cost, make, refused

ROOT = Path(__file__).parents[2]
OLD = {202501: [cost("0101", "01", "1.00")], 202502: [cost("0101", "01", "2.00")]}
NEW = {202502: [cost("0101", "01", "22.00")], 202503: [cost("0101", "01", "3.00")]}
DEPT = {0: [{"dept_code": "0101", "dept_name": "x", "dept_class": "clinical"}]}


def state(store: Store, snapshot: Snapshot | None = None) -> dict[str, Any]:
    """Everything a reader can see in one snapshot."""
    snapshot = snapshot or store.snapshot()
    seen: dict[str, Any] = {"aliases": [a.raw_name for a in get_settings(store, snapshot, H).aliases]}
    for table in ("ledger_cost", "dept", "refused"):
        seen[table] = sorted(
            (f.period, f.rows, str(f.path.relative_to(store.root))) for f in store.files(snapshot, table)
        )
        assert all((store.root / path).exists() for _, _, path in seen[table])
    seen["batches"] = [(b.id, b.status) for b in history(store, snapshot)]
    return seen


def outside(store: Store) -> list[tuple[int, D]]:
    """The ledger as a plain Delta reader sees its newest version."""
    rows = DeltaTable(store.root / "tables" / "ledger_cost").to_pyarrow_table().to_pylist()
    return sorted((row["period"], row["amount"]) for row in rows)


def children(work: Path, what: str, stores: list[tuple[Path, int]]) -> list[list[int]]:
    """[exit code, steps] of one commit into each store, killed after its step (0: not killed)."""
    named = [f"{root}:{last}" for root, last in stores]
    command = [sys.executable, "-m", "tests.faults.crash_child", str(work), what, *named]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with one file accepted, and a second file, read and waiting."""
    top = tmp_path_factory.mktemp("base")
    work = top / "work"
    work.mkdir()
    store = Store(top / "data")
    reading, original = make(
        work, "old.xlsx", {"ledger_cost": OLD}, bad={"ledger_cost": [refused(202502, "9.00")]}
    )
    accept(store, reading, DECISIONS, hospital=H, actor="a", at=clock(1), original=original)
    reading, original = make(
        work, "new.xlsx", {"ledger_cost": NEW, "dept": DEPT}, bad={"ledger_cost": [refused(202503, "8.00")]}
    )
    (work / "reading.json").write_text(json.dumps(reading.to_dict()))
    original.rename(work / "original")
    return top / "data", work


def killed_at_every_step(
    base: tuple[Path, Path], what: str, tmp_path: Path, again: Callable[[Store], Any]
) -> int:
    """Kill after each step in turn; returns how many steps there were."""
    root, work = base
    shutil.copytree(root, tmp_path / "whole")
    ((code, steps),) = children(work, what, [(tmp_path / "whole", 0)])
    assert code == 0
    places = {step: tmp_path / f"killed-{step}" for step in range(1, steps + 1)}
    for place in places.values():
        shutil.copytree(root, place)
    codes = children(work, what, [(place, step) for step, place in places.items()])
    assert {code for code, _ in codes} == {-9}
    before, after = state(Store(root)), state(Store(tmp_path / "whole"))
    rows_before, rows_after = outside(Store(root)), outside(Store(tmp_path / "whole"))
    assert before != after

    results = []
    for step, place in places.items():
        store = Store(place)
        seen = state(store)
        assert seen in (before, after), f"step {step}: neither all nor nothing"
        something_else_first(place, f"step {step}", rows_before if seen == before else rows_after)
        if seen == before:
            again(store)
        assert state(store) == after and outside(store) == rows_after, f"step {step}: the next try must land"
        assert state(store, store.history()[-1]) == before, f"step {step}: what was there before still reads"
        assert store.verify() == []
        store.vacuum()
        assert Store(place).verify() == [] and state(Store(place)) == after
        results.append(seen == after)
    assert results == sorted(results), "visible by one step and from then on"
    assert set(results) == {False, True}
    return steps


def something_else_first(place: Path, where: str, rows: list[tuple[int, D]]) -> None:
    """The next writer may have nothing to do with the tables the killed one was in; it must put them right."""
    other = place.with_name("other")
    shutil.copytree(place, other)
    set_value(Store(other), H, "key", "value", actor="a", at=clock(10))
    assert Store(other).verify() == [], where
    assert outside(Store(other)) == rows, where
    shutil.rmtree(other)


def test_an_import_killed_anywhere_is_all_or_nothing(base: tuple[Path, Path], tmp_path: Path) -> None:
    _, work = base

    def again(store: Store) -> None:
        reading = Reading.from_dict(json.loads((work / "reading.json").read_text()))
        accept(store, reading, DECISIONS, hospital=H, actor="a", at=clock(9), original=work / "original")

    assert killed_at_every_step(base, "accept", tmp_path, again) > 15


def test_an_undo_killed_anywhere_is_all_or_nothing(base: tuple[Path, Path], tmp_path: Path) -> None:
    def again(store: Store) -> None:
        undo(store, store.snapshot().batch, actor="a", at=clock(9))

    assert killed_at_every_step(base, "undo", tmp_path, again) > 5


def test_a_full_disk_leaves_the_store_as_it_was(
    base: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, work = base
    before = state(Store(root))
    failed = 0
    for step in range(1, 40):
        place = tmp_path / f"full-{step}"
        shutil.copytree(root, place)
        store = Store(place)
        listing = sorted(path for path in place.rglob("*.parquet"))
        made = make(work, "third.xlsx", {"ledger_cost": {202504: [cost("0101", "01", "4.00")]}, "dept": DEPT})
        with monkeypatch.context() as patch:
            count = iter(range(1, 1000))
            full_from(patch, step, count)
            try:
                accept(store, made[0], DECISIONS, hospital=H, actor="a", at=clock(5), original=made[1])
            except OSError as problem:
                assert problem.errno == errno.ENOSPC
                failed += 1
            else:
                break
        assert state(store) == before, f"step {step}"
        assert not any(place.rglob("*.part"))
        store = Store(place)
        batch = accept(store, made[0], DECISIONS, hospital=H, actor="a", at=clock(6), original=made[1])
        assert batch.status == "live" and store.verify() == []
        store.vacuum()
        assert set(listing) <= set(place.rglob("*.parquet"))
        shutil.rmtree(place)
    assert failed > 10


def full_from(patch: pytest.MonkeyPatch, step: int, count: Any) -> None:
    """Links, renames, copies and Delta commits fail for lack of space from the `step`-th of them on."""

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if next(count) >= step:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **kwargs)

        return wrapped

    for owner, name in (
        (os, "link"),
        (os, "replace"),
        (shutil, "copyfile"),
        (log, "create_table_with_add_actions"),
        (log.DeltaTable, "create_write_transaction"),
    ):
        patch.setattr(owner, name, failing(getattr(owner, name)))


def test_two_writers_at_once_both_land_and_readers_never_wait(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    root = tmp_path / "data"
    each = 6
    problems: list[str] = []
    stop = threading.Event()

    def write(who: int) -> None:
        store = Store(root)
        for n in range(each):
            rows = {202500 + month: [cost("0101", "01", f"{who + 1}.00")] for month in (n * 2 + 1, n * 2 + 2)}
            made = make(
                work, f"w{who}-{n}.xlsx", {"ledger_cost": rows, "dept": DEPT}, data=f"{who} {n}".encode()
            )
            with_source = {"ledger_cost": f"writer{who}", "dept": f"writer{who}"}
            accept(
                store,
                made[0],
                Decisions(with_source, again=True),
                hospital=H,
                actor="a",
                at=clock(n),
                original=made[1],
            )

    def read() -> None:
        store = Store(root)
        while not stop.is_set():
            snapshot = store.snapshot()
            months = len(store.files(snapshot, "ledger_cost"))
            batches = len(store.events(snapshot, "batches"))
            if months != 2 * batches:
                problems.append(f"{snapshot.id}: {months} months of {batches} batches")

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    stop.set()
    reader.join()
    store = Store(root)
    assert problems == []
    assert len(store.history()) == 2 * each and len(history(store)) == 2 * each
    assert sum(amount for _, amount in outside(store)) == 2 * each * (D(1) + D(2))
    parents = [snapshot.parent for snapshot in store.history()]
    ids = [snapshot.id for snapshot in store.history()]
    assert parents == [*ids[1:], "empty"], "one after the other, none lost"
    assert store.verify() == []
