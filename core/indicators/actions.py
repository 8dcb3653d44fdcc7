"""What is done about indicators that were missed in a signed-off result (PDCA), followed until it is settled.

act(journal, hospital, record, indicator, what, owner, due, by=, at=, cause=)      settle(journal, hospital, action, ...)
actions(journal, hospital, until) -> (Action, ...)      open, done and dropped ones, each with its own number
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.indicators.appraisal import AppraisalError, Record, key_of
from core.journal import Entry, Journal

ACTION = "appraisal_action"
OPEN, DONE, DROPPED = "open", "done", "dropped"


@dataclass(frozen=True, slots=True)
class Action:
    """What is done about a missed indicator: why it was missed, what its score was then, and what came of it.

    `number` is its own for good: a later action for the same indicator has another one.
    """

    number: int
    key: str
    dept_code: str
    indicator: str
    span: str
    period: int
    what: str
    owner: str
    due: date
    state: str
    result: str = ""
    cause: str = ""
    score: Decimal | None = None

    def overdue(self, today: date) -> bool:
        """Open after its date."""
        return self.state == OPEN and today > self.due


def act(
    journal: Journal,
    hospital: str,
    record: Record,
    indicator: str,
    what: str,
    owner: str,
    due: date,
    *,
    by: str,
    at: datetime,
    cause: str = "",
) -> Entry:
    """Open an action for a missed indicator of a signed-off result; `cause` is why it was missed.

    Raises:
        AppraisalError: the indicator was not missed, or there is no text, owner or date ahead.
    """
    missed = {line.indicator: line for line in record.missed()}
    if indicator not in missed:
        raise AppraisalError(f"{indicator} was not missed in this result")
    if not what.strip() or not owner.strip():
        raise AppraisalError("an action needs what is to be done and who does it")
    if due < at.date():
        raise AppraisalError("the date of an action lies ahead")
    points = missed[indicator].score
    data = {"dept_code": record.dept_code, "indicator": indicator, "span": record.span, "period": record.period,
            "what": what.strip(), "owner": owner.strip(), "due": due.isoformat(), "state": OPEN, "result": "",
            "cause": cause.strip(), "score": None if points is None else str(points)}  # fmt: skip
    about = f"{key_of(record.span, record.period, record.dept_code)}:{indicator}"
    with journal.changing(hospital) as writer:
        held = writer.latest(ACTION)
        mine = [entry for key, entry in held.items() if key == about or key.startswith(f"{about}:")]
        if any(entry.data["state"] == OPEN for entry in mine):
            raise AppraisalError("an action for this indicator is open already")
        return writer.add([(ACTION, f"{about}:{len(mine) + 1}", data)], by=by, at=at)[0]


def settle(
    journal: Journal, hospital: str, action: Action, state: str, result: str, *, by: str, at: datetime
) -> Entry:
    """Close an action as done or dropped, with what came of it.

    Raises:
        AppraisalError: it is settled already, or nothing is said about the result.
    """
    with journal.changing(hospital) as writer:
        now = writer.latest(ACTION).get(action.key)
        if now is None or now.data["state"] != OPEN or state not in (DONE, DROPPED):
            raise AppraisalError("this action is settled already")
        if not result.strip():
            raise AppraisalError("say what came of it")
        data = {**now.data, "state": state, "result": result.strip()}
        return writer.add([(ACTION, action.key, data)], by=by, at=at)[0]


def actions(journal: Journal, hospital: str, until: int | None = None) -> tuple[Action, ...]:
    """Actions of results up to month `until`: those still open are followed into every later period. Oldest first."""
    opened: dict[str, int] = {}
    found: dict[int, Action] = {}
    for entry in journal.entries(ACTION, hospital):
        data = dict(entry.data)
        number = opened.get(entry.key)
        # Records made before actions had numbers share a key: opened again after it was settled, it is another action.
        if number is None or (data["state"] == OPEN and found[number].state != OPEN):
            number = opened[entry.key] = entry.seq
        due, score = date.fromisoformat(data["due"]), _number(data.get("score"))
        found[number] = Action(number, entry.key, **{**data, "due": due, "score": score})
    listed = [one for one in found.values() if until is None or one.period <= until]
    return tuple(sorted(listed, key=lambda one: (one.period, one.dept_code, one.indicator, one.number)))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
