"""Soft benefit by expert scoring: criteria with weights, points from 0 to 100, and how far the experts are apart.

    score  = sum of weight x mean of the experts' points / sum of weights, over criteria somebody scored
    spread = standard deviation of the experts' own weighted scores (n - 1), None for one expert
An expert who left a criterion out is left out of its mean; nothing counts as 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import stdev

HIGHEST = Decimal(100)


class OpinionError(ValueError):
    """Scores that cannot be kept; `code` is score | weight | who, for the words of a page."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one expert said: points by criterion."""

    who: str
    scores: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Soft:
    """The experts together. `by_criterion`: (mean, lowest, highest); `by_expert`: their own weighted scores."""

    score: Decimal
    low: Decimal
    high: Decimal
    spread: Decimal | None
    by_criterion: Mapping[str, tuple[Decimal, Decimal, Decimal]]
    by_expert: Mapping[str, Decimal]


def checked(opinions: Sequence[Opinion], weights: Mapping[str, Decimal]) -> None:
    """Raises OpinionError: an expert without a name or named twice, points outside 0 to 100, weights that cannot be."""
    names = [one.who.strip() for one in opinions]
    if not all(names) or len(set(names)) != len(names):
        raise OpinionError("who", "every expert has a name of their own")
    if any(not 0 <= points <= HIGHEST for one in opinions for points in one.scores.values()):
        raise OpinionError("score", "points lie between 0 and 100")
    if any(weight < 0 for weight in weights.values()) or (weights and not sum(weights.values())):
        raise OpinionError("weight", "weights are not below zero, and not all of them zero")


def soft(opinions: Sequence[Opinion], weights: Mapping[str, Decimal]) -> Soft | None:
    """The score with its spread; None where nobody scored anything that has a weight."""
    heard = {
        name: [one.scores[name] for one in opinions if name in one.scores]
        for name, weight in weights.items()
        if weight
    }
    means = {name: sum(found, Decimal(0)) / len(found) for name, found in heard.items() if found}
    own = {one.who: _mean(one.scores, weights) for one in opinions}
    by_expert = {who: score for who, score in own.items() if score is not None}
    whole = _mean(means, weights)
    if whole is None or not by_expert:
        return None
    spread = Decimal(stdev(by_expert.values())) if len(by_expert) > 1 else None
    return Soft(
        whole, min(by_expert.values()), max(by_expert.values()), spread,
        {name: (means[name], min(found), max(found)) for name, found in heard.items() if found}, by_expert,
    )  # fmt: skip


def _mean(points: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> Decimal | None:
    counted = {name: weights[name] for name in points if weights.get(name)}
    summed = sum(counted.values(), Decimal(0))
    return (
        sum((weight * points[name] for name, weight in counted.items()), Decimal(0)) / summed
        if summed
        else None
    )
