"""What a person tries in the simulator: a small overlay on the parameters and the span. Nothing stored changes.

    Choice(span, items, classes, values)
    span      quarter | year
    items     cost items whose budget counts; () is every one
    classes   kinds of departments that share in W1; () is what the rule says
    values    ((parameter, value), ...) instead of the values in force

The empty choice gives the figures in force. Choice.from_token(c.token()) == c; the token is short enough for a URL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from core.catalog import catalog
from core.rewards.figures import SPANS, YEAR
from core.rewards.rules import rules

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

    def token(self) -> str:
        """'' for the empty choice."""
        parts = [self.span] if self.span != YEAR else []
        parts += [f"i.{name}" for name in self.items] + [f"c.{name}" for name in self.classes]
        parts += [f"{name}.{format(value.normalize(), 'f').replace('.', '_')}" for name, value in self.values]
        return "~".join(parts)

    @classmethod
    def from_token(cls, token: str) -> Choice:
        """The choice of a token; what nobody knows in it is left out, so an old link still opens."""
        span, items, classes, values = YEAR, [], [], {}
        known = {name for rule in rules().values() for name in rule.parameters}
        for part in token.split("~") if token else ():
            head, _, tail = part.partition(".")
            if part in SPANS:
                span = part
            elif head == "i" and tail in catalog().names("cost_items"):
                items.append(tail)
            elif head == "c" and tail in catalog().names("dept_classes"):
                classes.append(tail)
            elif head in known:
                try:
                    number = Decimal(tail.replace("_", "."))
                except InvalidOperation:
                    continue
                if number.is_finite():
                    values[head] = number
        return cls(span, tuple(items), tuple(classes), tuple(sorted(values.items())))
