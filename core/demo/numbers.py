"""Integer arithmetic of the demo: whole fen and whole people, split without losing any.

Only integers decide amounts: floating point could round differently on another processor, and the workbooks must
come out the same everywhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_SAFE = 1 << 62


def split(total: int, weights: Sequence[int] | Ints) -> Ints:
    """`total` in proportion to non-negative integer `weights`, exactly (largest remainder, ties to the first).

    q_i = |total|·w_i div W, and the |total| − Σ q_i left over go one each to the largest remainders.

    Raises:
        ValueError: if every weight is zero and the total is not.
    """
    shares = np.asarray(weights, dtype=np.int64)
    whole = int(shares.sum())
    if total == 0:
        return np.zeros(len(shares), dtype=np.int64)
    if whole <= 0:
        raise ValueError("nothing to split by: every weight is zero")
    amount = abs(total)
    if amount * int(shares.max()) < _SAFE:
        product = shares * amount
        floor, rest = product // whole, product % whole
    else:
        exact = [amount * int(share) for share in shares]
        floor = np.array([value // whole for value in exact], dtype=np.int64)
        rest = np.array([value % whole for value in exact], dtype=np.int64)
    left = amount - int(floor.sum())
    if left:
        floor[np.argsort(-rest, kind="stable")[:left]] += 1
    return floor if total > 0 else -floor


def even_path(first: int, last: int, steps: int) -> Ints:
    """Whole numbers going evenly from `first` to `last` in `steps` values."""
    return first + (last - first) * np.arange(steps, dtype=np.int64) // max(1, steps - 1)


def corner_path(corners: Mapping[int, int], periods: Sequence[int]) -> Ints:
    """Values at some periods, joined evenly in between; a corner in the very next month is a step."""
    index = {period: i for i, period in enumerate(periods)}
    known = sorted((index[period], value) for period, value in corners.items() if period in index)
    values = np.zeros(len(periods), dtype=np.int64)
    for (start, low), (stop, high) in itertools.pairwise(known):
        values[start : stop + 1] = even_path(low, high, stop - start + 1)
    values[known[-1][0] :] = known[-1][1]
    return values


def step_path(steps: Mapping[int, int], periods: Sequence[int]) -> Ints:
    """The value of the latest step at or before each period."""
    ordered = sorted(steps.items())
    return np.array([max(s for s in ordered if s[0] <= period)[1] for period in periods], dtype=np.int64)


def noise(generator: np.random.Generator, spread: int, size: int | tuple[int, ...]) -> Ints:
    """Factors around 1000, evenly between 1000 − spread and 1000 + spread."""
    return generator.integers(1000 - spread, 1001 + spread, size=size, dtype=np.int64)
