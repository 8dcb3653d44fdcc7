"""Large text files, straight from their bytes to Parquet in one pass.

Batches of lines are cast by Arrow as they are read and handed to the engine, which writes one file per month while the
next batch is read. A line with any cell that is not plainly a value (and every total, note or odd line) is kept aside
with its number; those few lines then go the same way as the rows of a small table.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from core import engine
from core.engine import name, quoted
from core.intake.casting import EXACT, STORED
from core.intake.cells import Cells
from core.intake.convert import MOST_WIDE, convert, find_period, finish, source_of
from core.intake.headings import Decision, Known
from core.intake.layout import NUMERIC
from core.intake.monthfiles import MonthFiles
from core.intake.plainly import Caster
from core.intake.reading import NEEDS_DECISION, READY, Part
from core.intake.remarks import remark_rows
from core.intake.rows import DATA, roles_of
from core.intake.settling import tally
from core.intake.sheets import Sheet
from core.intake.tables import Table
from core.intake.textstream import TextStream, TooRagged, read_all, table_of, usual_width
from core.intake.typed import Job, build
from core.intake.units import find_units, metered
from core.lexicon import trim

BULK_FROM = 24 << 20
Progress = Callable[[float, str], None]


def suits(sheet: Sheet) -> bool:
    """True for a text file large enough to be worth the straight way."""
    return sheet.csv is not None and sheet.csv.path.stat().st_size >= BULK_FROM


def convert_bulk(
    part: Part,
    table: Table,
    decision: Decision,
    known: Known,
    connection: engine.Connection,
    folder: Path,
    file: str,
    progress: Progress,
) -> None:
    """Read a large text file into `part`; tables that need to be seen whole take the way of small ones."""
    layout = decision.layout
    assert layout is not None and table.sheet.csv is not None
    simple = not layout.across and layout.month is None and table.number == 1
    simple = simple and not metered(layout.extract.name)
    if simple and not layout.missing(True):
        part.status = NEEDS_DECISION if decision.waiting else READY
        found = len(part.issues)
        default = find_period(part, table, layout, decision, known, file)
        units = find_units(part, table, layout, decision, known)
        if default is None or layout.missing(bool(default.period)):
            part.status = NEEDS_DECISION
            return
        if set(units.factors.values()) <= {1}:
            job = Job(connection, layout, default, units)
            try:
                _straight(part, table, decision, known, job, folder, progress)
                return
            except (TooRagged, pa.ArrowInvalid):
                shutil.rmtree(folder, ignore_errors=True)
        del part.issues[found:]
    table.sheet.table = read_all(table.sheet.csv)
    table.stop = table.sheet.table.num_rows
    convert(part, table, decision, known, connection, folder, file)


def _straight(
    part: Part, table: Table, decision: Decision, known: Known, job: Job, folder: Path, progress: Progress
) -> None:
    """One pass over the file; the lines that are not plain go the way of small tables."""
    rows_path = folder / "rows"
    assert table.sheet.csv is not None
    stream = TextStream(table.sheet.csv, usual_width(table.sheet.csv))
    caster = Caster(job, table, stream, table.sheet.row_count, progress)
    with MonthFiles(rows_path, caster.schema) as files:
        caster.write(files)
    part.rows_path = rows_path
    aside = caster.aside(stream.width)
    odd = [(number, cells) for number, cells in stream.odd if number > table.first]
    region = pa.concat_tables(
        [aside.drop_columns(["_n"]), table_of(odd, stream.width)], promote_options="default"
    )
    numbers = np.concatenate([aside.column("_n").to_numpy(), np.array([n for n, _ in odd], dtype=np.int64)])
    order = np.argsort(numbers, kind="stable")
    region, lines = region.take(pa.array(order)), numbers[order]
    table.repeats = _repeated(table, region)
    table.stop = table.first + region.num_rows
    roles = roles_of(table, job.layout, region)
    few = region.num_rows <= MOST_WIDE * stream.lines
    build(job, source_of(region, roles, lines, job.layout.last if few else None, share=1.0))
    job.straight = tally(job, _everything(job, rows_path), caster.seen, part)
    labels = {int(lines[row]): label for row, label in roles.labels.items()}
    for listed in (roles.footers, roles.notes):
        listed[:] = [(int(lines[row]) - table.first - 1, text) for row, text in listed]
    remark_rows(part, table, roles, [])
    progress(0.85, "read")
    finish(part, job, Cells(region, 0, lines.tolist()), folder, known, labels, decision)


def _everything(job: Job, rows_path: Path) -> list[Path]:
    """The view `everything`: lines written straight and lines that went the way of small tables, as one relation.
    Returns the files of the former."""
    files = sorted(rows_path.glob("*.parquet"))
    if not files:
        return []
    columns = [
        "_row::INTEGER as _n",
        f"{DATA} as _k",
        "0 as _g",
        "'' as _col",
        "period as _period",
        "null::varchar as _period__p",
    ]
    for column in job.extract.columns:
        working = EXACT if column.type in NUMERIC else STORED[column.type]
        columns += [
            f"{name(column.name)}::{working} as {name(column.name)}",
            f"null::varchar as {name(column.name + '__p')}",
        ]
    listed = ", ".join(map(quoted, files))
    engine.run(
        job.connection,
        f"create or replace view everything as select {', '.join(columns)} from"
        f" read_parquet([{listed}], hive_partitioning=false) union all by name select * from typed",
    )
    job.read = "everything"
    return files


def _repeated(table: Table, region: pa.Table) -> list[int]:
    """Rows that repeat the headings, as sheet rows of the small region."""
    texts = {h.index: h.levels[-1] for h in table.headings}
    found = []
    for row in range(min(region.num_rows, 5_000)):
        cells = {
            place: trim(region.column(place)[row].as_py()) for place in texts if place < region.num_columns
        }
        if sum(cells.get(place) == text for place, text in texts.items()) * 2 > len(texts):
            found.append(row + table.first)
    return found
