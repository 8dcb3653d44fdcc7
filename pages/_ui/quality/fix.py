"""One click from an unknown department to the department it means: remembered for all files, and undone like an import."""

from __future__ import annotations

import streamlit as st

from core.matching import Departments
from core.quality import Loose
from core.settings import set_aliases
from pages._ui import format
from pages._ui.states import guard
from pages._ui.text import t
from pages._ui.upload import departments, people, work
from pages._ui.upload.lines import plain


def department(one: Loose) -> None:
    """Open the dialog that maps a text of the files to a department."""

    @st.dialog(t("quality.fix_title"), width="medium", icon=":material/link:")
    def ask() -> None:
        with guard():
            _body(one)

    ask()


def _body(one: Loose) -> None:
    known = work.departments()
    words = departments.options_of(known)
    st.markdown(
        t(
            "quality.fix_what",
            name=f"**{plain(one.value)}**",
            rows=f"{one.rows:,}",
            amount=format.money(one.amount),
        )
    )
    st.caption(f"{plain(one.file)} · {plain(one.sheet)} · {one.col}{one.row}")
    likely = [code for code, _, _ in Departments(known).propose(one.raw_name or one.raw_code)]
    options = list(dict.fromkeys([*likely, *(code for code in words if code)]))
    picked = st.selectbox(
        t("upload.dept.choice"),
        options,
        index=0 if likely else None,
        format_func=lambda code: words.get(code, code),
        key="fix_department",
        filter_mode="contains",
        placeholder=t("quality.fix_pick"),
    )
    st.caption(t("quality.fix_note"))
    if st.button(
        t("quality.fix_do"), type="primary", icon=":material/check:", disabled=not picked, key="fix_do"
    ):
        set_aliases(
            work.store(), work.desk().hospital, [(one.raw_code, one.raw_name, str(picked))],
            actor=people.actor(), at=people.now(),
        )  # fmt: skip
        work.derive()
        st.toast(t("quality.fixed", name=one.value, dept=words[str(picked)]), icon=":material/link:")
        st.rerun()
