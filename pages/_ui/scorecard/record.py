"""A signed-off result opened: numbers, targets, weights and formulas of that day, and its corrections."""

from __future__ import annotations

import streamlit as st

from core.indicators import appraisal as core
from core.indicators.card import HOSPITAL
from core.indicators.define import MAIN, indicators, perspectives
from core.journal import journal
from pages._ui import board, format, tables
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.scorecard import words
from pages._ui.scorecard.panels import POINTS
from pages._ui.states import guard
from pages._ui.text import label, lang, t
from pages._ui.upload.people import who


def show(page: Page, one: core.Record) -> None:
    """The record in the right-hand drawer."""
    name = t("scorecard.whole") if one.dept_code == HOSPITAL else one.dept_name

    @st.dialog(
        f"{name} · {format.period(one.period)}", width=1080, position="right", icon=":material/verified:"
    )
    def drawer() -> None:
        with guard():
            _body(page, one)

    drawer()


def _body(page: Page, one: core.Record) -> None:
    st.caption(t("appraisal.signed", by=who(one.by), at=format.stamp(one.at), snapshot=one.snapshot))
    weights = "  ".join(
        f"{label(side.label)} {one.weights[name]:f}%" for name, side in perspectives().items()
    )
    st.markdown(f"**{t('scorecard.total')} {words.points(one.total)}**  :gray[{weights}]")
    tables.table(
        [_row(line) for line in one.lines],
        [
            tables.Col("name", t("scorecard.col_name"), width=150),
            tables.Col("formula", t("appraisal.formula"), width=230),
            tables.Col("value", t("scorecard.col_value"), width=84),
            tables.Col("aim", t("aims.from_to"), width=130),
            tables.Col("due", t("aims.due"), width=64),
            tables.Col("owner", t("aims.owner"), width=80),
            tables.Col("weight", t("aims.weight"), width=56),
            tables.Col("score", t("scorecard.col_score"), "number", POINTS, width=64),
            tables.Col("why", t("scorecard.col_why"), width=120),
        ],
        key="record", download=f"record-{one.period}-{one.dept_code.strip('*') or 'hospital'}", alt=t("appraisal.formula"),
    )  # fmt: skip
    earlier = core.corrections(journal(board.store()), page.hospital, one)
    if len(earlier) > 1:
        st.markdown(f"**{t('appraisal.corrections')}**")
        for each in earlier:
            why = each.why or t("appraisal.first")
            st.markdown(f"{words.points(each.total)}  {why}  :gray[{who(each.by)} · {format.stamp(each.at)}]")


def _row(line: core.Frozen) -> dict[str, object]:
    """A line as it was signed off; an indicator that is no longer declared keeps its words and plain numbers."""
    unit = _unit(line)
    name = f"{line.indicator} {line.label[lang()]}"
    if line.caliber != MAIN and line.caliber_label:
        name = t("scorecard.with_caliber", name=name, caliber=line.caliber_label[lang()])
    return {
        "name": name, "formula": line.formula[lang()].partition(" = ")[2], "value": unit.text(line.value, unit=True),
        "weight": f"{line.weight:f}", "score": line.score, "aim": _aim(line, unit),
        "due": format.period(line.due, "axis") if line.due else "", "owner": words.owner(line.owner) if line.owner else "",
        "why": t("scorecard.as_of", month=format.period(line.as_of, "axis")) if line.as_of else words.frozen_reason(line.reason),
    }  # fmt: skip


def _unit(line: core.Frozen) -> Unit:
    """The unit it was signed off in; of an older record, that of the definition."""
    meant = indicators().get(line.indicator)
    if line.unit:
        return words.unit_named(line.unit)
    return words.unit_of(meant) if meant else format.number("", 2)


def _aim(line: core.Frozen, unit: Unit) -> str:
    """The band, or baseline and target; '' where nothing was kept of it."""
    if line.low is not None and line.high is not None:
        return f"{unit.text(line.low)} ~ {unit.text(line.high, unit=True)}"
    return "" if line.target is None else f"{unit.text(line.baseline)} → {unit.text(line.target, unit=True)}"
