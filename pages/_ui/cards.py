"""The four to six figures that matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._ui import explain, format
from pages._ui.format import Amount, Unit
from pages._ui.text import t

_COLOUR = {"good": "green", "bad": "red", "flat": "gray"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One difference: `delta` in its own unit, e.g. a ratio of 0.042 shown as per cent, or percentage points.

    `good` overrides the card's direction where a target decides (nearer is better).
    """

    label: str
    delta: Amount
    unit: Unit
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One figure.

    Attributes:
        value: amount in the base of `unit`; None is missing and `reason` says why.
        better: lower | higher | target | none: what colours the comparisons.
        trend: thirteen months, oldest first.
        why: makes the explanation when asked.
    """

    label: str
    value: Amount
    unit: Unit
    better: str = "none"
    comparisons: Sequence[Comparison] = ()
    trend: Sequence[Amount] = ()
    reason: str = ""
    help: str | None = None
    why: Callable[[], Any] | None = None


def _said(part: Comparison, better: str) -> str:
    if part.good is None:
        colour = _COLOUR[format.tone(part.delta, better)]
    else:
        colour = "green" if part.good else "red"
    words = format.change(part.delta, part.unit)
    return f":small[:{colour}[**{words}**] :gray[{part.label}]]"


def _value(card: Card) -> str:
    if card.unit.money:
        figure, unit = format.short_money(card.value)
    else:
        figure, unit = card.unit.text(card.value), card.unit.label
    if card.value is None or not unit:
        return figure
    return f"{figure}{unit}" if unit == "%" else f"{figure} :gray[:small[{unit}]]"


def _card(card: Card, key: str) -> None:
    explain.heading(card.label, card.why, f"{key}_why", help=card.help)
    st.metric(
        card.label,
        _value(card),
        label_visibility="collapsed",
        chart_data=[card.unit.scale(v) for v in card.trend] if card.trend else None,
        chart_type="line",
        delta_color="off",
    )
    words = [_said(part, card.better) for part in card.comparisons]
    if card.value is None:
        words = [f":gray[:small[{card.reason or t('table.missing')}]]"]
    if words:
        st.markdown("  \n".join(words))


def row(cards: Sequence[Card], key: str) -> None:
    """Draw the cards side by side, of one height; they wrap on a narrow screen."""
    grid = st.grid(len(cards), min_column_width=138, gap="small")
    for index, card in enumerate(cards):
        with grid.container(border=True, gap="xxsmall", height="stretch"):
            _card(card, f"{key}_{index}")


def missing(label: str, unit: Unit, reason: str) -> Card:
    """A card for a figure that cannot be given."""
    return Card(label, None, unit, reason=reason)
