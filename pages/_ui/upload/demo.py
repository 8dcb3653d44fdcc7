"""Bringing the demo hospital in, through the same intake as a person's files, with a bar."""

from __future__ import annotations

import logging
from uuid import uuid4

import streamlit as st

from core.batch import Decisions, Duplicate
from core.importing import Desk, confirmed, demo_files
from core.intake.reading import Options
from core.place import DEMO
from pages._ui.text import t
from pages._ui.upload import people, work

_log = logging.getLogger("costward.upload")


def open_demo() -> None:
    """Import every demo workbook in order. What is stored already is passed over, so a second try goes on."""
    listed = demo_files(DEMO)
    bar = st.progress(0.0, text=t("upload.start.building"))
    desk = work.desk()
    for number, entry in enumerate(listed):
        words = t("upload.reading", file=entry["file"], number=number + 1, count=len(listed))
        bar.progress(number / len(listed), text=words)
        try:
            _bring(desk, entry)
        except Duplicate:
            continue
        except Exception as fault:
            if type(fault).__module__.startswith("streamlit."):
                raise
            reference = uuid4().hex[:8].upper()
            _log.exception("demo failed at %s, reference %s", entry["file"], reference)
            bar.empty()
            st.error(t("upload.start.demo_failed", reason=t("upload.failed", reference=reference)))
            return
    bar.empty()
    st.rerun()


def _bring(desk: Desk, entry: dict[str, str]) -> None:
    path = DEMO / entry["file"]
    options = Options(extract=entry.get("extract"), source=entry.get("source"), accept_proposals=True)
    reading = desk.read(path, path.name, options)
    source, extract = entry.get("source"), entry.get("extract")
    given = Decisions(sources={extract: source} if source and extract else {})
    desk.accept(
        reading,
        confirmed(reading, given, proposals=True),
        path,
        actor=people.actor(),
        at=people.now(),
        action="demo",
    )
    desk.forget(reading)
