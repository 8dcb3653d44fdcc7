"""The hospital's own wording of the letters, edited in both languages."""

from __future__ import annotations

import streamlit as st

from core.responsibility import letters as kept
from core.responsibility.words import TEXTS
from pages._ui import board, states
from pages._ui.frame import Page
from pages._ui.responsibility import opened
from pages._ui.text import t
from pages._ui.upload.people import actor


def button(page: Page) -> None:
    """Opens the editor."""
    if st.button(t("responsibility.wording"), icon=":material/edit:", key="wording", type="tertiary"):
        _edit(page)


def _edit(page: Page) -> None:
    @st.dialog(t("responsibility.wording"), width="large", icon=":material/edit:")
    def ask() -> None:
        with states.guard():
            own = kept.wording(opened.settings(page))
            st.caption(t("responsibility.wording_note"))
            with st.form("wording_form", border=False):
                made: dict[str, dict[str, str | list[str]]] = {name: {} for name in (*TEXTS, "duties")}
                for column, lang in zip(st.columns(2), ("zh", "en"), strict=True):
                    for name in ("title", "opening", "duties", "rewards", "validity"):
                        held = own[name][lang]
                        said = column.text_area(
                            f"{t(f'responsibility.text_{name}')} ({t(f'responsibility.lang_{lang}')})",
                            "\n".join(held) if isinstance(held, list) else held,
                            key=f"wording_{name}_{lang}",
                            height=200 if name == "duties" else 96 if name != "title" else 68,
                        )
                        lines = [line.strip() for line in (said or "").split("\n") if line.strip()]
                        made[name][lang] = lines if name == "duties" else (said or "").strip()
                sent = st.form_submit_button(t("settings.save"), type="primary", icon=":material/save:")
            if st.button(
                t("responsibility.wording_back"), type="tertiary", icon=":material/undo:", key="wording_back"
            ):
                kept.set_wording(board.store(), page.hospital, None, actor=actor(), at=opened.moment())
                board.follow()
                st.rerun()
            if sent:
                kept.set_wording(board.store(), page.hospital, made, actor=actor(), at=opened.moment())
                board.follow()
                st.rerun()

    ask()
