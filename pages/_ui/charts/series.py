"""Months: run charts with limits, trend against last year and budget, small multiples."""

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
    chart = base.chart(rows).encode(x=month_scale(months, base.month_axis(months)))

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
        .encode(x=month_scale(months), y=alt.Y("at:Q", scale=scale), text="words:N", color=by("role"))
    )
    if aims:
        layers.append(
            base.chart(aims)
            .mark_line(interpolate="step", strokeWidth=1.6, strokeDash=[2, 2])
            .encode(x=month_scale(months), y=alt.Y("aim:Q", scale=scale), color=role("scenario"))
        )
    if marks:
        layers.append(
            base.chart(marks)
            .mark_point(shape="triangle-down", filled=True, size=90, opacity=1)
            .encode(
                x=month_scale(months), y=alt.value(8), color=role("scenario"),
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
        named = bool(rule) and rule != before and index - noted >= len(found) / 4
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
