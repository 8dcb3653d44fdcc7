"""Arrow columns in the types rows are stored in, and the small questions asked of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.period import YEARS

TYPES = {
    "code": pa.string(),
    "text": pa.string(),
    "choice": pa.string(),
    "integer": pa.int64(),
    "quantity": pa.decimal128(18, 4),
    "money": pa.decimal128(18, 2),
    "date": pa.date32(),
    "time": pa.timestamp("us"),
    "flag": pa.bool_(),
    "period": pa.int32(),
}


def is_null(values: pa.Array) -> NDArray[np.bool_]:
    if values.null_count == 0:
        return np.zeros(len(values), dtype=bool)
    return np.asarray(values.is_null().to_numpy(zero_copy_only=False))


def has_time(column: pa.Array) -> bool:
    """True if dates carry a time of day."""
    first = next((text for text in column.slice(0, 50).to_pylist() if text), "")
    return len(first) == 19


def months_of(days: pa.Array) -> NDArray[np.int64]:
    since = pc.fill_null(days.cast(pa.date32(), safe=False).cast(pa.int32()), -(10**6)).to_numpy(
        zero_copy_only=False
    )
    months = since.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    periods = (months // 12 + 1970) * 100 + months % 12 + 1
    return np.where(is_null(days), 0, periods)


def moments_of(column: pa.Array) -> pa.Array:
    """Days with a clock in the forms exports write (dashes or slashes, with or without seconds), NULL for any other."""
    first = next((text for text in column.slice(0, 50).to_pylist() if text), "")
    day = "%Y/%m/%d" if "/" in first else "%Y-%m-%d"
    read = [
        pc.strptime(column, format=f"{day}{clock}", unit="us", error_is_null=True)
        for clock in (" %H:%M:%S", " %H:%M")
    ]
    values = pc.coalesce(*read)
    # The reader takes 30 February for 2 March; such a text is no day.
    beyond = pc.and_(pc.less_equal(pc.day(values), 3), pc.match_substring_regex(column, "[/-](29|30|31) "))
    return pc.if_else(pc.fill_null(beyond, False), pa.scalar(None, values.type), values)


def beyond_years(days: pa.Array) -> NDArray[np.bool_]:
    """Dates outside the years a hospital's data can be of."""
    years = months_of(days) // 100
    return ~is_null(days) & ((years < YEARS[0]) | (years > YEARS[-1]))


def decimals(values: NDArray[np.int64], valid: NDArray[np.bool_], kind: str) -> pa.Array:
    """Scaled integers as decimals (or plain integers), null where not valid."""
    if kind == "integer":
        return pa.array(values, pa.int64(), mask=~valid)
    wide = np.empty((len(values), 2), dtype=np.int64)
    wide[:, 0], wide[:, 1] = values, values >> 63
    mask = pa.array(valid).buffers()[1]
    return pa.Array.from_buffers(TYPES[kind], len(values), [mask, pa.py_buffer(wide.tobytes())])


def filler(kind: pa.DataType, default: str | None, count: int) -> pa.Array:
    return pa.nulls(count, kind) if default is None else pa.repeat(pa.scalar(default, kind), count)
