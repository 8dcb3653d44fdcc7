"""Everything the quality page shows of one month, fetched once per snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.quality import (
    Checks,
    Coverage,
    Findings,
    Loose,
    Proof,
    Refused,
    Trust,
    checks,
    coverage,
    findings,
    loose,
    proof,
    refused,
    trust,
)
from core.store import Snapshot
from core.warehouse import open_warehouse
from pages._ui import cache
from pages._ui.upload import work


@dataclass(frozen=True)
class Facts:
    """One month of one hospital."""

    period: int
    loose: list[Loose]
    refused: list[Refused]
    findings: Findings
    proof: Proof
    trust: Trust
    checks: Checks = field(default_factory=Checks)


def months(hospital: str) -> Coverage:
    """Which extract holds which month, of the newest snapshot."""
    snapshot = work.snapshot()
    found: Coverage = _coverage(snapshot.id, hospital, snapshot)
    return found


@cache.data
def _coverage(snapshot: str, hospital: str, _of: Snapshot) -> Coverage:
    return coverage(work.store(), _of, hospital)


def facts(hospital: str, period: int) -> Facts:
    """The month of the newest snapshot."""
    snapshot = work.snapshot()
    found: Facts = _facts(snapshot.id, hospital, period, snapshot)
    return found


@cache.data
def _facts(snapshot: str, hospital: str, period: int, _of: Snapshot) -> Facts:
    store = work.store()
    warehouse = open_warehouse(store, _of)
    unresolved = loose(warehouse, hospital, period)
    bad, found = refused(warehouse, hospital, period), findings(store, _of, hospital, period)
    proven = proof(warehouse, hospital, period)
    holds = [(one.name, one.ok) for one in proven.identities]
    month = coverage(store, _of, hospital).month(period)
    verdict = trust(month, unresolved, bad, found, holds)
    return Facts(period, unresolved, bad, found, proven, verdict, checks(warehouse, hospital, period))
