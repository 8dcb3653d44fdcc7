"""Histories of different lengths and with holes as one right-aligned matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.forecast.settings import LONGEST, SHORTEST, Flags, Floats, Ints, M


@dataclass(frozen=True, slots=True)
class Panel:
    """n series, the last column is the newest month of all of them.

    Attributes:
        values: (n, T), NaN before a series begins, no holes after that.
        given: (n, T), False where a month was missing and has been filled.
        length: (n,) months since the first given value: the columns that a series takes.
        ratio: (n,) True where every value is positive: season and growth are factors there, otherwise sums.
        signed: (n,) True where values may fall below 0 whatever the past was: sums there, and no floor.
    """

    values: Floats
    given: Flags
    length: Ints
    ratio: Flags
    signed: Flags

    @property
    def known(self) -> Ints:
        """(n,) months with a value. This is the length of history that rules speak of (12 and 24 months)."""
        return np.asarray(self.given.sum(axis=1), np.intp)

    @property
    def floor(self) -> Floats:
        """(n,) 0 where nothing was below 0, minus infinity elsewhere and for signed series."""
        lowest = np.where(np.isnan(self.values), np.inf, self.values).min(axis=1)
        return np.where((lowest >= 0) & ~self.signed, 0.0, -np.inf)

    def rows(self, index: Any) -> Panel:
        """Some of the series."""
        return Panel(
            self.values[index], self.given[index], self.length[index], self.ratio[index], self.signed[index]
        )

    def before(self, cut: int) -> Panel:
        """The series as they were known `cut` months ago (NaN columns are put in front).

        Holes are filled again from what was known then; today's filling has seen the months after them.
        """
        if cut == 0:
            return self
        n, width = self.values.shape
        values, given = np.full((n, width), np.nan), np.zeros((n, width), bool)
        values[:, cut:], given[:, cut:] = self.values[:, : width - cut], self.given[:, : width - cut]
        length = np.maximum(self.length - cut, 0)
        for row in np.flatnonzero((given.sum(axis=1) < length) & given.any(axis=1)):
            begin = width - length[row]
            values[row, begin:] = filled(np.where(given[row, begin:], values[row, begin:], np.nan))
        return Panel(values, given, length, positive(values) & ~self.signed, self.signed)


def positive(values: Floats) -> Flags:
    """Which rows are positive throughout (NaN does not count)."""
    return np.asarray(np.where(np.isnan(values), np.inf, values).min(axis=1) > 0)


def stack(panels: Sequence[Panel]) -> Panel:
    """Panels of one width, one below the other."""
    return Panel(
        np.concatenate([one.values for one in panels]),
        np.concatenate([one.given for one in panels]),
        np.concatenate([one.length for one in panels]),
        np.concatenate([one.ratio for one in panels]),
        np.concatenate([one.signed for one in panels]),
    )


def panel(histories: Sequence[Floats], signed: Flags | None = None) -> Panel:
    """Right-align histories, keep the newest LONGEST months, fill holes.

    A hole is filled on the seasonally adjusted line between its neighbours, so that a missing February does not become
    an average month; months missing at the end carry the adjusted level on. A series without any value becomes zeros
    of length 0 (the caller says `no_data`). Infinite values count as missing.
    """
    width = max(SHORTEST, min(LONGEST, max((len(one) for one in histories), default=0)))
    values, given = np.full((len(histories), width), np.nan), np.zeros((len(histories), width), bool)
    length = np.zeros(len(histories), np.intp)
    for row, raw in enumerate(histories):
        series = np.asarray(raw, float)[-width:]
        known = np.flatnonzero(np.isfinite(series))
        if not len(known):
            values[row] = 0.0
            continue
        series = series[known[0] :]
        length[row] = len(series)
        holes = ~np.isfinite(series)
        values[row, width - len(series) :] = filled(series) if holes.any() else series
        given[row, width - len(series) :] = ~holes
    free = np.zeros(len(values), bool) if signed is None else signed
    return Panel(values, given, length, positive(values) & ~free, free)


def filled(series: Floats) -> Floats:
    """A series without holes; see `panel`. The first value must be known."""
    months = np.arange(len(series))
    known = np.isfinite(series)
    line = np.interp(months, months[known], series[known])
    if known.sum() >= 2 * M:
        apart = np.where(known, series - _flat(line), np.nan)
        season = np.array([_mean(apart[m::M]) for m in range(M)])[months % M]
        level = np.where(known, series - season, np.nan)
        line = np.interp(months, months[known], level[known]) + season
        if series[known].min() > 0:
            line = np.maximum(line, series[known].min())
        elif series[known].min() >= 0:
            line = np.maximum(line, 0.0)
    return np.where(known, series, line)


def _flat(line: Floats) -> Floats:
    """A year's moving average, its ends continued."""
    padded = np.concatenate([np.full(6, line[:M].mean()), line, np.full(6, line[-M:].mean())])
    weights = np.r_[0.5, np.ones(M - 1), 0.5] / M
    return np.convolve(padded, weights, "valid")


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def mase_scale(values: Floats, length: Ints) -> Floats:
    """Mean absolute change against the same month a year before, per row; under 13 months against the month before.

    A row that never changes gets 5 % of its size, or 1, so that divisions by the scale are always possible.
    """
    yearly = np.abs(values[:, M:] - values[:, :-M]) if values.shape[1] > M else np.empty((len(values), 0))
    scale = _row_mean(yearly)
    monthly = _row_mean(np.abs(np.diff(values, axis=1)))
    scale = np.where((length > M) & (scale > 0), scale, monthly)
    size = np.abs(np.nan_to_num(values)).sum(axis=1) / np.maximum(length, 1)
    return np.where(scale > 1e-9 * np.maximum(size, 1e-300), scale, np.where(size > 0, 0.05 * size, 1.0))


def _row_mean(values: Floats) -> Floats:
    known = np.isfinite(values)
    return np.asarray(np.where(known, values, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))
