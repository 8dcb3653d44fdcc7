"""From a spreadsheet as a hospital system exports it to typed rows with their places.

    reading = read(path, "2025-03.xlsx", hospital="H001", options=Options(), memory=Memory(), workdir=folder)

Reading happens in a child process with limits on memory and time, so no file can take the program with it. Whatever
happens, the answer is a Reading: problems are issues in it, never exceptions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.intake.front import read
    from core.intake.reading import Memory, Options, Part, Plan, Reading

__all__ = ["Memory", "Options", "Part", "Plan", "Reading", "read"]
_HOMES = {"read": "core.intake.front"}


def __getattr__(name: str) -> Any:
    """Names are fetched when first asked for: the child process imports this package and needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "core.intake.reading")), name)
