"""Bringing the demo hospital in, through the same intake as a person's files, with a bar."""

from __future__ import annotations

import streamlit as st

from core.demo.duty import settle
from core.demo.stories import tell
from core.place import DEMO
from core.through import demo_desk, demo_jobs, through
from pages._ui.text import t
from pages._ui.upload import work


def open_demo() -> None:
    """Import every demo workbook; what is stored already is passed over, so a second try goes on where one ended."""
    desk = demo_desk(work.store(), actor=work.actor(), now=work.now)
    jobs = demo_jobs(DEMO)
    bar = st.progress(0.0, text=t("upload.start.building"))
    done = through(desk, jobs, actor=work.actor(), now=work.now, proposals=True, action="demo")
    for number, outcome in enumerate(done, 1):
        words = t("upload.reading", file=outcome.path.name, number=number, count=len(jobs))
        bar.progress(min(number / len(jobs), 1.0), text=words)
    work.derive(bar, alerts=False)
    tell(work.store(), desk.hospital, work.now())
    settle(work.store(), desk.hospital, at=work.now())
    bar.empty()
    st.rerun()
