"""The kernel's result as tables: codes as text, statutory items beside items, money in yuan."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.allocation import UNMAPPED, AllocationResult
from core.derived.inputs import item_classes
from core.derived.month import Month

MONEY = pa.decimal128(18, 2)
_TEXT = {"hospital", "receiver", "origin", "origin_item", "path", "item", "layer", "item_class", "origin_item_class",
         "origin_class", "source", "source_item", "target", "department", "driver", "wanted", "used", "name", "where"}  # fmt: skip
_COLUMNS = {
    "alloc_lineage": "hospital period receiver origin origin_class origin_item origin_item_class path item item_class"
    " layer amount allocated",
    "alloc_flow": "hospital period step source source_item target item item_class layer amount",
    "alloc_step": "hospital period step department item item_class layer before received given after",
    "alloc_rule": "hospital period step source item item_class driver weight receivers",
    "alloc_fallback": "hospital period step source item item_class wanted used planned amount",
    "alloc_identity": "hospital period name ok difference where",
}
_KINDS = {"allocated": pa.bool_(), "planned": pa.bool_(), "ok": pa.bool_(), "weight": pa.float64()}
_MONEY = {"amount", "before", "received", "given", "after", "difference"}


def alloc_schema(name: str) -> pa.Schema:
    """Columns and types of an alloc_* table: codes and words text, money DECIMAL(18,2) yuan, driver totals float."""
    return pa.schema(
        [
            (c, pa.string() if c in _TEXT else MONEY if c in _MONEY else _KINDS.get(c, pa.int32()))
            for c in _COLUMNS[name].split()
        ]
    )


def money(fen: NDArray[np.int64]) -> pa.Array:
    """int64 fen as DECIMAL(18,2) yuan, exactly: the same integer with the point moved two places."""
    wide = np.empty((len(fen), 2), dtype=np.int64)
    wide[:, 0], wide[:, 1] = fen, fen >> 63
    return pa.Array.from_buffers(MONEY, len(fen), [None, pa.py_buffer(wide.tobytes())])


def _words(values: tuple[str, ...], at: NDArray[np.int32]) -> pa.Array:
    indices = pa.array(at.astype(np.int32), pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(values, pa.string())).cast(pa.string())


def allocation_tables(made: AllocationResult, month: Month) -> dict[str, pa.Table]:
    """alloc_*: the kernel's tables with codes as text, statutory items beside items, money in yuan."""
    kinds = item_classes(month)
    classes = tuple(kinds[item] for item in made.inputs.items)
    origin = (*made.inputs.classes, UNMAPPED)

    def table(source: dict[str, NDArray], rename: dict[str, str], count: int) -> pa.Table:
        columns: dict[str, pa.Array] = {
            "hospital": pa.array([month.hospital]).take(pa.array(np.zeros(count, dtype=np.int32))),
            "period": pa.array(np.full(count, month.period, dtype=np.int32)),
        }
        for name, values in source.items():
            shown = rename.get(name, name)
            if values.dtype == np.int64:
                columns[shown] = money(values)
            elif name in made.labels:
                columns[shown] = _words(made.labels[name], values)
            else:
                columns[shown] = pa.array(values)
            if name in ("item", "origin_item"):
                columns[f"{name}_class"] = _words(classes, values)
            if name == "origin":
                columns["origin_class"] = _words(origin, values)
        return pa.table(columns)

    lineage, loose, flows, steps, rules = (
        made.lineage(),
        made.unallocated(),
        made.flows(),
        made.steps(),
        made.rules(),
    )
    parts = []
    for source, allocated in ((lineage, True), (loose, False)):
        part = table(source, {"holder": "receiver"}, len(source["amount"]))
        parts.append(part.append_column("allocated", pa.array(np.full(part.num_rows, allocated))))
    made_tables = {
        "alloc_lineage": pa.concat_tables([parts[0], parts[1].select(parts[0].column_names)]),
        "alloc_flow": table(flows, {}, len(flows["amount"])),
        "alloc_step": table(steps, {}, len(steps["before"])),
        "alloc_rule": table(rules, {}, len(rules["step"])),
        "alloc_fallback": _fallbacks(made, month, kinds),
        "alloc_identity": _identities(made, month),
    }
    return {
        name: given.select(alloc_schema(name).names).cast(alloc_schema(name))
        for name, given in made_tables.items()
    }


def _fallbacks(made: AllocationResult, month: Month, kinds: dict[str, str]) -> pa.Table:
    uses = made.fallbacks
    return pa.table(
        {
            "hospital": pa.array([month.hospital] * len(uses), pa.string()),
            "period": pa.array([month.period] * len(uses), pa.int32()),
            "step": pa.array([use.step for use in uses], pa.int32()),
            "source": pa.array([use.source for use in uses], pa.string()),
            "item": pa.array([use.item for use in uses], pa.string()),
            "item_class": pa.array([kinds[use.item] for use in uses], pa.string()),
            "wanted": pa.array([use.wanted for use in uses], pa.string()),
            "used": pa.array([use.used for use in uses], pa.string()),
            "planned": pa.array([use.planned for use in uses], pa.bool_()),
            "amount": money(np.array([use.amount for use in uses], dtype=np.int64)),
        }
    )


def _identities(made: AllocationResult, month: Month) -> pa.Table:
    found = made.identities
    return pa.table(
        {
            "hospital": pa.array([month.hospital] * len(found), pa.string()),
            "period": pa.array([month.period] * len(found), pa.int32()),
            "name": pa.array([identity.name for identity in found], pa.string()),
            "ok": pa.array([bool(identity.ok) for identity in found], pa.bool_()),
            "difference": money(np.array([int(identity.difference) for identity in found], dtype=np.int64)),
            "where": pa.array([str(identity.where) for identity in found], pa.string()),
        }
    )
