"""Measures: what the boards show, computed from the definitions in measures.yaml and from nothing else.

    values(warehouse, hospital, periods, names, scope) -> {period: {name: Decimal | None}}
    by_department(warehouse, hospital, period, names, scope) -> {dept_code: {name: Decimal | None}}

A sum adds up rows of one mart; ratios, per-unit figures and differences are computed from sums of the same period,
never averaged. A denominator of 0 or missing gives None. Money is Decimal yuan, exact until it is divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.catalog import DEFINITIONS, STATUSES, DefinitionError, Label, build, load_yaml
from core.engine import name as quoted_name
from core.engine import quoted

if TYPE_CHECKING:
    from core.warehouse import Warehouse

KINDS = ("sum", "ratio", "per_unit", "difference")
UNITS = ("money", "yuan", "percent", "visits", "bed_days", "people", "days", "area")
BETTER = ("lower", "higher", "target", "none")
NONE = Label("", "")
Values = dict[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One entry of measures.yaml; see the head of that file."""

    name: str
    kind: str
    label: Label
    unit: str
    better: str
    status: str
    source: Label
    about: Label = NONE
    view: str = ""
    columns: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict, hash=False)
    scoped: bool = False
    top: str = ""
    bottom: str = ""
    times: int = 1
    budget: str = ""

    def formula(self, lang: str) -> str:
        """The formula in words, made from what computes the figure."""
        left = self.label.of(lang)
        if self.kind == "sum":
            return f"{left} = Σ {self.about.of(lang)}"
        top, bottom = measure(self.top).label.of(lang), measure(self.bottom).label.of(lang)
        if self.kind == "difference":
            return f"{left} = {top} − {bottom}"
        times = f" × {self.times}" if self.times != 1 else ""
        return f"{left} = {top} ÷ {bottom}{times}"

    def leaves(self) -> tuple[str, ...]:
        """Names of the sums this measure is computed from, in order of the formula."""
        if self.kind == "sum":
            return (self.name,)
        return tuple(dict.fromkeys((*measure(self.top).leaves(), *measure(self.bottom).leaves())))

    def compute(self, sums: Mapping[str, Decimal | None]) -> Decimal | None:
        """The value from its sums; None where a sum is missing or the denominator is 0."""
        if self.kind == "sum":
            return sums.get(self.name)
        top, bottom = measure(self.top).compute(sums), measure(self.bottom).compute(sums)
        if top is None or bottom is None:
            return None
        if self.kind == "difference":
            return top - bottom
        return None if bottom == 0 else top * self.times / bottom


@lru_cache(maxsize=1)
def measures() -> Mapping[str, Measure]:
    """All measures by name, in the order of the file.

    Raises:
        DefinitionError: an unknown key, kind, unit or part.
    """
    path = DEFINITIONS / "measures.yaml"
    found: dict[str, Measure] = {}
    for raw in load_yaml(path):
        where = f"{path.name}, {raw.get('name')}"
        only = {str(key): str(value).lower() for key, value in raw.pop("only", {}).items()}
        one: Measure = build(Measure, raw, where, only=only)
        for value, allowed in (
            (one.kind, KINDS),
            (one.unit, UNITS),
            (one.better, BETTER),
            (one.status, STATUSES),
        ):
            if value not in allowed:
                raise DefinitionError(f"{where}: {value!r}; allowed are {list(allowed)}")
        if one.name in found:
            raise DefinitionError(f"{where}: given twice")
        found[one.name] = one
    for one in found.values():
        for part in (one.top, one.bottom, one.budget):
            if part and part not in found:
                raise DefinitionError(f"{path.name}, {one.name}: no measure {part!r}")
    return MappingProxyType(found)


def measure(name: str) -> Measure:
    """One measure; KeyError if nobody defined it."""
    return measures()[name]


def leaf_sums(
    warehouse: Warehouse, hospital: str, periods: Sequence[int], leaves: Iterable[str], scope: str,
    *, by: str = "period", depts: Sequence[str] | None = None,
) -> dict[Any, Values]:  # fmt: skip
    """Sums of leaf measures, one query per mart. Keys are periods or department codes (`by`)."""
    found: dict[Any, Values] = {}
    for view, scoped, names in _grouped(leaves):
        chosen = ", ".join(f"{_sql(measure(name))} as {quoted_name(name)}" for name in names)
        conditions = [
            f"hospital = {quoted(hospital)}",
            f"period in ({', '.join(str(int(p)) for p in periods)})",
        ]
        conditions += [f"scope = {quoted(scope)}"] if scoped else []
        if depts is not None:
            conditions.append(f"dept_code in ({', '.join(quoted(d) for d in depts)})")
        sql = f"select {by} as at, {chosen} from {view} where {' and '.join(conditions)} group by all"
        for row in warehouse.query(sql) if periods and depts != [] else ():
            found.setdefault(row[0], {}).update(
                (name, None if value is None else Decimal(value))
                for name, value in zip(names, row[1:], strict=True)
            )
    return found


def values(
    warehouse: Warehouse, hospital: str, periods: Sequence[int], names: Iterable[str], scope: str = "medical",
    *, depts: Sequence[str] | None = None,
) -> dict[int, Values]:  # fmt: skip
    """Measures of each period for the hospital, or for the departments `depts` together."""
    asked = list(dict.fromkeys(names))
    leaves = dict.fromkeys(leaf for name in asked for leaf in measure(name).leaves())
    sums = leaf_sums(warehouse, hospital, periods, leaves, scope, depts=depts)
    return {p: {name: measure(name).compute(sums.get(p, {})) for name in asked} for p in periods}


def by_department(
    warehouse: Warehouse, hospital: str, periods: Sequence[int], names: Iterable[str], scope: str = "medical"
) -> dict[str, Values]:
    """Measures of each department over `periods` together; ratios from the sums of all of them."""
    asked = list(dict.fromkeys(names))
    leaves = dict.fromkeys(leaf for name in asked for leaf in measure(name).leaves())
    sums = leaf_sums(warehouse, hospital, periods, leaves, scope, by="dept_code")
    return {
        dept: {name: measure(name).compute(found) for name in asked} for dept, found in sorted(sums.items())
    }


def budget_of(name: str, sums: Mapping[str, Decimal | None]) -> Decimal | None:
    """The planned value of a measure: its formula over the budgets of its sums; None if one has no budget."""
    one = measure(name)
    plans = {leaf: sums.get(measure(leaf).budget) if measure(leaf).budget else None for leaf in one.leaves()}
    return one.compute(plans) if all(value is not None for value in plans.values()) else None


def budget_leaves(names: Iterable[str]) -> tuple[str, ...]:
    """Sums that hold the plans of these measures."""
    leaves = (measure(leaf).budget for name in names for leaf in measure(name).leaves())
    return tuple(dict.fromkeys(leaf for leaf in leaves if leaf))


def _grouped(leaves: Iterable[str]) -> list[tuple[str, bool, list[str]]]:
    groups: dict[tuple[str, bool], list[str]] = {}
    for leaf in leaves:
        one = measure(leaf)
        groups.setdefault((one.view, one.scoped), []).append(leaf)
    return [(view, scoped, names) for (view, scoped), names in groups.items()]


def _sql(one: Measure) -> str:
    total = " + ".join(f"coalesce({column}, 0)" for column in one.columns)
    if not one.only:
        # Columns that are NULL in every row are missing, not 0.
        present = " or ".join(f"count({column}) > 0" for column in one.columns)
        return f"case when {present} then sum({total}) end"
    conditions = " and ".join(f"cast({key} as varchar) = {quoted(value)}" for key, value in one.only.items())
    return f"coalesce(sum({total}) filter (where {conditions}), 0)"
