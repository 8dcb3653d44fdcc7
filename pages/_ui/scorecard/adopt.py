"""No targets yet: the shipped sets to start from, and the years they are to hold for."""

from __future__ import annotations

import streamlit as st

from core.indicators.card import HOSPITAL
from core.indicators.targets import set_targets, strategies
from pages._ui import board
from pages._ui.frame import Page
from pages._ui.text import label, t
from pages._ui.upload.people import actor, now


def adopt(page: Page) -> None:
    """No targets yet: what they are for, and the shipped sets to start from."""
    page.message(t("scorecard.no_targets"))
    st.caption(t("scorecard.no_targets_do"))
    since, due = _years(page)
    for column, one in zip(st.columns(len(strategies()), gap="small"), strategies(), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{label(one.label)}**")
            depts = sum(aim.dept != HOSPITAL for aim in one.targets)
            st.caption(
                t("scorecard.strategy", about=label(one.about), count=len(one.targets) - depts, depts=depts)
            )
            if st.button(t("scorecard.adopt"), key=f"adopt_{one.name}", type="primary"):
                set_targets(
                    board.store(),
                    page.hospital,
                    one.over(since, due),
                    actor=actor(),
                    at=now(),
                )
                board.follow()
                st.rerun()


def _years(page: Page) -> tuple[int, int]:
    """The month the targets begin to hold and the one they are to be reached in: whole years, the hospital's choice."""
    first, this = min(page.board.periods) // 100, page.period // 100
    years = list(range(min(first, this) - 3, this + 7))
    with st.container(horizontal=True, gap="small"):
        since = st.selectbox(t("scorecard.adopt_since"), years, index=years.index(first), key="adopt_since",
                             help=t("scorecard.adopt_since_help"), width=180)  # fmt: skip
        later = [year for year in years if year >= since]
        due = st.selectbox(
            t("scorecard.adopt_due"), later, index=later.index(max(this, since)), key="adopt_due", width=180
        )
    return int(since) * 100 + 1, int(due) * 100 + 12
