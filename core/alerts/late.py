"""A18: alerts nobody took in time, one alert per role they belong to; it closes itself when they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from core.alerts.life import KIND, Run, Status, event, key_of
from core.alerts.rules import Case, definition
from core.journal import Draft
from core.money import half_up
from core.parameters import value
from core.people import Person, owner
from core.settings import Settings


def owner_of(settings: Settings, run: Run) -> Person | None:
    """Who owns an alert: the first role of its case that somebody holds for the department."""
    return next(filter(None, (owner(settings, role, run.dept) for role in run.case.owners)), None)


def waiting(
    statuses: Mapping[str, Status], settings: Settings, at: datetime
) -> dict[str, list[tuple[Decimal, Status]]]:
    """Alerts that nobody took within the first limit, by the role they belong to first ('role:' and its name)."""
    rule = age_case()
    first = value(settings, rule.limits[0][0], at.year * 100 + at.month)
    found: dict[str, list[tuple[Decimal, Status]]] = {}
    for status in statuses.values():
        if first is None or status.state != "new" or status.raised is None or status.run.name == rule.name:
            continue
        hours = Decimal(int((at - status.raised).total_seconds())) / 3600
        if hours > first:
            found.setdefault(f"role:{status.run.case.owners[0]}", []).append((hours, status))
    return found


def decide_late(
    statuses: Mapping[str, Status], settings: Settings, at: datetime, snapshot: str
) -> list[Draft]:
    """What to write about alerts that wait: written again only when the level or the number changes, not every hour."""
    rule = age_case()
    period = at.year * 100 + at.month
    limits = [(value(settings, name, period), level) for name, level in rule.limits]
    late = {status.run.object: status for status in statuses.values() if status.run.name == rule.name}
    groups = waiting(statuses, settings, at)
    drafts: list[Draft] = []
    for who, found in sorted(groups.items()):
        oldest = half_up(max(hours for hours, _ in found))
        limit, level = [(number, name) for number, name in limits if number is not None and oldest >= number][
            -1
        ]
        held = late.get(who)
        since = held.run.since if held else period
        terms = (Decimal(len(found)), None, None, None, None)
        run = Run(rule.name, "", "", who, who, since, period, level, oldest, limit, limit, terms)
        if held is None:
            drafts.append(event("raised", key_of(run, statuses), run, snapshot))
        elif held.state == "done":
            drafts.append(event("reopened", held.key, run, snapshot, why="again"))
        elif (held.run.level, held.run.terms) != (run.level, run.terms):
            drafts.append(event("changed", held.key, run, snapshot))
    for who, held in late.items():
        if held.open and who not in groups:
            drafts.append((KIND, held.key, {"event": "closed", "why": "taken", "snapshot": snapshot}))
    return drafts


def age_case() -> Case:
    """The case of kind age."""
    return next(one for _, one in definition().cases.values() if one.kind == "age")
