"""Targets: who has to reach what by when, per hospital, class or department, kept in the hospital's settings.

    targets(settings) -> (Target, ...)          set_targets(store, hospital, targets, actor=, at=)
    strategies() -> (Strategy, ...)             shipped sets to start from, by the hospital's strategy
    smart(target) -> what is missing of number, baseline, unit, date, owner

Targets of amounts and counts that add up over months (savings, compensation) are for a whole year. A target holds from
its month `since` until the next one of the same indicator and department. Decimals are kept as text; shares are
fractions. Single targets are edited with aims.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from core.catalog import DefinitionError, Label, build
from core.indicators.define import MAIN, indicators
from core.indicators.facts import definition
from core.settings import Settings, set_value
from core.store import Snapshot, Store

KEY = "targets"
SMART = ("number", "baseline", "unit", "date", "owner")


class TargetError(ValueError):
    """A target that cannot be kept; the message says which and why, `code` the same for the words of a page:
    number | indicator | month | due | range | twice | why | none."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """One target. `dept`: '*' the hospital, '*clinical' every department of a class, else a department's code.

    `why`: the reason of the person who set it. Without any number it takes an earlier target back from `since` on.
    """

    indicator: str
    since: int
    baseline: Decimal | None = None
    target: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    caliber: str = MAIN
    dept: str = "*"
    due: int | None = None
    owner: str = ""
    strategy: str = ""
    why: str = ""

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What two targets may not share."""
        return self.indicator, self.caliber, self.dept, self.since

    def data(self) -> dict[str, Any]:
        """JSON-ready."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()}


@dataclass(frozen=True, slots=True)
class Strategy:
    """A shipped set of targets."""

    name: str
    label: Label
    about: Label
    since: int
    due: int
    targets: tuple[Target, ...]


def target_of(raw: Mapping[str, Any]) -> Target:
    """A target from JSON data.

    Raises:
        TargetError: it cannot be kept.
    """
    try:
        numbers = {
            name: Decimal(raw[name])
            for name in ("baseline", "target", "low", "high")
            if raw.get(name) is not None
        }
    except InvalidOperation:
        raise TargetError("number", f"{raw.get('indicator')}: a number is not a number") from None
    made = Target(**{**raw, **numbers})
    if made.indicator not in indicators():
        raise TargetError("indicator", f"no indicator {made.indicator!r}; the dictionary lists all 136")
    indicators()[made.indicator].caliber(made.caliber)
    if not _month(made.since) or (made.due is not None and not _month(made.due)):
        raise TargetError(
            "month", f"{made.indicator}: {made.since} or {made.due} is no month; write it as 202501"
        )
    if made.due is not None and made.due < made.since:
        raise TargetError(
            "due", f"{made.indicator}: to be reached in {made.due}, before it begins in {made.since}"
        )
    if (made.low is None) != (made.high is None) or (
        made.low is not None and made.high is not None and made.low >= made.high
    ):
        raise TargetError("range", f"{made.indicator}: a range needs a lower and a higher end")
    return made


def _month(number: int) -> bool:
    return number // 100 > 2000 and 1 <= number % 100 <= 12


def targets(settings: Settings) -> tuple[Target, ...]:
    """What the hospital decided; () before it decided anything."""
    return tuple(target_of(raw) for raw in settings.other.get(KEY) or ())


def set_targets(
    store: Store, hospital: str, wanted: Iterable[Target], *, actor: str, at: datetime
) -> Snapshot:
    """Keep these targets instead of the earlier ones (which stay in the history and can be brought back).

    Raises:
        TargetError: an unknown indicator, a month that is none, a range upside down, or the same target twice.
    """
    made = [target_of(one.data()) for one in wanted]
    if len({one.key for one in made}) != len(made):
        raise TargetError("twice", "a target is given twice for the same indicator, department and month")
    data = [one.data() for one in sorted(made, key=lambda one: one.key)]
    return set_value(store, hospital, KEY, data, actor=actor, at=at)


def smart(one: Target) -> tuple[str, ...]:
    """What a target lacks of number, baseline, unit, date and owner; () for one that can be held against somebody."""
    indicator = indicators()[one.indicator]
    ranged = indicator.better == "range"
    there = {
        "number": one.low is not None if ranged else one.target is not None,
        "baseline": ranged or one.baseline is not None,
        "unit": bool(indicator.unit),
        "date": one.due is not None,
        "owner": bool(one.owner),
    }
    return tuple(name for name in SMART if not there[name])


@lru_cache(maxsize=1)
def strategies() -> tuple[Strategy, ...]:
    """The shipped sets, in the order of the file.

    Raises:
        DefinitionError: a target of a set cannot be kept.
    """
    found = []
    for raw in definition("strategies")["strategies"]:
        both = {"since": raw["since"], "due": raw["due"], "strategy": raw["name"]}
        try:
            made = tuple(target_of({**both, **one}) for one in (*raw["targets"], *raw["classes"]))
        except TargetError as problem:
            raise DefinitionError(f"strategies.yaml, {raw['name']}: {problem}") from None
        plain = {key: value for key, value in raw.items() if key != "classes"}
        found.append(build(Strategy, plain, f"strategies.yaml, {raw['name']}", targets=made))
    return tuple(found)
