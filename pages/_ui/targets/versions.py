"""Versions of a target: save the draft, compare two, open an earlier one, put one in force."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.budget.targets import TargetVersion, in_force, put_in_force
from core.budget.tree import Tree, compare
from pages._ui import board, format, frame, tables
from pages._ui.boards import words as boards
from pages._ui.frame import Page
from pages._ui.targets import work
from pages._ui.text import t
from pages._ui.upload import work as upload
from pages._ui.upload.people import actor, now

DRAFT, LAST, FORCE = "draft", "last", "force"


def draw(page: Page, year: int) -> None:
    """Save at the left, the list at the right, the comparison below."""
    held = work.versions(page, year)
    left, right = st.columns([2, 3], gap="small")
    with left, frame.panel(t("targets.save_title"), t("targets.save_note"), key="save"):
        _save(page, year, held)
    with right, frame.panel(t("targets.versions"), t("targets.versions_note"), key="versions"):
        _list(page, year, held)
    with frame.panel(t("targets.compare"), t("targets.compare_note"), key="compare"):
        _compare(page, year, held)


def _save(page: Page, year: int, held: tuple[TargetVersion, ...]) -> None:
    with st.form("targets_save", border=False):
        name = st.text_input(
            t("targets.name"), value=t("targets.name_default", year=year, number=len(held) + 1)
        )
        note = st.text_area(t("targets.note"), height=80)
        if st.form_submit_button(t("targets.save"), type="primary", icon=":material/save:"):
            with work.trying():
                made = work.save(page, year, name, note)
                st.toast(t("targets.saved", name=made.name), icon=":material/save:")
                st.rerun()


def _list(page: Page, year: int, held: tuple[TargetVersion, ...]) -> None:
    if not held:
        st.caption(t("targets.no_versions"))
        return
    chosen = in_force(board.store(), board.store().snapshot(), page.hospital).get(year)
    unit = boards.brief(format.money_unit([one.tree.amount() for one in held]))
    rows = [
        {
            "number": f"V{one.number}", "name": one.name, "amount": one.tree.amount(), "by": one.by,
            "at": format.stamp(one.at), "note": one.note, "version": one,
            "state": t("execution.in_force") if one.name == chosen else "",
        }
        for one in reversed(held)
    ]  # fmt: skip
    click = tables.table(
        rows,
        [
            tables.Col("number", t("targets.col_number"), width=56),
            tables.Col("name", t("execution.col_version"), width=150),
            tables.Col("amount", t("targets.target"), "money", unit, width=100),
            tables.Col("state", t("execution.col_state"), "status", width=72),
            tables.Col("at", t("targets.col_at"), width=130),
            tables.Col("note", t("targets.note"), width=140),
        ],
        key="target_versions",
        alt=t("targets.versions"),
        actions=("open", "inforce"),
    )
    if click and click.action == "open":
        work.keep(page, year, click.row["version"].tree, "version")
        st.rerun()
    if click and click.action == "inforce":
        _confirm(page, click.row["version"])


@st.dialog(" ", icon=":material/gavel:")
def _confirm(page: Page, version: TargetVersion) -> None:
    """Putting a version in force changes every comparison with the budget: asked once more."""
    st.markdown(
        t("targets.confirm", name=version.name, year=version.year, amount=format.money(version.tree.amount()))
    )
    if st.button(t("targets.put"), type="primary", icon=":material/gavel:", key="targets_put"):
        with work.trying():
            put_in_force(board.store(), page.hospital, version, by=actor(), at=now())
            upload.derive()
            board.follow()
            st.rerun()


def _compare(page: Page, year: int, held: tuple[TargetVersion, ...]) -> None:
    trees: dict[str, tuple[str, Tree]] = {
        DRAFT: (t("targets.draft"), work.draft(page, year)),
        LAST: (t("targets.spent", year=year - 1), work.base(page, year)),
    }
    force = work.in_force(page, year)
    if force.fen():
        trees[FORCE] = (t("targets.force"), force)
    trees |= {str(one.number): (f"V{one.number} {one.name}", one.tree) for one in held}
    names = list(trees)
    with st.container(horizontal=True, gap="small"):
        first = _pick("targets_first", names, trees, LAST)
        second = _pick("targets_second", names, trees, DRAFT)
    before, after = trees[first][1], trees[second][1]
    rows: list[dict[str, Any]] = []
    for kind in compare(before, after):
        rows.append({**_row(page, kind.path, kind.before, kind.after), "strong": True})
        below = [one for one in compare(before, after, kind.path) if one.difference]
        rows += [
            _row(page, one.path, one.before, one.after)
            for one in sorted(below, key=lambda one: -abs(one.difference))
        ]
    unit = boards.brief(format.money_unit([row["after"] for row in rows if not row.get("strong")]))
    tables.table(
        rows,
        [
            tables.Col("name", t("targets.col_name"), width=220),
            tables.Col("before", trees[first][0], "money", unit, width=150),
            tables.Col("after", trees[second][0], "money", unit, width=150),
            tables.Col("difference", t("targets.col_difference"), "money", unit, width=120),
            tables.Col("ratio", t("targets.col_change_plain"), "number", format.percent(), width=100),
        ],
        key="target_compare",
        alt=t("targets.compare"),
        total=_row(page, (), before.amount(), after.amount()) | {"name": t("table.total")},
        bold=lambda row: bool(row.get("strong")),
        height=420,
        download=f"budget-compare-{year}",
    )


def _pick(key: str, names: list[str], trees: dict[str, tuple[str, Tree]], default: str) -> str:
    picked: str = st.selectbox(
        key, names, index=names.index(default), key=key, width=240, label_visibility="collapsed",
        format_func=lambda one: trees[one][0] if one in trees else one,
    )  # fmt: skip
    return picked


def _row(page: Page, path: tuple[str, ...], before: Any, after: Any) -> dict[str, Any]:
    return {
        "name": work.name_of(page, path), "before": before, "after": after, "difference": after - before,
        "ratio": after / before - 1 if before else None,
    }  # fmt: skip
