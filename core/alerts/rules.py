"""The rules A01 to A18 as declared in definitions/alerts.yaml. A rule has cases; a case is one test over one figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.catalog import DEFINITIONS, STATUSES, DefinitionError, Label, Term, build, catalog, load_yaml
from core.measures import measure, measures
from core.parameters import parameters
from core.people import roles

LEVELS = ("notice", "warning", "serious")
KINDS = (
    "over", "above", "below", "gap", "band", "pace", "growth", "race", "streak", "sigma", "peer", "price", "age",
)  # fmt: skip
SPANS = ("month", "ytd", "life")
BY = ("hospital", "dept", "dept_item", "")
NONE = Label("", "")
# How the result of a kind is shown.
_UNITS = {
    "pace": "points", "streak": "months", "sigma": "sigma", "peer": "times", "gap": "yuan", "age": "hours", "below": "score",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One test; see the head of alerts.yaml. `unit`: of the figures put in (yuan, cases, score)."""

    name: str
    kind: str
    limits: tuple[tuple[str, str], ...]
    owners: tuple[str, ...]
    due: int
    budget: str = ""
    top: str = ""
    bottom: str = ""
    metric: str = ""
    span: str = "month"
    by: str = ""
    classes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    group: str = ""
    way: str = ""
    least: str = ""
    history: bool = False
    reach: bool = False
    times: int = 1
    unit: str = "yuan"
    top_label: Label = NONE
    bottom_label: Label = NONE

    @property
    def shown_in(self) -> str:
        """Unit of the result and of the limit."""
        return _UNITS.get(self.kind, "percent")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter the case depends on."""
        own = [name for name, _ in self.limits] + [self.way, self.least]
        return tuple(name for name in (*own, "alert_min_months" if self.history else "") if name)

    @property
    def needs(self) -> tuple[str, ...]:
        """Extracts without which the case cannot say anything."""
        if self.metric:
            return ("operation_value",)
        if self.budget:
            return ("budget", "ledger_cost" if self.budget == "cost" else "income")
        return tuple(dict.fromkeys(measure(name).needs for name in (self.top, self.bottom) if name))

    @property
    def object_kind(self) -> str:
        """What an alert of the case is about: hospital, dept, item, project, vendor, drg, device, drug, alert ..."""
        if self.kind == "age":
            return "alert"
        if self.metric:
            return metric(self.metric).object or "dept"
        return {"hospital": "hospital", "dept_item": "cost_item"}.get(self.by, "dept")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and its cases."""

    number: str
    label: Label
    about: Label
    source: Label
    status: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Specialty:
    """Departments that belong together clinically, found by words in their name."""

    name: str
    label: Label
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything in alerts.yaml."""

    rules: Mapping[str, Rule]
    cases: Mapping[str, tuple[Rule, Case]]
    levels: Mapping[str, Label]
    words: Mapping[str, Mapping[str, Label]]
    budget_words: Mapping[str, Any]
    units: Mapping[str, Label]
    objects: Mapping[str, Label]
    specialties: tuple[Specialty, ...]


def metric(name: str) -> Term:
    """An operation metric by name.

    Raises:
        KeyError: nobody defined it.
    """
    return catalog().term("operation_metrics", name)


@lru_cache(maxsize=1)
def definition() -> Definition:
    """The shipped rules, read once per process."""
    return load_definition(DEFINITIONS / "alerts.yaml")


def rules() -> Mapping[str, Rule]:
    """Rules by number."""
    return definition().rules


def case(name: str) -> Case:
    """A case by its name; KeyError if nobody defined it."""
    return definition().cases[name][1]


def rule_of(name: str) -> Rule:
    """The rule a case belongs to."""
    return definition().cases[name][0]


def load_definition(path: Path) -> Definition:
    """Read and check the rules.

    Raises:
        DefinitionError: an unknown key, kind, parameter, measure, metric or role; the message says what is allowed.
    """
    text = load_yaml(path)
    sources = {key: Label(**words) for key, words in text["sources"].items()}
    found: dict[str, Rule] = {}
    cases: dict[str, tuple[Rule, Case]] = {}
    for raw in text["rules"]:
        where = f"{path.name}, {raw.get('number')}"
        if raw.get("source") not in sources:
            raise DefinitionError(f"{where}: source {raw.get('source')!r}; allowed are {sorted(sources)}")
        made = tuple(_case(one, f"{path.name}, {one.get('name')}") for one in raw.get("cases", ()))
        plain = {key: value for key, value in raw.items() if key not in ("cases", "source")}
        one: Rule = build(Rule, plain, where, cases=made, source=sources[raw["source"]])
        if one.status not in STATUSES or one.number in found or not made:
            raise DefinitionError(f"{where}: needs one of {list(STATUSES)}, a number of its own, and cases")
        found[one.number] = one
        for each in made:
            if each.name in cases:
                raise DefinitionError(f"{where}: case {each.name} is given twice")
            cases[each.name] = (one, each)
    return Definition(
        MappingProxyType(found),
        MappingProxyType(cases),
        {name: Label(**words) for name, words in text["levels"].items()},
        {kind: {key: Label(**words) for key, words in pair.items()} for kind, pair in text["kinds"].items()},
        text["budget_words"],
        {name: Label(**words) for name, words in text["units"].items()},
        {name: Label(**words) for name, words in text["objects"].items()},
        tuple(build(Specialty, raw, f"{path.name}, specialties") for raw in text["specialties"]),
    )


def _case(raw: Mapping[str, Any], where: str) -> Case:
    one: Case = build(Case, raw, where)
    for value, allowed in ((one.kind, KINDS), (one.span, SPANS), (one.by, BY)):
        if value not in allowed:
            raise DefinitionError(f"{where}: {value!r}; allowed are {list(allowed)}")
    figures = [bool(one.budget), bool(one.metric), bool(one.top and one.bottom)]
    if sum(figures) != (one.kind != "age"):
        raise DefinitionError(f"{where}: exactly one of budget, metric, or top with bottom")
    for name, level in one.limits:
        if level not in LEVELS or name not in parameters():
            raise DefinitionError(
                f"{where}: limit {name!r} at {level!r}: a parameter, and one of {list(LEVELS)}"
            )
    if not 1 <= len(one.limits) <= 2:
        raise DefinitionError(f"{where}: one or two limits")
    for name in one.parameters:
        if name not in parameters():
            raise DefinitionError(f"{where}: no parameter {name!r}")
    for name in one.owners:
        if name not in roles():
            raise DefinitionError(f"{where}: no role {name!r}; allowed are {sorted(roles())}")
    for name in (one.top, one.bottom):
        if name and (name not in measures() or measure(name).kind != "sum"):
            raise DefinitionError(f"{where}: {name!r} is no sum of measures.yaml")
    if one.metric:
        known = {term.name for term in catalog().terms.get("operation_metrics", ())}
        if one.metric not in known:
            raise DefinitionError(f"{where}: no operation metric {one.metric!r}")
        if not (one.top_label.zh and one.bottom_label.zh):
            raise DefinitionError(f"{where}: a metric needs top_label and bottom_label")
    return one
