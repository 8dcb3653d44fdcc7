"""How a budget is made: incremental, zero-based, combined, flexible, rolling. Money is Decimal yuan, ratios fractions.

    incremental = last year x (1 + volume growth x variable share) x (1 + price change) x (1 - saving)
    zero-based  = sum over activities of demand x standard use x standard price
    combined    = alpha x zero-based + (1 - alpha) x incremental
    flexible    = fixed + unit variable cost x actual volume
    rolling     = what closed months cost + what the next months are forecast to cost

Results are rounded half up to the fen, once, at the end. Missing parts give None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import half_up

ONE = Decimal(1)
NIL = Decimal(0)


class BudgetError(ValueError):
    """Something about a budget that cannot be done; `reason` is a key of budget.yaml under `errors`."""

    def __init__(self, reason: str, **params: object) -> None:
        self.reason, self.params = reason, params
        super().__init__(f"{reason}: {params}" if params else reason)


def incremental(
    last_year: Decimal | None,
    growth: Decimal | None = NIL,
    variable: Decimal = ONE,
    price: Decimal = NIL,
    saving: Decimal = NIL,
) -> Decimal | None:
    """Yuan of the year to come from the year before.

    Args:
        last_year: actual of the year before, yuan; None where it is not known.
        growth: growth of volume; None where volume is not known and `variable` is not 0.
        variable: share of the item that moves with volume, 0 (fixed) to 1.
        price, saving: expected change of prices, and what shall be saved.

    Raises:
        BudgetError: a share outside 0 to 1 (`share`).
    """
    for name, value in (("variable", variable), ("saving", saving)):
        if not NIL <= value <= ONE:
            raise BudgetError("share", name=name, value=value)
    if last_year is None or (growth is None and variable):
        return None
    return half_up(last_year * (ONE + (growth or NIL) * variable) * (ONE + price) * (ONE - saving))


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of a zero-based budget: how often, how much each time, at what price (yuan per unit)."""

    name: str
    demand: Decimal
    use: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Yuan, rounded to the fen."""
        return half_up(self.demand * self.use * self.price)


def zero_based(activities: Sequence[Activity]) -> Decimal | None:
    """Yuan of all activities; None without any.

    Raises:
        BudgetError: a demand, use or price below 0 (`below_zero`).
    """
    for one in activities:
        if min(one.demand, one.use, one.price) < 0:
            raise BudgetError("below_zero", name=one.name)
    return sum((one.amount for one in activities), NIL) if activities else None


def combined(alpha: Decimal, zero: Decimal | None, increment: Decimal | None) -> Decimal | None:
    """Yuan of the weighted mean; a part of weight 0 may be missing.

    Raises:
        BudgetError: alpha outside 0 to 1 (`share`).
    """
    if not NIL <= alpha <= ONE:
        raise BudgetError("share", name="alpha", value=alpha)
    if (alpha and zero is None) or (alpha != ONE and increment is None):
        return None
    return half_up(alpha * (zero or NIL) + (ONE - alpha) * (increment or NIL))


def flexible(fixed: Decimal, unit: Decimal, volume: Decimal | None) -> Decimal | None:
    """What the budget would be at the volume there was: yuan to hold the actual against without the effect of volume."""
    return None if volume is None else half_up(fixed + unit * volume)


def split_by_volume(
    budget: Decimal, variable: Decimal, planned: Decimal | None
) -> tuple[Decimal, Decimal | None]:
    """(fixed yuan, unit variable yuan) of a budget made for `planned` volume; the unit part None without a volume.

    Both unrounded, so that the planned volume gives the budget back to the fen.
    """
    if not variable:
        return budget, NIL
    if not planned:
        return budget * (ONE - variable), None
    return budget * (ONE - variable), budget * variable / planned


@dataclass(frozen=True, slots=True)
class Volume:
    """Why an actual differs from its budget: flexible - budget is volume, actual - flexible is spending."""

    budget: Decimal
    flexible: Decimal | None
    actual: Decimal

    @property
    def by_volume(self) -> Decimal | None:
        """Yuan that come with more or fewer patients."""
        return None if self.flexible is None else self.flexible - self.budget

    @property
    def by_spending(self) -> Decimal | None:
        """Yuan that do not."""
        return None if self.flexible is None else self.actual - self.flexible


@dataclass(frozen=True, slots=True)
class Rolling:
    """Twelve months from the start of a quarter on: closed ones as they were, the others as forecast."""

    months: tuple[tuple[int, Decimal | None, bool], ...]  # period, yuan, closed

    @property
    def total(self) -> Decimal | None:
        """Yuan of the twelve months; None where one is not known."""
        amounts = [amount for _, amount, _ in self.months if amount is not None]
        return sum(amounts, NIL) if len(amounts) == len(self.months) else None


def rolling(
    actual: Mapping[int, Decimal], forecast: Mapping[int, Decimal], first: int, count: int = 12
) -> Rolling:
    """The `count` months from `first` (yyyymm): closed months from `actual`, the others from `forecast`.

    A quarter on, `first` moves by three months: the closed quarter drops out and one is added.
    """
    index = first // 100 * 12 + first % 100 - 1
    periods = [(i // 12) * 100 + i % 12 + 1 for i in range(index, index + count)]
    return Rolling(tuple((p, actual[p] if p in actual else forecast.get(p), p in actual) for p in periods))


def seasonal_naive(actual: Mapping[int, Decimal], first: int, count: int) -> dict[int, Decimal]:
    """The same month a year before, for `count` months from `first`; months without one are left out."""
    index = first // 100 * 12 + first % 100 - 1
    found: dict[int, Decimal] = {}
    for i in range(index, index + count):
        month, before = (i // 12) * 100 + i % 12 + 1, (i // 12 - 1) * 100 + i % 12 + 1
        value = actual.get(before, found.get(before))
        if value is not None:
            found[month] = value
    return found
