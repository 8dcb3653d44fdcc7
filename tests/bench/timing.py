"""Timing that can be trusted on a shared machine: pairs in turn, medians, ratios pair by pair, peak memory of children."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Line:
    """One row of the report: what was measured, against what, and the promise if there is one."""

    what: str
    seconds: float
    baseline: str = ""
    baseline_seconds: float = 0.0
    ratio: float = 0.0
    target: str = ""

    def __str__(self) -> str:
        left = f"{self.what:<58} {_span(self.seconds):>10}"
        right = (
            f"   {self.ratio:5.2f} x  {self.baseline} ({_span(self.baseline_seconds)})"
            if self.baseline
            else ""
        )
        return left + right + (f"   [{self.target}]" if self.target else "")


def _span(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alone(what: str, work: Callable[[], object], runs: int = 7, target: str = "") -> Line:
    """Median of `runs` calls after one warm-up."""
    work()
    return Line(what, statistics.median(seconds(work) for _ in range(runs)), target=target)


def paired(
    what: str,
    work: Callable[[], object],
    baseline: str,
    bare: Callable[[], object],
    runs: int = 5,
    target: str = "",
) -> Line:
    """`work` and `bare` in turn; the median of each and the median of the ratios pair by pair."""
    work(), bare()
    pairs = [(seconds(work), seconds(bare)) for _ in range(runs)]
    ratios = [mine / theirs for mine, theirs in pairs]
    return Line(
        what, statistics.median(p[0] for p in pairs), baseline, statistics.median(p[1] for p in pairs),
        statistics.median(ratios), target,
    )  # fmt: skip


def peak_of_children_mb() -> float:
    """Largest resident size of any child process waited for so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def machine() -> str:
    """One line about where the figures come from."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, load {load:.1f}, duckdb {duckdb.__version__}"
