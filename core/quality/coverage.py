"""Which extract holds which month: loaded, partly refused, carried forward, missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.catalog import catalog
from core.store import Snapshot, Store

LOADED, PARTLY, CARRIED, MISSING = "loaded", "partly", "carried", "missing"
STATES = (LOADED, PARTLY, CARRIED, MISSING)
# Enough for the three-step allocation with the default drivers; without one of these a month is not complete.
NEEDED = ("dept", "ledger_cost", "income", "workload_op", "workload_ip", "staff_count")


@dataclass(frozen=True, slots=True)
class Cell:
    """One extract in one month (0 for a dictionary).

    `rows` accepted, `refused` rows refused; `since` is the month a carried value was loaded for; `batches` that fill it.
    """

    extract: str
    period: int
    state: str
    rows: int = 0
    refused: int = 0
    since: int = 0
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Months ascending, extracts in the order of the catalog, one cell for each pair."""

    periods: tuple[int, ...]
    extracts: tuple[str, ...]
    cells: tuple[Cell, ...]

    def of(self, extract: str, period: int) -> Cell:
        """The cell of an extract in a month; a dictionary stands in every month."""
        wanted = period if catalog().extracts[extract].periodic else 0
        for cell in self.cells:
            if cell.extract == extract and cell.period == wanted:
                return cell
        return Cell(extract, wanted, MISSING)

    def month(self, period: int) -> list[Cell]:
        """Every extract in one month."""
        return [self.of(extract, period) for extract in self.extracts]


def coverage(store: Store, snapshot: Snapshot, hospital: str) -> Coverage:
    """Extract x month of a hospital: what is needed, and whatever else was ever loaded.

    A yearly budget (period yyyy00) fills every month of its year. An extract that stays valid until replaced is
    carried into the months after it.
    """
    slots = [row for row in store.records(snapshot, "slots") if row["hospital"] == hospital]
    filled: dict[tuple[str, int], Cell] = {}
    for row in slots:
        key = (row["extract"], row["period"])
        have = filled.get(key, Cell(*key, LOADED))
        refused = have.refused + (row["refused_rows"] or 0)
        filled[key] = Cell(
            *key,
            PARTLY if refused else LOADED,
            have.rows + row["rows"],
            refused,
            0,
            (*have.batches, row["_batch"]),
        )
    periods = _months(period for _, period in filled)
    extracts = tuple(
        name for name in catalog().extracts if name in NEEDED or any(e == name for e, _ in filled)
    )
    cells = []
    for name in extracts:
        wanted = periods if catalog().extracts[name].periodic else (0,)
        last: Cell | None = None
        for period in wanted:
            cell = (
                filled.get((name, period)) or filled.get((name, period // 100 * 100))
                if period
                else filled.get((name, 0))
            )
            if cell is not None:
                last = cell
                cells.append(Cell(name, period, cell.state, cell.rows, cell.refused, 0, cell.batches))
            elif last is not None and catalog().extracts[name].carry_forward:
                cells.append(Cell(name, period, CARRIED, last.rows, 0, last.period, last.batches))
            else:
                cells.append(Cell(name, period, MISSING))
    return Coverage(periods, extracts, tuple(cells))


def _months(periods: Iterable[int]) -> tuple[int, ...]:
    """Every month from the first to the last that anything is loaded for, so that a gap shows."""
    found = sorted({period for period in periods if period % 100 in range(1, 13)})
    if not found:
        return ()
    first, last = (divmod(found[0], 100), divmod(found[-1], 100))
    count = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    months = (first[0] * 12 + first[1] - 1 + step for step in range(count))
    return tuple(month // 12 * 100 + month % 12 + 1 for month in months)
