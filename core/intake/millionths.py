"""Values of a large text file as int64 millionths: rounding them without losing a fen, and counting what passed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
MICRO = 10**6
NOTHING = int(np.iinfo(np.int64).min)  # stands for a blank cell
STEP = {"money": 4, "quantity": 2, "integer": 6}  # digits of a millionth that are not stored


@dataclass(frozen=True)
class Tally:
    """Lines written straight: rows, their measure as read and as stored, and how many values have finer digits."""

    rows: int = 0
    exact: Decimal = Decimal(0)
    kept: Decimal = Decimal(0)
    finer: int = 0

    def plus(self, rows: int, exact: Decimal, finer: int = 0) -> Tally:
        """With further lines; `kept` is known when they are written."""
        return Tally(self.rows + rows, self.exact + exact, self.kept, self.finer + finer)


def rounded(values: Int64, digits: int) -> Int64:
    """values / 10^digits, halves away from zero."""
    return np.sign(values) * ((np.abs(values) + 10**digits // 2) // 10**digits)


def diffused(amounts: Int64, before: int) -> tuple[Int64, int]:
    """Fen of the amounts [n], such that every running sum of fen is the rounded running sum: no fen is lost over any
    number of lines. before: running sum of the lines ahead. Returns (fen [n], running sum)."""
    running = np.cumsum(amounts) + before
    start = rounded(np.array([before], dtype=np.int64), STEP["money"])
    last = int(running[-1]) if len(running) else before
    return np.diff(rounded(running, STEP["money"]), prepend=start), last


def exactly(micro: Int64, kind: str) -> tuple[Decimal, int]:
    """(sum of the values, how many of them have digits that are not stored). In two halves, since the sum of a batch may
    be larger than 64 bits."""
    whole, rest = np.divmod(micro, MICRO)
    return int(whole.sum()) + Decimal(int(rest.sum())) / MICRO, int(np.count_nonzero(rest % 10 ** STEP[kind]))
