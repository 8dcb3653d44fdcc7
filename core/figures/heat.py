"""Departments by month: how far each stands from its base, the departments with the most money first.

heat(cube, period, compare, depts, item) -> Heat
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.figures.changes import REST
from core.figures.common import LAST_YEAR, NIL, Against, Cube, against, window

MONTHS, TOP = 12, 13


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One department (REST gathers `count`): twelve months, oldest first. `amount` is their money."""

    dept: str
    amount: Decimal
    cells: tuple[tuple[int, Decimal | None, Against], ...]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Heat:
    """Rows by money, the rest gathered last. `bases` is how many months have something to be held against."""

    rows: tuple[HeatRow, ...]
    months: tuple[int, ...]
    bases: int


def heat(
    cube: Cube,
    period: int,
    compare: str,
    depts: frozenset[str] | None = None,
    *,
    item: str | None = None,
    top: int = TOP,
) -> Heat:
    """Deviation of each department in each of the last twelve months; months without data are missing cells."""
    months = tuple(month for month in window(period, MONTHS) if month in cube.cells)
    codes = {code for month in months for code in cube.cells[month] if depts is None or code in depts}
    money = {
        code: sum((cube.amount(month, "", frozenset([code]), item) or NIL for month in months), NIL)
        for code in codes
    }
    ranked = sorted((code for code in codes if money[code]), key=lambda code: (-money[code], code))
    kept = ranked if len(ranked) <= top + 1 else ranked[:top]
    groups = [(code, frozenset([code])) for code in kept]
    if rest := frozenset(ranked) - frozenset(kept):
        groups.append((REST, rest))
    rows = tuple(
        HeatRow(
            name,
            sum((money[code] for code in members), NIL),
            tuple(_cell(cube, month, compare, members, item) for month in months),
            len(members),
        )
        for name, members in groups
    )
    return Heat(rows, months, sum(1 for month in months if cube.month(month, compare) is not None))


def _cell(
    cube: Cube, month: int, compare: str, members: frozenset[str], item: str | None
) -> tuple[int, Decimal | None, Against]:
    value = cube.amount(month, "", members, item)
    base = cube.amount(month, compare, members, item)
    why = cube.why_not(month, compare)
    if compare == LAST_YEAR and month % 100 in (1, 2) and base is not None:
        other = month + 1 if month % 100 == 1 else month - 1
        more, then = (cube.amount(other, side, members, item) for side in ("", compare))
        if value is not None and more is not None and then is not None:
            return month, value, against(value + more, base + then, why)
    return month, value, against(value, base, why)
