"""Months: trend against last year and budget; the scales of months that other charts share."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.compare import _apart
from pages._ui.charts.palette import by, role
from pages._ui.format import Unit, period
from pages._ui.text import t

LINES = ("actual", "previous", "budget", "forecast", "scenario")


def value_span(values: list[float | None], *, zero: bool = False) -> tuple[float, float]:
    known = [v for v in values if v is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    gap = (high - low) * 0.14 or abs(high) * 0.1 or 1.0
    return (0.0 if zero and low >= 0 else low - gap), high + gap


def month_scale(months: list[str], axis: Any = None) -> Any:
    return alt.X(
        "period:O", axis=axis, sort=months, scale=alt.Scale(domain=months, type="point", padding=0.4)
    )


@base.recipe
def build_trend(
    rows: list[dict[str, Any]],
    fan: list[dict[str, Any]],
    ends: list[dict[str, Any]],
    months: list[str],
    height: int,
    decimals: int,
    zero: bool,
) -> Any:
    """Lines by role with their names at the right-hand end."""
    span = value_span(
        [row["value"] for row in rows] + [v for f in fan for v in (f["low"], f["high"])], zero=zero
    )
    scale = alt.Scale(domain=list(span), zero=False, nice=False)
    gap = (span[1] - span[0]) * 17 / height
    placed = _apart([(i, end["value"]) for i, end in enumerate(ends)], gap)
    over = max(placed.values(), default=0.0) - (span[1] - gap / 2)
    for index, place in placed.items():
        ends[index]["at"] = place - max(over, 0.0)
    y = alt.Y("value:Q", scale=scale, axis=base.value_axis(decimals))
    x = month_scale(months, base.month_axis(months))
    chart = base.chart(rows).encode(x=x, y=y, detail="line:N")
    tip = [alt.Tooltip("month:N", title=" "), alt.Tooltip("text:N", title=" ")]
    layers = []
    if fan:
        layers.append(
            base.chart(fan)
            .mark_area()
            .encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q", color=role("band"))
        )
    solid = chart.transform_filter("datum.line!='budget' && datum.line!='forecast'")
    dashed = chart.transform_filter("datum.line=='budget' || datum.line=='forecast'")
    layers += [
        solid.transform_filter("datum.line!='actual'").mark_line(strokeWidth=2).encode(color=by("role")),
        dashed.mark_line(strokeWidth=1.4, strokeDash=[5, 3]).encode(color=by("role")),
        solid.transform_filter("datum.line=='actual'").mark_line(strokeWidth=2.6).encode(color=by("role")),
        chart.mark_point(filled=True, size=22, opacity=0).encode(color=by("role"), tooltip=tip),
        base.chart(ends).mark_point(filled=True, size=44, opacity=1).encode(x=x, y=y, color=by("role")),
        base.chart(ends)
        .mark_text(align="left", dx=9, fontSize=base.SMALL)
        .encode(x=x, y=alt.Y("at:Q", scale=scale), text="words:N", color=by("text_role")),
    ]
    return alt.layer(*layers).properties(height=height)


def _trend_parts(
    found: list[dict[str, Any]], unit: Unit, names: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    colours = {"actual": "actual", "previous": "previous", "budget": "muted", "forecast": "scenario"}
    rows, ends = [], []
    for line in LINES:
        known = [row for row in found if row.get(line) is not None]
        for row in known:
            rows.append(
                {
                    "period": str(row["period"]),
                    "month": period(row["period"]),
                    "line": line,
                    "role": colours.get(line, "scenario"),
                    "value": unit.scale(row[line]),
                    "text": f"{names[line]} {unit.text(row[line], unit=True)}",
                }
            )
        if known:
            ends.append(
                {
                    **rows[-1],
                    "words": f"{names[line]} {unit.text(known[-1][line])}",
                    "text_role": "actual" if line == "actual" else "muted",
                }
            )
    return rows, ends


def trend(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    height: int = 272,
    zero: bool = False,
    names: dict[str, str] | None = None,
) -> base.Picks:
    """Actual against last year and budget, with an optional forecast (fan low/high) and what-if.

    Args:
        rows: period, and any of actual, previous, budget, forecast, scenario, low, high.
        names: words for the lines where the usual ones do not fit.
    """
    found = base.records(rows)
    said = {line: t(f"role.{line}") for line in LINES} | (names or {})
    lines, ends = _trend_parts(found, unit, said)
    if not lines:
        return base.nothing(alt)
    fan = [
        {"period": str(r["period"]), "low": unit.scale(r["low"]), "high": unit.scale(r["high"])}
        for r in found
        if r.get("low") is not None and r.get("high") is not None
    ]
    spec = build_trend(
        rows=lines,
        fan=fan,
        ends=ends,
        months=list(dict.fromkeys(str(row["period"]) for row in found)),
        height=height,
        decimals=base.axis_decimals([row["value"] for row in lines], unit.decimals),
        zero=zero,
    )
    return base.draw(spec, alt_text=alt, key=None)
