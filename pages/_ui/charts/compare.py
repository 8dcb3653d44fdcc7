"""Bars beside a target, a previous value or a what-if."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import by, role
from pages._ui.format import Unit, percent, tone
from pages._ui.text import t


def _names(rows: list[dict[str, Any]], limit: int = 190) -> Any:
    return alt.Y(
        "label:N",
        sort=[row["label"] for row in rows],
        title=None,
        axis=alt.Axis(labelLimit=limit, labelFontSize=base.NORMAL, labelPadding=8, labelOverlap=False),
        scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15),
    )


@base.recipe
def build_bullet(rows: list[dict[str, Any]], row_height: int, pick: bool, room: float) -> Any:
    """Dark bar actual, grey bar previous behind it, tick target, figure at the end, deviation in a column."""
    high = max((row[f] or 0.0 for row in rows for f in ("actual", "target", "previous")), default=1.0) or 1.0
    low = min((row["actual"] or 0.0 for row in rows), default=0.0)
    scale = alt.Scale(domain=[min(0.0, low), high * room], nice=False)
    chart = base.chart(rows).encode(y=_names(rows))

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=scale, axis=None)

    tip = [alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=t("role.actual"))]
    tip += [alt.Tooltip("target_text:N", title=t("role.target"))]
    layers = [
        chart.mark_bar(height={"band": 0.92}).encode(x=x("previous"), color=role("previous"), tooltip=tip),
        base.pickable(
            chart.mark_bar(height={"band": 0.5}).encode(
                x=x("actual"), color=by("role"), opacity=base.dim(pick), tooltip=tip
            ),
            ["label"],
            on=pick,
        ),
        chart.mark_tick(thickness=2.5, height={"band": 1.0}).encode(x=x("target"), color=role("muted")),
        chart.mark_text(align="left", dx=7, fontSize=base.SMALL).encode(
            x=x("reach"), text="text:N", color=role("actual")
        ),
        chart.mark_text(align="right", fontSize=base.SMALL, fontWeight="bold").encode(
            x=alt.XDatum(high * room, scale=scale, axis=None), text="deviation:N", color=by("tone")
        ),
    ]
    return alt.layer(*layers).properties(height=row_height * len(rows) + 8)


def _bullets(rows: list[dict[str, Any]], unit: Unit, better: str, judged: bool) -> list[dict[str, Any]]:
    made = []
    for row in rows:
        actual, target, previous = (unit.scale(row.get(f)) for f in ("actual", "target", "previous"))
        gap = None if not judged or not target or actual is None else (actual - target) / abs(target)
        judged_as = tone(gap, better)
        made.append(
            {
                "label": str(row["label"]),
                "actual": actual,
                "target": target,
                "previous": previous,
                "reach": max(v for v in (actual, target, previous, 0.0) if v is not None),
                "text": unit.text(row.get("actual")),
                "target_text": unit.text(row.get("target")),
                "deviation": "" if gap is None else percent().text(gap, signed=True, unit=True),
                "tone": "muted" if judged_as == "flat" else judged_as,
                "role": row.get("role") or "actual",
            }
        )
    return made


def bullet(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    better: str = "lower",
    key: str | None = None,
    row_height: int = 30,
) -> base.Picks:
    """How far from target. Rows (in the order given): label, actual, target, previous (optional)."""
    found = base.records(rows)
    if not found:
        return base.nothing(alt)
    spec = build_bullet(
        rows=_bullets(found, unit, better, True), row_height=row_height, pick=key is not None, room=1.5
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))


def ranking(
    rows: base.Rows, *, unit: Unit, alt: str, key: str | None = None, row_height: int = 28
) -> base.Picks:
    """Plain bars in the order given. Rows: label, value, previous (optional), budget (optional, a tick)."""
    found = [{**row, "actual": row.get("value"), "target": row.get("budget")} for row in base.records(rows)]
    if not found:
        return base.nothing(alt)
    spec = build_bullet(
        rows=_bullets(found, unit, "none", False), row_height=row_height, pick=key is not None, room=1.34
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))


@base.recipe
def build_pairs(rows: list[dict[str, Any]], row_height: int, pick: bool) -> Any:
    """Two thin bars a line: grey before, accent after."""
    high = max((row["value"] or 0.0 for row in rows), default=1.0) or 1.0
    scale = alt.Scale(domain=[0, high * 1.2], nice=False)
    names = list(dict.fromkeys(row["label"] for row in rows))
    chart = base.chart(rows).encode(
        y=alt.Y(
            "label:N",
            sort=names,
            title=None,
            axis=alt.Axis(labelLimit=190, labelFontSize=base.NORMAL, labelPadding=8, labelOverlap=False),
            scale=alt.Scale(paddingInner=0.28, paddingOuter=0.1),
        ),
        yOffset=alt.YOffset("side:N", sort=["before", "after"]),
        x=alt.X("value:Q", scale=scale, axis=None),
    )
    bars = chart.mark_bar().encode(color=by("role"), opacity=base.dim(pick), tooltip=["label:N", "text:N"])
    words = chart.mark_text(align="left", dx=6, fontSize=base.SMALL).encode(
        text="text:N", color=by("text_role")
    )
    return alt.layer(base.pickable(bars, ["label"], on=pick), words).properties(
        height=row_height * len(names) + 8
    )


def pairs(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    key: str | None = None,
    row_height: int = 46,
    after: str = "scenario",
) -> base.Picks:
    """Paired bars before and after. Rows: label, before, after. `after`: role of the second bar."""
    found = base.records(rows)
    if not found:
        return base.nothing(alt)
    made = [
        {
            "label": str(row["label"]),
            "side": side,
            "value": unit.scale(row.get(side)),
            "text": unit.text(row.get(side)),
            "role": "previous" if side == "before" else after,
            "text_role": "muted" if side == "before" else "actual",
        }
        for row in found
        for side in ("before", "after")
    ]
    spec = build_pairs(rows=made, row_height=row_height, pick=key is not None)
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))


def _apart(ends: list[tuple[int, float]], gap: float) -> dict[int, float]:
    """Label heights at least `gap` apart, in the order of the values and as near to them as possible."""
    placed: dict[int, float] = {}
    last = float("-inf")
    for index, value in sorted(ends, key=lambda end: end[1]):
        last = max(value, last + gap)
        placed[index] = last
    return placed


@base.recipe
def build_slope(rows: list[dict[str, Any]], sides: list[str], height: int, pick: bool) -> Any:
    """Lines from left to right; figure and name stand at both ends."""
    values = [row["value"] for row in rows]
    low, high = min(values), max(values)
    gap = (high - low or 1.0) * 18 / height
    scale = alt.Scale(domain=[low - gap, high + gap * 2], zero=False, nice=False)
    for side in sides:
        here = [(i, row["value"]) for i, row in enumerate(rows) if row["side"] == side]
        for index, place in _apart(here, gap).items():
            rows[index]["at"] = place
    chart = base.chart(rows).encode(
        x=alt.X(
            "side:N",
            sort=sides,
            title=None,
            scale=alt.Scale(type="point", padding=0.36),
            axis=alt.Axis(orient="top", labelAngle=0, labelFontSize=base.NORMAL, labelFontWeight="bold"),
        )
    )
    y = alt.Y("value:Q", scale=scale, axis=None)
    line = chart.mark_line(strokeWidth=2).encode(
        y=y, detail="label:N", color=by("role"), opacity=base.dim(pick)
    )
    dots = chart.mark_point(filled=True, size=46, opacity=1).encode(y=y, color=by("role"))
    at = alt.Y("at:Q", scale=scale, axis=None)
    left = (
        chart.transform_filter(alt.datum.side == sides[0])
        .mark_text(align="right", dx=-9, fontSize=base.SMALL)
        .encode(y=at, text="words:N", color=role("actual"))
    )
    right = (
        chart.transform_filter(alt.datum.side == sides[1])
        .mark_text(align="left", dx=9, fontSize=base.SMALL)
        .encode(y=at, text="words:N", color=by("text_role"))
    )
    return alt.layer(base.pickable(line, ["label"], on=pick), dots, left, right).properties(height=height)


def slope(
    rows: base.Rows,
    *,
    unit: Unit,
    alt: str,
    better: str = "lower",
    key: str | None = None,
    height: int = 280,
    sides: tuple[str, str] | None = None,
) -> base.Picks:
    """Before and after as slopes; the colour says whether the move is favourable. Rows: label, before, after."""
    found = [r for r in base.records(rows) if r.get("before") is not None and r.get("after") is not None]
    if not found:
        return base.nothing(alt)
    heads = sides or (t("role.before"), t("role.after"))
    made = []
    for row in found:
        before, after = unit.scale(row["before"]) or 0.0, unit.scale(row["after"]) or 0.0
        kind = {"flat": "previous"}.get(judged := tone(after - before, better), judged)
        for head, value, raw in ((heads[0], before, row["before"]), (heads[1], after, row["after"])):
            made.append(
                {
                    "label": str(row["label"]),
                    "side": head,
                    "value": value,
                    "words": f"{row['label']}  {unit.text(raw)}" if head == heads[0] else unit.text(raw),
                    "role": kind,
                    "text_role": "actual",
                }
            )
    spec = build_slope(rows=made, sides=list(heads), height=height, pick=key is not None)
    return base.draw(spec, alt_text=alt, key=key, fields=("label",))
