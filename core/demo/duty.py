"""What people of the demo hospital already did about its alerts (definitions/demo_duty.yaml).

    settle(store, hospital, at=)      at the end of opening the demo, after its people are named

The alerts are raised as of the day before, so that answers and waiting alerts have an age.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.alerts.inbox import act, comment
from core.alerts.late import owner_of
from core.alerts.life import KIND, fold
from core.alerts.rules import rule_of
from core.alerts.tending import tend
from core.catalog import DEFINITIONS, load_yaml
from core.journal import journal
from core.people import owner
from core.settings import get_settings
from core.store import Store

AGE = timedelta(hours=30)


def settle(store: Store, hospital: str, *, at: datetime) -> bool:
    """Raise the alerts as of a day ago and answer some. False, and nothing done, where alerts are there already."""
    if journal(store).entries(KIND, hospital):
        return False
    said = load_yaml(DEFINITIONS / "demo_duty.yaml")
    raised = at - AGE
    tend(store, hospital, at=raised)
    statuses = fold(journal(store).entries(KIND, hospital))
    settings = get_settings(store, store.snapshot(), hospital)
    finance = owner(settings, "finance", None)
    by_rule: dict[str, list[str]] = {}
    for key, status in sorted(statuses.items(), key=lambda pair: (-pair[1].run.until, pair[0])):
        by_rule.setdefault(rule_of(status.run.name).number, []).append(key)
    for one in said["answers"]:
        left = by_rule.get(one["rule"], [])
        for key in [left.pop(0) for _ in range(min(one["count"], len(left)))]:
            person = owner_of(settings, statuses[key].run) or finance
            when = raised + timedelta(hours=float(one["hours"]))
            act(
                store,
                hospital,
                [key],
                one["to"],
                actor=person.name if person else "-",
                at=when,
                note=one["note"],
            )
    for one in said["comments"]:
        for key in by_rule.get(one["rule"], [])[:1]:
            who = finance.name if finance else "-"
            comment(store, hospital, key, one["note"], actor=who, at=raised + timedelta(hours=4))
    tend(store, hospital, at=at)  # what has waited too long by now
    return True
