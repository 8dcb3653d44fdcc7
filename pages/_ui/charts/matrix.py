"""Heat table: which row, which month."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import role
from pages._ui.format import Unit


@base.recipe
def build(
    rows: list[dict[str, Any]],
    names: list[str],
    columns: list[str],
    limit: float,
    better: str,
    row_height: int,
    pick: bool,
    months: bool,
) -> Any:
    """Cells with their figures; colour diverges around nil, adverse is vermilion whichever sign that is."""
    axis = (
        base.month_axis(columns, every=1, top=True)
        if months
        else alt.Axis(title=None, labelAngle=0, labelExpr="split(datum.value,'\\n')", labelLineHeight=15)
    )
    axis.orient = "top"
    axis.labelBaseline = "line-top"
    axis.labelPadding = 34 if months else 8
    chart = base.chart(rows).encode(
        x=alt.X("col:O", sort=columns, axis=axis, scale=alt.Scale(domain=columns, paddingInner=0.03)),
        y=alt.Y(
            "row:N",
            sort=names,
            title=None,
            axis=alt.Axis(
                labelFontSize=base.NORMAL,
                labelLimit=170,
                labelPadding=8,
                labelOverlap=False,
                labelFlush=False,
                labelBound=False,
            ),
            scale=alt.Scale(paddingInner=0.07),
        ),
    )
    fill = alt.Fill(
        "value:Q",
        legend=None,
        scale=alt.Scale(
            domain=[-limit, limit], domainMid=0, range="diverging", reverse=better == "lower", clamp=True
        ),
    )
    cells = chart.mark_rect(cornerRadius=2).encode(
        fill=fill,
        opacity=base.dim(pick),
        tooltip=[alt.Tooltip("row:N", title=" "), alt.Tooltip("text:N", title=" ")],
    )
    words = chart.mark_text(fontSize=base.SMALL).encode(text="text:N", color=role("actual"))
    return alt.layer(base.pickable(cells, ["row", "col"], on=pick), words).properties(
        height=row_height * len(names) + 48
    )


def heat(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    better: str = "lower",
    limit: float | None = None,
    key: str | None = None,
    row_height: int = 27,
) -> base.Picks:
    """Row by column with the figures in the cells.

    Args:
        rows: row, col (a month yyyymm or any text), value: a deviation, so that 0 is 'as it should be'.
        better: sign that is favourable.
        limit: value at full colour, in the base amount (0.15 for 15 %); default the largest deviation shown.
    Returns:
        Picked cells as {"row", "col"}; col is the text of what was given.
    """
    found = base.records(rows)
    if not found:
        return base.nothing(alt)
    columns = list(dict.fromkeys(str(row["col"]) for row in found))
    months = all(len(c) == 6 and c.isdigit() for c in columns)
    values = [unit.scale(row["value"]) for row in found]
    most = unit.scale(limit) if limit else max((abs(v) for v in values if v is not None), default=0.0)
    made = [
        {
            "row": str(row["row"]),
            "col": str(row["col"]),
            "value": value,
            "text": unit.text(row["value"], signed=True),
        }
        for row, value in zip(found, values, strict=True)
    ]
    spec = build(
        rows=made,
        names=list(dict.fromkeys(row["row"] for row in made)),
        columns=columns,
        limit=most or 1.0,
        better=better,
        row_height=row_height,
        pick=key is not None,
        months=months,
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("row", "col"))
