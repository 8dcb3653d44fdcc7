"""The strategy map: objectives in four layers, arrows from cause to effect; light, score and trend in each box."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.palette import by, role

WIDE, TALL = 0.9, 0.56  # of the room of a box: the rest is air
ROOM = 118  # columns of text across all boxes of a layer
MARGIN = 0.16  # left of the boxes, for the names of the layers
# The line of past scores: where it stands in a box (shares of its width, of a layer's height), points it spans at least.
PATH, MIDDLE, SWING, LEAST = (0.60, 0.94), 0.14, 0.08, 10.0


@base.recipe
def build(
    rows: list[dict[str, Any]],
    links: list[dict[str, Any]],
    paths: list[dict[str, Any]],
    layers: list[dict[str, Any]],
    height: int,
    pick: bool,
) -> Any:
    """Boxes with their words, arrows behind them, the layer's name at the left."""
    x = alt.Scale(domain=[-MARGIN, 1], nice=False)
    y = alt.Scale(domain=[-0.5, len(layers) - 0.5], reverse=True, nice=False)

    def at(field: str, scale: Any, channel: Any) -> Any:
        return channel(f"{field}:Q", scale=scale, axis=None)

    arrows = base.chart(links).mark_rule(strokeWidth=1.4, opacity=0.75).encode(
        x=at("x", x, alt.X), x2="x2:Q", y=at("y", y, alt.Y), y2="y2:Q", color=role("muted"),
        tooltip=[alt.Tooltip("title:N", title=" "), alt.Tooltip("text:N", title=" ")],
    )  # fmt: skip
    heads = base.chart(links).mark_point(shape="triangle-up", filled=True, size=55, opacity=1).encode(
        x=at("x2", x, alt.X), y=at("y2", y, alt.Y), color=role("muted")
    )  # fmt: skip
    boxes = base.chart(rows).encode(
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("text:N", title=" ")]
    )
    frames = boxes.mark_rect(cornerRadius=4, strokeWidth=2, fillOpacity=0.10, opacity=1).encode(
        x=at("left", x, alt.X),
        x2="right:Q",
        y=at("top", y, alt.Y),
        y2="bottom:Q",
        fill=by("tone", "fill"),
        stroke=by("tone", "stroke"),
    )
    under = boxes.mark_rect(cornerRadius=4, opacity=1).encode(
        x=at("left", x, alt.X), x2="right:Q", y=at("top", y, alt.Y), y2="bottom:Q", color=role("paper"), tooltip=[]
    )  # fmt: skip
    words = boxes.mark_text(
        dy=-16, fontSize=base.SMALL, fontWeight="bold", lineBreak="\n", lineHeight=14
    ).encode(x=at("x", x, alt.X), y=at("y", y, alt.Y), text="words:N", color=role("actual"))
    lights = boxes.mark_text(align="left", dx=8, dy=19, fontSize=base.SMALL).encode(
        x=at("left", x, alt.X), y=at("y", y, alt.Y), text="light:N", color=role("actual")
    )
    trends = base.chart(paths).mark_line(strokeWidth=1.3).encode(
        x=at("x", x, alt.X), y=at("y", y, alt.Y), detail="code:N", order="x:Q", color=role("muted")
    )  # fmt: skip
    names = base.chart(layers).mark_text(align="left", fontSize=base.SMALL, lineBreak="\n").encode(
        x=alt.XDatum(-MARGIN, scale=x), y=at("y", y, alt.Y), text="name:N", color=role("muted")
    )  # fmt: skip
    return alt.layer(
        arrows, under, heads, base.pickable(frames, ["code"], on=pick), words, lights, trends, names
    ).properties(height=height)


def strategy_map(
    nodes: base.Rows,
    links: base.Rows,
    layers: list[str],
    *,
    alt: str,
    key: str | None = None,
    height: int = 430,
) -> base.Picks:
    """Draw the map.

    Args:
        nodes: code, layer (0 on top), name, light (words with a shape), tone (good, actual, bad, muted), text, past
            (scores by month, oldest first; None where there is none).
        links: cause, effect (codes of nodes), title, text.
    Returns:
        Picked nodes as {"code"}.
    """
    held = base.records(nodes)
    if not held:
        return base.nothing(alt)
    places: dict[str, dict[str, Any]] = {}
    for layer in range(len(layers)):
        row = [one for one in held if one["layer"] == layer]
        for place, one in enumerate(row):
            middle, half = (place + 0.5) / len(row), WIDE / len(row) / 2
            places[one["code"]] = {**one, "past": [None if v is None else float(v) for v in one.get("past", ())], "words": base.wrap(str(one["name"]), ROOM // len(row)), "x": middle, "y": layer, "left": middle - half, "right": middle + half,
                                   "top": layer - TALL / 2, "bottom": layer + TALL / 2}  # fmt: skip
    drawn = [
        {**one, "x": places[one["cause"]]["x"], "y": places[one["cause"]]["top"], "x2": places[one["effect"]]["x"],
         "y2": places[one["effect"]]["bottom"]}
        for one in base.records(links)
    ]  # fmt: skip
    spec = build(
        rows=list(places.values()),
        links=drawn,
        paths=[point for one in places.values() for point in _path(one)],
        layers=[{"name": base.wrap(name, ROOM // 9), "y": place} for place, name in enumerate(layers)],
        height=height,
        pick=key is not None,
    )
    return base.draw(spec, alt_text=alt, key=key, fields=("code",))


def _path(box: dict[str, Any]) -> list[dict[str, Any]]:
    """The points of a box's line of past scores; none where there are fewer than three."""
    known = [(at, value) for at, value in enumerate(box["past"]) if value is not None]
    if len(known) < 3:
        return []
    values = [value for _, value in known]
    centre, half = (max(values) + min(values)) / 2, max(max(values) - min(values), LEAST) / 2
    width, last = box["right"] - box["left"], len(box["past"]) - 1
    return [
        {"code": box["code"], "x": box["left"] + width * (PATH[0] + (PATH[1] - PATH[0]) * at / last),
         "y": box["y"] + MIDDLE - SWING * (value - centre) / half}
        for at, value in known
    ]  # fmt: skip
