"""The facts that indicators are made of (core/definitions/indicators/facts.yaml), by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, Label, build, catalog, load_yaml

OVER = ("sum", "mean", "last", "distinct")
FOLDER = DEFINITIONS / "indicators"
FILES = ("financial", "customer", "process", "learning")
OPERATION = "operation_value"


@dataclass(frozen=True, slots=True)
class Fact:
    """One number per hospital, month and department. `over`: how months become a longer span (sum, mean, last, distinct).
    `needs`: the extract it comes from; `system`: the extract of a system that states it too, and goes before.
    `metric`: the operation metric it is a side of."""

    name: str
    label: Label
    needs: str
    over: str = "sum"
    system: str = ""
    metric: str = ""


@lru_cache(maxsize=16)
def definition(name: str) -> Any:
    """One file of the folder, read once."""
    return load_yaml(FOLDER / f"{name}.yaml")


@lru_cache(maxsize=1)
def facts() -> Mapping[str, Fact]:
    """Every fact by name. A metric gives `<metric>` (numerator, or the amount) and `<metric>/of` (denominator)."""
    raw = definition("facts")
    found: dict[str, Fact] = {}
    for entry in raw["facts"]:
        one: Fact = build(Fact, entry, f"facts.yaml, {entry.get('name')}")
        if one.needs not in catalog().extracts or one.over not in OVER:
            raise DefinitionError(f"facts.yaml, {one.name}: needs {one.needs!r}, over {one.over!r}")
        found[one.name] = one
    metrics = {term.name: term for term in catalog().terms["operation_metrics"]}
    stated = {metric: extract for extract, listed in raw["systems"].items() for metric in listed}
    if lost := {*stated} - {*raw["metrics"]} | {*stated.values()} - {*catalog().extracts}:
        raise DefinitionError(f"facts.yaml, systems: no metric or extract {sorted(lost)}")
    for name, words in raw["metrics"].items():
        if name not in metrics or len(words) not in (2, 4):
            raise DefinitionError(f"facts.yaml, {name}: an operation metric with two or four words")
        system = stated.get(name, "")
        for side, label in zip((name, f"{name}/of"), (words[:2], words[2:]), strict=True):
            if label:
                over = raw["over"].get(side, metrics[name].over)
                found[side] = Fact(side, Label(*label), OPERATION, over, system, name)
    for _, entry in entries():
        for declared in (entry, *entry.get("calibers", ())):
            for side in ("", "/of") if "object" in declared else ():
                base = found[declared["metric"] + side]
                name = f"{base.name}@{declared['object']}"
                found[name] = replace(base, name=name)
    if lost := {*raw["over"]} - {*found} | {*raw["over"].values()} - {*OVER}:
        raise DefinitionError(f"facts.yaml, over: no fact, or no way to make a longer span, {sorted(lost)}")
    return MappingProxyType(found)


def entries() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every declared indicator with the perspective whose file it is in."""
    for file in FILES:
        for entry in definition(file)["indicators"]:
            yield file, entry
