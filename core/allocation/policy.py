"""The allocation policy: which method, which drivers, which fallbacks, which order.

A policy is a value: frozen, hashable, equal by content, and the same again after a trip through JSON, so it
can be a cache key, a stored setting and part of a scenario.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from core.allocation.errors import PolicyError

Method = Literal["three_step", "direct", "step_down", "reciprocal", "double"]
METHODS: tuple[str, ...] = get_args(Method)
STANDARD_DRIVERS = (
    "headcount",
    "internal_service",
    "workload",
    "area",
    "income",
    "ordered_income",
    "work_hours",
    "custom",
    "direct_cost",
)
DEFAULT_FALLBACKS = ("headcount", "direct_cost")


@dataclass(frozen=True)
class Rule:
    """Drivers of one class of serving departments.

    `drivers` are choices in order of preference: the first with a total above 0 over the departments that
    may receive is used. If none has, `fallbacks` are tried in order, then the money stays unallocated.
    """

    drivers: tuple[str, ...]
    fallbacks: tuple[str, ...] = DEFAULT_FALLBACKS

    def __post_init__(self) -> None:
        object.__setattr__(self, "drivers", tuple(self.drivers))
        object.__setattr__(self, "fallbacks", tuple(self.fallbacks))


@dataclass(frozen=True)
class Step:
    """One step of a step-down: `source` gives its `items` (all if empty) by `driver` (its class rule if '').

    Steps run in the order of `level`; steps on one level run at once and do not see each other's money.
    Leave `level` None on every step to run them one after another as listed.
    """

    source: str
    driver: str = ""
    items: tuple[str, ...] = ()
    level: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))
        if self.level is not None:
            object.__setattr__(self, "level", float(self.level))


@dataclass(frozen=True)
class Policy:
    """Everything that decides how the same inputs are allocated. Defaults: the statutory three steps.

    Errors: PolicyError for an unknown method, or an order outside step_down.
    """

    method: Method = "three_step"
    admin: Rule = field(default_factory=lambda: Rule(("headcount",)))
    auxiliary: Rule = field(default_factory=lambda: Rule(("internal_service", "workload", "income", "area")))
    technical: Rule = field(default_factory=lambda: Rule(("ordered_income", "workload")))
    order: tuple[Step, ...] = ()
    reopen: bool = False
    use_custom: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", tuple(Step(s) if isinstance(s, str) else s for s in self.order))
        if self.method not in METHODS:
            raise PolicyError(f"Unknown method {self.method!r}.", f"Choose one of {', '.join(METHODS)}.")
        if self.order and self.method != "step_down":
            raise PolicyError(
                f"An order of steps means nothing to the method {self.method}.",
                "Leave the order empty or choose step_down.",
            )

    def rule(self, dept_class: str) -> Rule:
        """The rule of a class; a department without class or a clinical one gives nothing unless ordered to."""
        return {"admin": self.admin, "auxiliary": self.auxiliary, "technical": self.technical}.get(
            dept_class, Rule(())
        )

    def with_rule(self, dept_class: str, rule: Rule) -> Policy:
        """A copy in which `dept_class` (admin, auxiliary or technical) follows `rule`."""
        if dept_class not in ("admin", "auxiliary", "technical"):
            raise PolicyError(
                f"No rule for class {dept_class!r}.", "Choose one of admin, auxiliary, technical."
            )
        changed: dict[str, Any] = {dept_class: rule}
        return replace(self, **changed)

    def with_driver(self, dept_class: str, *drivers: str) -> Policy:
        """A copy in which `dept_class` gives by `drivers`; its fallbacks stay."""
        return self.with_rule(dept_class, replace(self.rule(dept_class), drivers=tuple(drivers)))

    def to_json(self) -> str:
        """Compact JSON with sorted keys, so equal policies give equal text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Policy:
        """The policy written by to_json. Missing keys take their defaults, unknown ones are refused."""
        data = json.loads(text)
        _known(data, cls)
        for name in ("admin", "auxiliary", "technical"):
            if name in data:
                _known(data[name], Rule)
                data[name] = Rule(**data[name])
        if "order" in data:
            steps = [{"source": s} if isinstance(s, str) else s for s in data["order"]]
            for step in steps:
                _known(step, Step)
            data["order"] = tuple(Step(**s) for s in steps)
        return cls(**data)


def _known(data: Mapping[str, Any], kind: type) -> None:
    allowed = [f.name for f in fields(kind)]
    unknown = sorted(set(data) - set(allowed))
    if unknown:
        raise PolicyError(
            f"Unknown setting {', '.join(unknown)} in {kind.__name__}.", f"Allowed: {', '.join(allowed)}."
        )
