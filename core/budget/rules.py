"""Limits attached to a branch of the target tree, and whether the departments below it keep them.

    surgery            charge per discharge grows by no more than 8 % over last year
    internal medicine  drugs make up no more than 40 % of income

Limits are the dated parameters the alerts use, unless the branch states its own. Which departments are surgical is what
the hospital said, else the words of their names. A DRG payment standard that falls must take the department's target
down with it: `standards_kept` names those where it did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.alerts.evaluate import specialty_of
from core.budget.compile import BudgetError
from core.budget.tree import Path, Tree
from core.figures.common import cube
from core.measures import by_department, measure
from core.money import fen_to_yuan, half_up
from core.parameters import value
from core.settings import Settings
from core.warehouse import Warehouse

LEAST = 30  # discharges in both years together, below which growth says nothing


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit. kind: growth (over the same months last year) | share; specialty '' takes every department."""

    name: str
    kind: str
    measure: str
    parameter: str
    specialty: str


RULES = (
    Rule("charge_growth", "growth", "charge_per_discharge", "alert_case_growth_surgical", "surgical"),
    Rule("drug_share", "share", "drug_share", "alert_drug_share_medicine", "medicine"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One department under one rule. value None: no data; why says so (no_data | few)."""

    rule: Rule
    dept: str
    name: str
    value: Decimal | None
    limit: Decimal | None
    why: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the limit is kept; None where it cannot be said."""
        return None if self.value is None or self.limit is None else self.value <= self.limit


def rule(name: str) -> Rule:
    """One of RULES; KeyError otherwise."""
    return {one.name: one for one in RULES}[name]


def check(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    settings: Settings,
    attached: Sequence[Mapping[str, Any]] = (),
) -> tuple[Kept, ...]:
    """Every rule for every department it holds for, year to date; those that break it first.

    attached: {"rule": name, "branch": [class, dept] or [], "limit": "0.08"}: a branch with a limit of its own; without
    any, the rules hold for the departments of their specialty.
    """
    months = [period // 100 * 100 + m for m in range(1, period % 100 + 1)]
    names = list(dict.fromkeys(one.measure for one in RULES))
    now = by_department(warehouse, hospital, months, [*names, "discharges", "income"])
    before = by_department(warehouse, hospital, [p - 100 for p in months], [*names, "discharges"])
    depts = cube(warehouse, hospital, "medical").depts
    found: list[Kept] = []
    for one in RULES:
        mine = [entry for entry in attached if entry.get("rule") == one.name]
        for code, dept in depts.items():
            branch = next(
                (e for e in mine if list(e["branch"]) in ([], [dept.dept_class], [dept.dept_class, code])),
                None,
            )
            special = (
                specialty_of(code, dept.name, settings) == one.specialty and dept.care_setting == "inpatient"
            )
            if branch is None and (mine or not special):
                continue
            limit = (
                Decimal(str(branch["limit"]))
                if branch is not None and branch.get("limit")
                else value(settings, one.parameter, period)
            )
            amount, why = _value(one, now.get(code, {}), before.get(code, {}))
            found.append(Kept(one, code, dept.name, amount, limit, why))
    return tuple(sorted(found, key=lambda k: (k.ok is not False, k.ok is None, k.rule.name, -(k.value or 0))))


def _value(
    one: Rule, now: Mapping[str, Decimal | None], before: Mapping[str, Decimal | None]
) -> tuple[Decimal | None, str]:
    current = now.get(one.measure)
    if one.kind == "share":
        return current, "" if current is not None else "no_data"
    last = before.get(one.measure)
    if current is None or not last:
        return None, "no_data"
    if (now.get("discharges") or 0) + (before.get("discharges") or 0) < LEAST:
        return None, "few"
    return current / last - 1, ""


def formula(one: Rule, lang: str) -> str:
    """The measure's own formula, which computes the value."""
    return measure(one.measure).formula(lang)


@dataclass(frozen=True, slots=True)
class Standard:
    """A payment standard that changed, and what the branch's target did since the version compared with.

    lag: yuan by which the target stands above what the change of the standard asks for, at least 0.
    """

    path: Path
    change: Decimal
    target_change: Decimal | None
    lag: Decimal
    why: str

    @property
    def behind(self) -> bool:
        """The standard fell and the target did not fall as much: a loss is planned."""
        return self.change < 0 and (self.target_change is None or self.lag > 0)


def standards_kept(before: Tree, after: Tree, standards: Sequence[Mapping[str, Any]]) -> tuple[Standard, ...]:
    """standards: {"path": [class, dept, ...], "change": "-0.12", "why": text}. Compared with another version's tree."""
    found = []
    for one in standards:
        path, change = tuple(one["path"]), Decimal(str(one["change"]))
        try:
            old, new = before.fen(path), after.fen(path)
        except BudgetError:
            old, new = 0, 0
        wanted = int(half_up(old * (1 + change), 0))
        moved = Decimal(new) / old - 1 if old else None
        found.append(
            Standard(path, change, moved, fen_to_yuan(max(0, new - wanted)), str(one.get("why", "")))
        )
    return tuple(found)
