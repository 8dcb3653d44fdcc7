"""Take a Parquet file that a reading wrote into a table: linked as it is where its columns fit, else written anew."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.store.layout import place_file, slot_dir, sync
from core.store.schema import PARTITION, table_schema
from core.store.types import DataFile, NewFile, StoreError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


def adopt(folder: Path, table: str, new: NewFile) -> DataFile:
    """Put `new` into the slot's folder below `folder` and return it as a data file of `table`.

    A file fits when it holds every column of the table (constants aside) with its type; columns it has beyond that
    are left alone. A file that does not fit is cast, missing columns becoming null.

    Raises:
        StoreError: a value cannot be cast, or a constant is empty.
    """
    for what in ("hospital", "batch", "source", "file"):
        if not getattr(new, what):
            raise StoreError(f"{table}: a data file needs a {what}")
    if not _NAME.fullmatch(new.name) or not _NAME.fullmatch(new.batch):
        raise StoreError(f"{table}: {new.name!r} cannot be the name of a data file")
    target = folder / slot_dir(new.hospital, new.period, new.batch) / f"{new.name}.parquet"
    wanted = pa.schema([field for field in table_schema(table) if field.name not in PARTITION])
    footer = pq.read_metadata(new.path)
    if fits(footer.schema.to_arrow_schema(), wanted):
        place_file(new.path, target)
    else:
        _rewrite(new.path, target, wanted, table)
    size = target.stat().st_size
    return DataFile(target, new.hospital, new.period, new.batch, new.source, new.file, footer.num_rows, size)


def fits(found: pa.Schema, wanted: pa.Schema) -> bool:
    """Whether a file with the columns `found` can stand in a table with the columns `wanted`."""
    types = {field.name: _physical(field.type) for field in found}
    return all(types.get(field.name) == field.type for field in wanted)


def _physical(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def _rewrite(source: Path, target: Path, wanted: pa.Schema, table: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        reader = pq.ParquetFile(source)
        with pq.ParquetWriter(part, wanted, compression="zstd") as writer:
            for batch in reader.iter_batches():
                have = {name: batch.column(name) for name in batch.schema.names}
                columns = [
                    have[f.name].cast(f.type) if f.name in have else pa.nulls(batch.num_rows, f.type)
                    for f in wanted
                ]
                writer.write_batch(pa.record_batch(columns, schema=wanted))
        part.replace(target)
    except pa.ArrowInvalid as problem:
        raise StoreError(f"{table}: a value does not fit its column ({problem})") from None
    finally:
        part.unlink(missing_ok=True)
    sync([target])
