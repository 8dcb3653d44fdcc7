"""Targets: who has to reach what by when, per hospital, class or department, kept in the hospital's settings.

    targets(settings) -> (Target, ...)          set_targets(store, hospital, targets, actor=, at=)
    in_force(targets, dept, period) -> {indicator: Target}               of exactly this hospital, class or department
    applying(targets, dept, dept_class, period) -> {indicator: Target}   a department's own, else those of its class
    strategies() -> (Strategy, ...)             shipped sets to start from, by the hospital's strategy
    smart(target, measured) -> what is missing of number, baseline, figures, date, owner

Targets of amounts and counts that add up over months (savings, compensation) are for a whole year. A target holds from
its month `since` until the next one of the same indicator and department. Decimals are kept as text; shares are
fractions. Single targets are edited with aims.py. A target on the worse side of its baseline is a limit to be
kept (100 or 0 points), which is rarely what is meant: it is kept only with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from core.catalog import DefinitionError, Label, build
from core.indicators.define import MAIN, indicators
from core.indicators.facts import definition
from core.settings import Settings, get_settings, set_value
from core.store import Snapshot, Store

KEY = "targets"
SMART = ("number", "baseline", "measured", "date", "owner")


class TargetError(ValueError):
    """A target that cannot be kept; the message says which and why, `code` the same for the words of a page:
    number | indicator | month | due | range | contrary | twice | why | none."""

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

    @property
    def empty(self) -> bool:
        """Whether it aims at nothing: it takes an earlier target back."""
        return all(one is None for one in (self.baseline, self.target, self.low, self.high))

    @property
    def contrary(self) -> bool:
        """Whether it lies on the worse side of its baseline."""
        if self.baseline is None or self.target is None:
            return False
        better = indicators()[self.indicator].better
        rising = self.target > self.baseline
        return (better == "lower" and rising) or (
            better == "higher" and not rising and self.target != self.baseline
        )

    @property
    def unscored(self) -> str:
        """Why nothing can be scored against it: watch | number | baseline; '' where it can."""
        better = indicators()[self.indicator].better
        if better == "watch":
            return "watch"
        if better == "range":
            return "" if self.low is not None and self.high is not None else "number"
        if self.target is None:
            return "number"
        return "baseline" if self.baseline is None else ""

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

    def over(self, since: int, due: int) -> tuple[Target, ...]:
        """The targets of the set, in force from `since` and to be reached by `due`."""
        return tuple(replace(one, since=since, due=due) for one in self.targets)


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
        TargetError: an unknown indicator, a month that is none, a range upside down, the same target twice, or a new one
            on the worse side of its baseline without a reason.
    """
    made = [target_of(one.data()) for one in wanted]
    kept = set(targets(get_settings(store, store.snapshot(), hospital)))
    for one in made:
        # What was kept before reasons were asked for stops no other change.
        if one.contrary and not one.why.strip() and one not in kept:
            raise TargetError(
                "contrary",
                f"{one.indicator}: the target {one.target} is worse than the baseline {one.baseline} "
                f"({indicators()[one.indicator].better} is better); correct one of them, or say why it is a limit",
            )
    if len({one.key for one in made}) != len(made):
        raise TargetError("twice", "a target is given twice for the same indicator, department and month")
    data = [one.data() for one in sorted(made, key=lambda one: one.key)]
    return set_value(store, hospital, KEY, data, actor=actor, at=at)


def in_force(found: Iterable[Target], dept: str, period: int) -> dict[str, Target]:
    """The target of each indicator in force for exactly this hospital, class or department in a month.

    First the newest of each caliber; one that was taken back drops out; of several calibers the one that began last
    holds, the main one where they began together.
    """
    newest: dict[tuple[str, str], Target] = {}
    for one in found:
        key = one.indicator, one.caliber
        if one.dept == dept and one.since <= period and (key not in newest or newest[key].since < one.since):
            newest[key] = one
    held: dict[str, Target] = {}
    for one in newest.values():
        other = held.get(one.indicator)
        if not one.empty and (
            other is None or (one.since, one.caliber == MAIN) > (other.since, other.caliber == MAIN)
        ):
            held[one.indicator] = one
    return held


def applying(found: Iterable[Target], dept: str, dept_class: str, period: int) -> dict[str, Target]:
    """The target of each indicator that applies to a department: its own, whatever its caliber, else that of its class."""
    listed = tuple(found)
    mine = in_force(listed, dept, period)
    return mine if dept.startswith("*") else {**in_force(listed, f"*{dept_class}", period), **mine}


def smart(one: Target, measured: bool = True) -> tuple[str, ...]:
    """What a target lacks of number, baseline, figures, date and owner; () for one that can be held against somebody.

    `measured`: whether there are figures to hold against it, which only the caller can look up.
    """
    ranged = indicators()[one.indicator].better == "range"
    there = {
        "number": one.low is not None if ranged else one.target is not None,
        "baseline": ranged or one.baseline is not None,
        "measured": measured,
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
