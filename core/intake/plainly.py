"""Batches of a large text file cast as they pass; lines that are not plain are kept aside as text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.amount import Unreadable
from core.intake.arrays import (
    TYPES,
    beyond_years,
    decimals,
    filler,
    has_time,
    is_null,
    moments_of,
    months_of,
)
from core.intake.casting import Cast, rule_of
from core.intake.cells import text_bytes, trimmed
from core.intake.layout import NUMERIC
from core.intake.millionths import MICRO, NOTHING, STEP, Tally, diffused, exactly, rounded
from core.intake.monthfiles import MonthFiles
from core.intake.rows import text_places
from core.intake.tables import Table
from core.intake.textstream import TextStream, ahead
from core.intake.typed import Job
from core.lexicon import lexicon

_ASCII_TOTALS = (b"otal", b"OTAL")
_PLAIN = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"


class Caster:
    """Turns text batches into typed ones.

    Lines with a cell that is not plainly a value are kept aside as text, with their number.
    """

    def __init__(
        self,
        job: Job,
        table: Table,
        stream: TextStream,
        expected: int,
        progress: Callable[[float, str], None],
    ) -> None:
        self.job, self.table, self.stream = job, table, stream
        self.expected, self.progress = max(expected, 1), progress
        self.casts = {
            c.name: Cast(c, "", job.layout.columns[c.name])
            for c in job.extract.columns
            if c.name in job.layout.columns
        }
        self._maps: dict[str, dict[str, Any]] = {name: {} for name in self.casts}
        self._aside: list[pa.Table] = []
        self._carry: dict[str, int] = {}  # running sums of columns with parts of a fen, in millionths
        self._finer: dict[
            str, NDArray[np.int64]
        ] = {}  # quantities of the batch with more digits than are stored
        self.seen = Tally()
        self._totals = [word.encode() for word in _total_marks()]
        self._pattern = "(?i)(" + "|".join([*_total_marks(), "total", "totals"]) + ")[^0-9]{0,8}$"
        self._labels = text_places(table, job.layout)
        self._quick: dict[str, bool] = {}
        fields = [pa.field(c.name, TYPES[c.type]) for c in job.extract.columns]
        if "period" not in {c.name for c in job.extract.columns}:
            fields.insert(0, pa.field("period", pa.int32()))
        places = [
            pa.field("_sheet", pa.string()),
            pa.field("_row", pa.int64()),
            pa.field("_col", pa.string()),
        ]
        self.schema = pa.schema([*fields, *places])

    def aside(self, width: int) -> pa.Table:
        """Lines that were kept aside: string columns and `_n`."""
        schema = pa.schema([*((f"c{i}", pa.string()) for i in range(width)), ("_n", pa.int64())])
        return pa.concat_tables(self._aside).cast(schema) if self._aside else schema.empty_table()

    def write(self, files: MonthFiles) -> None:
        """Read the file to its end into `files`.

        Raises:
            TooRagged, pa.ArrowInvalid: the file is no table of one width.
        """
        for batch, numbers in ahead(self.stream.batches()):
            if len(numbers) and numbers[0] <= self.table.first:
                skip = int(np.searchsorted(numbers, self.table.first, side="right"))
                batch, numbers = batch.slice(skip), numbers[skip:]
            if batch.num_rows:
                files.put(*self._typed(batch, numbers))
                self.progress(0.3 + 0.55 * min(1.0, self.stream.lines / self.expected), "read")

    def _typed(
        self, batch: pa.RecordBatch, numbers: NDArray[np.int64]
    ) -> tuple[pa.RecordBatch, NDArray[np.int64]]:
        """The lines of a batch that are plainly values, typed, and their months; the others go aside."""
        count = batch.num_rows
        bad = self._total_rows(batch)
        columns: dict[str, pa.Array] = {}
        exact: dict[str, NDArray[np.int64]] = {}
        self._finer.clear()
        for name, cast in self.casts.items():
            values, refused = self._column(cast, trimmed(batch.column(cast.index)), exact)
            columns[name] = values
            bad |= refused
        for group in self.job.extract.requires:
            there = [columns[name] for name in group if name in columns]
            missing = np.full(count, bool(there))
            for values in there:
                missing &= is_null(values)
            bad |= missing
        months = self._months(columns, count)
        if self.job.extract.periodic:
            bad |= months == 0
        for name, micro in exact.items():
            columns[name] = self._diffuse(name, micro, bad)
        columns["period"] = pa.array(months.astype(np.int32))
        columns["_row"] = pa.array(numbers)
        columns["_sheet"] = pa.repeat(pa.scalar(self.table.sheet.name), count)
        columns["_col"] = pa.repeat(pa.scalar(""), count)
        defaults = {c.name: c.default for c in self.job.extract.columns}
        arrays = [
            columns[field.name] if field.name in columns else filler(field.type, defaults[field.name], count)
            for field in self.schema
        ]
        typed = pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        if bad.any():
            mask = pa.array(bad)
            self._aside.append(
                pa.Table.from_batches([batch.append_column("_n", pa.array(numbers)).filter(mask)])
            )
            typed, months = typed.filter(pc.invert(mask)), months[~bad]
        self._count(typed, exact | self._finer, bad)
        return typed, months

    def _count(
        self, typed: pa.RecordBatch, exact: dict[str, NDArray[np.int64]], bad: NDArray[np.bool_]
    ) -> None:
        """Add the lines of a batch to what was seen: the measure as it was read, before it was rounded."""
        measure = self.job.extract.measure or ""
        amount, finer = Decimal(0), 0
        if measure in exact:
            micro = exact[measure][~bad & (exact[measure] != NOTHING)]
            amount, finer = exactly(micro, self.job.extract.column(measure).type)
        elif measure in self.casts:
            amount = Decimal(pc.sum(typed.column(measure)).as_py() or 0)
        self.seen = self.seen.plus(typed.num_rows, amount, finer)

    def _column(
        self, cast: Cast, column: pa.Array, exact: dict[str, NDArray[np.int64]]
    ) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Values, and which cells are not plainly values."""
        kind = cast.column.type
        none = np.zeros(len(column), dtype=bool)
        if kind in ("code", "text"):
            data = column.buffers()[2]
            errors = data is not None and b"#" in data.to_pybytes() and bool(cast.column.role)
            return column, pc.fill_null(pc.starts_with(column, "#"), False).to_numpy(
                zero_copy_only=False
            ) if errors else none
        if kind in NUMERIC or kind in ("date", "time"):
            if self._few(cast, column):
                return self._looked_up(cast, column, exact)
            text = pc.utf8_slice_codeunits(column, 0, 10) if kind == "date" and has_time(column) else column
            try:
                values = pc.cast(text, TYPES[kind])
                return values, beyond_years(values) if kind in ("date", "time") else none
            except pa.ArrowInvalid:
                if kind == "time":
                    values = moments_of(text)
                    return values, beyond_years(values) | (is_null(values) & ~is_null(text))
                return self._strange(cast, column, exact)
        return self._looked_up(cast, column)

    def _few(self, cast: Cast, column: pa.Array) -> bool:
        """True if a column repeats a few texts, so that each needs to be read once only; seen in its first batch."""
        name = cast.column.name
        if name not in self._quick:
            self._quick[name] = len(pc.unique(column)) * 20 < len(column)
        return self._quick[name]

    def _strange(
        self, cast: Cast, column: pa.Array, exact: dict[str, NDArray[np.int64]]
    ) -> tuple[pa.Array, NDArray[np.bool_]]:
        """A batch with at least one cell that is not plain: plain cells in bulk, others by the one rule."""
        kind = cast.column.type
        if kind in NUMERIC:
            plain = pc.fill_null(pc.match_substring_regex(column, _PLAIN), False)
            fine = pc.cast(pc.if_else(plain, column, pa.scalar(None, pa.string())), pa.decimal128(18, 6))
            micro = np.frombuffer(fine.cast(pa.decimal128(18, 6)).buffers()[1], dtype=np.int64)[::2]
            micro = micro[fine.offset : fine.offset + len(fine)].copy()
            rest = ~plain.to_numpy(zero_copy_only=False) & column.is_valid().to_numpy(zero_copy_only=False)
            bad = np.zeros(len(column), dtype=bool)
            for row in np.flatnonzero(rest).tolist():
                value = self._rule(cast, column[row].as_py())
                scaled = value * MICRO if value is not None else None
                if scaled is None or scaled != int(scaled) or abs(scaled) >= 10**17:
                    bad[row] = True
                else:
                    micro[row] = int(scaled)
            micro[is_null(column)] = 0
            valid = column.is_valid().to_numpy(zero_copy_only=False) & ~bad
            if kind == "integer":
                bad |= valid & (micro % MICRO != 0)
            if kind == "money" and (micro[valid] % 10**4).any():
                exact[cast.column.name] = np.where(valid, micro, NOTHING)
                return pa.nulls(len(column), TYPES[kind]), bad
            if kind == "quantity":
                self._finer[cast.column.name] = np.where(valid, micro, NOTHING)
            # Whole numbers and whole fen have nothing to round; what has is bad, or was handed over above.
            return decimals(rounded(micro, STEP[kind]), valid, kind), bad
        values, bad = [], np.zeros(len(column), dtype=bool)
        for row, text in enumerate(column.to_pylist()):
            value = self._rule(cast, text) if text is not None else None
            bad[row] = text is not None and value is None
            values.append(value)
        return pa.array(values, TYPES[kind]), bad

    def _looked_up(
        self, cast: Cast, column: pa.Array, exact: dict[str, NDArray[np.int64]] | None = None
    ) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Columns of few distinct texts: each text is read once."""
        encoded = column.dictionary_encode()
        kind, default = cast.column.type, cast.column.default
        values = [self._rule(cast, text) for text in encoded.dictionary.to_pylist()]
        unit = 10 ** (6 - STEP[kind]) if kind in ("money", "quantity") else 1
        if (
            unit > 1
            and exact is not None
            and any(v is not None and v * unit != int(v * unit) for v in values)
        ):
            return self._strange(cast, column, exact)
        found = pa.array(values, TYPES[kind]).take(encoded.indices)
        bad = is_null(found) & ~is_null(column)
        if default is not None:
            found = pc.if_else(pa.array(is_null(column)), pa.scalar(default, found.type), found)
        return found, bad

    def _rule(self, cast: Cast, text: str) -> Any:
        """The one rule of the column's type, remembered per text; None where it refuses."""
        known = self._maps[cast.column.name]
        if text not in known:
            if len(known) > 200_000:
                known.clear()
            try:
                known[text] = rule_of(cast)(text)
            except Unreadable:
                known[text] = None
        return known[text]

    def _total_rows(self, batch: pa.RecordBatch) -> NDArray[np.bool_]:
        """Lines with a cell that may be the label of a total."""
        found = np.zeros(batch.num_rows, dtype=bool)
        for place in self._labels:
            raw = text_bytes(batch.column(place)) if place < batch.num_columns else b""
            marks = _ASCII_TOTALS if raw.isascii() else (*_ASCII_TOTALS, *self._totals)
            if any(mark in raw for mark in marks):
                hits = pc.match_substring_regex(batch.column(place), self._pattern)
                found |= pc.fill_null(hits, False).to_numpy(zero_copy_only=False)
        return found

    def _months(self, columns: dict[str, pa.Array], count: int) -> NDArray[np.int64]:
        """yyyymm of each line, 0 where it has none."""
        extract = self.job.extract
        if not extract.periodic:
            return np.zeros(count, dtype=np.int64)
        if "period" in columns:
            return np.asarray(pc.fill_null(columns["period"], 0).to_numpy(zero_copy_only=False)).astype(
                np.int64
            )
        if extract.period_from in columns:
            return months_of(columns[extract.period_from])
        return np.full(count, self.job.default.period, dtype=np.int64)

    def _diffuse(self, name: str, micro: NDArray[np.int64], bad: NDArray[np.bool_]) -> pa.Array:
        """Fen of a column with finer digits; its running sum goes on over the batches."""
        valid = micro != NOTHING
        shares, self._carry[name] = diffused(np.where(valid & ~bad, micro, 0), self._carry.get(name, 0))
        return decimals(shares, valid, "money")


def _total_marks() -> list[str]:
    words = lexicon().totals
    return sorted(
        {word[-2:] for word in (*words.grand, *words.section, *words.running) if not word.isascii()}
    )
