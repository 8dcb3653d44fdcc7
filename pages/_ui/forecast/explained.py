"""The regression a person can read: its equation, and what each part adds to the months to come."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import streamlit as st

from core.forecast.regression import Equation
from core.forecasting import Answer
from core.forecasting.subjects import choices, subject
from pages._ui import charts, format, frame, tables
from pages._ui.forecast import words
from pages._ui.format import Unit
from pages._ui.text import has, lang, t


def panel(found: Answer, unit: Unit) -> None:
    """Equation and error on the left, contributions on the right."""
    line = found.statistics.equations[0] if found.statistics.equations else None
    if line is None:
        st.caption(_without(found))
        return
    left, right = st.columns([2, 3], gap="small")
    with left, frame.panel(t("forecast.equation"), t("forecast.equation_note"), key="equation"):
        st.markdown(_said(found, line, unit))
        st.caption(_fit(found, line))
        _effects(found, unit)
    with right, frame.panel(t("forecast.parts"), unit.label, key="parts"):
        _parts(found, line, unit)
    with frame.panel(t("forecast.parts_months"), unit.label, key="parts_months"):
        _table(found, line, unit)


def _without(found: Answer) -> str:
    """Why there is no regression: a ratio has none of its own, and a short history none at all."""
    one = found.target.subject
    if one.is_ratio:
        top, bottom = (subject(part).label.of(lang()) for part in (one.top, one.bottom))
        return t("forecast.no_equation_ratio", what=words.name(found.target), top=top, bottom=bottom)
    return t("forecast.no_equation")


def _said(found: Answer, line: Equation, unit: Unit) -> str:
    """y = a + b t + month + c driver, with the numbers of this series."""
    parts = [unit.text(line.level), t("forecast.per_month", value=unit.text(line.trend, signed=True))]
    if any(line.months):
        parts.append(t("forecast.month_effects", low=unit.text(min(line.months), signed=True),
                       high=unit.text(max(line.months), signed=True)))  # fmt: skip
    for name, slope in line.drivers.items():
        if name in choices()["drivers"]:
            value = unit.text(slope * found.usual.get(name, 0.0) / 100, signed=True)
            parts.append(t("forecast.per_percent", value=value, name=words.driver(name)))
        else:
            parts.append(t("forecast.per_unit", value=unit.text(slope, signed=True), name=words.driver(name)))
    return f"{words.name(found.target)} = " + "  \n".join(parts)


def _fit(found: Answer, line: Equation) -> str:
    error, naive = (float(found.statistics.errors[name]) for name in ("regression", "naive"))
    said = t("forecast.fit", months=line.fitted_months, r2=format.percent(0).text(line.r2, unit=True))
    if np.isfinite(error) and np.isfinite(naive):
        key = "forecast.fit_worse" if error > naive else "forecast.fit_better"
        said += t(key, error=f"{error:.2f}", naive=f"{naive:.2f}")
    return said


def _effects(found: Answer, unit: Unit) -> None:
    """What known regressors do in the combined forecast, after shrinkage."""
    rows = [
        {
            "name": words.driver(name),
            "one": _one(name),
            "effect": _effect(name, float(np.atleast_1d(value)[0]), found, unit),
        }
        for name, value in found.statistics.effects.items()
    ]
    if rows:
        st.markdown(f":small[**{t('forecast.effects')}**]")
        tables.table(
            rows, [tables.Col("name", t("forecast.driver")), tables.Col("one", t("forecast.one_more")),
                   tables.Col("effect", t("forecast.effect"))],
            key="effects", alt=t("forecast.effects"), height=38 + 34 * len(rows),
        )  # fmt: skip
        st.caption(t("forecast.effects_note"))


def _one(name: str) -> str:
    """What one unit of a driver is, in words."""
    kind = name if has(f"forecast.one_{name}") else "percent" if name in choices()["drivers"] else "step"
    return t(f"forecast.one_{kind}")


def _effect(name: str, value: float, found: Answer, unit: Unit) -> str:
    """Of one workday, a whole festival, one percent of a volume, or a step."""
    value *= found.usual.get(name, 0.0) / 100 if name in choices()["drivers"] else 1.0
    if abs(value) < 5e-5 or not found.past.known:
        return t("forecast.no_effect")
    return (
        format.percent(2).text(value, signed=True, unit=True)
        if float(found.statistics.ratio) > 0
        else unit.text(value, signed=True, unit=True)
    )


def _table(found: Answer, line: Equation, unit: Unit) -> None:
    """Every month ahead taken apart; a row's parts add up to the regression's figure."""
    parts = [name for name in line.contributions if np.abs(line.contributions[name]).max() > 1e-9]
    rows = [
        {"month": format.period(point.period), "whole": float(line.mean[at])}
        | {name: float(line.contributions[name][at]) for name in parts}
        for at, point in enumerate(found.points)
    ]
    tables.table(
        rows,
        [
            tables.Col("month", t("forecast.month"), width=92),
            *(tables.Col(name, words.driver(name), "number", unit, bare=True) for name in parts),
            tables.Col("whole", t("forecast.model_regression"), "number", unit, bare=True),
        ],
        key="parts_table", alt=t("forecast.parts"), height=38 + 34 * min(len(rows), 6),
        download=f"{found.target.measure}-regression",
    )  # fmt: skip


def _parts(found: Answer, line: Equation, unit: Unit) -> None:
    """The first month taken apart: level, trend, season, drivers, regression."""
    names = [name for name in line.contributions if name != "level"]
    first = found.points[0].period
    rows = charts.steps(
        (words.driver("level"), Decimal(repr(float(line.contributions["level"][0]))), "previous"),
        [
            {"label": words.driver(name), "value": Decimal(repr(float(line.contributions[name][0])))}
            for name in names
            if abs(float(line.contributions[name][0])) > 1e-9
        ],
        (t("forecast.model_regression"), Decimal(repr(float(line.mean[0]))), "actual"),
    )
    charts.waterfall(rows, unit=unit, alt=t("forecast.parts_alt", month=format.period(first)), height=300)
    st.caption(
        t("forecast.parts_note", month=format.period(first), value=unit.text(found.points[0].base, unit=True))
    )
