"""Accepted rows as one Parquet file per month, refused cells as one file, and the sums of both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core import engine
from core.engine import name, quoted
from core.intake.casting import allowed, stored
from core.intake.cells import Cells
from core.intake.lines import letters
from core.intake.reading import Part
from core.intake.rows import DATA
from core.intake.typed import Job
from core.intake.wanting import bad
from core.issue import Issue
from core.money import fen_to_yuan, round_column

# One problem of a line, however many months lie across it.
ONCE_A_ROW = ("required_blank", "year_differs", "budget_department")
MAX_LISTED = 100  # issues of one code that are listed one by one
REFUSED = pa.schema(
    [
        ("extract", pa.string()),
        ("period", pa.int32()),
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("col", pa.string()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("params", pa.string()),
        ("amount", pa.decimal128(18, 2)),
        ("cells", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True)
class Refusal:
    """One cell that cannot be read. `amount` is the row's readable measure, on the first bad cell of a row only."""

    row: int
    col: str
    column: str
    value: str
    code: str
    params: dict[str, str]
    amount: Decimal | None
    period: int
    cells: list[str]


def round_money(job: Job) -> int:
    """Round every money column to fen so that its sum is the rounded sum; returns how many cells had finer digits."""
    count = 0
    for column in job.extract.columns:
        if column.type != "money" or column.name not in job.casts:
            continue
        field = name(column.name)
        rows = engine.query(
            job.connection,
            f"select rowid, {field} from typed where _k = {DATA} and {field} <> round({field}, 2) and not ({bad(job)})"
            " order by rowid",
        )
        if not rows:
            continue
        count += len(rows)
        fen = round_column([value for _, value in rows])
        lent = pa.table({"r": pa.array([r for r, _ in rows], pa.int64()), "fen": pa.array(fen, pa.int64())})
        engine.run(
            job.connection,
            f"update typed set {field} = lent.fen::DECIMAL(19, 0) * 0.01::DECIMAL(2, 2) from lent"
            " where typed.rowid = lent.r",
            (),
            {"lent": lent},
        )
    return count


def free_name(folder: Path, period: int | str) -> Path:
    """`202501.parquet`; a further file of that month has zeros before its name, so the stem stays the month."""
    target = folder / f"{period}.parquet"
    while target.exists():
        target = target.with_name(f"0{target.name}")
    return target


def write_rows(job: Job, sheet: str, folder: Path) -> list[Path]:
    """Write accepted rows of `typed` as `<folder>/<period>.parquet`; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = [
        f"{'_period' if column.type == 'period' else stored(name(column.name), column)} as {name(column.name)}"
        for column in job.extract.columns
    ]
    if not any(column.name == "period" for column in job.extract.columns):
        columns.insert(0, "_period as period")
    columns += [f"{quoted(sheet)} as _sheet", "_n::BIGINT as _row", "_col"]
    where = f"_k = {DATA} and not ({bad(job)})"
    periods = [
        p
        for (p,) in engine.query(
            job.connection, f"select distinct _period from typed where {where} order by 1"
        )
    ]
    written = [free_name(folder, period) for period in periods]
    for period, path in zip(periods, written, strict=True):
        engine.run(
            job.connection,
            f"copy (select {', '.join(columns)} from typed where {where} and _period = {period} order by _n, _g)"
            f" to {quoted(path)} (format parquet, compression snappy)",
        )
    return written


def refusals(job: Job, sheet: Cells, limit: int = 200_000) -> list[Refusal]:
    """Every bad cell, in the order of the sheet."""
    names = [column.name for column in job.extract.columns]
    problems = [f"{name(n + '__p')}" for n in names]
    measure = name(job.extract.measure) if job.extract.measure else "null"
    rows = engine.query(
        job.connection,
        f"select _n, _g, coalesce(_period, 0), {measure}, _period__p, {', '.join(problems)} from typed"
        f" where _k = {DATA} and ({bad(job)}) order by _n, _g limit {limit}",
    )
    found: list[Refusal] = []
    for row, group, period, amount, period_problem, *codes in rows:
        cells = sheet.row(row)
        if period_problem == "row_wide":
            place = next(i for i, text in enumerate(cells) if text and i > job.layout.last)
            found.append(
                Refusal(row, letters(place), "", cells[place], period_problem, {}, amount, period, cells)
            )
            continue
        marks = {n: code for n, code in zip(names, codes, strict=True) if code}
        if period_problem and not (marks.get("period") or marks.get(str(job.extract.period_from))):
            marks["period"] = period_problem
        left = amount
        for column, code in marks.items():
            place = _place(job, column, group)
            value = cells[place] if 0 <= place < len(cells) else ""
            col = letters(place) if place >= 0 else ""
            params = _params(job, column, code)
            found.append(Refusal(row, col, column, value, code, params, left, period, cells))
            left = None
    return found


def _place(job: Job, column: str, group: int) -> int:
    if column == "period" and column not in job.layout.columns:
        if job.layout.month is not None:
            return job.layout.month
        return job.layout.columns.get(str(job.extract.period_from), -1)
    return job.place_of(column, group)


def _params(job: Job, column: str, code: str) -> dict[str, str]:
    known = [c for c in job.extract.columns if c.name == column]
    if not known:
        return {"label": column, "label_en": column}
    params = {"label": known[0].label.zh, "label_en": known[0].label.en}
    if code == "choice_unknown":
        params |= {"allowed": allowed(known[0], "zh"), "allowed_en": allowed(known[0], "en")}
    return params


def write_refused(part: Part, found: Sequence[Refusal], path: Path) -> None:
    """One Parquet row per bad cell, with the whole row's cells beside it."""
    data = {
        "extract": [part.extract] * len(found),
        "period": [one.period for one in found],
        "sheet": [part.sheet] * len(found),
        "row": [one.row for one in found],
        "col": [one.col for one in found],
        "column": [one.column for one in found],
        "value": [one.value for one in found],
        "reason": [one.code for one in found],
        "params": [json.dumps(one.params, ensure_ascii=False) for one in found],
        "amount": _fen([one.amount for one in found]),
        "cells": [one.cells for one in found],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(data, schema=REFUSED), path, compression="zstd")


def _fen(amounts: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Rounded to fen so that they add up to their rounded sum."""
    fen = iter(round_column([amount for amount in amounts if amount is not None]).tolist())
    return [None if amount is None else fen_to_yuan(next(fen)) for amount in amounts]


def issues_of(found: Sequence[Refusal], sheet: str) -> list[Issue]:
    """Refused cells as issues; beyond a hundred of one kind the rest is counted."""
    listed: dict[str, list[Issue]] = {}
    more: dict[str, int] = {}
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for one in found:
        if last.get((one.code, one.column)) == (one.row, one.value) and one.code in ONCE_A_ROW:
            listed[one.code][-1].count += 1
            continue
        last[one.code, one.column] = (one.row, one.value)
        group = listed.setdefault(one.code, [])
        if len(group) >= MAX_LISTED:
            more[one.code] = more.get(one.code, 0) + 1
            continue
        group.append(
            Issue(one.code, "refused", dict(one.params), "", sheet, one.row, one.col, one.column, one.value)
        )
    issues = [issue for group in listed.values() for issue in group]
    for code, count in more.items():
        first = listed[code][0]
        issues.append(
            Issue("issues_more", sheet=sheet, column=first.column, count=count, params={"code": code})
        )
    return issues
