"""The calculator: an improvement written down or revised; what its figures mean stands beside them at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import streamlit as st

from core.benefit.book import MONEY, Improvement, ImprovementError, Kept, keep, kept, named
from core.benefit.direct import Direct, implied_hour, implied_investment
from core.benefit.indirect import OpinionError, soft
from core.money import fen_to_yuan, yuan_to_fen
from pages._ui import format, frame
from pages._ui.benefit import detail, experts, figures, words
from pages._ui.frame import Page
from pages._ui.scorecard import panels as scorecard
from pages._ui.text import t
from pages._ui.upload.people import actor, now

NEW = 0


def panel(page: Page) -> None:
    """Fields on the left, what follows on the right; kept with a reason where it is a revision."""
    held = {one.number: one for one in kept(figures.book(), page.hospital)}
    names = {NEW: t("benefit.new"), **{number: one.what.name for number, one in held.items()}}
    number = st.selectbox(
        t("benefit.which"), list(names), key="which", format_func=lambda n: names.get(n, str(n)), width=340
    )
    before = held.get(int(number))
    key = f"{number}_{before.at.timestamp() if before else 0}"
    left, right = st.columns([3, 2], gap="small")
    with left, frame.panel(t("benefit.write"), t("benefit.write_note"), key="write"):
        wanted = _asked(page, before.what if before else _blank(page), key)
        st.markdown(f"**{t('benefit.soft')}**")
        opinions, weights = experts.asked(wanted.opinions, wanted.weights, key)
        wanted = replace(wanted, opinions=opinions, weights=weights)
    with right, frame.panel(t("benefit.follows"), t("benefit.stated"), key="follows"):
        _follows(page, wanted)
        _keep(page, wanted, before, key)
        _meant()


def _blank(page: Page) -> Improvement:
    return Improvement("", "it", page.period - 100, page.period - 100, page.period)


def _asked(page: Page, held: Improvement, key: str) -> Improvement:
    """The fields, filled with what was stated."""
    name = st.text_input(
        t("benefit.col_name"), value=held.name, key=f"name_{key}", placeholder=t("benefit.name_like")
    )
    kinds = {code: words.term("kinds", code) for code in named("kinds")}
    grades = {
        code: f"{words.term('grades', code)} {words.meaning('grades', code)}" for code in named("grades")
    }
    depts = {"*": t("scorecard.whole"), **{one.code: one.name for one in page.board.departments}}
    one, two, three = st.columns(3)
    with one:
        kind = st.selectbox(t("benefit.col_kind"), list(kinds), index=list(kinds).index(held.kind), key=f"kind_{key}",
                            format_func=lambda code: kinds.get(code, code))  # fmt: skip
    with two:
        dept = st.selectbox(t("benefit.col_whose"), list(depts), index=list(depts).index(held.dept) if held.dept in depts else 0,
                            key=f"dept_{key}", format_func=lambda code: depts.get(code, code))  # fmt: skip
    with three:
        grade = st.selectbox(t("benefit.col_grade"), list(grades), index=list(grades).index(held.grade), key=f"grade_{key}",
                             format_func=lambda code: grades.get(code, code))  # fmt: skip
    direct = _direct(held.direct, key)
    months = sorted({*page.board.periods, held.since, held.before, held.after})
    said = {month: format.period(month) for month in months}
    chosen = {}
    for column, field in zip(st.columns(3), ("before", "since", "after"), strict=True):
        with column:
            chosen[field] = int(st.selectbox(
                t(f"benefit.{field}"), months, index=months.index(getattr(held, field)), key=f"{field}_{key}",
                format_func=lambda month: said.get(month, str(month)), help=t(f"benefit.{field}_help"),
            ))  # fmt: skip
    labels = scorecard.names()
    cases = st.multiselect(t("benefit.cases"), list(labels), default=list(held.cases), key=f"cases_{key}",
                           format_func=lambda code: labels.get(code, code), placeholder=t("benefit.cases_like"))  # fmt: skip
    note = st.text_input(
        t("benefit.note"), value=held.note, key=f"note_{key}", placeholder=t("benefit.note_like")
    )
    return Improvement(name, kind, chosen["since"], chosen["before"], chosen["after"], dept, grade, direct, held.opinions,
                       held.weights, tuple(cases), note)  # fmt: skip


def _direct(held: Direct, key: str) -> Direct:
    """Time, money saved and earned, money spent; yuan as people type them, whole fen inside."""
    st.markdown(f"**{t('benefit.direct')}**")
    numbers = {
        "volume": held.volume,
        "minutes": held.minutes,
        **{name: fen_to_yuan(getattr(held, name)) for name in MONEY},
    }
    given = {}
    fields = [*numbers, "life"]
    for start in range(0, len(fields), 3):
        for column, name in zip(st.columns(3), fields[start : start + 3], strict=False):
            with column:
                if name == "life":
                    life = st.number_input(
                        t("benefit.life"), min_value=1, max_value=30, value=held.life, key=f"life_{key}"
                    )
                    continue
                value = st.number_input(
                    t(f"benefit.{name}"), min_value=0.0, value=float(numbers[name]), key=f"{name}_{key}", help=t(f"benefit.{name}_help"),
                    format="%.0f" if name == "volume" else "%.2f",
                )  # fmt: skip
                given[name] = Decimal(str(value))
    money = {name: yuan_to_fen(round(given[name], 2)) for name in MONEY}
    return Direct(given["volume"], given["minutes"], life=int(life), **money)


def _follows(page: Page, wanted: Improvement) -> None:
    found = figures.tried(page, Kept(NEW, wanted, "", now()))
    with st.container(horizontal=True, gap="medium"):
        for name in ("benefit", "cost", "worth"):
            st.metric(t(f"benefit.{name}"), words.money(getattr(wanted.direct, name)), width="content")
        st.metric(t("benefit.payback"), words.payback(wanted.direct), width="content")
    detail.calculation(found)
    if scored := soft(wanted.opinions, wanted.weights):
        st.markdown(f"**{t('benefit.soft')}**  {words.soft(scored)}")


def _keep(page: Page, wanted: Improvement, before: Kept | None, key: str) -> None:
    why = ""
    if before is not None:
        why = st.text_input(t("benefit.why"), key=f"why_{key}", placeholder=t("benefit.why_needed"))
    same = before is not None and replace(before.what, example=False) == wanted and not before.what.example
    if not st.button(
        t("benefit.save"), type="primary", icon=":material/save:", key="benefit_save", disabled=same
    ):
        return
    number = before.number if before else NEW
    try:
        keep(figures.book(), page.hospital, wanted, number=number, why=why, by=actor(), at=now())
    except (ImprovementError, OpinionError) as problem:
        st.warning(t(f"benefit.error_{problem.code}"))
        return
    st.toast(t("benefit.kept_it"), icon=":material/check:")
    st.rerun()


def _meant() -> None:
    """What others claim, turned into what it means: the price of an hour, or the money invested."""
    with st.expander(t("benefit.claims"), icon=":material/calculate:"):
        st.caption(t("benefit.claims_note"))
        one, two, three = st.columns(3)
        with one:
            amount = st.number_input(
                t("benefit.claimed"), min_value=0.0, value=1500000.0, format="%.2f", key="claimed"
            )
        with two:
            volume = st.number_input(
                t("benefit.volume"), min_value=0.0, value=100000.0, format="%.0f", key="claimed_volume"
            )
        with three:
            minutes = st.number_input(
                t("benefit.minutes"), min_value=0.0, value=3.0, format="%.1f", key="claimed_minutes"
            )
        fen = yuan_to_fen(Decimal(str(round(amount, 2))))
        hour = implied_hour(Decimal(str(volume)), Decimal(str(minutes)), fen)
        if hour is not None:
            hours = format.number("", 0).text(Decimal(str(volume)) * Decimal(str(minutes)) / 60)
            st.markdown(
                t(
                    "benefit.means_hour",
                    hours=hours,
                    amount=words.money(fen),
                    hour=format.number("", 2).text(fen_to_yuan(hour)),
                )
            )
        one, two = st.columns(2)
        with one:
            yearly = st.number_input(
                t("benefit.claimed_yearly"),
                min_value=0.0,
                value=500000.0,
                format="%.2f",
                key="claimed_yearly",
            )
        with two:
            payback = st.number_input(
                t("benefit.claimed_payback"), min_value=0.0, value=2.5, format="%.1f", key="claimed_payback"
            )
        spent = implied_investment(yuan_to_fen(Decimal(str(round(yearly, 2)))), Decimal(str(payback)))
        st.markdown(t("benefit.means_spent", spent=words.money(spent)))
