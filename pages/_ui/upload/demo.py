"""Bringing the demo hospital in, through the same intake as a person's files, with a bar."""

from __future__ import annotations

import streamlit as st

from core.cli.importing import through
from core.importing import demo_files
from core.intake.reading import Options
from core.place import DEMO
from pages._ui.text import t
from pages._ui.upload import work


def open_demo() -> None:
    """Import every demo workbook; what is stored already is passed over, so a second try goes on where one ended."""
    listed = demo_files(DEMO)
    jobs = [
        (
            DEMO / entry["file"],
            Options(extract=entry["extract"], source=entry.get("source"), accept_proposals=True),
        )
        for entry in listed
    ]
    bar = st.progress(0.0, text=t("upload.start.building"))
    done = through(work.desk(), jobs, dry=False, proposals=True, action="demo")
    for number, outcome in enumerate(done, 1):
        words = t("upload.reading", file=outcome.path.name, number=number, count=len(jobs))
        bar.progress(min(number / len(jobs), 1.0), text=words)
    work.derive(bar)
    bar.empty()
    st.rerun()
