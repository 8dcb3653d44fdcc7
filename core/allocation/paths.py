"""Lineage paths: the chain of department classes a fen went through, repeats collapsed (A>X>C)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Paths:
    """Numbers paths as they appear. Class 0..3 = A X T C, -1 = unknown ('?')."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self._id: dict[str, int] = {}

    def start(self, dept_class: NDArray[np.int64]) -> NDArray[np.int64]:
        """Path of money that has not moved yet: the class of its department. int64 [d]."""
        return np.array([self._number(letter(c)) for c in dept_class], dtype=np.int64)

    def extend(self, paths: NDArray[np.int64], classes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Paths after one more stop: `paths` [r], `classes` [n] of the stops; returns int64 [r, n]."""
        table = np.full((len(self.labels), 5), -1, dtype=np.int64)
        for path in np.flatnonzero(np.bincount(paths)).tolist():
            for kind in set(classes.tolist()):
                label = self.labels[path]
                last = label.rsplit(">", 1)[-1]
                table[path, kind] = path if last == letter(kind) else self._number(f"{label}>{letter(kind)}")
        return table[paths][:, classes]

    def rank(self) -> NDArray[np.int64]:
        """Position of every path in alphabetical order, which is the order parcels are served in."""
        order = sorted(range(len(self.labels)), key=lambda i: self.labels[i])
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return rank

    def _number(self, label: str) -> int:
        if label not in self._id:
            self._id[label] = len(self.labels)
            self.labels.append(label)
        return self._id[label]


def letter(dept_class: int | np.int64) -> str:
    """A, X, T, C or ? for class number 0..3 or -1."""
    return "AXTC?"[dept_class]
