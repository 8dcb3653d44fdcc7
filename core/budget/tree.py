"""The breakdown of a target: hospital > class > department > item > month, in whole fen.

Only months are stored; every other node is the sum of what lies below it, so children add up to their parent to the
fen at any time. Setting a node divides the new amount among its months that are not locked, in proportion to what they
hold (largest remainder); with `keep` the parent stays as it is and the node's siblings give or take the difference.
Trees are values: every change is a new tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from core.budget.compile import BudgetError
from core.money import divide_exact, fen_to_yuan, half_up, largest_remainder, yuan_to_fen

LEVELS = ("hospital", "class", "dept", "item", "month")
Path = tuple[str, ...]  # (), (class,), (class, dept), (class, dept, item), (class, dept, item, "1".."12")
Cells = Mapping[str, Mapping[str, Sequence[int]]]  # dept -> item -> twelve amounts in fen
Int64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree. `locked`: none | some | all of its months."""

    path: Path
    name: str
    fen: int
    locked: str

    @property
    def level(self) -> str:
        """One of LEVELS."""
        return LEVELS[len(self.path)]

    @property
    def amount(self) -> Decimal:
        """Yuan."""
        return fen_to_yuan(self.fen)


def none_below_zero(months: Sequence[int]) -> list[int]:
    """Amounts of a year in fen without a month below 0: what was booked back is taken from the other months.

    The year keeps its sum, so a draft starts from the figure that every other page shows: 10000 and -3000 become
    7000 and 0. A year below 0 altogether holds zeros, as nothing can be budgeted from it.
    """
    if min(months, default=0) >= 0:
        return list(months)
    return divide_exact(max(0, sum(months)), [max(0, month) for month in months])


@dataclass(frozen=True, eq=False)
class Tree:
    """Targets of one year.

    depts: (code, class) in their order. items: statutory items, or charge classes of income.
    cells: int64 [dept, item, 12] fen. locked: bool, the same shape.
    """

    year: int
    depts: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    cells: Int64
    locked: Flags

    @classmethod
    def of(cls, year: int, depts: Iterable[tuple[str, str]], items: Iterable[str], cells: Cells) -> Tree:
        """A tree from plain cells; departments and items that `cells` lacks hold 0.

        Raises:
            BudgetError: a cell of an unknown department (`unknown_dept`), or below 0 (`below_zero`).
        """
        known, kinds = tuple(depts), tuple(items)
        at = {code: i for i, (code, _) in enumerate(known)}
        held = np.zeros((len(known), len(kinds), 12), dtype=np.int64)
        for dept, by_item in cells.items():
            if dept not in at:
                raise BudgetError("unknown_dept", name=dept)
            for item, months in by_item.items():
                if item not in kinds or len(months) != 12:
                    raise BudgetError("unknown_item", name=item)
                held[at[dept], kinds.index(item)] = months
        if held.size and int(held.min()) < 0:
            raise BudgetError("below_zero", name=str(year))
        return cls(year, known, kinds, held, np.zeros(held.shape, dtype=bool))

    def plain(self) -> dict[str, dict[str, list[int]]]:
        """The cells as plain data, without lines of zeros."""
        return {
            code: {
                item: self.cells[d, i].tolist() for i, item in enumerate(self.items) if self.cells[d, i].any()
            }
            for d, (code, _) in enumerate(self.depts)
            if self.cells[d].any()
        }

    # -- looking ---------------------------------------------------------------------------------------------

    def mask(self, path: Path) -> Flags:
        """Which months lie below a node.

        Raises:
            BudgetError: there is no such node (`no_node`).
        """
        found = np.zeros(self.cells.shape, dtype=bool)
        rows = [
            d for d, (code, kind) in enumerate(self.depts)
            if (not path or path[0] == kind) and (len(path) < 2 or path[1] == code)
        ]  # fmt: skip
        try:
            items = slice(None) if len(path) < 3 else slice(*_one(self.items.index(path[2])))
            months = slice(None) if len(path) < 4 else slice(*_one(range(1, 13).index(int(path[3]))))
        except ValueError:
            rows = []
        if not rows or len(path) > 4:
            raise BudgetError("no_node", name=" / ".join(path))
        for d in rows:
            found[d, items, months] = True
        return found

    def fen(self, path: Path = ()) -> int:
        """Fen of a node."""
        return int(self.cells[self.mask(path)].sum())

    def amount(self, path: Path = ()) -> Decimal:
        """Yuan of a node."""
        return fen_to_yuan(self.fen(path))

    def node(self, path: Path) -> Node:
        """One node."""
        mask = self.mask(path)
        held = self.locked[mask]
        state = "all" if held.all() else "some" if held.any() else "none"
        return Node(path, path[-1] if path else "", int(self.cells[mask].sum()), state)

    def children(self, path: Path = ()) -> tuple[Node, ...]:
        """The nodes one level below, in their order; none below a month."""
        if len(path) == 0:
            names: Sequence[str] = tuple(dict.fromkeys(kind for _, kind in self.depts))
        elif len(path) == 1:
            names = [code for code, kind in self.depts if kind == path[0]]
        elif len(path) == 2:
            names = self.items
        else:
            names = [str(month) for month in range(1, 13)] if len(path) == 3 else ()
        return tuple(self.node((*path, name)) for name in names)

    # -- changing --------------------------------------------------------------------------------------------

    def lock(self, path: Path, on: bool = True) -> Tree:
        """Keep (or free) every month below a node: no division touches it."""
        locked = self.locked.copy()
        locked[self.mask(path)] = on
        return replace(self, locked=locked)

    def set(self, path: Path, fen: int, keep: bool = False) -> Tree:
        """Give a node a new amount. The months below it that are not locked share it; where all of them are 0, evenly.

        keep: the parent keeps its amount, the siblings' months that are not locked take the difference.

        Raises:
            BudgetError: below 0 (`below_zero`); less than what is locked below (`locked`), or more than the parent can
            give while it keeps its amount (`parent`); nothing can change because all is locked (`all_locked`).
        """
        if fen < 0:
            raise BudgetError("below_zero", name=" / ".join(path))
        mask = self.mask(path)
        cells = self.cells.copy()
        self._share(cells, mask, fen, path)
        if keep and path:
            parent = self.mask(path[:-1])
            rest = parent & ~mask
            left = int(self.cells[parent].sum()) - fen
            if left < int(self.cells[rest & self.locked].sum()):
                raise BudgetError("parent", name=" / ".join(path), left=left)
            self._share(cells, rest, left, path[:-1])
        return replace(self, cells=cells)

    def set_yuan(self, path: Path, amount: Decimal, keep: bool = False) -> Tree:
        """The same with yuan."""
        return self.set(path, yuan_to_fen(amount), keep)

    def scale(self, path: Path, change: Decimal) -> Tree:
        """A node changed by a ratio: -0.08 takes eight per cent off. Used when a DRG payment standard changes."""
        before = self.fen(path)
        return self.set(path, int(half_up(before * (1 + change), 0)))

    def _share(self, cells: Int64, mask: Flags, fen: int, path: Path) -> None:
        held = int(self.cells[mask & self.locked].sum())
        free = mask & ~self.locked
        if fen - held < 0:
            raise BudgetError("locked", name=" / ".join(path), locked=held)
        if not free.any():
            if fen != held:
                raise BudgetError("all_locked", name=" / ".join(path))
            return
        weights = self.cells[free]
        cells[free] = largest_remainder(fen - held, weights if weights.any() else np.ones_like(weights))


def _one(index: int) -> tuple[int, int]:
    return index, index + 1


@dataclass(frozen=True, slots=True)
class Changed:
    """A node in two trees."""

    path: Path
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """Yuan."""
        return self.after - self.before


def compare(before: Tree, after: Tree, path: Path = ()) -> tuple[Changed, ...]:
    """What lies directly below a node in both trees; a node that one of them lacks holds 0 there."""
    amounts: dict[Path, list[int]] = {}
    for place, tree in enumerate((before, after)):
        try:
            nodes = tree.children(path)
        except BudgetError:
            nodes = ()
        for node in nodes:
            amounts.setdefault(node.path, [0, 0])[place] = node.fen
    return tuple(Changed(p, fen_to_yuan(a), fen_to_yuan(b)) for p, (a, b) in amounts.items())
