"""Where results are kept: one folder per hospital-month and fingerprint, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq

from core.catalog import catalog
from core.derived.inputs import SETTING
from core.derived.results import ALLOCATION, KEPT_MARTS, month_results
from core.staging import Staging
from core.staging.sql import MONTH, views

# Raise when the calculation changes in a way the .sql files do not show.
VERSION = 1
KEPT_TABLES = (*MONTH, *ALLOCATION, *KEPT_MARTS)
# Earlier results of a month that stay, so that an undo or a second look at an old snapshot computes nothing.
KEPT_VERSIONS = 4
FOLDER = "derived"


@lru_cache(maxsize=1)
def _program() -> str:
    """Hash of the .sql files and the calculation's version."""
    text = "".join(f"{name}{view.body}" for name, view in sorted(views().items()))
    return hashlib.sha256(f"{VERSION}{text}".encode()).hexdigest()


def feeding(staging: Staging, hospital: str, period: int) -> list[str]:
    """Paths (relative to the data folder) of the files one hospital-month is computed from."""
    paths = []
    for name, extract in catalog().extracts.items():
        months = {0, period, period // 100 * 100} if name == "budget" else {0, period}
        for file in staging.files[name]:
            carried = extract.carry_forward and file.period <= period
            if file.hospital == hospital and (file.period in months or carried):
                paths.append(str(file.path.relative_to(staging.store.root)))
    return sorted(paths)


def fingerprint(staging: Staging, hospital: str, period: int) -> str:
    """Sixteen hex digits that change when anything the month's results depend on changes."""
    store, snapshot = staging.store, staging.snapshot
    words = [_program(), hospital, str(period), *feeding(staging, hospital, period)]
    words += [
        f"{r['raw_code']}|{r['raw_name']}|{r['dept_code']}"
        for r in store.records(snapshot, "dept_alias")
        if r["hospital"] == hospital
    ]
    settings = [r for r in store.records(snapshot, "settings") if r["hospital"] == hospital]
    words += [str(r["json"]) for r in settings if r["key"] == SETTING][-1:]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def folder(staging: Staging, hospital: str, period: int) -> Path:
    """Where the results of a month lie, whether or not they are there. The path is percent-encoded for DuckDB."""
    place = Path(staging.store.root) / FOLDER / f"hospital={quote(hospital, safe='')}" / f"period={period}"
    return place / fingerprint(staging, hospital, period)


def stored(staging: Staging, hospital: str, period: int) -> Path | None:
    """The folder with the month's results, None if they are not computed yet."""
    place = folder(staging, hospital, period)
    return place if place.is_dir() else None


def ensure(staging: Staging, hospital: str, period: int) -> Path:
    """The month's results, computed and kept if they are not there. Safe between threads and processes: the folder
    appears under its name only when it is complete, and two computations of one fingerprint are equal.

    Raises:
        AllocationError: see month_results.
    """
    place = folder(staging, hospital, period)
    if place.is_dir():
        return place
    results = month_results(staging, hospital, period)
    place.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    try:
        for name in KEPT_TABLES:
            table = results.tables[name].drop_columns(["hospital", "period"])
            pq.write_table(table, making / f"{name}.parquet", compression="zstd")
        (making / "policy.json").write_text(results.policy.to_json(), encoding="utf-8")
        making.rename(place)
    except OSError:
        # Another process was first; its results are the same.
        if not place.is_dir():
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    _forget(place)
    return place


def _forget(newest: Path) -> None:
    """Remove the oldest results of a month beyond those that are kept."""
    others = [path for path in newest.parent.iterdir() if path != newest and not path.name.startswith(".")]
    others.sort(key=os.path.getmtime, reverse=True)
    for path in others[KEPT_VERSIONS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
