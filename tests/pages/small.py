"""A small hospital stored through core.batch, without the intake: 6 departments, two months, one refused row."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.batch import Batch, Decisions, accept
from core.catalog import catalog
from core.derived import refresh
from core.intake.reading import READY, ControlCheck, DeptMatch, Part, Reading
from core.issue import Issue
from core.store import Store
from core.store.schema import REFUSED, file_schema

HOSPITAL = "H1"
DEPARTMENTS = [
    ("0101", "院长办公室", "admin", "none"),
    ("0201", "消毒供应中心", "auxiliary", "none"),
    ("0301", "检验科", "technical", "none"),
    ("0401", "骨科门诊", "clinical", "outpatient"),
    ("0402", "骨科病区", "clinical", "inpatient"),
    ("0403", "肿瘤内科病区", "clinical", "inpatient"),
]
LEDGER = [
    ("0101", "院长办公室", "人员经费", "100000.01"),
    ("0201", "消毒供应中心", "人员经费", "30000.00"),
    ("0301", "检验科", "卫生材料费", "80000.00"),
    ("0401", "骨科门诊", "人员经费", "60000.00"),
    ("0402", "骨科病区", "药品费", "200000.00"),
    ("0403", "肿瘤内科病区", "药品费", "150000.00"),
    ("", "骨二科", "其他运行费用", "12345.60"),
]


def ledger(
    rows: Sequence[tuple[str, str, str, str]] = tuple(LEDGER), sheet: str = "3月"
) -> list[dict[str, Any]]:
    """Ledger lines with the place each stood in."""
    return [
        {"dept_code": code, "dept_name": name, "item_name": item, "fund_source": "own", "amount": Decimal(amount),
         "_sheet": sheet, "_row": number, "_col": "D"}
        for number, (code, name, item, amount) in enumerate(rows, 5)
    ]  # fmt: skip


def read(
    folder: Path,
    file: str,
    extract: str,
    months: Mapping[int, Sequence[Mapping[str, Any]]],
    *,
    refused: Sequence[Mapping[str, Any]] = (),
    **part: Any,
) -> Reading:
    """A reading as the intake would give it, its rows written as Parquet under `folder`."""
    definition = catalog().extracts[extract]
    schema = file_schema(definition)
    rows_path = folder / f"{file}-rows"
    rows_path.mkdir(parents=True)
    total, count = Decimal(0), 0
    for period, rows in months.items():
        plain = [{"_sheet": "Sheet1", "_row": n, "_col": ""} | dict(row) for n, row in enumerate(rows, 2)]
        table = pa.Table.from_pylist(
            [{name: row.get(name) for name in schema.names} for row in plain], schema
        )
        pq.write_table(table, rows_path / f"{period}.parquet")
        count += len(plain)
        if definition.measure:
            total += sum((Decimal(row.get(definition.measure) or 0) for row in plain), Decimal(0))
    refused_path = None
    lost = sum((Decimal(row.get("amount") or 0) for row in refused), Decimal(0))
    if refused:
        refused_path = folder / f"{file}-refused.parquet"
        fields = pa.schema([*REFUSED, pa.field("period", pa.int32())])
        made = [{name: row.get(name) for name in fields.names} | {"extract": extract} for row in refused]
        pq.write_table(pa.Table.from_pylist(made, fields), refused_path)
    made_part = Part(
        sheet="3月", extract=extract, status=READY, periods=sorted(p for p in months if p),
        rows_read=count + len(refused), rows_accepted=count, rows_refused=len(refused),
        amount_read=total + lost, amount_accepted=total, amount_refused=lost,
        rows_path=rows_path, refused_path=refused_path, shape=f"{extract}-shape", **part,
    )  # fmt: skip
    made_part.issues += [
        Issue(str(row["reason"]), file=file, sheet=str(row["sheet"]), row=int(row["row"]), col=str(row["col"]),
              column=str(row["column"]), value=str(row["value"]))
        for row in refused
    ]  # fmt: skip
    content = f"{file}{sorted(months)}{total}".encode()
    original = folder / file
    original.write_bytes(content)
    return Reading(file, hashlib.sha256(content).hexdigest(), len(content), "xlsx", "", READY, [made_part])


def bring(
    store: Store, folder: Path, reading: Reading, day: int, actor: str = "王会计", **decided: Any
) -> Batch:
    """Accept a reading on the given day of April 2025."""
    return accept(
        store, reading, Decisions(**decided), hospital=HOSPITAL, actor=actor,
        at=datetime(2025, 4, day, 9, 30, tzinfo=UTC), original=folder / reading.file,
    )  # fmt: skip


REFUSED_ROW = {
    "sheet": "3月", "row": 12, "col": "D", "column": "amount", "value": "壹万元整", "reason": "amount_text",
    "params": "{}", "amount": None, "period": 202503,
}  # fmt: skip


_SCRATCH = tempfile.TemporaryDirectory(prefix="costward-tests-")


@cache
def _built(make: Callable[[Path, Path], Store]) -> Path:
    folder = Path(_SCRATCH.name, make.__name__)
    (folder / "work").mkdir(parents=True)
    make(folder / "data", folder / "work")
    return folder / "data"


def copied(make: Callable[[Path, Path], Store], root: Path) -> Store:
    """A store at `root` as `make(root, folder for its files)` makes it: made once in this process, then copied."""
    shutil.copytree(_built(make), root, dirs_exist_ok=True)
    return Store(root)


def small_store(root: Path) -> Store:
    """The small hospital, nothing allocated yet."""
    return copied(_small, root)


def allocated(root: Path) -> Store:
    """The small hospital with its two months allocated."""
    return copied(_allocated, root)


def _allocated(root: Path, work: Path) -> Store:
    store = _small(root, work)
    refresh(store, store.snapshot(), workers=0)
    return store


def _small(root: Path, work: Path) -> Store:
    """Departments, a ledger of February and March 2025 with one unknown department and one refused row, and more."""
    store = Store(root)
    depts = [
        {"dept_code": code, "dept_name": name, "dept_class": kind, "care_setting": care, "active": True}
        for code, name, kind, care in DEPARTMENTS
    ]
    bring(store, work, read(work, "科室字典.xlsx", "dept", {0: depts}), 1)
    march = read(
        work, "2025年3月科室支出.xlsx", "ledger_cost", {202503: ledger()}, refused=[REFUSED_ROW],
        checks=[ControlCheck(13, "D", "合计", "amount", Decimal("642345.61"), Decimal("632345.61"), False, rows=7)],
        departments=[DeptMatch("", "骨二科", None, "unknown", 0, 1, Decimal("12345.60"))],
    )  # fmt: skip
    bring(store, work, read(work, "2025年2月科室支出.xlsx", "ledger_cost", {202502: ledger(sheet="2月")}), 2)
    bring(store, work, march, 3)
    heads = [
        {"dept_code": code, "dept_name": name, "headcount": people}
        for (code, name, *_), people in zip(DEPARTMENTS, (10, 5, 8, 6, 20, 25), strict=True)
    ]
    bring(store, work, read(work, "人员.xlsx", "staff_count", {202502: heads, 202503: heads}), 4)
    income = [
        {"order_code": order, "exec_code": run, "patient_type": kind, "charge_class": "laboratory",
         "amount": Decimal(amount)}
        for order, run, kind, amount in (
            ("0401", "0301", "outpatient", "50000"), ("0402", "0301", "inpatient", "90000"),
            ("0403", "0403", "inpatient", "400000"), ("0402", "0402", "inpatient", "300000"),
        )
    ]  # fmt: skip
    bring(store, work, read(work, "收入.xlsx", "income", {202502: income, 202503: income}), 5)
    return store
