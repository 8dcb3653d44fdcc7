"""Weights: the four perspectives, which add up to 100, and the indicators within each; what they would do to the score."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from core.indicators.card import Card, made
from core.indicators.define import indicators, perspectives
from core.indicators.weights import Weights, set_weights
from pages._ui import board, format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import edit, figures, panels, words
from pages._ui.text import label, t
from pages._ui.upload.people import actor, now

WHOLE = Decimal(100)


def panel(page: Page) -> None:
    """Fields on the left, their effect on the right, and the reason before anything is kept."""
    dept = panels.dept_of(page)
    basis, own = figures.basis(page, edit.SPAN, dept), figures.decided(page)[1]
    before = made(basis, own)
    left, right = st.columns([3, 2], gap="small")
    with left, frame.panel(t("aims.weights"), t("aims.weights_note"), key="weights"):
        sides = _sides(page, own)
        mine = _indicators(page, before, own, sides)
    wanted = Weights(sides, mine)
    with (
        right,
        frame.panel(t("aims.effect"), t("aims.effect_note", month=format.period(page.period)), key="effect"),
    ):
        summed = sum(sides.values(), Decimal(0))
        if summed != WHOLE:
            st.warning(t("aims.not_100", sum=f"{summed:f}"))
        else:
            _effect(before, made(basis, wanted))
        why = st.text_input(
            t("aims.why"), key=f"why_weights_{page.snapshot}", placeholder=t("aims.why_needed")
        )
        changed = (dict(own.perspectives), dict(own.indicators)) != (sides, mine)
        if st.button(t("aims.save"), type="primary", icon=":material/save:", key="weights_save",
                     disabled=summed != WHOLE or not changed):  # fmt: skip
            if not why.strip():
                st.warning(t("aims.error_why"))
                return
            set_weights(board.store(), page.hospital, wanted, actor=actor(), at=now(), why=why)
            board.follow()
            st.toast(t("aims.saved_weights"), icon=":material/check:")
            st.rerun()


def _sides(page: Page, own: Weights) -> dict[str, Decimal]:
    found = {}
    for column, one in zip(st.columns(4), perspectives().values(), strict=True):
        with column:
            given = st.number_input(
                f"{label(one.label)} (%)", min_value=0.0, max_value=100.0, step=1.0, format="%.1f",
                value=float(own.perspectives[one.name]), key=f"weight_{one.name}_{page.snapshot}",
            )  # fmt: skip
            found[one.name] = Decimal(str(given)).normalize() + 0
    return found


def _indicators(page: Page, card: Card, own: Weights, sides: dict[str, Decimal]) -> dict[str, Decimal]:
    """Weights within a perspective: 1 is the usual; the share of the total is written beside them."""
    rows: list[dict[str, Any]] = []
    for side in card.sides:
        summed = sum((own.of(line.indicator) for line in side.lines), Decimal(0))
        for line in side.lines:
            share = own.of(line.indicator) / summed * sides[side.perspective] if summed else Decimal(0)
            rows.append({
                "code": line.indicator, "side": label(perspectives()[side.perspective].label),
                "name": words.name(line.definition, line.caliber), "weight": float(own.of(line.indicator)),
                "share": float(round(share, 1)),
            })  # fmt: skip
    if not rows:
        st.caption(t("aims.no_lines"))
        return dict(own.indicators)
    edited: Any = st.data_editor(
        rows, key=f"weights_{page.snapshot}_{card.dept_code}", hide_index=True, width="stretch", height=420,
        disabled=("code", "side", "name", "share"),
        column_config={
            "code": st.column_config.TextColumn(t("scorecard.col_code"), width=52),
            "side": st.column_config.TextColumn(t("scorecard.col_side"), width=90),
            "name": st.column_config.TextColumn(t("scorecard.col_name")),
            "weight": st.column_config.NumberColumn(t("aims.weight"), min_value=0.0, max_value=100.0, step=0.5, required=True, width=84),
            "share": st.column_config.NumberColumn(t("aims.share"), format="%.1f", width=110),
        },
    )  # fmt: skip
    given = {str(row["code"]): Decimal(str(row["weight"])) for row in edited}
    kept = {code: value for code, value in own.indicators.items() if code not in given}
    return kept | {code: value for code, value in given.items() if value != 1 or code in own.indicators}


def _effect(before: Card, after: Card) -> None:
    rows = [
        {"name": label(perspectives()[old.perspective].label), "before": old.score, "after": new.score,
         "weight": f"{old.weight:f} → {new.weight:f}" if old.weight != new.weight else f"{old.weight:f}"}
        for old, new in zip(before.sides, after.sides, strict=True)
    ]  # fmt: skip
    total = {"name": t("scorecard.total"), "before": before.total, "after": after.total, "weight": "100"}
    tables.table(
        rows,
        [
            tables.Col("name", t("scorecard.col_side"), width=110),
            tables.Col("weight", t("aims.weight_percent"), width=96),
            tables.Col("before", t("aims.before"), "number", panels.POINTS, width=80),
            tables.Col("after", t("aims.after"), "number", panels.POINTS, width=80),
        ],
        key="weights_effect", total=total, alt=t("aims.effect"),
    )  # fmt: skip


def code_name(code: str) -> str:
    """Code and name of an indicator or a perspective."""
    if code in perspectives():
        return label(perspectives()[code].label)
    return f"{code} {label(indicators()[code].label)}"
