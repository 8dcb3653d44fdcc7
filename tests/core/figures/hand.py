"""A hospital small enough to work out by hand: two wards, a clinic, a laboratory and an office, two years of months.

Every month of 2024 costs, in yuan:
    office 0101     staff 1,000
    laboratory 0301 materials 2,000
    clinic 0401     staff 3,000
    ward 0402       staff 4,000, drugs 5,000
    ward 0403       drugs 6,000                                 21,000 in all
In 2025 staff of ward 0402 is 4,600 and its drugs 4,800, so 21,400; December of both years adds 10,000 staff to the
clinic. In March 2025 a line without a known department adds 500.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from core.warehouse import Warehouse, open_warehouse
from tests.small import FakeStore, Row

H = "H1"
DEPARTMENTS = (
    ("0101", "院办", "admin", None),
    ("0301", "检验科", "technical", None),
    ("0401", "骨科门诊", "clinical", "outpatient"),
    ("0402", "骨科病区", "clinical", "inpatient"),
    ("0403", "肿瘤病区", "clinical", "inpatient"),
)
MONTHS = tuple(year * 100 + month for year in (2024, 2025) for month in range(1, 13))


def ledger(period: int) -> list[Row]:
    new = period >= 202501
    lines = [
        ("0101", "人员经费", 1000), ("0301", "卫生材料费", 2000), ("0401", "人员经费", 3000),
        ("0402", "人员经费", 4600 if new else 4000), ("0402", "药品费", 4800 if new else 5000), ("0403", "药品费", 6000),
    ]  # fmt: skip
    if period % 100 == 12:
        lines.append(("0401", "人员经费", 10000))
    if period == 202503:
        lines.append(("9999", "其他运行费用", 500))
    return [
        {"period": period, "dept_code": code, "dept_name": {d[0]: d[1] for d in DEPARTMENTS}.get(code, "新病区"),
         "item_name": item, "fund_source": "own", "amount": Decimal(amount)}
        for code, item, amount in lines
    ]  # fmt: skip


def income(period: int) -> list[Row]:
    """Clinic 5,000 of outpatients; wards 12,000 and 7,000, of which 3,000 is laboratory work for ward 0402."""
    lines = [
        ("0401", "0401", "outpatient", "consultation", 5000), ("0402", "0402", "inpatient", "drugs", 9000),
        ("0402", "0301", "inpatient", "laboratory", 3000), ("0403", "0403", "inpatient", "drugs", 7000),
    ]  # fmt: skip
    return [
        {"period": period, "order_code": order, "exec_code": run, "patient_type": kind, "charge_class": name,
         "amount": Decimal(amount)}
        for order, run, kind, name, amount in lines
    ]  # fmt: skip


def hospital(root: Path, months: tuple[int, ...] = MONTHS) -> Warehouse:
    """The warehouse over it, with the given months computed."""
    store = FakeStore(root)
    store.put("dept", [
        {"dept_code": code, "dept_name": name, "dept_class": kind, "care_setting": care}
        for code, name, kind, care in DEPARTMENTS
    ])  # fmt: skip
    heads = {"0101": 5, "0301": 10, "0401": 10, "0402": 20, "0403": 20}
    for period in MONTHS:
        store.put("ledger_cost", ledger(period))
        store.put("income", income(period))
        store.put("staff_count", [
            {"period": period, "dept_code": code, "headcount": Decimal(count)} for code, count in heads.items()
        ])  # fmt: skip
        store.put("workload_op", [{"period": period, "dept_code": "0401", "visits": 100}])
        store.put("workload_ip", [
            {"period": period, "dept_code": "0402", "discharges": 10, "bed_days": 100, "discharged_days": 90, "open_bed_days": 125},
            {"period": period, "dept_code": "0403", "discharges": 10, "bed_days": 50, "discharged_days": 50, "open_bed_days": 62},
        ])  # fmt: skip
        if period >= 202501:
            store.put("budget", [
                {"period": period, "dept_code": "0402", "item_name": "药品费", "amount": Decimal(5500), "version": "v0"},
                {"period": period, "dept_code": "0402", "item_name": "人员经费", "amount": Decimal(4500), "version": "v0"},
            ])  # fmt: skip
    opened = open_warehouse(store)
    for period in months:
        opened.ensure(H, period)
    return opened
