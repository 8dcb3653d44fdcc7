"""What finance reads and signs, loaded once: extracts, cost items, classes, scopes, parameters.

Every definition file is YAML under `core/definitions/`. Loading is strict: a duplicate or unknown key is refused
with the list of what is allowed, so a typing error in a definition never becomes a silent default. This module is
the only door to the yaml library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

DEFINITIONS = Path(__file__).parent / "definitions"
COLUMN_TYPES = ("code", "text", "integer", "quantity", "money", "date", "time", "period", "flag", "choice")
TERM_FILES = ("organisation.yaml", "operation_metrics.yaml", "systems.yaml")
# What the intake refuses beside cells it cannot read (core/intake/control.py).
RULES = ("not_negative", "adds_up", "known_department")
STATUSES = ("sourced", "hospital rule", "assumed")


class DefinitionError(ValueError):
    """A definition file cannot be used; the message says file, key and what is allowed."""


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """SafeLoader that refuses duplicate keys and keeps yes/no/on/off and unquoted codes as they are written."""


def _no_duplicates(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            where = key_node.start_mark
            raise DefinitionError(f"{where.name}, line {where.line + 1}: key {key!r} is given twice")
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _no_duplicates)
# YAML 1.1 would turn `no`, `on`, `y` into booleans and `12:30` into a number; words stay words here.
_StrictLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path) -> Any:
    """Parse one YAML file strictly.

    Raises:
        DefinitionError: on a syntax error or a duplicate key, with file and line.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=_StrictLoader)
    except yaml.YAMLError as problem:
        raise DefinitionError(f"{path}: {problem}") from problem


@dataclass(frozen=True, slots=True)
class Label:
    """The words a person reads, in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The label in `lang` ('zh' or 'en')."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Term:
    """One member of a closed list (a cost item, a department class, a scope, a charge class, an operation metric)."""

    name: str
    label: Label
    aliases: tuple[str, ...] = ()
    number: str | int = ""
    short: Label | None = None
    letter: str = ""
    behaviour: str = ""
    layers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    unit: str = ""
    kind: str = ""
    over: str = "sum"
    better: str = ""
    object: str = ""
    money: tuple[str, ...] = ()
    money_in: int = 1
    seldom_above: str = ""
    care: str = ""

    def brief(self, lang: str) -> str:
        """Short label where one is declared, else the label."""
        return (self.short or self.label).of(lang)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an extract: its type, the headings it goes by, and the closed list it draws from."""

    name: str
    label: Label
    type: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    role: str = ""
    of: str = ""
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """One kind of upload.

    `requires` holds groups of columns of which at least one must be found. `spread` names the columns that may lie
    across the sheet (months or items as headings). `amount` is the money column that control totals are held
    against, `value` the quantity column where there is no money. `carry_forward` extracts stay valid until replaced.
    `zeros`: a 0 that lies across is a statement (no claim refused), not an empty cell.
    `hospital_wide`: a line without a department speaks of the whole hospital.
    """

    name: str
    number: str
    label: Label
    about: Label
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    requires: tuple[tuple[str, ...], ...]
    periodic: bool
    status: str
    amount: str | None = None
    value: str | None = None
    spread: tuple[str, ...] = ()
    carry_forward: bool = False
    zeros: bool = False
    hospital_wide: bool = False
    period_from: str | None = None
    rules: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if the extract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def across(self) -> Column | None:
        """The column of a closed list whose members may lie across the sheet as headings."""
        return next((c for c in self.columns if c.type == "choice" and c.name in self.spread), None)

    @property
    def measure(self) -> str | None:
        """The column that totals are held against: money where there is money, else the declared quantity."""
        return self.amount or self.value


@dataclass(frozen=True, slots=True)
class Catalog:
    """All definitions, read-only."""

    extracts: Mapping[str, Extract]
    terms: Mapping[str, tuple[Term, ...]]

    def term(self, kind: str, name: str) -> Term:
        """One term of a closed list, e.g. `term('cost_items', 'staff')`."""
        for term in self.terms[kind]:
            if term.name == name:
                return term
        raise KeyError(f"{kind}: {name}")

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of a closed list in their declared order."""
        return tuple(term.name for term in self.terms[kind])

    def labels(self, kind: str, lang: str) -> dict[str, str]:
        """name -> label of a closed list."""
        return {term.name: term.label.of(lang) for term in self.terms[kind]}


def build(cls: type, raw: Mapping[str, Any], where: str, **made: Any) -> Any:
    """Make dataclass `cls` from a mapping, refusing unknown and missing keys.

    `made` holds values already converted by the caller (nested objects); lists become tuples, {zh, en} becomes Label.
    """
    allowed = {field.name: field for field in fields(cls)}
    unknown = set(raw) - set(allowed)
    if unknown:
        raise DefinitionError(f"{where}: unknown key {sorted(unknown)}; allowed are {sorted(allowed)}")
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
            value = Label(str(value["zh"]), str(value["en"]))
        elif isinstance(value, Mapping):
            raise DefinitionError(
                f"{where}: {key} must be {{zh: ..., en: ...}}; quote texts that hold a comma"
            )
        elif isinstance(value, list):
            value = tuple(tuple(item) if isinstance(item, list) else item for item in value)
        values[key] = value
    values.update(made)
    try:
        return cls(**values)
    except TypeError as problem:
        raise DefinitionError(f"{where}: {problem}") from None


def _extract(path: Path, kinds: Mapping[str, tuple[Term, ...]]) -> Extract:
    raw = load_yaml(path)
    columns = []
    for entry in raw.get("columns", []):
        where = f"{path.name}, column {entry.get('name')}"
        column = build(
            Column, {**entry, "aliases": [str(alias) for alias in entry.get("aliases", [])]}, where
        )
        if column.type not in COLUMN_TYPES:
            raise DefinitionError(f"{where}: type {column.type!r}; allowed are {list(COLUMN_TYPES)}")
        if column.type == "choice" and column.of not in kinds:
            raise DefinitionError(f"{where}: choice of {column.of!r}; allowed are {sorted(kinds)}")
        columns.append(column)
    extract: Extract = build(Extract, raw, path.name, columns=tuple(columns))
    if extract.name != path.stem:
        raise DefinitionError(f"{path.name}: name {extract.name!r} must be the file name")
    if extract.status not in STATUSES:
        raise DefinitionError(f"{path.name}: status {extract.status!r}; allowed are {list(STATUSES)}")
    if set(extract.rules) - set(RULES):
        raise DefinitionError(f"{path.name}: rules {list(extract.rules)}; allowed are {list(RULES)}")
    names = {column.name for column in columns}
    if len(names) != len(columns):
        raise DefinitionError(f"{path.name}: a column name is given twice")
    named = {*extract.key, *extract.spread, *(name for group in extract.requires for name in group)}
    named |= {name for name in (extract.amount, extract.value, extract.period_from) if name}
    # `spread: [item]` means the item columns lie across; it is not itself a column.
    missing = named - names - {"item", "period"}
    if missing:
        raise DefinitionError(f"{path.name}: {sorted(missing)} named but not declared as columns")
    return extract


def _terms(path: Path) -> dict[str, tuple[Term, ...]]:
    kinds: dict[str, tuple[Term, ...]] = {}
    for kind, entries in load_yaml(path).items():
        made = []
        for entry in entries:
            where = f"{path.name}, {kind}, {entry.get('name')}"
            entry = {**entry, "aliases": [str(alias) for alias in entry.get("aliases", [])]}
            short = entry.pop("short", None)
            made.append(build(Term, entry, where, short=Label(**short) if short else None))
        if len({term.name for term in made}) != len(made):
            raise DefinitionError(f"{path.name}, {kind}: a name is given twice")
        kinds[kind] = tuple(made)
    return kinds


def load_catalog(root: Path = DEFINITIONS) -> Catalog:
    """Read every definition under `root`.

    Raises:
        DefinitionError: naming file, key and what is allowed.
    """
    terms: dict[str, tuple[Term, ...]] = {}
    for path in (root / name for name in TERM_FILES):
        terms |= _terms(path) if path.exists() else {}
    extracts = [_extract(path, terms) for path in sorted((root / "extracts").glob("*.yaml"))]
    by_number = sorted(extracts, key=lambda extract: extract.number)
    if len({extract.number for extract in extracts}) != len(extracts):
        raise DefinitionError("two extracts carry the same number")
    return Catalog(
        MappingProxyType({extract.name: extract for extract in by_number}), MappingProxyType(terms)
    )


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """The catalog of the shipped definitions, read once per process."""
    return load_catalog()
