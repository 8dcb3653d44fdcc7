"""Refused rows: stored by month beside the rows that were accepted, so that they come and go with their slot."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.batch.slots import by_extract
from core.intake.reading import READY, Reading
from core.store import DataFile, NewFile
from core.store.commit import Commit
from core.store.schema import REFUSED


@dataclass
class Refused:
    """Files of refused rows by extract and month; month 0 are rows whose month is unknown or has no accepted row."""

    placed: dict[tuple[str, int], list[DataFile]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def files(self) -> list[DataFile]:
        """All of them."""
        return [file for files in self.placed.values() for file in files]

    def of(self, extract: str, period: int) -> list[DataFile]:
        """Files that count while the batch fills this month: the month's own, and those of no month."""
        return [file for key in {(extract, period), (extract, 0)} for file in self.placed.get(key, [])]

    def rows(self, extract: str, period: int) -> int:
        """Refused rows of this very month; a row with two bad cells is one row."""
        return self.counts.get((extract, period), 0)


def adopt_refused(
    change: Commit, reading: Reading, sources: Mapping[str, str], hospital: str, batch: str
) -> Refused:
    """Store the refused rows of every part that is stored at all."""
    found = Refused()
    filled = {(extract, period) for extract, files in by_extract(reading).items() for period, _ in files}
    with tempfile.TemporaryDirectory(prefix="costward-") as folder:
        for number, part in enumerate(reading.parts):
            ready = part.status == READY and part.extract in sources
            if not ready or part.refused_path is None or not Path(part.refused_path).exists():
                continue
            extract = str(part.extract)
            for period, table in _by_month(pq.read_table(part.refused_path), extract):
                month = period if (extract, period) in filled else 0
                path = Path(folder) / f"{number}-{period}.parquet"
                pq.write_table(table, path, compression="zstd")
                new = NewFile(
                    path,
                    hospital,
                    month,
                    batch,
                    sources[extract],
                    reading.file,
                    f"{extract}-{number:03}-{period}",
                )
                rows = table.group_by(["sheet", "row"]).aggregate([]).num_rows
                found.counts[extract, month] = found.counts.get((extract, month), 0) + rows
                found.placed.setdefault((extract, month), []).append(change.adopt("refused", new))
    return found


def _by_month(table: pa.Table, extract: str) -> list[tuple[int, pa.Table]]:
    """The rows of one month at a time, with the columns of the `refused` table."""
    if not table.num_rows:
        return []
    have = set(table.schema.names)
    months = table["period"].cast(pa.int32()) if "period" in have else pa.nulls(table.num_rows, pa.int32())
    months = pc.fill_null(months, 0)
    columns = []
    for column in REFUSED:
        if column.name == "extract" and "extract" not in have:
            columns.append(pa.array([extract] * table.num_rows, pa.string()))
        elif column.name in have:
            columns.append(table[column.name].cast(column.type))
        else:
            columns.append(pa.nulls(table.num_rows, column.type))
    whole = pa.table(columns, schema=pa.schema(list(REFUSED)))
    return [(month, whole.filter(pc.equal(months, month))) for month in sorted(pc.unique(months).to_pylist())]
