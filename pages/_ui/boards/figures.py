"""Cards from core figures: value, the two comparisons that say most, thirteen months, why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from core.figures.common import COMPARES, Figure
from core.measures import Measure, measure
from pages._ui import cards, format
from pages._ui.boards import words
from pages._ui.format import Unit
from pages._ui.text import lang, t

SHOWN = 2
# Amounts that stand for a unit: a hospital's surplus in 10^4 yuan or millions, a department's in thousands.
HALF, SMALL, LARGE = Decimal(10_000_000), Decimal(9_000_000), Decimal(900_000_000)


def order(compare: str) -> tuple[str, ...]:
    """The chosen comparison first, then the others: last year before last month, which has the seasons in it."""
    return tuple(dict.fromkeys((compare, "last_year", "budget", "previous", *COMPARES)))


def row(
    found: Sequence[Figure],
    compare: str,
    key: str,
    why: Callable[[str], Callable[[], Any]],
    labels: dict[str, str] | None = None,
) -> None:
    """Draw the cards. `why(measure)` makes the explanation; `labels` replaces the label of a measure."""
    cards.row([_card(one, compare, why(one.measure), labels or {}) for one in found], key)


def _card(found: Figure, compare: str, why: Callable[[], Any], labels: dict[str, str]) -> cards.Card:
    one = measure(found.measure)
    series = words.unbroken([value for _, value in found.series])
    return cards.Card(
        labels.get(one.name, one.label.of(lang())),
        found.value,
        words.unit(one, found.value),
        one.better,
        comparisons(found, one, compare),
        series,
        words.reason(found.reason),
        why=why,
    )


def comparisons(found: Figure, one: Measure, compare: str) -> list[cards.Comparison]:
    """At most two comparisons that have a base: shares in points, surplus in money, everything else in per cent."""
    made: list[cards.Comparison] = []
    for name in order(compare):
        side = found.against[name]
        if side.difference is None or len(made) == SHOWN:
            continue
        delta, unit = _delta(one, found.value, side.difference, side.ratio)
        if delta is not None:
            # What rounds to nothing on the card is neither good nor bad.
            delta = delta if format.change(delta, unit)[0] in (format.UP, format.DOWN) else Decimal(0)
            made.append(cards.Comparison(t(f"compare.{name}"), delta, unit))
    return made


def _delta(
    one: Measure, value: Decimal | None, difference: Decimal, ratio: Decimal | None
) -> tuple[Decimal | None, Unit]:
    if one.unit == "percent":
        return difference, format.points()
    # A surplus changes sign, and a percentage of it says nothing.
    if one.kind == "difference":
        return difference, words.brief(
            format.money_unit([LARGE if abs(value or difference) >= HALF else SMALL])
        )
    return ratio, format.percent()
