"""SQL conditions on typed rows: what is missing, what is worth keeping, what is bad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.engine import name
from core.intake.rows import DATA

if TYPE_CHECKING:
    from core.intake.typed import Job


def required(job: Job) -> str:
    """SQL replacements that mark what is missing: the first column of a required group of which nothing is there."""
    marks: dict[str, list[str]] = {}
    for group in job.extract.requires:
        names = ["_period" if column == "period" else column for column in group]
        there = [n for n, c in zip(names, group, strict=True) if n == "_period" or job.layout.has(c)]
        if there and there[0] != "_period":
            unread = " and ".join(f"{name(n + '__p')} is null" for n in there)
            marks.setdefault(there[0], []).append(f"{all_null(there)} and {unread}")
    marks["_period"] = ["_period is null and _period__p is null"]
    return ", ".join(
        f"case when {' or '.join(f'({w})' for w in wheres)} then 'required_blank' else {name(n + '__p')} end"
        f" as {name(n + '__p')}"
        for n, wheres in marks.items()
    )


def all_null(names: Sequence[str]) -> str:
    return " and ".join(f"{name(n)} is null" for n in names)


def keep(job: Job) -> str:
    """SQL: of a wide table, data cells that are blank or zero make no row."""
    if not job.wide:
        return "true"
    measures = list(dict.fromkeys(m for group in job.groups for m, _ in group.places))
    worth = "is not null" if job.extract.zeros else "<> 0"
    some = " or ".join(f"{name(m)} {worth} or {name(m + '__p')} is not null" for m in measures)
    stated = " or ".join(f"{name(m)} is not null" for m in measures)
    return f"({some}) or (_k <> {DATA} and ({stated}))"


def bad(job: Job) -> str:
    """SQL: true for rows with at least one cell that cannot be read."""
    names = ["_period", *(column.name for column in job.extract.columns)]
    return " or ".join(f"{name(n + '__p')} is not null" for n in names)
