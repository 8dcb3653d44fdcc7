"""'Alerts here': one line on other pages, with the worst; a click opens the alert centre."""

from __future__ import annotations

import streamlit as st

from core.alerts import LEVELS, short, subject
from pages._ui import frame
from pages._ui.alerts import words, work
from pages._ui.text import lang, t

PAGE = "pages/board/alerts.py"


def here(page: frame.Page) -> None:
    """Open alerts of the page's department, or of the hospital; nothing where none are open."""
    opened = [
        status for status in work.statuses(page.hospital).values()
        if status.open and (page.dept is None or status.run.dept == page.dept)
    ]  # fmt: skip
    if not opened:
        return
    counts = {name: sum(status.run.level == name for status in opened) for name in reversed(LEVELS)}
    worst = max(opened, key=lambda s: (LEVELS.index(s.run.level), s.run.until, s.seq))
    told = "  ".join(f"{words.coloured(name)} {count}" for name, count in counts.items() if count)
    who = "" if page.dept is not None else f"{subject(worst.run, lang())} "
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":material/notifications: **{t('alerts.strip.title', count=len(opened))}**  {told}  "
            f":gray[{t('alerts.strip.worst', what=f'{who}{words.rule(worst.run)} {short(worst.run, lang())}')}]",
            width="content",
        )
        if st.button(
            t("alerts.strip.open"), key="alerts_here", type="tertiary", icon=":material/arrow_forward:"
        ):
            st.switch_page(PAGE)
