"""The verdict on a month, by rule.

broken   the ledger is missing, or an identity of the allocation does not hold
look     something needed is missing, money is unmapped, rows were refused, or a stated total differs
good     none of these
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.quality.coverage import MISSING, NEEDED, Cell
from core.quality.findings import Findings
from core.quality.loose import Loose, Refused

GOOD, LOOK, BROKEN = "good", "look", "broken"
VERDICTS = (GOOD, LOOK, BROKEN)


@dataclass(frozen=True, slots=True)
class Trust:
    """What decides whether a month's figures can be used.

    missing     needed extracts that are not there; unmapped: yuan of cost without a department or item;
    refused     rows refused; broken: names of identities that do not hold
    """

    verdict: str
    missing: tuple[str, ...]
    unmapped: Decimal
    refused: int
    differences: int
    broken: tuple[str, ...]


def trust(
    month: Sequence[Cell],
    unresolved: Sequence[Loose],
    bad: Sequence[Refused],
    found: Findings,
    identities: Sequence[tuple[str, bool]],
) -> Trust:
    """The verdict from the parts of this package; `identities` are (name, holds)."""
    missing = tuple(cell.extract for cell in month if cell.extract in NEEDED and cell.state == MISSING)
    ledger = [one for one in unresolved if one.extract == "ledger_cost" and one.what in ("dept", "item")]
    unmapped = sum((one.amount or Decimal(0) for one in ledger), Decimal(0))
    rows = len({(one.batch, one.issue.sheet, one.issue.row) for one in bad})
    broken = tuple(name for name, holds in identities if not holds)
    if "ledger_cost" in missing or broken:
        verdict = BROKEN
    elif missing or unresolved or rows or found.differences:
        verdict = LOOK
    else:
        verdict = GOOD
    return Trust(verdict, missing, unmapped, rows, len(found.differences), broken)
