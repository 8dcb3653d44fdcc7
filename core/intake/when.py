"""Which month a table is about when its rows do not say: title, sheet name, file name, declared period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.period import MONTH, MONTH_ONLY, YEAR, find_when


@dataclass(frozen=True)
class Default:
    """period yyyymm (0: unknown; yyyy00: a whole year), its origin and the text it was read from, and the year that
    completes bare months."""

    period: int = 0
    origin: str = ""
    text: str = ""
    year: int = 0


def default_period(texts: Sequence[str], declared: int | None, whole_year: bool = False) -> Default:
    """Read titles, sheet name and file name in that order.

    texts: the last two are sheet name and file name, the others titles. A bare month is completed by the first year
    any other text names; the declared period fills only what none of them says.
    """
    origins = ["title"] * max(len(texts) - 2, 0) + ["sheet", "file"][-min(len(texts), 2) :]
    found = [
        (origin, text, when) for origin, text in zip(origins, texts, strict=True) if (when := find_when(text))
    ]
    year = next((when.year for _, _, when in found if when.year), 0) or (declared or 0) // 100
    for kind in (MONTH, MONTH_ONLY):
        for origin, text, when in found:
            if when.kind == kind and (when.year or year):
                return Default((when.year or year) * 100 + when.month, origin, text, when.year or year)
    if declared:
        return Default(declared, "declared", str(declared), year)
    if whole_year:
        for origin, text, when in found:
            if when.kind == YEAR:
                return Default(when.year * 100, origin, text, when.year)
    return Default(0, "", "", year)
