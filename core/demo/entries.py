"""One ledger entry of the demo, and what every source of entries needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One cost line as its source system holds it. `dept` may be a code the dictionary lacks (a planted problem);
    `source` is the system (payroll, materials, drugs, assets, general, grants); `fund` the fund layer."""

    source: str
    period: int
    dept: str
    item: str
    fen: int
    fund: str = "own"
    voucher: str = ""
    memo: str = ""
