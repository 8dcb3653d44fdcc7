"""What goes into an allocation: departments, direct cost by item and fund layer, drivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.allocation.drivers import Driver
from core.allocation.errors import InputError

# Order is meaning: money only moves down this list in the statutory three steps.
CLASSES = ("admin", "auxiliary", "technical", "clinical")
LETTERS = {"admin": "A", "auxiliary": "X", "technical": "T", "clinical": "C", "": "?"}
UNMAPPED = "unmapped"
TOTAL_BOUND = 2**62


@dataclass(frozen=True, eq=False)
class AllocationInputs:
    """One hospital-month.

    departments  codes, strictly ascending, D of them; the order decides who gets the last fen of a tie
    classes      class of each department, one of CLASSES or '' (unknown)
    items        cost items, I of them                    layers  fund layers, L of them
    direct       int64 fen [D, I, L]: direct cost before allocation, negative for red entries
    drivers      by name; every driver has the same departments in the same order
    unmapped     int64 fen [I, L]: money of departments that are not in the dictionary

    Errors: InputError for codes out of order or twice, an unknown class, a wrong shape, amounts that are
    not whole fen, or absolute amounts that add up to 2^62 fen and more (they could overflow).
    """

    departments: tuple[str, ...]
    classes: tuple[str, ...]
    items: tuple[str, ...]
    layers: tuple[str, ...]
    direct: NDArray[np.int64]
    drivers: Mapping[str, Driver] = field(default_factory=dict)
    unmapped: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        for name in ("departments", "classes", "items", "layers"):
            object.__setattr__(self, name, tuple(str(v) for v in getattr(self, name)))
        self._check_names()
        shape = (len(self.departments), len(self.items), len(self.layers))
        object.__setattr__(self, "direct", _fen(self.direct, shape, "direct cost"))
        unmapped = np.zeros(shape[1:], dtype=np.int64) if self.unmapped is None else self.unmapped
        object.__setattr__(self, "unmapped", _fen(unmapped, shape[1:], "unmapped cost"))
        size = float(
            np.abs(self.direct.astype(np.float64)).sum() + np.abs(self.loose.astype(np.float64)).sum()
        )
        if size >= TOTAL_BOUND * 0.99:
            raise InputError(
                f"The amounts add up to {size:.3g} fen, too much for exact 64-bit sums.",
                "Check the unit of the ledger (yuan, thousand yuan, ten thousand yuan).",
            )
        for name, driver in self.drivers.items():
            if name != driver.name or driver.size != len(self.departments):
                raise InputError(
                    f"Driver {name!r} is called {driver.name!r} and covers {driver.size} departments.",
                    f"Build it under its own name for the same {len(self.departments)} departments.",
                )

    def _check_names(self) -> None:
        codes = self.departments
        for before, after in pairwise(codes):
            if before >= after:
                raise InputError(
                    f"Department {after!r} comes after {before!r}.",
                    "Give every code once, in ascending order: ties of a fen depend on it.",
                )
        if UNMAPPED in codes:
            raise InputError(
                f"A department is called {UNMAPPED!r}.", "That name is kept for money without department."
            )
        if len(self.classes) != len(codes):
            raise InputError(
                f"{len(codes)} departments but {len(self.classes)} classes.", "Give one class for each."
            )
        wrong = sorted({c for c in self.classes if c not in LETTERS})
        if wrong:
            raise InputError(
                f"Unknown department class {wrong[0]!r}.", f"Use one of {', '.join(CLASSES)} or ''."
            )
        for name in ("items", "layers"):
            if len(set(getattr(self, name))) != len(getattr(self, name)) or not getattr(self, name):
                raise InputError(f"The {name} are empty or named twice.", "Give each name once.")

    @property
    def loose(self) -> NDArray[np.int64]:
        """Unmapped money, int64 fen [I, L] (zeros when there is none)."""
        assert self.unmapped is not None
        return self.unmapped

    @property
    def total(self) -> int:
        """Sum of everything that comes in, fen."""
        return int(self.direct.sum()) + int(self.loose.sum())

    @property
    def class_index(self) -> NDArray[np.int64]:
        """Position of every department's class in CLASSES, -1 for unknown. int64 [D]."""
        return np.array([CLASSES.index(c) if c else -1 for c in self.classes], dtype=np.int64)

    def of_class(self, *names: str) -> NDArray[np.bool_]:
        """Which departments have one of these classes. bool [D]."""
        return np.array([c in names for c in self.classes], dtype=bool)


def _fen(values: NDArray[np.int64], shape: tuple[int, ...], what: str) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.shape != shape:
        raise InputError(
            f"The {what} has shape {array.shape}, not {shape}.", "Its axes are [D, item, layer]."
        )
    if array.size and array.dtype.kind not in "iu":
        raise InputError(
            f"The {what} is {array.dtype}, not whole fen.", "Convert yuan with core.money first."
        )
    fixed = array.astype(np.int64)
    fixed.setflags(write=False)
    return fixed
