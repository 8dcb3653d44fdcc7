"""Is this month unusual for its season? A run chart whose limits follow the year."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import by, role
from pages._ui.charts.series import month_scale, value_span
from pages._ui.format import Unit
from pages._ui.text import t


@base.recipe
def build(rows: list[dict[str, Any]], months: list[str], height: int, decimals: int, end: str) -> Any:
    """Band of what is usual, the line, diamonds where a rule is broken with the month's name beside the first ones."""
    span = value_span([row[f] for row in rows for f in ("value", "low", "high")])
    scale = alt.Scale(domain=list(span), zero=False, nice=False)
    chart = base.chart(rows).encode(x=month_scale(months, base.month_axis(months)))

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=scale, axis=base.value_axis(decimals))

    tip = [alt.Tooltip(f"{name}:N", title=" ") for name in ("month", "text", "usual", "note")]
    limits = chart.transform_filter("isValid(datum.low)")
    special, plain = chart.transform_filter("datum.special"), chart.transform_filter("!datum.special")
    known = [row["period"] for row in rows if row["value"] is not None]
    last = chart.transform_filter(f"datum.period=={known[-1] if known else ''!r}")
    layers = [
        limits.mark_area(opacity=0.55).encode(y=y("low"), y2="high:Q", color=role("previous")),
        chart.mark_line(strokeWidth=1.8).encode(y=y("value"), color=role("actual")),
        plain.mark_point(filled=True, size=26, opacity=1).encode(
            y=y("value"), color=role("actual"), tooltip=tip
        ),
        special.mark_point(filled=True, size=100, shape="diamond", opacity=1).encode(
            y=y("value"), color=by("tone"), tooltip=tip
        ),
        *(
            special.transform_filter(f"datum.named=={side!r}")
            .mark_text(dy=dy, fontSize=base.SMALL, fontWeight="bold")
            .encode(y=y("value"), text="month:N", color=by("tone"))
            for side, dy in (("above", -14), ("below", 16))
        ),
        last.mark_text(align="left", dx=9, fontSize=base.SMALL, fontWeight="bold").encode(
            y=y("value"), text=alt.TextValue(end), color=role("actual")
        ),
    ]
    return alt.layer(*layers).properties(height=height)


def seasons(
    points: base.Rows, *, unit: Unit, alt: str, better: str = "lower", height: int = 272
) -> base.Picks:
    """Draw points computed in core (core/xmr.py `seasonal`).

    Args:
        points: period (yyyymm), value, mean, low, high (None where there is nothing to judge by), rule '' or a code
            of text `rule.*`.
    """
    found = base.records(points)
    if not found:
        return base.nothing(alt)
    made: list[dict[str, Any]] = []
    names, pattern = t("date.months").split(), t("date.period", year="{year}", month="{month}")
    usual = t("cockpit.usual", low="{low}", high="{high}")
    for row in found:
        rule = row.get("rule") or ""
        value, mean = unit.scale(row["value"]), unit.scale(row["mean"])
        up = value is not None and mean is not None and value > mean
        low, high = unit.text(row["low"]), unit.text(row["high"])
        made.append(
            {
                "period": str(row["period"]),
                "month": pattern.format(year=row["period"] // 100, month=names[row["period"] % 100 - 1]),
                "value": value,
                "mean": mean,
                "low": unit.scale(row["low"]),
                "high": unit.scale(row["high"]),
                "text": unit.text(row["value"], unit=True),
                "usual": "" if mean is None else usual.format(low=low, high=high),
                "note": t(f"rule.{rule}") if rule else "",
                "special": bool(rule),
                "named": "",
                "tone": "scenario" if better == "none" else "good" if up == (better == "higher") else "bad",
            }
        )
    _judge_runs(made)
    spec = build(
        rows=made,
        months=[row["period"] for row in made],
        height=height,
        decimals=base.axis_decimals([row["value"] for row in made], unit.decimals),
        end=unit.text(next((row["value"] for row in reversed(found) if row["value"] is not None), None)),
    )
    return base.draw(spec, alt_text=alt, key=None)


def _judge_runs(rows: list[dict[str, Any]]) -> None:
    """Give each run of special points one colour, and one name at its sharpest point, away from the line."""
    run: list[tuple[float, int, str]] = []
    for index, row in enumerate([*rows, {"special": False}]):
        if row["special"] and row["value"] is not None:
            beside = [rows[i]["value"] for i in (index - 1, index + 1) if 0 <= i < len(rows)]
            known = [value for value in beside if value is not None]
            gap = row["value"] - sum(known) / len(known) if known else 0.0
            run.append((abs(gap), index, "above" if gap >= 0 else "below"))
        elif run:
            _, at, side = max(run)
            rows[at]["named"] = side
            # One run, one verdict: that of its last point.
            for _, position, _ in run:
                rows[position]["tone"] = rows[index - 1]["tone"]
            run = []
