"""One month allocated: the kernel's tables and the marts over them, in a schema of their own in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import pyarrow as pa

from core import engine
from core.allocation import Policy, allocate
from core.derived.inputs import build_inputs, complete_policy, policy_of
from core.derived.month import read_month
from core.derived.overlay import overlaid
from core.derived.tables import alloc_schema, allocation_tables
from core.scenario import EMPTY, Scenario
from core.staging import Staging, new_schema
from core.staging.sql import MARTS, MONTH, views

KEPT_MARTS = tuple(name for name in MARTS if views()[name].kept == "month")
ALLOCATION = ("alloc_lineage", "alloc_flow", "alloc_step", "alloc_rule", "alloc_fallback", "alloc_identity")
KEPT_TABLES = (*MONTH, *ALLOCATION, *KEPT_MARTS)
KEPT_SCENARIOS = 8


class Space:
    """A schema with the tables of one month: month_*, alloc_* as given, the kept marts made by their .sql files.
    It is dropped when nobody holds it any more.
    """

    def __init__(self, staging: Staging, tables: dict[str, pa.Table]) -> None:
        self.staging = staging
        self.schema = new_schema(staging.connection, self, "run")
        for name, table in tables.items():
            self._run(f"create table {name} as select * from given", {"given": table})
        for name in MARTS:
            if name in KEPT_MARTS or name == "mart_cost_lineage":
                self._run(
                    f"create {'table' if name in KEPT_MARTS else 'view'} {name} as {views()[name].body}"
                )

    def _run(self, sql: str, tables: dict[str, pa.Table] | None = None) -> None:
        engine.run(self.staging.connection, sql, (), tables, f"{self.schema},{self.staging.schema}")

    def table(self, name: str) -> pa.Table:
        """One of KEPT_TABLES."""
        return engine.arrow(self.staging.connection, f"select * from {self.schema}.{name}")


@dataclass(frozen=True, eq=False)
class Results:
    """One hospital-month allocated: the policy used, and a space with every table of KEPT_TABLES."""

    hospital: str
    period: int
    policy: Policy
    space: Space


def month_results(staging: Staging, hospital: str, period: int, scenario: Scenario = EMPTY) -> Results:
    """Allocate one month under a scenario, in memory. The results of the last few scenarios are kept.

    Raises:
        AllocationError: the policy does not fit the data, or an identity is broken; nothing is returned then.
    """
    key = (str(staging.store.root), staging.snapshot.id, hospital, period, scenario.key)
    with _lock:
        if key in _results:
            _results.move_to_end(key)
            return _results[key]
    month = overlaid(read_month(staging, hospital, period), scenario)
    inputs = build_inputs(month, scenario)
    policy = complete_policy(scenario.policy(policy_of(staging, hospital)), month, inputs)
    made = allocate(inputs, policy)
    space = Space(staging, {**month.tables, **allocation_tables(made, month)})
    results = Results(hospital, period, policy, space)
    if scenario:
        with _lock:
            _results[key] = results
            while len(_results) > KEPT_SCENARIOS:
                _results.popitem(last=False)
    return results


_results: OrderedDict[tuple[str, str, str, int, str], Results] = OrderedDict()
_lock = threading.Lock()
_empties: dict[str, pa.Table] = {}


def empty_tables(staging: Staging) -> dict[str, pa.Table]:
    """Every kept table without rows but with its columns and types, so that views exist before any month does."""
    with _lock:
        if not _empties:
            tables = {name: staging.arrow(views()[name].body, ["", 0]) for name in MONTH}
            tables |= {name: alloc_schema(name).empty_table() for name in ALLOCATION}
            space = Space(staging, tables)
            _empties.update({name: space.table(name) for name in KEPT_TABLES})
        return _empties
