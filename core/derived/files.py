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
from core.derived.results import KEPT_TABLES, month_results
from core.staging import Staging
from core.staging.sql import views
from core.staging.words import LINE_BY_LINE

# Raise when the calculation changes in a way the .sql files do not show.
VERSION = 1
# Earlier results of a month that stay, so that an undo or a second look at an old snapshot computes nothing.
KEPT_VERSIONS = 4
FOLDER = "derived"
# A line of one month changes what the others hold of a line for the year.
BY_YEAR = ("budget",)
# Extracts no result of a month is made from: dictionaries (what their words mean is), registers, and those whose
# lines are few enough to be read when they are asked for.
ASIDE = ("dept", "cost_item", "commit", "employee", "price", "train", "balance")
# An examination is a repeated one by those of the month before.
LOOKS_BACK = ("lab_exam",)
# Settings that change results: the allocation policy, and which version of a budget is in force.
SETTINGS = (SETTING, "budget")


@lru_cache(maxsize=1)
def _program() -> str:
    """Hash of the .sql files and the calculation's version."""
    text = "".join(f"{name}{view.body}" for name, view in sorted(views().items()))
    return hashlib.sha256(f"{VERSION}{text}".encode()).hexdigest()


def feeding(staging: Staging, hospital: str, period: int) -> list[str]:
    """What one hospital-month is computed from, as text: files of its extracts (relative to the data folder), and
    what the departments and items written in them mean. A word that is not in the month does not count."""
    found = []
    start = len(str(staging.store.root)) + 1
    digests = _digests(staging)
    for name, extract in catalog().extracts.items():
        if name in ASIDE:
            continue
        months = {0, period}
        months |= set(range(period // 100 * 100, period // 100 * 100 + 13)) if name in BY_YEAR else set()
        months |= {period - 89 if period % 100 == 1 else period - 1} if name in LOOKS_BACK else set()
        for file in staging.files[name]:
            carried = extract.carry_forward and file.period <= period
            if file.hospital == hospital and (file.period in months or carried):
                found.append(str(file.path)[start:])
                found.append(digests.get((name, hospital, file.period), ""))
                if name in LINE_BY_LINE:
                    found.append(digests.get(("keys", hospital, 0), ""))
    return [*sorted(found), digests.get(("dept", hospital, 0), "")]


def fingerprint(staging: Staging, hospital: str, period: int) -> str:
    """Sixteen hex digits that change when anything the month's results depend on changes."""
    records = staging.store.records(staging.snapshot, "settings")
    own = {r["key"]: str(r["json"]) for r in records if r["hospital"] == hospital and r["key"] in SETTINGS}
    words = [
        _program(),
        hospital,
        str(period),
        *feeding(staging, hospital, period),
        *(own[key] for key in sorted(own)),
    ]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def _digests(staging: Staging) -> dict[tuple[str, str, int], str]:
    """(extract, hospital, period) -> hash of what its words mean; ('dept', h, 0) the dictionary, ('keys', h, 0) every
    way to find a department. Asked once per open snapshot."""
    key = "digests"
    if key not in staging.notes:
        staging.notes[key] = {
            (name, hospital, period): text for name, hospital, period, text in staging.query(_WORDS)
        }
    return staging.notes[key]


_WORDS = """
with dept as (
    select w.extract, w.hospital, w.period, md5(string_agg(concat_ws('|', raw_code, raw_name, dept_code), chr(10)
        order by raw_code, raw_name)) as digest
    from raw_dept_word w join stg_dept_match m using (hospital, raw_code, raw_name) group by all
),
item as (
    select w.extract, w.hospital, w.period, md5(string_agg(concat_ws('|', raw_code, raw_name, item_code, item_class,
        classed), chr(10) order by raw_code, raw_name)) as digest
    from raw_item_word w join stg_item_match m using (hospital, raw_code, raw_name) group by all
)
select extract, hospital, period, string_agg(digest, '' order by digest) from (from dept union all from item) group by all
union all
select 'dept', hospital, 0, md5(string_agg(concat_ws('|', dept_code, dept_name, dept_class, care_setting), chr(10)
    order by dept_code)) from stg_dept group by all
union all
select 'keys', hospital, 0, md5(string_agg(concat_ws('|', how, key, dept_code), chr(10) order by how, key))
from stg_dept_key group by all"""


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
            table = results.space.table(name).drop_columns(["hospital", "period"])
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
