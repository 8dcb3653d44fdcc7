"""The words by which the intake understands a sheet, from `core/definitions/intake.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.catalog import DEFINITIONS, Label, build, load_yaml

Words = tuple[str, ...]

# Everything that trailing blanks of exports are made of: tabs, no-break and full-width spaces, zero-width marks, BOM.
BLANKS = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + "\u200b\u200c\u200d\u2060\ufeff"
_SPACES = re.compile(f"[{re.escape(BLANKS)}]+")


@dataclass(frozen=True, slots=True)
class AmountWords:
    """How people write amounts."""

    currency: Words
    nil: Words
    dashes: Words
    minus_words: Words
    separators: Words


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """How people write months."""

    year: Words
    month: Words
    day: Words
    quarter: Words
    ordinal: Words
    numerals: Words
    months_en: Words
    halves: Words
    to: Words
    made: Words


@dataclass(frozen=True, slots=True)
class FlagWords:
    """Yes, no, and the two states of things that can be stopped."""

    yes: Words
    no: Words
    running: Words
    stopped: Words


@dataclass(frozen=True, slots=True)
class TotalWords:
    """What totals are called."""

    grand: Words
    section: Words
    running: Words
    page: Words
    not_totals: Words
    across: Words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of intake.yaml, every word squeezed (see `squeeze`)."""

    units: tuple[tuple[str, Decimal], ...]
    unit_names: Mapping[Decimal, str]
    percent: Words
    unit_prefixes: Words
    unit_labels: Words
    heading_fillers: frozenset[str]
    heading_marks: Words
    code_words: Words
    name_words: Words
    whole_year: frozenset[str]
    only_when_said: frozenset[str]
    amount: AmountWords
    period: PeriodWords
    flags: FlagWords
    totals: TotalWords
    footers: Words
    year_headings: frozenset[str]
    month_headings: frozenset[str]
    measures: Mapping[str, Mapping[str, Words]]
    hints: Mapping[str, Words]
    origins: Mapping[str, Label]
    not_additive: frozenset[str]
    dept_places: Mapping[str, str]


def trim(text: str | None) -> str:
    """The text without blanks of any kind at its ends; '' for None."""
    return (text or "").strip(BLANKS)


def even(text: str | None) -> str:
    """Full-width forms made half-width, blanks of any kind made one space, ends trimmed. Case stays."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text or "")).strip()


def squeeze(text: str | None) -> str:
    """Even, lower case, and without any blank: the form in which words are compared."""
    return even(text).lower().replace(" ", "").replace("_", "")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped words, read once per process.

    Raises:
        DefinitionError: naming the key that is unknown or missing.
    """
    raw: dict[str, Any] = load_yaml(DEFINITIONS / "intake.yaml")
    units = [(squeeze(word), Decimal(entry["factor"])) for entry in raw["units"] for word in entry["words"]]
    made: dict[str, Any] = {
        "units": tuple(sorted(units, key=lambda unit: -len(unit[0]))),
        "amount": build(
            AmountWords, {key: _plain(v) for key, v in raw["amount"].items()}, "intake.yaml, amount"
        ),
        "period": build(
            PeriodWords, {key: _words(v) for key, v in raw["period"].items()}, "intake.yaml, period"
        ),
        "flags": build(FlagWords, {key: _words(v) for key, v in raw["flags"].items()}, "intake.yaml, flags"),
        "totals": build(
            TotalWords, {key: _words(v) for key, v in raw["totals"].items()}, "intake.yaml, totals"
        ),
        "measures": MappingProxyType(
            {
                name: {column: _words(v) for column, v in entry.items()}
                for name, entry in raw["measures"].items()
            }
        ),
        "hints": MappingProxyType({name: _words(v) for name, v in raw["hints"].items()}),
        "unit_names": MappingProxyType(
            {Decimal(entry["factor"]): entry["words"][0] for entry in raw["units"]}
        ),
        "unit_prefixes": _words(raw["unit_prefixes"]),
        "unit_labels": _words(raw["unit_labels"]),
        "percent": _words(raw["percent"]),
        "heading_marks": _plain(raw["heading_marks"]),
        "origins": MappingProxyType({key: Label(**words) for key, words in raw["origins"].items()}),
        "code_words": _words(raw["code_words"]),
        "name_words": _words(raw["name_words"]),
        "footers": _words(raw["footers"]),
        "dept_places": MappingProxyType(_places(raw.pop("dept_places"))),
    }
    for key in ("heading_fillers", "year_headings", "month_headings"):
        made[key] = frozenset(_words(raw[key]))
    for key in ("not_additive", "whole_year", "only_when_said"):
        made[key] = frozenset(raw[key])
    loaded: Lexicon = build(
        Lexicon, {key: value for key, value in raw.items() if key not in made}, "intake.yaml", **made
    )
    return loaded


def _places(raw: dict[str, list[str]]) -> dict[str, str]:
    """Ending -> place, longest ending first."""
    pairs = [(squeeze(word), place) for place, words in raw.items() for word in words]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def _words(values: list[Any]) -> Words:
    return tuple(squeeze(str(value)) for value in values)


def _plain(values: list[Any]) -> Words:
    return tuple(str(value) for value in values)
