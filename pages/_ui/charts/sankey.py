"""Where money flows: a sankey, and the same figures as a table, because widths cannot be read exactly.

Vega-Lite has no sankey; this is the one chart drawn by ECharts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from pages._ui import tables
from pages._ui.charts import base
from pages._ui.charts.palette import FLOW
from pages._ui.format import Unit
from pages._ui.text import t


def _loose(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Break loops: ECharts refuses them. A link that would close one gets a target of its own (a blank longer)."""
    after: dict[str, set[str]] = {}
    made = []
    for link in links:
        source, target = str(link["source"]), str(link["target"])
        seen, queue = set(), [target]
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue += after.get(name, ())
        if source in seen:
            target += chr(160)
        after.setdefault(source, set()).add(target)
        made.append({**link, "source": source, "target": target})
    return made


def _room(nodes: list[dict[str, Any]], side: str) -> int:
    """Pixels the longest label on this side needs: 12 for a Chinese character, 7 for a Latin one."""
    words = [node["label"]["formatter"] for node in nodes if node["label"]["position"] == side]
    return 14 + round(max((sum(6.4 if char.isascii() else 12 for char in word) for word in words), default=0))


def _option(links: list[dict[str, Any]], unit: Unit, groups: dict[str, int], pick: bool) -> dict[str, Any]:
    totals_in: dict[str, Decimal] = {}
    totals_out: dict[str, Decimal] = {}
    for link in links:
        value = unit.exact(link["value"]) or Decimal(0)
        totals_out[link["source"]] = totals_out.get(link["source"], Decimal(0)) + value
        totals_in[link["target"]] = totals_in.get(link["target"], Decimal(0)) + value
    names = list(dict.fromkeys([link["source"] for link in links] + [link["target"] for link in links]))
    leaves = [name for name in names if name not in totals_out]
    nodes = []
    for name in names:
        size = max(totals_in.get(name, Decimal(0)), totals_out.get(name, Decimal(0)))
        colour = FLOW[-1] if name in leaves else FLOW[groups.get(name, 1) % len(FLOW)]
        said = name.replace("{", "(").replace("}", ")")
        nodes.append(
            {
                "name": name,
                "itemStyle": {"color": colour, "borderWidth": 0},
                "label": {
                    "position": "left" if name not in totals_in else "right",
                    "formatter": f"{said}  {unit.shown(size)}",
                },
            }
        )
    series: dict[str, Any] = {
        "type": "sankey",
        "left": _room(nodes, "left"),
        "right": _room(nodes, "right"),
        "top": 8,
        "bottom": 8,
        "nodeWidth": 12,
        "nodeGap": 9,
        "layoutIterations": 0,  # keep the order given: largest first
        "draggable": False,
        "emphasis": {"focus": "adjacency"},
        "label": {"fontSize": 12, "fontFamily": base.FONT},
        "lineStyle": {"color": "source", "opacity": 0.36, "curveness": 0.5},
        "data": nodes,
        "links": [
            {
                "source": link["source"],
                "target": link["target"],
                "value": round(unit.scale(link["value"]) or 0.0, 6),
            }
            for link in links
            if (unit.scale(link["value"]) or 0.0) > 0
        ],
    }
    if pick:
        series["selectedMode"] = "single"
    return {
        "tooltip": {"trigger": "item", "valueFormatter": unit.sprintf},
        "animation": False,
        "series": [series],
    }


def flow(
    links: base.Rows,
    *,
    unit: Unit,
    alt: str,
    key: str,
    groups: dict[str, int] | None = None,
    height: int = 380,
) -> base.Picks:
    """Sankey from origin to destination, with its table twin.

    Args:
        links: source, target, value; only positive amounts have a width, the table shows all.
        groups: node -> colour number 0..6, so that nodes of one class look alike.
    Returns:
        Picked links as {"source", "target"} and picked nodes as {"name"}.
    """
    found = base.records(links)
    if not found:
        return base.nothing(alt)
    loose = [link for link in _loose(found) if (unit.scale(link["value"]) or 0.0) > 0]
    option = _option(loose, unit, groups or {}, True)
    event = st.echarts_chart(option, height=height, key=key, on_select="rerun", alt=alt)
    picks = base.Picks()
    nodes, drawn = option["series"][0]["data"], option["series"][0]["links"]
    for group in event.selection.get("selected", []) if event else []:
        for index in group.get("data_indices", []):
            if group.get("data_type") == "edge" and index < len(drawn):
                picks.append(
                    {"source": drawn[index]["source"], "target": drawn[index]["target"].rstrip(chr(160))}
                )
            elif group.get("data_type") == "node" and index < len(nodes):
                picks.append({"name": nodes[index]["name"].rstrip(chr(160))})
    seen = st.session_state.get(f"{key}:picks", [])
    picks.fresh = bool(picks) and picks != seen
    st.session_state[f"{key}:picks"] = list(picks)
    twin = st.expander(
        t("chart.as_table"), key=f"{key}_twin", on_change="rerun", icon=":material/table_rows:"
    )
    if twin.open:
        with twin:
            tables.table(
                found,
                [
                    tables.Col("source", t("chart.source")),
                    tables.Col("target", t("chart.target")),
                    tables.Col("value", t("chart.amount"), kind="money", unit=unit),
                ],
                key=f"{key}_table",
                alt=alt,
                download=key,
            )
    return picks
