"""One target in the editor: its figures, what it would do to the score, what it lacks, and the reason it is changed for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from core.indicators import aims as core
from core.indicators.card import Card, Line, made
from core.indicators.define import Caliber, Indicator, indicators
from core.indicators.line import scored_against
from core.indicators.targets import SMART, Target, TargetError, in_force, smart
from core.people import people, roles
from pages._ui import board, format, frame, url
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, words
from pages._ui.text import label, t
from pages._ui.upload.people import actor, now

SPAN = "ytd"  # what a change is tried on: the year so far tells more than a month
AHEAD = 36  # months after the page's month that a date may lie


def panel(page: Page) -> None:
    """The editor of one indicator's target for the page's hospital, class or department."""
    dept = panels.dept_of(page)
    names = panels.names()
    with frame.panel(t("aims.edit", who=words.whose(page, dept)), key="edit"):
        url.seed("indicator", list(names), "F01")
        st.selectbox(t("scorecard.indicator"), list(names), key="indicator", format_func=lambda one: names.get(one, one),
                     persist_state="session")  # fmt: skip
        url.publish("indicator", str(st.session_state["indicator"]), "F01")
        meant = indicators()[str(st.session_state["indicator"])]
        if meant.better == "watch":
            st.caption(t("aims.watched"))
            return
        before = core.held(figures.decided(page)[3], meant.code, dept, page.period)
        wanted = _asked(page, meant, dept, before)
        if wanted is not None:
            measured = _effect(page, wanted, dept)
            _smart(wanted, measured)
            _keep(page, wanted, before)


def _asked(page: Page, meant: Indicator, dept: str, before: Target | None) -> Target | None:
    """The fields, filled with what holds now."""
    key = f"{meant.code}_{dept}_{before.since if before else 0}_{page.snapshot}"
    caliber = _caliber(meant, before, key)
    unit = words.unit_of(meant, caliber)
    held = before if before is not None and before.caliber == caliber.name else None
    if meant.better == "range":
        low, high = _pair(
            unit, ("low", "high"), (held.low if held else None, held.high if held else None), key
        )
        numbers: dict[str, Any] = {"low": low, "high": high}
        if low is not None and high is not None and low >= high:
            st.warning(t("aims.error_range"))
            return None
    else:
        old = (held.baseline if held else None, held.target if held else None)
        base, aim = _pair(unit, ("baseline", "target"), old, key)
        numbers = {"baseline": base, "target": aim}
    if caliber.yearly:
        st.caption(t("aims.yearly"))
    months = _months(page.period - 300, AHEAD + 36)
    if before is not None and before.since not in months:
        months = [before.since, *months]
    said = {month: format.period(month) for month in months}
    left, right = st.columns(2)
    with left:
        since = st.selectbox(t("aims.since"), months, index=months.index(before.since) if before
                             else months.index(page.period // 100 * 100 + 1), key=f"since_{key}", format_func=lambda month: said.get(month, str(month)))  # fmt: skip
    later = [month for month in months if month >= since]
    with right:
        due = st.selectbox(t("aims.due"), later, index=later.index(before.due) if before and before.due in later else None,
                           key=f"due_{key}", format_func=lambda month: said.get(month, str(month)), placeholder=t("aims.no_date"))  # fmt: skip
    owners = _owners(page, before)
    named = {one: words.owner(one) for one in owners}
    owner = st.selectbox(t("aims.owner"), owners, index=owners.index(before.owner) if before and before.owner in owners else None,
                         key=f"owner_{key}", format_func=lambda one: named.get(one, one), placeholder=t("aims.no_owner"))  # fmt: skip
    return Target(
        meant.code, int(since), caliber=caliber.name, dept=dept, due=due, owner=owner or "", **numbers
    )


def _caliber(meant: Indicator, before: Target | None, key: str) -> Caliber:
    if len(meant.calibers) == 1:
        return meant.calibers[0]
    said = {one.name: label(one.label) for one in meant.calibers}
    chosen = st.radio(t("scorecard.caliber"), list(said), index=list(said).index(before.caliber if before else "main"),
                      key=f"caliber_{key}", format_func=lambda name: said.get(name, name))  # fmt: skip
    return meant.caliber(str(chosen))


def _pair(
    unit: Unit, names: tuple[str, str], old: tuple[Decimal | None, Decimal | None], key: str
) -> tuple[Decimal | None, Decimal | None]:
    """Two number fields in the unit people read, as exact stored numbers."""
    found = []
    for column, name, held in zip(st.columns(2), names, old, strict=True):
        with column:
            given = st.number_input(
                f"{t(f'aims.{name}')} ({unit.label})" if unit.label else t(f"aims.{name}"), value=unit.scale(held),
                key=f"{name}_{key}", format=f"%.{unit.decimals}f", placeholder=t("aims.no_number"),
            )  # fmt: skip
            found.append(None if given is None else Decimal(str(given)) * unit.divisor)
    return found[0], found[1]


def _months(first: int, count: int) -> list[int]:
    year, month = divmod(first, 100)
    return [(year + (month - 1 + n) // 12) * 100 + (month - 1 + n) % 12 + 1 for n in range(count + 1)]


def _owners(page: Page, before: Target | None) -> list[str]:
    """Roles, people of the hospital, and whoever owns it now."""
    listed = [*roles(), *(one.name for one in people(figures.decided(page)[3]))]
    return listed if before is None or not before.owner or before.owner in listed else [before.owner, *listed]


def _effect(page: Page, wanted: Target, dept: str) -> bool:
    """The score of the indicator and of the whole card, before and after; whether there are figures at all."""
    now, own = figures.basis(page, SPAN, dept), figures.decided(page)[1]
    after = now.tried(wanted)
    old, new = made(now, own), made(after, own)
    line = _line(new.lines(), wanted) or _line(after.lines, wanted)
    st.markdown(f"**{t('aims.effect')}**  :gray[{t('aims.effect_note', month=format.period(page.period))}]")
    if line is None or line.value is None:
        st.caption(words.reason(line) if line is not None and line.reason else t("scorecard.reason_not_here"))
    with st.container(horizontal=True, gap="medium"):
        if line is not None and line.value is not None:
            st.metric(t("scorecard.col_value"), words.value(line), width="content")
        _step(t("aims.score_of"), _score(old, wanted), _score(new, wanted))
        _step(t("scorecard.total"), old.total, new.total)
    if dept.startswith("*") and dept != "*":
        return _departments(page, wanted, dept)
    return line is not None and line.value is not None


def _departments(page: Page, wanted: Target, dept: str) -> bool:
    """How many departments of the class would reach the target, before and after; those with a target of their own stay."""
    held = figures.decided(page)[0]
    own = {
        code
        for code in {one.dept for one in held if one.indicator == wanted.indicator}
        if wanted.indicator in in_force(held, code, page.period)
    }
    lines = [
        one for one in figures.lines(page, SPAN, wanted.indicator, wanted.caliber)
        if one.dept_class == dept.removeprefix("*") and one.dept_code not in own and one.value is not None
        and not one.dept_code.startswith("*")
    ]  # fmt: skip
    after = [scored_against(one, wanted, SPAN, page.period) for one in lines]
    was, would = (sum((one.score or 0) >= 100 for one in found) for found in (lines, after))
    st.caption(t("aims.departments", count=len(lines), before=was, after=would))
    return bool(lines)


def _line(lines: tuple[Line, ...], wanted: Target) -> Line | None:
    return next((x for x in lines if (x.indicator, x.caliber) == (wanted.indicator, wanted.caliber)), None)


def _score(found: Card, wanted: Target) -> Decimal | None:
    return next((line.score for line in found.lines() if line.indicator == wanted.indicator), None)


def _step(name: str, before: Decimal | None, after: Decimal | None) -> None:
    delta = None if before is None or after is None else float(round(after - before, 1))
    st.metric(
        name, f"{words.points(before)} → {words.points(after)}", delta if delta else None, width="content",
        delta_color="normal" if delta else "off",
    )  # fmt: skip


def _smart(wanted: Target, measured: bool) -> None:
    """The five things of SMART, each there or missing; then why nothing could be scored against the target."""
    missing = smart(wanted, measured)
    said = [
        f":red[:material/close: {t(f'aims.smart_{name}')}]" if name in missing else f":green[:material/check: {t(f'aims.smart_{name}')}]"
        for name in SMART
    ]  # fmt: skip
    st.markdown(f"**SMART**  {'  '.join(said)}")
    if doubt := "contrary" if wanted.contrary else "baseline" if wanted.unscored == "baseline" else "":
        better = t(f"scorecard.better_{indicators()[wanted.indicator].better}")
        st.markdown(f":orange[:material/warning: {t(f'aims.unscored_{doubt}', better=better)}]")


def _keep(page: Page, wanted: Target, before: Target | None) -> None:
    same = before is not None and replace(before, why="", strategy="") == wanted
    why = st.text_input(
        t("aims.why"), key=f"why_{wanted.indicator}_{wanted.dept}", placeholder=t("aims.why_needed")
    )
    with st.container(horizontal=True):
        kept = st.button(
            t("aims.save"),
            type="primary",
            icon=":material/save:",
            key="aim_save",
            disabled=same or wanted.empty,
        )
        back = before is not None and st.button(
            t("aims.take_back"), key="aim_back", icon=":material/undo:", type="tertiary"
        )
    if not kept and not back:
        return
    aim = (
        wanted
        if kept
        else Target(
            wanted.indicator, wanted.since, caliber=before.caliber if before else "main", dept=wanted.dept
        )
    )
    try:
        _store(page, aim, before, why)
    except TargetError as problem:
        st.warning(t(f"aims.error_{problem.code}"))
        return
    board.follow()
    st.toast(t("aims.saved"), icon=":material/check:")
    st.rerun()


def _store(page: Page, aim: Target, before: Target | None, why: str) -> None:
    """Keep it; a target that moves to another caliber is taken back from the one it was for."""
    moved = before is not None and before.caliber != aim.caliber and not aim.empty
    if moved and before is not None:
        gone = Target(
            before.indicator, max(before.since, aim.since), caliber=before.caliber, dept=before.dept
        )
        core.put(board.store(), page.hospital, gone, why=why, actor=actor(), at=now())
    core.put(board.store(), page.hospital, aim, why=why, actor=actor(), at=now())
