"""Months that do not fit: found and shown, never removed by the program.

    season    median by month of y / running median (sums where values are not positive)
    usual     running median of seven months of the adjusted series, put back into its season
    spread    1.4826 x median |y - usual| (as a share of the usual value for positive series)
    outlier   |y - usual| > LIMIT x spread, and more than SMALLEST of the usual value
    shift     six months before and all months after differ by more than LIMIT spreads, and it lasts

A person excludes a month with a reason; `excluded` then makes it missing, and the forecast says that a gap was filled.
A shift is offered as a step (argument `steps` of forecast), because both sides of it are right.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from core.forecast.settings import SEASON_FROM, Floats, M

LIMIT, SMALLEST, SHIFT_MONTHS = 5.0, 0.15, 6
TEN_TIMES, TENTH, SIGN, DOUBLE, EMPTY, UNUSUAL, SHIFT = (
    "ten_times", "tenth", "sign", "double", "empty", "unusual", "shift",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outlier:
    """One month that does not fit.

    Attributes:
        at: position in the series.
        usual: what the months around it make likely.
        kind: ten_times | tenth (digits slipped), sign, double (two months in one), empty (0), unusual, shift.
    """

    at: int
    value: float
    usual: float
    kind: str


def outliers(series: Sequence[float | None]) -> tuple[Outlier, ...]:
    """The months of one series that do not fit, oldest first; () under twelve known months."""
    y = np.array([np.nan if v is None else float(v) for v in series])
    known = np.isfinite(y)
    if known.sum() < M:
        return ()
    positive = bool(np.nanmedian(y) > 0 and (y[known] > 0).mean() >= 0.9)
    usual = _usual(y, positive)
    apart = (y - usual) / (np.maximum(np.abs(usual), 1e-12) if positive else 1.0)
    spread = 1.4826 * float(np.nanmedian(np.abs(apart)))
    floor = SMALLEST if positive else SMALLEST * float(np.nanmedian(np.abs(y[known])))
    limit = max(LIMIT * spread, floor)
    found = [
        Outlier(int(at), float(y[at]), float(usual[at]), _kind(float(y[at]), float(usual[at])))
        for at in np.flatnonzero(known & (np.abs(apart) > limit))
    ]
    return tuple(found)


def shifts(series: Sequence[float | None]) -> tuple[Outlier, ...]:
    """The month from which the level is another one, if there is a clear one; `usual` is the level before."""
    y = np.array([np.nan if v is None else float(v) for v in series])
    known = np.isfinite(y)
    if known.sum() < SEASON_FROM or np.nanmin(y) <= 0:
        return ()
    flat = np.log(y) - _season(np.log(np.where(known, y, np.nan)), False)
    best: tuple[float, int] = (0.0, -1)
    for at in range(SHIFT_MONTHS, len(y) - SHIFT_MONTHS + 1):
        before, after = flat[max(0, at - M) : at], flat[at : at + M]
        left, right = np.nanmedian(before), np.nanmedian(after)
        noise = 1.4826 * np.nanmedian(np.abs(np.concatenate([before - left, after - right])))
        # The months next to the step must already stand on either side: a slow rise is a trend, not a step.
        near = np.nanmean(flat[at : at + 2]) - np.nanmean(flat[at - 2 : at])
        jump = right - left
        score = abs(jump) / max(noise, 0.03)
        if score > best[0] and near * jump > 0 and abs(near) > 0.6 * abs(jump) and abs(jump) > SMALLEST:
            best = (float(score), at)
    if best[0] < LIMIT:
        return ()
    at = best[1]
    return (Outlier(at, float(y[at]), float(np.exp(np.nanmedian(flat[max(0, at - M) : at]))), SHIFT),)


def excluded(series: Sequence[float | None], months: Collection[int]) -> list[float | None]:
    """The series with the given positions missing."""
    return [None if at in months else value for at, value in enumerate(series)]


def _usual(y: Floats, positive: bool) -> Floats:
    season = _season(y, positive)
    flat = y / season if positive else y - season
    level = _running(flat, 3)
    return np.asarray(level * season if positive else level + season)


def _season(y: Floats, positive: bool) -> Floats:
    """Median by month around the running median of thirteen; 1 (or 0) where there are under two years."""
    if np.isfinite(y).sum() < SEASON_FROM:
        return np.ones_like(y) if positive else np.zeros_like(y)
    level = _running(y, 6)
    apart = y / np.where(level != 0, level, np.nan) if positive else y - level
    months = np.arange(len(y)) % M
    neutral = 1.0 if positive else 0.0
    by_month = np.full(M, neutral)
    for month in range(M):
        found = apart[months == month]
        found = found[np.isfinite(found)]
        # Of two values neither is in the middle: the calmer one counts, or an outlier would make its own season.
        calm = found[np.argsort(np.abs(found - neutral), kind="stable")]
        by_month[month] = neutral if not len(calm) else float(np.median(calm) if len(calm) > 2 else calm[0])
    if positive:
        return np.asarray(np.maximum(by_month, 0.02)[months])
    return np.asarray((by_month - by_month.mean())[months])


def _running(y: Floats, reach: int) -> Floats:
    """Centred running median over 2 reach + 1 months, shorter at the ends; missing months do not count."""
    out = np.empty(len(y))
    for at in range(len(y)):
        part = y[max(0, at - reach) : at + reach + 1]
        part = part[np.isfinite(part)]
        out[at] = np.median(part) if len(part) else np.nan
    holes = ~np.isfinite(out)
    if holes.any():
        out[holes] = np.interp(np.flatnonzero(holes), np.flatnonzero(~holes), out[~holes])
    return out


def _kind(value: float, usual: float) -> str:
    if value == 0:
        return EMPTY
    ratio = value / usual if usual else np.inf
    for kind, times in (
        (TEN_TIMES, 10.0),
        (TEN_TIMES, 100.0),
        (TENTH, 0.1),
        (TENTH, 0.01),
        (SIGN, -1.0),
        (DOUBLE, 2.0),
    ):
        if abs(ratio / times - 1.0) < 0.2:
            return kind
    return UNUSUAL
