"""A snapshot and a scenario opened for questions: staging, results and marts under one roof."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from core import engine
from core.derived.files import ensure, stored
from core.derived.results import KEPT_MARTS, KEPT_TABLES, Results, empty_tables, month_results
from core.scenario import EMPTY, Scenario
from core.staging import Staging, new_schema, open_staging
from core.staging.raw import HIVE
from core.staging.sql import MARTS, views
from core.store import Snapshot, Store

OPEN_WAREHOUSES = 8
_WORD = re.compile(r"[a-z_]+")


def _stale() -> frozenset[str]:
    """What shows something else once a month's results change, made again when next asked for: what is kept, and every
    view that reads it, since a question may name the view alone."""
    found = {*KEPT_TABLES, *(name for name in MARTS if views()[name].kept == "asked")}
    while more := {
        name for name in MARTS if name not in found and found & {*_WORD.findall(views()[name].body)}
    }:
        found |= more
    return frozenset(found)


STALE = _stale()
_NAMES = frozenset((*KEPT_TABLES, *MARTS))
ALERTS = "mart_alert"
Params = Sequence[Any]


class Warehouse:
    """Staging views, results and marts of one snapshot under one scenario. Safe to share between threads.

    With a scenario, months asked for with `ensure` are computed under it in memory; the others show the actual.
    """

    def __init__(self, staging: Staging, scenario: Scenario = EMPTY, actual: Warehouse | None = None) -> None:
        self.staging, self.scenario, self.actual = staging, scenario, actual or self
        self.store, self.snapshot = staging.store, staging.snapshot
        self.connection = staging.connection
        self._own = new_schema(self.connection, self, "w")
        # Names are looked up here first, then among the staging views of the snapshot.
        self.schema = f"{self._own},{staging.schema}"
        self._lock = threading.RLock()
        self._folders: dict[tuple[str, int], Path] = {}
        self._made: dict[tuple[str, int], Results] = {}
        if not scenario:
            for hospital in self.hospitals():
                for period in self.periods(hospital):
                    if found := stored(staging, hospital, period):
                        self._folders[hospital, period] = found
        self._alerts_at: int | None = None
        self._there: set[str] = set()  # tables and views that exist and show what is known now

    # -- questions ---------------------------------------------------------------------------------------------

    def query(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Rows as tuples; money is Decimal."""
        self._need(_WORD.findall(sql))
        return engine.query(self.connection, sql, params, None, self.schema)

    def rows(self, sql: str, params: Params = ()) -> list[dict[str, Any]]:
        """Rows as mappings by column name; money is Decimal."""
        found: list[dict[str, Any]] = self.arrow(sql, params).to_pylist()
        return found

    def arrow(self, sql: str, params: Params = ()) -> pa.Table:
        """An Arrow table; decimals stay decimals."""
        self._need(_WORD.findall(sql))
        return engine.arrow(self.connection, sql, params, None, self.schema)

    def frame(self, sql: str, params: Params = ()) -> pd.DataFrame:
        """A pandas frame for drawing: money becomes float there, so never compute money from it."""
        frame: pd.DataFrame = self.arrow(sql, params).to_pandas(coerce_temporal_nanoseconds=False)
        return frame

    def hospitals(self) -> tuple[str, ...]:
        """Hospitals that have stored anything."""
        return self.staging.hospitals()

    def periods(self, hospital: str) -> tuple[int, ...]:
        """Months with data, ascending."""
        return self.staging.periods(hospital)

    def missing(self, hospital: str) -> tuple[int, ...]:
        """Months with data whose results are not computed yet."""
        actual = self.actual
        return tuple(period for period in self.periods(hospital) if (hospital, period) not in actual._folders)

    def folders(self, hospital: str) -> list[Path]:
        """Where the results of the hospital's months lie, as far as they are computed."""
        return [path for (code, _), path in sorted(self.actual._folders.items()) if code == hospital]

    # -- results -----------------------------------------------------------------------------------------------

    def ensure(self, hospital: str, period: int) -> bool:
        """Make the marts cover this month, computing it if need be. False for a month without data.

        Raises:
            AllocationError: the policy does not fit the data; the sentence says what to change.
        """
        if period not in self.periods(hospital):
            return False
        with self._lock:
            if self.scenario:
                if (hospital, period) not in self._made:
                    self.actual.ensure(hospital, period)
                    self._made[hospital, period] = month_results(
                        self.staging, hospital, period, self.scenario
                    )
                    self._there -= STALE
            elif (hospital, period) not in self._folders:
                self._folders[hospital, period] = ensure(self.staging, hospital, period)
                self._alerts_at = None
                self._there -= STALE
        return True

    def reload(self) -> None:
        """Take in results that a refresh has written since this warehouse was opened."""
        with self._lock:
            for hospital in self.hospitals():
                for period in self.missing(hospital):
                    if found := stored(self.staging, hospital, period):
                        self._folders[hospital, period] = found
            self._there -= STALE
            self._alerts_at = None

    def complete(self, sql: str = "") -> None:
        """Make every view now, before a connection is locked; the list of alerts only if `sql` names it."""
        self._need(_NAMES - {ALERTS} | set(_WORD.findall(sql)))

    def _need(self, words: Iterable[str]) -> None:
        """Views are made when a question first names them: each costs milliseconds, and a what-if needs few."""
        words = set(words)
        if ALERTS in words:
            self._load_alerts()
        wanted = _NAMES.intersection(words) - self._there
        if wanted:
            with self._lock:
                for name in sorted(wanted):
                    self._make(name)

    def _load_alerts(self) -> None:
        """The rules run, or what they found is read, and the states as of now; people change those between snapshots."""
        from core.alerts import view  # the rules ask this warehouse

        now = view.mark(self)
        if self._alerts_at != now:
            given = {"given": view.rows(self)}
            sql = "create or replace table kept_alert as select * from given"
            engine.run(self.connection, sql, (), given, self.schema)
            self._alerts_at = now

    def _make(self, name: str) -> None:
        if name in self._there:
            return
        if name in KEPT_TABLES:
            parts = [self._stored_part(name)] if not self.scenario else self._scenario_parts(name)
            self._run(f"create or replace view {name} as {' union all by name '.join(parts)}")
        else:
            for other in sorted(_NAMES.intersection(_WORD.findall(views()[name].body)) - {name}):
                self._make(other)
            kind = "table" if views()[name].kept == "asked" else "view"
            self._run(f"create or replace {kind} {name} as {views()[name].body}")
        self._there.add(name)

    def _stored_part(self, name: str) -> str:
        if not self._folders:
            given = {"given": empty_tables(self.staging)[name]}
            sql = f"create or replace table kept_{name} as select * from given"
            engine.run(self.connection, sql, (), given, self.schema)
            return f"select * from kept_{name}"
        paths = ", ".join(engine.quoted(path / f"{name}.parquet") for path in self._folders.values())
        body = f"select hospital, period, * exclude (hospital, period) from read_parquet([{paths}], {HIVE.replace(', _batch: VARCHAR', '')})"
        if name not in KEPT_MARTS:
            return body
        # Small and asked for by every page: held in memory.
        self._run(f"create or replace table kept_{name} as {body}")
        return f"select * from kept_{name}"

    def _scenario_parts(self, name: str) -> list[str]:
        self.actual._need([name])
        other = f"select * from {self.actual._own}.{name}"
        if not self._made:
            return [other]
        months = " or ".join(f"(hospital = {engine.quoted(h)} and period = {p})" for h, p in self._made)
        made = [f"select * from {results.space.schema}.{name}" for results in self._made.values()]
        return [f"{other} where not ({months})", *made]

    def _run(self, sql: str) -> None:
        engine.run(self.connection, sql, (), None, self.schema)


_open: OrderedDict[tuple[Path, str, str], Warehouse] = OrderedDict()
_lock = threading.Lock()


def open_warehouse(store: Store, snapshot: Snapshot | None = None, scenario: Scenario = EMPTY) -> Warehouse:
    """The warehouse of a snapshot (the newest by default) under a scenario, opened once per process.

    The last OPEN_WAREHOUSES stay open; one that is still in somebody's hands keeps working after that.
    """
    snapshot = snapshot or store.snapshot()
    with _lock:
        key = (Path(store.root), snapshot.id, scenario.key)
        if key not in _open:
            staging = open_staging(store, snapshot)
            bare = (*key[:2], EMPTY.key)
            if bare not in _open:
                _open[bare] = Warehouse(staging)
            if scenario:
                _open[key] = Warehouse(staging, scenario, _open[bare])
        _open.move_to_end(key)
        found = _open[key]
        while len(_open) > OPEN_WAREHOUSES:
            _open.popitem(last=False)
        return found
