"""The store by itself: snapshots, outside readers, originals, vacuum, odd names."""

from __future__ import annotations

import hashlib
from decimal import Decimal as D
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from core.batch import accept, history, undo
from core.catalog import catalog
from core.store import NewFile, SnapshotGone, Store, StoreError
from core.store.adopt import fits
from core.store.originals import keep
from core.store.records import FOLD_AT
from core.store.schema import RECORDS, file_schema, table_schema
from tests.readings import H, clock, cost, make

JAN = {202501: [cost("0101", "01", "1.10")]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def put(
    store: Store, work: Path, step: int, amount: str = "1.10", hospital: str = H, name: str = "成本.xlsx"
):
    reading, original = make(work, name, {"ledger_cost": {202501: [cost("0101", "01", amount)]}})
    return accept(store, reading, hospital=hospital, actor="a", at=clock(step), original=original)


def outside(store: Store, table: str = "ledger_cost") -> list[dict]:
    return DeltaTable(store.root / "tables" / table).to_pyarrow_table().to_pylist()


def test_an_empty_store_reads_as_empty(store: Store) -> None:
    snapshot = store.snapshot()
    assert (snapshot.id, snapshot.versions, store.history()) == ("empty", {}, [])
    assert store.files(snapshot, "ledger_cost") == () and store.records(snapshot, "settings") == []
    assert store.verify() == [] and not store.root.exists(), "looking makes nothing"
    assert store.schema("ledger_cost").names[:3] == ["hospital", "period", "dept_code"]
    with pytest.raises(SnapshotGone, match="no snapshot"):
        store.snapshot("12345678")


def test_rows_carry_their_origin_for_an_outside_reader(store: Store, work: Path) -> None:
    batch = put(store, work, 1, name="二月 '科室'=成本%20.xlsx", hospital="院/区 1=")
    (row,) = outside(store)
    assert row["hospital"] == "院/区 1=" and row["period"] == 202501 and row["amount"] == D("1.10")
    assert (row["_batch"], row["_file"], row["_sheet"], row["_row"]) == (
        batch.id, "二月 '科室'=成本%20.xlsx", "S", 2,
    )  # fmt: skip
    (file,) = store.files(store.snapshot(), "ledger_cost")
    assert file.path.exists() and file.rows == 1 and file.bytes == file.path.stat().st_size
    assert (file.hospital, file.period, file.batch, file.file) == ("院/区 1=", 202501, batch.id, row["_file"])
    assert list(outside(store)[0]) == table_schema("ledger_cost").names


def test_snapshots_are_remembered_and_found_by_id(store: Store, work: Path) -> None:
    first = put(store, work, 1, "1.00").snapshot
    put(store, work, 2, "2.00")
    newest = store.snapshot()
    assert newest.parent == first and newest.number == 2 and newest.at == clock(2)
    assert [s.id for s in store.history()] == [newest.id, first]
    assert store.snapshot(first[:6]).id == first
    other = Store(store.root)
    assert other.snapshot() == newest and other.files(newest, "ledger_cost") == store.files(
        newest, "ledger_cost"
    )
    old = store.files(store.snapshot(first), "ledger_cost")
    assert pq.read_table(old[0].path)["amount"].to_pylist() == [D("1.00")]


def test_an_open_store_sees_what_another_one_commits(store: Store, work: Path) -> None:
    watcher = Store(store.root)
    assert watcher.snapshot().id == "empty"
    for step in range(1, 4):
        put(store, work, step, f"{step}.00")
        assert watcher.snapshot() == store.snapshot()


def test_data_files_are_adopted_not_rewritten(store: Store, work: Path) -> None:
    reading, original = make(work, "a.xlsx", {"ledger_cost": JAN})
    source = Path(reading.parts[0].rows_path) / "202501.parquet"
    accept(store, reading, hospital=H, actor="a", at=clock(1), original=original)
    (file,) = store.files(store.snapshot(), "ledger_cost")
    assert file.path.stat().st_ino == source.stat().st_ino, "a hard link"
    assert source.exists(), "the reading stays whole, whatever becomes of the commit"


def test_a_file_with_other_types_is_cast_or_refused(store: Store, work: Path) -> None:
    path = work / "x.parquet"
    schema = file_schema(catalog().extracts["ledger_cost"])
    pq.write_table(
        pa.table({"dept_code": ["0101"], "amount": pa.array([D("5.1")], pa.decimal128(9, 1))}), path
    )
    assert not fits(pq.read_schema(path), schema)
    with store.writing() as change:
        change.adopt("ledger_cost", NewFile(path, H, 202501, "b", "s", "f", "0"))
        change.finish(action="import", batch="b", actor="a", at=clock(1))
    assert [(row["dept_code"], row["amount"], row["memo"]) for row in outside(store)] == [
        ("0101", D("5.10"), None)
    ]
    pq.write_table(
        pa.table({"dept_code": ["0101"], "amount": pa.array([D("5.123")], pa.decimal128(9, 3))}), path
    )
    with pytest.raises(StoreError, match="does not fit"), store.writing() as change:
        change.adopt("ledger_cost", NewFile(path, H, 202502, "c", "s", "f", "0"))
    assert len(store.history()) == 1 and store.verify() == []


def test_originals_lie_under_their_hash_once_and_never_under_a_name(store: Store, work: Path) -> None:
    evil = "../../../etc/成本\x00|<>.xlsx"
    put(store, work, 1, "1.00", name=evil)
    reading, original = make(work, evil, {"ledger_cost": {202502: JAN[202501]}}, data=b"same bytes")
    again, second = make(work, "other.xlsx", {"ledger_cost": {202503: JAN[202501]}}, data=b"same bytes")
    accept(store, reading, hospital=H, actor="a", at=clock(2), original=original)
    accept(store, again, hospital=H, actor="a", at=clock(3), original=second)
    kept = sorted(path for path in (store.root / "originals").rglob("*") if path.is_file())
    assert len(kept) == 2
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in kept)
    assert store.verify(originals_too=True) == []
    kept[0].chmod(0o640)
    kept[0].write_bytes(b"somebody else's")
    assert store.verify(originals_too=True) == [f"original {kept[0].name} is damaged"]
    assert {path.parts[len(store.root.parts)] for path in store.root.rglob("*")} <= {
        "tables", "manifests", "originals", ".lock",
    }  # fmt: skip
    assert history(store)[2].name == evil
    for wrong in ("../../etc/passwd", "", "A" * 64, "0" * 63):
        with pytest.raises(StoreError):
            store.original(wrong)


@pytest.mark.parametrize("hospital", ["", "院" * 60])
def test_a_hospital_code_must_be_a_code(store: Store, work: Path, hospital: str) -> None:
    with pytest.raises(StoreError, match="hospital"):
        put(store, work, 1, hospital=hospital)
    assert store.verify() == [] and store.history() == []


def test_a_traversing_hospital_code_stays_inside(store: Store, work: Path) -> None:
    put(store, work, 1, hospital="../../../x")
    (file,) = store.files(store.snapshot(), "ledger_cost")
    assert (store.root / "tables" / "ledger_cost") in file.path.resolve().parents
    assert outside(store)[0]["hospital"] == "../../../x"


def test_small_tables_are_folded_and_lose_nothing(store: Store) -> None:
    count = FOLD_AT * 2 + 3
    for n in range(count):
        with store.writing() as change:
            row = dict.fromkeys(RECORDS["settings"].names)
            change.log("settings", [{**row, "_batch": "", "hospital": H, "key": f"k{n}", "json": str(n)}])
            change.finish(action="settings", batch=f"b{n}", actor="a", at=clock(n))
    fresh = Store(store.root)
    newest = fresh.snapshot()
    assert len(fresh.files(newest, "settings")) <= FOLD_AT
    assert [row["json"] for row in fresh.records(newest, "settings")] == [str(n) for n in range(count)]
    assert [s.number for s in fresh.history()] == list(range(count, 0, -1))
    assert sorted(int(row["json"]) for row in outside(store, "settings")) == list(range(count))
    middle = fresh.history()[count // 2]
    assert len(fresh.records(middle, "settings")) == middle.number


def test_vacuum_keeps_what_undo_and_kept_snapshots_need(store: Store, work: Path) -> None:
    first = put(store, work, 1, "1.00")
    second = put(store, work, 2, "2.00")
    third = put(store, work, 3, "3.00")
    gone = store.history()[-2].id
    undo(store, second.id, actor="a", at=clock(4))
    (work / "stray.parquet").write_bytes(b"x")
    stray = store.root / "tables" / "ledger_cost" / "hospital=H1" / "stray.parquet"
    stray.write_bytes(b"left by a crash")
    assert store.vacuum(keep_snapshots=100)["files"] == 1 and not stray.exists()
    before = len(list((store.root / "tables" / "ledger_cost").rglob("*.parquet")))
    assert before == 3
    store.vacuum(keep_snapshots=1)
    assert len(list((store.root / "tables" / "ledger_cost").rglob("000.parquet"))) == 2, (
        "the undone file is gone"
    )
    with pytest.raises(SnapshotGone):
        store.snapshot(gone)
    with pytest.raises(SnapshotGone):
        Store(store.root).snapshot(gone)
    assert len(store.history()) == 4, "still told, though no longer readable"
    undo(store, third.id, actor="a", at=clock(5))
    assert [row["amount"] for row in outside(store)] == [D("1.00")]
    assert {row["_batch"] for row in outside(store)} == {first.id}
    assert store.verify() == []


def test_a_lost_manifest_is_rebuilt_from_the_delta_log(store: Store, work: Path) -> None:
    put(store, work, 1)
    want = store.files(store.snapshot(), "ledger_cost")
    for path in (store.root / "manifests").rglob("*.json"):
        path.unlink()
    fresh = Store(store.root)
    assert fresh.files(fresh.snapshot(), "ledger_cost") == want


def test_a_definition_may_gain_a_column(store: Store, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, work, 1)
    wider = table_schema("ledger_cost").append(pa.field("cost_centre", pa.string()))
    for module in ("core.store.log", "core.store.adopt"):
        monkeypatch.setattr(
            f"{module}.table_schema", lambda t: wider if t == "ledger_cost" else table_schema(t)
        )
    put(store, work, 2, "2.00", hospital="H2")
    rows = outside(store)
    assert sorted((row["hospital"], row["amount"], row["cost_centre"]) for row in rows) == [
        ("H1", D("1.10"), None), ("H2", D("2.00"), None),
    ]  # fmt: skip
    assert store.verify() == []


def test_the_fingerprint_follows_what_feeds_a_month(store: Store, work: Path) -> None:
    def mark(
        hospital: str = H, period: int = 202501, tables: tuple[str, ...] = ("ledger_cost", "dept")
    ) -> str:
        return store.fingerprint(store.snapshot(), tables, hospital, period)

    put(store, work, 1)
    before = mark()
    put(store, work, 2, hospital="H2")
    assert mark() == before, "another hospital"
    reading, original = make(work, "成本.xlsx", {"ledger_cost": {202502: JAN[202501]}})
    accept(store, reading, hospital=H, actor="a", at=clock(3), original=original)
    assert mark() == before, "another month"
    depts = [{"dept_code": "0101", "dept_name": "x", "dept_class": "clinical"}]
    reading, original = make(work, "dept.xlsx", {"dept": {0: depts}})
    batch = accept(store, reading, hospital=H, actor="a", at=clock(4), original=original)
    assert mark() != before, "the dictionary feeds every month"
    undo(store, batch.id, actor="a", at=clock(5))
    assert mark() == before
    put(store, work, 6, "9.99")
    assert mark() != before


def test_a_big_original_is_hashed_again_only_if_it_was_touched(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.originals.BIG", 4)
    file = work / "big"
    file.write_bytes(b"as it was read")
    sha = hashlib.sha256(b"as it was read").hexdigest()
    written = file.stat().st_mtime_ns
    file.write_bytes(b"touched since!")
    with pytest.raises(StoreError, match="changed after it was read"):
        keep(store.root, file, sha, read_at=written)
    file.write_bytes(b"as it was read")
    assert keep(store.root, file, sha, read_at=file.stat().st_mtime_ns + 1).read_bytes() == b"as it was read"
