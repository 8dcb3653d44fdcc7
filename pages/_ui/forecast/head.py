"""The sentence, the remarks and the cards."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import streamlit as st

from core.catalog import catalog
from core.forecast.result import TOO_SHORT
from core.forecasting import Answer
from core.forecasting.subjects import Subject, choices, subject
from pages._ui import cards, format, lacking
from pages._ui.forecast import words
from pages._ui.forecast.choose import Choice
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import lang, t


def year_before(found: Answer) -> Decimal | None:
    """The same months a year before, as far as the history holds them all."""
    span = min(len(found.points), 12)
    part = found.past.values[-12:][:span]
    known = [value for value in part if value is not None]
    return sum(known, Decimal(0)) if len(known) == span else None


def total(found: Answer) -> Decimal:
    """The months to come together."""
    return sum((point.final for point in found.points), Decimal(0))


def change(found: Answer) -> Decimal | None:
    """The first twelve of them beside the same months a year before."""
    before = year_before(found)
    first = sum((point.final for point in found.points[:12]), Decimal(0))
    return (first - before) / abs(before) if before else None


def years(found: Answer) -> list[tuple[int, Decimal]]:
    """Whole calendar years to come; of a year that has begun, with its booked months."""
    by_year: dict[int, list[Decimal]] = {}
    for point in found.points:
        by_year.setdefault(point.period // 100, []).append(point.final)
    for period, value in zip(found.past.periods, found.past.values, strict=True):
        if period // 100 in by_year and value is not None:
            by_year[period // 100].append(value)
    return [(year, sum(values, Decimal(0))) for year, values in by_year.items() if len(values) == 12]


def against_naive(found: Answer) -> float | None:
    """Rolling-origin error beside the naive one: -0.2 is a fifth smaller; None where nothing could be tried."""
    mine, naive = (float(found.statistics.errors[key]) for key in ("mean", "naive"))
    return mine / naive - 1 if np.isfinite(mine) and np.isfinite(naive) and naive > 0 else None


def message(page: Page, found: Answer, choice: Choice) -> None:
    """What will happen, and how far it can be trusted."""
    one = found.target.subject
    who, what = words.whose(page, found.target), words.name(found.target)
    if not found.points or not found.past.known:
        page.message(t("forecast.nothing", who=who, what=what))
        _lacking(found)
        return
    span = len(found.points)
    if found.target.is_ratio:
        unit = words.plain_unit(one, found.points[0].final)
        said = t("forecast.says_ratio", who=who, what=what, month=format.period(found.points[0].period),
                 value=unit.text(found.points[0].final, unit=True))  # fmt: skip
    else:
        value = _amount(found, total(found))
        share = change(found)
        key = "forecast.moved" if span <= 12 else "forecast.moved_first"
        moved = t(key, change=format.change(share, format.percent())) if share is not None else ""
        if span > 12 and (whole := years(found)):
            listed = [
                t("forecast.in_year", year=year, value=_amount(found, amount)) for year, amount in whole
            ]
            moved += t("forecast.of_which", years=t("state.and").join(listed))
        said = t("forecast.says", who=who, what=what, count=span, value=value, moved=moved)
    short = TOO_SHORT in (found.statistics.reasons or ((),))[0]
    page.message(t("forecast.short_first", count=found.past.known) + said if short else said + _trust(found))
    if choice.scenario:
        st.info(
            t("forecast.whatif_on", volume=f"{choice.volume:+.0%}", price=f"{choice.price:+.0%}"),
            icon=":material/science:",
        )
    for reason in words.reasons(found):
        st.markdown(f":orange[:material/info:] {reason}")


def _amount(found: Answer, value: Decimal) -> str:
    if found.target.money:
        return format.money(value)
    return words.plain_unit(found.target.subject).text(value, unit=True)


def _lacking(found: Answer) -> None:
    """Which tables would bring it, with their templates."""
    one = found.target.subject
    names = [lacking.name(extract) for extract in one.needs]
    glue = t("forecast.lacking_or") if one.fact or one.name in choices()["facts"] else t("state.and")
    with st.container(border=True):
        st.markdown(t("forecast.lacking", names=glue.join(names)))
        if "operation_value" in one.needs:
            st.caption(t("forecast.lacking_metric", what=_metric(one)))
        lacking.offer(one.needs, "forecast")


def _metric(one: Subject) -> str:
    """The metric's name as the workbook of operation values spells it."""
    metric = (one.fact or subject(one.top).fact).partition("/")[0]
    return catalog().term("operation_metrics", metric).label.of(lang())


def _trust(found: Answer) -> str:
    beside = against_naive(found)
    if beside is None:
        return t("forecast.untried")
    key = "forecast.better" if beside < 0 else "forecast.worse"
    return t(key, share=format.percent(0).text(abs(beside), unit=True))


def cards_row(found: Answer, unit: Unit) -> None:
    """Next month, the months together, the year, the error, the coverage."""
    if not found.points:
        return
    one = found.target.subject
    first, plain = found.points[0], words.plain_unit(one, found.points[0].final)
    made = [
        cards.Card(
            t("forecast.card_next", month=format.period(first.period)), first.final, plain,
            trend=[v for v in found.past.values[-12:] if v is not None] + [first.final],
            help=t("forecast.band", level=80, low=unit.text(first.low80), high=unit.text(first.high80, unit=True)),
        )
    ]  # fmt: skip
    if not found.target.is_ratio:
        share = change(found)
        made.append(
            cards.Card(
                t("forecast.card_sum", count=len(found.points)), total(found), plain, one.better,
                [cards.Comparison(t("compare.last_year"), share, format.percent())]
                if share is not None and len(found.points) <= 12 else [],
            )
        )  # fmt: skip
    if found.year_end:
        year, booked, whole, low, high = found.year_end
        said = t("forecast.card_year_help", booked=unit.text(booked, unit=True), low=unit.text(low),
                 high=unit.text(high, unit=True))  # fmt: skip
        made.append(cards.Card(t("forecast.card_year", year=year), whole, plain, help=said))
    beside, wape = against_naive(found), float(found.statistics.wape["mean"])
    right = None if not np.isfinite(wape) else 1 - wape
    made.append(
        cards.Card(
            t("forecast.card_accuracy"), right, format.percent(), reason=t("forecast.untried_short"),
            comparisons=[] if beside is None else [
                cards.Comparison(t("forecast.beside_naive"), beside, format.percent(0), good=beside < 0)
            ],
            help=t("forecast.card_accuracy_help"),
        )
    )  # fmt: skip
    covered = float(np.atleast_1d(found.statistics.coverage[80])[0])
    made.append(
        cards.Card(
            t("forecast.card_cover"), None if not np.isfinite(covered) else covered, format.percent(0),
            reason=t("forecast.untried_short"), help=t("forecast.card_cover_help"),
        )
    )  # fmt: skip
    cards.row(made, "forecast_cards")
