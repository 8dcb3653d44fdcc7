"""A small hospital for the tests of warehouse, allocation results and figures: eight departments, a few months.

`FakeStore` keeps each table as Parquet files in the layout of the real store and answers the same questions, so the
tests here need neither spreadsheets nor commits.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from core.catalog import catalog
from core.store.schema import RECORDS, REFUSED, file_schema, table_schema
from core.store.types import DataFile, Snapshot

H = "H1"
Row = dict[str, Any]


class FakeStore:
    """Tables as {table: rows}. `put` replaces one slot and makes a new snapshot."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._states: dict[str, dict[str, tuple[DataFile, ...]]] = {"empty": {}}
        self._records: dict[str, list[Row]] = defaultdict(list)
        self._newest = Snapshot()
        self._counter = itertools.count(1)

    def snapshot(self, id: str | None = None) -> Snapshot:
        return self._newest if id in (None, self._newest.id) else Snapshot(id=str(id))

    def files(self, snapshot: Snapshot, table: str) -> tuple[DataFile, ...]:
        return self._states[snapshot.id].get(table, ())

    def schema(self, table: str) -> pa.Schema:
        return table_schema(table)

    def records(self, snapshot: Snapshot, table: str) -> list[Row]:
        return list(self._records[table])

    def record(self, table: str, **row: Any) -> None:
        names = RECORDS[table].names
        self._records[table].append(
            {**dict.fromkeys(names), "seq": next(self._counter), "hospital": H, **row}
        )
        self._commit(self._states[self._newest.id])

    def _commit(self, state: Mapping[str, tuple[DataFile, ...]]) -> Snapshot:
        number = next(self._counter)
        id = hashlib.sha256(f"{self.root}{number}".encode()).hexdigest()[:8]
        self._states[id] = dict(state)
        self._newest = Snapshot(id=id, number=number)
        return self._newest

    def put(
        self,
        table: str,
        rows: Iterable[Row],
        *,
        source: str = "ledger",
        file: str = "book.xlsx",
        hospital: str = H,
        periods: Iterable[int] = (),
    ) -> Snapshot:
        """Replace the slots (hospital, period, source) of `table` that `rows` (and `periods`) name."""
        batch = f"b{next(self._counter):04d}"
        slots: dict[int, list[Row]] = {period: [] for period in periods}
        for number, row in enumerate(rows, 2):
            place = {"_sheet": "Sheet1", "_row": number, "_col": "C"}
            slots.setdefault(row.get("period", 0), []).append({**place, **row})
        state = dict(self._states[self._newest.id])
        kept = [
            f for f in state.get(table, ())
            if not (f.hospital == hospital and f.source == source and f.period in slots)
        ]  # fmt: skip
        schema = pa.schema([*REFUSED]) if table == "refused" else file_schema(catalog().extracts[table])
        for period, lines in slots.items():
            if not lines:
                continue
            folder = (
                self.root
                / "tables"
                / table
                / f"hospital={quote(hospital, safe='')}"
                / f"period={period}"
                / f"_batch={batch}"
            )
            folder.mkdir(parents=True)
            data = [{name: line.get(name) for name in schema.names} for line in lines]
            pq.write_table(pa.Table.from_pylist(data, schema), folder / "00.parquet")
            path = folder / "00.parquet"
            kept.append(
                DataFile(path, hospital, period, batch, source, file, len(lines), path.stat().st_size)
            )
        state[table] = tuple(sorted(kept, key=lambda f: (f.hospital, f.period, f.source, str(f.path))))
        return self._commit(state)


def D(text: str) -> Decimal:
    return Decimal(text)


DEPARTMENTS = (
    ("0101", "院办", "admin", None),
    ("0102", "财务科", "admin", None),
    ("0201", "消毒供应中心", "auxiliary", None),
    ("0301", "检验科", "technical", None),
    ("0302", "放射科", "technical", None),
    ("0401", "骨科病区", "clinical", "inpatient"),
    ("0402", "骨科门诊", "clinical", "outpatient"),
    ("0403", "心内科病区", "clinical", None),
)

# Direct cost of the staff item is the golden table of the allocation (fen): full cost of the three clinical
# departments is 34494029, 25416132 and 19089840, in all 79000001.
STAFF = {
    "0101": "100000.01", "0102": "50000.00", "0201": "30000.00", "0301": "80000.00", "0302": "60000.00",
    "0401": "200000.00", "0402": "150000.00", "0403": "120000.00",
}  # fmt: skip
GOLDEN_FULL = {"0401": D("344940.29"), "0402": D("254161.32"), "0403": D("190898.40")}
HEADCOUNT = {"0101": 8, "0102": 9, "0201": 10, "0301": 20, "0302": 15, "0401": 60, "0402": 45, "0403": 37}
SERVICES = {"0301": 300, "0302": 200, "0401": 250, "0402": 150, "0403": 100}
ORDERED = {"0401": 7, "0402": 5, "0403": 3}


def dictionary() -> list[Row]:
    return [
        {"dept_code": code, "dept_name": name, "dept_class": cls, "care_setting": setting}
        for code, name, cls, setting in DEPARTMENTS
    ]


def ledger(period: int = 202501) -> list[Row]:
    names = {code: name for code, name, _, _ in DEPARTMENTS}
    return [
        {"period": period, "dept_code": code, "dept_name": names[code], "item_code": "6001", "item_name": "工资",
         "fund_source": "own", "amount": D(amount), "voucher": f"v{code}"}
        for code, amount in STAFF.items()
    ]  # fmt: skip


def income(period: int = 202501) -> list[Row]:
    rows = [
        {"period": period, "order_code": c, "exec_code": t, "patient_type": "outpatient" if c == "0402" else "inpatient",
         "charge_class": "laboratory" if t == "0301" else "examination", "amount": D(f"{1000 * weight}.00")}
        for t in ("0301", "0302") for c, weight in ORDERED.items()
    ]  # fmt: skip
    for code, charge_class, amount in (
        ("0401", "drugs", "90000.00"), ("0401", "materials", "60000.00"), ("0401", "surgery", "120000.00"),
        ("0402", "drugs", "30000.00"), ("0402", "herbs", "10000.00"), ("0402", "consultation", "220000.00"),
        ("0403", "drugs", "80000.00"), ("0403", "treatment", "260000.00"),
    ):  # fmt: skip
        kind = "outpatient" if code == "0402" else "inpatient"
        rows.append({"period": period, "order_code": code, "exec_code": code, "patient_type": kind,
                     "charge_class": charge_class, "amount": D(amount)})  # fmt: skip
    return rows


def fill(store: FakeStore, *periods: int) -> FakeStore:
    """Dictionary and, for each month, everything an allocation needs. The areas are stated once, for 202501."""
    store.put("dept", dictionary())
    store.put("cost_item", [{"item_code": "6001", "item_name": "工资", "item_class": "staff"},
                            {"item_code": "6002", "item_name": "西药", "item_class": "drugs"}])  # fmt: skip
    store.put("area", [{"period": 202501, "dept_code": c, "area": D("100.5")} for c in HEADCOUNT])
    for period in periods or (202501,):
        store.put("ledger_cost", ledger(period))
        store.put("income", income(period))
        store.put(
            "staff_count",
            [{"period": period, "dept_code": c, "headcount": D(str(n))} for c, n in HEADCOUNT.items()],
        )
        store.put("internal_service", [
            {"period": period, "source_code": "0201", "target_code": c, "service_name": "pack", "quantity": D(str(n))}
            for c, n in SERVICES.items()
        ])  # fmt: skip
        store.put(
            "workload_op", [{"period": period, "dept_code": "0402", "visits": 1000, "emergency_visits": 50}]
        )
        store.put("workload_ip", [
            {"period": period, "dept_code": "0401", "admissions": 40, "discharges": 42, "bed_days": 400,
             "open_beds": D("20"), "planned_beds": 18},
            {"period": period, "dept_code": "0403", "admissions": 30, "discharges": 29, "bed_days": 300,
             "open_beds": D("12"), "open_bed_days": 372},
        ])  # fmt: skip
        store.put("budget", [
            {"period": period, "dept_code": "0401", "item_code": "6001", "amount": D("190000.00"), "version": "v0"},
            {"period": period, "dept_code": "0402", "item_code": "6001", "amount": D("160000.00"), "version": "v0"},
        ])  # fmt: skip
    return store
