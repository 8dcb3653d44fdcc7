"""What can be forecast, and its history from the marts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, catalog, load_yaml
from core.forecast import month
from core.measures import leaf_sums, measure, measures, values
from core.warehouse import Warehouse

HOSPITAL = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A measure of the hospital (dept '') or of one department, in a scope."""

    measure: str
    dept: str = HOSPITAL
    scope: str = "medical"

    @property
    def key(self) -> str:
        """What journal entries about it are filed under."""
        return f"{self.measure}|{self.dept}|{self.scope}"

    @property
    def known(self) -> bool:
        """Whether the definitions still have it; journals outlive definitions."""
        return self.measure in measures()

    @property
    def money(self) -> bool:
        """Whether the figures are amounts of money."""
        return measure(self.measure).unit in ("money", "yuan")

    @property
    def is_ratio(self) -> bool:
        """Whether it is one sum over another; then the parts are forecast and divided."""
        return measure(self.measure).kind in ("ratio", "per_unit")


@dataclass(frozen=True, slots=True)
class Past:
    """The months of a target without gaps in the calendar, oldest first; missing values are None."""

    periods: tuple[int, ...]
    values: tuple[Decimal | None, ...]

    def __len__(self) -> int:
        return len(self.periods)

    @property
    def known(self) -> int:
        """How many months have a value."""
        return sum(value is not None for value in self.values)


@lru_cache(maxsize=1)
def choices() -> Mapping[str, Any]:
    """The definition file: measures, variable, drivers, horizons.

    Raises:
        DefinitionError: a measure nobody defined, or an unknown key.
    """
    path = DEFINITIONS / "forecast.yaml"
    found = load_yaml(path)
    allowed = {"measures", "variable", "drivers", "horizons"}
    if set(found) != allowed:
        raise DefinitionError(f"{path.name}: keys {sorted(found)}; allowed are {sorted(allowed)}")
    for name in (*found["measures"], *found["drivers"]):
        if name not in measures():
            raise DefinitionError(f"{path.name}: no measure {name!r}")
    found["horizons"] = [int(one) for one in found["horizons"]]
    return dict(found)


def variable_share(target: Target) -> Decimal:
    """Share of the figure that follows volume: by the behaviour of the cost item; all of income and volumes."""
    name = target.measure
    if not name.startswith("cost"):
        return Decimal(1)
    behaviour = next(
        (term.behaviour for term in catalog().terms["cost_items"] if f"cost_{term.name}" == name), "mixed"
    )
    return Decimal(choices()["variable"][behaviour])


def history(warehouse: Warehouse, hospital: str, target: Target) -> Past:
    """The target's months up to the last with a value; the marts must cover them (warehouse.missing)."""
    depts = None if target.dept == HOSPITAL else [target.dept]
    periods = warehouse.periods(hospital)
    found = values(warehouse, hospital, periods, [target.measure], target.scope, depts=depts)
    return past_of({period: row[target.measure] for period, row in found.items()})


def histories(warehouse: Warehouse, hospital: str, name: str, scope: str) -> dict[str, Past]:
    """The history of every department that has one, by code; one query a mart."""
    leaves = measure(name).leaves()
    by_cell = leaf_sums(
        warehouse, hospital, warehouse.periods(hospital), leaves, scope, by="dept_code || '|' || period"
    )
    rows: dict[str, dict[int, Decimal | None]] = {}
    for cell, sums in by_cell.items():
        code, _, period = str(cell).rpartition("|")
        rows.setdefault(code, {})[int(period)] = measure(name).compute(sums)
    made = {code: past_of(row) for code, row in sorted(rows.items())}
    # A sum over one item is 0, not missing, for a department without that item: such a series is nothing to forecast.
    return {code: past for code, past in made.items() if any(past.values)}


def past_of(found: Mapping[int, Decimal | None]) -> Past:
    """Months in calendar order from the first to the last value, missing ones as None."""
    known = [period for period, value in found.items() if value is not None]
    if not known:
        return Past((), ())
    periods = tuple(_span(min(known), max(known)))
    return Past(periods, tuple(found.get(period) for period in periods))


def aligned(pasts: Iterable[Past], last: int) -> list[list[Decimal | None]]:
    """Values that all end with the month `last`."""
    made = []
    for past in pasts:
        after = list(_span(past.periods[-1], last))[1:] if len(past) else []
        made.append([*past.values, *([None] * len(after))])
    return made


def _span(first: int, last: int) -> Iterable[int]:
    period = first
    while period <= last:
        yield period
        period = month(period, 1)
