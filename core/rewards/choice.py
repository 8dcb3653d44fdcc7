"""What a person tries in the simulator: a small overlay on the parameters and the span. Nothing stored changes.

    Choice(span, items, classes, values)
    span      quarter | year
    items     cost items whose budget counts; () is every one
    classes   kinds of departments that share in W1; () is what the rule says
    values    ((parameter, value), ...) instead of the values in force

The empty choice gives the figures in force.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from core.rewards.figures import YEAR

Rates = Callable[[str], Decimal | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """See the module."""

    span: str = YEAR
    items: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    values: tuple[tuple[str, Decimal], ...] = ()

    def rates(self, in_force: Rates) -> Rates:
        """A parameter's value as tried, else as in force; None is not decided."""
        tried = dict(self.values)
        return lambda name: tried[name] if name in tried else in_force(name)

    @property
    def tried(self) -> bool:
        """Whether a ratio or limit differs from what is in force."""
        return bool(self.values)
