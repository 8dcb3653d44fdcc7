"""A chart as a picture file, in the light colours of the page and the board's own font. The only door to vl_convert."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import vl_convert

from pages._ui.charts.palette import LIGHT

FONTS = Path(__file__).resolve().parents[3] / "static" / "fonts"


@lru_cache(maxsize=1)
def _fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def png(spec: dict[str, Any], title: str, note: str = "", width: int = 1100, scale: float = 2.0) -> bytes:
    """A specification of the kit (charts/base.py) with a title above, as PNG.

    Args:
        note: one line under the title.
        scale: pixels per point; 2 is sharp on a projector.
    """
    _fonts()
    made = dict(spec)
    sets = {name: _rows(content) for name, content in made.pop("datasets", {}).items()}
    config = {
        **made.get("config", {}),
        "background": LIGHT["paper"],
        "range": {"category": list(LIGHT.values())},
    }
    axis = {**config.get("axis", {}), "gridColor": LIGHT["grid"], "labelColor": LIGHT["muted"]}
    heading = {
        "text": title, "subtitle": note, "anchor": "start", "fontSize": 18, "subtitleFontSize": 12, "offset": 14,
        "color": LIGHT["actual"], "subtitleColor": LIGHT["muted"],
    }  # fmt: skip
    made |= {
        "datasets": sets,
        "width": width,
        "title": heading,
        "config": {**config, "axis": axis},
        "padding": 18,
    }
    found: bytes = vl_convert.vegalite_to_png(json.dumps(made), scale=scale)
    return found


def _rows(content: Any) -> list[dict[str, Any]]:
    if not isinstance(content, bytes):
        return list(content)
    with pa.ipc.open_stream(content) as stream:
        return stream.read_all().to_pylist()
