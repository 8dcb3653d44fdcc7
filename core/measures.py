"""Measures: what the boards show, computed from the definitions in measures.yaml and from nothing else.

    values(warehouse, hospital, periods, names, scope) -> {period: {name: Decimal | None}}
    by_department(warehouse, hospital, periods, names, scope) -> {dept_code: {name: Decimal | None}}
    reason(name, sums, scope, loaded) -> Reason | None      why a figure is missing
    loaded(warehouse, hospital, periods) -> {period: extracts with data}

A sum adds up rows of one mart; ratios, per-unit figures and differences are computed from sums of the same period,
never averaged. A denominator of 0 or missing gives None. Money is Decimal yuan, exact until it is divided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.catalog import DEFINITIONS, STATUSES, DefinitionError, Label, build, catalog, load_yaml
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
    source: Label
    status: str = "sourced"
    about: Label = NONE
    view: str = ""
    columns: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict, hash=False)
    scoped: bool = False
    scopes: tuple[str, ...] = ()
    needs: str = ""
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

    def asked_in(self, scope: str) -> bool:
        """Whether this sum means anything in a scope (administration is no part of the business scope)."""
        return not self.scopes or scope in self.scopes

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
    text = load_yaml(path)
    sources = {key: build(Label, words, f"{path.name}, {key}") for key, words in text["sources"].items()}
    found: dict[str, Measure] = {}
    for raw in text["measures"]:
        where = f"{path.name}, {raw.get('name')}"
        if raw.get("source") not in sources:
            raise DefinitionError(f"{where}: source {raw.get('source')!r}; allowed are {sorted(sources)}")
        only = {key: _plain(value) for key, value in raw.get("only", {}).items()}
        given = {key: value for key, value in raw.items() if key not in ("only", "source")}
        one: Measure = build(
            Measure, given, where, source=sources[raw["source"]], only=MappingProxyType(only)
        )
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
    extracts = catalog().extracts
    for one in found.values():
        if one.needs and one.needs not in extracts:
            raise DefinitionError(f"{path.name}, {one.name}: no extract {one.needs!r}")
        if (one.kind == "sum") != bool(one.view and one.columns and one.needs):
            raise DefinitionError(
                f"{path.name}, {one.name}: a sum, and only a sum, has view, columns and needs"
            )
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
    for view, scoped, names in _grouped(leaves, scope):
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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure is missing.

    code   zero: the sum `name` that divides is 0      missing: nothing loaded for the extract `name`
           not_here: the extract is loaded, but has nothing for these departments (a ward has no visits)
           scope: the sum `name` means nothing in the scope
    """

    code: str
    name: str


def reason(
    name: str, sums: Mapping[str, Decimal | None], scope: str = "medical", loaded: Collection[str] = ()
) -> Reason | None:
    """Why `name` has no value for these sums; None where it has one. `loaded`: extracts that hold the month."""
    one = measure(name)
    if one.compute(sums) is not None:
        return None
    for leaf in map(measure, one.leaves()):
        if sums.get(leaf.name) is None:
            if not leaf.asked_in(scope):
                return Reason("scope", leaf.name)
            return Reason("not_here" if leaf.needs in loaded else "missing", leaf.needs)
    return Reason("zero", _zero(one, sums))


def _zero(one: Measure, sums: Mapping[str, Decimal | None]) -> str:
    """The divisor that is 0, the innermost first."""
    for part in (one.top, one.bottom):
        if part and measure(part).compute(sums) is None:
            return _zero(measure(part), sums)
    return one.bottom


# Any of the three gives a month its income; a budget for a year stands in period yyyy00.
_INCOME = ("income", "income_detail", "charge_line")


def loaded(warehouse: Warehouse, hospital: str, periods: Sequence[int]) -> dict[int, frozenset[str]]:
    """The extracts that hold something for each month."""
    store, snapshot = warehouse.store, warehouse.snapshot
    wanted = {one.needs for one in measures().values() if one.needs}
    found: dict[int, set[str]] = {period: set() for period in periods}
    for extract in sorted(wanted | set(_INCOME)):
        held = {file.period for file in store.files(snapshot, extract) if file.hospital == hospital}
        carried = catalog().extracts[extract].carry_forward
        for period in periods:
            if period in held or period // 100 * 100 in held or (carried and any(p <= period for p in held)):
                found[period].add("income" if extract in _INCOME else extract)
    return {period: frozenset(extracts) for period, extracts in found.items()}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _grouped(leaves: Iterable[str], scope: str) -> list[tuple[str, bool, list[str]]]:
    groups: dict[tuple[str, bool], list[str]] = {}
    for leaf in leaves:
        one = measure(leaf)
        if not one.asked_in(scope):
            continue
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
