"""The history of targets and weights: who changed what, when and why, old and new beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import streamlit as st

from core.indicators.aims import Change, history
from core.indicators.define import indicators
from core.indicators.weights import Version, versions
from pages._ui import board, cache, format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import aims, figures, weigh, words
from pages._ui.text import label, t
from pages._ui.upload.people import who

NUMBERS = ("baseline", "target", "low", "high")


@cache.resource(max_entries=8)
def _history(snapshot: str, hospital: str) -> tuple[Change, ...]:
    return history(board.store(), board.store().snapshot(snapshot), hospital)


def panel(page: Page) -> None:
    """Targets first, then weights, the newest on top; one indicator alone where one is chosen."""
    found = _history(page.snapshot, page.hospital)
    with frame.panel(t("aims.changes"), t("aims.changes_note"), key="changes"):
        listed = sorted({one.what.indicator for one in found})
        names = {code: f"{code} {label(indicators()[code].label)}" for code in listed}
        only = st.selectbox(t("scorecard.indicator"), listed, index=None, key="changed", format_func=lambda one: names.get(one, one),
                            placeholder=t("aims.every"), label_visibility="collapsed", width=340)  # fmt: skip
        rows = [row for one in found if only in (None, one.what.indicator) for row in _rows(page, one)]
        tables.table(
            rows,
            [
                tables.Col("at", t("aims.at"), width=124),
                tables.Col("by", t("aims.by"), width=84),
                tables.Col("name", t("scorecard.col_name"), width=170),
                tables.Col("whose", t("aims.whose"), width=110),
                tables.Col("since", t("aims.since"), width=84),
                tables.Col("field", t("aims.what"), width=66),
                tables.Col("before", t("aims.before"), width=116),
                tables.Col("after", t("aims.after"), width=116),
                tables.Col("why", t("aims.why"), width=140),
            ],
            key="changes", download="target-history", alt=t("aims.changes"), height=460,
        )  # fmt: skip
    with frame.panel(t("aims.weights"), key="weight_changes"):
        made = list(_weights(versions(figures.decided(page)[3])))
        if not made:
            st.caption(t("aims.weights_shipped"))
            return
        tables.table(
            made,
            [
                tables.Col("at", t("aims.at"), width=124),
                tables.Col("by", t("aims.by"), width=84),
                tables.Col("what", t("aims.what"), width=200),
                tables.Col("before", t("aims.before"), width=80),
                tables.Col("after", t("aims.after"), width=80),
                tables.Col("why", t("aims.why"), width=260),
            ],
            key="weight_changes", download="weight-history", alt=t("aims.weights"),
        )  # fmt: skip


def _rows(page: Page, one: Change) -> Iterator[dict[str, Any]]:
    """A row for each field that is different; a target taken away is one row."""
    about = one.what
    meant = indicators()[about.indicator]
    unit = words.unit_of(meant, meant.caliber(about.caliber))

    def said(field: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if field in NUMBERS:
            return unit.text(value, unit=True)
        return words.owner(value) if field == "owner" else format.period(value, "axis")

    same = {
        "at": format.stamp(one.at), "by": who(one.by), "name": f"{about.indicator} {words.name(meant, about.caliber)}",
        "whose": words.whose(page, about.dept), "since": format.period(about.since, "axis"), "why": one.why,
    }  # fmt: skip
    if one.before is None or one.after is None:
        whole = aims.from_to(about)
        kind = "made" if one.before is None else "gone"
        yield same | {
            "field": t(f"aims.{kind}"),
            "before": whole if one.after is None else "",
            "after": whole if one.after else "",
        }
        return
    for field, old, new in one.fields():
        yield same | {"field": t(f"aims.{field}"), "before": said(field, old), "after": said(field, new)}


def _weights(made: tuple[Version, ...]) -> Iterator[dict[str, Any]]:
    """A row for each weight that is different from the version before it; the first against the shipped ones."""
    before = figures.shipped()
    found = []
    for one in made:
        old = {**before.perspectives, **before.indicators}
        new = {**one.weights.perspectives, **one.weights.indicators}
        for code in [*one.weights.perspectives, *sorted({*before.indicators, *one.weights.indicators})]:
            was, now = old.get(code, 1), new.get(code, 1)
            if was != now:
                found.append({"at": format.stamp(one.at), "by": who(one.by), "what": weigh.code_name(code),
                              "before": f"{was:f}" if was != 1 else "1", "after": f"{now:f}" if now != 1 else "1", "why": one.why})  # fmt: skip
        before = one.weights
    yield from reversed(found)
