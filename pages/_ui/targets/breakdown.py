"""The breakdown: one level of the tree as a grid that can be edited, with locks, sum check and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd
import streamlit as st

from core.budget.compile import BudgetError
from core.budget.tree import Node, Path, Tree
from core.money import yuan_to_fen
from pages._ui import charts, format, frame, url
from pages._ui.boards import words as boards
from pages._ui.frame import Page
from pages._ui.targets import work
from pages._ui.text import t

ALL = "all"
TEN_THOUSAND = Decimal(10_000)
MOST = 100_000_000  # 10 000 yuan: far beyond any hospital, and what a draft in fen can hold
SHOWN = 14


def draw(page: Page, year: int) -> None:
    """Choose a branch, edit its children."""
    tree, before = work.draft(page, year), work.base(page, year)
    path = _branch(page, tree)
    node = tree.node(path)
    left, right = st.columns([3, 2], gap="small")
    with left, frame.panel(work.name_of(page, path), t("targets.grid_note"), key="grid"):
        keep = st.toggle(t("targets.keep"), key="targets_keep", help=t("targets.keep_help"), value=bool(path))
        _grid(page, year, tree, before, path, keep)
        children = tree.children(path)
        whole = sum(child.fen for child in children)
        mark = ":material/check_circle:" if whole == node.fen else ":material/error:"
        st.caption(
            f"{mark} {t('targets.sum', children=_yuan(whole), parent=_yuan(node.fen), diff=_yuan(node.fen - whole))}"
        )
    with right, frame.panel(t("targets.picture"), t("targets.picture_note", last=year - 1), key="picture"):
        _picture(page, tree, before, path)


def _yuan(fen: int) -> str:
    return format.show(Decimal(fen) / 100, format.yuan())


def _branch(page: Page, tree: Tree) -> Path:
    """Class, department and item of the branch; each choice opens the next."""
    path: Path = ()
    with st.container(horizontal=True, gap="small"):
        for level in ("branch", "unit", "line"):
            names = [node.name for node in tree.children(path) if node.fen or len(path) < 2]
            url.seed(level, [ALL, *names], ALL)
            labels = {ALL: t(f"targets.{level}")} | {n: work.name_of(page, (*path, n)) for n in names}
            st.selectbox(
                t(f"targets.{level}"), [ALL, *names], key=level, width=190, label_visibility="collapsed",
                format_func=lambda one, labels=labels: labels.get(one, one), persist_state="session",
            )  # fmt: skip
            picked = str(st.session_state[level])
            url.publish(level, picked, ALL)
            if picked == ALL:
                break
            path = (*path, picked)
    return path


def _grid(page: Page, year: int, tree: Tree, before: Tree, path: Path, keep: bool) -> None:
    nodes = tree.children(path)
    olds = {node.path: _old(before, node.path) for node in nodes}
    rows = [_row(page, node, olds[node.path]) for node in nodes]
    make = st.column_config
    # A new key after each accepted change: the editor starts from the tree again.
    turn = st.session_state.setdefault("targets_turn", 0)
    given: Any = st.data_editor(
        pd.DataFrame(rows, columns=["name", "last", "target", "change", "locked"]),
        key=f"targets_grid_{year}_{'_'.join(path)}_{turn}",
        hide_index=True,
        height=min(560, 38 + 35 * len(rows)),
        disabled=["name", "last", "change"],
        alt=t("targets.grid"),
        column_config={
            "name": make.TextColumn(t("targets.col_name"), pinned=True, width=150),
            "last": make.NumberColumn(t("targets.col_last"), format="accounting", width=120),
            "target": make.NumberColumn(
                t("targets.col_target"),
                format="accounting",
                min_value=0,
                max_value=MOST,
                step=0.000001,
                width=130,
            ),
            "change": make.NumberColumn(t("targets.col_change"), format="%.1f", width=90),
            "locked": make.CheckboxColumn(t("targets.col_locked"), width=76, help=t("targets.locked_help")),
        },
    )
    asked = given.to_dict("records")
    # A cell that was emptied is no target of nothing: the draft stays, and the person is told.
    if emptied := [str(row["name"]) for row in asked if pd.isna(row["target"])]:
        st.warning(t("targets.emptied", names=t("targets.and").join(emptied)), icon=":material/info:")
        return
    try:
        changed = edited(tree, nodes, rows, asked, keep)
    except BudgetError as problem:
        st.warning(work.said(problem), icon=":material/info:")
        return
    if changed is not tree:
        work.keep(page, year, changed)
        st.session_state["targets_turn"] = turn + 1
        st.rerun()


def edited(
    tree: Tree,
    nodes: Sequence[Node],
    rows: Sequence[Mapping[str, Any]],
    asked: Sequence[Mapping[str, Any]],
    keep: bool,
) -> Tree:
    """The tree with what a person changed in the grid: rows as they were shown, and as they are asked for.

    Raises:
        BudgetError: a change that cannot be made.
    """
    for node, was, now in zip(nodes, rows, asked, strict=True):
        if bool(now["locked"]) != bool(was["locked"]):
            tree = tree.lock(node.path, bool(now["locked"]))
        if round(now["target"], 6) != round(was["target"], 6):
            yuan = Decimal(repr(now["target"])) * TEN_THOUSAND
            tree = tree.set(node.path, yuan_to_fen(yuan.quantize(Decimal("0.01"), ROUND_HALF_UP)), keep)
    return tree


def _old(before: Tree, path: Path) -> int:
    try:
        return before.fen(path)
    except BudgetError:
        return 0


def _row(page: Page, node: Node, old: int) -> dict[str, Any]:
    return {
        "name": work.name_of(page, node.path),
        "last": old / 1_000_000,
        "target": node.fen / 1_000_000,
        "change": (node.fen / old - 1) * 100 if old else None,
        "locked": node.locked == "all",
    }


def _picture(page: Page, tree: Tree, before: Tree, path: Path) -> None:
    nodes = [node for node in tree.children(path) if node.fen]
    if len(path) == 3:
        rows = [
            {"period": tree.year * 100 + int(node.name), "budget": node.amount,
             "previous": Decimal(_old(before, node.path)) / 100}
            for node in nodes
        ]  # fmt: skip
        unit = format.money_unit([node.amount for node in nodes])
        st.caption(unit.label)
        charts.trend(rows, unit=unit, alt=t("targets.picture"), height=320)
        return
    ranked = sorted(nodes, key=lambda node: -node.fen)[:SHOWN]
    unit = format.money_unit([node.amount for node in ranked])
    rows = [
        {"label": work.name_of(page, node.path), "value": node.amount,
         "previous": Decimal(_old(before, node.path)) / 100}
        for node in ranked
    ]  # fmt: skip
    st.caption(boards.brief(unit).label)
    charts.ranking(rows, unit=unit, alt=t("targets.picture"), row_height=30)
    if len(nodes) > SHOWN:
        st.caption(t("targets.rest", count=len(nodes) - SHOWN))
