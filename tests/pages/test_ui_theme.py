"""The theme's colours are the palette's roles, figures stay legible on them, and nothing is fetched from outside."""

import tomllib
from pathlib import Path

import pytest

from pages._ui.charts import palette

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
MODES = {
    "light": (palette.LIGHT, palette.DIVERGING_LIGHT, palette.SEQUENTIAL_LIGHT),
    "dark": (palette.DARK, palette.DIVERGING_DARK, palette.SEQUENTIAL_DARK),
}


def contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((light(one), light(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", MODES)
def test_chart_colours_are_the_roles_in_their_order(mode: str) -> None:
    roles, diverging, sequential = MODES[mode]
    theme = CONFIG["theme"][mode]
    assert tuple(roles) == palette.ROLES
    assert theme["chartCategoricalColors"] == list(roles.values())
    assert theme["chartDivergingColors"] == list(diverging) and len(diverging) == 10
    assert theme["chartSequentialColors"] == list(sequential) and len(sequential) == 10
    assert roles["paper"] == theme["backgroundColor"]


@pytest.mark.parametrize("mode", MODES)
def test_labels_are_legible_on_page_cells_and_segments(mode: str) -> None:
    roles, diverging, _ = MODES[mode]
    page = CONFIG["theme"][mode]
    assert contrast(page["textColor"], page["backgroundColor"]) >= 12
    assert min(contrast(roles["actual"], cell) for cell in diverging) >= 4.5
    assert contrast(roles["muted"], roles["paper"]) >= 4.5
    for role in palette.SERIES:
        ink = roles["on_solid"] if role in ("s1", "s2") else roles["on_tint"]
        assert contrast(ink, roles[role]) >= 4.5, role


@pytest.mark.parametrize("mode", MODES)
def test_good_and_bad_keep_their_meaning(mode: str) -> None:
    roles, diverging, _ = MODES[mode]
    assert len({roles["good"], roles["bad"], *(roles[s] for s in palette.SERIES)}) == 2 + len(palette.SERIES)
    assert diverging[0] != diverging[-1]


def test_fonts_are_local_and_telemetry_is_off() -> None:
    faces = CONFIG["theme"]["fontFaces"]
    assert {face["weight"] for face in faces} == {400, 700}
    for face in faces:
        assert (ROOT / face["url"].removeprefix("app/")).is_file()
    assert CONFIG["browser"]["gatherUsageStats"] is False and CONFIG["server"]["enableStaticServing"] is True
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert "http" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
