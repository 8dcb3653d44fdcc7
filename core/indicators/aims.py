"""Single targets edited one at a time: what would it do to the score, and who changed what, when and why?

    put(store, hospital, target, why=, actor=, at=)     one target set, or taken back (Target.empty), the others left alone
    history(store, snapshot, hospital) -> (Change, ...)  newest first, old and new beside each other
    held(settings, indicator, dept, period)              the target in force, or None
Basis.tried (line.py) says what a target would do to the score before it is kept. Numbers are as they are stored: shares are
fractions. A target of what adds up over months is for a whole year.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.indicators.targets import KEY, Target, TargetError, in_force, set_targets, target_of, targets
from core.settings import Settings, get_settings
from core.store import Snapshot, Store

NUMBERS = ("baseline", "target", "low", "high")
FIELDS = (*NUMBERS, "due", "owner")


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
    if made.empty and not before:
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


def held(settings: Settings, indicator: str, dept: str, period: int) -> Target | None:
    """The target of an indicator that is in force for a department (or '*', or '*class') in a month; its own only."""
    return in_force(targets(settings), dept, period).get(indicator)
