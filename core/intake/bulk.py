"""Large text files, straight from their bytes to Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core import engine
from core.intake.headings import Decision, Known
from core.intake.reading import Part
from core.intake.sheets import Sheet
from core.intake.tables import Table

BULK_FROM = 24 << 20


def suits(sheet: Sheet) -> bool:
    """True for a text file large enough to be worth the straight way."""
    return False


def convert_bulk(
    part: Part,
    table: Table,
    decision: Decision,
    known: Known,
    connection: engine.Connection,
    folder: Path,
    file: str,
    progress: Callable[[float, str], None],
) -> None:
    """Read a large text file."""
    raise NotImplementedError
