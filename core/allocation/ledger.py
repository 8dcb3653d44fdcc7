"""The moving ledger: who holds how much of whose money, and one wave of giving.

Every method is a sequence of waves. In one wave a set of accounts (department, item) gives away all it
holds; the accounts of one wave do not see each other's gifts. A parcel is an amount with its origin
(department, item), its path and the account and fund layer that holds it.

Per giving account, layer and sign (domain rule: positive and negative parcels apart):
    1. col_t = LR(sum of parcels, driver_t)                      the published allocation table
    2. rem_t = col_t; for each parcel p in the order origin, item, path:
           L(p, .) = LR(amount_p, rem) ;  rem -= L(p, .)         the lineage
Rows of L add up to the parcels and columns to col_t exactly; rem never goes below 0, because
amount_p <= sum rem bounds each share amount_p * rem_t / sum rem, and so its ceiling, by the integer rem_t.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.allocation.choice import Choice, Chooser
from core.allocation.inputs import AllocationInputs
from core.allocation.paths import Paths
from core.allocation.result import FallbackUse
from core.money import AMOUNT_BOUND, WEIGHT_BOUND, divide_fast, largest_remainder

Int64 = NDArray[np.int64]
Columns = dict[str, Int64]
Weigh = Callable[[int, int], Choice]


@dataclass
class Parcels:
    """Columns of one length: slot = (holder * I + item) * L + layer, origin = department * I + item."""

    slot: Int64
    origin: Int64
    path: Int64
    amount: Int64

    def pick(self, index: NDArray[np.bool_] | Int64) -> Parcels:
        return Parcels(self.slot[index], self.origin[index], self.path[index], self.amount[index])

    @staticmethod
    def join(parts: list[Parcels]) -> Parcels:
        columns = [
            np.concatenate([getattr(p, name) for p in parts]) if parts else np.zeros(0, dtype=np.int64)
            for name in ("slot", "origin", "path", "amount")
        ]
        return Parcels(*columns)


@dataclass
class Ledger:
    """State of one allocation. balance int64 [D + 1, I, L]; its last department holds unmapped money."""

    inputs: AllocationInputs
    chooser: Chooser
    paths: Paths = field(default_factory=Paths)
    flows: list[Columns] = field(default_factory=list)
    steps: list[Columns] = field(default_factory=list)
    rules: list[tuple[int, int, int, str, float, int]] = field(default_factory=list)
    fallbacks: list[FallbackUse] = field(default_factory=list)

    def __post_init__(self) -> None:
        inputs = self.inputs
        self.shape = (len(inputs.departments) + 1, len(inputs.items), len(inputs.layers))
        self.classes = np.append(inputs.class_index, -1)
        self.balance = np.concatenate([inputs.direct, inputs.loose[None]])
        dept, item, layer = np.nonzero(self.balance)
        slot = np.ravel_multi_index((dept, item, layer), self.shape)
        path = self.paths.start(self.classes)[dept]
        amount = self.balance.reshape(-1)[slot]
        self.settled: list[Parcels] = []
        self.moving = [Parcels(slot, dept * self.shape[1] + item, path, amount)]

    def give(self, step: int, accounts: NDArray[np.bool_], later: NDArray[np.bool_], weigh: Weigh) -> None:
        """One wave: `accounts` bool [D + 1, I] give all they hold, divided by weigh(department, item).

        later: bool [D + 1, I], accounts that give in a wave after this one; parcels that reach any other
        account have arrived. Money whose weights are all 0 stays where it is.
        """
        before = self.balance.copy()
        moving = Parcels.join(self.moving)
        gives = accounts.reshape(-1)[moving.slot // self.shape[2]]
        parcels = self._merged(moving.pick(gives))
        self.moving = [moving.pick(~gives)]
        choices = self._choose(step, parcels, weigh)
        stuck = np.array([c.total == 0 for c in choices[1]], dtype=bool)[choices[0]]
        self.settled.append(parcels.pick(stuck))
        parcels, chosen = parcels.pick(~stuck), choices[0][~stuck]
        if len(parcels.slot):
            self._divide(step, parcels, chosen, choices[1], later)
        self._note_step(step, before)

    def _merged(self, parcels: Parcels) -> Parcels:
        """Parcels in the order slot, sign, origin, path; equal ones added up."""
        rank = self.paths.rank()
        many = len(rank) or 1
        origins = self.shape[0] * self.shape[1]
        key = parcels.slot * 2 + (parcels.amount < 0)
        key = (key * origins + parcels.origin) * many + rank[parcels.path]
        order = np.argsort(key, kind="stable")
        if not len(order):
            return parcels
        key, parcels = key[order], parcels.pick(order)
        first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        merged = parcels.pick(first)
        merged.amount = np.add.reduceat(parcels.amount, first)
        return merged

    def _choose(self, step: int, parcels: Parcels, weigh: Weigh) -> tuple[Int64, list[Choice]]:
        """Which choice each parcel follows [p], and the choices; notes rules and fallbacks."""
        inputs = self.inputs
        accounts, of = np.unique(parcels.slot // self.shape[2], return_inverse=True)
        choices = []
        for at, account in enumerate(accounts.tolist()):
            dept, item = divmod(account, self.shape[1])
            choice = weigh(dept, item)
            choices.append(choice)
            weight = choice.total / 10**choice.decimals
            receivers = int(np.count_nonzero(choice.weights))
            self.rules.append((step, dept, item, choice.used, weight, receivers))
            if choice.used != choice.wanted:
                amount = int(parcels.amount[of == at].sum())
                self.fallbacks.append(
                    FallbackUse(
                        step,
                        inputs.departments[dept],
                        inputs.items[item],
                        choice.wanted,
                        choice.used,
                        amount,
                        choice.planned,
                    )
                )
        return of.astype(np.int64), choices

    def _divide(
        self, step: int, parcels: Parcels, chosen: Int64, choices: list[Choice], later: NDArray[np.bool_]
    ) -> None:
        weights = np.stack([c.weights for c in choices])
        nodes = np.flatnonzero(weights[np.unique(chosen)].any(axis=0))
        weights = np.ascontiguousarray(weights[:, nodes])
        # Groups: one giving account, layer and sign. Parcels are sorted by them already.
        key = parcels.slot * 2 + (parcels.amount < 0)
        starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        sizes = np.diff(np.append(starts, len(key)))
        group = np.repeat(np.arange(len(starts)), sizes)
        rank = np.arange(len(key)) - starts[group]
        size = np.abs(parcels.amount)
        columns = largest_remainder(np.add.reduceat(size, starts), weights[chosen[starts]])
        sign = np.where(parcels.amount[starts] < 0, -1, 1)
        self._note_flows(step, parcels.slot[starts], nodes, columns * sign[:, None])
        shares = _lineage(size, group, rank, sizes, columns)
        shares *= sign[group][:, None]
        self._deliver(parcels, nodes, shares, later)

    def _deliver(self, parcels: Parcels, nodes: Int64, shares: Int64, later: NDArray[np.bool_]) -> None:
        """Turn shares [parcel, node] into parcels at their new holders."""
        wide = self.shape[1] * self.shape[2]
        kind = (parcels.origin * len(self.paths.labels) + parcels.path) * wide + parcels.slot % wide
        order = np.argsort(kind, kind="stable")
        kind = kind[order]
        first = np.flatnonzero(np.r_[True, kind[1:] != kind[:-1]])
        shares = np.add.reduceat(shares[order], first, axis=0)
        one = parcels.pick(order[first])
        row, column = np.nonzero(shares)
        holder = self.chooser.node_dept[nodes]
        arrives = self.chooser.node_item[nodes][column]
        item, layer = np.divmod(one.slot[row] % wide, self.shape[2])
        item = np.where(arrives < 0, item, arrives)
        slot = (holder[column] * self.shape[1] + item) * self.shape[2] + layer
        path = self.paths.extend(one.path, self.classes[holder])[row, column]
        made = Parcels(slot, one.origin[row], path, shares[row, column])
        goes_on = later.reshape(-1)[slot // self.shape[2]]
        self.moving.append(made.pick(goes_on))
        self.settled.append(made.pick(~goes_on))

    def _note_flows(self, step: int, slots: Int64, nodes: Int64, columns: Int64) -> None:
        """Record the allocation table of this wave and move the balances by it."""
        first = np.flatnonzero(np.r_[True, slots[1:] != slots[:-1]])
        slots, columns = slots[first], np.add.reduceat(columns, first, axis=0)
        row, column = np.nonzero(columns)
        amount = columns[row, column]
        source, item, layer = np.unravel_index(slots[row], self.shape)
        target, arrives = self.chooser.node_dept[nodes[column]], self.chooser.node_item[nodes[column]]
        arrives = np.where(arrives < 0, item, arrives)
        moved = (source != target) | (item != arrives)
        flow = {
            "step": np.full(len(row), step, dtype=np.int64),
            "source": source,
            "source_item": item,
            "target": target,
            "item": arrives,
            "layer": layer,
            "amount": amount,
        }
        flow = {name: values[moved] for name, values in flow.items()}
        np.subtract.at(self.balance, (flow["source"], flow["source_item"], flow["layer"]), flow["amount"])
        np.add.at(self.balance, (flow["target"], flow["item"], flow["layer"]), flow["amount"])
        self.flows.append(flow)

    def _note_step(self, step: int, before: Int64) -> None:
        given = np.zeros(self.shape, dtype=np.int64)
        for flow in self.flows:
            if len(flow["step"]) and flow["step"][0] == step:
                np.add.at(given, (flow["source"], flow["source_item"], flow["layer"]), flow["amount"])
        received = self.balance - before + given
        dept, item, layer = np.nonzero((before != 0) | (given != 0) | (received != 0))
        at = (dept, item, layer)
        self.steps.append(
            {
                "step": np.full(len(dept), step, dtype=np.int64),
                "department": dept,
                "item": item,
                "layer": layer,
                "before": before[at],
                "received": received[at],
                "given": given[at],
                "after": self.balance[at],
            }
        )

    def arrived(self) -> Parcels:
        """Every parcel where it is now, equal ones added up, nothing of 0 fen."""
        merged = self._merged(Parcels.join([*self.settled, *self.moving]))
        return merged.pick(merged.amount != 0)


def _lineage(size: Int64, group: Int64, rank: Int64, sizes: Int64, columns: Int64) -> Int64:
    """Split every parcel over its group's columns, in rank order. Returns int64 [parcel, node] >= 0."""
    shares = np.empty((len(size), columns.shape[1]), dtype=np.int64)
    left = columns
    totals = columns.sum(axis=1)
    width = columns.shape[1]
    fast = bool(totals.max() < AMOUNT_BOUND and int(totals.max()) * width < WEIGHT_BOUND)
    order = np.argsort(rank, kind="stable")
    bounds = np.searchsorted(rank[order], np.arange(int(sizes.max()) + 1))
    last = rank == sizes[group] - 1
    for j in range(int(sizes.max()) - 1):
        now = order[bounds[j] : bounds[j + 1]]
        now = now[~last[now]]
        at = group[now]
        rest = left[at]
        amount = size[now]
        share = divide_fast(amount, rest, totals[at]) if fast else largest_remainder(amount, rest)
        shares[now] = share
        left[at] = rest - share
        totals[at] -= amount
    shares[last] = left[group[last]]
    return shares
