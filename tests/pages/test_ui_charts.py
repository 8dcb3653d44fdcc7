"""What a person reads in each chart; every specification is checked against Vega-Lite's schema."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from altair.utils import schemapi

from pages._ui import format
from pages._ui.charts import base, bridge, compare, matrix, panels, parts, run, sankey, series, strategy

WAN = format.Unit("万元", Decimal(10_000), 1, money=True)


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Specifications instead of drawing, with the schema check on."""
    seen: list[dict[str, Any]] = []

    def keep(spec: dict[str, Any], **_: Any) -> base.Picks:
        seen.append(spec)
        return base.Picks()

    monkeypatch.setattr(base, "draw", keep)
    monkeypatch.setattr(schemapi, "DEBUG_MODE", True)
    yield seen


def table(spec: dict[str, Any]) -> list[dict[str, Any]]:
    (raw,) = list(spec["datasets"].values())[:1]
    return pa.ipc.open_stream(raw).read_all().to_pylist()


def shape(spec: dict[str, Any]) -> str:
    return json.dumps({name: part for name, part in spec.items() if name != "datasets"}, ensure_ascii=False)


def yuan(wan: float) -> Decimal:
    return Decimal(str(wan)) * 10_000


def test_waterfall_runs_from_total_to_total_and_judges_by_better(drawn: list) -> None:
    changes = [{"label": "人员经费", "value": yuan(96)}, {"label": "药品费", "value": yuan(-118)}]
    rows = bridge.steps(("预算", yuan(12284), "budget"), changes, ("实际", yuan(12262), "actual"))
    bridge.waterfall(rows, unit=WAN, alt="x")
    bars = table(drawn[0])
    assert [row["text"] for row in bars] == ["12,284.0", "+96.0", "-118.0", "12,262.0"]
    assert [row["role"] for row in bars] == ["budget", "bad", "good", "actual"]
    assert [row["end"] for row in bars] == [12284, 12380, 12262, 12262]
    # Two large totals: the base is cut, and both totals carry the mark of it.
    assert bars[0]["start"] == bars[3]["start"] > 11000
    assert "datum.total" in shape(drawn[0])


def test_waterfall_of_small_totals_starts_at_zero(drawn: list) -> None:
    rows = bridge.steps(
        ("去年", yuan(100), "previous"), [{"label": "量", "value": yuan(400)}], ("今年", yuan(500), "actual")
    )
    bridge.waterfall(rows, unit=WAN, alt="x", better="higher")
    assert table(drawn[0])[0]["start"] == 0 and table(drawn[0])[1]["role"] == "good"


def test_bullet_says_value_and_deviation(drawn: list) -> None:
    compare.bullet([{"label": "骨科", "actual": yuan(105), "target": yuan(100)}], unit=WAN, alt="x")
    (row,) = table(drawn[0])
    assert (row["text"], row["deviation"], row["tone"]) == ("105.0", "+5.0%", "bad")


def test_bullet_without_target_judges_nothing(drawn: list) -> None:
    compare.bullet([{"label": "骨科", "actual": yuan(105), "target": None}], unit=WAN, alt="x")
    assert table(drawn[0])[0]["deviation"] == ""


def test_heat_reverses_colour_when_lower_is_better_and_shows_missing(drawn: list) -> None:
    rows = [
        {"row": "骨科", "col": 202503, "value": Decimal("0.12")},
        {"row": "检验", "col": 202503, "value": None},
    ]
    matrix.heat(rows, unit=format.percent(0), alt="x", limit=0.15)
    matrix.heat(rows, unit=format.percent(0), alt="x", limit=0.15, better="higher")
    assert [row["text"] for row in table(drawn[0])] == ["+12", "—"]
    assert ['"reverse": true' in shape(spec) for spec in drawn] == [True, False]
    assert '"domain": [-15.0, 15.0]' in shape(drawn[0])


def test_run_chart_marks_special_causes_and_names_the_rule_once(drawn: list) -> None:
    points = [
        {
            "period": 202501 + i,
            "value": yuan(v),
            "mean": yuan(100),
            "low": yuan(80),
            "high": yuan(120),
            "rule": r,
        }
        for i, (v, r) in enumerate([(100, ""), (95, ""), (130, "beyond"), (131, "beyond")])
    ]
    run.run_chart(points, unit=WAN, alt="x")
    rows = table(drawn[0])
    assert [row["special"] for row in rows] == [False, False, True, True]
    assert [bool(row["note"]) for row in rows] == [False, False, True, False]
    assert rows[2]["tone"] == "bad"
    assert '"axis": null' not in shape(drawn[0]), "a layer without an axis takes the months from all layers"


def test_pareto_gathers_the_rest_and_finds_the_eighty_percent(drawn: list) -> None:
    rows = [{"label": f"g{i}", "value": yuan(v)} for i, v in enumerate([50, 30, 10, 5, 3, 2])]
    parts.pareto(rows, unit=WAN, alt="x", top=4)
    shown = table(drawn[0])
    assert [row["share"] for row in shown] == ["50%", "80%", "90%", "95%", "100%"]
    assert [row["role"] for row in shown] == ["actual", "actual", "previous", "previous", "previous"]
    assert shown[-1]["text"] == "5.0" and "80%" in shape(drawn[0])


def test_composition_fills_the_bar_exactly(drawn: list) -> None:
    rows = [{"label": "骨科", "part": p, "value": yuan(v)} for p, v in (("a", 1), ("b", 1), ("c", 1))]
    parts.composition(rows, unit=WAN, alt="x")
    shown = table(drawn[0])
    assert shown[-1]["end"] == 1.0 and [row["words"] for row in shown] == ["33.3%"] * 3


def test_trend_puts_names_at_the_ends_without_overlap(drawn: list) -> None:
    rows = [
        {"period": 202501 + i, "actual": yuan(100), "previous": yuan(100.1), "budget": yuan(100.2)}
        for i in range(3)
    ]
    series.trend(rows, unit=WAN, alt="x", height=272)
    ends = [
        r for raw in drawn[0]["datasets"].values() for r in pa.ipc.open_stream(raw).read_all().to_pylist()
    ]
    heights = sorted(row["at"] for row in ends if "at" in row)
    assert len(heights) == 3 and min(b - a for a, b in pairwise(heights)) > 0.005


def test_labels_break_into_lines_of_like_length() -> None:
    assert base.wrap("卫生材料费", 8) == "卫生材\n料费"
    assert base.wrap("固定资产折旧费", 8) == "固定资产\n折旧费"
    assert base.wrap("Other operating cost", 9) == "Other\noperating\ncost"
    assert base.hyphened("Depreciation", 8) == "Deprec-\niation"


def test_flow_breaks_loops_and_keeps_every_amount() -> None:
    links = [
        {"source": "A", "target": "B", "value": yuan(5)},
        {"source": "B", "target": "A", "value": yuan(2)},
    ]
    loose = sankey._loose(links)
    assert [link["target"].strip() for link in loose] == ["B", "A"] and loose[1]["target"] != "A"
    option = sankey._option(loose, WAN, {}, True)
    assert sum(link["value"] for link in option["series"][0]["links"]) == 7


def test_other_charts_are_valid(drawn: list) -> None:
    rows = [{"label": "骨科", "before": yuan(2), "after": yuan(1), "value": yuan(3), "previous": yuan(2)}]
    compare.pairs(rows, unit=WAN, alt="x")
    compare.slope(rows, unit=WAN, alt="x")
    compare.ranking(rows, unit=WAN, alt="x")
    assert len(drawn) == 3
    assert [row["role"] for row in table(drawn[1])] == ["good", "good"]


def test_a_specification_is_built_once_per_content(drawn: list, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    real = base.alt.LayerChart.to_dict
    monkeypatch.setattr(
        base.alt.LayerChart, "to_dict", lambda self, *a, **k: built.append(1) or real(self, *a, **k)
    )
    for _ in range(3):
        compare.ranking([{"label": "once", "value": yuan(7)}], unit=WAN, alt="x")
    assert len(built) == 1 and len(drawn) == 3


def test_drawing_a_chart_twice_cannot_change_the_kept_specification(drawn: list) -> None:
    compare.ranking([{"label": "kept", "value": yuan(7)}], unit=WAN, alt="x")
    drawn[0]["datasets"].clear()
    drawn[0]["height"] = -1
    compare.ranking([{"label": "kept", "value": yuan(7)}], unit=WAN, alt="x")
    assert drawn[1]["datasets"] and drawn[1]["height"] != -1


def test_small_multiples_share_one_scale(drawn: list) -> None:
    rows = [
        {"panel": p, "period": 202501 + i, "value": v + i}
        for p, v in (("a", 1), ("b", 100))
        for i in range(3)
    ]
    panels.multiples(rows, unit=format.number(), alt="x")
    assert len(drawn) == 2
    scales = [layer["encoding"]["y"]["scale"]["domain"] for spec in drawn for layer in spec["layer"]]
    assert all(scale == scales[0] for scale in scales)


def test_the_map_draws_past_scores_inside_their_box_and_rises_as_they_rise() -> None:
    node = {"code": "a", "layer": 0, "name": "n", "light": "l", "tone": "good", "text": ""}
    box = {**node, "left": 0.0, "right": 1.0, "y": 0, "past": [60.0, None, 80.0, 100.0]}
    points = strategy._path(box)
    assert [point["x"] for point in points] == sorted(point["x"] for point in points)
    assert all(0 < point["x"] < 1 and 0 < point["y"] < strategy.TALL / 2 for point in points)
    assert points[0]["y"] > points[1]["y"] > points[2]["y"], "upwards is less in a scale that is reversed"
    assert strategy._path({**box, "past": [60.0, None, 80.0]}) == []
