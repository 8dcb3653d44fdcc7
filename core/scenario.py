"""A scenario: a small, named overlay on a snapshot. Nothing stored changes; the empty scenario is the actual.

    Scenario(name, method, drivers, order, weights, rates, volumes, prices)

    method     allocation method instead of the hospital's, '' = unchanged
    drivers    {'admin' | 'auxiliary' | 'technical': (driver, ...)} preference of that class
    order      steps of a step-down: codes, or Step(source, driver, items, level)
    weights    {driver: {department: change}} driver values of receiving departments
    rates      {cost item class: {department or '*': change}} direct cost; times only
    volumes    {column of month_volume: {department or '*': change}} visits, bed_days, headcount, area ...
    prices     {charge class: {department or '*': change}} income by ordering department; times only
    A change is '*1.2' (times) or '=300' (instead); a number means times.

Values are frozen and hashable; Scenario.from_json(s.to_json()) == s, Scenario.from_token(s.token()) == s.
`key` leaves the name out: two scenarios of one key give the same figures. Later work adds sections by adding fields
with an empty default; unknown sections are refused with the list of what is allowed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from core.allocation import Policy, Step

# Nested mappings are kept as sorted tuples of pairs, so a scenario can be a cache key.
Changes = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
Section = Mapping[str, Any] | tuple[tuple[str, Any], ...]
SECTIONS = ("weights", "rates", "volumes", "prices")
TIMES_ONLY = ("rates", "prices")
EVERY = "*"


class ScenarioError(ValueError):
    """A scenario that cannot be understood; the message says which part and what is allowed."""


@dataclass(frozen=True)
class Scenario:
    """See the module. Sections may be given as mappings; they are stored sorted."""

    name: str = ""
    method: str = ""
    drivers: Section = ()
    order: tuple[Step | str, ...] = ()
    weights: Section = ()
    rates: Section = ()
    volumes: Section = ()
    prices: Section = ()

    def __post_init__(self) -> None:
        drivers = dict(self.drivers)
        chosen = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in drivers.items()}
        object.__setattr__(self, "drivers", tuple(sorted(chosen.items())))
        object.__setattr__(self, "order", tuple(_step(step) for step in self.order))
        for section in SECTIONS:
            object.__setattr__(self, section, _changes(section, getattr(self, section)))
        self.policy(Policy())

    def __bool__(self) -> bool:
        return self.key != EMPTY_KEY

    def policy(self, base: Policy) -> Policy:
        """The hospital's policy with this scenario's method, drivers and order in place of its own.

        Raises:
            PolicyError: unknown method or department class.
        """
        policy = base
        if self.method and self.method != policy.method:
            changed: dict[str, Any] = {"method": self.method, "order": ()}
            policy = replace(policy, **changed)
        for dept_class, names in dict(self.drivers).items():
            policy = policy.with_driver(dept_class, *names)
        return replace(policy, order=tuple(map(_step, self.order))) if self.order else policy

    def change(self, section: str, what: str, department: str, value: Decimal) -> Decimal:
        """`value` after the change for this department, else for '*', else as it is."""
        changes = dict(dict(getattr(self, section)).get(what, ()))
        rule = changes.get(department, changes.get(EVERY))
        if rule is None:
            return value
        return value * Decimal(rule[1:]) if rule[0] == "*" else Decimal(rule[1:])

    def touches(self, section: str, what: str) -> bool:
        """Whether anything in `section` changes `what`."""
        return what in dict(getattr(self, section))

    def to_json(self) -> str:
        """Compact JSON with sorted keys; sections that are empty are left out."""
        data: dict[str, Any] = {"name": self.name, "method": self.method, "drivers": dict(self.drivers)}
        data["order"] = [
            {"source": s.source, "driver": s.driver, "items": list(s.items), "level": s.level}
            for s in map(_step, self.order)
        ]
        data |= {
            section: {k: dict(v) for k, v in dict(getattr(self, section)).items()} for section in SECTIONS
        }
        kept = {key: value for key, value in data.items() if value}
        return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """The scenario that to_json wrote.

        Raises:
            ScenarioError: not JSON, or a section nobody knows.
        """
        try:
            data = json.loads(text)
        except json.JSONDecodeError as problem:
            raise ScenarioError(f"Not a scenario: {problem}.") from None
        allowed = [item.name for item in fields(cls)]
        unknown = sorted(set(data) - set(allowed)) if isinstance(data, dict) else ["(not a mapping)"]
        if unknown:
            raise ScenarioError(f"Unknown part {', '.join(unknown)}; allowed are {', '.join(allowed)}.")
        return cls(**data)

    def token(self) -> str:
        """A short text for the URL; '' for the empty scenario."""
        if self == EMPTY:
            return ""
        packed = zlib.compress(self.to_json().encode(), 9)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def from_token(cls, token: str) -> Scenario:
        """The scenario of a token; ScenarioError for text that is none."""
        if not token:
            return EMPTY
        try:
            unpacker = zlib.decompressobj()
            text = unpacker.decompress(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), 100_000)
            return cls.from_json(text.decode())
        except (ValueError, zlib.error) as problem:
            raise ScenarioError(f"Not a scenario: {problem}") from None

    @cached_property
    def key(self) -> str:
        """Sixteen hex digits of what is changed; the name does not count."""
        return hashlib.sha256(replace(self, name="").to_json().encode()).hexdigest()[:16]


def _step(step: Any) -> Step:
    if isinstance(step, Step):
        return step
    return Step(step) if isinstance(step, str) else Step(**step)


def _changes(section: str, given: Any) -> Changes:
    made = []
    for what, by_department in dict(given).items():
        rules = by_department if isinstance(by_department, Mapping | tuple | list) else {EVERY: by_department}
        made.append(
            (str(what), tuple(sorted((str(k), _rule(section, what, v)) for k, v in dict(rules).items())))
        )
    return tuple(sorted(made))


def _rule(section: str, what: str, value: Any) -> str:
    text = str(value).strip()
    text = text if text[:1] in ("*", "=") else f"*{text}"
    try:
        number = Decimal(text[1:])
    except InvalidOperation:
        raise ScenarioError(f"{section}, {what}: {value!r} is neither '*1.2' nor '=300'.") from None
    if not number.is_finite() or (text[0] == "*" and number < 0):
        raise ScenarioError(f"{section}, {what}: {value!r} cannot be used.")
    if text[0] == "=" and section in TIMES_ONLY:
        raise ScenarioError(f"{section}, {what}: only a factor such as '*1.05' is possible here.")
    return text[0] + format(number.normalize(), "f")


EMPTY = Scenario()
EMPTY_KEY = EMPTY.key
