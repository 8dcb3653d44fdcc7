"""All missing months of a snapshot, after an import: one after another, or in two processes when there are many."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from core.allocation import AllocationError
from core.derived.files import ensure, stored
from core.staging import Staging, open_staging
from core.store import Snapshot, Store

# Starting a process costs about as much as a few months.
WORTH_PROCESSES = 12
Progress = Callable[[int, int, str], None]
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: months computed now, months that were there, and months the allocation refused, each
    with the sentence that says why."""

    computed: tuple[Place, ...]
    present: int
    refused: tuple[tuple[str, int, str], ...]


def refresh(
    store: Store,
    snapshot: Snapshot | None = None,
    progress: Progress | None = None,
    hospitals: Sequence[str] | None = None,
    workers: int | None = None,
) -> Refreshed:
    """Compute every month that has data and no results yet, newest first.

    progress(done, total, 'H1 202503') is called before the first and after each month. `workers` None takes two
    processes when more than WORTH_PROCESSES months are missing, else none.
    """
    staging = open_staging(store, snapshot or store.snapshot())
    months = [
        (hospital, period)
        for hospital in (staging.hospitals() if hospitals is None else hospitals)
        for period in reversed(staging.periods(hospital))
    ]
    missing = [place for place in months if stored(staging, *place) is None]
    say = progress or (lambda done, total, name: None)
    say(0, len(missing), "")
    count = workers if workers is not None else (2 if len(missing) > WORTH_PROCESSES else 0)
    refused: list[tuple[str, int, str]] = []
    left = list(missing)
    for place, problem in _problems(staging, missing, count):
        left.remove(place)
        refused += [(*place, problem)] if problem else []
        say(len(missing) - len(left), len(missing), f"{place[0]} {place[1]}")
    bad = {(hospital, period) for hospital, period, _ in refused}
    return Refreshed(
        tuple(place for place in missing if place not in bad), len(months) - len(missing), tuple(refused)
    )


def _problems(staging: Staging, missing: Sequence[Place], workers: int) -> Iterator[tuple[Place, str]]:
    """Compute each month and yield it with the sentence that refused it, '' for none. Months a broken pool of
    processes left over (memory ran out, or the main program cannot be started again) are computed here."""
    done: set[Place] = set()
    if workers > 1 and len(missing) > 1:
        jobs = [(staging.store.root, staging.snapshot.id, hospital, period) for hospital, period in missing]
        context = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(workers, mp_context=context) as pool:
                for place, problem in zip(missing, pool.map(_in_process, jobs, chunksize=2), strict=True):
                    done.add(place)
                    yield place, problem
        except BrokenProcessPool:
            pass
    for place in missing:
        if place not in done:
            yield place, _one(staging, *place)


def _one(staging: Staging, hospital: str, period: int) -> str:
    try:
        ensure(staging, hospital, period)
    except AllocationError as problem:
        return str(problem)
    return ""


def _in_process(job: tuple[Path, str, str, int]) -> str:
    root, snapshot, hospital, period = job
    store = Store(root)
    return _one(open_staging(store, store.snapshot(snapshot)), hospital, period)
