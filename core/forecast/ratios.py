"""The forecast of a ratio is the ratio of two forecasts; everything that is said about it is measured on the ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.forecast import result, settings
from core.forecast.intervals import bands
from core.forecast.panel import filled, mase_scale
from core.forecast.report import _still
from core.forecast.result import Forecast, Track
from core.forecast.settings import SEASON_FROM, Flags, Floats, M

NO_LIMITS = (float("-inf"), float("inf"))


def ratio(
    top: Forecast, bottom: Forecast, past: Sequence[float | None], levels: Sequence[int] = (80, 95), *,
    times: float = 1.0, limits: tuple[float, float] = NO_LIMITS,
) -> Forecast:  # fmt: skip
    """times x top / bottom, with bands, errors, rolling origins and reasons of the ratio itself.

    Args:
        top, bottom: single-series forecasts of one call each, with their rolling origins (explain=True).
        past: the ratio's history in its own units (with `times`), for its scale.
        limits: what the ratio cannot pass by what it is, e.g. (0, 1) for a share of a whole.
    """
    horizon = len(top.mean)

    def over(above: Floats, below: Floats) -> Floats:
        with np.errstate(all="ignore"):
            found = times * above / np.where(np.abs(below) > 1e-12, below, np.nan)
        return np.asarray(np.clip(found, *limits))

    mean, naive = (np.nan_to_num(over(getattr(top, one), getattr(bottom, one))) for one in ("mean", "naive"))
    values = np.array([[np.nan if v is None else float(v) for v in past]])
    scale = float(mase_scale(values, np.isfinite(values).sum(axis=1))[0])
    below = {one.cut: one for one in bottom.tracks[0]}
    pairs = [(one, below[one.cut]) for one in top.tracks[0] if one.cut in below]
    with np.errstate(all="ignore"):
        came = np.array([times * a.truth / b.truth for a, b in pairs]).reshape(-1, horizon)
    truth = np.where(np.isfinite(came), came, np.nan)
    said, was = (
        np.array([over(getattr(a, one), getattr(b, one)) for a, b in pairs]).reshape(-1, horizon)
        for one in ("said", "naive")
    )
    error, plain = truth - said, truth - was
    cut = np.array([one.cut for one, _ in pairs], np.intp)
    made = bands(error / scale, np.zeros(len(error), np.intp), 1, levels, cut=cut)
    size = np.abs(np.where(np.isfinite(error), truth, 0.0)).sum()
    mases = [_mean(np.abs(one)) / scale for one in (error, plain)]

    def share(one: Floats) -> Floats:
        return np.asarray(np.nansum(one) / size if size > 0 else np.nan)

    steps = {"mean": error, "naive": plain}
    inside = {f"cover{level}": one.astype(float) for level, one in made.inside.items()}
    reached = int(np.where(np.isfinite(error), np.arange(1, horizon + 1), 0).max(initial=0))
    return Forecast(
        mean=mean, naive=naive, candidates={"mean": mean, "naive": naive},
        lower={k: np.clip(mean + scale * v[0], *limits) for k, v in made.lower.items()},
        upper={k: np.clip(mean + scale * v[0], *limits) for k, v in made.upper.items()},
        errors={name: np.asarray(mase) for name, mase in zip(steps, mases, strict=True)},
        wape={name: share(np.abs(one)) for name, one in steps.items()},
        bias={name: share(-one) for name, one in steps.items()},
        by_step={name: _by_step(np.abs(one) / scale) for name, one in steps.items()},
        coverage={k: v[0] for k, v in made.coverage.items()}, pooled=made.pooled,
        origins=np.asarray(float(len(pairs))),
        reasons=(_reasons(values[0], len(pairs), reached, horizon, mases, (*top.reasons[0], *bottom.reasons[0])),),
        tracks=(tuple(
            Track(a.cut, said[at], was[at], truth[at]) for at, (a, _) in enumerate(pairs)
        ),),
        ratio=np.asarray(0.0), months=np.asarray(float(np.isfinite(values).sum())),
        last_tried=np.asarray(float(reached)),
        by_group=_groups({name: np.abs(one) / scale for name, one in steps.items()} | inside, np.isfinite(error)),
        periods=top.periods, single=True,
    )  # fmt: skip


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _by_step(errors: Floats) -> Floats:
    return np.array([_mean(column) for column in errors.T])


def _groups(parts: Mapping[str, Floats], known: Flags) -> dict[str, Floats]:
    """Origins, months and the mean of each part by group of steps, as core/forecast/report.py gives them."""
    spans = [slice(first - 1, last) for first, last in result.step_groups(known.shape[1])]
    found = {"origins": np.array([float(known[:, span].any(axis=1).sum()) for span in spans])}
    found["months"] = np.array([float(known[:, span].sum()) for span in spans])
    for name, values in parts.items():
        only = np.where(known, values, np.nan)
        found[name] = np.array([_mean(only[:, span]) for span in spans])
    return found


def _reasons(
    values: Floats, origins: int, reached: int, horizon: int, mases: Sequence[float], parts: Sequence[str]
) -> tuple[str, ...]:
    """As report.py says them of a series, of the ratio; calmed and levelled months of a part bear on it, too."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return (result.NO_DATA,)
    months, length = len(known), len(values) - int(known[0])
    still = _still(filled(values[known[0] :]))
    holds = {
        result.TOO_SHORT: months < M,
        result.NO_SEASON: M <= months < SEASON_FROM,
        result.NO_BACKTEST: not reached,
        result.FEW_ORIGINS: bool(reached) and origins < 3,
        result.UNTRIED: 0 < reached < horizon,
        result.GAPS: months < length,
        result.OPEN_END: not np.isfinite(values[-1]),
        result.CALMED: result.CALMED in parts,
        result.LEVELLED: result.LEVELLED in parts,
        still or result.CONSTANT: still is not None,
        result.WORSE: still is None and mases[0] - mases[1] > result.SAME,
        result.CUT: length > settings.LONGEST,
    }
    return tuple(code for code, said in holds.items() if said)
