"""Drivers: by what measure a serving department's cost is divided among those it serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.allocation.errors import DriverError
from core.money import MoneyError, scale_to_integers

Weights = NDArray[np.int64]
Key = tuple[str, str]
Number = Decimal | str | int | float | None
# Largest sum of weights over all departments: keeps every later int64 sum exact.
SUM_BOUND = 2**61


@dataclass(frozen=True)
class NegativeWeight:
    """A driver value below 0 (a cancelled charge, a correction): counted as 0 and reported."""

    driver: str
    source: str
    target: str
    value: int


@dataclass(frozen=True, eq=False)
class Driver:
    """Weights over targets, for all serving departments or by serving department and cost item.

    name      its name in the policy
    nodes     what a weight belongs to: (position of the department, item the money arrives as; '' = the
              item it came as). The first D nodes are always the departments themselves, in input order.
    rows      (source code or '', item or '') -> int64 [nodes]. The most specific key wins:
              source + item > source > item > all.
    decimals  true value = weight / 10^decimals
    """

    name: str
    size: int
    nodes: tuple[tuple[int, str], ...]
    rows: Mapping[Key, Weights]
    decimals: int = 0
    negatives: tuple[NegativeWeight, ...] = field(default=())

    def find(self, source: str, item: str) -> Weights | None:
        """The weights [nodes] for this source and item, or None if the driver says nothing about them."""
        for key in ((source, item), (source, ""), ("", item), ("", "")):
            row = self.rows.get(key)
            if row is not None:
                return row
        return None

    @property
    def by_item(self) -> bool:
        """Whether some weights are for one cost item only."""
        return any(item for _, item in self.rows)

    @classmethod
    def common(cls, name: str, departments: Sequence[str], values: Sequence[Number] | NDArray[Any]) -> Driver:
        """One value per department [D], the same for every source: headcount, area, workload, income."""
        weights, decimals = _scaled(name, values)
        if len(weights) != len(departments):
            raise DriverError(
                f"Driver {name!r} has {len(weights)} values for {len(departments)} departments.",
                "Give one value for each department, 0 where there is none.",
            )
        return cls._made(name, len(weights), {("", ""): weights}, decimals, departments)

    @classmethod
    def pairs(cls, name: str, departments: Sequence[str], matrix: NDArray[Any]) -> Driver:
        """A table [D, D]: row = serving department, column = receiving department.

        Internal service volumes, or income by executing (row) and ordering (column) department. Integers
        (income in fen) are taken as they are and are the fast way in; other values are scaled.
        Rows without any value say nothing, so the rule's next driver is tried.
        """
        table = np.asarray(matrix)
        if table.shape != (len(departments), len(departments)):
            raise DriverError(
                f"Driver {name!r} has shape {table.shape} for {len(departments)} departments.",
                "Give one row and one column for each department.",
            )
        flat, decimals = _scaled(name, table.reshape(-1).tolist() if table.dtype.kind not in "iu" else table)
        square = flat.reshape(table.shape)
        rows = {(code, ""): square[i] for i, code in enumerate(departments) if square[i].any()}
        return cls._made(name, len(departments), rows, decimals, departments)

    @classmethod
    def table(cls, name: str, departments: Sequence[str], rows: Iterable[Sequence[Any]]) -> Driver:
        """From long rows (source or '', target, item or '', value[, item it arrives as or '']).

        This is the shape of internal service volumes and of custom parameters; rows of the same key add
        up. Errors: DriverError for a target that is not a department.
        """
        position = {code: i for i, code in enumerate(departments)}
        listed = [tuple(row) + ("",) * (5 - len(row)) for row in rows]
        values, decimals = _scaled(name, [row[3] for row in listed])
        nodes = [(i, "") for i in range(len(departments))]
        where = {node: i for i, node in enumerate(nodes)}
        cells: list[tuple[Key, int, int]] = []
        for (source, target, item, _, arrives), value in zip(listed, values.tolist(), strict=True):
            if target not in position:
                raise DriverError(
                    f"Driver {name!r} has a weight for {target!r}, which is not a department.",
                    "Map it to a department or take the row out.",
                )
            node = (position[target], str(arrives or ""))
            if node not in where:
                where[node] = len(nodes)
                nodes.append(node)
            cells.append(((str(source or ""), str(item or "")), where[node], value))
        made: dict[Key, list[int]] = {}
        for key, at, value in cells:
            made.setdefault(key, [0] * len(nodes))[at] += value
        try:
            arrays = {key: np.array(row, dtype=np.int64) for key, row in made.items()}
        except OverflowError as error:
            raise _too_large(name) from error
        return cls._made(name, len(departments), arrays, decimals, departments, tuple(nodes))

    @classmethod
    def _made(
        cls,
        name: str,
        size: int,
        rows: Mapping[Key, Weights],
        decimals: int,
        departments: Sequence[str],
        nodes: tuple[tuple[int, str], ...] | None = None,
    ) -> Driver:
        nodes = nodes or tuple((i, "") for i in range(size))
        negatives: list[NegativeWeight] = []
        clean: dict[Key, Weights] = {}
        for key, row in rows.items():
            for at in np.flatnonzero(row < 0):
                negatives.append(NegativeWeight(name, key[0], departments[nodes[at][0]], int(row[at])))
            clean[key] = np.maximum(row, 0)
            if float(clean[key].astype(np.float64).sum()) >= SUM_BOUND:
                raise _too_large(name)
            clean[key].setflags(write=False)
        return cls(name, size, nodes, clean, decimals, tuple(negatives))


def _scaled(name: str, values: Any) -> tuple[Weights, int]:
    array = np.asarray(values) if isinstance(values, np.ndarray) else None
    if array is not None and array.dtype.kind in "iu":
        return array.astype(np.int64).reshape(-1), 0
    try:
        return scale_to_integers(values)
    except MoneyError as error:
        raise DriverError(f"Driver {name!r}: {error}", "") from error


def _too_large(name: str) -> DriverError:
    return DriverError(
        f"The values of driver {name!r} add up to more than 64 bits hold.",
        "Use a larger unit or fewer decimal places for this driver.",
    )
