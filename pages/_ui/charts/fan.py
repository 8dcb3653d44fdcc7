"""What will happen: history, forecast with its 80 % and 95 % bands, the naive forecast thin; and how tries in the past did."""

from __future__ import annotations

from typing import Any

import altair as alt

from pages._ui.charts import base
from pages._ui.charts.compare import _apart
from pages._ui.charts.palette import by, role
from pages._ui.charts.series import month_scale, value_span
from pages._ui.format import Unit, period
from pages._ui.text import t

_BANDS = (("95", 0.22), ("80", 0.42))


@base.recipe
def build_fan(
    lines: list[dict[str, Any]],
    bands: list[dict[str, Any]],
    marks: list[dict[str, Any]],
    ends: list[dict[str, Any]],
    months: list[str],
    height: int,
    decimals: int,
) -> Any:
    """Bands beneath, then lines by kind, then marked months, then the names at the right-hand end."""
    values = [row["value"] for row in [*lines, *marks]]
    values += [row[side] for row in bands for side in ("low95", "high95")]
    span = value_span(values)
    scale = alt.Scale(domain=list(span), zero=False, nice=False, clamp=True)
    placed = _apart([(i, end["value"]) for i, end in enumerate(ends)], (span[1] - span[0]) * 17 / height)
    for index, place in placed.items():
        ends[index]["at"] = place
    x = month_scale(months, base.month_axis(months))
    y = alt.Y("value:Q", scale=scale, axis=base.value_axis(decimals))
    tip = [alt.Tooltip("month:N", title=" "), alt.Tooltip("text:N", title=" ")]
    layers = [
        base.chart(bands)
        .mark_area(opacity=opacity)
        .encode(
            x=x, y=alt.Y(f"low{level}:Q", scale=scale), y2=f"high{level}:Q", color=by("role"),
            tooltip=[alt.Tooltip("month:N", title=" "), alt.Tooltip(f"text{level}:N", title=" ")],
        )
        for level, opacity in _BANDS
        if bands
    ]  # fmt: skip
    chart = base.chart(lines).encode(x=x, y=y, color=by("role"))
    for name, style in (
        ("naive", {"strokeWidth": 1, "strokeDash": [2, 2]}),
        ("actual", {"strokeWidth": 2.4}),
        ("forecast", {"strokeWidth": 2, "strokeDash": [5, 3]}),
        ("scenario", {"strokeWidth": 2}),
    ):
        part = chart.transform_filter(f"datum.line=={name!r}")
        layers.append(part.mark_line(**style))
    layers += [
        chart.mark_point(filled=True, size=24, opacity=0).encode(tooltip=tip),
        base.chart(marks)
        .mark_point(filled=True, size=80, shape="diamond", opacity=1)
        .encode(x=x, y=y, color=by("role"), tooltip=tip),
        base.chart(ends)
        .mark_text(align="left", dx=9, fontSize=base.SMALL)
        .encode(x=x, y=alt.Y("at:Q", scale=scale), text="words:N", color=by("text_role")),
    ]
    return alt.layer(*layers).properties(height=height)


def fan(rows: base.Rows, *, unit: Unit, alt: str, height: int = 330, naive: str = "") -> base.Picks:
    """History and forecast; see fan_spec."""
    spec = fan_spec(rows, unit=unit, height=height, naive=naive)
    return base.nothing(alt) if spec is None else base.draw(spec, alt_text=alt, key=None)


def fan_spec(rows: base.Rows, *, unit: Unit, height: int = 330, naive: str = "") -> dict[str, Any] | None:
    """The picture of history and forecast; None without a line.

    Args:
        rows: period, and any of actual, forecast, scenario, naive, low80, high80, low95, high95, and mark: the words
            for a month that stands out (an outlier, an excluded month, an adjusted one), with `marked` its value.
        naive: what the naive line repeats, where it is not last year's months.
    """
    found = base.records(rows)
    roles = {"actual": "actual", "forecast": "actual", "scenario": "scenario", "naive": "muted"}
    lines, ends = [], []
    for name in ("naive", "actual", "forecast", "scenario"):
        known = [row for row in found if row.get(name) is not None]
        said = naive if name == "naive" and naive else t(f"forecast.line_{name}")
        lines += [
            {
                "period": str(row["period"]), "month": period(row["period"]), "line": name, "role": roles[name],
                "value": unit.scale(row[name]), "text": f"{said} {unit.text(row[name], unit=True)}",
            }
            for row in known
        ]  # fmt: skip
        if known and name != "actual":
            ends.append(
                {**lines[-1], "words": said, "text_role": "scenario" if name == "scenario" else "muted"}
            )
    if not lines:
        return None
    bands = [
        {"period": str(row["period"]), "month": period(row["period"]), "role": "forecast"}
        | {side: unit.scale(row[side]) for side in ("low80", "high80", "low95", "high95")}
        | {
            f"text{level}": t("forecast.band", level=level, low=unit.text(row[f"low{level}"]),
                              high=unit.text(row[f"high{level}"], unit=True))
            for level in ("80", "95")
        }
        for row in found
        if row.get("low80") is not None
    ]  # fmt: skip
    marks = [
        {
            "period": str(row["period"]), "month": period(row["period"]), "role": "bad",
            "value": unit.scale(row["marked"]), "text": f"{row['mark']} {unit.text(row['marked'], unit=True)}",
        }
        for row in found
        if row.get("mark") and row.get("marked") is not None
    ]  # fmt: skip
    return build_fan(
        lines=lines,
        bands=bands,
        marks=marks,
        ends=ends,
        months=list(dict.fromkeys(str(row["period"]) for row in found)),
        height=height,
        decimals=base.axis_decimals([unit.scale(row.get("actual")) for row in found], unit.decimals),
    )


@base.recipe
def build_tries(
    truth: list[dict[str, Any]], tries: list[dict[str, Any]], months: list[str], height: int, decimals: int
) -> Any:
    """What came as the dark line, what was said at each origin as lines that begin there."""
    values: list[float | None] = [row["value"] for row in [*truth, *tries]]
    span = value_span(values)
    scale = alt.Scale(domain=list(span), zero=False, nice=False)
    x = month_scale(months, base.month_axis(months))
    y = alt.Y("value:Q", scale=scale, axis=base.value_axis(decimals))
    tip = [alt.Tooltip("month:N", title=" "), alt.Tooltip("text:N", title=" ")]
    said = base.chart(tries).encode(x=x, y=y, detail="origin:N", color=role("scenario"))
    came = base.chart(truth).encode(x=x, y=y, color=role("actual"))
    first = said.transform_filter("datum.first")
    return alt.layer(
        came.mark_line(strokeWidth=2.4),
        said.mark_line(strokeWidth=1.3, strokeDash=[5, 3]),
        first.mark_point(filled=True, size=34, opacity=1),
        came.mark_point(filled=True, size=24, opacity=0).encode(tooltip=tip),
        said.mark_point(filled=True, size=24, opacity=0).encode(tooltip=tip),
    ).properties(height=height)


def tries(came: base.Rows, said: base.Rows, *, unit: Unit, alt: str, height: int = 250) -> base.Picks:
    """The backtest: came (period, value) and said (period, value, origin: the month after which it was said)."""

    def made(rows: base.Rows, word: str) -> list[dict[str, Any]]:
        seen: set[Any] = set()
        out: list[dict[str, Any]] = []
        for row in base.records(rows):
            origin = row.get("origin")
            head = t(word, month=period(origin)) if origin else t(word)
            out.append(
                {
                    "period": str(row["period"]), "month": period(row["period"]), "value": unit.scale(row["value"]),
                    "origin": str(origin or ""), "first": bool(origin) and origin not in seen,
                    "text": f"{head} {unit.text(row['value'], unit=True)}",
                }
            )  # fmt: skip
            seen.add(origin)
        return out

    truth, lines = made(came, "forecast.line_actual"), made(said, "forecast.said_after")
    if not lines:
        return base.nothing(alt)
    months = sorted({row["period"] for row in [*truth, *lines]})
    decimals = base.axis_decimals([row["value"] for row in truth], unit.decimals)
    spec = build_tries(truth=truth, tries=lines, months=months, height=height, decimals=decimals)
    return base.draw(spec, alt_text=alt, key=None)
