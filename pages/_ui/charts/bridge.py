"""Waterfall: where a difference came from."""

from __future__ import annotations

import json
from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import by, role
from pages._ui.format import Amount, Unit, tone

# A zigzag in the page's colour, laid over the foot of a cut bar.
_CUT = "M-1,.25L-.6,-.25L-.2,.25L.2,-.25L.6,.25L1,-.25"


def _levels(rows: list[dict[str, Any]], unit: Unit, better: str) -> list[dict[str, Any]]:
    """Each bar's lower and upper end, its words and its role; totals restart the running level."""
    level, made = 0.0, []
    for row in rows:
        value = unit.scale(row["value"]) or 0.0
        total = row.get("kind") == "total"
        start, end = (0.0, value) if total else (level, level + value)
        kind = row.get("role") or ("actual" if total else {"flat": "s1"}.get(t := tone(value, better), t))
        words = unit.text(row["value"], signed=not total)
        made.append(
            {
                "label": str(row["label"]),
                "start": start,
                "end": end,
                "top": max(start, end),
                "text": words,
                "role": kind,
                "total": total,
            }
        )
        level = end
    for this, following in zip(made, [*made[1:], None], strict=True):
        this["next"] = following["label"] if following else this["label"]
    return made


@base.recipe
def build(rows: list[dict[str, Any]], height: int, pick: bool, unit: str) -> Any:
    """The layered chart. Rows come from `_levels`."""
    order = [row["label"] for row in rows]
    levels = [row["end"] for row in rows]
    low, high = min(levels), max(levels)
    cut = low > 0.4 * high > 0
    floor = low - 0.45 * (high - low) if cut else min(0.0, low)
    if cut and floor < 0.15 * high:
        cut, floor = False, 0.0
    for row in rows:
        row["start"] = floor if row["total"] else row["start"]
    room = (high - floor) * 0.13 or 1.0
    scale = alt.Scale(domain=[floor, high + room], nice=False, zero=False)
    loose = json.dumps({name: base.wrap(name, 12).split("\n") for name in order}, ensure_ascii=False)
    tight = json.dumps({name: base.hyphened(name, 8).split("\n") for name in order}, ensure_ascii=False)
    close = json.dumps({name: base.hyphened(name, 5).split("\n") for name in order}, ensure_ascii=False)
    x = alt.X(
        "label:N",
        sort=order,
        title=None,
        scale=alt.Scale(paddingInner=0.36, paddingOuter=0.18),
        axis=alt.Axis(
            labelAngle=0,
            labelExpr=f"(bandwidth('x')<26?{close}:bandwidth('x')<48?{tight}:{loose})[datum.value]",
            labelLimit=0,
            labelLineHeight=15,
            labelFontSize=base.SMALL if len(rows) <= 7 else 11,
            labelOverlap=False,
        ),
    )
    y = alt.Y("start:Q", scale=scale, axis=None)
    tip = [alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=unit or " ")]
    chart = base.chart(rows).encode(x=x)
    links = (
        base.chart(rows)
        .mark_rule(strokeWidth=1)
        .encode(
            x=x,
            x2="next:N",
            y=alt.Y("end:Q", scale=scale, axis=None),
            color=role("previous"),
        )
    )
    solid = (
        chart.transform_filter("datum.role!='budget'")
        .mark_bar()
        .encode(y=y, y2="end:Q", color=by("role"), opacity=base.dim(pick), tooltip=tip)
    )
    outline = (
        chart.transform_filter("datum.role=='budget'")
        .mark_bar(filled=True, strokeWidth=1.6)
        .encode(y=y, y2="end:Q", fill=role("paper", "fill"), stroke=role("actual", "stroke"), tooltip=tip)
    )
    words = chart.mark_text(dy=-9, fontSize=base.NORMAL, fontWeight="bold").encode(
        y=alt.Y("top:Q", scale=scale, axis=None), text="text:N", color=role("actual")
    )
    layers = [links, base.pickable(solid, ["label"], on=pick), outline, words]
    if cut:
        layers.append(
            chart.transform_filter("datum.total")
            .mark_point(shape=_CUT, size=2600, strokeWidth=4, filled=False, opacity=1)
            .encode(
                y=alt.Y("foot:Q", scale=scale, axis=None),
                color=role("paper"),
            )
            .transform_calculate(foot=str(floor + (high - floor) * 0.1))
        )
    return alt.layer(*layers).properties(height=height)


def waterfall(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    better: str = "lower",
    key: str | None = None,
    height: int = 272,
) -> base.Picks:
    """Bridge from one total to another.

    Args:
        rows: label, value, kind ('total' | 'change'), role for totals ('actual', 'budget', 'previous').
        better: which sign of a change is favourable ('none': changes carry no judgement).
    Returns:
        Picked bars as {"label"}.
    """
    found = base.records(rows)
    if not found:
        return base.nothing(alt)
    spec = build(rows=_levels(found, unit, better), height=height, pick=key is not None, unit=unit.label)
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))


def steps(start: tuple[str, Amount, str], changes: base.Rows, end: tuple[str, Amount, str]) -> base.Rows:
    """Rows of a waterfall from (label, value, role), the changes, (label, value, role)."""
    return [
        {"label": start[0], "value": start[1], "kind": "total", "role": start[2]},
        *({**row, "kind": "change"} for row in base.records(changes)),
        {"label": end[0], "value": end[1], "kind": "total", "role": end[2]},
    ]
