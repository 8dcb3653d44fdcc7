"""Kept forecasts held against what came: forecast accuracy (L22) and the value that the work has added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.forecast.uses import Accuracy, accuracy
from core.forecasting.decisions import KEPT, kept
from core.forecasting.targets import HOSPITAL, Past, Target, history
from core.journal import Entry, Journal
from core.warehouse import Warehouse

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


@dataclass(frozen=True, slots=True)
class Scored:
    """What kept forecasts said about one month, held against it: yuan of all kept money forecasts added up.

    Attributes:
        dept: department code, or '*' for the whole hospital.
        actual: sum of |actual|, the denominator of L22.
        right: actual less the sum of |actual - final|, its numerator; below 0 where errors exceed the actual.
        naive_right: the same for last year's months, so (right - naive_right) / actual is the value added.
        forecasts: how many kept forecasts said something about the month.
    """

    period: int
    dept: str
    right: Decimal
    actual: Decimal
    naive_right: Decimal
    forecasts: int


def held(journal: Journal, hospital: str, target: Target, past: Past) -> tuple[Held, ...]:
    """Every kept forecast of a target, newest first. Rows: period, actual, statistical, naive, final."""
    actual = dict(zip(past.periods, past.values, strict=True))
    made = []
    for entry in kept(journal, hospital, target):
        rows = tuple(_rows(entry, actual))
        came, mean, naive, final = ([row[k] for row in rows] for k in (1, 2, 3, 4))
        found = accuracy(came, mean, naive, final)  # type: ignore[arg-type]
        made.append(Held(int(entry.data["after"]), entry.by, entry.at, len(rows), found, rows))
    return tuple(reversed(made))


def accuracy_by_month(warehouse: Warehouse, journal: Journal, hospital: str) -> tuple[Scored, ...]:
    """Indicator L22 (1 - WAPE) from the forecasts people kept: one row for each month that has come and department.

    L22 = sum(right) / sum(actual) over the months and departments of a span; the naive forecast's accuracy is
    sum(naive_right) / sum(actual), and L22 less that is the value the work has added. A month counts with the newest
    forecast of each target that was kept before it began; only amounts of money are added up (visits and yuan cannot
    be). Forecasts of the whole hospital stand under dept '*', those of a department under its code. Months without an
    actual, and hospitals where nothing was kept, have no row: the indicator is then missing, never 0.

    To be remembered under (snapshot, journal.version()).
    """
    entries: dict[Target, list[Entry]] = defaultdict(list)
    for entry in journal.entries(KEPT, hospital):
        name, dept, scope, _ = entry.key.split("|")
        entries[Target(name, dept, scope)].append(entry)
    found: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for target, given in entries.items():
        if not target.known or not target.money or target.is_ratio:
            continue
        past = history(warehouse, hospital, target)
        for row in _newest(given, dict(zip(past.periods, past.values, strict=True))):
            found[row[0], target.dept if target.dept != HOSPITAL else "*"].append(row)
    return tuple(_scored(period, dept, rows) for (period, dept), rows in sorted(found.items()))


def _newest(entries: Iterable[Entry], actual: dict[int, Decimal | None]) -> Iterable[Row]:
    """For every month that has come, the row of the newest forecast made before it."""
    by_month: dict[int, tuple[tuple[int, int], Row]] = {}
    for entry in entries:
        made = (int(entry.data["after"]), entry.seq)
        for row in _rows(entry, actual):
            if None not in row and (row[0] not in by_month or by_month[row[0]][0] < made):
                by_month[row[0]] = (made, row)
    return [row for _, row in by_month.values()]


def _scored(period: int, dept: str, rows: Iterable[Row]) -> Scored:
    given = [tuple(value or Decimal(0) for value in row[1:]) for row in rows]
    actual = sum((abs(came) for came, _, _, _ in given), Decimal(0))
    wrong = sum((abs(came - final) for came, _, _, final in given), Decimal(0))
    naive = sum((abs(came - plain) for came, _, plain, _ in given), Decimal(0))
    return Scored(period, dept, actual - wrong, actual, actual - naive, len(given))


def _rows(entry: Entry, actual: dict[int, Decimal | None]) -> Iterable[Row]:
    for row in entry.data["months"]:
        said = [None if row[name] is None else Decimal(row[name]) for name in ("mean", "naive", "final")]
        yield int(row["period"]), actual.get(int(row["period"])), said[0], said[1], said[2]
