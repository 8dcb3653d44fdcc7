"""The department table, edited in place and stored as a new version of the dictionary."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from core.catalog import catalog
from core.editing import Department, departments, save_departments
from core.store import Snapshot
from pages._ui.states import guard
from pages._ui.text import lang, t
from pages._ui.upload import people, work

COLUMNS = ("dept_code", "dept_name", "dept_class", "care_setting", "active", "former_names")


def show(code: str, snapshot: Snapshot) -> None:
    """The grid; a line says what would change, one button stores it."""
    held = departments(work.store(), snapshot, code)
    if not held:
        st.markdown(t("settings.departments.none"))
        if st.button(t("state.upload"), type="primary", icon=":material/upload:", key="departments_upload"):
            st.switch_page("pages/data/upload.py")
        return
    edited = _grid(held, snapshot)
    added, removed, changed = _difference(held, edited)
    with st.container(horizontal=True, vertical_alignment="center"):
        touched = bool(added or removed or changed)
        if st.button(
            t("settings.save"),
            type="primary",
            icon=":material/save:",
            disabled=not touched,
            key="departments_save",
        ):
            with guard():
                save_departments(work.desk(), edited, actor=people.actor(), at=people.now())
                work.derive()
                st.toast(t("settings.saved"), icon=":material/save:")
                st.rerun()
        words = t("settings.departments.touched", added=added, removed=removed, changed=changed)
        st.caption(words if touched else t("settings.departments.hint"))


def _grid(held: list[Department], snapshot: Snapshot) -> list[Department]:
    classes = {term.name: term.brief(lang()) for term in catalog().terms["dept_classes"]}
    cares = catalog().labels("care_settings", lang())
    extract, make = catalog().extracts["dept"], st.column_config
    names = {name: extract.column(name).label.of(lang()) for name in COLUMNS}
    frame = pd.DataFrame([{name: asdict(one)[name] for name in COLUMNS} for one in held])
    given: Any = st.data_editor(
        frame,
        key=f"departments_{snapshot.id}",
        num_rows="dynamic",
        hide_index=True,
        height=min(520, 38 + 35 * (len(held) + 2)),
        alt=t("settings.departments.title"),
        column_config={
            "dept_code": make.TextColumn(names["dept_code"], required=True, pinned=True, width=120),
            "dept_name": make.TextColumn(names["dept_name"], required=True, width="medium"),
            "dept_class": make.SelectboxColumn(
                names["dept_class"],
                options=list(classes),
                format_func=lambda one: classes.get(one, one),
                required=True,
            ),
            "care_setting": make.SelectboxColumn(
                names["care_setting"],
                options=list(cares),
                format_func=lambda one: cares.get(one, one),
                default="none",
            ),
            "active": make.CheckboxColumn(names["active"], default=True, width="small"),
            "former_names": make.TextColumn(names["former_names"], width="medium"),
        },
    )
    kept = {one.dept_code: one for one in held}
    return [_department(row, kept) for row in given.to_dict("records")]


def _department(row: dict[str, Any], kept: dict[str, Department]) -> Department:
    def text(name: str) -> str:
        value = row.get(name)
        return value.strip() if isinstance(value, str) else ""

    code = text("dept_code")
    before = kept.get(code)
    return Department(
        code, text("dept_name"), text("dept_class"), text("care_setting") or "none",
        before.parent_code if before else "", before.campus if before else "",
        bool(row.get("active", True)), text("former_names"),
    )  # fmt: skip


def _difference(held: list[Department], edited: list[Department]) -> tuple[int, int, int]:
    """How many lines are new, gone, different."""
    before, after = {one.dept_code: one for one in held}, {one.dept_code: one for one in edited}
    both = before.keys() & after.keys()
    added = len(after.keys() - before.keys()) + len(edited) - len(after)
    return added, len(before.keys() - after.keys()), sum(before[code] != after[code] for code in both)
