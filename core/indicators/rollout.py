"""How far the scorecard is introduced: phases with steps and dates, the team, and the departments it is piloted in.

    phases() -> (Phase, ...)      rollout(settings) -> Rollout      set_rollout(store, hospital, rollout, actor=, at=)
    raise_problem / settle_problem / problems(journal, hospital) -> what people said is too hard, and what came of it
Until a hospital says otherwise the scorecard runs for every department. Pilots hold from a month on, so that a change
of them leaves the leagues of earlier months as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from core.catalog import Label, build
from core.indicators.facts import definition
from core.journal import Entry, Journal
from core.settings import Settings, set_value
from core.store import Snapshot, Store

KEY = "scorecard_rollout"
PROBLEM = "rollout_problem"
OPEN, SOLVED, KEPT = "open", "solved", "kept"  # kept: looked at, left as it is


class RolloutError(ValueError):
    """Something that cannot be kept; `code` is step | dates | words | settled, for the words of a page."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase; `months` is how long it usually takes, (0, 0) for one without an end."""

    name: str
    months: tuple[int, int]
    label: Label
    steps: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Pilots:
    """The departments it runs for from month `since` on, () for all."""

    since: int
    depts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rollout:
    """`done`: steps as 'phase:number'; `dates`: (start, finish) by phase; `team`: people by the role they stand for."""

    done: tuple[str, ...] = ()
    pilots: tuple[Pilots, ...] = ()
    dates: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    team: Mapping[str, str] = field(default_factory=dict)

    def share(self, phase: Phase) -> tuple[int, int]:
        """(steps done, steps) of a phase."""
        return sum(f"{phase.name}:{n}" in self.done for n in range(len(phase.steps))), len(phase.steps)

    def pilots_in(self, period: int) -> tuple[str, ...]:
        """Codes of the departments it was piloted in that month, () for all departments."""
        held = [one for one in self.pilots if one.since <= period]
        return max(held, key=lambda one: one.since).depts if held else ()

    def runs_in(self, period: int) -> Callable[[str], bool]:
        """Whether a department took part in a month."""
        piloted = self.pilots_in(period)
        return lambda dept: not piloted or dept in piloted

    def piloting(self, since: int, depts: Iterable[str]) -> Rollout:
        """The same with these pilots from a month on."""
        kept = [one for one in self.pilots if one.since != since]
        return replace(
            self, pilots=tuple(sorted([*kept, Pilots(since, tuple(sorted(depts)))], key=lambda x: x.since))
        )

    def lasting(self, phase: Phase, today: date) -> int | None:
        """Whole months a phase has taken so far, or took; None before it began."""
        start, finish = self.dates.get(phase.name, (None, None))
        end = finish or today
        if start is None or end < start:
            return None
        return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


@dataclass(frozen=True, slots=True)
class Problem:
    """What somebody found too hard. `kind`: hard | data | weight | other; `indicator` '' where it is about none."""

    number: int
    kind: str
    dept: str
    indicator: str
    text: str
    state: str
    result: str
    by: str
    at: datetime


KINDS = ("hard", "data", "weight", "other")


@lru_cache(maxsize=1)
def phases() -> tuple[Phase, ...]:
    """The four phases in their order."""
    found = []
    for raw in definition("phases")["phases"]:
        steps = tuple(Label(**words) for words in raw["steps"])
        plain = {key: value for key, value in raw.items() if key != "steps"}
        found.append(build(Phase, plain, f"phases.yaml, {raw['name']}", steps=steps))
    return tuple(found)


@lru_cache(maxsize=1)
def team_roles() -> Mapping[str, Label]:
    """Who belongs on the team, by role."""
    return {raw["name"]: Label(**raw["label"]) for raw in definition("phases")["team"]}


def rollout(settings: Settings) -> Rollout:
    """What the hospital said."""
    raw = settings.other.get(KEY) or {}
    return Rollout(
        tuple(raw.get("done", ())),
        _pilots(raw.get("pilots", ())),
        {name: (_day(start), _day(finish)) for name, (start, finish) in raw.get("dates", {}).items()},
        dict(raw.get("team", {})),
    )


def _pilots(raw: Iterable[Any]) -> tuple[Pilots, ...]:
    """Dated sets; a plain list of departments, as it was kept before sets had a month, holds for every month."""
    listed = list(raw)
    if listed and isinstance(listed[0], str):
        return (Pilots(0, tuple(listed)),)
    return tuple(Pilots(int(one["from"]), tuple(one["depts"])) for one in listed)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def set_rollout(store: Store, hospital: str, wanted: Rollout, *, actor: str, at: datetime) -> Snapshot:
    """Keep progress, dates, team and pilots.

    Raises:
        RolloutError: a step that is in no phase, or a phase that ends before it begins or without a beginning.
    """
    known = {f"{one.name}:{n}" for one in phases() for n in range(len(one.steps))}
    if unknown := set(wanted.done) - known:
        raise RolloutError("step", f"no step {sorted(unknown)}")
    for name, (start, finish) in wanted.dates.items():
        if finish and (start is None or finish < start):
            raise RolloutError("dates", f"{name} ends {finish} before it begins")
    data = {
        "done": sorted(wanted.done),
        "pilots": [{"from": one.since, "depts": list(one.depts)} for one in wanted.pilots],
        "dates": {name: [day and day.isoformat() for day in both] for name, both in wanted.dates.items()},
        "team": {role: name.strip() for role, name in wanted.team.items() if name.strip()},
    }
    return set_value(store, hospital, KEY, data, actor=actor, at=at)


def raise_problem(
    journal: Journal,
    hospital: str,
    kind: str,
    text: str,
    *,
    dept: str = "",
    indicator: str = "",
    by: str,
    at: datetime,
) -> Entry:
    """Write down what somebody found too hard.

    Raises:
        RolloutError: no words, or a kind that is none.
    """
    if not text.strip() or kind not in KINDS:
        raise RolloutError("words", "a problem needs words and a kind")
    data = {
        "kind": kind,
        "dept": dept,
        "indicator": indicator,
        "text": text.strip(),
        "state": OPEN,
        "result": "",
    }
    with journal.changing(hospital) as writer:
        number = len({entry.key for entry in writer.entries(PROBLEM)}) + 1
        return writer.add([(PROBLEM, str(number), data)], by=by, at=at)[0]


def settle_problem(
    journal: Journal, hospital: str, number: int, state: str, result: str, *, by: str, at: datetime
) -> Entry:
    """Say what came of a problem.

    Raises:
        RolloutError: it is settled already, or nothing is said about the result.
    """
    with journal.changing(hospital) as writer:
        now = writer.latest(PROBLEM).get(str(number))
        if now is None or now.data["state"] != OPEN or state not in (SOLVED, KEPT):
            raise RolloutError("settled", "this problem is settled already")
        if not result.strip():
            raise RolloutError("words", "say what came of it")
        return writer.add(
            [(PROBLEM, str(number), {**now.data, "state": state, "result": result.strip()})], by=by, at=at
        )[0]


def problems(journal: Journal, hospital: str) -> tuple[Problem, ...]:
    """Every problem, open ones first, then in the order they were raised; `by` and `at` are those who raised it."""
    first: dict[str, Entry] = {}
    for entry in journal.entries(PROBLEM, hospital):
        first.setdefault(entry.key, entry)
    found = [
        Problem(int(key), **entry.data, by=first[key].by, at=first[key].at)
        for key, entry in journal.latest(PROBLEM, hospital).items()
    ]
    return tuple(sorted(found, key=lambda one: (one.state != OPEN, one.number)))
