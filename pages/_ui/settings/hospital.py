"""Who the hospital is: name in both languages, open beds."""

from __future__ import annotations

import streamlit as st

from core.settings import Profile, Settings, set_profile
from pages._ui.text import t
from pages._ui.upload import people, work


def show(code: str, settings: Settings) -> None:
    """A small form; saving is a change like any other and can be undone."""
    profile = settings.profile
    with st.form("hospital_form", border=False):
        left, right = st.columns(2)
        zh = left.text_input(t("settings.hospital.name_zh"), profile.name_zh, key="hospital_zh", max_chars=60)
        en = right.text_input(
            t("settings.hospital.name_en"), profile.name_en, key="hospital_en", max_chars=80
        )
        beds = left.number_input(
            t("settings.hospital.beds"),
            min_value=0,
            max_value=50_000,
            value=profile.beds,
            step=10,
            key="hospital_beds",
        )
        right.text_input(
            t("settings.hospital.code"),
            code,
            key="hospital_code",
            disabled=True,
            help=t("settings.hospital.code_help"),
        )
        sent = st.form_submit_button(t("settings.save"), type="primary", icon=":material/save:")
    if sent:
        made = Profile((zh or "").strip(), (en or "").strip(), None if beds is None else int(beds))
        before = work.snapshot().id
        set_profile(work.store(), code, made, actor=people.actor(), at=people.now())
        work.derive()
        st.toast(
            t("settings.saved" if work.snapshot().id != before else "settings.same"), icon=":material/save:"
        )
        st.rerun()
