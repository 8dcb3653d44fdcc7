"""What the demo's workbooks say, as plain typed tables: the measure for everything the intake reads from them.

One table per extract. Columns are the extract's own columns as far as the workbooks carry them, and two more:
`source` (the system, as core/definitions/demo.yaml names it) and `file` (the workbook). Departments carry their
true code and dictionary name even where the workbook garbles them; a department that the dictionary lacks (planted)
has the code and name of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.demo import planned, support
from core.demo.books import file_of
from core.demo.income import income_lines
from core.demo.ledger import entries
from core.demo.operations import reported
from core.demo.organisation import Department, departments, names, periods, units
from core.demo.people import STAFF_COLUMNS, headcount, staff_mix
from core.demo.systems import SYSTEMS
from core.demo.volumes import volumes
from core.demo.words import item_classes, item_names, spec

MONEY = pa.decimal128(18, 2)
QUANTITY = pa.decimal128(18, 4)
_TYPES = {
    "fen": MONEY,
    "period": pa.int32(),
    "text": pa.string(),
    "integer": pa.int64(),
    "quantity": QUANTITY,
    "flag": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us"),
}


def name_of(code: str) -> str:
    """Dictionary name of a department, or the planted unknown ward's name."""
    return names().get(code) or str(spec()["planted"]["unmapped"]["name"])


def _table(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> pa.Table:
    """A table from rows; a column typed 'fen' is given in fen and stored as DECIMAL(18,2) yuan."""
    arrays = []
    for index, (_, kind) in enumerate(columns):
        values = [row[index] for row in rows]
        if kind == "fen":
            whole = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
            arrays.append(pc.multiply(whole, pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))).cast(MONEY))
        elif kind == "quantity":
            arrays.append(pa.array(values, pa.int64()).cast(pa.decimal128(23, 4)).cast(QUANTITY))
        else:
            arrays.append(pa.array(values, _TYPES[kind]))
    return pa.table(arrays, names=[name for name, _ in columns])


def _columns(text: str) -> list[tuple[str, str]]:
    """'period:period dept_code fen:amount' -> [(name, type)]; text where no type is given."""
    pairs = [part.split(":") for part in text.split()]
    return [(pair[-1], pair[0] if len(pair) == 2 else "text") for pair in pairs]


def _dept() -> pa.Table:
    former, campus = spec()["former_names"], spec()["campus"]
    rows = [
        (
            d.code,
            d.name,
            d.dept_class,
            d.care,
            d.parent or None,
            campus,
            True,
            former.get(d.code),
            file_of("dept", 0),
        )
        for d in departments()
    ]
    return _table(
        _columns(
            "dept_code dept_name dept_class care_setting parent_code campus flag:active former_names file"
        ),
        rows,
    )


def _cost_item() -> pa.Table:
    yes = spec()["yes"]
    rows = [(c, n, k, b, control == yes, file_of("cost_item", 0)) for c, n, k, b, control in spec()["items"]]
    return _table(_columns("item_code item_name item_class behaviour flag:controllable file"), rows)


def _ledger_cost() -> pa.Table:
    rows = [
        (
            e.period,
            e.dept,
            name_of(e.dept),
            e.item,
            item_names()[e.item],
            item_classes()[e.item],
            e.fund,
            e.fen,
            e.voucher or None,
            e.memo or None,
            spec()["sources"][e.source],
            file_of(e.source, e.period),
        )
        for e in entries()
    ]
    return _table(
        _columns(
            "period:period dept_code dept_name item_code item_name item_class fund_source fen:amount "
            "voucher memo source file"
        ),
        rows,
    )


def _income() -> pa.Table:
    source = spec()["income_source"]
    rows = [
        (
            line.period,
            line.order,
            name_of(line.order),
            line.execute,
            name_of(line.execute),
            line.care,
            line.charge_class,
            line.fen,
            source,
            file_of("income", line.period),
        )
        for line in income_lines()
    ]
    return _table(
        _columns(
            "period:period order_code order_name exec_code exec_name patient_type charge_class fen:amount "
            "source file"
        ),
        rows,
    )


def _by_unit(
    extract: str, care: str, columns: str, values: Callable[[int, int, Department], tuple]
) -> pa.Table:
    rows = [
        (period, unit.code, unit.name, *values(i, m, unit), file_of(extract, period))
        for m, period in enumerate(periods())
        for i, unit in enumerate(units(care))
    ]
    return _table(_columns(f"period:period dept_code dept_name {columns} file"), rows)


def _workload_op() -> pa.Table:
    made = volumes()

    def values(i: int, m: int, unit: Department) -> tuple:
        visits = int(made.visits[i, m])
        return visits, visits if unit.kind == "emergency" else 0

    return _by_unit("workload_op", "outpatient", "integer:visits integer:emergency_visits", values)


def _workload_ip() -> pa.Table:
    made = volumes()
    arrays = (made.admissions, made.discharges, made.open_beds, made.open_bed_days, made.bed_days)

    def values(i: int, m: int, unit: Department) -> tuple:
        held = [int(array[i, m]) for array in arrays]
        return *held[:2], unit.beds, *held[2:], int(made.discharged_days[i, m])

    columns = "integer:admissions integer:discharges integer:planned_beds quantity:open_beds "
    columns += "integer:open_bed_days integer:bed_days integer:discharged_days"
    return _by_unit("workload_ip", "inpatient", columns, values)


def _staff_count() -> pa.Table:
    rows = []
    for m, period in enumerate(periods()):
        for i, dept in enumerate(departments()):
            people = int(headcount()[i, m])
            mix = staff_mix(dept, people)
            file = file_of("staff_count", period)
            rows.append((period, dept.code, dept.name, *(mix[c] for c in STAFF_COLUMNS), people, file))
    professions = " ".join(f"quantity:{column}" for column in STAFF_COLUMNS)
    return _table(_columns(f"period:period dept_code dept_name {professions} quantity:headcount file"), rows)


def _area() -> pa.Table:
    rows = [(p, code, name_of(code), m2, file_of("area", p)) for (p, code), m2 in support.areas().items()]
    return _table(_columns("period:period dept_code dept_name quantity:area file"), rows)


def _served(extract: str) -> pa.Table:
    if extract == "internal_service":
        columns, lines = (
            "service_code service_name quantity:quantity",
            [(s.period, s.source, s.target, s.code, s.name, s.quantity) for s in support.services()],
        )
    else:
        columns, lines = (
            "param_code param_name quantity:value",
            [(p.period, p.source, p.target, p.code, p.name, p.value) for p in support.parameters()],
        )
    rows = [
        (
            period,
            source,
            name_of(source),
            target,
            name_of(target),
            code,
            name,
            value,
            file_of(extract, period),
        )
        for period, source, target, code, name, value in lines
    ]
    return _table(
        _columns(f"period:period source_code source_name target_code target_name {columns} file"), rows
    )


def _budget() -> pa.Table:
    return _table(
        _columns("period:period dept_code dept_name item_class item_name direction version fen:amount file"),
        planned.budget_rows(name_of),
    )


def _commit() -> pa.Table:
    return _table(
        _columns(
            "contract_no vendor project dept_code dept_name item_code item_name integer:budget_year fen:amount "
            "date:signed date:paid_on fen:paid voucher file"
        ),
        planned.commit_rows(name_of),
    )


def _operation_value() -> pa.Table:
    rows = [
        (
            one.period,
            one.dept or None,
            name_of(one.dept) if one.dept else None,
            one.metric,
            one.code or None,
            one.name or None,
            None if one.bottom is None else one.top,
            one.bottom,
            one.top if one.bottom is None else None,
            file_of("operation_wide" if one.wide else "operation_value", one.period),
        )
        for one in reported()
    ]
    columns = "period:period dept_code dept_name metric object_code object_name "
    return _table(_columns(f"{columns} quantity:numerator quantity:denominator quantity:value file"), rows)


def _system(extract: str) -> pa.Table:
    columns, made = SYSTEMS[extract]
    part = "payslip" if extract == "payroll" else extract
    dated = columns.startswith("period")
    rows = [(*row, file_of(part, row[0] if dated else 0)) for row in made()]
    return _table(_columns(f"{columns} file"), rows)


@lru_cache(maxsize=1)
def truth() -> dict[str, pa.Table]:
    """Extract name -> table of what its workbooks say; money DECIMAL(18,2) yuan, quantities DECIMAL(18,4).

    Built once per process (about 3 s); callers must not change the tables (Arrow tables cannot be changed).
    """
    return {
        "dept": _dept(),
        "cost_item": _cost_item(),
        "ledger_cost": _ledger_cost(),
        "income": _income(),
        "workload_op": _workload_op(),
        "workload_ip": _workload_ip(),
        "internal_service": _served("internal_service"),
        "staff_count": _staff_count(),
        "area": _area(),
        "alloc_param": _served("alloc_param"),
        "budget": _budget(),
        "commit": _commit(),
        "operation_value": _operation_value(),
        **{extract: _system(extract) for extract in SYSTEMS},
    }
