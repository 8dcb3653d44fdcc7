"""What a forecast says about itself: which steps were tried and how they did, and why it is less than it could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.forecast import result, settings
from core.forecast.candidates import Candidates
from core.forecast.origins import NOTHING, Origins
from core.forecast.panel import Panel
from core.forecast.settings import SEASON_FROM, Flags, Floats, M


def tried(
    past: Origins | None, inside: Mapping[int, Flags], n: int, horizon: int
) -> tuple[Floats, dict[str, Floats]]:
    """(n,) last step tried, and by name (n, groups of result.STEP_GROUPS): origins, months, mean and naive error,
    cover<level>; NaN where nothing was tried."""
    groups = result.step_groups(horizon)
    names = ("mean", "naive", *(f"cover{level}" for level in inside))
    found = {name: np.full((n, len(groups)), np.nan) for name in names}
    found |= {name: np.zeros((n, len(groups))) for name in ("origins", "months")}
    last = np.zeros(n)
    if past is None:
        return last, found
    known = np.isfinite(past.truth)
    reached = np.where(known, np.arange(1, horizon + 1), 0).max(axis=1)
    np.maximum.at(last, past.series, reached)
    parts = {name: past.apart(name) for name in ("mean", "naive")}
    parts |= {f"cover{level}": one.astype(float) for level, one in inside.items()}
    for at, (first, until) in enumerate(groups):
        span = slice(first - 1, until)
        months = known[:, span].sum(axis=1)
        found["origins"][:, at] = np.bincount(past.series, months > 0, minlength=n)
        found["months"][:, at] = asked = np.bincount(past.series, months, minlength=n)
        for name, one in parts.items():
            whole = np.where(known[:, span], one[:, span], 0.0).sum(axis=1)
            total = np.bincount(past.series, whole, minlength=n)
            found[name][:, at] = np.where(asked > 0, total / np.maximum(asked, 1), np.nan)
    return last, found


def reasons(
    data: Panel, found: Candidates, series: Sequence[Floats], errors: Mapping[str, Floats], count: Floats,
    last: Floats, horizon: int,
) -> tuple[tuple[str, ...], ...]:  # fmt: skip
    """By series, the codes of result.py that hold."""
    apart = errors["mean"] - errors["naive"]
    return tuple(
        _reasons(
            data, found, row, len(series[row]), float(apart[row]), int(count[row]), int(last[row]), horizon
        )
        for row in range(len(series))
    )


def _reasons(
    data: Panel, found: Candidates, row: int, given: int, worse: float, origins: int, last: int, horizon: int
) -> tuple[str, ...]:
    length, known = int(data.length[row]), int(data.known[row])
    if known == 0:
        return (result.NO_DATA,)
    values = data.values[row, -length:]
    still = _still(values)
    holds = {
        result.TOO_SHORT: known < M,
        result.NO_SEASON: M <= known < SEASON_FROM,
        result.NO_BACKTEST: not last,
        result.FEW_ORIGINS: bool(last) and origins < 3,
        result.UNTRIED: 0 < last < horizon,
        result.GAPS: not data.given[row, -length:].all(),
        result.OPEN_END: not data.given[row, -1],
        result.CALMED: bool(found.calmed[row]),
        result.LEVELLED: bool(found.levelled[row]),
        still or result.CONSTANT: still is not None,
        result.WORSE: still is None and worse > result.SAME,
        result.CUT: given > settings.LONGEST,
    }
    return tuple(code for code, said in holds.items() if said)


def _still(values: Floats) -> str | None:
    """Whether one value, or one year, repeats for ever."""
    size = NOTHING * float(np.abs(values).max())
    if float(np.ptp(values)) <= size:
        return result.CONSTANT
    yearly = np.abs(values[M:] - values[:-M])
    return result.REPEATS if len(values) >= 2 * M and float(yearly.max()) <= size else None
