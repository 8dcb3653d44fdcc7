"""Everything the quality page shows of one month, fetched once per snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.allocation import AllocationError
from core.quality import Coverage, Findings, Loose, Refused, Trust, coverage, findings, loose, refused, trust
from core.store import Snapshot
from core.warehouse import open_warehouse
from pages._ui import cache
from pages._ui.upload import work


@dataclass(frozen=True)
class Facts:
    """One month of one hospital.

    identities  (name, holds, difference in yuan, place); () when the month could not be allocated, `why` says why
    fallbacks   rows of mart_fallback: a driver other than the first choice was used, or none had data
    cost        yuan of the month's ledger lines, None without a ledger
    """

    coverage: Coverage
    period: int
    loose: list[Loose]
    refused: list[Refused]
    findings: Findings
    identities: list[dict[str, Any]]
    fallbacks: list[dict[str, Any]]
    cost: Decimal | None
    trust: Trust
    why: str = ""


def months(hospital: str) -> Coverage:
    """Which extract holds which month, of the newest snapshot."""
    snapshot = work.snapshot()
    return _coverage(snapshot.id, hospital, snapshot)


@cache.data
def _coverage(snapshot: str, hospital: str, _of: Snapshot) -> Coverage:
    return coverage(work.store(), _of, hospital)


def facts(hospital: str, period: int) -> Facts:
    """The month of the newest snapshot."""
    snapshot = work.snapshot()
    return _facts(snapshot.id, hospital, period, snapshot)


@cache.data
def _facts(snapshot: str, hospital: str, period: int, _of: Snapshot) -> Facts:
    store = work.store()
    warehouse = open_warehouse(store, _of)
    cover = coverage(store, _of, hospital)
    unresolved = loose(warehouse, hospital, period)
    bad, found = refused(warehouse, hospital, period), findings(store, _of, hospital, period)
    why, identities, fallbacks = "", [], []
    try:
        warehouse.ensure(hospital, period)
        identities = warehouse.rows(
            "select name, ok, difference, place from mart_allocation_check "
            "where hospital = ? and period = ? order by name",
            (hospital, period),
        )
        fallbacks = warehouse.rows(
            "select step, dept_code, dept_name, item_class, wanted, used, planned, sum(amount) as amount "
            "from mart_fallback where hospital = ? and period = ? group by all order by abs(sum(amount)) desc",
            (hospital, period),
        )
    except AllocationError as problem:
        why = str(problem)
    ((cost,),) = warehouse.query(
        "select sum(amount)::decimal(18, 2) from stg_cost where hospital = ? and period = ?",
        (hospital, period),
    )
    verdict = trust(
        cover.month(period), unresolved, bad, found, [(row["name"], bool(row["ok"])) for row in identities]
    )
    return Facts(
        cover, period, unresolved, bad, found, identities, fallbacks,
        cost, verdict, why,
    )  # fmt: skip
