"""What people decide about a forecast, each with its reason: entries of the journal, newest counts.

forecast_exclusion    a month of the history is left out (or taken back in)
forecast_step         prices or rules changed from a month on (or not after all)
forecast_adjustment   a month of the forecast is another amount, beside the statistical one
forecast_kept         the forecast as it was issued, to be held against what came
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from core.amount import LIMIT
from core.forecasting.targets import Target
from core.journal import Entry, Journal

EXCLUSION, STEP, ADJUSTMENT, KEPT = (
    "forecast_exclusion",
    "forecast_step",
    "forecast_adjustment",
    "forecast_kept",
)


class ReasonMissing(ValueError):
    """A decision without a reason; the page has the words for it."""


class AmountRefused(ValueError):
    """An adjusted amount that cannot be: `too_large` for any account, or `outside` what the figure can be."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision in force: the month it is about, its value (an adjusted amount), why, who and when.

    An adjustment whose stored amount cannot be read has no value: it stands there to be taken back, and changes nothing.
    """

    period: int
    value: Decimal | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is in force for one target, by month."""

    excluded: Mapping[int, Decision]
    steps: Mapping[int, Decision]
    adjusted: Mapping[int, Decision]


def decisions(journal: Journal, hospital: str, target: Target) -> Decisions:
    """The newest word on every month."""
    return Decisions(*(_in_force(journal, kind, hospital, target) for kind in (EXCLUSION, STEP, ADJUSTMENT)))


def by_department(journal: Journal, hospital: str, measure: str, scope: str) -> dict[str, Decisions]:
    """What is in force for a measure, by department code ('' the hospital), where anything was decided."""
    depts = {
        key.split("|")[1]
        for kind in (EXCLUSION, STEP, ADJUSTMENT)
        for key in journal.latest(kind, hospital)
        if key.split("|")[0] == measure and key.split("|")[2] == scope
    }
    return {code: decisions(journal, hospital, Target(measure, code, scope)) for code in sorted(depts)}


def decide(
    journal: Journal, hospital: str, target: Target, kind: str, period: int, *, reason: str, by: str, at: datetime,
    value: Decimal | None = None, off: bool = False,
) -> None:  # fmt: skip
    """Write one decision down, or take it back (`off`); an amount is kept as the subject is rounded.

    Raises:
        ReasonMissing: the reason is empty.
        AmountRefused: the amount is larger than any that can be stored, or one the figure can never be.
    """
    if not reason.strip():
        raise ReasonMissing(kind)
    if value is not None:
        value = _possible(target, value)
    data = {
        "period": period,
        "value": None if value is None else str(value),
        "reason": reason.strip(),
        "off": off,
    }
    journal.add(hospital, [(kind, f"{target.key}|{period}", data)], by=by, at=at)


def _possible(target: Target, value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= LIMIT:
        raise AmountRefused("too_large")
    value = value.quantize(target.subject.places, ROUND_HALF_UP)
    low, high = target.subject.nature.low, target.subject.nature.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise AmountRefused("outside")
    return value


def keep(
    journal: Journal, hospital: str, target: Target, rows: Sequence[Mapping[str, Any]], made_after: int, *, by: str,
    at: datetime, note: str = "",
) -> None:  # fmt: skip
    """Keep a forecast as issued: rows of period, mean, naive, final (Decimal or None)."""
    kept = [
        {name: None if row[name] is None else str(row[name]) for name in ("mean", "naive", "final")}
        for row in rows
    ]
    data = {
        "after": made_after,
        "months": [{"period": row["period"], **one} for row, one in zip(rows, kept, strict=True)],
        "note": note,
    }
    journal.add(hospital, [(KEPT, f"{target.key}|{made_after}", data)], by=by, at=at)


def kept(journal: Journal, hospital: str, target: Target) -> tuple[Entry, ...]:
    """Every forecast kept for a target, oldest first."""
    head = f"{target.key}|"
    return tuple(entry for entry in journal.entries(KEPT, hospital) if entry.key.startswith(head))


def _in_force(journal: Journal, kind: str, hospital: str, target: Target) -> dict[int, Decision]:
    head = f"{target.key}|"
    found = {}
    for key, entry in journal.latest(kind, hospital).items():
        if key.startswith(head) and not entry.data["off"]:
            period = int(entry.data["period"])
            found[period] = Decision(
                period,
                _read(entry.data["value"]),
                str(entry.data["reason"]),
                entry.by,
                entry.at,
            )
    return dict(sorted(found.items()))


def _read(value: object) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LIMIT else None
