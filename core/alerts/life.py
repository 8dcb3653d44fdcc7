"""The life of an alert, read from the journal: what happened to each cause, in order, and where it stands.

Entries of kind "alert", keyed by cause; `event` says what happened:

    raised      by the rules: run, snapshot                    state new
    changed     by the rules: the run went on or its figures changed
    reopened    by the rules: it came back after it was done   state new
    closed      by the rules: the data no longer show it       state done, why: corrected | limit | withdrawn
    gone        the same for one that was done already; a false alarm stays one
    state       by a person: to = taken | done | false_alarm | new, note
    comment     by a person: note

A cause is a case, a department, an object and an unbroken run of months. It keeps its key as long as the run overlaps
what was known of it, however figures are corrected, so the same cause never fires twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core.alerts.rules import LEVELS, Case, case, definition
from core.journal import Draft, Entry

KIND = "alert"
STATES = ("new", "taken", "done", "false_alarm")
OPEN = ("new", "taken")
PAST, SHORT = "past", "short"  # found on looking back; too small a base
TERMS = ("a", "b", "c", "d", "e")


@dataclass(frozen=True, slots=True)
class Run:
    """What a rule found: months `since` to `until` without a gap, with the figures of the last of them."""

    name: str
    dept: str
    dept_name: str
    object: str
    object_name: str
    since: int
    until: int
    level: str
    actual: Decimal
    line: Decimal
    limit: Decimal
    terms: tuple[Decimal | None, ...]
    enough: bool = True

    @property
    def unit(self) -> tuple[str, str, str]:
        """What it is about: case, department, object."""
        return (self.name, self.dept, self.object)

    @property
    def case(self) -> Case:
        """The case that found it."""
        return case(self.name)

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        numbers = {key: str(getattr(self, key)) for key in ("actual", "line", "limit")}
        plain = {
            key: getattr(self, key)
            for key in ("name", "dept", "dept_name", "object", "object_name", "since", "until", "level")
        }
        return {**plain, **numbers, "terms": [None if t is None else str(t) for t in self.terms]}


def run_of(data: Mapping[str, Any]) -> Run:
    """A run as the journal holds it."""
    numbers = {key: Decimal(data[key]) for key in ("actual", "line", "limit")}
    terms = tuple(None if t is None else Decimal(t) for t in data["terms"])
    return Run(**{**data, **numbers, "terms": terms})


def found_run(row: Mapping[str, Any]) -> Run:
    """A run from a row of what the rules found (`last` of its cause)."""
    level = case(row["name"]).limits[row["level"] - 1][1]
    return Run(
        row["name"], row["dept_code"] or "", row["dept_name"] or "", row["object_code"] or "", row["object_name"] or "",
        row["since"], row["period"], level, row["actual"], row["line"], row["limit_value"],
        tuple(row[key] for key in TERMS), row["enough"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """Where a cause stands. `history`: every entry about it; `gone`: the data do not show it at the moment."""

    key: str
    run: Run
    state: str = "new"
    raised: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    by: str = ""
    why: str = ""
    gone: bool = False
    reopened: int = 0
    seq: int = 0
    history: tuple[Entry, ...] = field(default=(), repr=False)

    @property
    def open(self) -> bool:
        """Somebody still has to do something."""
        return self.state in OPEN

    @property
    def due(self) -> datetime | None:
        """When it should be done."""
        return self.raised + timedelta(hours=self.run.case.due) if self.raised else None

    def overdue(self, as_of: datetime) -> bool:
        """Open beyond its due time."""
        return self.open and self.due is not None and as_of > self.due


def fold(entries: Iterable[Entry]) -> dict[str, Status]:
    """Where every cause stands after these entries (oldest first)."""
    standing: dict[str, Status] = {}
    for entry in entries:
        held = standing.get(entry.key)
        if held is None and (
            entry.data["event"] != "raised" or entry.data["run"]["name"] not in definition().cases
        ):
            continue  # a rule that was taken out of the definitions leaves its entries behind, and no alerts
        standing[entry.key] = _after(held, entry)
    return standing


def _after(held: Status | None, entry: Entry) -> Status:
    event, data = entry.data["event"], entry.data
    history = (*(held.history if held else ()), entry)
    if held is None or event == "raised":
        return Status(entry.key, run_of(data["run"]), raised=entry.at, seq=entry.seq, history=history)
    if event == "changed":
        return replace(held, run=run_of(data["run"]), gone=False, history=history)
    if event == "reopened":
        return replace(
            held, run=run_of(data["run"]), state="new", raised=entry.at, answered=None, ended=None, by="", gone=False,
            why=data.get("why", ""), reopened=held.reopened + 1, seq=entry.seq, history=history,
        )  # fmt: skip
    if event == "closed":
        return replace(held, state="done", ended=entry.at, by="", why=data["why"], gone=True, history=history)
    if event == "gone":
        return replace(held, gone=True, history=history)
    if event == "state":
        to = data["to"]
        answered = held.answered or (entry.at if to != "new" else None)
        ended = entry.at if to in ("done", "false_alarm") else None
        return replace(
            held,
            state=to,
            answered=answered,
            ended=ended,
            by=entry.by,
            why=data.get("note", ""),
            history=history,
        )
    return replace(held, history=history)


def rank(level: str) -> int:
    """How serious a level is; 0 for a notice."""
    return LEVELS.index(level)


def key_of(run: Run, statuses: Mapping[str, Status]) -> str:
    """A new cause key: case, department, object and first month; numbered if an earlier cause had the same."""
    key = "|".join((run.name, run.dept, run.object, str(run.since)))
    number = 2
    while key in statuses:
        key = "|".join((run.name, run.dept, run.object, str(run.since), str(number)))
        number += 1
    return key


def event(what: str, key: str, run: Run, snapshot: str, **more: str) -> Draft:
    """A journal entry about a cause by the program."""
    return (KIND, key, {"event": what, "run": run.to_data(), "snapshot": snapshot, **more})
