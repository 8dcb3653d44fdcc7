"""Run charts: points within their limits, special causes named, the line of targets, flags over months."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.compare import _apart
from pages._ui.charts.palette import by, role
from pages._ui.charts.series import month_scale, value_span
from pages._ui.format import Unit, period
from pages._ui.text import t


@base.recipe
def build_run(
    rows: list[dict[str, Any]],
    months: list[str],
    heads: list[dict[str, Any]],
    height: int,
    pick: bool,
    decimals: int,
    aims: list[dict[str, Any]],
    marks: list[dict[str, Any]],
) -> Any:
    """Line and points within their limits; special causes are diamonds with the rule's name."""
    known = [row[f] for row in rows for f in ("value", "low", "high")] + [aim["aim"] for aim in aims]
    low, high = value_span(known)
    span = (low, high + (high - low) * 0.08 if marks else high)  # room for the flags above everything drawn
    gap = (span[1] - span[0]) * 16 / height
    for index, place in _apart([(i, head["value"]) for i, head in enumerate(heads)], gap).items():
        heads[index]["at"] = place
    scale = alt.Scale(domain=list(span), zero=False, nice=False)
    # The same in every layer: one without an axis would take it from all.
    x = month_scale(months, base.month_axis(months))
    chart = base.chart(rows).encode(x=x)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=scale, axis=base.value_axis(decimals))

    tip = [alt.Tooltip("month:N", title=" "), alt.Tooltip("text:N", title=" ")]
    special, usual = chart.transform_filter("datum.special"), chart.transform_filter("!datum.special")
    layers = [
        chart.mark_area(interpolate="step").encode(y=y("low"), y2="high:Q", color=role("band")),
        chart.mark_line(interpolate="step", strokeWidth=1, strokeDash=[4, 3]).encode(
            y=y("mean"), color=role("muted")
        ),
        chart.mark_line(strokeWidth=1.6).encode(y=y("value"), color=role("actual")),
        usual.mark_point(filled=True, size=30, opacity=1).encode(
            y=y("value"), color=role("actual"), tooltip=tip
        ),
        base.pickable(
            special.mark_point(filled=True, size=95, shape="diamond", opacity=1).encode(
                y=y("value"), color=by("tone"), tooltip=tip
            ),
            ["period", "rule"],
            on=pick,
        ),
    ]
    layers.append(
        base.chart(heads)
        .mark_text(align="left", dx=10, fontSize=base.SMALL)
        .encode(x=x, y=alt.Y("at:Q", scale=scale), text="words:N", color=by("role"))
    )
    if aims:
        layers.append(
            base.chart(aims)
            .mark_line(interpolate="step", strokeWidth=1.6, strokeDash=[2, 2])
            .encode(x=x, y=alt.Y("aim:Q", scale=scale), color=role("scenario"))
        )
    if marks:
        layers.append(
            base.chart(marks)
            .mark_point(shape="triangle-down", filled=True, size=90, opacity=1)
            .encode(
                x=x, y=alt.value(8), color=role("scenario"),
                tooltip=[alt.Tooltip("month:N", title=" "), alt.Tooltip("text:N", title=" ")],
            )
        )  # fmt: skip
    layers += [
        chart.transform_filter(f"datum.note!='' && datum.side=={side!r}")
        .mark_text(align=side, dx=dx, dy=-2, fontSize=base.SMALL, fontWeight="bold")
        .encode(y=y("value"), text="note:N", color=by("tone"))
        for side, dx in (("right", -11), ("left", 11))
    ]
    return alt.layer(*layers).properties(height=height)


def run_chart(
    points: base.Rows,
    *,
    unit: Unit,
    alt: str,
    better: str = "lower",
    key: str | None = None,
    height: int = 272,
) -> base.Picks:
    """Is this change real? XmR chart of points that core has computed.

    Args:
        points: period (yyyymm), value, mean, low, high (limits may step), rule: '' or a code of text `rule.*`
            ('beyond', 'run', 'trend', 'near'). Where a point has `target`, the line of targets is drawn; where it has
            `mark`, a flag stands over its month with these words.
    Returns:
        Picked special causes as {"period", "rule"}.
    """
    found = base.records(points)
    if not found:
        return base.nothing(alt)
    made: list[dict[str, Any]] = []
    before, noted = "", -len(found)
    for index, row in enumerate(found):
        rule = row.get("rule") or ""
        # A name beside a name cannot be read; the point says its rule when pointed at.
        room = len(found) * max(0.25, base.columns(t(f"rule.{rule}")) / 70) if rule else 0
        named = bool(rule) and rule != before and index - noted >= room
        noted = index if named else noted
        value, mean = unit.scale(row["value"]), unit.scale(row["mean"])
        up = value is not None and mean is not None and value > mean
        made.append(
            {
                "period": str(row["period"]),
                "month": period(row["period"]),
                "value": value,
                "mean": mean,
                "low": unit.scale(row["low"]),
                "high": unit.scale(row["high"]),
                "text": "  ".join(
                    [unit.text(row["value"], unit=True), *([t(f"rule.{rule}")] if rule else [])]
                ),
                "special": bool(rule),
                "rule": rule,
                "note": t(f"rule.{rule}") if named else "",
                "side": "left" if index < 0.45 * len(found) else "right",
                "tone": "scenario" if better == "none" else "good" if up == (better == "higher") else "bad",
            }
        )
        before = rule
    months = [row["period"] for row in made]
    aims = [
        {"period": str(r["period"]), "aim": unit.scale(r["target"])}
        for r in found
        if r.get("target") is not None
    ]
    spec = build_run(
        rows=made,
        months=months,
        heads=_heads(found[-1], aims, months, unit),
        aims=aims,
        marks=[
            {"period": str(r["period"]), "month": period(r["period"]), "text": r["mark"]}
            for r in found
            if r.get("mark")
        ],
        height=height,
        pick=key is not None,
        decimals=base.axis_decimals([row["value"] for row in made], unit.decimals),
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("period", "rule"))


def _heads(last: base.Row, aims: list[base.Row], months: list[str], unit: Unit) -> list[base.Row]:
    """Names at the right-hand end: limits, mean and the target that holds at the end."""
    named = [
        ("upper", last["high"], "muted"),
        ("mean", last["mean"], "muted"),
        ("lower", last["low"], "muted"),
    ]
    if aims and aims[-1]["period"] == months[-1]:
        named.append(("aim", last["target"], "scenario"))
    return [
        {"period": months[-1], "value": unit.scale(value), "words": t(f"chart.{word}", value=unit.text(value)), "role": tone}
        for word, value, tone in named
        if value is not None
    ]  # fmt: skip
