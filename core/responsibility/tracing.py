"""Tracing of responsibility: alert or violation -> department -> person -> rectification -> check, with dates.

    raise_trace(store, hospital, ...)                   a matter is registered; its number counts up within the year
    act(store, hospital, key, event, ...)               one step; only the steps of the stage it is at are possible
    traces(store, hospital) -> (Trace, ...)             every matter as it stands, newest first
    violations(found, months) -> {dept: count}          confirmed insurance violations, a red line of the rewards

Every step is a journal entry of kind "trace" with the fingerprint of the one before (core/chain): nothing is edited.
Whoever reports to the hotline is never stored; the matter is. Dates are calendar days.

    stage      due from                               possible events
    to_dept    raised     + trace_days_dept           dept, dismissed
    to_person  named      + trace_days_person         person, dept, dismissed
    to_fix     named      + trace_days_fix or a date  rectified, person, dismissed
    to_check   rectified  + trace_days_check          passed, failed (back to to_fix)
    closed, dismissed                                 sanction, note
A note or a sanction is possible at every stage.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core import chain
from core.journal import Entry, journal
from core.responsibility.words import ResponsibilityError, words
from core.rewards.rules import words_of
from core.store import Store

TRACE = "trace"
TO_DEPT, TO_PERSON, TO_FIX, TO_CHECK, CLOSED, DISMISSED = STAGES = (
    "to_dept", "to_person", "to_fix", "to_check", "closed", "dismissed",
)  # fmt: skip
OPEN = STAGES[:4]
POSSIBLE: Mapping[str, tuple[str, ...]] = {
    TO_DEPT: ("dept", "dismissed", "sanction", "note"),
    TO_PERSON: ("person", "dept", "dismissed", "sanction", "note"),
    TO_FIX: ("rectified", "person", "dismissed", "sanction", "note"),
    TO_CHECK: ("passed", "failed", "sanction", "note"),
    CLOSED: ("sanction", "note"),
    DISMISSED: ("note",),
}
LEADS = {
    "dept": TO_PERSON,
    "person": TO_FIX,
    "rectified": TO_CHECK,
    "passed": CLOSED,
    "failed": TO_FIX,
    "dismissed": DISMISSED,
}
DAYS = {
    TO_DEPT: "trace_days_dept",
    TO_PERSON: "trace_days_person",
    TO_FIX: "trace_days_fix",
    TO_CHECK: "trace_days_check",
}
VIOLATION = "violation"
Rates = Callable[[str], Decimal | None]


@dataclass(frozen=True, slots=True)
class Trace:
    """A matter as it stands. `ref`: what it came from (cause of an alert). `amount` in fen; `since`: at this stage from."""

    key: str
    source: str
    ref: str
    title: str
    detail: str
    period: int
    amount: int | None
    stage: str
    dept: str
    dept_name: str
    person: str
    raised: datetime
    since: datetime
    due: date | None
    ended: datetime | None
    returned: int
    sanctions: tuple[Mapping[str, Any], ...]
    seq: int
    history: tuple[Entry, ...]
    broken: tuple[int, ...]

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.stage in OPEN

    def overdue(self, today: date) -> bool:
        """Whether the step it waits for should have been done before today."""
        return self.open and self.due is not None and self.due < today

    def age(self, today: date) -> int:
        """Days since it was raised, to its end or to today."""
        last = self.ended.date() if self.ended else today
        return max(0, (last - self.raised.date()).days)

    @property
    def late(self) -> bool:
        """Whether any step of it was done after its due date."""
        return any(entry.data.get("late") for entry in self.history)


def raise_trace(
    store: Store,
    hospital: str,
    *,
    source: str,
    title: str,
    rates: Rates,
    by: str,
    at: datetime,
    ref: str = "",
    detail: str = "",
    period: int = 0,
    amount: int | None = None,
    dept: str = "",
    dept_name: str = "",
) -> Entry:
    """Register a matter. With a department it waits for the person at once.

    Raises:
        ResponsibilityError: no title; the same `ref` has a tracing that was not dismissed.
    """
    if source not in words("sources"):
        raise KeyError(source)
    if not title.strip():
        raise ResponsibilityError("trace_missing", what=words("fields")["title"])
    with journal(store).changing(hospital) as writer:
        entries = writer.entries(TRACE)
        if ref:
            for known in _grouped(entries).values():
                if known[0].data["ref"] == ref and known[-1].data["stage"] != DISMISSED:
                    raise ResponsibilityError("trace_twice", ref=title.strip(), key=known[0].key)
        year = at.year
        number = 1 + max(
            (int(entry.key.split("-")[1]) for entry in entries if entry.key.startswith(f"{year}-")), default=0
        )
        stage = TO_PERSON if dept else TO_DEPT
        data = {
            "event": "raised", "stage": stage, "source": source, "ref": ref, "title": title.strip(), "detail": detail.strip(),
            "period": period, "amount": amount, "dept": dept, "dept_name": dept_name, "person": "",
            "due": _due(stage, at.date(), rates), "late": False, "note": "",
        }  # fmt: skip
        return writer.add([(TRACE, f"{year}-{number:04d}", chain.linked(data, None))], by=by, at=at)[0]


def act(
    store: Store,
    hospital: str,
    key: str,
    event: str,
    *,
    rates: Rates,
    by: str,
    at: datetime,
    note: str = "",
    dept: str = "",
    dept_name: str = "",
    person: str = "",
    due: date | None = None,
    sanction: str = "",
    amount: int | None = None,
) -> Entry:
    """One step of a matter.

    dept: department code and name; person: name, and by when (`due`) it must be corrected; rectified, failed,
    dismissed, note: an explanation; sanction: one of rewards.yaml `sanctions`, against whom, how much (fen).

    Raises:
        ResponsibilityError: no such matter; not possible at its stage; something the step needs is missing.
    """
    with journal(store).changing(hospital) as writer:
        entries = writer.entries(TRACE, key)
        if not entries:
            raise ResponsibilityError("trace_unknown", key=key)
        before = entries[-1]
        held = before.data
        if event not in POSSIBLE[held["stage"]]:
            raise ResponsibilityError(
                "trace_stage", key=key, stage=words("stages")[held["stage"]], event=words("events")[event]
            )
        needed = {
            "dept": dept,
            "person": person,
            "sanction": sanction and (person or held["person"] or held["dept"]),
        }
        said = needed.get(event, note if event != "passed" else "-")
        if not str(said).strip():
            what = event if event in ("dept", "person", "sanction") else "note"
            raise ResponsibilityError("trace_missing", what=words("fields")[what])
        today = at.date()
        if due is not None and due < today:
            raise ResponsibilityError("trace_due")
        stage = LEADS.get(event, held["stage"])
        data = {
            **_standing(held), "event": event, "stage": stage, "note": note.strip(), "late": False,
        }  # fmt: skip
        if event == "dept":
            data |= {"dept": dept, "dept_name": dept_name or dept, "person": ""}
        elif event == "person":
            data["person"] = person.strip()
        elif event == "sanction":
            if sanction not in words_of("sanctions"):
                raise KeyError(sanction)
            data["sanction"] = {
                "kind": sanction,
                "person": person.strip() or held["person"],
                "amount": amount,
            }
        if event in LEADS:
            data["late"] = bool(held["due"]) and date.fromisoformat(held["due"]) < today
            data["due"] = due.isoformat() if due and stage == TO_FIX else _due(stage, today, rates)
        return writer.add([(TRACE, key, chain.linked(data, before))], by=by, at=at)[0]


def _standing(held: Mapping[str, Any]) -> dict[str, Any]:
    """What every entry carries on from the one before."""
    kept = ("source", "ref", "title", "detail", "period", "amount", "dept", "dept_name", "person", "due")
    return {name: held[name] for name in kept}


def _due(stage: str, start: date, rates: Rates) -> str | None:
    days = rates(DAYS[stage]) if stage in DAYS else None
    return None if days is None else (start + timedelta(days=int(days))).isoformat()


def traces(store: Store, hospital: str) -> tuple[Trace, ...]:
    """Every matter as it stands, newest first."""
    made = [_trace(entries) for entries in _grouped(journal(store).entries(TRACE, hospital)).values()]
    return tuple(sorted(made, key=lambda one: (one.raised, one.key), reverse=True))


def violations(found: Iterable[Trace], months: Collection[int]) -> dict[str, int]:
    """Insurance violations of these months per department: those traced to a person and not dismissed."""
    counted: dict[str, int] = {}
    for one in found:
        confirmed = one.stage in (TO_FIX, TO_CHECK, CLOSED)
        if one.source == VIOLATION and confirmed and one.dept and one.period in months:
            counted[one.dept] = counted.get(one.dept, 0) + 1
    return counted


def _grouped(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    return by_key


def _trace(entries: list[Entry]) -> Trace:
    first, last = entries[0], entries[-1]
    held = last.data
    moved = [entry for entry in entries if entry.data["event"] in ("raised", *LEADS)]
    over = held["stage"] in (CLOSED, DISMISSED)
    return Trace(
        first.key, held["source"], held["ref"], held["title"], held["detail"], held["period"], held["amount"], held["stage"],
        held["dept"], held["dept_name"], held["person"], first.at, moved[-1].at,
        date.fromisoformat(held["due"]) if held["due"] and not over else None, moved[-1].at if over else None,
        sum(entry.data["event"] == "failed" for entry in entries),
        tuple(e.data["sanction"] for e in entries if "sanction" in e.data), last.seq, tuple(entries), chain.broken(entries),
    )  # fmt: skip
