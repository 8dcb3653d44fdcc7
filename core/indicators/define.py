"""Indicators as they are declared: what each is made of, its unit and direction, whose it is, and its formula in words.

A formula is one of seven kinds over sums of facts T (top) and B (bottom); n0 is the same span a year earlier:
    sum T · ratio, share T / B · per_unit T x times / B · difference T - B · growth v / v0 - 1 with v = T x times / B or T
    function growth_gap g(T) - g(B) · growth_ratio g(T) / g(B) · fall T0 - T
The text on screen is made from the same parts that SQL computes with (mart_indicator_value).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.catalog import STATUSES, DefinitionError, Label, build
from core.indicators.facts import Fact, definition, entries, facts

__all__ = [
    "Caliber", "Fact", "Indicator", "Objective", "Part", "Perspective", "arrows", "facts", "indicators", "objectives",
    "perspectives",
]  # fmt: skip
KINDS = ("sum", "ratio", "per_unit", "difference", "growth", "share", "function")
FUNCTIONS = ("growth_gap", "growth_ratio", "fall")
BETTER = ("lower", "higher", "range", "watch")
FREQUENCIES = ("month", "quarter", "year")
UNITS = (
    "percent", "yuan", "money", "points", "per_10k", "per_1000", "days", "hours", "minutes", "count", "times", "ratio",
    "index", "level", "flag", "people", "kwh",
)  # fmt: skip
MAIN = "main"
NONE = Label("", "")


@dataclass(frozen=True, slots=True)
class Part:
    """A fact in a formula, added or taken off."""

    fact: str
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Caliber:
    """One way to compute an indicator; the first of an indicator is called 'main'."""

    name: str
    label: Label
    kind: str
    unit: str
    top: tuple[Part, ...]
    bottom: tuple[Part, ...] = ()
    times: int = 1
    function: str = ""
    any: bool = False

    def facts(self) -> tuple[str, ...]:
        """Names of all facts, in the order of the formula."""
        return tuple(dict.fromkeys(part.fact for part in (*self.top, *self.bottom)))

    @property
    def yearly(self) -> bool:
        """Whether values add up over months, so that a target is for a whole year and a month has its twelfth of it."""
        adds = self.kind in ("sum", "difference") or self.function == "fall"
        return adds and all(facts()[name].over == "sum" for name in self.facts())

    def needs(self) -> tuple[str, ...]:
        """The extracts these facts come from."""
        return tuple(dict.fromkeys(facts()[name].needs for name in self.facts()))

    def systems(self) -> tuple[str, ...]:
        """Extracts of systems that state some of these facts, where nobody has to report them."""
        return tuple(dict.fromkeys(facts()[name].system for name in self.facts() if facts()[name].system))

    def formula(self, lang: str) -> str:
        """The right-hand side in words."""
        top, bottom = _words(self.top, lang), _words(self.bottom, lang)
        if self.kind == "function":
            pattern = {
                "growth_gap": _say("growth_gap", lang), "growth_ratio": _say("growth_ratio", lang), "fall": _say("fall", lang),
            }[self.function]  # fmt: skip
            return pattern.format(top=top, bottom=bottom)
        if self.kind == "sum":
            return f"Σ {top}"
        if self.kind == "difference":
            return f"{top} − {bottom}"
        times = f" × {self.times:,}" if self.times != 1 else ""
        quotient = f"{_held(top, self.top)} ÷ {_held(bottom, self.bottom)}{times}" if self.bottom else top
        return _say("growth", lang).format(value=quotient) if self.kind == "growth" else quotient


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `range`: the band of a target-range indicator as decimal texts; `switch`: competing indicators."""

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
        """The whole formula in words, made from what computes it."""
        return f"{self.label.of(lang)} = {self.caliber(caliber).formula(lang)}"


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


def _say(key: str, lang: str) -> str:
    return str(definition("words")["formula"][key][lang])


def _words(parts: tuple[Part, ...], lang: str) -> str:
    text = ""
    for part in parts:
        sign = (" − " if part.sign < 0 else " + ") if text or part.sign < 0 else ""
        text += sign + facts()[part.fact].label.of(lang)
    return text


def _held(text: str, parts: tuple[Part, ...]) -> str:
    return f"({text})" if len(parts) > 1 else text


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
