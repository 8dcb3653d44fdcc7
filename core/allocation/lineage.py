"""Parcels of money with their origin, and how a giver's parcels are split among those who receive.

Per giving account, layer and sign (domain rule: positive and negative parcels apart):
    1. col_t = LR(sum of parcels, driver_t)                      the published allocation table
    2. rem_t = col_t; for each parcel p in the order origin, item, path:
           L(p, .) = LR(amount_p, rem) ;  rem -= L(p, .)         the lineage
Rows of L add up to the parcels and columns to col_t exactly; rem never goes below 0, because
amount_p <= sum rem bounds each share amount_p * rem_t / sum rem, and so its ceiling, by the integer rem_t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.money import AMOUNT_BOUND, WEIGHT_BOUND, divide_fast, largest_remainder

Int64 = NDArray[np.int64]


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
class Block:
    """Arrived money, one row per (origin, path, item and layer): origin, path, cell int64 [r] with
    cell = item * L + layer; amount int64 [r, final department].
    """

    origin: Int64
    path: Int64
    cell: Int64
    amount: Int64


def split(size: Int64, starts: Int64, columns: Int64, place: Int64) -> Int64:
    """Split every parcel over its group's columns, one after another. Returns int64 [parcel, node] >= 0.

    size [p] >= 0, sorted by group; starts [g]: first parcel of each group; columns int64 [g, node], whose
    rows add up to the groups' sizes; the share of parcel p is written to row place[p].
    """
    counts = np.diff(np.append(starts, len(size)))
    order = np.argsort(-counts, kind="stable")
    starts, counts, left = starts[order], counts[order], columns[order]
    totals = left.sum(axis=1)
    width = left.shape[1]
    fast = bool(totals.max() < AMOUNT_BOUND and int(totals.max()) * width < WEIGHT_BOUND)
    shares = np.empty((len(size), width), dtype=np.int64)
    # Groups come by falling number of parcels, so those that still have parcels to serve are a prefix.
    still_open = np.searchsorted(-counts, -np.arange(1, int(counts[0])), side="left")
    for j, many in enumerate(still_open.tolist()):
        parcel = starts[:many] + j
        amount, rest = size[parcel], left[:many]
        share = divide_fast(amount, rest, totals[:many]) if fast else largest_remainder(amount, rest)
        shares[place[parcel]] = share
        left[:many] -= share
        totals[:many] -= amount
    # The last parcel of a group takes what is left, which is exactly its amount.
    shares[place[starts + counts - 1]] = left
    return shares
