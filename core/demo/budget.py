"""Department budgets by statutory item and month, in whole hundreds of yuan: original, and adjusted in mid-year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from core.demo.income import income_lines
from core.demo.ledger import without_planted
from core.demo.numbers import split
from core.demo.words import generator, item_classes, spec

HUNDRED = 10_000  # fen in a hundred yuan


@dataclass(frozen=True, slots=True)
class Budgeted:
    """One month's budget of a department and statutory item class; version 'original' or 'adjusted'."""

    period: int
    dept: str
    item_class: str
    version: str
    fen: int


@lru_cache(maxsize=1)
def budget_lines() -> tuple[Budgeted, ...]:
    """Own-fund budgets of the budget years; the last year also has the mid-year adjustment.

    budget(d, k, year) = clean cost(d, k, year) x factor, spread over months by the hospital's pattern of item k.
    """
    rule = spec()["budget"]
    years = [int(year) for year in rule["years"]]
    cost: dict[tuple[int, str, str], int] = defaultdict(int)
    pattern: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * 12)
    for entry in without_planted():
        year, month = divmod(entry.period, 100)
        if entry.fund == "own" and year in years:
            item_class = item_classes()[entry.item]
            cost[year, entry.dept, item_class] += entry.fen
            pattern[year, item_class][month - 1] += entry.fen // 100
    draw = generator("budget")
    lines: list[Budgeted] = []
    for (year, dept, item_class), fen in sorted(cost.items()):
        factor = int(draw.integers(int(rule["low"]), int(rule["high"]) + 1))
        hundreds = max(0, fen * factor // 1000 // HUNDRED)
        months = [int(part) for part in split(hundreds, pattern[year, item_class])]
        lines += _year(year, dept, item_class, "original", months)
        if year == years[-1]:
            changed = int(rule["adjusted"].get(item_class, 1000))
            if item_class == "materials":
                changed = int(rule["adjusted_departments"].get(dept, changed))
            adjusted = months[:6] + [part * changed // 1000 for part in months[6:]]
            lines += _year(year, dept, item_class, "adjusted", adjusted)
    return tuple(sorted(lines, key=lambda line: (line.version != "original", line.period)))


def _year(year: int, dept: str, item_class: str, version: str, hundreds: list[int]) -> list[Budgeted]:
    return [
        Budgeted(year * 100 + month, dept, item_class, version, part * HUNDRED)
        for month, part in enumerate(hundreds, start=1)
        if part
    ]


@lru_cache(maxsize=1)
def income_budget() -> tuple[Budgeted, ...]:
    """Income by ordering department and charge class: what came in x factor, spread over months as it came in.

    `item_class` is the charge class; departments and classes without a hundred yuan a year have none.
    """
    rule = spec()["budget"]["income"]
    year = int(rule["year"])
    months: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 12)
    for line in income_lines():
        if line.period // 100 == year:
            months[line.order, line.charge_class][line.period % 100 - 1] += line.fen
    draw = generator("budget income")
    found: list[Budgeted] = []
    for (dept, charge_class), fen in sorted(months.items()):
        factor = int(draw.integers(int(rule["low"]), int(rule["high"]) + 1))
        hundreds = max(0, sum(fen) * factor // 1000 // HUNDRED)
        if hundreds:
            parts = [int(part) for part in split(hundreds, [max(0, part) // 100 for part in fen])]
            found += _year(year, dept, charge_class, "original", parts)
    return tuple(found)
