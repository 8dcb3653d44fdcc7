"""Limits attached to branches: which departments keep them, own limits, and DRG payment standards that changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from core.budget.rules import RULES, Kept, check, formula, standards_kept
from core.settings import get_settings
from pages._ui import board, format, frame, tables
from pages._ui.boards import words as boards
from pages._ui.frame import Page
from pages._ui.targets import work
from pages._ui.text import lang, t

ALL = "all"


def draw(page: Page, year: int) -> None:
    """The limits with what is so, then the standards."""
    attached = work.notes(page, year, "rules")
    period = max(page.board.periods)
    box = work.warehouse(page)
    found = check(
        box, page.hospital, period, get_settings(board.store(), box.snapshot, page.hospital), attached
    )
    with frame.panel(
        t("targets.limits"), t("targets.limits_note", month=format.period(period)), key="limits"
    ):
        broken = sum(one.ok is False for one in found)
        st.markdown(t("targets.limits_said", count=len(found), broken=broken))
        share = format.percent()
        tables.table(
            [_row(one) for one in found],
            [
                tables.Col("rule", t("targets.col_rule"), width=170),
                tables.Col("dept", t("execution.col_dept"), width=150),
                tables.Col("value", t("targets.col_value"), "number", share, width=110),
                tables.Col("limit", t("targets.col_limit"), "number", share, width=90),
                tables.Col("state", t("execution.col_state"), "status", width=110),
            ],
            key="limits",
            alt=t("targets.limits"),
            height=360,
            download=f"budget-limits-{year}",
        )
        for one in RULES:
            st.caption(f"{t(f'targets.rule_{one.name}')}: {formula(one, lang())}")
    left, right = st.columns(2, gap="small")
    with left, frame.panel(t("targets.own"), t("targets.own_note"), key="own"):
        _own(page, year, attached)
    with right, frame.panel(t("targets.standards"), t("targets.standards_note"), key="standards"):
        _standards(page, year)


def _row(one: Kept) -> dict[str, Any]:
    state = {True: "kept", False: "broken", None: one.why or "undecided"}[one.ok]
    return {
        "rule": t(f"targets.rule_{one.rule.name}"), "dept": one.name, "value": one.value, "limit": one.limit,
        "state": t(f"targets.state_{state}"),
    }  # fmt: skip


def _branches(page: Page, year: int) -> dict[str, list[str]]:
    tree = work.draft(page, year)
    found: dict[str, list[str]] = {t("filter.all_depts"): []}
    for kind in tree.children():
        found[boards.dept_class(kind.name)] = [kind.name]
        for dept in tree.children(kind.path):
            found[f"{boards.dept_class(kind.name)} / {work.name_of(page, dept.path)}"] = list(dept.path)
    return found


def _own(page: Page, year: int, attached: list[dict[str, Any]]) -> None:
    branches = _branches(page, year)
    rules = {one.name: t(f"targets.rule_{one.name}") for one in RULES}
    with st.form("targets_limit", border=False):
        rule = st.selectbox(t("targets.col_rule"), [one.name for one in RULES],
                            format_func=lambda name: rules.get(name, name))  # fmt: skip
        where = st.selectbox(t("targets.col_branch"), list(branches))
        limit = st.number_input(
            t("targets.col_limit_percent"), min_value=-50.0, max_value=200.0, value=8.0, step=0.5
        )
        if st.form_submit_button(t("targets.attach"), icon=":material/add:"):
            attached.append(
                {"rule": rule, "branch": branches[where], "limit": str(Decimal(repr(limit)) / 100)}
            )
            st.rerun()
    names = {tuple(path): name for name, path in branches.items()}
    for place, one in enumerate(list(attached)):
        words = t("targets.attached", rule=t(f"targets.rule_{one['rule']}"), branch=names.get(tuple(one["branch"]), ""),
                  limit=format.percent().text(Decimal(one["limit"]), unit=True))  # fmt: skip
        _line(words, f"limit_{place}", attached, place)


def _standards(page: Page, year: int) -> None:
    """A standard that falls takes the target down: applied on the spot, and checked against last year's figures."""
    held = work.notes(page, year, "standards")
    branches = {name: path for name, path in _branches(page, year).items() if len(path) == 2}
    with st.form("targets_standard", border=False):
        where = st.selectbox(t("targets.col_branch"), list(branches))
        change = st.number_input(
            t("targets.col_standard"), min_value=-90.0, max_value=100.0, value=-12.0, step=0.5
        )
        why = st.text_input(t("targets.col_why"), placeholder=t("targets.why_example"))
        apply = st.checkbox(t("targets.apply"), value=True)
        if st.form_submit_button(t("targets.note_standard"), icon=":material/add:"):
            ratio = Decimal(repr(change)) / 100
            with work.trying():
                if apply:
                    work.keep(page, year, work.draft(page, year).scale(tuple(branches[where]), ratio))
                held.append({"path": branches[where], "change": str(ratio), "why": why})
                st.rerun()
    names = {tuple(path): name for name, path in branches.items()}
    for place, one in enumerate(standards_kept(work.base(page, year), work.draft(page, year), held)):
        words = t(
            f"targets.standard_{'behind' if one.behind else 'kept'}",
            branch=names.get(one.path, " / ".join(one.path)),
            change=format.percent().text(one.change, signed=True, unit=True),
            target=format.percent().text(one.target_change, signed=True, unit=True),
            lag=format.money(one.lag),
            why=one.why,
        )
        _line(words, f"standard_{place}", held, place)


def _line(words: str, key: str, held: list[dict[str, Any]], place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words, width="stretch")
        if st.button(":material/close:", key=f"targets_drop_{key}", type="tertiary", help=t("targets.drop")):
            held.pop(place)
            st.rerun()
