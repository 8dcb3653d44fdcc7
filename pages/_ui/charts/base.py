"""From rows to a drawn chart: specifications are made once per content and kept as text.

Building and checking an Altair chart costs 10 to 30 ms; reading a finished specification back costs well under one.
The cache holds text and bytes only, never chart objects, so sessions cannot disturb each other.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any

import altair as alt
import pyarrow as pa
import streamlit as st
from altair.utils import schemapi

from pages._ui.charts.palette import CONSTANTS, role
from pages._ui.format import Unit, number, period
from pages._ui.text import lang, t

FONT = "HCM Sans, sans-serif"
SMALL, NORMAL = 12, 13
PICK = "pick"
# Checking every level of the schema doubles the cost of a chart; tests switch it on.
schemapi.DEBUG_MODE = bool(os.environ.get("COSTWARD_CHECK_CHARTS"))

Row = dict[str, Any]
Rows = Any  # list of mappings, or anything with to_dict("records")


class Picks(list[Row]):
    """What is selected in a chart: one dict of fields per picked mark.

    Attributes:
        fresh: True only in the run in which the selection changed; open drawers on this.
    """

    fresh: bool = False


def records(rows: Rows) -> list[Row]:
    """Plain list of dicts from a frame or an iterable of mappings."""
    if hasattr(rows, "to_dict"):
        return list(rows.to_dict("records"))
    return [dict(row) for row in rows]


def columns(words: str) -> int:
    """How wide words are: a Chinese character counts two."""
    return sum(1 if char.isascii() else 2 for char in words)


def wrap(words: str, width: int) -> str:
    """Break a label into lines of about `width` columns (a Chinese character counts two), of like length."""
    spaced = " " in words or words.isascii()
    pieces, glue = (words.split(" "), " ") if spaced else (list(words), "")
    if not spaced and columns(words) > width:
        lines_needed = -(-columns(words) // width)
        width = 2 * -(-len(words) // lines_needed)
    lines, line = [], ""
    for piece in pieces:
        longer = f"{line}{glue}{piece}" if line else piece
        if line and columns(longer) > width:
            lines.append(line)
            longer = piece
        line = longer
    return "\n".join([*lines, line])


def hyphened(words: str, width: int) -> str:
    """`wrap`, and Latin words longer than the line are broken with a hyphen."""
    pieces = []
    for word in words.split(" "):
        while word.isascii() and len(word) > width:
            cut = width - 1 if len(word) > 2 * width else (len(word) + 1) // 2
            pieces.append(word[:cut] + "-")
            word = word[cut:]
        pieces.append(word)
    return wrap(" ".join(pieces), width)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def recipe(build: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Make a chart builder return a ready specification, cached by the content of its arguments."""

    @lru_cache(maxsize=1024)
    def made(raw: str) -> tuple[str, tuple[tuple[str, bytes], ...]]:
        asked = json.loads(raw)
        spec = (
            build(**asked["args"])
            .configure(
                font=FONT,
                view=alt.ViewConfig(stroke=None),
                mark=alt.MarkConfig(tooltip=None),
                padding={"left": 2, "right": 6, "top": 4, "bottom": 2},
                axis=alt.AxisConfig(
                    labelFontSize=SMALL,
                    titleFontSize=SMALL,
                    domain=False,
                    ticks=False,
                    grid=False,
                    labelPadding=6,
                ),
            )
            .to_dict(validate=schemapi.DEBUG_MODE)
        )
        spec.pop("$schema", None)
        # Vega knows where a legend row begins, Vega-Lite's schema does not.
        spec["config"]["legend"] = {"layout": {"top": {"anchor": "start"}}}
        sets = spec.pop("datasets", {})
        return json.dumps(spec), tuple((name, _arrow(rows)) for name, rows in sets.items())

    @wraps(build)
    def lookup(**args: Any) -> dict[str, Any]:
        raw = json.dumps({"args": args, "lang": lang()}, default=_plain)
        text, sets = made(raw)
        spec: dict[str, Any] = json.loads(text)
        if sets:
            spec["datasets"] = dict(sets)
        return spec

    return lookup


def _arrow(rows: Sequence[Mapping[str, Any]]) -> bytes:
    sink = pa.BufferOutputStream()
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def chart(rows: Iterable[Row]) -> Any:
    """A chart over the rows, with the constant roles as fields."""
    return alt.Chart(alt.InlineData(values=list(rows))).transform_calculate(
        **{f"_{name}": f"'{name}'" for name in CONSTANTS}
    )


def pickable(chart: Any, fields: Sequence[str], *, on: bool) -> Any:
    """Let a click select marks by `fields`; the second click undoes it."""
    if not on:
        return chart
    return chart.add_params(alt.selection_point(name=PICK, fields=list(fields), toggle="true"))


def dim(on: bool, opacity: float = 1.0) -> Any:
    """Opacity that fades what is not picked."""
    if not on:
        return alt.OpacityValue(opacity)
    return alt.condition({"param": PICK}, alt.value(opacity), alt.value(0.32))


def draw(spec: dict[str, Any], *, alt_text: str, key: str | None, fields: Sequence[str] = ()) -> Picks:
    """Put a specification on the page and read what is picked."""
    picks = Picks()
    if key is None:
        st.vega_lite_chart(spec, alt=alt_text)
        return picks
    event = st.vega_lite_chart(spec, alt=alt_text, key=key, on_select="rerun")
    chosen = (event.selection.get(PICK) or []) if event else []
    picks.extend({field: row.get(field) for field in fields} for row in chosen)
    seen = st.session_state.get(f"{key}:picks", [])
    picks.fresh = bool(picks) and picks != seen
    st.session_state[f"{key}:picks"] = list(picks)
    return picks


def nothing(alt_text: str) -> Picks:
    """What stands where a chart has no rows."""
    st.caption(t("chart.no_data"), help=alt_text)
    return Picks()


def month_axis(periods: Sequence[str], *, every: int | None = None, top: bool = False) -> alt.Axis:
    """Axis of months: the year is written beside January and the first label only (above them when `top`)."""
    count = len(periods)
    step = every or (1 if count <= 13 else 3 if count <= 40 else 6)
    shown = [p for p in periods if (int(p[4:]) - 1) % step == 0] if step > 1 else list(periods)
    names = json.dumps([period(200000 + month, "month") for month in range(1, 13)], ensure_ascii=False)
    month, year = f"{names}[parseInt(slice(datum.value,4),10)-1]", "slice(datum.value,0,4)"
    both, one = (f"[{year},{month}]", f"['',{month}]") if top else (f"[{month},{year}]", month)
    first = json.dumps(shown[0] if shown else "")
    return alt.Axis(
        title=None,
        values=shown,
        labelAngle=0,
        labelOverlap=not (top and count <= 13),
        labelFontSize=11 if top else SMALL,
        labelLineHeight=15,
        labelExpr=f"slice(datum.value,4)=='01'||datum.value=={first}?{both}:{one}",
    )


def value_axis(decimals: int = 0, **more: Any) -> alt.Axis:
    """Quiet value axis: four labels, hairline grid."""
    return alt.Axis(title=None, tickCount=4, grid=True, format=f",.{decimals}f", **more)


def unit_args(unit: Unit) -> dict[str, Any]:
    """A unit as plain arguments of a recipe (recipes are cached by their arguments' text)."""
    return {"label": unit.label, "decimals": unit.decimals}


def axis_decimals(values: Iterable[float | None], decimals: int) -> int:
    """Axis labels need fewer digits than the figures: none from 20 upwards."""
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    return 0 if largest >= 20 else min(decimals, 1 if largest >= 2 else 2)


def text_layer(base: Any, **mark: Any) -> Any:
    """Direct labels in ink."""
    return base.mark_text(fontSize=SMALL, **mark).encode(color=role("actual"))


PLAIN = number()
