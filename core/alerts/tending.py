"""Keeping the journal in step with what the rules find: raise, go on, reopen, close. Nothing fires twice for one cause.

    tend(store, hospital, at=...) -> Tended(raised, reopened, changed, closed)     cheap when nothing changed

Called after an import or an undo, when a page or the command line asks, and by a clock in the app. Alerts of older
months than the newest few (parameter alert_fresh_months) are kept for looking back and raise nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow.compute as pc

from core.alerts import kept
from core.alerts.evaluate import Found
from core.alerts.late import decide_late
from core.alerts.life import KIND, Run, Status, event, fold, found_run, key_of
from core.journal import Draft, journal
from core.parameters import held, value
from core.settings import Settings, get_settings
from core.store import Store
from core.warehouse import open_warehouse

TENDED = "alert_tended"
SYSTEM = "CostWard"


@dataclass(frozen=True, slots=True)
class Tended:
    """Keys of the causes whose life went on."""

    raised: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def runs(found: Found, *, enough: bool = True) -> list[Run]:
    """The causes found, each with the figures of its last month."""
    mask = pc.and_(found.rows["last"], pc.equal(found.rows["enough"], enough))
    return [found_run(row) for row in found.rows.filter(mask).to_pylist()]


def fresh_from(found: Found, settings: Settings) -> int:
    """The first month whose alerts are for somebody to handle (yyyymm); 0 without data."""
    newest = found.newest
    if not newest:
        return 0
    count = int(value(settings, "alert_fresh_months", newest) or 1)
    index = newest // 100 * 12 + newest % 100 - 1 - (count - 1)
    return index // 12 * 100 + index % 12 + 1


def tend(store: Store, hospital: str, *, at: datetime) -> Tended:
    """Bring the journal in step with the newest snapshot. Safe to call from several places at once."""
    snapshot = store.snapshot()
    warehouse = open_warehouse(store, snapshot)
    if warehouse.missing(hospital):
        warehouse.reload()
    settings = get_settings(store, snapshot, hospital)
    mark, found = kept.found(warehouse, hospital)
    book = journal(store)
    done = book.latest(TENDED, hospital).get(hospital)
    same = done is not None and done.data["mark"] == mark
    statuses = fold(book.entries(KIND, hospital))
    if same and not decide_late(statuses, settings, at, ""):
        return Tended()
    with book.changing(hospital) as writer:
        if store.snapshot().id != snapshot.id:  # somebody imported meanwhile; what was found here is old
            return Tended()
        statuses = fold(writer.entries(KIND))
        drafts: list[Draft] = []
        months = None if warehouse.missing(hospital) else found.periods
        if not same:
            fresh = fresh_from(found, settings)
            drafts = decide(runs(found), statuses, months, fresh, settings, snapshot.id)
        drafts += decide_late(statuses, settings, at, snapshot.id)
        # While months are still to come there is more to decide, although nothing found so far has changed.
        mine = [] if same or months is None else [(TENDED, hospital, {"mark": mark, "snapshot": snapshot.id})]
        writer.add([*drafts, *mine], by=SYSTEM, at=at)

    def keys(*events: str) -> tuple[str, ...]:
        return tuple(key for _, key, data in drafts if data["event"] in events)

    return Tended(keys("raised"), keys("reopened"), keys("changed"), keys("closed", "gone"))


def decide(
    runs: Iterable[Run],
    statuses: Mapping[str, Status],
    months: Sequence[int] | None,
    fresh: int,
    settings: Settings,
    snapshot: str,
) -> list[Draft]:
    """What to write, given what was found and where every cause stands.

    `months`: the months that were tested. None: some are not computed yet, so what is not found may still come, and
    nothing is closed.
    """
    known: dict[tuple[str, str, str], list[Status]] = {}
    for status in statuses.values():
        if status.run.case.kind != "age":
            known.setdefault(status.run.unit, []).append(status)
    drafts: list[Draft] = []
    matched: set[str] = set()
    for run in sorted(
        runs, key=lambda run: -run.until
    ):  # the newest part of a run that was cut keeps the key
        held = next(
            (s for s in known.get(run.unit, ()) if s.key not in matched and s.run.since <= run.until and run.since <= s.run.until),
            None,
        )  # fmt: skip
        if held is not None:
            matched.add(held.key)
            drafts += _goes_on(held, run, snapshot)
        elif run.until >= fresh:
            drafts.append(event("raised", key_of(run, statuses), run, snapshot))
    if months is None:
        return drafts
    there = set(months)
    for status in statuses.values():
        if status.key in matched or status.gone or status.run.case.kind == "age":
            continue
        why = _why_gone(status.run, settings, there)
        what = "closed" if status.open else "gone"
        drafts.append((KIND, status.key, {"event": what, "why": why, "snapshot": snapshot}))
    return drafts


def _goes_on(held: Status, run: Run, snapshot: str) -> list[Draft]:
    later = run.until > held.run.until
    if held.state == "done" and (held.gone or later):
        why = "back" if held.gone else "again"
        return [event("reopened", held.key, run, snapshot, why=why)]
    if run.to_data() != held.run.to_data() or held.gone:
        return [event("changed", held.key, run, snapshot)]
    return []


def _why_gone(run: Run, settings: Settings, months: set[int]) -> str:
    if run.until not in months:
        return "withdrawn"
    for name, level in run.case.limits:
        now = held(settings, name, run.until)
        if level == run.level and (now is None or now.value != run.limit):
            return "limit"
    return "corrected"
