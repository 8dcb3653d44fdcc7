"""First steps on an empty warehouse, and the empty templates."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.catalog import catalog
from core.export import template_workbook
from pages._ui import frame
from pages._ui.text import label, lang, t
from pages._ui.upload import demo

# Enough for the three-step allocation.
NEEDED = ("dept", "cost_item", "ledger_cost", "income", "workload_op", "workload_ip", "staff_count", "area")


def first_steps() -> None:
    """The two ways in: the demo hospital, or one's own files."""
    left, right = st.columns(2)
    with left, frame.panel(t("upload.start.demo")):
        st.markdown(t("upload.start.demo_more"))
        if st.button(t("upload.start.demo"), type="primary", icon=":material/play_circle:", key="open_demo"):
            demo.open_demo()
    with right, frame.panel(t("upload.start.own")):
        st.markdown(t("upload.start.own_more"))
        st.markdown(" ".join(f":gray-badge[{label(catalog().extracts[name])}]" for name in NEEDED))


def templates() -> None:
    """A download for each extract; the needed ones first."""
    with st.expander(
        f"{t('upload.templates.title')}  :gray[{t('upload.templates.note')}]", icon=":material/download:"
    ):
        for key, names in (
            ("need", NEEDED),
            ("more", [name for name in catalog().extracts if name not in NEEDED]),
        ):
            st.caption(t(f"upload.templates.{key}"))
            with st.container(horizontal=True):
                for name in names:
                    extract = catalog().extracts[name]
                    st.download_button(
                        label(extract),
                        data=partial(template_workbook, name, lang()),
                        file_name=f"{extract.number}_{label(extract)}.xlsx",
                        on_click="ignore",
                        key=f"template_{name}",
                    )
