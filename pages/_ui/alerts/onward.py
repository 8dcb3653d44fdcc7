"""From an alert to the people who answer for it: a matter that is followed until it was put right and checked."""

from __future__ import annotations

import streamlit as st

from core.alerts import Alert, short, subject
from core.responsibility import tracing
from pages._ui import board, frame
from pages._ui.responsibility import opened, words
from pages._ui.text import lang, t
from pages._ui.upload.people import actor

PAGE = "pages/budget/responsibility.py"


def onward(page: frame.Page, alert: Alert) -> None:
    """The matter this alert was handed on as, or the button that hands it on."""
    held = [one for one in opened.traces(page) if one.ref == alert.key and one.stage != tracing.DISMISSED]
    with st.container(horizontal=True, vertical_alignment="center"):
        if held:
            st.markdown(
                f":material/assignment_turned_in: **{held[0].key}**  {words.stage(held[0], opened.moment().date())}",
                width="content",
            )
            if st.button(t("alerts.matter_open"), key=f"matter_{alert.key}", type="tertiary"):
                st.switch_page(PAGE, query_params={"view": "tracing"})
        elif alert.open and st.button(
            t("alerts.matter_raise"),
            key=f"raise_{alert.key}",
            icon=":material/assignment_ind:",
            type="tertiary",
        ):
            names = {one.code: one.name for one in page.board.departments}
            dept = alert.run.dept if alert.run.dept in names else ""
            entry = tracing.raise_trace(
                board.store(), page.hospital, source="alert", ref=alert.key,
                title=f"{subject(alert.run, lang())} {short(alert.run, lang())}"[:120], rates=opened.rates(page),
                by=actor(), at=opened.moment(), period=alert.run.until, dept=dept, dept_name=names.get(dept, ""),
            )  # fmt: skip
            st.toast(t("responsibility.raised", key=entry.key), icon=":material/add:")
            st.rerun()
