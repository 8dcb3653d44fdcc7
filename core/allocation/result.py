"""The result of an allocation: compact columnar tables with exact lineage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.allocation.drivers import NegativeWeight
from core.allocation.inputs import UNMAPPED, AllocationInputs
from core.allocation.policy import Policy

if TYPE_CHECKING:
    from core.allocation.identities import Identity
    from core.allocation.ledger import Ledger, Parcels

Table = dict[str, NDArray[Any]]
DEPARTMENT_COLUMNS = ("receiver", "holder", "origin", "source", "target", "department")
ITEM_COLUMNS = ("item", "origin_item", "source_item")


@dataclass(frozen=True)
class FallbackUse:
    """Money that could not follow the driver wanted for it.

    step 1.. of the method; source and item of the account; wanted and used driver names ('unallocated' when
    none had a total above 0); amount in fen (net over layers); planned: `used` is a later choice of the same
    rule (True) or comes from the fallback chain (False). In the reciprocal method the amount is the gross
    cost of the account.
    """

    step: int
    source: str
    item: str
    wanted: str
    used: str
    amount: int
    planned: bool


@dataclass(frozen=True, eq=False)
class AllocationResult:
    """What `allocate` returns. Tables are described in core/allocation/__init__.py; every call returns
    the same arrays, so do not write into them.
    """

    inputs: AllocationInputs
    policy: Policy
    labels: dict[str, tuple[str, ...]]
    fallbacks: tuple[FallbackUse, ...]
    negatives: tuple[NegativeWeight, ...]
    # balance int64 [D + 1, I, L] after the last step, moved by the allocation tables alone (not by parcels)
    balance: NDArray[np.int64]
    # final bool [D + 1]: departments at which money is meant to end
    final: NDArray[np.bool_]
    # closes int64 [D + 1, I]: the step in which an account gives for the last time, 0 = it never gives
    closes: NDArray[np.int64]
    tables: dict[str, Table] = field(repr=False)
    identities: tuple[Identity, ...] = ()

    @property
    def total(self) -> int:
        """Everything that came in, fen."""
        return self.inputs.total

    def lineage(self) -> Table:
        """receiver x origin x origin_item x path x item x layer: money at its final department."""
        return self.tables["lineage"]

    def unallocated(self) -> Table:
        """holder x origin x origin_item x path x item x layer: money no driver could divide, or unmapped."""
        return self.tables["unallocated"]

    def full_cost(self) -> Table:
        """receiver x item x layer: direct + indirect = amount. From the allocation tables, not the lineage."""
        return self.tables["full_cost"]

    def flows(self) -> Table:
        """step x source x source_item x target x item x layer: the allocation tables."""
        return self.tables["flows"]

    def steps(self) -> Table:
        """step x department x item x layer: before + received - given = after."""
        return self.tables["steps"]

    def rules(self) -> Table:
        """step x source x item: the driver used, its total (true units) and how many departments received."""
        return self.tables["rules"]

    def rates(self) -> Table:
        """source x item: gross service cost, driver total, fen per unit. Empty unless reciprocal."""
        return self.tables["rates"]

    def decode(self, table: Table) -> Table:
        """The table with positions replaced by the words of `labels` (object arrays)."""
        return {
            name: np.array(self.labels[name], dtype=object)[values] if name in self.labels else values
            for name, values in table.items()
        }


def collect(ledger: Ledger, policy: Policy, rates: Table | None = None) -> AllocationResult:
    """Read a ledger that has run all its waves."""
    inputs = ledger.inputs
    tables = {
        "lineage": _parcels(ledger, ledger.arrived(), "receiver"),
        "unallocated": _parcels(ledger, ledger.staying(), "holder"),
    }
    tables["full_cost"] = _full_cost(ledger, ledger.final)
    tables["flows"] = _joined(ledger.flows, _FLOW)
    tables["steps"] = _joined(ledger.steps, _STEP)
    drivers = tuple(sorted({name for _, _, _, name, _, _ in ledger.rules}))
    tables["rules"] = _rules(ledger, drivers)
    tables["rates"] = rates or {
        "source": np.zeros(0, dtype=np.int32),
        "item": np.zeros(0, dtype=np.int32),
        "gross": np.zeros(0, dtype=np.int64),
        "units": np.zeros(0),
        "rate": np.zeros(0),
    }
    departments = (*inputs.departments, UNMAPPED)
    labels = dict.fromkeys(DEPARTMENT_COLUMNS, departments)
    labels |= dict.fromkeys(ITEM_COLUMNS, inputs.items)
    labels |= {"layer": inputs.layers, "path": tuple(sorted(ledger.paths.labels)), "driver": drivers}
    negatives = tuple(n for driver in inputs.drivers.values() for n in driver.negatives)
    return AllocationResult(
        inputs,
        policy,
        labels,
        tuple(ledger.fallbacks),
        negatives,
        ledger.balance,
        ledger.final,
        ledger.closes,
        tables,
    )


_FLOW = ("step", "source", "source_item", "target", "item", "layer", "amount")
_STEP = ("step", "department", "item", "layer", "before", "received", "given", "after")
_AMOUNTS = ("amount", "before", "received", "given", "after")


def _parcels(ledger: Ledger, parcels: Parcels, holder: str) -> Table:
    """Parcels as a table; paths become positions in alphabetical order."""
    at = np.unravel_index(parcels.slot, ledger.shape)
    origin, origin_item = np.divmod(parcels.origin, ledger.shape[1])
    columns = {
        holder: at[0],
        "origin": origin,
        "origin_item": origin_item,
        "path": ledger.paths.rank()[parcels.path],
        "item": at[1],
        "layer": at[2],
        "amount": parcels.amount,
    }
    if holder == "holder":
        keys = (columns[name] for name in ("layer", "item", "path", "origin_item", "origin", "holder"))
        order = np.lexsort(tuple(keys))
        columns = {name: values[order] for name, values in columns.items()}
    return _table(columns)


def _table(columns: Table) -> Table:
    return {k: v if k in _AMOUNTS else v.astype(np.int32) for k, v in columns.items()}


def _joined(parts: list[Table], names: tuple[str, ...]) -> Table:
    return _table(
        {
            name: np.concatenate([p[name] for p in parts]) if parts else np.zeros(0, dtype=np.int64)
            for name in names
        }
    )


def _full_cost(ledger: Ledger, final: NDArray[np.bool_]) -> Table:
    direct = np.concatenate([ledger.inputs.direct, ledger.inputs.loose[None]])
    shown = ((ledger.balance != 0) | (direct != 0)) & final[:, None, None]
    receiver, item, layer = np.nonzero(shown)
    table = _table({"receiver": receiver, "item": item, "layer": layer})
    table["direct"], table["amount"] = direct[shown], ledger.balance[shown]
    table["indirect"] = table["amount"] - table["direct"]
    return table


def _rules(ledger: Ledger, drivers: tuple[str, ...]) -> Table:
    rows = ledger.rules
    at = {name: i for i, name in enumerate(drivers)}
    return {
        "step": np.array([r[0] for r in rows], dtype=np.int32),
        "source": np.array([r[1] for r in rows], dtype=np.int32),
        "item": np.array([r[2] for r in rows], dtype=np.int32),
        "driver": np.array([at[r[3]] for r in rows], dtype=np.int32),
        "weight": np.array([r[4] for r in rows], dtype=np.float64),
        "receivers": np.array([r[5] for r in rows], dtype=np.int32),
    }
