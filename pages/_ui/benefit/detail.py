"""One improvement opened: how its figures are made, what experts said, indicators before and after, its versions."""

from __future__ import annotations

import streamlit as st

from core.benefit.book import ImprovementError, bring_back, history, kept, withdraw
from core.benefit.figures import Evaluated
from core.money import fen_to_yuan
from pages._ui import format, frame, tables
from pages._ui.benefit import figures, words
from pages._ui.frame import Page
from pages._ui.scorecard import panels as scorecard
from pages._ui.states import guard
from pages._ui.text import label, t
from pages._ui.upload.people import actor, now, who

POINTS = format.number("", 1)


def show(page: Page, one: Evaluated) -> None:
    """The improvement in the right-hand drawer."""

    @st.dialog(one.what.name, width=880, position="right", icon=":material/lightbulb:")
    def drawer() -> None:
        with guard():
            _body(page, one)

    drawer()


def _body(page: Page, one: Evaluated) -> None:
    what = one.what
    parts = [
        words.term("kinds", what.kind),
        words.whose(page, what),
        t("benefit.since_said", month=format.period(what.since)),
        t(
            "benefit.grade_said",
            grade=words.term("grades", what.grade),
            meaning=words.meaning("grades", what.grade),
        ),
    ]
    st.caption("  ·  ".join(parts))
    if what.example:
        st.markdown(f":orange[:material/warning:] {t('benefit.is_example')}")
    if what.note:
        st.markdown(what.note)
    if one.quadrant:
        st.markdown(
            f"**{words.term('quadrants', one.quadrant)}** :gray[{words.meaning('quadrants', one.quadrant)}]"
        )
    calculation(one)
    if one.soft is not None:
        _experts(one)
    _cases(one)
    st.markdown(f"**{t('benefit.versions')}**")
    for each in history(figures.book(), page.hospital, one.kept.number):
        why = t("benefit.withdrawn_said", why=each.why) if each.withdrawn else each.why or t("benefit.first")
        worth = words.money(each.what.direct.worth)
        st.markdown(f"{worth}  {why}  :gray[{who(each.by)} · {format.stamp(each.at)}]")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        why = st.text_input(t("benefit.withdraw_why"), key=f"withdraw_why_{one.kept.number}")
        if st.button(t("benefit.withdraw"), key=f"withdraw_{one.kept.number}", icon=":material/undo:"):
            try:
                withdraw(figures.book(), page.hospital, one.kept.number, why, by=actor(), at=now())
            except ImprovementError as problem:
                st.warning(t(f"benefit.error_{problem.code}"))
            else:
                st.rerun()


def calculation(one: Evaluated) -> None:
    """Every step of the hard benefit, with the price of an hour beside the hospital's own."""
    direct = one.what.direct
    st.markdown(f"**{t('benefit.direct')}**")
    steps = []
    if direct.volume and direct.minutes:
        hours = format.number("", 1).text(direct.hours)
        volume, minutes = (
            format.number("", 0 if x == int(x) else 1).text(x) for x in (direct.volume, direct.minutes)
        )
        steps.append(t("benefit.step_hours", volume=volume, minutes=minutes, hours=hours))
        hour = format.number("", 2).text(fen_to_yuan(direct.hour))
        steps.append(t("benefit.step_labour", hours=hours, hour=hour, labour=words.money(direct.labour)))
    benefit = " + ".join(
        f"{t(f'benefit.part_{name}')} {words.money(value)}"
        for name, value in (("labour", direct.labour), ("saved", direct.saved), ("avoided", direct.avoided), ("income", direct.income))
        if value
    )  # fmt: skip
    steps.append(
        t("benefit.step_benefit", parts=benefit or words.money(0), benefit=words.money(direct.benefit))
    )
    steps.append(t("benefit.step_net", yearly=words.money(direct.yearly), net=words.money(direct.net)))
    steps.append(t("benefit.step_payback", once=words.money(direct.once), payback=words.payback(direct)))
    steps.append(
        t(
            "benefit.step_worth",
            once=words.money(direct.once),
            life=direct.life,
            worth=words.money(direct.worth),
        )
    )
    st.markdown("\n".join(f"- {step}" for step in steps))
    if direct.labour:
        mark = ":orange[:material/warning:] " if one.price_high else ""
        st.markdown(f"{mark}{words.price(one)}")
        if one.hourly is not None:
            people = format.number("", 0).text(one.hourly.people)
            st.caption(t("benefit.hourly_made", staff=format.money(one.hourly.staff), months=one.hourly.months,
                         people=people, hours=f"{one.hourly.hours:f}"))  # fmt: skip


def _experts(one: Evaluated) -> None:
    assert one.soft is not None
    st.markdown(f"**{t('benefit.soft')}**  {words.soft(one.soft)}")
    rows = [
        {
            "name": words.term("criteria", name),
            "weight": one.what.weights[name],
            "mean": mean,
            "low": low,
            "high": high,
        }
        for name, (mean, low, high) in one.soft.by_criterion.items()
    ]
    cols = [
        tables.Col("name", t("benefit.criterion"), width=150),
        tables.Col("weight", t("benefit.weight"), "number", format.number("%", 0), width=80),
        tables.Col("mean", t("benefit.mean"), "bar", POINTS, width=130, most=100),
        tables.Col("low", t("benefit.lowest"), "number", POINTS, width=80),
        tables.Col("high", t("benefit.highest"), "number", POINTS, width=80),
    ]
    tables.table(rows, cols, key="experts", alt=t("benefit.soft"))
    if one.soft.spread is not None:
        own = t("state.and").join(
            f"{name} {POINTS.text(score)}" for name, score in one.soft.by_expert.items()
        )
        st.caption(t("benefit.soft_spread_said", spread=POINTS.text(one.soft.spread), experts=own))


def _cases(one: Evaluated) -> None:
    """Indicators before and after; each opens its page."""
    months = {"before": format.period(one.what.before), "after": format.period(one.what.after)}
    st.markdown(f"**{t('benefit.cases')}**  :gray[{t('benefit.cases_said', **months)}]")
    for each in (one.patients, one.staff, *one.cases):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{label(each.definition.label)}  {words.move(each)}", width="stretch")
            if st.button(
                t("benefit.to_indicator"),
                key=f"case_{each.indicator}",
                type="tertiary",
                icon=":material/monitoring:",
            ):
                scorecard.open_indicator(each.indicator)
    st.caption(t("benefit.cases_warning"))


def withdrawn(page: Page) -> None:
    """What was withdrawn, with its reason; it can be brought back."""
    gone = kept(figures.book(), page.hospital, withdrawn=True)
    if not gone:
        return
    with frame.panel(t("benefit.withdrawn"), t("benefit.withdrawn_note"), key="withdrawn"):
        for one in gone:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    f"{one.what.name}  {one.why}  :gray[{who(one.by)} · {format.stamp(one.at)}]",
                    width="stretch",
                )
                if st.button(
                    t("benefit.bring_back"), key=f"back_{one.number}", type="tertiary", icon=":material/redo:"
                ):
                    why = t("benefit.brought_back")
                    bring_back(figures.book(), page.hospital, one.number, why, by=actor(), at=now())
                    st.rerun()
