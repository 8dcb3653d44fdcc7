"""The history as it counts: excluded months are missing, and the hospital's total without its departments' wrong months."""

from __future__ import annotations

from collections.abc import Mapping
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
        fill = usual(counted(past, one))
        for period, value, whole in zip(past.periods, past.values, fill, strict=True):
            if period in one.excluded and value is not None and whole is not None:
                found[period] = found.get(period, Decimal(0)) + whole - value
    return found


def usual(row: Row) -> Row:
    """The row with what the forecast fills its holes with, to the fen; None throughout where nothing is known."""
    values = np.array([np.nan if v is None else float(v) for v in row])
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return list(row)
    values[: known[0]] = values[known[0]]
    made = filled(values)
    return [yuan(float(made[at])) if value is None else value for at, value in enumerate(row)]


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
