"""What can be forecast: a measure of the boards, or a monthly fact of indicators that no measure holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, Label, build, catalog, load_yaml
from core.measures import BETTER, UNITS, measure, measures

KEYS = {"measures", "facts", "natures", "variable", "parts", "drivers", "stocked", "horizons"}


FLOW, LEVEL, BALANCE, RATIO = KINDS = ("flow", "level", "balance", "ratio")
ITEM, NONE = "item", "none"


@dataclass(frozen=True, slots=True)
class Nature:
    """What a figure is, and so what may be said and asked about it; see the head of forecast.yaml.

    Attributes:
        price: whether a change of prices moves it. volume: share that follows volume, None where that means nothing.
        low, high: what it cannot pass; None for no limit.
    """

    kind: str = FLOW
    price: bool = False
    volume: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def sums(self) -> bool:
        """Whether months add up to a year."""
        return self.kind in (FLOW, BALANCE)

    @property
    def signed(self) -> bool:
        """Whether it may fall below 0 though it never has."""
        return self.kind == BALANCE

    @property
    def limits(self) -> tuple[float, float]:
        """low and high as numbers, infinite where there is none."""
        low, high = self.low, self.high
        return float("-inf") if low is None else float(low), float("inf") if high is None else float(high)


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
        nature: what may be said and asked about it.
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
    nature: Nature = Nature()

    @property
    def is_ratio(self) -> bool:
        """One sum over another: the parts are forecast and divided."""
        return bool(self.top)

    @property
    def money(self) -> bool:
        """Whether the figures are amounts of money."""
        return self.unit in ("money", "yuan")

    @property
    def places(self) -> Decimal:
        """What its figures are rounded to: the fen, a hundredth of a percent, a tenth of a visit."""
        return Decimal("0.0001") if self.is_ratio else Decimal("0.01") if self.money else Decimal("0.1")


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
    found["natures"] = _natures(found, path.name)
    found["facts"] = {
        raw["name"]: _fact(raw, path.name, set(facts()), found["natures"]) for raw in found["facts"]
    }
    for whole, names in found["parts"].items():
        if unknown := {whole, *names} - set(found["measures"]):
            raise DefinitionError(f"{path.name}, parts: {sorted(unknown)} are not among the measures")
    for name, fact in found["stocked"].items():
        if name not in (*found["measures"], *found["facts"]) or (fact and fact not in facts()):
            raise DefinitionError(f"{path.name}, stocked: {name!r} with {fact!r}")
    found["horizons"] = [int(one) for one in found["horizons"]]
    return found


def _natures(found: Mapping[str, Any], file: str) -> dict[str, Nature]:
    """By subject; every one of them exactly once."""
    made: dict[str, Nature] = {}
    for raw in found["natures"]:
        given = dict(raw)
        names, volume = given.pop("names"), given.pop("volume", NONE)
        limits = {side: Decimal(given.pop(side)) for side in ("low", "high") if given.get(side)}
        for name in names:
            share = _share(found["variable"], name, volume, file)
            made[name] = build(Nature, given, f"{file}, natures {names}", volume=share, **limits)
            if made[name].kind not in KINDS:
                raise DefinitionError(
                    f"{file}, natures {names}: kind {made[name].kind!r}; allowed are {KINDS}"
                )
    wanted = [*found["measures"], *(raw["name"] for raw in found["facts"])]
    given_names = [name for raw in found["natures"] for name in raw["names"]]
    if sorted(wanted) != sorted(given_names):
        odd = sorted(set(wanted) ^ set(given_names)) or "a name twice"
        raise DefinitionError(f"{file}, natures: every subject once; {odd}")
    return made


def _share(variable: Mapping[str, Any], name: str, volume: str, file: str) -> Decimal | None:
    """How much of a subject follows volume; None where the question means nothing."""
    if volume == NONE:
        return None
    if volume == ITEM:
        terms = {f"cost_{term.name}": term.behaviour for term in catalog().terms["cost_items"]}
        volume = terms.get(name, "")
    if volume not in variable or volume == "status":
        raise DefinitionError(f"{file}, natures {name}: volume {volume!r}; allowed are {sorted(variable)}")
    return Decimal(variable[volume])


def _fact(raw: Mapping[str, Any], file: str, known_facts: set[str], natures: Mapping[str, Nature]) -> Subject:
    given = {**raw, "needs": tuple(raw["needs"]), "ahead": int(raw.get("ahead", 12))}
    one: Subject = build(Subject, given, f"{file}, {raw.get('name')}", nature=natures[str(raw["name"])])
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
    nature = choices()["natures"].get(name) or Nature(RATIO if parts[0] else FLOW)
    return Subject(
        name, one.label, one.unit, one.better, needs, "", *parts, adds=one.kind == "sum", nature=nature
    )


def known(name: str) -> bool:
    """Whether the definitions have it; journals outlive definitions."""
    return name in measures() or name in choices()["facts"]


def offered() -> tuple[str, ...]:
    """Every subject of the page, in its order."""
    return (*choices()["measures"], *choices()["facts"])
