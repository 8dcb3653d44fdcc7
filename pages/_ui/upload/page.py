"""The upload page, top to bottom."""

from __future__ import annotations

import streamlit as st

from core.batch import history
from pages._ui import format, frame
from pages._ui.text import t
from pages._ui.upload import files, people, start, work
from pages._ui.upload import history as past
from pages._ui.upload.job import jobs
from pages._ui.upload.lines import months


def draw(page: frame.Page) -> None:
    """Drop zone, files, first steps on an empty warehouse, templates, history."""
    batches = history(work.store(), work.snapshot(), work.desk().hospital)
    files_in = [batch for batch in batches if batch.action != "settings"]
    if files_in:
        last = files_in[0]
        live = [p for batch in files_in for part in batch.parts for p in part.live_periods]
        page.message(
            t(
                "upload.message.have",
                hospital=page.board.hospital_name or work.desk().hospital,
                months=months(live) or t("upload.no_months"),
                batches=len(files_in),
                when=format.stamp(last.at.astimezone()),
                who=people.importer(last),
            )
        )
    files.drop_zone()
    files.read_waiting()
    files.show()
    if not files_in and not jobs():
        start.first_steps()
    start.templates()
    if files_in:
        with frame.panel(t("upload.history.title"), t("upload.history.note")):
            past.show(files_in, work.undo, work.after_undo)
    st.space("small")
