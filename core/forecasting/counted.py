"""The history as it counts: excluded months are missing, and the hospital's total without its departments' wrong months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from core.forecast.panel import filled
from core.forecast.uses import yuan
from core.forecasting.decisions import Decisions, by_department
from core.forecasting.targets import HOSPITAL, Past, Target, history
from core.journal import Journal
from core.warehouse import Warehouse

Row = list[Decimal | None]


def corrections(pasts: Mapping[str, Past], decided: Mapping[str, Decisions]) -> dict[int, Decimal]:
    """Month -> what the hospital's total changes by: a department's excluded month less its value plus its usual one.

    A month typed wrong in one department is wrong in the total too; left as it is, the total would teach the wrong
    season and reconciliation would give it back to the department.
    """
    found: dict[int, Decimal] = {}
    for code, one in decided.items():
        past = pasts.get(code)
        if code == HOSPITAL or not one.excluded or past is None or not len(past):
            continue
        row = np.array([np.nan if v is None else float(v) for v in counted(past, one)])
        if not np.isfinite(row).any():
            continue
        row[: np.flatnonzero(np.isfinite(row))[0]] = row[np.isfinite(row)][0]
        usual = filled(row)
        for at, (period, value) in enumerate(zip(past.periods, past.values, strict=True)):
            if period in one.excluded and value is not None:
                found[period] = found.get(period, Decimal(0)) + yuan(float(usual[at])) - value
    return found


def counted(past: Past, decided: Decisions | None, changed: Mapping[int, Decimal] | None = None) -> Row:
    """The values of `past` with excluded months missing and corrected months corrected."""
    out = decided.excluded if decided else {}
    more = changed or {}
    return [
        None if period in out or value is None else value + more.get(period, Decimal(0))
        for period, value in zip(past.periods, past.values, strict=True)
    ]


def of_hospital(
    warehouse: Warehouse, hospital: str, target: Target, journal: Journal | None
) -> dict[int, Decimal]:
    """The corrections of a hospital's total; {} for a department, and where nothing was excluded."""
    if journal is None or target.dept != HOSPITAL or not target.subject.adds:
        return {}
    decided = by_department(journal, hospital, target.measure, target.scope)
    codes = [code for code, one in decided.items() if code != HOSPITAL and one.excluded]
    pasts = {code: history(warehouse, hospital, Target(target.measure, code, target.scope)) for code in codes}
    return corrections(pasts, decided)


def missing_to(row: Sequence[Decimal | None], length: int) -> Row:
    """The row made as long as the others by missing months at its end."""
    return [*row, *([None] * (length - len(row)))]
