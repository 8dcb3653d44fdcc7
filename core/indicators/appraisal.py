"""Appraisals: results of a period frozen as they were signed off, what is missing and why, and what is done about it.

    freeze(journal, cards, snapshot, by=, at=) -> (Entry, ...)     one record per card: numbers, targets, weights, formulas
    frozen(journal, hospital, span, period) -> (Record, ...)       the newest record per department, best first
    completion(records) -> Completion                              how much was scored, reached, and why not
    act / settle / actions(journal, hospital)                      PDCA: an action with owner and date, carried until settled

Records live in the journal: a later import or a change of target does not move them. Freezing again needs a reason and
adds a record, the earlier one stays. Periods are the last month (yyyymm) of the span: month, quarter, half, year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.indicators.card import Card, Line
from core.indicators.weights import Weights
from core.journal import Entry, Journal

RESULT, ACTION = "appraisal", "appraisal_action"
CYCLES = ("month", "quarter", "half", "year")
REACHED = Decimal(100)
OPEN, DONE, DROPPED = "open", "done", "dropped"


class AppraisalError(ValueError):
    """Something that cannot be recorded; the message says why."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One line of a record, as it was that day."""

    indicator: str
    label: Mapping[str, str]
    formula: Mapping[str, str]
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    baseline: Decimal | None
    target: Decimal | None
    weight: Decimal
    score: Decimal | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """A signed-off result. `why` is the reason of a correction, '' for the first record."""

    span: str
    period: int
    dept_code: str
    dept_name: str
    total: Decimal | None
    coverage: Decimal
    sides: Mapping[str, Decimal | None]
    weights: Mapping[str, Decimal]
    lines: tuple[Frozen, ...]
    snapshot: str
    by: str
    at: datetime
    why: str = ""

    def missed(self) -> tuple[Frozen, ...]:
        """Indicators below their target, the worst first."""
        return tuple(
            sorted(
                (x for x in self.lines if x.score is not None and x.score < REACHED),
                key=lambda x: x.score or 0,
            )
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """How a period went: lines scored, lines reached, and the reasons of those without a score, by count."""

    lines: int
    scored: int
    reached: int
    reasons: Mapping[str, int]

    @property
    def rate(self) -> Decimal | None:
        """Reached over scored; None where nothing was scored."""
        return Decimal(self.reached) / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class Action:
    """What is done about a missed indicator: why it was missed, what its score was then, and what came of it."""

    number: int
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


def freeze(
    journal: Journal,
    cards: Iterable[Card],
    own: Weights,
    snapshot: str,
    *,
    by: str,
    at: datetime,
    why: str = "",
) -> tuple[Entry, ...]:
    """Sign off these cards.

    Raises:
        AppraisalError: a span that is no appraisal cycle, nothing to freeze, or a second record without a reason.
    """
    made = list(cards)
    if not made:
        raise AppraisalError("there is no card to freeze: set targets first")
    hospital = made[0].hospital
    if any(one.span not in CYCLES for one in made):
        raise AppraisalError(f"a result is frozen for {', '.join(CYCLES)}")
    with journal.changing(hospital) as writer:
        held = writer.latest(RESULT)
        again = [one for one in made if _key(one.span, one.period, one.dept_code) in held]
        if again and not why.strip():
            raise AppraisalError(
                f"{again[0].dept_name} is signed off for {again[0].period}; a correction needs a reason"
            )
        drafts = [
            (RESULT, _key(one.span, one.period, one.dept_code), _data(one, own, snapshot, why))
            for one in made
        ]
        return tuple(writer.add(drafts, by=by, at=at))


def _key(span: str, period: int, dept: str) -> str:
    return f"{span}:{period}:{dept}"


def _data(card: Card, own: Weights, snapshot: str, why: str) -> dict[str, Any]:
    return {
        "span": card.span, "period": card.period, "dept_code": card.dept_code, "dept_name": card.dept_name,
        "total": _text(card.total), "coverage": str(card.coverage), "snapshot": snapshot, "why": why,
        "sides": {side.perspective: _text(side.score) for side in card.sides},
        "weights": {name: str(value) for name, value in own.perspectives.items()},
        "lines": [_line(line, own) for line in card.lines()],
    }  # fmt: skip


def _line(line: Line, own: Weights) -> dict[str, Any]:
    meant = line.definition
    numbers = ("numerator", "denominator", "value", "baseline", "target", "score")
    return {
        "indicator": line.indicator,
        "label": {"zh": meant.label.zh, "en": meant.label.en},
        "formula": {lang: meant.formula(lang, line.caliber) for lang in ("zh", "en")},
        "weight": str(own.of(line.indicator)),
        "reason": " ".join(part for part in (line.reason, line.reason_of) if part) or None,
        **{name: _text(getattr(line, name)) for name in numbers},
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _record(entry: Entry) -> Record:
    data = dict(entry.data)
    numbers = ("numerator", "denominator", "value", "baseline", "target", "score")
    lines = tuple(
        Frozen(**{**one, "weight": Decimal(one["weight"]), **{name: _number(one[name]) for name in numbers}})
        for one in data.pop("lines")
    )
    data["total"], data["coverage"] = _number(data["total"]), Decimal(data["coverage"])
    data["sides"] = {name: _number(value) for name, value in data["sides"].items()}
    data["weights"] = {name: Decimal(value) for name, value in data["weights"].items()}
    return Record(**data, lines=lines, by=entry.by, at=entry.at)


def frozen(journal: Journal, hospital: str, span: str, period: int) -> tuple[Record, ...]:
    """The newest record of each department for a period, best first (the hospital itself is '*')."""
    wanted = f"{span}:{period}:"
    found = [
        _record(entry) for key, entry in journal.latest(RESULT, hospital).items() if key.startswith(wanted)
    ]
    return tuple(sorted(found, key=lambda one: (one.total is None, -(one.total or 0), one.dept_code)))


def corrections(journal: Journal, hospital: str, record: Record) -> tuple[Record, ...]:
    """Every signed-off result of the same department and period, the newest first."""
    key = _key(record.span, record.period, record.dept_code)
    return tuple(_record(entry) for entry in reversed(journal.entries(RESULT, hospital, key)))


def completion(records: Iterable[Record]) -> Completion:
    """Lines of these records together."""
    lines = [line for record in records for line in record.lines]
    scored = [line for line in lines if line.score is not None]
    reasons = Counter(line.reason or "" for line in lines if line.score is None)
    reached = sum((line.score or 0) >= REACHED for line in scored)
    return Completion(len(lines), len(scored), reached, dict(reasons.most_common()))


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
    data = {"dept_code": record.dept_code, "indicator": indicator, "span": record.span, "period": record.period,
            "what": what.strip(), "owner": owner.strip(), "due": due.isoformat(), "state": OPEN, "result": "",
            "cause": cause.strip(), "score": _text(missed[indicator].score)}  # fmt: skip
    key = f"{_key(record.span, record.period, record.dept_code)}:{indicator}"
    with journal.changing(hospital) as writer:
        now = writer.latest(ACTION).get(key)
        if now is not None and now.data["state"] == OPEN:
            raise AppraisalError("an action for this indicator is open already")
        return writer.add([(ACTION, key, data)], by=by, at=at)[0]


def settle(
    journal: Journal, hospital: str, action: Action, state: str, result: str, *, by: str, at: datetime
) -> Entry:
    """Close an action as done or dropped, with what came of it.

    Raises:
        AppraisalError: it is settled already, or nothing is said about the result.
    """
    key = f"{_key(action.span, action.period, action.dept_code)}:{action.indicator}"
    with journal.changing(hospital) as writer:
        now = writer.latest(ACTION).get(key)
        if now is None or now.data["state"] != OPEN or state not in (DONE, DROPPED):
            raise AppraisalError("this action is settled already")
        if not result.strip():
            raise AppraisalError("say what came of it")
        data = {**now.data, "state": state, "result": result.strip()}
        return writer.add([(ACTION, key, data)], by=by, at=at)[0]


def actions(journal: Journal, hospital: str, until: int | None = None) -> tuple[Action, ...]:
    """Actions of results up to month `until`: those still open are followed into every later period. Oldest first."""
    found = []
    for entry in journal.latest(ACTION, hospital).values():
        data = dict(entry.data)
        score = _number(data.get("score"))
        one = Action(entry.seq, **{**data, "due": date.fromisoformat(data["due"]), "score": score})
        if until is None or one.period <= until:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (one.period, one.dept_code, one.indicator)))
