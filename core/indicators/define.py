"""Indicators as they are declared: what each is made of, its unit and direction, whose it is, and its formula in words.

How a formula is computed and read: caliber.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.catalog import STATUSES, DefinitionError, Label, build
from core.indicators.caliber import FUNCTIONS, KINDS, MAIN, Caliber, Part
from core.indicators.facts import Fact, definition, entries, facts

__all__ = [
    "MAIN", "Caliber", "Fact", "Indicator", "Objective", "Part", "Perspective", "arrows", "facts", "indicators", "objectives",
    "perspectives",
]  # fmt: skip
BETTER = ("lower", "higher", "range", "watch")
FREQUENCIES = ("month", "quarter", "year")
UNITS = (
    "percent", "yuan", "money", "points", "per_10k", "per_1000", "days", "hours", "minutes", "count", "times", "ratio",
    "index", "level", "flag", "people", "kwh", "pp", "rw_per_10k",
)  # fmt: skip
NONE = Label("", "")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `range`: the band of a target-range indicator as decimal texts; `switch`: competing indicators;
    `note`: what has to be known of the main formula beyond its words; `status` is of the formula and of the band."""

    code: str
    label: Label
    perspective: str
    objective: str
    unit: str
    better: str
    owner: str
    source: Label
    calibers: tuple[Caliber, ...]
    status: str = "sourced"
    frequency: str = "month"
    benchmark: Label = NONE
    note: Label = NONE
    range: tuple[str, ...] = ()
    switch: tuple[str, ...] = ()
    first: bool = False

    def caliber(self, name: str = MAIN) -> Caliber:
        """One of its calibers; KeyError lists the others."""
        for one in self.calibers:
            if one.name == name:
                return one
        raise KeyError(f"{self.code} has no caliber {name!r}; it has {[c.name for c in self.calibers]}")

    def needs(self) -> tuple[str, ...]:
        """Extracts the main caliber reads."""
        return self.calibers[0].needs()

    def formula(self, lang: str, caliber: str = MAIN) -> str:
        """The whole formula in words, made from what computes it, with the note."""
        note = self.note.of(lang) if caliber == MAIN else ""
        stop = definition("words")["formula"]["note"][lang] if note else ""
        return f"{self.label.of(lang)} = {self.caliber(caliber).formula(lang)}{stop}{note}"


@dataclass(frozen=True, slots=True)
class Perspective:
    """One of the four; `weight` is the shipped weight in per cent."""

    name: str
    letter: str
    weight: int
    label: Label


@dataclass(frozen=True, slots=True)
class Objective:
    """One node of the strategy map; `lead` is the indicator its trend is read from."""

    name: str
    perspective: str
    lead: str
    label: Label


@lru_cache(maxsize=1)
def indicators() -> Mapping[str, Indicator]:
    """All 136 by code, in the order of the perspectives.

    Raises:
        DefinitionError: an unknown key, kind, unit, fact, objective or role, or a code given twice.
    """
    text = definition("facts")
    sources = {key: build(Label, words, f"facts.yaml, {key}") for key, words in text["sources"].items()}
    found: dict[str, Indicator] = {}
    for perspective, entry in entries():
        where = f"{perspective}.yaml, {entry.get('code')}"
        one = _indicator(dict(entry), perspective, sources, found, where)
        if one.code in found:
            raise DefinitionError(f"{where}: given twice")
        found[one.code] = one
    for one in found.values():
        if set(one.switch) - set(found):
            raise DefinitionError(f"{one.code}: switch {one.switch} names an indicator that is not there")
    return MappingProxyType(found)


_OWN = ("kind", "function", "times", "unit", "metric", "object", "top", "bottom", "of", "any")


def _indicator(
    entry: dict[str, Any],
    file: str,
    sources: Mapping[str, Label],
    before: Mapping[str, Indicator],
    where: str,
) -> Indicator:
    calibers = [{"name": MAIN, "label": entry["label"], **{k: entry[k] for k in _OWN if k in entry}}]
    for other in entry.pop("calibers", ()):
        kind = {} if "metric" in other or "kind" not in entry else {"kind": entry["kind"]}
        calibers.append({"unit": entry["unit"], **kind, **other})
    made = tuple(_caliber(one, before, where) for one in calibers)
    if entry.get("source") not in sources:
        raise DefinitionError(f"{where}: source {entry.get('source')!r}; allowed are {sorted(sources)}")
    plain = {key: value for key, value in entry.items() if key not in (*_OWN, "source")}
    one: Indicator = build(
        Indicator,
        plain,
        where,
        perspective=file,
        unit=entry["unit"],
        source=sources[entry["source"]],
        calibers=made,
    )
    for value, allowed in (
        (one.better, BETTER), (one.unit, UNITS), (one.status, STATUSES), (one.frequency, FREQUENCIES),
        (one.objective, tuple(objectives())),
    ):  # fmt: skip
        if value not in allowed:
            raise DefinitionError(f"{where}: {value!r}; allowed are {list(allowed)}")
    if (one.better == "range") != (len(one.range) == 2):
        raise DefinitionError(f"{where}: a range indicator, and only one, has a range of two values")
    return one


def _caliber(entry: dict[str, Any], before: Mapping[str, Indicator], where: str) -> Caliber:
    given = dict(entry)
    if base := given.pop("of", ""):
        of = before[base].caliber()
        given |= {"times": of.times}
        top, bottom = of.top, of.bottom
    elif metric := given.pop("metric", ""):
        at = f"@{given.pop('object')}" if "object" in given else ""
        top, bottom = (Part(f"{metric}{at}"),), (Part(f"{metric}/of{at}"),)
        given.setdefault("kind", "ratio" if given["unit"] == "percent" else "per_unit")
    else:
        top, bottom = _parts(given.pop("top", ())), _parts(given.pop("bottom", ()))
    for part in (*top, *bottom):
        if part.fact not in facts():
            raise DefinitionError(f"{where}: no fact {part.fact!r} in facts.yaml")
    one: Caliber = build(Caliber, given, where, top=top, bottom=bottom)
    if (
        one.kind not in KINDS
        or (one.kind == "function") != (one.function in FUNCTIONS)
        or one.unit not in UNITS
    ):
        raise DefinitionError(
            f"{where}: kind {one.kind!r} of {KINDS}, function {one.function!r} of {FUNCTIONS}"
        )
    if not top or (one.kind in ("ratio", "share", "per_unit", "difference")) > bool(bottom):
        raise DefinitionError(f"{where}: {one.kind} needs a top and a bottom")
    return one


def _parts(names: tuple[str, ...] | list[str]) -> tuple[Part, ...]:
    return tuple(Part(name.removeprefix("-"), -1 if name.startswith("-") else 1) for name in names)


@lru_cache(maxsize=1)
def perspectives() -> Mapping[str, Perspective]:
    """The four perspectives, financial first."""
    made = [build(Perspective, raw, "map.yaml") for raw in definition("map")["perspectives"]]
    return MappingProxyType({one.name: one for one in made})


@lru_cache(maxsize=1)
def objectives() -> Mapping[str, Objective]:
    """The nodes of the strategy map."""
    made = [build(Objective, raw, "map.yaml") for raw in definition("map")["objectives"]]
    return MappingProxyType({one.name: one for one in made})


@lru_cache(maxsize=1)
def arrows() -> tuple[tuple[str, str], ...]:
    """Cause and effect between objectives; an arrow only goes from a lower layer to a higher one."""
    order = list(perspectives())
    found = []
    for cause, effect in definition("map")["arrows"]:
        lower, upper = (order.index(objectives()[name].perspective) for name in (cause, effect))
        if lower <= upper:
            raise DefinitionError(f"map.yaml: the arrow {cause} -> {effect} does not lead upwards")
        found.append((cause, effect))
    return tuple(found)
