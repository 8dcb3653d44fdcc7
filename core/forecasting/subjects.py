"""What can be forecast: a measure of the boards, or a monthly fact of indicators that no measure holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, Label, build, catalog, load_yaml
from core.measures import BETTER, UNITS, measure, measures

KEYS = {"measures", "facts", "variable", "drivers", "stocked", "horizons"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to forecast.

    Attributes:
        unit: one of core.measures.UNITS, or kwh.
        needs: extracts that bring it; a measure needs all of them, a fact any.
        fact: its name in mart_indicator_fact; '' for measures and for ratios.
        top, bottom: names of the subjects that are divided, times the factor `times`; '' for amounts.
        ahead: usual horizon in months.
        adds: departments add up to the hospital.
    """

    name: str
    label: Label
    unit: str
    better: str
    needs: tuple[str, ...]
    fact: str = ""
    top: str = ""
    bottom: str = ""
    times: int = 1
    ahead: int = 12
    adds: bool = field(default=False)

    @property
    def is_ratio(self) -> bool:
        """One sum over another: the parts are forecast and divided."""
        return bool(self.top)

    @property
    def money(self) -> bool:
        """Whether the figures are amounts of money."""
        return self.unit in ("money", "yuan")


@lru_cache(maxsize=1)
def choices() -> Mapping[str, Any]:
    """The definition file, checked.

    Raises:
        DefinitionError: an unknown key, measure, fact, unit or extract.
    """
    # Indicators read forecasts (L22), so their package is not asked for while this one loads.
    from core.indicators.facts import facts

    path = DEFINITIONS / "forecast.yaml"
    found = dict(load_yaml(path))
    if set(found) != KEYS:
        raise DefinitionError(f"{path.name}: keys {sorted(found)}; allowed are {sorted(KEYS)}")
    for name in (*found["measures"], *found["drivers"]):
        if name not in measures():
            raise DefinitionError(f"{path.name}: no measure {name!r}")
    found["facts"] = {raw["name"]: _fact(raw, path.name, set(facts())) for raw in found["facts"]}
    for name, fact in found["stocked"].items():
        if name not in (*found["measures"], *found["facts"]) or (fact and fact not in facts()):
            raise DefinitionError(f"{path.name}, stocked: {name!r} with {fact!r}")
    found["horizons"] = [int(one) for one in found["horizons"]]
    return found


def _fact(raw: Mapping[str, Any], file: str, known_facts: set[str]) -> Subject:
    given = {**raw, "needs": tuple(raw["needs"]), "ahead": int(raw.get("ahead", 12))}
    one: Subject = build(Subject, given, f"{file}, {raw.get('name')}")
    where = f"{file}, {one.name}"
    if one.name in measures() or bool(one.fact) == bool(one.top and one.bottom):
        raise DefinitionError(f"{where}: a new name, and either a fact or top and bottom")
    if one.fact and one.fact not in known_facts:
        raise DefinitionError(f"{where}: no fact {one.fact!r}")
    if one.unit not in (*UNITS, "kwh") or one.better not in BETTER:
        raise DefinitionError(f"{where}: unit {one.unit!r}, better {one.better!r}")
    if unknown := set(one.needs) - set(catalog().extracts):
        raise DefinitionError(f"{where}: no extract {sorted(unknown)}")
    return one


@lru_cache(maxsize=256)
def subject(name: str) -> Subject:
    """One subject; KeyError if nobody defined it."""
    if name in choices()["facts"]:
        found: Subject = choices()["facts"][name]
        return found
    one = measure(name)
    needs = tuple(dict.fromkeys(measure(leaf).needs for leaf in one.leaves()))
    parts = (one.top, one.bottom, one.times) if one.kind in ("ratio", "per_unit") else ("", "", 1)
    return Subject(name, one.label, one.unit, one.better, needs, "", *parts, adds=one.kind == "sum")


def known(name: str) -> bool:
    """Whether the definitions have it; journals outlive definitions."""
    return name in measures() or name in choices()["facts"]


def offered() -> tuple[str, ...]:
    """Every subject of the page, in its order."""
    return (*choices()["measures"], *choices()["facts"])
