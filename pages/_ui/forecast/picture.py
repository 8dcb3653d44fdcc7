"""Fan chart, comparison of the models, backtest."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core.forecast import month
from core.forecasting import Answer
from pages._ui import format, frame, tables
from pages._ui.charts import fan as charts
from pages._ui.forecast import book, words
from pages._ui.forecast.choose import Choice
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

SHOWN = 36  # months of history in the picture


def fan(page: Page, found: Answer, choice: Choice, unit: Unit) -> None:
    """History, forecast and bands; what stands out is marked."""
    with frame.panel(t("forecast.fan"), unit.label, key="fan"):
        drawn = rows(found, choice)
        charts.fan(drawn, unit=unit, alt=t("forecast.fan_alt"), height=330, naive=words.naive(found))
        with st.container(horizontal=True, wrap=False, vertical_alignment="top"):
            st.caption("  ".join([words.fan_note(found), *_moved(found, unit)]), width="stretch")
            st.download_button(
                t("forecast.picture"), data=book.picture(page, found, drawn, unit),
                file_name=f"{found.target.measure}-{found.last}.png", mime="image/png", on_click="ignore",
                type="tertiary", icon=":material/image:", key="forecast_picture",
            )  # fmt: skip


def _moved(found: Answer, unit: Unit) -> list[str]:
    """What making departments and hospital add up did to this figure, in the page's unit."""
    if found.family is None or not found.moved:
        return []
    alone = words.together(found, (point.own for point in found.points))
    whole = words.together(found, (point.base for point in found.points))
    figures = {"alone": alone, "whole": whole}
    said = {name: unit.text(value, unit=True) for name, value in figures.items()}
    return [t("forecast.reconciled", **said, moved=unit.text(whole - alone, signed=True, unit=True))]


def rows(found: Answer, choice: Choice) -> list[dict[str, Any]]:
    """History and months ahead as the chart wants them."""
    odd = {period: decision for period, _, decision in found.odd}
    known = dict(zip(found.past.periods, found.past.values, strict=True))
    made: list[dict[str, Any]] = []
    for period in found.past.periods[-SHOWN:]:
        row: dict[str, Any] = {"period": period, "actual": known[period]}
        if period in found.decided.excluded:
            row |= {"mark": t("forecast.excluded"), "marked": known[period]}
        elif period in odd:
            row |= {"mark": t("forecast.odd"), "marked": known[period]}
        made.append(row)
    if made and found.points:
        made[-1] |= {"forecast": made[-1]["actual"]}
        made[-1] |= dict.fromkeys(("low80", "high80", "low95", "high95"), made[-1]["actual"])
    for point in found.points:
        row = {
            "period": point.period, "naive": point.naive, "forecast": point.base if choice.scenario else point.mean,
            "low80": point.low80, "high80": point.high80, "low95": point.low95, "high95": point.high95,
        }  # fmt: skip
        if choice.scenario:
            row["scenario"] = point.mean
        if point.adjusted is not None:
            row |= {"mark": t("forecast.adjusted"), "marked": point.final}
        made.append(row)
    return made


def models(found: Answer, unit: Unit) -> None:
    """Every model beside the naive one, by its rolling-origin error, and the picture of the tries."""
    if not found.statistics.tracks or not found.statistics.tracks[0]:
        with frame.panel(t("forecast.models"), key="models"):
            st.markdown(t("forecast.untried_models", count=words.length(found)))
        return
    left, right = st.columns(2, gap="small")
    with left, frame.panel(t("forecast.models"), t("forecast.models_note"), key="models"):
        _table(found, unit)
    with right, frame.panel(t("forecast.backtest"), t("forecast.backtest_note"), key="backtest"):
        _tries(found, unit)
    with frame.panel(t("forecast.groups"), t("forecast.groups_note"), key="groups"):
        _groups(found)


def _table(found: Answer, unit: Unit) -> None:
    errors, wape = found.statistics.errors, found.statistics.wape
    rows = []
    for name in words.MODELS:
        if name not in errors or (name == "combined" and _same(found)):
            continue
        error = float(errors[name])
        first = found.statistics.candidates.get(name)
        rows.append(
            {
                "model": words.model(found, name),
                "error": error if np.isfinite(error) else None,
                "wape": float(wape[name]) if name in wape and np.isfinite(float(wape[name])) else None,
                "verdict": words.verdict(found, name),
                "next": None if first is None or not len(first) else float(first[0]),
            }
        )
    rows.sort(key=lambda row: (row["error"] is None, row["error"] or 0.0))
    tables.table(
        rows,
        [
            tables.Col("model", t("forecast.model"), width=200),
            tables.Col("error", "MASE", "number", format.number("", 3), help=t("forecast.mase_help")),
            tables.Col("wape", "WAPE", "number", format.percent(), help=t("forecast.wape_help")),
            tables.Col("verdict", t("forecast.verdict")),
        ],
        key="models_table",
        alt=t("forecast.models"),
        height=38 + 34 * min(len(rows), 8) + 8,
    )


def _same(found: Answer) -> bool:
    """Whether the combination is used as it is: then it stands in the table once."""
    errors = found.statistics.errors
    return bool(np.isclose(float(errors["combined"]), float(errors["mean"]), equal_nan=True))


def _tries(found: Answer, unit: Unit) -> None:
    tracks = found.statistics.tracks[0] if found.statistics.tracks else ()
    if not tracks:
        st.caption(t("forecast.untried_short"))
        return
    said = []
    for track in tracks:
        origin = month(found.last, -track.cut)
        steps = range(min(len(track.said), track.cut))
        said += [
            {"period": month(origin, at + 1), "value": float(track.said[at]), "origin": origin}
            for at in steps
        ]
    first = min(row["period"] for row in said)
    came = [
        {"period": period, "value": value}
        for period, value in zip(found.past.periods, found.past.values, strict=True)
        if value is not None and period >= month(int(first), -12)
    ]
    charts.tries(came, said, unit=unit, alt=t("forecast.backtest"), height=252)
    st.caption(t("forecast.backtest_said", count=len(tracks)))


def _groups(found: Answer) -> None:
    """How near and far months did apart, with how much each was tried: one figure for all would hide the far ones."""
    rows = [
        {
            "steps": t("forecast.steps", first=one.first, last=one.last),
            "origins": one.origins, "months": one.months, "error": one.error, "naive": one.naive,
            "cover80": one.coverage.get(80), "cover95": one.coverage.get(95),
            "said": "" if one.months else t("forecast.never_tried"),
        }
        for one in found.statistics.tried()
    ]  # fmt: skip
    if not rows:
        return
    figure, share = format.number("", 2), format.percent(0)
    tables.table(
        rows,
        [
            tables.Col("steps", t("forecast.ahead_col"), width=120),
            tables.Col("origins", t("forecast.origins_col"), "number", format.number(), help=t("forecast.origins_help")),
            tables.Col("months", t("forecast.months_col"), "number", format.number(), help=t("forecast.months_help")),
            tables.Col("error", "MASE", "number", figure, help=t("forecast.mase_help")),
            tables.Col("naive", words.model(found, "naive"), "number", figure),
            tables.Col("cover80", t("forecast.cover_col", level=80), "number", share),
            tables.Col("cover95", t("forecast.cover_col", level=95), "number", share),
            tables.Col("said", t("forecast.remark")),
        ],
        key="groups_table", alt=t("forecast.groups"), height=38 + 34 * len(rows),
    )  # fmt: skip
