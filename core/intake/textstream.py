"""A large text file as numbered batches of string columns, whatever its lines look like.

Lines with too few or too many fields do not fit a column reader; they are kept aside with their number and read by
the plain csv module, so no line is lost and every other line keeps the number a person sees.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from core.intake.sheets import CsvSource

BLOCK = 4 << 20
MAX_ODD = 500_000
_T = TypeVar("_T")


class TooRagged(Exception):
    """The file is not a table of one width."""


@dataclass
class TextStream:
    """Numbered batches of a delimited text file: string columns c0..cN, and the 1-based number of every line.

    odd     (number, cells) of lines that are not as wide as the others
    lines   lines read so far
    """

    source: CsvSource
    width: int
    odd: list[tuple[int, list[str | None]]] = field(default_factory=list)
    lines: int = 0
    _skipped: list[int] = field(default_factory=list)

    def batches(self) -> Iterator[tuple[pa.RecordBatch, NDArray[np.int64]]]:
        """Every line that is as wide as the file, in order."""
        names = [f"c{i}" for i in range(self.width)]
        reader = pacsv.open_csv(
            self.source.path,
            read_options=pacsv.ReadOptions(column_names=names, block_size=BLOCK, use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=self.source.delimiter,
                quote_char=self.source.quote or False,
                newlines_in_values=bool(self.source.quote),
                ignore_empty_lines=False,
                invalid_row_handler=self._odd,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
        for batch in reader:
            yield batch, self._numbers(batch.num_rows)
        self.lines += len([number for number in self._skipped if number > self.lines])

    def _odd(self, row: pacsv.InvalidRow) -> str:
        """Keep a line of another width aside, with all its cells."""
        if row.number is None or len(self.odd) >= MAX_ODD:
            raise TooRagged
        record = next(iter(self.source.fields_of([row.text])), [])
        self.odd.append((row.number, [text if text != "" else None for text in record]))
        self._skipped.append(row.number)
        return "skip"

    def _numbers(self, count: int) -> NDArray[np.int64]:
        """Numbers of the next lines, stepping over those kept aside."""
        numbers = np.arange(self.lines + 1, self.lines + 1 + count, dtype=np.int64)
        while self._skipped and count and self._skipped[0] <= numbers[-1]:
            position = int(np.searchsorted(numbers, self._skipped[0]))
            numbers[position:] += 1
            self._skipped.pop(0)
        if count:
            self.lines = int(numbers[-1])
        return numbers


def ahead(batches: Iterator[_T], waiting: int = 3) -> Iterator[_T]:
    """The same items, made by a thread of their own up to `waiting` ahead."""
    ready: queue.Queue[tuple[_T | None, BaseException | None]] = queue.Queue(waiting)
    stopped = threading.Event()

    def make() -> None:
        fault: BaseException | None = None
        try:
            for item in batches:
                ready.put((item, None))
                if stopped.is_set():
                    return
        except BaseException as problem:
            fault = problem
        ready.put((None, fault))

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while (found := ready.get())[0] is not None:
            yield found[0]
        if found[1] is not None:
            raise found[1]
    finally:
        stopped.set()
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                ready.get(timeout=0.05)


def usual_width(source: CsvSource) -> int:
    """The number of fields most lines at the head of the file have."""
    with source.path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        widths = Counter(len(record) for record in islice(source.fields_of(stream), 2_000) if len(record) > 1)
    return widths.most_common(1)[0][0] if widths else source.fields


def table_of(lines: Sequence[tuple[int, list[str | None]]], width: int) -> pa.Table:
    """Lines kept aside as string columns of at least `width`; longer lines make it wider."""
    wide = max([width, *(len(cells) for _, cells in lines)])
    columns = [[cells[i] if i < len(cells) else None for _, cells in lines] for i in range(wide)]
    return pa.table({f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(columns)})


def read_all(source: CsvSource) -> pa.Table:
    """The whole file as string columns, row i = line i; for tables that need to be seen whole."""
    stream = TextStream(source, usual_width(source))
    batches, numbers = [], []
    for batch, lines in stream.batches():
        batches.append(batch)
        numbers.append(lines)
    schema = pa.schema([(f"c{i}", pa.string()) for i in range(stream.width)])
    table = pa.Table.from_batches(batches, schema=schema) if batches else schema.empty_table()
    if stream.odd:
        odd = table_of(stream.odd, stream.width)
        for i in range(stream.width, odd.num_columns):
            table = table.append_column(f"c{i}", pa.nulls(table.num_rows, pa.string()))
        order = np.argsort(np.concatenate([*numbers, np.array([n for n, _ in stream.odd])]), kind="stable")
        table = pa.concat_tables([table, odd]).take(pa.array(order))
    return table
