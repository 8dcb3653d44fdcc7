"""Months that do not fit, steps, adjustments and keeping: a person's word, with a reason, beside the statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from core.forecasting import Answer
from core.forecasting import decisions as core
from core.forecasting.decisions import AmountRefused, Decision, ReasonMissing
from pages._ui import format, frame
from pages._ui.forecast import figures, lines, odd
from pages._ui.forecast.choose import Choice
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t
from pages._ui.upload import people
from pages._ui.upload.lines import plain

_DIGITS = 24  # beyond them nothing is an amount, and multiplying by the unit would overflow


def panel(page: Page, found: Answer, choice: Choice, unit: Unit) -> None:
    """What does not fit across the page; steps and adjustments below it; then what was kept."""
    with frame.panel(t("forecast.odd_title"), t("forecast.odd_note"), key="odd"):
        _odd(page, found, unit)
    second, third = st.columns(2, gap="small")
    with second, frame.panel(t("forecast.steps_title"), key="steps"):
        _steps(page, found)
    with third, frame.panel(t("forecast.adjust_title"), key="adjust"):
        _adjust(page, found, unit)
    with frame.panel(t("forecast.keep_title"), t("forecast.keep_note"), key="keep"):
        _keep(page, found, choice)
        lines.held(page, found)


def _odd(page: Page, found: Answer, unit: Unit) -> None:
    left, right = st.columns([2, 1], gap="medium")
    with left:
        marked = odd.listed(page, found, unit)
        if found.decided.excluded:
            _listed(found.decided.excluded)
    months = [*marked, *(p for p in reversed(found.past.periods) if p not in marked)]
    with right:
        _form(page, found, core.EXCLUSION, months, found.decided.excluded, "exclude")


def _steps(page: Page, found: Answer) -> None:
    st.caption(t("forecast.steps_note"))
    if found.shift and found.shift not in found.decided.steps:
        st.markdown(f":orange[:material/stairs:] {t('forecast.shift', month=format.period(found.shift))}")
    _listed(found.decided.steps)
    if found.inherited:
        st.caption(t("forecast.inherited"))
        _listed({one.period: one for one in found.inherited})
    months = [
        *([found.shift] if found.shift else []),
        *(p for p in reversed(found.past.periods) if p != found.shift),
    ]
    _form(page, found, core.STEP, months, found.decided.steps, "step")


def _adjust(page: Page, found: Answer, unit: Unit) -> None:
    st.caption(t("forecast.adjust_note"))
    _listed(found.decided.adjusted, unit)
    months = [point.period for point in found.points]
    said = {point.period: unit.text(point.base) for point in found.points}
    _form(page, found, core.ADJUSTMENT, months, found.decided.adjusted, "adjust", said, unit)


def _form(
    page: Page, found: Answer, kind: str, months: Sequence[int], standing: Mapping[int, Decision], key: str,
    said: Mapping[int, str] | None = None, unit: Unit | None = None,
) -> None:  # fmt: skip
    """Month, amount where one is asked for, reason; a month that is decided can be taken back."""
    if not months:
        return
    names = {p: format.period(p) + (f"  {said[p]}" if said and p in said else "") for p in months}
    with st.form(f"forecast_{key}", border=False, clear_on_submit=True):
        chosen = st.selectbox(t("forecast.month"), list(months), format_func=lambda p: names.get(p, str(p)))
        typed = st.text_input(t("forecast.amount", unit=unit.label)) if unit else ""
        reason = st.text_input(t("forecast.reason"))
        with st.container(horizontal=True):
            wanted = st.form_submit_button(t(f"forecast.do_{key}"))
            back = st.form_submit_button(t("forecast.take_back"), type="tertiary") if standing else False
    if not (wanted or back):
        return
    value = None
    if wanted and unit:
        value = amount(typed, unit)
        if value is None:
            st.warning(t("forecast.no_amount"))
            return
    _written(
        lambda: core.decide(
            figures.book(), page.hospital, found.target, kind, int(chosen), reason=reason, by=people.actor(),
            at=people.now(), value=value, off=bool(back),
        )
    )  # fmt: skip


def amount(typed: str, unit: Unit) -> Decimal | None:
    """What a person typed in the page's unit, in the base amount; None for what is no number anybody could mean."""
    try:
        number = Decimal(typed.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number * unit.divisor if number.is_finite() and number.adjusted() < _DIGITS else None


def _written(act: Callable[[], Any]) -> None:
    try:
        act()
    except ReasonMissing:
        st.warning(t("forecast.no_reason"))
        return
    except AmountRefused as refused:
        st.warning(t(f"forecast.amount_{refused}"))
        return
    st.rerun()


def _keep(page: Page, found: Answer, choice: Choice) -> None:
    """What is kept is what the hospital stands by: without a what-if, which only asks a question."""
    if not found.points:
        return
    if choice.scenario:
        st.info(t("forecast.keep_scenario"), icon=":material/science:")
        return
    with (
        st.form("forecast_keep", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        note = st.text_input(t("forecast.keep_words"), width=420)
        if st.form_submit_button(t("forecast.do_keep"), icon=":material/bookmark_add:"):
            core.keep(figures.book(), page.hospital, found.target, found.kept, found.last, by=people.actor(),
                      at=people.now(), note=note)  # fmt: skip
            st.rerun()


def _listed(standing: Mapping[int, Decision], unit: Unit | None = None) -> None:
    for period, one in standing.items():
        value = f" {unit.text(one.value, unit=True)}" if unit else ""
        if unit and one.value is None:
            value = f" {t('forecast.amount_broken')}"
        st.markdown(
            f":small[**{format.period(period)}{value}**  {plain(one.reason)}  "
            f":gray[{people.who(one.by)} {format.day(one.at)}]]"
        )
