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
from core.intake.convert import MOST_WIDE, convert, find_period, find_units, finish, source_of
from core.intake.headings import Decision, Known
from core.intake.layout import NUMERIC
from core.intake.output import free_name
from core.intake.plainly import Caster, SeveralMonths, month_of_texts
from core.intake.reading import NEEDS_DECISION, READY, Part
from core.intake.remarks import remark_rows
from core.intake.rows import DATA, roles_of
from core.intake.sheets import Sheet
from core.intake.tables import Table
from core.intake.textstream import TextStream, TooRagged, read_all, table_of, usual_width
from core.intake.typed import Job, build
from core.lexicon import trim

BULK_FROM = 24 << 20
COMPRESSION = "snappy"
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
    if simple and not layout.missing(True):
        part.status = NEEDS_DECISION if decision.waiting else READY
        found = len(part.issues)
        default = find_period(part, table, layout, decision, known, file)
        factors = find_units(part, table, layout, decision, known)
        if default is None or layout.missing(bool(default.period)):
            part.status = NEEDS_DECISION
            return
        if set(factors.values()) <= {1}:
            job = Job(connection, layout, default, factors)
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
    """One pass over the file; a second one only if it turns out to hold several months."""
    rows_path = folder / "rows"
    caster, stream = _pass(table, decision, job, rows_path, progress)
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
    _everything(job, rows_path)
    labels = {int(lines[row]): label for row, label in roles.labels.items()}
    for listed in (roles.footers, roles.notes):
        listed[:] = [(int(lines[row]) - table.first - 1, text) for row, text in listed]
    remark_rows(part, table, roles, [])
    progress(0.85, "read")
    finish(part, job, Cells(region, 0, lines.tolist()), folder, known, labels, decision)
    exact = caster.exact_difference()
    if exact:
        part.amount_read += exact
        part.rounding += exact


def _pass(
    table: Table, decision: Decision, job: Job, rows_path: Path, progress: Progress
) -> tuple[Caster, TextStream]:
    assert table.sheet.csv is not None
    month = _one_month(table, decision, job)
    while True:
        stream = TextStream(table.sheet.csv, usual_width(table.sheet.csv))
        caster = Caster(job, table, stream, month, table.sheet.row_count, progress)
        shutil.rmtree(rows_path, ignore_errors=True)
        rows_path.mkdir(parents=True)
        try:
            _write(job, caster, rows_path, month, table.sheet.name)
            return caster, stream
        except engine.EngineError as problem:
            if caster.fault is None:
                raise
            if not isinstance(caster.fault, SeveralMonths):
                raise caster.fault from problem
            month = 0


def _one_month(table: Table, decision: Decision, job: Job) -> int:
    """The month all sampled lines are of, 0 if they differ: files of one month are written without sorting out."""
    if not job.extract.periodic:
        return -1
    return month_of_texts(job, table.sheet.sample(400)[table.first :])


def _write(job: Job, caster: Caster, folder: Path, month: int, sheet: str) -> None:
    columns = [
        f"{'_period' if c.type == 'period' else name(c.name)} as {name(c.name)}" for c in job.extract.columns
    ]
    if not any(c.name == "period" for c in job.extract.columns):
        columns.insert(0, "_period as period")
    columns += [f"{quoted(sheet)} as _sheet", "_n as _row", "'' as _col"]
    select = f"select {', '.join(columns)}"
    lent = {"lent": caster.reader()}
    if month:
        target = quoted(folder / f"{max(month, 0)}.parquet")
        engine.run(
            job.connection,
            f"copy ({select} from lent) to {target} (format parquet, compression {COMPRESSION})",
            (),
            lent,
        )
        return
    parts = folder / "parts"
    engine.run(
        job.connection,
        f"copy ({select}, _period as _part from lent) to {quoted(parts)}"
        f" (format parquet, compression {COMPRESSION}, partition_by (_part))",
        (),
        lent,
    )
    for made in sorted(parts.glob("_part=*/*.parquet")):
        period = made.parent.name.partition("=")[2]
        made.rename(free_name(folder, period))
    shutil.rmtree(parts)


def _everything(job: Job, rows_path: Path) -> None:
    """The view `everything`: lines written straight and lines that went the way of small tables, as one relation."""
    files = sorted(rows_path.glob("*.parquet"))
    if not files:
        return
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
