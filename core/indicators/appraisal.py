"""Appraisals: results of a period frozen as they were signed off, what is missing and why, and what is done about it.

    freeze(journal, cards, snapshot, by=, at=) -> (Entry, ...)     one record per card: numbers, targets, weights, formulas
    frozen(journal, hospital, span, period) -> (Record, ...)       the newest record per department, best first
    completion(records) -> Completion                              how much was scored, reached, and why not

What is done about what was missed: actions.py. Records live in the journal: a later import or a change of target does not
move them. Freezing again needs a reason and adds a record, the earlier one stays. Periods are the last month (yyyymm) of
the span: month, quarter, half, year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.indicators.card import Card, Line
from core.indicators.define import MAIN
from core.indicators.line import NOT_DUE
from core.indicators.score import FULL
from core.indicators.weights import Weights
from core.journal import Entry, Journal

RESULT = "appraisal"
CYCLES = ("month", "quarter", "half", "year")
REACHED = Decimal(100)
NUMBERS = (
    "numerator", "denominator", "previous_numerator", "previous_denominator", "value", "baseline", "target", "low", "high", "score",
)  # fmt: skip


class AppraisalError(ValueError):
    """Something that cannot be recorded; the message says why."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One line of a record, as it was that day. `as_of`: the month of a result that stood from an earlier one.

    What records of an earlier version of the program did not keep has its default: '' or None.
    """

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
    low: Decimal | None = None
    high: Decimal | None = None
    previous_numerator: Decimal | None = None
    previous_denominator: Decimal | None = None
    caliber: str = MAIN
    caliber_label: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    better: str = ""
    due: int | None = None
    owner: str = ""
    as_of: int | None = None

    @property
    def counts(self) -> bool:
        """Whether a result was due."""
        return self.reason != NOT_DUE


@dataclass(frozen=True, slots=True)
class Record:
    """A signed-off result. `why` is the reason of a correction, '' for the first record.

    `unscored`: indicators with a target that nothing could be scored against.
    """

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
    unscored: tuple[str, ...] = ()

    @property
    def thin(self) -> bool:
        """Whether too little had figures for the total to be relied on."""
        return self.coverage < FULL

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
    """How a period went: lines due, scored, reached, and the reasons of those without a score, by count."""

    lines: int
    scored: int
    reached: int
    reasons: Mapping[str, int]

    @property
    def rate(self) -> Decimal | None:
        """Reached over scored; None where nothing was scored."""
        return Decimal(self.reached) / self.scored if self.scored else None


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
        again = [one for one in made if key_of(one.span, one.period, one.dept_code) in held]
        if again and not why.strip():
            raise AppraisalError(
                f"{again[0].dept_name} is signed off for {again[0].period}; a correction needs a reason"
            )
        drafts = [
            (RESULT, key_of(one.span, one.period, one.dept_code), _data(one, own, snapshot, why))
            for one in made
        ]
        return tuple(writer.add(drafts, by=by, at=at))


def key_of(span: str, period: int, dept: str) -> str:
    """What a result is about."""
    return f"{span}:{period}:{dept}"


def _data(card: Card, own: Weights, snapshot: str, why: str) -> dict[str, Any]:
    return {
        "span": card.span, "period": card.period, "dept_code": card.dept_code, "dept_name": card.dept_name,
        "total": _text(card.total), "coverage": str(card.coverage), "snapshot": snapshot, "why": why,
        "sides": {side.perspective: _text(side.score) for side in card.sides},
        "weights": {name: str(value) for name, value in own.perspectives.items()},
        "lines": [_line(line, own) for line in card.lines()],
        "unscored": [aim.indicator for aim in card.unscored],
    }  # fmt: skip


def _line(line: Line, own: Weights) -> dict[str, Any]:
    meant = line.definition
    caliber = meant.caliber(line.caliber)
    return {
        "indicator": line.indicator,
        "label": {"zh": meant.label.zh, "en": meant.label.en},
        "formula": {lang: meant.formula(lang, line.caliber) for lang in ("zh", "en")},
        "weight": str(own.of(line.indicator)),
        "reason": " ".join(part for part in (line.reason, line.reason_of) if part) or None,
        "caliber": line.caliber,
        "caliber_label": {"zh": caliber.label.zh, "en": caliber.label.en},
        "unit": caliber.unit,
        "better": meant.better,
        "due": line.due,
        "owner": line.owner,
        "as_of": line.as_of,
        **{name: _text(getattr(line, name)) for name in NUMBERS},
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _record(entry: Entry) -> Record:
    data = dict(entry.data)
    lines = tuple(
        Frozen(
            **{**one, "weight": Decimal(one["weight"]), **{name: _number(one.get(name)) for name in NUMBERS}}
        )
        for one in data.pop("lines")
    )
    data["total"], data["coverage"] = _number(data["total"]), Decimal(data["coverage"])
    data["sides"] = {name: _number(value) for name, value in data["sides"].items()}
    data["weights"] = {name: Decimal(value) for name, value in data["weights"].items()}
    data["unscored"] = tuple(data.get("unscored", ()))
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
    key = key_of(record.span, record.period, record.dept_code)
    return tuple(_record(entry) for entry in reversed(journal.entries(RESULT, hospital, key)))


def completion(records: Iterable[Record]) -> Completion:
    """Lines of these records together that were due."""
    lines = [line for record in records for line in record.lines if line.counts]
    scored = [line for line in lines if line.score is not None]
    reasons = Counter(line.reason or "" for line in lines if line.score is None)
    reached = sum((line.score or 0) >= REACHED for line in scored)
    return Completion(len(lines), len(scored), reached, dict(reasons.most_common()))
