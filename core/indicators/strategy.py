"""The strategy map of one month: each objective with its light, and what the data says about every arrow.

    nodes(card, weights) -> (Node, ...)                     objectives with the score of their indicators by their weights
    paths(cards, weights, period) -> {objective: scores}    the same over the months up to `period`, oldest first
    links(warehouse, hospital, period) -> (Link, ...)   lagged correlation per arrow, for its leading indicators
A correlation is over months up to `period`, signed so that +1 means: where the cause got better, the effect got better
`lag` months later. A leading indicator that is best inside a band is read as its distance from the band, less being
better. It is no proof of cause; with fewer than LEAST pairs of months nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.indicators.card import Card, Line
from core.indicators.define import Indicator, Objective, arrows, indicators, objectives
from core.indicators.score import light, weighted
from core.indicators.weights import Weights
from core.warehouse import Warehouse

LONGEST_LAG = 6
LEAST = 12
MONTHS = 13  # of a trend: the same month a year ago is its first


@dataclass(frozen=True, slots=True)
class Node:
    """An objective on the map. `lines`: its indicators that have a target."""

    objective: Objective
    score: Decimal | None
    lines: tuple[Line, ...]

    @property
    def status(self) -> str:
        """The light of the objective."""
        return light(self.score)


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow. `months`: pairs of months compared at the best `lag`; `r` is None where there are too few."""

    cause: str
    effect: str
    months: int
    lag: int | None = None
    r: float | None = None


def nodes(card: Card, own: Weights) -> tuple[Node, ...]:
    """Every objective, financial first; without a score where none of its indicators has one."""
    found = []
    for one in objectives().values():
        mine = tuple(line for line in card.lines() if line.definition.objective == one.name)
        points, _ = weighted((own.of(line.indicator), line.score) for line in mine if line.counts)
        found.append(Node(one, points, mine))
    return tuple(found)


def paths(
    cards: Mapping[int, Card], own: Weights, period: int, months: int = MONTHS
) -> Mapping[str, tuple[Decimal | None, ...]]:
    """Scores of every objective in the newest `months` cards up to `period`; None where a month has none."""
    held = [
        {one.objective.name: one.score for one in nodes(cards[at], own)}
        for at in sorted(cards)
        if at <= period
    ]
    return {name: tuple(month[name] for month in held[-months:]) for name in objectives()}


def links(warehouse: Warehouse, hospital: str, period: int) -> tuple[Link, ...]:
    """What the months up to `period` say about each arrow."""
    leads = sorted({one.lead for one in objectives().values()})
    listed = ", ".join(f"'{code}'" for code in leads)
    rows = warehouse.query(
        "select indicator, period, value, low, high from mart_indicator where hospital = ? and dept_code = '*' and span = 'month' "
        f"and caliber = 'main' and value is not null and period <= ? and indicator in ({listed})",
        [hospital, period],
    )
    series: dict[str, dict[int, float]] = {code: {} for code in leads}
    for code, at, value, low, high in rows:
        series[code][at] = _goodness(indicators()[code], value, low, high)
    return tuple(_link(cause, effect, series) for cause, effect in arrows())


def banded(objective: str) -> bool:
    """Whether the leading indicator of an objective is best inside a band."""
    return indicators()[objectives()[objective].lead].better == "range"


def _goodness(meant: Indicator, value: Decimal, low: Decimal | None, high: Decimal | None) -> float:
    """A value so signed that more is better; of a band, the hospital's own or else the shipped one, minus the distance."""
    if meant.better == "range":
        least, most = (Decimal(one) for one in meant.range)
        if low is not None and high is not None:
            least, most = low, high
        return -float(max(least - value, value - most, Decimal(0)))
    return -float(value) if meant.better == "lower" else float(value)


def _link(cause: str, effect: str, series: Mapping[str, Mapping[int, float]]) -> Link:
    before, after = series[objectives()[cause].lead], series[objectives()[effect].lead]
    best = Link(cause, effect, len(set(before) & set(after)))
    for lag in range(LONGEST_LAG + 1):
        pairs = [
            (before[_shift(at, -lag)], value) for at, value in after.items() if _shift(at, -lag) in before
        ]
        r = _correlation(pairs)
        if r is not None and (best.r is None or abs(r) > abs(best.r)):
            best = Link(cause, effect, len(pairs), lag, r)
    return best


def _shift(period: int, months: int) -> int:
    whole = period // 100 * 12 + period % 100 - 1 + months
    return whole // 12 * 100 + whole % 12 + 1


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's r of month-to-month paired values; None under LEAST pairs or without any movement."""
    if len(pairs) < LEAST:
        return None
    x, y = np.array(pairs, dtype=np.float64).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])
