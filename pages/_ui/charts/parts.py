"""What a whole is made of: Pareto and stacked composition."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import SERIES, by, role
from pages._ui.format import Unit, percent
from pages._ui.text import t

_SOLID = ("s1", "s2")


@base.recipe
def build_pareto(rows: list[dict[str, Any]], crossing: str, words: str, row_height: int, pick: bool) -> Any:
    """Bars by size, running share in a column, a line under the last bar within 80 %."""
    high = max(row["value"] for row in rows) or 1.0
    scale = alt.Scale(domain=[0, high * 1.42], nice=False)
    names = [row["label"] for row in rows]
    chart = base.chart(rows).encode(
        y=alt.Y(
            "label:N",
            sort=names,
            title=None,
            axis=alt.Axis(labelLimit=190, labelFontSize=base.NORMAL, labelPadding=8, labelOverlap=False),
            scale=alt.Scale(paddingInner=0.32, paddingOuter=0.2),
        )
    )
    x = alt.X("value:Q", scale=scale, axis=None)
    bars = chart.mark_bar().encode(
        x=x, color=by("role"), opacity=base.dim(pick), tooltip=["label:N", "text:N"]
    )
    layers = [
        base.pickable(bars, ["label"], on=pick),
        chart.mark_text(align="left", dx=6, fontSize=base.SMALL).encode(
            x=x, text="text:N", color=role("actual")
        ),
        chart.mark_text(align="right", fontSize=base.SMALL).encode(
            x=alt.XDatum(high * 1.42, scale=scale, axis=None), text="share:N", color=role("muted")
        ),
    ]
    if crossing:
        under = chart.transform_filter(alt.datum.label == crossing)
        layers += [
            under.mark_rule(strokeDash=[5, 3], strokeWidth=1.2, yOffset=row_height / 2).encode(
                x=alt.XDatum(0, scale=scale), x2=alt.X2Datum(high * 1.42), color=role("muted")
            ),
            under.mark_text(align="right", dx=-64, yOffset=row_height / 2, dy=-9, fontSize=base.SMALL).encode(
                x=alt.XDatum(high * 1.42, scale=scale), text=alt.TextValue(words), color=role("muted")
            ),
        ]
    return alt.layer(*layers).properties(height=row_height * len(rows) + 8)


def pareto(
    rows: base.Rows, *, unit: Unit, alt: str, top: int = 12, key: str | None = None, row_height: int = 27
) -> base.Picks:
    """Few things matter most. Rows: label, value (not negative); sorted here; the rest is gathered with its count."""
    found = [
        (str(row["label"]), row["value"], unit.exact(row["value"]) or Decimal(0))
        for row in base.records(rows)
    ]
    if not found:
        return base.nothing(alt)
    found.sort(key=lambda item: item[2], reverse=True)
    whole = sum((item[2] for item in found), Decimal(0))
    shown, rest = found[:top], found[top:]
    made: list[dict[str, Any]] = []
    running, within, crossing, reached = Decimal(0), 0, "", Decimal(0)
    for name, value, exact in shown:
        before, running = running, running + exact
        inside = whole > 0 and before < whole * Decimal("0.8")
        if inside:
            within, crossing, reached = within + 1, name, running
        made.append(
            {
                "label": name,
                "value": float(exact),
                "text": unit.text(value),
                "share": percent(0).text(running / whole, unit=True) if whole else "",
                "role": "actual" if inside else "previous",
            }
        )
    if rest:
        left = sum((item[2] for item in rest), Decimal(0))
        made.append(
            {
                "label": t("role.other", count=len(rest)),
                "value": float(left),
                "text": unit.shown(left),
                "share": "100%",
                "role": "previous",
            }
        )
    # All shown bars are inside when the tail is long: then there is no crossing to draw.
    done = bool(whole) and reached >= whole * Decimal("0.8")
    words = t("chart.eighty", count=within, share=percent(0).text(reached / whole, unit=True)) if done else ""
    spec = build_pareto(
        rows=made, crossing=crossing if done else "", words=words, row_height=row_height, pick=key is not None
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))


@base.recipe
def build_stack(
    rows: list[dict[str, Any]], names: list[str], parts: list[str], height: int, share: bool, pick: bool
) -> Any:
    """Stacked bars with figures in the segments that are wide enough."""
    roles = list(SERIES[: len(parts)])
    heads = dict(zip(roles, parts, strict=True))
    legend = alt.Legend(
        title=None,
        orient="top",
        values=roles,
        direction="horizontal",
        columns=len(parts),
        symbolType="square",
        symbolSize=110,
        columnPadding=14,
        labelFontSize=base.SMALL,
        labelLimit=150,
        labelExpr=f"({json.dumps(heads, ensure_ascii=False)})[datum.value]",
        offset=6,
    )
    colour = by("role")
    colour.legend = legend
    chart = base.chart(rows).encode(
        y=alt.Y(
            "label:N",
            sort=names,
            title=None,
            axis=alt.Axis(labelLimit=190, labelFontSize=base.NORMAL, labelPadding=8, labelOverlap=False),
            scale=alt.Scale(paddingInner=0.3, paddingOuter=0.1),
        )
    )
    high = 1.0 if share else max(row["end"] for row in rows) or 1.0
    scale = alt.Scale(domain=[0, high if share else high * 1.16], nice=False)
    x = alt.X("start:Q", scale=scale, axis=None)
    bars = chart.mark_bar(strokeWidth=1).encode(
        x=x,
        x2="end:Q",
        color=colour,
        stroke=role("paper", "stroke"),
        opacity=base.dim(pick),
        tooltip=["label:N", "part:N", "text:N", "share:N"],
    )
    words = (
        chart.transform_filter("datum.wide")
        .mark_text(fontSize=base.SMALL)
        .encode(x=alt.X("mid:Q", scale=scale, axis=None), text="words:N", color=by("ink"))
    )
    layers = [base.pickable(bars, ["label", "part"], on=pick), words]
    if not share:
        layers.append(
            chart.transform_filter("datum.last")
            .mark_text(align="left", dx=7, fontSize=base.SMALL, fontWeight="bold")
            .encode(x=alt.X("end:Q", scale=scale, axis=None), text="total:N", color=role("actual"))
        )
    return alt.layer(*layers).properties(height=height)


def composition(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    share: bool = True,
    key: str | None = None,
    row_height: int = 40,
) -> base.Picks:
    """Stacked bars: what each whole is made of. Rows: label, part (at most 7, in order), value.

    `share` draws every bar to 100 % and writes shares; otherwise amounts with the total at the end.
    """
    found = base.records(rows)
    if not found:
        return base.nothing(alt)
    parts = list(dict.fromkeys(str(row["part"]) for row in found))[: len(SERIES)]
    names = list(dict.fromkeys(str(row["label"]) for row in found))
    exact = {
        (str(r["label"]), str(r["part"])): max(unit.exact(r["value"]) or Decimal(0), Decimal(0))
        for r in found
    }
    totals = {name: sum((exact.get((name, p), Decimal(0)) for p in parts), Decimal(0)) for name in names}
    most = max(totals.values()) or Decimal(1)
    made = []
    for name in names:
        reach, whole = Decimal(0), totals[name] or Decimal(1)
        for index, part in enumerate(parts):
            value = exact.get((name, part), Decimal(0))
            base_of = whole if share else Decimal(1)
            start, reach = reach, reach + value
            of_bar = value / whole
            width = of_bar if share else value / most
            share_text = percent().text(of_bar, unit=True)
            made.append(
                {
                    "label": name,
                    "part": part,
                    "role": SERIES[index],
                    "ink": "on_solid" if SERIES[index] in _SOLID else "on_tint",
                    "start": float(start / base_of),
                    "end": float(reach / base_of),
                    "mid": float((start + value / 2) / base_of),
                    "wide": width >= Decimal("0.065"),
                    "text": f"{unit.shown(value)} {unit.label}",
                    "share": share_text,
                    "words": share_text if share else unit.shown(value),
                    "total": unit.shown(whole),
                    "last": index == len(parts) - 1,
                }
            )
    spec = build_stack(
        rows=made, names=names, parts=parts, height=row_height * len(names), share=share, pick=key is not None
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("label", "part"))
