"""Slots: who fills each (extract, hospital, period, source), what a reading would put there, and what it sums to."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from core import engine
from core.catalog import catalog
from core.intake.reading import READY, Reading
from core.store import DataFile, Snapshot, Store


@lru_cache(maxsize=1)
def _opened() -> engine.Connection:
    return engine.connect(temp_dir=Path(tempfile.gettempdir()) / "costward-spill")


def ask(sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query over Parquet files, on the one connection of this package (a cursor of its own each time)."""
    return engine.query(_opened(), sql)


class Slot(NamedTuple):
    """What at most one batch fills at any moment. `period` is yyyymm, 0 for dictionaries."""

    extract: str
    hospital: str
    period: int
    source: str


@dataclass
class Fill:
    """What one batch put into one slot. `measure`: sum of amount or quantity, None without either."""

    slot: Slot
    batch: str
    rows: int
    measure: Decimal | None
    refused_rows: int
    files: tuple[DataFile, ...]
    refused: tuple[DataFile, ...]


@dataclass
class Incoming:
    """What a reading brings for one slot, before it is stored. `paths` are Parquet files, one per part."""

    slot: Slot
    paths: list[Path] = field(default_factory=list)
    rows: int = 0
    measure: Decimal | None = None


def slot_of(row: Mapping[str, Any]) -> Slot:
    """The slot an event of `slots` speaks of."""
    return Slot(row["extract"], row["hospital"], row["period"], row["source"])


def fill_of(store: Store, row: Mapping[str, Any]) -> Fill:
    """An event of `slots` as a fill, with its data files."""
    slot = slot_of(row)
    return Fill(
        slot,
        row["_batch"],
        row["rows"],
        row["measure"],
        row["refused_rows"],
        _files(store, slot.extract, row["files"], slot, row["_batch"]),
        _files(store, "refused", row["refused"], slot, row["_batch"]),
    )


def _files(store: Store, table: str, text: str, slot: Slot, batch: str) -> tuple[DataFile, ...]:
    top = store.root / "tables" / table
    return tuple(
        DataFile(top / path, slot.hospital, period, batch, slot.source, name, rows, size)
        for path, period, rows, size, name in json.loads(text or "[]")
    )


def written(store: Store, table: str, files: Iterable[DataFile]) -> str:
    """Data files as `slots` keeps them: [[path below the table, period, rows, bytes, original name], ...]."""
    top = len(str(store.root / "tables" / table)) + 1
    rows = [[str(file.path)[top:], file.period, file.rows, file.bytes, file.file] for file in files]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def standing(store: Store, snapshot: Snapshot) -> dict[Slot, dict[str, Any]]:
    """The event of `slots` that fills each slot now."""
    return {slot_of(row): row for row in store.records(snapshot, "slots")}


def by_extract(reading: Reading) -> dict[str, list[tuple[int, Path]]]:
    """(period, Parquet file) of every part that is ready, by extract, in the order of the file."""
    found: dict[str, list[tuple[int, Path]]] = {}
    for part in reading.parts:
        if part.status != READY or not part.extract or part.rows_path is None:
            continue
        for path in sorted(Path(part.rows_path).glob("*.parquet")):
            found.setdefault(part.extract, []).append((int(path.stem), path))
    return found


def incoming(
    files: Mapping[str, Sequence[tuple[int, Path]]],
    hospital: str,
    sources: Mapping[str, str],
) -> list[Incoming]:
    """The slots a reading would fill, with rows and sums; empty files fill nothing. One scan of one column each."""
    slots: dict[Slot, Incoming] = {}
    for extract, named in sorted(files.items()):
        sums = totals(extract, [path for _, path in named])
        for period, path in named:
            rows, measure = sums[path]
            if not rows:
                continue
            slot = Slot(extract, hospital, period, sources[extract])
            entry = slots.setdefault(slot, Incoming(slot))
            entry.paths.append(path)
            entry.rows += rows
            if measure is not None:
                entry.measure = (entry.measure or Decimal(0)) + measure
    return [slots[slot] for slot in sorted(slots)]


def totals(extract: str, paths: Sequence[Path]) -> dict[Path, tuple[int, Decimal | None]]:
    """Rows and summed measure of Parquet files, in one aggregate over one column."""
    measure = catalog().extracts[extract].measure
    if not paths:
        return {}
    value = f"sum({engine.name(measure)})::decimal(38, 4)" if measure else "null"
    listed = ", ".join(engine.quoted(path) for path in paths)
    rows = ask(
        f"select filename, count(*), {value} from read_parquet([{listed}], filename=true, "
        "hive_partitioning=false, union_by_name=true) group by filename",
    )
    found = {Path(name): (count, amount) for name, count, amount in rows}
    return {path: found.get(path, (0, None)) for path in paths}


def content(extract: str, paths: Sequence[Path]) -> tuple[Any, ...]:
    """A mark of the rows in `paths` that depends neither on their order nor on where in a sheet they stood."""
    if not paths:
        return ()
    columns = [column.name for column in catalog().extracts[extract].columns if column.name != "period"]
    listed = ", ".join(engine.quoted(path) for path in paths)
    source = f"read_parquet([{listed}], hive_partitioning=false, union_by_name=true)"
    have = {row[0] for row in ask(f"describe select * from {source}")}
    given = ", ".join(engine.name(c) if c in have else "null" for c in columns)
    seen = ask(
        f"select count(*), bit_xor(h), sum(h::hugeint) from (select hash({given}) as h from {source})",
    )
    return seen[0]
