"""Improvements kept in the journal: written down, revised with a reason, withdrawn in the open; nothing is lost.

keep(journal, hospital, improvement, number=, why=, by=, at=) -> Entry     a new one, or a revision of `number`
withdraw(journal, hospital, number, why, by=, at=)      bring_back(journal, hospital, number, why, by=, at=)
kept(journal, hospital) -> (Kept, ...)                  those that stand, by number; withdrawn=True for all
history(journal, hospital, number) -> (Kept, ...)       every version, the newest first
examples(lang) -> (Improvement, ...)                    the cases of the schemes, to be replaced by own figures
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.benefit.direct import Direct
from core.benefit.indirect import Opinion, checked
from core.catalog import DEFINITIONS, Label, load_yaml
from core.indicators.define import indicators
from core.journal import Entry, Journal
from core.money import yuan_to_fen

KIND = "improvement"
MONEY = ("hour", "saved", "avoided", "income", "once", "yearly")
PATIENTS, STAFF = "C01", "L05"  # satisfaction is read from these indicators
WHOLE = "*"


class ImprovementError(ValueError):
    """An improvement that cannot be kept; `code` is name | kind | month | indicator | why | gone, for the words of a page."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Improvement:
    """A project or measure as the hospital states it.

    `since`: the month it began to work (yyyymm); `before`, `after`: the months whose year to date is compared; `cases`:
    indicators to compare; `grade`: how its figures are known (A measured, B estimated, C opinion).
    """

    name: str
    kind: str
    since: int
    before: int
    after: int
    dept: str = WHOLE
    grade: str = "B"
    direct: Direct = field(default_factory=Direct)
    opinions: tuple[Opinion, ...] = ()
    weights: Mapping[str, Decimal] = field(default_factory=lambda: dict(criteria_weights()))
    cases: tuple[str, ...] = ()
    note: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of an improvement, by whom and when; `why`: the reason of a revision or withdrawal."""

    number: int
    what: Improvement
    by: str
    at: datetime
    why: str = ""
    withdrawn: bool = False


@lru_cache(maxsize=1)
def _definition() -> Any:
    return load_yaml(DEFINITIONS / "benefit.yaml")


def named(part: str) -> Mapping[str, Label]:
    """Names with their words: of kinds, grades, criteria or quadrants."""
    return {raw["name"]: Label(**raw["label"]) for raw in _definition()[part]}


def about(part: str) -> Mapping[str, Label]:
    """What a grade or a quadrant means."""
    return {raw["name"]: Label(**raw["about"]) for raw in _definition()[part]}


def criteria_weights() -> Mapping[str, Decimal]:
    """The proposed weights of the criteria, in per cent."""
    return {raw["name"]: Decimal(raw["weight"]) for raw in _definition()["criteria"]}


def keep(
    journal: Journal,
    hospital: str,
    what: Improvement,
    *,
    by: str,
    at: datetime,
    number: int = 0,
    why: str = "",
) -> Entry:
    """Write an improvement down, or revise one.

    Raises:
        ImprovementError: no name, an unknown kind or indicator, a month that is none, a comparison that does not lie
            around the beginning, a revision without a reason, or of what is withdrawn. OpinionError: see indirect.py.
    """
    made = replace(what, name=what.name.strip(), note=what.note.strip())
    _check(made)
    with journal.changing(hospital) as writer:
        held = writer.latest(KIND)
        if number:
            now = held.get(str(number))
            if now is None or now.data["state"] != "kept":
                raise ImprovementError("gone", f"there is no improvement {number} to revise")
            if not why.strip():
                raise ImprovementError("why", "a revision needs a reason")
        draft = {"state": "kept", "why": why.strip(), "what": _plain(made)}
        return writer.add([(KIND, str(number or len(held) + 1), draft)], by=by, at=at)[0]


def withdraw(journal: Journal, hospital: str, number: int, why: str, *, by: str, at: datetime) -> Entry:
    """Take an improvement out of the evaluation; it stays in the history."""
    return _turn(journal, hospital, number, "kept", "withdrawn", why, by, at)


def bring_back(journal: Journal, hospital: str, number: int, why: str, *, by: str, at: datetime) -> Entry:
    """Undo a withdrawal."""
    return _turn(journal, hospital, number, "withdrawn", "kept", why, by, at)


def _turn(
    journal: Journal, hospital: str, number: int, was: str, state: str, why: str, by: str, at: datetime
) -> Entry:
    if not why.strip():
        raise ImprovementError("why", "this needs a reason")
    with journal.changing(hospital) as writer:
        now = writer.latest(KIND).get(str(number))
        if now is None or now.data["state"] != was:
            raise ImprovementError("gone", f"improvement {number} is not {was}")
        draft = {**now.data, "state": state, "why": why.strip()}
        return writer.add([(KIND, str(number), draft)], by=by, at=at)[0]


def kept(journal: Journal, hospital: str, withdrawn: bool = False) -> tuple[Kept, ...]:
    """The newest version of each improvement that stands, or of those that were withdrawn, by number."""
    found = [_kept(entry) for entry in journal.latest(KIND, hospital).values()]
    return tuple(sorted((one for one in found if one.withdrawn == withdrawn), key=lambda one: one.number))


def history(journal: Journal, hospital: str, number: int) -> tuple[Kept, ...]:
    """Every version of an improvement, the newest first."""
    return tuple(_kept(entry) for entry in reversed(journal.entries(KIND, hospital, str(number))))


def examples(lang: str, period: int) -> tuple[Improvement, ...]:
    """The cases of the schemes as they would have begun a year before `period`, marked as examples."""
    made = []
    for raw in _definition()["examples"]:
        money = {name: yuan_to_fen(raw[name]) for name in MONEY if name in raw}
        direct = Direct(
            Decimal(raw.get("volume", 0)), Decimal(raw.get("minutes", 0)), life=raw["life"], **money
        )
        opinions = tuple(
            Opinion(one["who"][lang], {name: Decimal(points) for name, points in one["scores"].items()})
            for one in raw.get("opinions", ())
        )
        made.append(
            Improvement(
                raw["name"][lang], raw["kind"], period - 100, period - 100, period, grade=raw["grade"], direct=direct,
                opinions=opinions, cases=tuple(raw["cases"]), note=raw["note"][lang], example=True,
            )
        )  # fmt: skip
    return tuple(made)


def _check(one: Improvement) -> None:
    if not one.name:
        raise ImprovementError("name", "an improvement needs a name")
    if one.kind not in named("kinds") or one.grade not in named("grades"):
        raise ImprovementError("kind", f"no kind {one.kind!r} or grade {one.grade!r}")
    if any(month // 100 < 2000 or not 1 <= month % 100 <= 12 for month in (one.since, one.before, one.after)):
        raise ImprovementError("month", f"{one.name}: a month is written as 202501")
    if not one.before <= one.since <= one.after or one.before >= one.after:
        raise ImprovementError("month", f"{one.name}: the months compared lie before and after it began")
    if lost := [code for code in one.cases if code not in indicators()]:
        raise ImprovementError("indicator", f"no indicator {lost[0]!r}; the dictionary lists all of them")
    checked(one.opinions, one.weights)


def _plain(one: Improvement) -> dict[str, Any]:
    """JSON-ready; decimals as text."""
    return {
        **{name: getattr(one, name) for name in ("name", "kind", "since", "before", "after", "dept", "grade", "note", "example")},
        "direct": {name: str(value) for name, value in asdict(one.direct).items()},
        "opinions": [{"who": each.who, "scores": {k: str(v) for k, v in each.scores.items()}} for each in one.opinions],
        "weights": {name: str(value) for name, value in one.weights.items()},
        "cases": list(one.cases),
    }  # fmt: skip


def _kept(entry: Entry) -> Kept:
    raw = dict(entry.data["what"])
    stated = raw.pop("direct")
    money = {name: int(stated[name]) for name in (*MONEY, "life")}
    direct = Direct(Decimal(stated["volume"]), Decimal(stated["minutes"]), **money)
    opinions = tuple(
        Opinion(each["who"], {name: Decimal(points) for name, points in each["scores"].items()})
        for each in raw.pop("opinions")
    )
    weights = {name: Decimal(value) for name, value in raw.pop("weights").items()}
    what = Improvement(
        **{**raw, "cases": tuple(raw["cases"])}, direct=direct, opinions=opinions, weights=weights
    )
    return Kept(
        int(entry.key), what, entry.by, entry.at, entry.data["why"], entry.data["state"] == "withdrawn"
    )
