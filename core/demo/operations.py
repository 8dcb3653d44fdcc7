"""Operation values of the demo hospital: what its departments report by hand, as core/definitions/demo_operations.yaml
describes it. Whole numbers only, so that the workbooks come out the same on every processor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from core.catalog import DEFINITIONS, catalog, load_yaml
from core.demo.numbers import Ints, even_path, noise
from core.demo.organisation import Department, departments, of_class, periods, units
from core.demo.people import headcount
from core.demo.volumes import monthly, volumes
from core.demo.words import generator

WIDE_FROM, WIDE = 202501, ("complaints", "falls", "adverse_events")
_SHARE = 10_000


@dataclass(frozen=True, slots=True)
class Reported:
    """One value of one month; `dept` and `code` (of the object) may be ''. `bottom` is None for amounts and counts."""

    period: int
    dept: str
    metric: str
    code: str
    name: str
    top: int
    bottom: int | None

    @property
    def wide(self) -> bool:
        """Whether it is reported in the workbook with metrics across: counts of wards, from 2025 on."""
        return self.metric in WIDE and self.period >= WIDE_FROM and self.dept.startswith("05")


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Any]:
    """The whole definition."""
    loaded: Mapping[str, Any] = load_yaml(DEFINITIONS / "demo_operations.yaml")
    return loaded


@lru_cache(maxsize=1)
def reported() -> tuple[Reported, ...]:
    """Every value, in the order of month, metric, department and object."""
    order = {term.name: place for place, term in enumerate(catalog().terms["operation_metrics"])}
    found = [one for rule in rules()["lines"] for one in _line(rule)]
    return tuple(sorted(found, key=lambda one: (one.period, order[one.metric], one.dept, one.code)))


def _line(rule: Mapping[str, Any]) -> Iterator[Reported]:
    draw = generator(f"operation {rule['metric']} {rule['of']}")
    months, every = periods(), int(rule.get("every", 1))
    path = even_path(int(rule["first"]), int(rule["last"]), len(months))
    objects = rules()["objects"].get(rule.get("objects"), [("", "")])
    for dept in _who(str(rule["of"])):
        for code, name in objects:
            level = noise(draw, int(rule["wobble"]) // 2, 1) if dept or code else np.array([1000])
            wobble = noise(draw, int(rule["wobble"]), len(months))
            for m, period in enumerate(months):
                if period % 100 % every or _missing(str(rule["metric"]), dept, period):
                    continue
                factor = _factor(str(rule["metric"]), dept, str(code), period)
                value = int(path[m]) * int(level[0]) * int(wobble[m]) * factor
                if "per" not in rule:
                    top = (value + 500_000_000) // 1_000_000_000
                    yield Reported(period, dept, rule["metric"], code, name, top, None)
                    continue
                bottom = _per(rule["per"], dept, m, every)
                top = (value * bottom + _SHARE * 500_000_000) // (_SHARE * 1_000_000_000)
                if rule["metric"] in ("satisfaction", "pathway_entry", "training", "follow_up_7"):
                    top = min(top, bottom)
                if bottom:
                    yield Reported(period, dept, rule["metric"], code, name, top, bottom)


def _who(of: str) -> list[str]:
    held: dict[str, list[Department]] = {
        "wards": list(units("inpatient")),
        "surgical": [unit for unit in units("inpatient") if unit.kind == "surgical"],
        "medical": [unit for unit in units("inpatient") if unit.kind != "surgical"],
        "clinics": list(units("outpatient")),
        "clinical": list(of_class("clinical")),
        "offices": list(of_class("admin")),
        "all": list(departments()),
    }
    return [""] if of == "hospital" else [dept.code for dept in held[of]]


@lru_cache(maxsize=1)
def _places() -> dict[str, dict[str, int]]:
    return {
        "inpatient": {unit.code: i for i, unit in enumerate(units("inpatient"))},
        "outpatient": {unit.code: i for i, unit in enumerate(units("outpatient"))},
        "all": {dept.code: i for i, dept in enumerate(departments())},
    }


def _per(per: str | int, dept: str, m: int, every: int) -> int:
    """What a value is out of: a number, or the volumes of the month (of the quarter or year it is reported for)."""
    if isinstance(per, int):
        return per
    made, places = volumes(), _places()
    if per == "people":
        people: Ints = headcount()[:, m]
        return int(people[places["all"][dept]]) if dept else int(people.sum())
    span = slice(m - every + 1, m + 1)
    if per == "income":
        return int(monthly("income")[span].sum())
    if per == "visits":
        return int(made.visits[:, span].sum())
    counted = made.discharges[places["inpatient"][dept], span] if dept else made.discharges[:, span]
    return int(counted.sum()) * (14_200 if per == "claims" else 1)


def _factor(metric: str, dept: str, code: str, period: int) -> int:
    for rule in rules()["bad"]:
        meant = rule["metric"] == metric and period >= rule["from"]
        if meant and rule.get("dept", dept) == dept and rule.get("object", code) == code:
            return int(rule["factor"])
    return 1000


def _missing(metric: str, dept: str, period: int) -> bool:
    return any(
        rule.get("metric", metric) == metric
        and rule.get("dept", dept) == dept
        and rule["from"] <= period <= rule["to"]
        for rule in rules()["missing"]
    )
