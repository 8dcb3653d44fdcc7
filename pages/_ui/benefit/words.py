"""Improvements in words: money in yuan, payback in years, moves of indicators, quadrants."""

from __future__ import annotations

from core.benefit.book import Improvement, about, named
from core.benefit.direct import Direct
from core.benefit.figures import Evaluated, Move
from core.benefit.indirect import Soft
from core.money import fen_to_yuan
from pages._ui import format
from pages._ui.frame import Page
from pages._ui.scorecard import words as said
from pages._ui.text import label, t


def money(fen: int) -> str:
    """An amount as people say it."""
    return format.money(fen_to_yuan(fen))


def payback(one: Direct) -> str:
    """How long the investment takes to come back, that it never does, or that nothing was invested."""
    if not one.once:
        return t("benefit.nothing_spent")
    return (
        t("benefit.never")
        if one.payback is None
        else t("benefit.years", years=format.number("", 1).text(one.payback))
    )


def term(part: str, name: str) -> str:
    """The words of a kind, grade, criterion or quadrant."""
    return label(named(part)[name]) if name in named(part) else t("benefit.no_quadrant")


def meaning(part: str, name: str) -> str:
    """What a grade or a quadrant means."""
    return label(about(part)[name])


def whose(page: Page, one: Improvement) -> str:
    """The hospital or the department."""
    return said.whose(page, one.dept)


def move(one: Move) -> str:
    """Before, after and the change, or what is missing."""
    unit = said.unit_of(one.definition)
    if one.change is None:
        return t("benefit.no_move", before=unit.text(one.before), after=unit.text(one.after, unit=True))
    mark = "" if one.better is None else "▲ " if one.better else "▼ "
    sign = "+" if one.change > 0 else ""
    return f"{unit.text(one.before)} → {unit.text(one.after, unit=True)}  {mark}{sign}{unit.text(one.change)}"


def change(one: Move | None) -> str:
    """The change of satisfaction in points, or a dash."""
    if one is None or one.change is None:
        return ""
    return f"{'+' if one.change > 0 else ''}{format.number('', 1).text(one.change)}"


def soft(one: Soft | None) -> str:
    """The experts' score with their range."""
    if one is None:
        return ""
    points = format.number("", 1)
    if one.spread is None:
        return t("benefit.soft_one", score=points.text(one.score))
    return t(
        "benefit.soft_range",
        score=points.text(one.score),
        low=points.text(one.low),
        high=points.text(one.high),
    )


def price(one: Evaluated) -> str:
    """The price of an hour beside what it costs the hospital."""
    stated = format.number("", 2).text(fen_to_yuan(one.what.direct.hour))
    if one.hourly is None:
        return t("benefit.price_alone", price=stated)
    own = format.number("", 2).text(one.hourly.yuan)
    times = format.number("", 1).text(fen_to_yuan(one.what.direct.hour) / one.hourly.yuan)
    return t(
        "benefit.price_high" if one.price_high else "benefit.price_fits", price=stated, own=own, times=times
    )
