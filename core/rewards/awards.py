"""What a rule yields: one award per department, project or vendor, and what they add up to.

    Award      one line: base, rate, what it would be (`full`), what it is (`amount`), its state and why
    Outcome    the awards of a rule with its totals; base = payable + pending + cancelled + kept, to the fen

States: payable; pending (a red line, a ratio or a figure is missing: unpaid); cancelled (a red line failed: 0);
charge (a negative amount somebody bears); flag (no money, somebody answers for it); none (nothing was earned).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

PAYABLE, PENDING, CANCELLED, CHARGE, FLAG, NONE = STATES = (
    "payable", "pending", "cancelled", "charge", "flag", "none",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Award:
    """One line of a rule. Money in fen; `amount` None while it is pending. `bears`: who a charge falls on."""

    rule: str
    object: str
    name: str
    dept: str
    base: int | None
    rate: Decimal | None
    full: int | None
    amount: int | None
    state: str
    why: tuple[str, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    measured: Mapping[str, Decimal | None] = field(default_factory=dict)
    bears: str = ""

    @property
    def key(self) -> str:
        """What tells this line from the others of its rule."""
        return f"{self.object}:{self.bears}" if self.bears else self.object


@dataclass(frozen=True, slots=True)
class Outcome:
    """The awards of one rule. `undecided`: parameters it lacks; `facts`: further figures, e.g. next year's total."""

    rule: str
    awards: tuple[Award, ...] = ()
    undecided: tuple[str, ...] = ()
    facts: Mapping[str, int | Decimal | None] = field(default_factory=dict)

    @property
    def base(self) -> int:
        """What the shares are taken of: bases above 0."""
        return sum(max(0, one.base or 0) for one in self.awards)

    @property
    def pool(self) -> int:
        """What would be paid if every red line were reached."""
        return sum(max(0, one.full or 0) for one in self.awards)

    @property
    def payable(self) -> int:
        """What may be paid."""
        return sum(one.amount or 0 for one in self.awards if one.state == PAYABLE)

    @property
    def pending(self) -> int:
        """What waits for a figure or a decision."""
        return sum(one.full or 0 for one in self.awards if one.state == PENDING)

    @property
    def cancelled(self) -> int:
        """What a failed red line took; it stays with the hospital."""
        return sum(one.full or 0 for one in self.awards if one.state == CANCELLED)

    @property
    def charged(self) -> int:
        """What is borne by departments, heads or vendors, as a positive amount."""
        return -sum(one.amount or 0 for one in self.awards if one.state == CHARGE)

    @property
    def kept(self) -> int:
        """What stays with the hospital of the bases: everything neither payable nor pending."""
        return self.base - self.payable - self.pending

    def count(self, state: str) -> int:
        """How many awards have this state."""
        return sum(one.state == state for one in self.awards)
