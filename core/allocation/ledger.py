"""The moving ledger: who holds how much of whose money, and one wave of giving.

Every method is a sequence of waves. In one wave a set of accounts (department, item) gives away all it
holds; the accounts of one wave do not see each other's gifts. A parcel is an amount with its origin
(department, item), its path and the account and fund layer that holds it.

Amounts are split by lineage.py. The balances move by the allocation tables alone, so that comparing them
with the parcels (I3) is a real check.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.allocation.choice import Choice, Chooser
from core.allocation.inputs import AllocationInputs
from core.allocation.lineage import Block, Parcels, split
from core.allocation.paths import Paths
from core.allocation.result import FallbackUse
from core.money import largest_remainder

Int64 = NDArray[np.int64]
Columns = dict[str, Int64]
Bools = NDArray[np.bool_]
Weigh = Callable[[int, int], Choice]


class Ledger:
    """State of one allocation: balance int64 [D + 1, I, L], its last department holds unmapped money.

    waves: per step (1..n) the accounts that give in it, bool [D + 1, I]
    final: bool [D + 1], departments that never give; money that reaches them has arrived
    """

    def __init__(self, inputs: AllocationInputs, chooser: Chooser, waves: list[Bools], final: Bools) -> None:
        self.inputs, self.chooser, self.final = inputs, chooser, final
        self.paths = Paths()
        self.flows: list[Columns] = []
        self.steps: list[Columns] = []
        self.rules: list[tuple[int, int, int, str, float, int]] = []
        self.fallbacks: list[FallbackUse] = []
        self.shape = (len(inputs.departments) + 1, len(inputs.items), len(inputs.layers))
        self.wide = self.shape[1] * self.shape[2]
        self.classes = np.append(inputs.class_index, -1)
        self.balance = np.concatenate([inputs.direct, inputs.loose[None]])
        # _next[w]: the step after w in which an account gives, 0 = never again.
        self._next = [np.zeros(self.shape[:2], dtype=np.int64)]
        for step in range(len(waves), 0, -1):
            self._next.insert(0, np.where(waves[step - 1], step, self._next[0]))
        # closes: the last step in which an account gives, 0 = it never does.
        self.closes = np.zeros(self.shape[:2], dtype=np.int64)
        for step, wave in enumerate(waves, start=1):
            self.closes[wave] = step
        self._column = np.cumsum(final) - 1
        self._blocks: list[Block] = []
        # Parcels by the step in which their holder gives next; under 0 those that stay for good.
        self._waiting: dict[int, list[Parcels]] = {}
        self._open()

    def _open(self) -> None:
        dept, item, layer = np.nonzero(self.balance)
        slot = (dept * self.shape[1] + item) * self.shape[2] + layer
        amount = self.balance.reshape(-1)[slot]
        all_ = Parcels(slot, slot // self.shape[2], self.paths.start(self.classes)[dept], amount)
        home = self.final[dept]
        own = all_.pick(home)
        rows = np.zeros((len(own.slot), int(self.final.sum())), dtype=np.int64)
        rows[np.arange(len(rows)), self._column[dept[home]]] = own.amount
        self._blocks.append(Block(own.origin, own.path, own.slot % self.wide, rows))
        self._queue(all_.pick(~home), 0)

    def _queue(self, parcels: Parcels, step: int) -> None:
        """Lay parcels by for the next step after `step` in which their account gives."""
        due = self._next[step].reshape(-1)[parcels.slot // self.shape[2]]
        order = np.argsort(due, kind="stable")
        steps, first = np.unique(due[order], return_index=True)
        for number, part in zip(steps.tolist(), np.split(order, first[1:]), strict=False):
            self._waiting.setdefault(number, []).append(parcels.pick(part))

    def give(self, step: int, weigh: Weigh) -> None:
        """Run wave `step`: its accounts give all they hold, divided by weigh(department, item).

        Money whose weights are all 0 stays where it is.
        """
        before = self.balance.copy()
        parcels = self._merged(Parcels.join(self._waiting.pop(step, [])))
        flow = None
        if len(parcels.slot):
            chosen, choices = self._choose(step, parcels, weigh)
            stuck = np.array([c.total == 0 for c in choices], dtype=bool)[chosen]
            if stuck.any():
                self._waiting.setdefault(0, []).append(parcels.pick(stuck))
                parcels, chosen = parcels.pick(~stuck), chosen[~stuck]
            if len(parcels.slot):
                flow = self._divide(step, parcels, chosen, choices)
        self._note_step(step, before, flow)

    def _merged(self, parcels: Parcels) -> Parcels:
        """Parcels in serving order (holder, item, layer, sign, origin, path), equal ones added up."""
        if not len(parcels.slot):
            return parcels
        rank = self.paths.rank()
        key = parcels.slot * 2 + (parcels.amount < 0)
        key = (key * (self.shape[0] * self.shape[1]) + parcels.origin) * len(rank) + rank[parcels.path]
        order = np.argsort(key)
        key = key[order]
        first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        merged = parcels.pick(order[first])
        merged.amount = np.add.reduceat(parcels.amount[order], first)
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

    def _divide(self, step: int, parcels: Parcels, chosen: Int64, choices: list[Choice]) -> Columns:
        weights = np.stack([c.weights for c in choices])
        nodes = np.flatnonzero(weights[np.flatnonzero(np.bincount(chosen))].any(axis=0))
        weights = np.ascontiguousarray(weights[:, nodes])
        # Groups: one giving account, layer and sign. Parcels are sorted by them already.
        key = parcels.slot * 2 + (parcels.amount < 0)
        starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        size = np.abs(parcels.amount)
        columns = largest_remainder(np.add.reduceat(size, starts), weights[chosen[starts]])
        sign = np.where(parcels.amount[starts] < 0, -1, 1)
        flow = self._note_flows(step, parcels.slot[starts], nodes, columns * sign[:, None])
        # Parcels that will be the same at their receivers (same origin, path, item, layer) lie side by side
        # in the shares, so that they are added up without moving the big array again.
        kind = self._kind(parcels.origin, parcels.path, parcels.slot % self.wide)
        order = np.argsort(kind)
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        shares = split(size, starts, columns, place)
        kind = kind[order]
        first = np.flatnonzero(np.r_[True, kind[1:] != kind[:-1]])
        if len(first) < len(order):
            shares = np.add.reduceat(shares, first, axis=0)
        parcels = parcels.pick(order[first])
        shares *= np.sign(parcels.amount)[:, None]
        self._deliver(step, parcels, nodes, shares)
        return flow

    def _deliver(self, step: int, parcels: Parcels, nodes: Int64, shares: Int64) -> None:
        """Turn shares [parcel, node] into blocks at final departments and waiting parcels elsewhere."""
        holder, arrives = self.chooser.node_dept[nodes], self.chooser.node_item[nodes]
        kinds = self.classes[holder]
        paths = self.paths.extend(parcels.path, kinds)
        cell, layers = parcels.slot % self.wide, self.shape[2]
        home = self.final[holder]
        for kind, item in sorted(set(zip(kinds[home].tolist(), arrives[home].tolist(), strict=True))):
            some = np.flatnonzero(home & (kinds == kind) & (arrives == item))
            rows = np.zeros((len(cell), int(self.final.sum())), dtype=np.int64)
            rows[:, self._column[holder[some]]] = shares[:, some]
            landing = cell if item < 0 else item * layers + cell % layers
            self._blocks.append(Block(parcels.origin, paths[:, some[0]], landing, rows))
        away = np.flatnonzero(~home)
        if len(away):
            row, column = np.nonzero(shares[:, away])
            node = away[column]
            item = np.where(arrives[node] < 0, cell[row] // layers, arrives[node])
            slot = (holder[node] * self.shape[1] + item) * layers + cell[row] % layers
            self._queue(Parcels(slot, parcels.origin[row], paths[row, node], shares[row, node]), step)

    def _kind(self, origin: Int64, path: Int64, cell: Int64) -> Int64:
        """One number per (origin, path, item, layer), rising in that order with paths by rank."""
        return (origin * len(self.paths.labels) + path) * self.wide + cell

    def _note_flows(self, step: int, slots: Int64, nodes: Int64, columns: Int64) -> Columns:
        """Record the allocation table of this wave and move the balances by it."""
        first = np.flatnonzero(np.r_[True, slots[1:] != slots[:-1]])
        slots, columns = slots[first], np.add.reduceat(columns, first, axis=0)
        row, column = np.nonzero(columns)
        amount = columns[row, column]
        source, item, layer = (part[row] for part in np.unravel_index(slots, self.shape))
        target, arrives = self.chooser.node_dept[nodes[column]], self.chooser.node_item[nodes[column]]
        arrives = np.where(arrives < 0, item, arrives)
        flow = {
            "step": np.full(len(row), step, dtype=np.int64),
            "source": source,
            "source_item": item,
            "target": target,
            "item": arrives,
            "layer": layer,
            "amount": amount,
        }
        moved = (source != target) | (item != arrives)
        if not moved.all():
            flow = {name: values[moved] for name, values in flow.items()}
        self.balance -= self.added(flow, "source", "source_item")
        self.balance += self.added(flow, "target", "item")
        self.flows.append(flow)
        return flow

    def added(self, flow: Columns, department: str, item: str) -> Int64:
        """Amounts of a flow added up by two of its columns and layer. int64 [D + 1, I, L]."""
        total = np.zeros(self.balance.size, dtype=np.int64)
        at = (flow[department] * self.shape[1] + flow[item]) * self.shape[2] + flow["layer"]
        np.add.at(total, at, flow["amount"])
        return total.reshape(self.shape)

    def _note_step(self, step: int, before: Int64, flow: Columns | None) -> None:
        given = np.zeros_like(before) if flow is None else self.added(flow, "source", "source_item")
        received = self.balance - before + given
        at = np.nonzero((before != 0) | (given != 0) | (received != 0))
        self.steps.append(
            {
                "step": np.full(len(at[0]), step, dtype=np.int64),
                "department": at[0],
                "item": at[1],
                "layer": at[2],
                "before": before[at],
                "received": received[at],
                "given": given[at],
                "after": self.balance[at],
            }
        )

    def staying(self) -> Parcels:
        """Parcels that never reached a final department, nothing of 0 fen."""
        merged = self._merged(Parcels.join([p for parts in self._waiting.values() for p in parts]))
        return merged.pick(np.flatnonzero(merged.amount))

    def arrived(self) -> Parcels:
        """Parcels at final departments in the order holder, origin, path, item, layer; nothing of 0 fen."""
        rank = self.paths.rank()
        origin, path, cell, amount = (
            np.concatenate([getattr(b, name) for b in self._blocks])
            for name in ("origin", "path", "cell", "amount")
        )
        kind = self._kind(origin, rank[path], cell)
        order = np.argsort(kind)
        kind = kind[order]
        first = np.flatnonzero(np.r_[True, kind[1:] != kind[:-1]]) if len(kind) else order
        rows = np.add.reduceat(amount[order], first, axis=0).T.copy() if len(kind) else amount.T
        column, row = np.nonzero(rows)
        slot = np.flatnonzero(self.final)[column] * self.wide + cell[order[first]][row]
        return Parcels(slot, origin[order[first]][row], path[order[first]][row], rows[column, row])
