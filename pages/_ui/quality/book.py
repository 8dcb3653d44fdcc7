"""The refused cells of a stored month as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog import catalog
from core.export import Sheet, table_workbook
from core.quality import Refused
from pages._ui.text import words


def refused_book(found: Sequence[Refused], lang: str) -> bytes:
    """One row per refused cell: file, sheet, row, column, value, reason, what to do. Runs outside the session."""
    say = words(lang)
    heads = ["file", "extract", "sheet", "cell", "column", "value", "reason", "todo"]
    rows = []
    for one in found:
        issue, extract = one.issue, catalog().extracts[one.extract]
        column = next((c.label.of(lang) for c in extract.columns if c.name == issue.column), issue.column)
        rows.append(
            [issue.file, extract.label.of(lang), issue.sheet, f"{issue.col}{issue.row}", column, issue.value,
             issue.what(lang), issue.todo(lang)]
        )  # fmt: skip
    title = say["quality.refused"]
    return table_workbook([Sheet(title, [say[f"upload.{head}"] for head in heads], rows, notes=[title])])
