"""The one exception the file-opening half of the intake raises.

Refusals are data: a code and its parameters. The sentences a person reads (what is wrong, what to
do) belong to the definitions, so that they exist in both languages and can be changed without code.
"""

from __future__ import annotations

# Every code this half can raise, with the parameters its sentences may name.
CODES: dict[str, tuple[str, ...]] = {
    "file_empty": ("name",),
    "file_not_a_table": ("name",),
    "file_unsupported": ("name", "kind"),
    "file_truncated": ("name",),
    "file_damaged": ("name",),
    "file_password": ("name",),
    "file_bomb": ("name", "megabytes", "ratio"),
    "file_too_large": ("name", "megabytes", "limit"),
    "file_too_many_columns": ("name", "sheet", "columns", "limit"),
    "file_too_many_cells": ("name", "sheet", "cells", "limit"),
    "file_too_many_sheets": ("name", "sheets", "limit"),
    "file_external_entity": ("name",),
    "file_no_cells": ("name",),
    "file_encoding": ("name",),
    "reader_memory": ("name", "megabytes"),
    "reader_time": ("name", "seconds"),
    "reader_failed": ("name",),
    "reader_sums": ("sheet", "read", "written"),
}


class FileRefused(Exception):
    """A file cannot be read.

    code    one of CODES
    params  values for the braces of the sentence
    detail  technical text for the log only; never shown to a person
    """

    def __init__(self, code: str, params: dict[str, object] | None = None, detail: str = "") -> None:
        if code not in CODES:
            raise ValueError(f"unknown refusal code {code!r}; known: {', '.join(sorted(CODES))}")
        super().__init__(code)
        self.code = code
        self.params: dict[str, object] = dict(params or {})
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code} {self.params}"
