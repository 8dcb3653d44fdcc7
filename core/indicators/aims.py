"""Single targets edited one at a time: what would it do to the score, and who changed what, when and why?

    put(store, hospital, target, why=, actor=, at=)     one target set, or taken back (`empty`), the others left alone
    history(store, snapshot, hospital) -> (Change, ...)  newest first, old and new beside each other
    tried(lines, target, span, period) -> lines          the same lines, scored against the new target; nothing is kept
    held(settings, indicator, dept, caliber, period) -> the target in force, or None
Numbers are as they are stored: shares are fractions. A target of what adds up over months is for a whole year.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.indicators.card import Line
from core.indicators.score import light, score
from core.indicators.targets import KEY, Target, TargetError, set_targets, target_of, targets
from core.settings import Settings, get_settings
from core.store import Snapshot, Store

NUMBERS = ("baseline", "target", "low", "high")
FIELDS = (*NUMBERS, "due", "owner")
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Change:
    """One target as somebody changed it: `before` is None for a new one, `after` for one that was taken away."""

    before: Target | None
    after: Target | None
    by: str
    at: datetime

    @property
    def what(self) -> Target:
        """The target it is about."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def why(self) -> str:
        """The reason given."""
        return self.after.why if self.after else ""

    def fields(self) -> tuple[tuple[str, Any, Any], ...]:
        """(field, old, new) of what is different, for the fields a person sets."""
        pairs = [(name, getattr(self.before, name, None), getattr(self.after, name, None)) for name in FIELDS]
        return tuple((name, old, new) for name, old, new in pairs if (old or None) != (new or None))


def empty(one: Target) -> bool:
    """Whether it aims at nothing: the target was taken back."""
    return all(getattr(one, name) is None for name in NUMBERS)


def put(store: Store, hospital: str, wanted: Target, *, why: str, actor: str, at: datetime) -> Snapshot:
    """Set one target; the earlier one stays in the history. Without any number the target is taken back.

    Raises:
        TargetError: it cannot be kept (see set_targets), or no reason is given for changing what holds.
    """
    now = targets(get_settings(store, store.snapshot(), hospital))
    made = replace(wanted, why=why.strip())
    before = [one for one in now if _about(one) == _about(made)]
    if before and not made.why:
        raise TargetError("why", "a changed target needs a reason")
    if empty(made) and not before:
        raise TargetError("none", "there is no target to take back")
    return set_targets(
        store, hospital, [*(one for one in now if one.key != made.key), made], actor=actor, at=at
    )


def _about(one: Target) -> tuple[str, str]:
    return one.indicator, one.dept


def history(store: Store, snapshot: Snapshot, hospital: str) -> tuple[Change, ...]:
    """Every change of every target, the newest first."""
    undone = store.undone(snapshot)
    before: dict[tuple[str, str, str, int], Target] = {}
    found: list[Change] = []
    for row in store.events(snapshot, "settings"):
        if row["hospital"] != hospital or row["key"] != KEY or row["_batch"] in undone:
            continue
        after = {one.key: one for one in map(target_of, json.loads(row["json"] or "[]"))}
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                found.append(Change(before.get(key), after.get(key), row["by"] or "", row["at"]))
        before = after
    return tuple(reversed(found))


def held(
    settings: Settings, indicator: str, dept: str, period: int, caliber: str | None = None
) -> Target | None:
    """The target of an indicator that is in force for a department (or '*', or '*class') in a month; its own only."""
    mine = [
        one for one in targets(settings)
        if (one.indicator, one.dept) == (indicator, dept) and one.since <= period and caliber in (None, one.caliber)
    ]  # fmt: skip
    newest = max(mine, key=lambda one: one.since, default=None)
    return None if newest is None or empty(newest) else newest


def tried(lines: Iterable[Line], aim: Target, span: str, period: int) -> tuple[Line, ...]:
    """The lines as they would be scored: `aim` in the place of what held for its indicator and caliber."""
    return tuple(
        _tried(line, aim, span, period)
        if (line.indicator, line.caliber) == (aim.indicator, aim.caliber)
        else replace(line, baseline=None, target=None, low=None, high=None, score=None, status="none")
        if line.indicator == aim.indicator
        else line
        for line in lines
    )


def _tried(line: Line, aim: Target, span: str, period: int) -> Line:
    meant = line.definition
    months = _MONTHS.get(span, period % 100) if meant.caliber(line.caliber).yearly else _YEAR
    baseline, target = (None if one is None else one * months / _YEAR for one in (aim.baseline, aim.target))
    points = score(meant.better, line.value, baseline, target, aim.low, aim.high)
    points = None if points is None else points.quantize(Decimal("0.0001"))
    return replace(
        line, baseline=baseline, target=target, low=aim.low, high=aim.high, score=points, status=light(points)
    )
