"""Where the data lives: `COSTWARD_DATA` if set, else data/warehouse beside the program."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "data" / "demo"


def data_root() -> Path:
    """The folder that holds tables, originals and derived results."""
    return Path(os.environ.get("COSTWARD_DATA") or ROOT / "data" / "warehouse").resolve()
