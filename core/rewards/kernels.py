"""Rewards in whole fen: shares of a saving, lump sums, overspends shared by two, a fund divided by points.

Plain figures in, plain figures out; nothing here knows departments, months or definitions. Amounts are int fen, rates
Decimal (0.15 is 15 %). What is divided adds up to the fen (largest remainder, core/money).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from core.money import EXACT, divide_exact, round_column

PASS, FAIL, MISSING, NOT_ASKED = "pass", "fail", "missing", "not_asked"


def part(fen: int, rate: Decimal) -> int:
    """fen x rate in whole fen, half away from zero: part(250, 0.3) = 75."""
    return int(EXACT.multiply(Decimal(fen), rate).to_integral_value(ROUND_HALF_UP))


def shares(bases: Sequence[int], rates: Sequence[Decimal]) -> list[int]:
    """max(0, base) x rate of each, so that the shares add up to the rounded total.

    pool = sum of max(0, base_i) x rate_i, rounded half up to fen; every product is taken down to its fen and the
    fen that are missing go to the largest cut-off parts (core/money round_column). So each share is less than 1 fen
    from its own product and a base of 0 or below gets nothing. Dividing the pool in proportion to the products
    would not keep that: the fen that rounding takes off the pool would all come from the largest share.
    """
    products = [EXACT.multiply(Decimal(max(0, base)), rate) for base, rate in zip(bases, rates, strict=True)]
    return [int(fen) for fen in round_column([EXACT.scaleb(fen, -2) for fen in products])]


def judge(value: Decimal | None, limit: Decimal | None, better: str) -> str:
    """One red line: pass, fail, or missing when there is no figure or no limit. The limit itself is a pass."""
    if value is None or limit is None:
        return MISSING
    return PASS if (value <= limit if better == "lower" else value >= limit) else FAIL


def lump(total: int, actual: int, keep: Decimal, head: Decimal) -> int:
    """What a lump sum of the year leaves: saved x keep for the department, or minus overspend x head for its head."""
    left = total - actual
    return part(left, keep) if left >= 0 else -part(-left, head)


def split(overspend: int, rate: Decimal) -> tuple[int, int]:
    """An overspend shared by two: (department, supplier), adding up to it; nothing where nothing was overspent."""
    first = part(max(0, overspend), rate)
    return first, max(0, overspend) - first


def special(
    budget: int, actual: int, limit: Decimal, delivery: Decimal | None, quality: Decimal | None
) -> str:
    """Why a project deserves the special reward: 'saving_rate', 'early_quality', or '' when it does not.

    saving rate = (budget - actual) / budget must be above the limit; delivery = days taken / days planned must be
    below 1 and quality = items accepted / items tested must be 1. A missing figure never meets a condition.
    """
    if budget > 0 and Decimal(budget - actual) > limit * budget:
        return "saving_rate"
    early = delivery is not None and delivery < 1
    return "early_quality" if early and quality is not None and quality >= 1 else ""


def overrun(plan: int, actual: int, limit: Decimal) -> bool:
    """Whether (actual - plan) / plan is above the limit; without a plan nothing can be said and it is not."""
    return plan > 0 and Decimal(actual - plan) > limit * plan


def streak(over: Sequence[bool | None]) -> int:
    """Months in a row that were over budget, counted back from the last; a month without a figure ends it."""
    count = 0
    for month in reversed(over):
        if not month:
            break
        count += 1
    return count


def retention(surplus: int, rate: Decimal) -> int:
    """What of the insurer's surplus stays with the hospital; a deficit leaves nothing."""
    return part(max(0, surplus), rate)


def next_total(total: int, growth: Decimal | None, limit: Decimal, bonus: Decimal) -> int | None:
    """Next year's total: raised by `bonus` when cost per case grew by less than the limit; None without growth."""
    if growth is None:
        return None
    return part(total, 1 + bonus) if growth < limit else total


def fund(amount: int, points: Sequence[int]) -> list[int]:
    """A fund divided by points, to the fen; nobody gets anything while there are no points."""
    return divide_exact(amount, list(points))
