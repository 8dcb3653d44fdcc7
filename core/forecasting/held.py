"""Kept forecasts held against what came: forecast accuracy (L22) and the value that the work has added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.forecast.uses import Accuracy, accuracy
from core.forecasting.decisions import kept
from core.forecasting.targets import Past, Target
from core.journal import Journal

# period, actual, statistical, naive, final
Row = tuple[int, Decimal | None, Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Held:
    """One kept forecast: made after which month, by whom, and how it did over the months that have come."""

    after: int
    by: str
    at: datetime
    months: int
    accuracy: Accuracy
    rows: tuple[Row, ...]


def held(journal: Journal, hospital: str, target: Target, past: Past) -> tuple[Held, ...]:
    """Every kept forecast of a target, newest first. Rows: period, actual, statistical, naive, final."""
    actual = dict(zip(past.periods, past.values, strict=True))
    made = []
    for entry in kept(journal, hospital, target):
        rows: list[Row] = []
        for row in entry.data["months"]:
            said = [None if row[name] is None else Decimal(row[name]) for name in ("mean", "naive", "final")]
            period = int(row["period"])
            rows.append((period, actual.get(period), said[0], said[1], said[2]))
        came, mean, naive, final = ([row[k] for row in rows] for k in (1, 2, 3, 4))
        found = accuracy(came, mean, naive, final)  # type: ignore[arg-type]
        made.append(Held(int(entry.data["after"]), entry.by, entry.at, len(rows), found, tuple(rows)))
    return tuple(reversed(made))
