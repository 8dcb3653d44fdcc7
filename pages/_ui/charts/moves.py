"""Which parts moved most: signed bars from a middle line, favourable and adverse by colour and by side."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import by, role
from pages._ui.format import Unit, percent, tone
from pages._ui.text import t


@base.recipe
def build(rows: list[dict[str, Any]], row_height: int, pick: bool) -> Any:
    """Names at the left, bars around nil, the figure at the bar's end, the rate in a column at the right."""
    most = max(abs(row["value"]) for row in rows) or 1.0
    below = min(row["value"] for row in rows) < 0
    # Room for the figure at each end, and for the column of rates.
    low, high = (-most * 1.55 if below else 0.0), most * 2.7
    scale = alt.Scale(domain=[low, high], nice=False)
    chart = base.chart(rows).encode(
        y=alt.Y(
            "label:N",
            sort=[row["label"] for row in rows],
            title=None,
            axis=alt.Axis(
                labelLimit=200,
                labelFontSize=base.SMALL,
                labelPadding=8,
                labelOverlap=False,
                labelExpr="split(datum.value,'\\n')",
                labelLineHeight=14,
            ),
            scale=alt.Scale(paddingInner=0.34, paddingOuter=0.15),
        )
    )
    tip = [alt.Tooltip("tip:N", title=" "), alt.Tooltip("text:N", title=" ")]
    bars = chart.mark_bar().encode(
        x=alt.X("value:Q", scale=scale, axis=None),
        color=by("tone"),
        opacity=base.dim(pick),
        tooltip=tip,
    )
    x = alt.X("value:Q", scale=scale, axis=None)
    layers = [
        base.pickable(bars, ["label"], on=pick),
        chart.mark_rule(strokeWidth=1).encode(x=alt.XDatum(0, scale=scale, axis=None), color=role("muted")),
        chart.transform_filter("datum.value>=0")
        .mark_text(align="left", dx=6, fontSize=base.SMALL)
        .encode(x=x, text="text:N", color=role("actual")),
        chart.transform_filter("datum.value<0")
        .mark_text(align="right", dx=-6, fontSize=base.SMALL)
        .encode(x=x, text="text:N", color=role("actual")),
        chart.mark_text(align="right", fontSize=base.SMALL).encode(
            x=alt.XDatum(high, scale=scale, axis=None), text="rate:N", color=role("muted")
        ),
    ]
    return alt.layer(*layers).properties(height=row_height * len(rows) + 8)


def moves(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    better: str = "lower",
    key: str | None = None,
    row_height: int = 40,
) -> base.Picks:
    """Signed changes in the order given.

    Args:
        rows: label (may hold a line break), value (the change), ratio (None: there was nothing before).
        better: which sign is favourable.
    Returns:
        Picked bars as {"label"}.
    """
    found = base.records(rows)
    if not found:
        return base.nothing(alt)
    made = [
        {
            "label": str(row["label"]),
            "tip": str(row["label"]).replace("\n", " "),
            "value": unit.scale(row["value"]) or 0.0,
            "text": unit.text(row["value"], signed=True),
            "rate": t("cockpit.new")
            if row["ratio"] is None
            else percent(0).text(row["ratio"], signed=True, unit=True),
            "tone": "previous" if tone(row["value"], better) == "flat" else tone(row["value"], better),
        }
        for row in found
    ]
    spec = build(rows=made, row_height=row_height, pick=key is not None)
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))
