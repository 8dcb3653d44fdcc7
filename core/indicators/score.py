"""Scores: one rule for every indicator, and their weighted mean over what has data.

    S = 60 + 40 x (actual - baseline) / (target - baseline), kept within 0 to 120: baseline 60, target 100, either direction
    target not better than the baseline (a limit to be kept): 100 when met, else 0 · range: 100 inside, less 100 x distance / width outside, not below 0
    dimension = sum w S / sum w over indicators with a score · coverage = their share of the weights
Numbers are points. mart_indicator computes the same in SQL (macro indicator_score); a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

GREEN, YELLOW = Decimal(90), Decimal(60)
FULL = Decimal("0.80")  # coverage below this is warned of
_TOP, _BASE, _STEP = Decimal(120), Decimal(60), Decimal(40)
_HUNDRED = Decimal(100)


def score(
    better: str,
    value: Decimal | None,
    baseline: Decimal | None = None,
    target: Decimal | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> Decimal | None:
    """Points of one value; None where there is no value or nothing to aim at, and for indicators that are only watched."""
    if value is None or better == "watch":
        return None
    if better == "range":
        if low is None or high is None or high <= low:
            return None
        distance = max(low - value, value - high, Decimal(0))
        return max(Decimal(0), _HUNDRED - _HUNDRED * distance / (high - low))
    if baseline is None or target is None:
        return None
    if baseline <= target if better == "lower" else baseline >= target:
        met = value <= target if better == "lower" else value >= target
        return _HUNDRED if met else Decimal(0)
    return min(_TOP, max(Decimal(0), _BASE + _STEP * (value - baseline) / (target - baseline)))


def light(points: Decimal | None) -> str:
    """green from 90, yellow from 60, red below; none without points."""
    if points is None:
        return "none"
    return "green" if points >= GREEN else "yellow" if points >= YELLOW else "red"


def weighted(parts: Iterable[tuple[Decimal, Decimal | None]]) -> tuple[Decimal | None, Decimal]:
    """(mean of the points by weight over those that have points, share of the weights that has points)."""
    total = scored = points = Decimal(0)
    for weight, one in parts:
        total += weight
        if one is not None:
            scored += weight
            points += weight * one
    mean = points / scored if scored else None
    return mean, scored / total if total else Decimal(0)
