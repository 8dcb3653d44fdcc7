"""Bubbles in four named quadrants: two dimensions around zero, the third as the size of the bubble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import by, role
from pages._ui.format import Unit

AIR, ROOM = 0.34, 0.45  # around the bubbles, across and upwards: the names of the quadrants stand there
LEAST, MOST = 90.0, 1400.0  # areas of bubbles in square pixels


@base.recipe
def build(
    rows: list[dict[str, Any]],
    corners: list[dict[str, Any]],
    x_title: str,
    y_title: str,
    span: list[list[float]],
    height: int,
    pick: bool,
) -> Any:
    """Zero lines, the names of the quadrants in their corners, bubbles with their names."""
    x = alt.Scale(domain=span[0], nice=False, zero=False)
    y = alt.Scale(domain=span[1], nice=False, zero=False)

    def across(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=x, axis=_axis(x_title, 0))

    def up(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=y, axis=_axis(y_title, 1))

    zero = base.chart([{"x": 0.0, "y": 0.0}])
    lines = [
        zero.mark_rule(strokeWidth=1).encode(x=across("x"), color=role("muted")),
        zero.mark_rule(strokeWidth=1).encode(y=up("y"), color=role("muted")),
    ]
    names = [
        base.chart([one]).mark_text(
            align=one["align"], baseline=one["baseline"], fontSize=base.NORMAL, fontWeight="bold", opacity=0.8,
            lineBreak="\n", lineHeight=16, dx=one["dx"], dy=one["dy"],
        ).encode(x=across("x"), y=up("y"), text="words:N", color=role("muted"))
        for one in corners
    ]  # fmt: skip
    chart = base.chart(rows).encode(
        tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")]
    )
    dots = chart.mark_point(filled=True, stroke=None).encode(
        x=across("x"), y=up("y"), size=alt.Size("area:Q", scale=None, legend=None), color=by("tone"),
        opacity=base.dim(pick, 0.75),
    )  # fmt: skip
    words = chart.mark_text(fontSize=base.SMALL, baseline="bottom").encode(
        x=across("x"), y=up("above"), text="label:N", color=role("actual")
    )
    return alt.layer(*lines, *names, base.pickable(dots, ["label"], on=pick), words).properties(height=height)


def _axis(title: str, decimals: int) -> Any:
    axis = base.value_axis(decimals)
    axis["title"] = title
    return axis


def quadrants(
    rows: base.Rows,
    *,
    corners: Mapping[str, str],
    x_unit: Unit,
    x_title: str,
    y_title: str,
    alt: str,
    key: str | None = None,
    height: int = 380,
) -> base.Picks:
    """Draw bubbles. Rows: label, x (money), y, size (money), tone, text; corners: words by 'left|right top|bottom'."""
    found = base.records(rows)
    if not found:
        return base.nothing(alt)
    made = [{**row, "x": x_unit.scale(row["x"]) or 0.0, "y": float(row["y"])} for row in found]
    most = max(float(row["size"]) for row in found) or 1.0
    span = [_span([row["x"] for row in made], AIR), _span([row["y"] for row in made], ROOM)]
    tall = span[1][1] - span[1][0]
    for row in made:
        area = LEAST + (MOST - LEAST) * float(row.pop("size")) / most
        row |= {"area": area, "above": row["y"] + tall * ((area / 3.14159) ** 0.5 + 5) / height}
    placed = [
        {"words": corners[name], "dx": -4 if right else 4, "dy": 6 if top else -8, "x": span[0][right], "y": span[1][top], "align": "right" if right else "left",
         "baseline": "top" if top else "bottom"}
        for name, right, top in (("right top", 1, 1), ("right bottom", 1, 0), ("left top", 0, 1), ("left bottom", 0, 0))
    ]  # fmt: skip
    spec = build(
        rows=made,
        corners=placed,
        x_title=x_title,
        y_title=y_title,
        span=span,
        height=height,
        pick=key is not None,
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))


def _span(values: list[float], share: float) -> list[float]:
    """Around zero and every value, with room for names on both sides."""
    low, high = min(*values, 0.0), max(*values, 0.0)
    air = (high - low or 1.0) * share
    return [min(low - air, -air), max(high + air, air)]
