"""Headcount by month and what the payroll system books for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from core.demo.entries import Entry
from core.demo.numbers import Ints, noise, split, step_path
from core.demo.organisation import Department, departments, periods
from core.demo.words import generator, spec

BONUS = "30103"
STAFF_COLUMNS = ("doctors", "nurses", "technicians", "pharmacists", "managers", "logistics")
_MIX = {"0310": "theatre", "0312": "pharmacy", "0313": "pharmacy"}


@lru_cache(maxsize=1)
def headcount() -> Ints:
    """People [department, month]: the hospital grows in steps when graduates start."""
    growth = step_path(spec()["headcount_growth"], periods())
    base = np.array([dept.people for dept in departments()], dtype=np.int64)
    return (base[:, None] * growth[None, :] + 500) // 1000


def staff_mix(dept: Department, people: int) -> dict[str, int]:
    """The people of a department by profession."""
    kind = _MIX.get(dept.code, dept.dept_class if dept.dept_class != "clinical" else dept.care)
    parts = split(people, spec()["staff_mix"][kind])
    return dict(zip(STAFF_COLUMNS, (int(part) for part in parts), strict=True))


def payroll() -> Iterator[Entry]:
    """Pay, contributions and bonus of every department and month; the year-end bonus makes the December peak."""
    draw = generator("payroll")
    pay = spec()["pay"]
    parts = pay["parts"]
    level = {
        dept.code: int(f) for dept, f in zip(departments(), noise(draw, 90, len(departments())), strict=True)
    }
    for m, period in enumerate(periods()):
        wobble = noise(draw, 12, len(departments()))
        growth, bonus = int(pay["growth"][period // 100]), int(pay["bonus"].get(period % 100, 0))
        for i, dept in enumerate(departments()):
            monthly = int(pay["monthly"][dept.dept_class]) * growth // 100 * level[dept.code] // 1000
            month = int(headcount()[i, m]) * monthly * int(wobble[i]) // 10
            yield from _pay(period, dept.code, month, month * bonus // 100, parts)
    yield from _unmapped(parts)


def _pay(period: int, dept: str, month: int, bonus: int, parts: dict[str, int]) -> Iterator[Entry]:
    for item, fen in zip(parts, split(month, list(parts.values())), strict=True):
        yield Entry("payroll", period, dept, item, int(fen))
    if bonus:
        yield Entry("payroll", period, dept, BONUS, bonus)


def _unmapped(parts: dict[str, int]) -> Iterator[Entry]:
    """Planted: a ward opened in November that nobody has entered in the dictionary."""
    new = spec()["planted"]["unmapped"]
    for period in new["periods"]:
        bonus = int(spec()["pay"]["bonus"].get(period % 100, 0))
        month = int(new["people"]) * int(spec()["pay"]["monthly"]["clinical"]) * 116
        yield from _pay(period, str(new["dept"]), month, month * bonus // 100, parts)
