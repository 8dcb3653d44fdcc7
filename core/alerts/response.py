"""How quickly alerts are answered (indicator P31): hours from raised to the first answer of a person.

    response(statuses, as_of, start=None, end=None) -> Response

An alert that closed itself before anybody answered says nothing about people: it is counted apart. An alert nobody has
answered yet counts as too late as soon as it has waited longer than the limit.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.alerts.life import Status

HOUR, DAY = Decimal(1), Decimal(24)


@dataclass(frozen=True, slots=True)
class Response:
    """Shares are of alerts that could tell: answered, or waiting longer than the limit; None without any.

    raised, answered, by_itself: how many. within_hour, within_day: shares. median, mean: hours of the answered ones.
    open, overdue: how many stand open now, and of these beyond their due time.
    """

    raised: int = 0
    answered: int = 0
    by_itself: int = 0
    open: int = 0
    overdue: int = 0
    within_hour: Decimal | None = None
    within_day: Decimal | None = None
    median: Decimal | None = None
    mean: Decimal | None = None


def response(
    statuses: Iterable[Status], as_of: datetime, start: datetime | None = None, end: datetime | None = None
) -> Response:
    """Over the alerts raised from `start` (inclusive) to `end` (exclusive); those about waiting alerts left out."""
    asked = [
        s for s in statuses
        if s.run.case.kind != "age" and s.raised and (start is None or s.raised >= start) and (end is None or s.raised < end)
    ]  # fmt: skip
    hours = [_hours(s.raised, s.answered) for s in asked if s.raised and s.answered]
    waiting = [_hours(s.raised, as_of) for s in asked if s.raised and s.state == "new"]
    return Response(
        len(asked), len(hours), sum(s.state == "done" and s.answered is None for s in asked),
        sum(s.open for s in asked), sum(s.overdue(as_of) for s in asked),
        _share(hours, waiting, HOUR), _share(hours, waiting, DAY),
        Decimal(statistics.median(hours)) if hours else None,
        sum(hours, Decimal(0)) / len(hours) if hours else None,
    )  # fmt: skip


def _hours(start: datetime, end: datetime) -> Decimal:
    return Decimal(int((end - start).total_seconds())) / 3600


def _share(hours: list[Decimal], waiting: list[Decimal], limit: Decimal) -> Decimal | None:
    told = len(hours) + sum(h > limit for h in waiting)
    return Decimal(sum(h <= limit for h in hours)) / told if told else None
