"""One way to start a workbook, so that every export looks the same and none carries a live formula."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

FONT = "Microsoft YaHei"  # present on every Chinese Windows; others fall back to their own sans
WIDEST = 46  # characters; longer text wraps instead of pushing the other columns off the page


def open_book(buffer: BytesIO, created: datetime | None = None) -> xlsxwriter.Workbook:
    """A workbook written to memory. Text stays text: no formulas, links or numbers are guessed from strings.

    Args:
        buffer: receives the bytes when the book is closed.
        created: fixed creation time, so that the same content gives the same bytes.
    """
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    book.set_properties({"created": created or datetime(2020, 1, 1)})  # noqa: DTZ001 (a label, not a moment)
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(10)
    return book


def width(text: Any) -> int:
    """Columns a text takes on screen: wide (Chinese) characters count two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in str(text))


def column_width(heading: str, values: list[Any], extra: int = 0) -> int:
    """Width for a column of `values`; sampled, since a long export must not be measured cell by cell."""
    longest = max(
        (width(f"{v:,.2f}" if isinstance(v, Decimal | float) else v) for v in values[:400]), default=0
    )
    return max(8, min(WIDEST, max(width(heading), longest) + 2 + extra))


def safe_sheet_name(name: str, used: set[str]) -> str:
    """A sheet name Excel accepts: at most 31 characters, none of []:*?/\\, not used yet (case-insensitive)."""
    clean = "".join(" " if char in "[]:*?/\\" else char for char in name).strip().strip("'")[:31] or "Sheet"
    candidate, number = clean, 2
    while candidate.lower() in used:
        tail = f" {number}"
        candidate = clean[: 31 - len(tail)] + tail
        number += 1
    used.add(candidate.lower())
    return candidate
