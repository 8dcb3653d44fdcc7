"""One Parquet file per month, written by a thread of its own while the next lines are read."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

GROUP = 600_000  # rows of one row group
HELD = 2_500_000  # rows waiting in memory over all months
FEW = 0.1  # distinct values per row below which a column is worth a dictionary
_WAITING = 4


class MonthFiles:
    """Takes batches with their months, writes `<folder>/<month>.parquet`.

    Use as a context manager: leaving it waits for the last file, or stops the thread if an exception passes.
    """

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.folder, self.schema = folder, schema
        self.folder.mkdir(parents=True, exist_ok=True)
        self._held: dict[int, list[pa.RecordBatch]] = defaultdict(list)
        self._rows: dict[int, int] = defaultdict(int)
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._few: list[str] | None = None
        self._queue: queue.Queue[tuple[pa.RecordBatch, NDArray[np.int64]] | None] = queue.Queue(_WAITING)
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> MonthFiles:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._queue.put(None)
        self._thread.join()
        if kind is None and self._fault is not None:
            raise self._fault

    def put(self, batch: pa.RecordBatch, months: NDArray[np.int64]) -> None:
        """Hand over rows with the month of each."""
        if self._fault is not None:
            raise self._fault
        if batch.num_rows:
            self._queue.put((batch, months))

    def _work(self) -> None:
        try:
            while (item := self._queue.get()) is not None:
                self._take(*item)
            for month in list(self._held):
                self._flush(month)
        except BaseException as fault:
            self._fault = fault
            while self._queue.get() is not None:
                pass
        finally:
            for writer in self._writers.values():
                writer.close()

    def _take(self, batch: pa.RecordBatch, months: NDArray[np.int64]) -> None:
        if self._few is None:
            self._few = [
                label
                for label, column in zip(self.schema.names, batch.columns, strict=True)
                if len(pc.unique(column)) <= FEW * batch.num_rows + 1
            ]
        present = np.unique(months)
        for month in present.tolist():
            part = batch if len(present) == 1 else batch.filter(pa.array(months == month))
            self._held[month].append(part)
            self._rows[month] += part.num_rows
            if self._rows[month] >= GROUP:
                self._flush(month)
        while sum(self._rows.values()) > HELD:
            self._flush(max(self._rows, key=lambda one: self._rows[one]))

    def _flush(self, month: int) -> None:
        if not self._rows[month]:
            return
        if month not in self._writers:
            self._writers[month] = pq.ParquetWriter(
                self.folder / f"{month}.parquet",
                self.schema,
                compression="snappy",
                use_dictionary=self._few or False,
                store_decimal_as_integer=True,
            )
        table = pa.Table.from_batches(self._held[month], schema=self.schema)
        self._writers[month].write_table(table, row_group_size=GROUP * 2)
        self._held[month], self._rows[month] = [], 0
