"""What the program measures about the work done with it, as rows of its own: alerts answered, forecasts kept, rewards paid.

    own_lines(warehouse, hospital) -> (OwnLine, ...)          what the records say now, one line a record
    stored_lines(warehouse, hospital) -> the same, as last taken into the figures
    take_in(desk, at=, actor=) -> Batch | None                write them as a workbook and import it; None: nothing new

The lines go the way of every file (extract operation_value, source SOURCE), so a figure says which records it is made of,
an appraisal keeps what it was signed off with, and undo works. They go before what was reported by hand for the metric.
    alert_response      hours from raised to the first answer of a person, by the month the alert is about (P31)
    forecast_accuracy   actual less absolute error over actual, of forecasts kept before the month began (L22)
    reward_paid         paid over earned, of rewards recorded as payable or pending (L21)
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from core.alerts import rule_of, subject
from core.alerts.life import KIND, fold
from core.batch import Batch, Decisions, Duplicate
from core.catalog import catalog
from core.export import Sheet, table_workbook
from core.forecasting import accuracy_by_month
from core.importing import Desk
from core.indicators.facts import OPERATION, definition
from core.intake.reading import READY, Options
from core.journal import journal
from core.money import fen_to_yuan
from core.rewards.awards import PAYABLE, PENDING
from core.rewards.records import records
from core.warehouse import Warehouse, open_warehouse

SOURCE = "program"
METRICS = ("alert_response", "forecast_accuracy", "reward_paid")
_COLUMNS = ("period", "dept_code", "metric", "object_code", "object_name", "numerator", "denominator", "note")
_HUNDREDTH = Decimal("0.01")
WHOLE = "*"


@dataclass(frozen=True, slots=True, order=True)
class OwnLine:
    """One record that bears on an indicator. `dept` is '*' for the hospital; `name` and `note` are for people."""

    metric: str
    period: int
    dept: str
    object: str
    numerator: Decimal
    denominator: Decimal
    name: str = ""
    note: str = ""


class NotTaken(ValueError):
    """The program could not read its own workbook back: the sentence says what stood in the way."""


def own_lines(warehouse: Warehouse, hospital: str) -> tuple[OwnLine, ...]:
    """What the records say, for months that have data; sorted."""
    months = set(warehouse.periods(hospital))
    made = [*_alerts(warehouse, hospital), *_forecasts(warehouse, hospital), *_rewards(warehouse, hospital)]
    return tuple(sorted(line for line in made if line.period in months))


def _alerts(warehouse: Warehouse, hospital: str) -> Iterator[OwnLine]:
    """Alerts a person answered. Those that closed by themselves say nothing about people; waiting ones are not yet over."""
    for status in fold(journal(warehouse.store).entries(KIND, hospital)).values():
        run = status.run
        if run.case.kind == "age" or status.raised is None or status.answered is None:
            continue
        hours = Decimal(int((status.answered - status.raised).total_seconds())) / 3600
        yield OwnLine(
            "alert_response", run.until, run.dept or WHOLE, status.key, hours.quantize(_HUNDREDTH), Decimal(1),
            f"{rule_of(run.name).label.zh} {subject(run, 'zh')}".strip(),
            f"{status.raised:%Y-%m-%d %H:%M} → {status.answered:%Y-%m-%d %H:%M} {status.by}".strip(),
        )  # fmt: skip


def _forecasts(warehouse: Warehouse, hospital: str) -> Iterator[OwnLine]:
    words = definition("words")["own"]
    for one in accuracy_by_month(warehouse, journal(warehouse.store), hospital):
        if one.actual:
            note = words["naive"]["zh"].format(share=f"{one.naive_right / one.actual * 100:.1f}")
            name = words["forecasts"]["zh"].format(count=one.forecasts)
            yield OwnLine("forecast_accuracy", one.period, one.dept, "", one.right, one.actual, name, note)


def _rewards(warehouse: Warehouse, hospital: str) -> Iterator[OwnLine]:
    """Recorded rewards above nothing: what was earned, and how much of it is paid out."""
    for one in records(warehouse.store, hospital):
        earned = int(one.data.get("full") or one.amount or 0)
        if one.state not in (PAYABLE, PENDING) or earned <= 0:
            continue
        paid = (one.amount or 0) if one.state == PAYABLE else 0
        yield OwnLine(
            "reward_paid", one.through, one.dept or WHOLE, one.key, fen_to_yuan(paid), fen_to_yuan(earned), one.name,
            f"{one.span} {one.by}".strip(),
        )  # fmt: skip


def stored_lines(warehouse: Warehouse, hospital: str) -> tuple[OwnLine, ...]:
    """The lines the figures are made of now; sorted."""
    rows = warehouse.query(
        "select metric, period, dept_code, object_code, numerator, denominator, object_name, coalesce(note, '') "
        "from stg_operation_value where hospital = ? and _source = ? and dept_code is not null",
        [hospital, SOURCE],
    )
    # A line of a month without an object of its own has none; a name alone stands for the code as well.
    return tuple(
        sorted(OwnLine(m, p, d, "" if o == n else o, a, b, n, text) for m, p, d, o, a, b, n, text in rows)
    )


def take_in(desk: Desk, *, at: datetime, actor: str) -> Batch | None:
    """Import what the records say now; None when the figures hold it already, or there is nothing.

    Raises:
        NotTaken: the workbook could not be read back.
    """
    warehouse = open_warehouse(desk.store, desk.store.snapshot())
    for period in warehouse.missing(desk.hospital):  # forecasts are held against months that are computed
        warehouse.ensure(desk.hospital, period)
    lines = own_lines(warehouse, desk.hospital)
    if not lines or lines == stored_lines(warehouse, desk.hospital):
        return None
    words = definition("words")["own"]
    with tempfile.TemporaryDirectory(prefix="costward-") as folder:
        path = Path(folder) / "own.xlsx"
        path.write_bytes(_workbook(lines))
        options = Options(extract=OPERATION, source=SOURCE, accept_proposals=True)
        reading = desk.read(path, f"{words['file']['zh']}.xlsx", options)
        try:
            refused = [issue for issue in reading.all_issues() if issue.severity == "refused"]
            if refused or reading.status != READY:
                raise NotTaken(" ".join(issue.text("zh") for issue in (refused or reading.all_issues())[:3]))
            decisions = Decisions(sources={OPERATION: SOURCE}, note=words["file"]["zh"])
            return desk.accept(reading, decisions, path, actor=actor, at=at)
        except Duplicate:
            return None
        finally:
            desk.forget(reading)


def _workbook(lines: tuple[OwnLine, ...]) -> bytes:
    extract = catalog().extracts[OPERATION]
    label = {term.name: term.label.zh for term in catalog().terms["operation_metrics"]}
    rows = [
        [str(one.period), None if one.dept == WHOLE else one.dept, label[one.metric], one.object or None, one.name or None,
         one.numerator, one.denominator, one.note or None]
        for one in lines
    ]  # fmt: skip
    return table_workbook(
        [Sheet(extract.label.zh, [extract.column(name).label.zh for name in _COLUMNS], rows)]
    )
