"""Every definition of the program as one searchable list: what a word means, how it is computed, where from.

The dictionary page shows these entries. They are made from the definitions that compute, never typed twice:
extracts and closed lists from the catalog, methods, steps, drivers and identities from `allocation.yaml`, problems
from `issues.yaml`, measures from the formulas that the warehouse runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.catalog import DEFINITIONS, STATUSES, DefinitionError, Label, Term, build, catalog, load_yaml
from core.issue import sentences
from core.measures import measures

NONE = Label("", "")
# Order is the order of the page.
KINDS = (
    "extract", "cost_item", "dept_class", "scope", "fund_layer", "measure",
    "method", "step", "driver", "identity", "issue",
)  # fmt: skip
_TERMS = {
    "cost_item": "cost_items", "dept_class": "dept_classes", "scope": "scopes", "fund_layer": "fund_layers",
}  # fmt: skip
_ALLOCATION = {"method": "methods", "step": "steps", "driver": "drivers", "identity": "identities"}


@dataclass(frozen=True, slots=True)
class Definition:
    """One entry of `allocation.yaml`."""

    name: str
    label: Label
    status: str
    source: Label
    about: Label = NONE
    formula: Label = NONE
    unit: Label = NONE
    extract: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the dictionary.

    kind       one of KINDS
    code       the name in the definitions, e.g. 'ledger_cost' or 'I1'
    about      what it means; formula how it is computed, generated from what computes it
    better     lower | higher | target | none, '' where the question does not arise
    status     sourced | hospital rule | assumed, '' for problems
    also       other words it is understood by
    """

    kind: str
    code: str
    label: Label
    about: Label = NONE
    formula: Label = NONE
    unit: Label = NONE
    better: str = ""
    source: Label = NONE
    status: str = ""
    also: tuple[str, ...] = ()

    def text(self) -> str:
        """Everything a search may hit, in both languages."""
        fields = (self.label, self.about, self.formula, self.unit, self.source)
        words = [self.code, *self.also, *(part for field in fields for part in (field.zh, field.en))]
        return _loose(" ".join(words))


@lru_cache(maxsize=1)
def definitions() -> dict[str, tuple[Definition, ...]]:
    """methods, steps, drivers and identities by their section.

    Raises:
        DefinitionError: unknown section, unknown key, or a status nobody knows.
    """
    path = DEFINITIONS / "allocation.yaml"
    found: dict[str, tuple[Definition, ...]] = {}
    for section, entries in load_yaml(path).items():
        if section == "units":
            continue
        if section not in _ALLOCATION.values():
            raise DefinitionError(f"{path.name}: {section!r}; allowed are {sorted(_ALLOCATION.values())}")
        made = tuple(build(Definition, raw, f"{path.name}, {section}, {raw.get('name')}") for raw in entries)
        for one in made:
            if one.status not in STATUSES:
                raise DefinitionError(f"{path.name}, {one.name}: status {one.status!r}; allowed {STATUSES}")
        found[section] = made
    return found


def definition(section: str, name: str) -> Definition:
    """One entry of `allocation.yaml`; KeyError when nobody wrote it."""
    for one in definitions()[section]:
        if one.name == name:
            return one
    raise KeyError(f"{section}: {name}")


@lru_cache(maxsize=1)
def glossary() -> tuple[Entry, ...]:
    """Every entry, in the order of KINDS."""
    return tuple(sorted(_all(), key=lambda entry: KINDS.index(entry.kind)))


def search(words: str, kinds: Iterable[str] = KINDS) -> list[Entry]:
    """Entries of `kinds` that hold every word of `words` (any case, either language); all of them for ''."""
    asked = [word for word in _loose(words).split() if word]
    allowed = set(kinds)
    return [
        entry for entry in glossary() if entry.kind in allowed and all(word in entry.text() for word in asked)
    ]


def _loose(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()


def _all() -> Iterator[Entry]:
    for extract in catalog().extracts.values():
        headings = tuple(
            word for column in extract.columns for word in (column.label.zh, column.label.en, *column.aliases)
        )
        yield Entry(
            "extract", extract.name, extract.label, extract.about, status=extract.status, also=headings
        )
    for kind, name in _TERMS.items():
        for term in catalog().terms[name]:
            yield Entry(
                kind, term.name, term.label, also=term.aliases, formula=_scope(term), status="sourced"
            )
    for measure in measures().values():
        formula = Label(measure.formula("zh"), measure.formula("en"))
        yield Entry(
            "measure", measure.name, measure.label, formula=formula, unit=_unit(measure.unit),
            better=measure.better, source=measure.source, status=measure.status,
        )  # fmt: skip
    for kind, name in _ALLOCATION.items():
        for one in definitions()[name]:
            yield Entry(
                kind, one.name, one.label, one.about, one.formula, one.unit, "", one.source, one.status
            )
    for code, words in sentences().items():
        yield Entry(
            "issue", code, Label(words.what["zh"], words.what["en"]), Label(words.do["zh"], words.do["en"]),
            better=words.severity,
        )  # fmt: skip


def _unit(name: str) -> Label:
    """The words of a measure's unit."""
    raw = load_yaml(DEFINITIONS / "allocation.yaml")["units"][name]
    return Label(raw["zh"], raw["en"])


def _scope(term: Term) -> Label:
    """A scope as the sum of what it takes in, from its declared layers and classes."""
    if not term.layers:
        return NONE
    layers, classes = catalog().terms["fund_layers"], catalog().terms["dept_classes"]

    def of(lang: str) -> str:
        own = " + ".join(one.brief(lang) for one in classes if one.name in term.classes)
        money = " + ".join(one.brief(lang) for one in layers if one.name in term.layers)
        return f"{own} | {money}"

    return Label(of("zh"), of("en"))
