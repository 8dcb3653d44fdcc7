"""One meaning, one look. Colours by role, for the light and the dark page.

Charts never carry a colour of their own: marks name a *role*, and the browser looks the role up in the page theme's
`chartCategoricalColors`, which lists the roles in the order of `ROLES`. So a chart turns dark with the page, without
a rerun. `.streamlit/config.toml` holds the same two lists; `tests/pages/test_ui_theme.py` proves they agree.

Hues are Okabe and Ito's (safe for colour-blind eyes). Blue-green and vermilion mean favourable and adverse and
nothing else, so the series colours leave them out.
"""

from __future__ import annotations

from typing import Any

import altair as alt

LIGHT = {
    "actual": "#1F2A37",  # solid dark; also the ink of labels
    "previous": "#B4BDC9",  # solid light grey
    "scenario": "#0072B2",  # the accent, always labelled
    "good": "#009E73",
    "bad": "#D55E00",
    "muted": "#5F6B7A",  # secondary text, thin outlines
    "paper": "#FFFFFF",  # the page, for gaps and cuts
    "grid": "#E3E7EC",
    "band": "#EDF0F4",  # limits, forecast fans
    "forecast": "#8FB8D6",
    "on_solid": "#FFFFFF",  # text on the roles actual, scenario, s1, s2
    "on_tint": "#1F2A37",  # text on every other mark
    "s1": "#33475B",
    "s2": "#0072B2",
    "s3": "#56B4E9",
    "s4": "#E69F00",
    "s5": "#F2CE85",
    "s6": "#CC79A7",
    "s7": "#B4BDC9",
}
DARK = {
    "actual": "#D3DAE3",
    "previous": "#66717F",
    "scenario": "#56B4E9",
    "good": "#2BB58C",
    "bad": "#F0813A",
    "muted": "#A3AEBB",
    "paper": "#14191F",
    "grid": "#2C343D",
    "band": "#222A33",
    "forecast": "#3F6F92",
    "on_solid": "#14191F",
    "on_tint": "#14191F",
    "s1": "#8FA3B8",
    "s2": "#5AA9DC",
    "s3": "#9FD6F5",
    "s4": "#E69F00",
    "s5": "#F2D9A0",
    "s6": "#D58FB6",
    "s7": "#8C97A5",
}
ROLES = tuple(LIGHT)
SERIES = tuple(role for role in ROLES if role.startswith("s") and role[1:].isdigit())

# Ten steps each, exactly as the theme asks: adverse to favourable around paper, and paper to ink-blue.
DIVERGING_LIGHT = (
    "#DE7A3B",
    "#E6945F",
    "#EDB08A",
    "#F4CCB4",
    "#FAE9DF",
    "#E3F3EE",
    "#BFE3D8",
    "#95D1BF",
    "#69C0A5",
    "#3DAE8B",
)
DIVERGING_DARK = (
    "#8F4520",
    "#7A3F22",
    "#6B3F28",
    "#4E3427",
    "#322A26",
    "#1D2F2E",
    "#1D433C",
    "#1B4C40",
    "#195847",
    "#17634E",
)
SEQUENTIAL_LIGHT = (
    "#F4F7FA",
    "#E1EAF2",
    "#CBDDEB",
    "#B1CFE3",
    "#93BFDB",
    "#72AED2",
    "#4C9BC7",
    "#2587BC",
    "#0072B2",
    "#005A8D",
)
SEQUENTIAL_DARK = (
    "#1B222A",
    "#20303E",
    "#243E53",
    "#284D68",
    "#2C5C7E",
    "#316C95",
    "#3B82AF",
    "#4A99C9",
    "#5AB0E0",
    "#8CCBF0",
)

# ECharts cannot look a role up: middle tones that read on both pages.
FLOW = ("#6B86A3", "#2E8BC0", "#7CC3EC", "#E69F00", "#D9B66A", "#CC79A7", "#94A0AE")

_SCALE: dict[str, Any] = {"domain": list(ROLES)}


# Vega-Lite knows no scale on a constant colour, so constants are fields of every row (see base.chart).
CONSTANTS = ("actual", "previous", "scenario", "muted", "paper", "band")


def role(name: str, channel: str = "color") -> Any:
    """One role for a whole mark."""
    return by(f"_{name}", channel)


def by(field: str, channel: str = "color") -> Any:
    """The role named in each row's `field`."""
    made = {"color": alt.Color, "stroke": alt.Stroke, "fill": alt.Fill}[channel]
    return made(f"{field}:N", scale=_SCALE, legend=None)
