"""Criteria with their weights and the experts' points, as people type them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from core.benefit.book import named
from core.benefit.indirect import Opinion
from pages._ui.text import label, t

EMPTY = 3  # rows offered where nobody has scored yet


def asked(
    before: Sequence[Opinion], weights: Mapping[str, Decimal], key: str
) -> tuple[tuple[Opinion, ...], dict[str, Decimal]]:
    """A row of weights and a row per expert; an empty cell is no score."""
    st.caption(t("benefit.experts_note"))
    criteria = named("criteria")
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(label(words), min_value=0.0, max_value=100.0, step=1.0, width=80)
        for name, words in criteria.items()
    }
    weighed: Any = st.data_editor(
        [{"who": t("benefit.weight_row"), **{name: float(weights.get(name, 0)) for name in criteria}}],
        key=f"weights_{key}", hide_index=True, width="stretch", disabled=("who",),
        column_config={"who": st.column_config.TextColumn(t("benefit.expert"), width=96), **columns},
    )  # fmt: skip
    rows = [
        {
            "who": one.who,
            **{name: float(one.scores[name]) if name in one.scores else None for name in criteria},
        }
        for one in before
    ] or [{"who": "", **dict.fromkeys(criteria)} for _ in range(EMPTY)]
    edited: Any = st.data_editor(
        rows, key=f"experts_{key}", hide_index=True, width="stretch", num_rows="dynamic", placeholder="",
        column_config={"who": st.column_config.TextColumn(t("benefit.expert"), width=96), **columns},
    )  # fmt: skip
    found = []
    for row in edited:
        points = {name: Decimal(str(row[name])) for name in criteria if row.get(name) is not None}
        if points or (row.get("who") or "").strip():
            found.append(Opinion((row.get("who") or "").strip(), points))
    return tuple(found), {name: Decimal(str(weighed[0][name] or 0)) for name in criteria}
