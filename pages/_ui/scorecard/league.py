"""Departments among each other: the league table, and where one of them stands."""

from __future__ import annotations

import streamlit as st

from core.indicators.card import Card, place
from core.indicators.define import perspectives
from pages._ui import charts, format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, words
from pages._ui.scorecard.panels import POINTS
from pages._ui.text import t

SHOWN = 16


def takes_part(page: Page) -> bool:
    """Whether the scorecard runs for the page's department; says so where it is only piloted elsewhere."""
    held = figures.decided(page)[2]
    if page.dept is None or held.runs_in(page.period)(page.dept):
        return True
    page.message(t("scorecard.not_piloted", name=words.whose(page, page.dept)))
    pilots = held.pilots_in(page.period)
    names = t("state.and").join(words.whose(page, code) for code in pilots)
    st.caption(t("scorecard.pilots_are", count=len(pilots), names=names))
    return False


def unaimed(page: Page, span: str, found: Card) -> bool:
    """A department without any target: says so, with the way to set some."""
    if found.lines():
        return False
    page.message(t("scorecard.none_aimed", name=words.whose(page, found.dept_code)))
    stands(page, span, found)
    return True


def stands(page: Page, span: str, found: Card) -> None:
    """One line: the place of a department among its class, or how many departments are piloted; ways onward."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if page.dept is None:
            if pilots := figures.decided(page)[2].pilots_in(page.period):
                st.markdown(
                    f":gray[:material/experiment: {t('scorecard.piloted', count=len(pilots))}]",
                    width="content",
                )
        elif where := place(figures.league(page, span), found.dept_code):
            said = t("scorecard.place", rank=where.rank, count=where.peers, kind=page.board.classes()[found.dept_class],
                     median=words.points(where.median))  # fmt: skip
            st.markdown(f":material/leaderboard: {said}", width="content")
        for name, icon in (("aims", "flag"), *([("department", "local_hospital")] if page.dept else [])):
            if st.button(
                t(f"scorecard.to_{name}"), key=f"to_{name}", type="tertiary", icon=f":material/{icon}:"
            ):
                st.switch_page(f"pages/{'cost' if name == 'department' else 'board'}/{name}.py")


def peers_panel(page: Page, span: str, found: Card) -> None:
    """The department among its class: those around it, the others gathered."""
    where = place(figures.league(page, span), found.dept_code)
    with frame.panel(t("scorecard.peers"), t("scorecard.peers_note"), key="peers"):
        if where is None:
            st.caption(t("scorecard.no_score"))
            return
        mine = next(n for n, one in enumerate(where.cards) if one.dept_code == found.dept_code)
        first = max(0, min(mine - SHOWN // 2, len(where.cards) - SHOWN))
        rows = [
            {"label": f"{n} {one.dept_name}{' ▲' if one.thin else ''}{'  ◀' if n - 1 == mine else ''}", "actual": one.total, "target": where.median}
            for n, one in enumerate(where.cards, 1) if first < n <= first + SHOWN
        ]  # fmt: skip
        picks = charts.bullet(rows, unit=POINTS, alt=t("scorecard.peers"), better="higher", key="peers")
        if picks and picks.fresh:
            chosen = where.cards[int(str(picks[0]["label"]).split(" ")[0]) - 1]
            st.query_params["dept"] = chosen.dept_code
            st.rerun()


def thin(count: int, first: str) -> None:
    """Says how many of a league have too few figures, and that the first of them is one."""
    if count:
        said = t("scorecard.league_thin", count=count)
        if first:
            said += t("scorecard.league_thin_first", name=first)
        st.markdown(f":orange[:material/warning:] {said}{t('cockpit.message.end')}")


def league_panel(page: Page, span: str) -> None:
    """Departments by their total; a click opens a department's card."""
    found = figures.league(page, span)
    with frame.panel(t("scorecard.league"), t("scorecard.league_note", count=len(found)), key="league"):
        if not found:
            st.caption(t("scorecard.league_none"))
            return
        thin(len([one for one in found if one.thin]), found[0].dept_name if found[0].thin else "")
        rows = [
            {"rank": place, "code": one.dept_code, "name": one.dept_name, "total": one.total, "light": words.light(one.status),
             "share": words.coverage(one.coverage, one.thin), **{side.perspective: side.score for side in one.sides}}
            for place, one in enumerate(found, 1)
        ]  # fmt: skip
        cols = [
            tables.Col("rank", t("scorecard.col_rank"), "number", format.count(), width=52),
            tables.Col("name", t("scorecard.col_dept"), width=140),
            tables.Col("total", t("scorecard.total"), "bar", POINTS, width=120, most=120),
            tables.Col("light", t("scorecard.col_light"), width=80),
            *(
                tables.Col(name, t(f"scorecard.side_{name}"), "number", POINTS, width=94)
                for name in perspectives()
            ),
            tables.Col("share", t("scorecard.col_coverage"), width=96),
        ]
        click = tables.table(
            rows,
            cols,
            key="league",
            actions=("detail",),
            download=f"league-{page.period}",
            alt=t("scorecard.league"),
        )
        if click:
            st.query_params["dept"] = str(click.row["code"])
            st.rerun()
