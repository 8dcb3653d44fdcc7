"""Whether a file replaces what a source holds or is another source: asked only where its rows do not say."""

from __future__ import annotations

import streamlit as st

from core.batch import Effect, SourceChoice
from core.catalog import catalog
from pages._ui import format
from pages._ui.text import label, t
from pages._ui.upload.job import Job
from pages._ui.upload.lines import plain


def undecided(effect: Effect) -> list[SourceChoice]:
    """Extracts whose source a person must name."""
    return [choice for choice in effect.sources if not choice.decided]


def ask(job: Job, choice: SourceChoice) -> None:
    """One question: replace a source's months, or keep as a source of its own."""
    name = f"{job.id}:source:{choice.extract}"
    known = [source for source, _, _ in choice.candidates]
    rows = {source: count for source, _, count in choice.candidates}
    words = {
        source: t("upload.ask.source_same", source=plain(source), rows=f"{rows[source]:,}")
        for source in known
    }
    words[""] = t("upload.ask.source_new")
    with st.container(border=True):
        st.markdown(f"**{t('upload.ask.source', extract=label(catalog().extracts[choice.extract]))}**")
        if choice.candidates:
            share = format.percent().text(choice.candidates[0][1], unit=True)
            st.caption(t("upload.ask.source_note", share=share))
        with st.form(name, border=False):
            picked = st.radio(
                t("upload.source"), [*known, ""], format_func=lambda one: words.get(one, one),
                key=f"{name}:pick", label_visibility="collapsed",
            )  # fmt: skip
            fresh = st.text_input(t("upload.ask.source_name"), key=f"{name}:new", width=320)
            sent = st.form_submit_button(t("upload.ask.source_confirm"), type="primary")
        if sent and (picked or fresh.strip()):
            job.sources[choice.extract] = picked or fresh.strip()
            job.effect = None
            st.rerun()
