"""Small multiples: many small trends on one scale."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from pages._ui.charts import base
from pages._ui.charts.palette import role
from pages._ui.charts.series import month_scale, value_span
from pages._ui.format import Unit


@base.recipe
def build_small(rows: list[dict[str, Any]], months: list[str], span: list[float], height: int) -> Any:
    """One panel: the line, last year in grey, the last figure."""
    scale = alt.Scale(domain=span, zero=False, nice=False)
    axis = alt.Axis(
        title=None,
        values=[months[0], months[-1]],
        labelAngle=0,
        labelExpr="slice(datum.value,2,4)+'-'+slice(datum.value,4)",
    )
    chart = base.chart(rows).encode(x=month_scale(months, axis))

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    end = chart.transform_filter(f"datum.period=={months[-1]!r}")
    return alt.layer(
        chart.mark_line(strokeWidth=1.6).encode(y=y("previous"), color=role("previous")),
        chart.mark_line(strokeWidth=2).encode(y=y("value"), color=role("actual")),
        end.mark_point(filled=True, size=36, opacity=1).encode(y=y("value"), color=role("actual")),
        end.mark_text(align="left", dx=8, fontSize=base.SMALL, fontWeight="bold").encode(
            y=y("value"), text="text:N", color=role("actual")
        ),
    ).properties(height=height)


def multiples(
    rows: base.Rows, *, unit: Unit, alt: str, columns: int = 4, height: int = 88, zero: bool = False
) -> None:
    """Many small trends on one scale. Rows: panel, period, value, previous (optional); panels in the order given."""
    found = base.records(rows)
    if not found:
        base.nothing(alt)
        return
    values = [unit.scale(row.get(f)) for row in found for f in ("value", "previous")]
    span = list(value_span(values, zero=zero))
    panels: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        panels.setdefault(str(row["panel"]), []).append(
            {
                "period": str(row["period"]),
                "value": unit.scale(row["value"]),
                "previous": unit.scale(row.get("previous")),
                "text": unit.text(row["value"]),
            }
        )
    grid = st.grid(columns, gap=("small", "medium"))
    for name, panel in panels.items():
        with grid.cell(), st.container(gap=None):
            st.markdown(f"{name}")
            months = [row["period"] for row in panel]
            spec = build_small(rows=panel, months=months, span=span, height=height)
            base.draw(spec, alt_text=f"{alt}: {name}", key=None)
