"""The rows of view mart_alert: what the rules found with its state, for the warehouse to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from core.alerts.inbox import Alert, inbox
from core.alerts.rules import rule_of
from core.alerts.wording import owner_words, subject
from core.journal import journal

if TYPE_CHECKING:
    from core.warehouse import Warehouse

_NUMBER = pa.decimal128(38, 8)
_STAMP = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("hospital", pa.string()), ("rule", pa.string()), ("test", pa.string()), ("period", pa.int32()), ("since", pa.int32()),
        ("dept_code", pa.string()), ("dept_name", pa.string()), ("object_kind", pa.string()), ("object_code", pa.string()),
        ("object", pa.string()), ("actual", _NUMBER), ("limit", _NUMBER), ("deviation", _NUMBER), ("level", pa.string()),
        ("state", pa.string()), ("owner", pa.string()), ("raised_at", _STAMP), ("due_at", _STAMP), ("alert", pa.string()),
    ]
)  # fmt: skip


def mark(warehouse: Warehouse) -> int:
    """Changes when a state changes."""
    return journal(warehouse.store).version()


def rows(warehouse: Warehouse) -> pa.Table:
    """Every alert of every hospital in the snapshot."""
    found = [
        _row(hospital, alert)
        for hospital in warehouse.hospitals()
        for alert in inbox(warehouse.store, warehouse.snapshot, hospital).alerts
    ]
    return pa.Table.from_pylist(found, SCHEMA)


def _row(hospital: str, alert: Alert) -> dict[str, object]:
    run, status = alert.run, alert.status
    return {
        "hospital": hospital, "rule": rule_of(run.name).number, "test": run.name, "period": run.until, "since": run.since,
        "dept_code": run.dept, "dept_name": run.dept_name, "object_kind": run.case.object_kind, "object_code": run.object,
        "object": subject(run, "zh"), "actual": run.actual, "limit": run.line, "deviation": run.actual - run.line,
        "level": run.level, "state": alert.state, "owner": owner_words(alert.who, "zh"),
        "raised_at": status.raised if status else None, "due_at": status.due if status else None, "alert": alert.key,
    }  # fmt: skip
