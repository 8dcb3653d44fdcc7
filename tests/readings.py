"""Readings made by hand, as the intake would hand them over: Parquet files per month, refused rows, an original."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.catalog import catalog
from core.intake.reading import READY, DeptMatch, Part, Reading
from core.store.schema import file_schema

H = "H1"
Row = dict[str, Any]
_numbers = itertools.count(1)
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def clock(step: int) -> datetime:
    """A moment; later for a larger `step`."""
    return START + timedelta(minutes=step)


def cost(dept: str, item: str, amount: str, **more: Any) -> Row:
    """One ledger line."""
    row = {"dept_code": dept, "item_code": item, "item_name": item, "fund_source": "own"}
    return {**row, "amount": Decimal(amount), **more}


def refused(period: int | None, amount: str, value: str = "x", row: int = 9) -> Row:
    """One refused cell."""
    place = {
        "sheet": "S",
        "row": row,
        "col": "C",
        "column": "amount",
        "reason": "not_a_number",
        "params": "{}",
    }
    return {**place, "period": period, "value": value, "amount": Decimal(amount)}


def write_rows(folder: Path, extract: str, months: Mapping[int, Sequence[Row]]) -> Path:
    """`<period>.parquet` per month, with the columns of the extract."""
    folder.mkdir(parents=True)
    schema = file_schema(catalog().extracts[extract])
    for period, rows in months.items():
        placed = [{"_sheet": "S", "_row": n + 2, "_col": "C", **row} for n, row in enumerate(rows)]
        pq.write_table(pa.Table.from_pylist(placed, schema=schema), folder / f"{period}.parquet")
    return folder


def make(
    work: Path,
    name: str,
    parts: Mapping[str, Mapping[int, Sequence[Row]]],
    *,
    bad: Mapping[str, Sequence[Row]] | None = None,
    shape: str = "",
    data: bytes | None = None,
    departments: Sequence[tuple[str, str, str]] = (),
) -> tuple[Reading, Path]:
    """A reading that is ready, and the path of the file it was read from (contents: `data`, else from the rows)."""
    number = next(_numbers)
    text = data if data is not None else json.dumps([name, parts], default=str).encode()
    original = work / f"upload-{number}"
    original.write_bytes(text)
    made = []
    for extract, months in parts.items():
        top = work / f"rows-{number}-{extract}"
        rejected = None
        if bad and extract in bad:
            rejected = work / f"refused-{number}-{extract}.parquet"
            pq.write_table(pa.Table.from_pylist(list(bad[extract])), rejected)
        measure = catalog().extracts[extract].measure or ""
        amount = sum((row.get(measure) or Decimal(0) for rows in months.values() for row in rows), Decimal(0))
        matches = [DeptMatch(c, n, d, "alias", 100, 1, Decimal(0)) for c, n, d in departments]
        made.append(
            Part(
                sheet=extract,
                extract=extract,
                status=READY,
                shape=shape,
                periods=sorted(months),
                rows_accepted=sum(map(len, months.values())),
                amount_accepted=amount,
                rows_path=write_rows(top, extract, months),
                rows_refused=len({(row["sheet"], row["row"]) for row in (bad or {}).get(extract, ())}),
                refused_path=rejected,
                departments=matches,
            )
        )
    reading = Reading(name, hashlib.sha256(text).hexdigest(), len(text), "xlsx", status=READY, parts=made)
    # The intake works in a child process: what arrives went through JSON.
    return Reading.from_dict(json.loads(json.dumps(reading.to_dict()))), original
