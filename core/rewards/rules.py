"""The rules W1 to W12 as declared in definitions/rewards.yaml, and their formulas in words made from the same entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from core.catalog import DEFINITIONS, STATUSES, DefinitionError, Label, build, load_yaml

KINDS = ("share", "award", "lump", "split", "flag", "insurer", "fund", "record")
OBJECTS = ("dept", "project", "vendor", "hospital", "person")
MADE = ("saving_rate", "early_quality")
WORDS = ("formulas", "states", "reasons", "sanctions", "errors")


@dataclass(frozen=True, slots=True)
class RedLine:
    """A quality line: the metric it is judged by ('' is counted from tracings), the parameter that limits it."""

    name: str
    metric: str
    limit: str
    better: str
    unit: str
    label: Label
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of rewards.yaml; see the head of that file."""

    name: str
    number: str
    kind: str
    object: str
    base: str
    label: Label
    about: Label
    status: str
    rate: str = ""
    low: str = ""
    high: str = ""
    over: str = ""
    keep: str = ""
    any: tuple[str, ...] = ()
    red_lines: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters the rule is computed with, the red lines' limits included."""
        own = (self.rate, self.low, self.high, self.over, self.keep)
        limits = (red_lines()[name].limit for name in self.red_lines)
        return tuple(name for name in (*own, *limits) if name)

    def formula(self, lang: str, values: Mapping[str, tuple[Label, Decimal | None, str]]) -> str:
        """The formula in words with the values in force; `values`: parameter -> (label, value, unit)."""
        words = words_of("formulas")
        key = (
            self.kind
            if self.kind != "flag"
            else "flag_project"
            if self.object == "project"
            else f"flag_{self.over}"
        )

        def shown(name: str, *, ranged: bool = False) -> str:
            label, value, unit = values.get(name, (Label(name, name), None, ""))
            said = {"label": label.of(lang), "value": _said(value, unit, lang)}
            if ranged and self.low and self.high:
                low, high = (_said(values[n][1], values[n][2], lang) for n in (self.low, self.high))
                return words["ranged"].of(lang).format(**said, low=low, high=high)
            return words["plain"].of(lang).format(**said)

        names = " ".join(red_lines()[name].label.of(lang) for name in self.red_lines)
        return words[key].of(lang).format(
            base=definition().figures[self.base].of(lang),
            rate=shown(self.rate, ranged=True) if self.rate else "",
            over=_said(values[self.over][1], values[self.over][2], lang) if self.over in values else "",
            keep=shown(self.keep) if self.keep else "",
            lines=words["lines"].of(lang).format(names=names) if names else "",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything in rewards.yaml, read-only."""

    rules: Mapping[str, Rule]
    red_lines: Mapping[str, RedLine]
    figures: Mapping[str, Label]
    words: Mapping[str, Mapping[str, Label]]


def _said(value: Decimal | None, unit: str, lang: str) -> str:
    if value is None:
        return words_of("formulas")["undecided"].of(lang)
    if unit == "percent":
        return f"{(value * 100).normalize():f}%"
    number = f"{value.normalize():,f}"
    words = words_of("formulas")
    return words[unit].of(lang).format(value=number) if unit in words else number


@lru_cache(maxsize=1)
def definition() -> Definition:
    """The rules, read once.

    Raises:
        DefinitionError: an unknown key, kind, object, red line or figure.
    """
    path = DEFINITIONS / "rewards.yaml"
    raw = load_yaml(path)
    where = path.name
    if unknown := set(raw) - {"rules", "red_lines", "figures", *WORDS}:
        raise DefinitionError(f"{where}: unknown key {sorted(unknown)}")
    words = {
        kind: MappingProxyType({key: build(Label, both, f"{where}, {kind}, {key}") for key, both in raw[kind].items()})
        for kind in WORDS
    }  # fmt: skip
    figures = {key: build(Label, both, f"{where}, figures, {key}") for key, both in raw["figures"].items()}
    lines: dict[str, RedLine] = {
        one["name"]: build(RedLine, one, f"{where}, {one.get('name')}") for one in raw["red_lines"]
    }
    rules: dict[str, Rule] = {}
    for entry in raw["rules"]:
        at = f"{where}, {entry.get('name')}"
        one: Rule = build(Rule, entry, at)
        checks = ((one.kind, KINDS), (one.object, OBJECTS), (one.status, STATUSES), (one.base, figures))
        for value, allowed in (
            *checks,
            *((name, lines) for name in one.red_lines),
            *((a, MADE) for a in one.any),
        ):
            if value not in allowed:
                raise DefinitionError(f"{at}: {value!r}; allowed are {list(allowed)}")
        if one.name in rules:
            raise DefinitionError(f"{at}: given twice")
        rules[one.name] = one
    return Definition(
        MappingProxyType(rules), MappingProxyType(lines), MappingProxyType(figures), MappingProxyType(words)
    )


def rules() -> Mapping[str, Rule]:
    """W1 to W12 by name, in their order."""
    return definition().rules


def red_lines() -> Mapping[str, RedLine]:
    """The red lines by name."""
    return definition().red_lines


def words_of(kind: str) -> Mapping[str, Label]:
    """A closed list of words: formulas, states, reasons, sanctions."""
    return definition().words[kind]


class RewardError(ValueError):
    """Something a person asked for that the rules do not allow; `text(lang)` says it in their language."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(words_of("errors")[code].of("en").format(**params))
        self.code, self.params = code, params

    def text(self, lang: str) -> str:
        """The sentence for a person."""
        return words_of("errors")[self.code].of(lang).format(**self.params)
