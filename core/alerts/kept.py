"""What the rules found, computed once per state of the data and kept under <data>/derived/hospital=H/alerts/.

The fingerprint covers everything that can change an alert: the months' results, budgets and operation values, the
limits, the specialties and the rules themselves. So a comment, a picture or a new person changes nothing here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq

from core.alerts.evaluate import SCHEMA, SPECIALTIES, Found, Tested, evaluate
from core.catalog import DEFINITIONS
from core.derived.files import FOLDER
from core.parameters import KEY as PARAMETERS
from core.settings import Settings, get_settings
from core.warehouse import Warehouse

VERSION = 2  # raise when the same data would give other alerts although no definition changed
KEPT = 6
_FED = ("budget", "operation_value", "dept", "cost_item")
_held: OrderedDict[tuple[Path, str], Found] = OrderedDict()
_lock = threading.Lock()


def fingerprint(warehouse: Warehouse, hospital: str, settings: Settings) -> str:
    """Sixteen hex digits that change when an alert could change."""
    store, snapshot = warehouse.store, warehouse.snapshot
    start = len(str(store.root)) + 1
    words = [str(VERSION), hospital]
    words += [str(path)[start:] for path in warehouse.folders(hospital)]
    for table in _FED:
        words += [str(f.path)[start:] for f in store.files(snapshot, table) if f.hospital == hospital]
    own = {key: settings.other.get(key) for key in (PARAMETERS, SPECIALTIES, "budget")}
    words.append(
        json.dumps([own, [[a.raw_code, a.raw_name, a.dept_code] for a in settings.aliases]], sort_keys=True)
    )
    for path in (DEFINITIONS / "alerts.yaml", *sorted((DEFINITIONS / "parameters").glob("*.yaml"))):
        words.append(hashlib.sha256(path.read_bytes()).hexdigest())
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def found(warehouse: Warehouse, hospital: str) -> tuple[str, Found]:
    """(fingerprint, what the rules found), from memory, from disk, or computed and kept."""
    actual = warehouse.actual
    settings = get_settings(actual.store, actual.snapshot, hospital)
    mark = fingerprint(actual, hospital, settings)
    key = (Path(actual.store.root), mark)
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            return mark, _held[key]
    place = _top(actual, hospital) / mark
    made = _read(place) or _keep(place, evaluate(actual, hospital, settings))
    with _lock:
        _held[key] = made
        while len(_held) > KEPT:
            _held.popitem(last=False)
    return mark, made


def _top(warehouse: Warehouse, hospital: str) -> Path:
    return Path(warehouse.store.root) / FOLDER / f"hospital={quote(hospital, safe='')}" / "alerts"


def _read(place: Path) -> Found | None:
    try:
        said = json.loads((place / "tested.json").read_text(encoding="utf-8"))
        rows = pq.read_table(place / "found.parquet", schema=SCHEMA)
    except (OSError, ValueError):
        return None
    os.utime(place / "tested.json")  # used lately, so it stays
    tested = {name: Tested(*pair) for name, pair in said["tested"].items()}
    return Found(rows, tested, tuple(said["periods"]), said["newest"])


def _keep(place: Path, made: Found) -> Found:
    """Written whole or not at all; a second process writing the same is no harm. Without room on disk it is not kept."""
    place.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    try:
        pq.write_table(made.rows, making / "found.parquet", compression="zstd")
        said = {
            "tested": {n: [t.tested, t.short] for n, t in made.tested.items()},
            "periods": made.periods,
            "newest": made.newest,
        }
        (making / "tested.json").write_text(json.dumps(said), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)  # there only if it could not be read
        making.rename(place)
    except OSError:
        pass
    finally:
        shutil.rmtree(making, ignore_errors=True)
    others = [path for path in place.parent.iterdir() if path != place and not path.name.startswith(".")]
    for old in sorted(others, key=_used, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    return made


def _used(place: Path) -> float:
    try:
        return (place / "tested.json").stat().st_mtime
    except OSError:
        return 0.0
