"""Workdays and the Spring Festival by month: what moves a hospital's volumes besides its season.

    workdays(202602)          days a clinic is open by the public calendar, substituted weekends included
    festival_share(202601)    share of the festival season that lies in the month, 0 to 1
    official_schedule(2026)   whether the government's arrangement of days off for the year is known
    regressors(202301, 48)    {'workdays': [...], 'spring_festival': [...]} for as many months

The festival season is the WINDOW around New Year's Day of the lunar calendar: it falls into January, February or
both, so no fixed seasonal factor can know it. For years without an official schedule the days are computed from the
lunar calendar without substituted days, up to 2100. The only door to the holidays library.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

COUNTRY = "CN"
WINDOW = (-7, 14)  # days before and after New Year's Day: people go home, then the clinics fill up again
WORKDAYS, FESTIVAL = "workdays", "spring_festival"
_FIRST, _LAST = 1950, 2100
_NEW_YEAR = "Chinese New Year (Spring Festival)"


class CalendarError(ValueError):
    """A month outside the calendar."""


@lru_cache(maxsize=16)
def _year(year: int) -> Any:
    if not _FIRST <= year <= _LAST:
        raise CalendarError(f"no calendar for {year}; years from {_FIRST} to {_LAST} are known")
    return holidays.country_holidays(COUNTRY, years=[year], language="en_US")


@lru_cache(maxsize=16)
def new_year(year: int) -> date:
    """New Year's Day of the lunar calendar in `year`."""
    return min(day for day, name in _year(year).items() if _NEW_YEAR in name and day.year == year)


@lru_cache(maxsize=512)
def workdays(period: int) -> int:
    """Working days of a month (yyyymm)."""
    calendar = _year(period // 100)
    return sum(bool(calendar.is_working_day(day)) for day in _days(period))


@lru_cache(maxsize=512)
def festival_share(period: int) -> float:
    """Share of the festival season that lies in the month; the months of a year add up to 1."""
    centre = new_year(period // 100)
    first, last = (centre + timedelta(days=shift) for shift in WINDOW)
    return sum(first <= day <= last for day in _days(period)) / ((last - first).days + 1)


def official_schedule(year: int) -> bool:
    """Whether the days off of `year` are known as announced, not only computed."""
    return year in getattr(_year(min(max(year, _FIRST), _LAST)), "special_public_holidays", {})


def regressors(start: int, count: int) -> dict[str, Sequence[float]]:
    """Both figures for `count` months from `start` (yyyymm)."""
    months = [_later(start, at) for at in range(count)]
    return {
        WORKDAYS: [float(workdays(month)) for month in months],
        FESTIVAL: [festival_share(month) for month in months],
    }


def _later(period: int, months: int) -> int:
    index = period // 100 * 12 + period % 100 - 1 + months
    return index // 12 * 100 + index % 12 + 1


def _days(period: int) -> list[date]:
    year, month = divmod(period, 100)
    if not 1 <= month <= 12:
        raise CalendarError(f"{period} is no month; write yyyymm")
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return [first + timedelta(days=day) for day in range((after - first).days)]
