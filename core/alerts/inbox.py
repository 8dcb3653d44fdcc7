"""Alerts as people see them: what the rules found beside where it stands.

    box = inbox(store, snapshot, hospital) -> Inbox       cached by (what was found, journal, people)
        .alerts     every cause: open ones first, newest first; past ones and ones with too small a base at the end
        .open       how many are new or taken
    act(store, hospital, keys, to, note=, actor=, at=)     take, finish, call false, open again
    comment(store, hospital, key, note, actor=, at=)

States: new, taken, done, false_alarm; past = of an older month, found on looking back; short = not enough data.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from core.alerts import kept
from core.alerts.evaluate import Found
from core.alerts.late import owner_of
from core.alerts.life import KIND, PAST, SHORT, STATES, Run, Status, fold, key_of, rank
from core.alerts.tending import fresh_from, runs
from core.journal import Entry, journal
from core.people import KEY as PEOPLE
from core.people import Person
from core.settings import get_settings
from core.store import Snapshot, Store
from core.warehouse import open_warehouse

# What is open stands by how serious it is, whether or not somebody has taken it.
_ORDER = {"new": 0, "taken": 0, "false_alarm": 3, "done": 2, SHORT: 4, PAST: 5}
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Alert:
    """One cause. `status` is None where nobody has to handle it (past, short). `owner`: who it belongs to now."""

    key: str
    run: Run
    state: str
    owner: Person | None
    status: Status | None = None

    @property
    def rule(self) -> str:
        """Number of the rule."""
        from core.alerts.rules import rule_of

        return rule_of(self.run.name).number

    @property
    def open(self) -> bool:
        """Somebody still has to do something."""
        return self.status is not None and self.status.open

    @property
    def who(self) -> str:
        """The owner's name, or 'role:' and the role nobody holds."""
        return self.owner.name if self.owner else f"role:{self.run.case.owners[0]}"


@dataclass(frozen=True, slots=True)
class Inbox:
    """Everything found and everything still standing.

    `waiting`: what was found is not in the journal yet. `mark`: changes whenever anything here does; a cache key.
    """

    alerts: tuple[Alert, ...] = ()
    found: Found | None = None
    waiting: bool = False
    by_key: dict[str, Alert] = field(default_factory=dict)
    mark: tuple[Any, ...] = ()

    @property
    def open(self) -> int:
        """How many are new or taken."""
        return sum(alert.open for alert in self.alerts)


_held: OrderedDict[tuple[Any, ...], Inbox] = OrderedDict()
_lock = threading.Lock()


def inbox(store: Store, snapshot: Snapshot, hospital: str) -> Inbox:
    """Every alert of a hospital. The life in the journal is the newest, whatever the snapshot."""
    warehouse = open_warehouse(store, snapshot)
    settings = get_settings(store, snapshot, hospital)
    mark, found = kept.found(warehouse, hospital)
    book = journal(store)
    listed = repr(settings.other.get(PEOPLE))
    key = (Path(store.root), hospital, mark, book.version(), listed)
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            return _held[key]
    statuses = fold(book.entries(KIND, hospital))
    made: list[Alert] = [
        Alert(status.key, status.run, status.state, owner_of(settings, status.run), status)
        for status in statuses.values()
    ]
    known: dict[tuple[str, str, str], list[Status]] = {}
    for status in statuses.values():
        known.setdefault(status.run.unit, []).append(status)
    fresh, waiting = fresh_from(found, settings), False
    for run in runs(found):
        if any(s.run.since <= run.until and run.since <= s.run.until for s in known.get(run.unit, ())):
            continue
        waiting = waiting or run.until >= fresh
        state = "new" if run.until >= fresh else PAST
        made.append(Alert(key_of(run, statuses), run, state, owner_of(settings, run)))
    for run in runs(found, enough=False):
        if run.until >= fresh:
            made.append(Alert(f"short|{key_of(run, statuses)}", run, SHORT, owner_of(settings, run)))
    made.sort(
        key=lambda a: (
            _ORDER[a.state],
            -rank(a.run.level),
            a.run.case.kind == "age",
            -a.run.until,
            a.run.name,
            a.key,
        )
    )
    box = Inbox(tuple(made), found, waiting, {alert.key: alert for alert in made}, key[1:])
    with _lock:
        _held[key] = box
        while len(_held) > _KEPT:
            _held.popitem(last=False)
    return box


class NotNow(ValueError):
    """The alert is not in a state from which this can be done (somebody else was faster); `state` is where it is."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


# What may follow what: an alert is answered, finished, or called false, and any of them can be taken back.
_FROM = {
    "taken": ("new",),
    "done": ("new", "taken"),
    "false_alarm": ("new", "taken"),
    "new": ("taken", "done", "false_alarm"),
}


def act(
    store: Store, hospital: str, keys: Sequence[str], to: str, *, actor: str, at: datetime, note: str = ""
) -> tuple[Entry, ...]:
    """Move alerts to a state, all of them or none.

    Raises:
        KeyError: an alert is unknown. NotNow: one of them cannot go there from where it is.
    """
    if to not in STATES:
        raise ValueError(f"{to!r}; allowed are {list(STATES)}")
    with journal(store).changing(hospital) as writer:
        statuses = fold(writer.entries(KIND))
        for key in keys:
            if statuses[key].state not in _FROM[to]:
                raise NotNow(statuses[key].state)
        data = {"event": "state", "to": to, "note": note.strip()}
        return writer.add([(KIND, key, data) for key in keys], by=actor, at=at)


def comment(store: Store, hospital: str, key: str, note: str, *, actor: str, at: datetime) -> Entry:
    """Say something about an alert; its state stays.

    Raises:
        KeyError: the alert is unknown. ValueError: nothing was said.
    """
    if not note.strip():
        raise ValueError("an empty comment")
    with journal(store).changing(hospital) as writer:
        if key not in fold(writer.entries(KIND)):
            raise KeyError(key)
        return writer.add([(KIND, key, {"event": "comment", "note": note.strip()})], by=actor, at=at)[0]
