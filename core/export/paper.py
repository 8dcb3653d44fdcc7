"""Papers as PDF: a Typst template of this folder filled with JSON data. The only door to typst.

Data goes in as data (`sys.inputs.data`), never as Typst source, so no text somebody typed can be read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).parent
FONTS = HERE.parents[1] / "static" / "fonts"


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    created: datetime | None = None,
    format: Literal["pdf", "png"] = "pdf",
) -> bytes | list[bytes]:
    """`<template>.typ` of this folder filled with `data` (plain JSON data).

    created: fixed creation time, so that the same letter gives the same bytes.
    format: pdf, or png for a picture of each page.
    """
    stamp = int((created or datetime(2020, 1, 1)).timestamp())  # noqa: DTZ001 (a label, not a moment)
    made: bytes | list[bytes] = typst.compile(
        str(HERE / f"{template}.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=format,
        ppi=110,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=stamp,
    )
    return made
