"""How far the scorecard is introduced: phases with dates and steps, the team, pilots by month, problems people raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core.indicators import rollout as core
from core.indicators.rollout import Phase, Rollout, phases, problems, set_rollout, team_roles
from pages._ui import board, format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, words
from pages._ui.scorecard.appraisal import book
from pages._ui.text import label, t
from pages._ui.upload.people import actor, now, who


def message(page: Page) -> None:
    """Which phase is running and how long, steps done, pilots and open problems."""
    held, today = figures.decided(page)[2], now().date()
    done, steps = (sum(held.share(one)[n] for one in phases()) for n in (0, 1))
    running = [
        one for one in phases() if held.dates.get(one.name, (None, None))[0] and not held.dates[one.name][1]
    ]
    said = t("rollout.said", done=done, steps=steps)
    if running:
        one = running[-1]
        said += t("rollout.said_running", phase=label(one.label), months=held.lasting(one, today) or 0)
    waiting = sum(one.state == core.OPEN for one in problems(book(), page.hospital))
    if waiting:
        said += t("rollout.said_problems", count=waiting)
    page.message(said + t("cockpit.message.end"))
    for one in phases():
        late = _late(one, held, today)
        if late:
            st.markdown(f":orange[:material/warning:] {late}")


def _late(one: Phase, held: Rollout, today: date) -> str:
    """That a phase takes longer than is usual, or is finished with steps left."""
    lasting, (done, steps) = held.lasting(one, today), held.share(one)
    finished = held.dates.get(one.name, (None, None))[1]
    if finished and done < steps:
        return t("rollout.left", phase=label(one.label), count=steps - done)
    if lasting is not None and one.months[1] and lasting > one.months[1]:
        return t("rollout.long", phase=label(one.label), months=lasting, usual=one.months[1])
    return ""


def phases_panel(page: Page) -> None:
    """Each phase: usual length, dates, steps; kept with one button."""
    held, today = figures.decided(page)[2], now().date()
    key = page.snapshot
    with (
        frame.panel(t("rollout.phases"), t("rollout.phases_note"), key="phases"),
        st.form("phases", border=False),
    ):
        done: list[str] = []
        dates: dict[str, tuple[date | None, date | None]] = {}
        for column, one in zip([*st.columns(2), *st.columns(2)], phases(), strict=True):
            with column, st.container(border=True):
                made, steps = held.share(one)
                st.progress(
                    made / steps,
                    text=f"**{label(one.label)}** {made}/{steps}  :gray[{_length(one, held, today)}]",
                )
                old = held.dates.get(one.name, (None, None))
                left, right = st.columns(2)
                with left:
                    start = st.date_input(
                        t("rollout.start"), value=old[0], key=f"start_{one.name}_{key}", format="YYYY-MM-DD"
                    )
                with right:
                    finish = st.date_input(
                        t("rollout.finish"), value=old[1], key=f"finish_{one.name}_{key}", format="YYYY-MM-DD"
                    )
                if start or finish:
                    dates[one.name] = start, finish
                for place, step in enumerate(one.steps):
                    name = f"{one.name}:{place}"
                    if st.checkbox(label(step), value=name in held.done, key=f"step_{name}_{key}"):
                        done.append(name)
        st.markdown(f"**{t('rollout.team')}**  :gray[{t('rollout.team_note')}]")
        team = {}
        for column, (role, one_role) in zip(
            [*st.columns(3), *st.columns(3)], team_roles().items(), strict=True
        ):
            with column:
                team[role] = st.text_input(
                    label(one_role), value=held.team.get(role, ""), key=f"team_{role}_{key}"
                )
        if st.form_submit_button(t("rollout.save"), type="primary"):
            _store(page, Rollout(tuple(done), held.pilots, dates, team))


def _length(one: Phase, held: Rollout, today: date) -> str:
    usual = (
        t("rollout.usual", least=one.months[0], most=one.months[1]) if one.months[1] else t("rollout.endless")
    )
    lasting = held.lasting(one, today)
    return usual if lasting is None else t("rollout.lasting", usual=usual, months=lasting)


def _store(page: Page, wanted: Rollout) -> None:
    try:
        set_rollout(board.store(), page.hospital, wanted, actor=actor(), at=now())
    except core.RolloutError as problem:
        st.warning(t(f"rollout.error_{problem.code}"))
    else:
        board.follow()
        st.rerun()


def pilots_panel(page: Page) -> None:
    """Pilots by month: what is decided, and a change from a month on that leaves earlier months alone."""
    held = figures.decided(page)[2]
    depts = {one.code: one.name for one in page.board.departments}
    with frame.panel(t("rollout.pilots"), t("rollout.pilots_note"), key="pilots"):
        rows = [
            {"since": format.period(one.since) if one.since else t("rollout.always"), "count": len(one.depts) or None,
             "depts": t("state.and").join(depts.get(code, code) for code in one.depts) or t("rollout.everybody")}
            for one in reversed(held.pilots)
        ]  # fmt: skip
        if rows:
            tables.table(rows, [
                tables.Col("since", t("rollout.since"), width=110), tables.Col("count", t("rollout.count"), "number", format.count(), width=80),
                tables.Col("depts", t("rollout.depts"), width=520),
            ], key="pilots", download="pilots", alt=t("rollout.pilots"))  # fmt: skip
        else:
            st.caption(t("rollout.pilots_none"))
        months = sorted({*page.board.periods, *_ahead(max(page.board.periods))})
        said = {month: format.period(month) for month in months}
        now_in = held.pilots_in(page.period)
        with st.form("pilots", border=False):
            left, right = st.columns([1, 3])
            with left:
                since = st.selectbox(t("rollout.since"), months, index=months.index(page.period), key="pilots_since",
                                     format_func=lambda month: said.get(month, str(month)))  # fmt: skip
            with right:
                chosen = st.multiselect(t("rollout.depts"), list(depts), default=[code for code in now_in if code in depts],
                                        format_func=lambda code: depts.get(code, code), key=f"pilots_{page.snapshot}_{page.period}",
                                        placeholder=t("rollout.everybody"))  # fmt: skip
            if st.form_submit_button(t("rollout.pilots_save")):
                _store(page, held.piloting(int(since), chosen))


def _ahead(period: int) -> list[int]:
    """The next six months."""
    place = period // 100 * 12 + period % 100 - 1
    return [(place + n) // 12 * 100 + (place + n) % 12 + 1 for n in range(1, 7)]


def problems_panel(page: Page) -> None:
    """What people found too hard, by kind; open ones first, each settled with words."""
    found = problems(book(), page.hospital)
    names = panels.names()
    with frame.panel(t("rollout.problems"), t("rollout.problems_note"), key="problems"):
        if found:
            rows = [
                {"kind": t(f"rollout.kind_{one.kind}"), "dept": words.whose(page, one.dept) if one.dept else t("scorecard.whole"),
                 "indicator": names.get(one.indicator, ""), "text": one.text, "by": f"{who(one.by)} {format.day(one.at.date())}",
                 "state": t(f"rollout.state_{one.state}"), "result": one.result}
                for one in found
            ]  # fmt: skip
            widths = {
                "kind": 100,
                "dept": 110,
                "indicator": 150,
                "text": 220,
                "by": 120,
                "state": 76,
                "result": 180,
            }
            cols = [tables.Col(name, t(f"rollout.col_{name}"), width=width) for name, width in widths.items()]
            tables.table(rows, cols, key="problems", download="problems", alt=t("rollout.problems"))
        else:
            st.caption(t("rollout.problems_none"))
        _raise(page, names)
        _settle(page, [one for one in found if one.state == core.OPEN])


def _raise(page: Page, names: dict[str, str]) -> None:
    depts = {"": t("scorecard.whole"), **{one.code: one.name for one in page.board.departments}}
    with st.form("raise", border=True, clear_on_submit=True):
        st.markdown(f"**{t('rollout.raise')}**")
        kinds = {one: t(f"rollout.kind_{one}") for one in core.KINDS}
        left, middle, right = st.columns([2, 3, 4])
        with left:
            kind = st.selectbox(
                t("rollout.col_kind"),
                list(kinds),
                format_func=lambda one: kinds.get(one, one),
                key="raise_kind",
            )
        with middle:
            dept = st.selectbox(
                t("rollout.col_dept"),
                list(depts),
                format_func=lambda code: depts.get(code, code),
                key="raise_dept",
            )
        with right:
            indicator = st.selectbox(t("rollout.col_indicator"), list(names), index=None, format_func=lambda code: names.get(code, code),
                                     key="raise_indicator", placeholder=t("rollout.no_indicator"))  # fmt: skip
        text = st.text_input(t("rollout.col_text"), key="raise_text")
        if st.form_submit_button(t("rollout.save")):
            _do(
                partial(
                    core.raise_problem,
                    book(),
                    page.hospital,
                    kind,
                    text,
                    dept=dept,
                    indicator=indicator or "",
                )
            )


def _settle(page: Page, waiting: list[core.Problem]) -> None:
    if not waiting:
        return
    states = {one: t(f"rollout.state_{one}") for one in (core.SOLVED, core.KEPT)}
    shown = {one.number: f"{t(f'rollout.kind_{one.kind}')} · {one.text}" for one in waiting}
    with st.form("settle_problem", border=True):
        st.markdown(f"**{t('rollout.settle')}**")
        number = st.selectbox(
            t("rollout.problem"), list(shown), format_func=lambda n: shown.get(n, str(n)), key="settle_which"
        )
        state = st.radio(t("rollout.col_state"), list(states), format_func=lambda one: states.get(one, one),
                         horizontal=True, key="settle_state")  # fmt: skip
        result = st.text_input(t("rollout.col_result"), key="settle_problem_result")
        if st.form_submit_button(t("rollout.save")):
            _do(partial(core.settle_problem, book(), page.hospital, int(number), str(state), result))


def _do(act: Callable[..., Any]) -> None:
    try:
        act(by=actor(), at=now())
    except core.RolloutError as problem:
        st.warning(t(f"rollout.error_{problem.code}"))
    else:
        st.rerun()
