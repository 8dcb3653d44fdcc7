"""XmR charts: is a change real, or the noise that was always there?

    mean   = average of the values          mR = average of |x_i - x_(i-1)|
    limits = mean +/- 2.66 x mR             (2.66 = 3 / d2 with d2 = 1.128 for ranges of two)

Special causes, each with the code the pages have words for:
    beyond   a point outside the limits
    run      8 points in a row on one side of the mean
    trend    6 points in a row rising, or falling
    near     2 of 3 points in a row in the outer third between mean and limit, on one side
Which months set the limits: every month given, so callers give the whole window that the page shows and say so.

Money of a hospital has seasons (Spring Festival, year-end bonuses), and limits around a flat mean would call every
December special. `seasonal` therefore judges the deviation from the same month of the year before,
    r_t = x_t / x_(t-12) - 1        January and February are one value: the festival moves between them
and draws the limits back on the scale of x:  expected = x_t / (1 + r_t) x (1 + mean of r).

Source: D. J. Wheeler, Understanding Variation (1993); Western Electric and Nelson rules; used by NHS England's
Making Data Count. Fewer than MINIMUM values give no limits, because they would mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

FACTOR = Decimal("2.66")
MINIMUM = 8
RUN, TREND = 8, 6


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its limits (None where there are too few values) and the first rule it breaks, '' for none."""

    value: Decimal | None
    mean: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    rule: str = ""


def xmr(values: Sequence[Decimal | None]) -> list[Point]:
    """Points in the order given; a missing value breaks runs and takes no part in the limits."""
    known = [value for value in values if value is not None]
    if len(known) < MINIMUM:
        return [Point(value) for value in values]
    mean = sum(known, Decimal(0)) / len(known)
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    spread = FACTOR * sum(ranges, Decimal(0)) / len(ranges) if ranges else Decimal(0)
    low, high = mean - spread, mean + spread
    rules = _rules(values, mean, spread)
    return [Point(v, mean, low, high, rule) for v, rule in zip(values, rules, strict=True)]


def seasonal(values: Mapping[int, Decimal | None]) -> dict[int, Point]:
    """Points by month (yyyymm), judged against the same month of the year before; see the module.

    Months without a year before them, and a January whose February is still to come, have no limits and no rule.
    """
    groups: list[tuple[int, ...]] = []
    for period in sorted(values):
        if period % 100 == 2 and groups and groups[-1] == (period - 1,):
            groups[-1] = (period - 1, period)
        else:
            groups.append((period,))
    deviations = [_deviation(values, months) for months in groups]
    judged = xmr(deviations)
    found: dict[int, Point] = {}
    for months, deviation, point in zip(groups, deviations, judged, strict=True):
        for period in months:
            value = values[period]
            if value is None or deviation is None or deviation <= -1 or point.mean is None:
                found[period] = Point(value)
                continue
            base = value / (1 + deviation)
            mean, low, high = (
                base * (1 + part) for part in (point.mean, point.low or Decimal(0), point.high or Decimal(0))
            )
            found[period] = Point(value, mean, low, high, point.rule)
    return found


def _deviation(values: Mapping[int, Decimal | None], months: tuple[int, ...]) -> Decimal | None:
    if len(months) == 1 and months[0] % 100 in (1, 2):
        return None
    now = [values.get(period) for period in months]
    before = [values.get(period - 100) for period in months]
    if any(value is None for value in (*now, *before)):
        return None
    whole = sum((value for value in before if value is not None), Decimal(0))
    return sum((value for value in now if value is not None), Decimal(0)) / whole - 1 if whole > 0 else None


def _rules(values: Sequence[Decimal | None], mean: Decimal, spread: Decimal) -> list[str]:
    found = [""] * len(values)

    def mark(last: int, length: int, rule: str) -> None:
        for i in range(last - length + 1, last + 1):
            found[i] = found[i] or rule

    for i, value in enumerate(values):
        if value is not None and abs(value - mean) > spread:
            found[i] = "beyond"
    for last in range(len(values)):
        window = [v for v in values[max(0, last - RUN + 1) : last + 1] if v is not None]
        if len(window) == RUN and (all(v > mean for v in window) or all(v < mean for v in window)):
            mark(last, RUN, "run")
        steps = values[max(0, last - TREND + 1) : last + 1]
        pairs = [(a, b) for a, b in pairwise(steps) if a is not None and b is not None]
        if len(pairs) == TREND - 1 and (all(b > a for a, b in pairs) or all(b < a for a, b in pairs)):
            mark(last, TREND, "trend")
        three = values[max(0, last - 2) : last + 1]
        for side in (1, -1):
            outer = [v is not None and (v - mean) * side > spread * 2 / 3 for v in three]
            if spread and len(three) == 3 and sum(outer) >= 2 and outer[-1]:
                found[last] = found[last] or "near"
    return found
