"""The whole file: find tables, decide, convert. Runs in the child process; `core.intake.read` is the way in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core import engine
from core.intake.bulk import convert_bulk, suits
from core.intake.convert import convert, start_part
from core.intake.headings import SAMPLE, Decision, Known, decide
from core.intake.opening import open_file
from core.intake.reading import IGNORED, NEEDS_DECISION, READY, Memory, Options, Part, Reading
from core.intake.sheets import Opened, Sheet
from core.intake.tables import Table, find_tables
from core.intake.vocabulary import Items
from core.issue import Issue
from core.matching import Departments

DICTIONARIES = ("dept", "cost_item")
ENGINE_MEMORY = "1500MB"
Progress = Callable[[float, str], None]


@dataclass
class Found:
    """One table on its way to a part."""

    table: Table
    decision: Decision
    part: Part
    number: int = 0


def read_file(
    path: Path, name: str, *, options: Options, memory: Memory, workdir: Path, progress: Progress
) -> Reading:
    """Open and read one file in this process. Raises FileRefused where the file cannot be opened."""
    opened = open_file(path, name, workdir)
    return read_opened(opened, name, options=options, memory=memory, workdir=workdir, progress=progress)


def read_opened(
    opened: Opened, name: str, *, options: Options, memory: Memory, workdir: Path, progress: Progress
) -> Reading:
    """Read an opened file."""
    progress(0.3, "find")
    reading = Reading(name, kind=opened.kind, encoding=opened.encoding)
    known = known_from(options, memory)
    found = [one for sheet in opened.sheets for one in _look(sheet, reading, name, known)]
    _weak(found)
    spill = workdir / "spill"
    connection = engine.connect(memory_limit=ENGINE_MEMORY, temp_dir=spill)
    for number, one in enumerate(found):
        one.number = number
    first = [one for one in found if _is_dictionary(one)]
    for one in first:
        _convert(one, known, connection, workdir, name, progress)
    if first:
        known = _enriched(known, first)
        for one in found:
            if one not in first and not one.decision.ignored:
                _again(one, known, name)
        _weak([one for one in found if one not in first], any(one.part.status == READY for one in first))
    rest = [one for one in found if one not in first]
    for position, one in enumerate(rest):
        progress(0.35 + 0.6 * position / max(len(rest), 1), "read")
        _convert(one, known, connection, workdir, name, progress)
    reading.parts = [one.part for one in found]
    _finish(reading)
    progress(1.0, "done")
    return reading


def known_from(options: Options, memory: Memory) -> Known:
    """What the reader knows beside the file."""
    departments = Departments(memory.departments, memory.aliases)
    return Known(options, memory, departments, Items(memory.items))


def _look(sheet: Sheet, reading: Reading, name: str, known: Known) -> list[Found]:
    """The tables of one sheet with what they were taken for."""
    if sheet.csv is not None and not suits(sheet):
        sheet.table = sheet.as_table()
    tables = find_tables(sheet, known.items)
    if not tables:
        reading.issues.append(Issue("table_none", file=name, sheet=sheet.name))
    found = []
    for table in tables:
        table.above = [title for other in tables[: table.number - 1] for title in other.titles]
        decision = decide(table, sample(table), _names(table, name), known)
        found.append(Found(table, decision, start_part(table, decision)))
    return found


def _names(table: Table, name: str) -> list[str]:
    return [table.sheet.name, Path(name).stem]


def sample(table: Table) -> Sequence[Sequence[str | None]]:
    """About two hundred data rows spread over the table."""
    if table.sheet.table is None:
        return table.sheet.sample(SAMPLE)[table.first :]
    region = table.sheet.table.slice(table.first, max(0, table.stop - table.first))
    if region.num_rows > SAMPLE:
        region = region.take(pa.array(np.linspace(0, region.num_rows - 1, SAMPLE).astype(np.int64)))
    return list(zip(*(column.to_pylist() for column in region.columns), strict=True))


def _again(one: Found, known: Known, name: str) -> None:
    one.decision = decide(one.table, sample(one.table), _names(one.table, name), known)
    one.part = start_part(one.table, one.decision)


def _is_dictionary(one: Found) -> bool:
    return one.part.extract in DICTIONARIES and not one.decision.waiting and not one.decision.weak


def _weak(found: Sequence[Found], others: bool = False) -> None:
    """A table that resembles nothing waits for a person, unless the file has others that are understood."""
    strong = others or any(not one.decision.weak and not one.decision.ignored for one in found)
    for one in found:
        if one.decision.ignored:
            one.part.status = IGNORED
            one.part.extract = None
            one.part.issues = [Issue("table_ignored", sheet=one.part.sheet)]
        elif one.decision.weak and strong:
            one.decision.ignored = True
            one.part.status, one.part.columns = IGNORED, []
            one.part.issues = [Issue("table_unknown", sheet=one.part.sheet, row=one.table.top + 1)]
            one.part.extract = None
        elif one.decision.weak:
            one.part.issues.insert(0, Issue("table_unknown", sheet=one.part.sheet, row=one.table.top + 1))
            one.decision.waiting = True


def _convert(
    one: Found, known: Known, connection: engine.Connection, workdir: Path, name: str, progress: Progress
) -> None:
    if one.decision.ignored or one.decision.layout is None:
        return
    folder = workdir / f"part{one.number:03}"
    if one.table.sheet.table is None:
        convert_bulk(one.part, one.table, one.decision, known, connection, folder, name, progress)
    else:
        convert(one.part, one.table, one.decision, known, connection, folder, name)


def _enriched(known: Known, dictionaries: Sequence[Found]) -> Known:
    """The dictionaries of this very file count for its other tables."""
    departments, items = list(known.memory.departments), list(known.memory.items)
    for one in dictionaries:
        if one.part.rows_path is None:
            continue
        for path in Path(one.part.rows_path).glob("*.parquet"):
            if one.part.extract == "dept":
                columns = ["dept_code", "dept_name", "dept_class", "former_names"]
                departments += _rows(path, columns)
            else:
                items += _rows(path, ["item_code", "item_name", "item_class"])
    memory = Memory(known.memory.headings, departments, known.memory.aliases, items)
    return known_from(known.options, memory)


def _rows(path: Path, columns: Sequence[str]) -> list[list[str]]:
    table = pq.read_table(path, columns=list(columns))
    return [
        [value or "" for value in row] for row in zip(*(c.to_pylist() for c in table.columns), strict=True)
    ]


def _finish(reading: Reading) -> None:
    for part in reading.parts:
        for issue in part.issues:
            issue.file = reading.file
    for issue in reading.issues:
        issue.file = reading.file
    alive = any(part.status in (READY, NEEDS_DECISION) for part in reading.parts)
    if not alive and not any(issue.severity == "refused" for issue in reading.all_issues()):
        reading.issues.append(Issue("nothing_found", file=reading.file))
    reading.settle()
