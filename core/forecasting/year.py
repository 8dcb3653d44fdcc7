"""Where a year ends: what is booked, what is missing and taken as usual, and what is still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from core.forecast import Forecast
from core.forecast.settings import M
from core.forecast.uses import sum_spread, yuan
from core.forecasting.subjects import Nature

NIL = Decimal(0)


class Ahead(Protocol):
    """A month to come: what is needed of it."""

    @property
    def period(self) -> int: ...
    @property
    def mean(self) -> Decimal: ...
    @property
    def final(self) -> Decimal: ...
    @property
    def low80(self) -> Decimal: ...
    @property
    def high80(self) -> Decimal: ...


class YearEnd(NamedTuple):
    """The year of the first month to come.

    Attributes:
        booked: the months that have come, as they are booked; of a level, its newest value.
        whole: the year with the months to come, or the level at its end; low and high its 80 % band.
        usual: months that are missing, excluded or put right, and the amount that counts for each in `whole`.
        months: how many of the twelve it covers; fewer where the history begins within the year.
    """

    year: int
    booked: Decimal
    whole: Decimal
    low: Decimal
    high: Decimal
    usual: Mapping[int, Decimal]
    months: int


def year_end(
    booked: Mapping[int, Decimal], usual: Mapping[int, Decimal], points: Sequence[Ahead], found: Forecast,
    nature: Nature, factor: Decimal,
) -> YearEnd | None:  # fmt: skip
    """None for a ratio, without history, and where the forecast stops before December.

    Args:
        booked: the months with a value that counts; usual: the others between them, with what counts for them.
        factor: the what-if's, by which the band grows as the months do.
    """
    if not points or not (booked or usual) or not (nature.sums or nature.kind == "level"):
        return None
    year = points[0].period // 100
    ahead = [point for point in points if point.period // 100 == year]
    if ahead[-1].period % 100 != M:
        return None
    held = {period: value for period, value in booked.items() if period // 100 == year}
    filled = {period: value for period, value in usual.items() if period // 100 == year}
    months = len(held) + len(filled) + len(ahead)
    if not nature.sums:
        end = ahead[-1]
        moved = end.final - end.mean
        newest = booked[max(booked)] if booked else NIL
        return YearEnd(year, newest, end.final, end.low80 + moved, end.high80 + moved, filled, months)
    spread = sum_spread(found, 80, months=len(ahead), more=len(filled))
    below, above = (yuan(side * float(factor)) for side in spread)
    so_far = sum(held.values(), NIL)
    whole = so_far + sum(filled.values(), NIL) + sum((point.final for point in ahead), NIL)
    return YearEnd(year, so_far, whole, whole - below, whole + above, filled, months)


def years(
    booked: Mapping[int, Decimal], usual: Mapping[int, Decimal], points: Sequence[Ahead]
) -> list[tuple[int, Decimal]]:
    """Whole calendar years to come; of a year that has begun, with its booked and its usual months."""
    coming = {point.period: point.final for point in points}
    by_year: dict[int, list[Decimal]] = {point.period // 100: [] for point in points}
    for period, value in ({**usual, **booked, **coming}).items():
        if period // 100 in by_year:
            by_year[period // 100].append(value)
    return [(year, sum(values, NIL)) for year, values in by_year.items() if len(values) == M]
