"""Dated parameters: limits, ratios and terms that hold from a month on until the next value.

Shipped values are `core/definitions/parameters/*.yaml`, one file per subject (`sources` gives words to source keys):

    sources: {seed: {zh, en}}
    parameters:
      - {name: alert_static, unit: percent, status: sourced, source: ..., label: {zh, en}, about: {zh, en},
         values: [{from: 201801, value: '0.15'}]}

    parameters() -> {name: Parameter}            value(settings, name, period) -> Decimal | None
    held(settings, name, period) -> Held         the value with its date, and who set it and why
    timeline(settings, name) -> (Held, ...)      every value in force, oldest first
    set_parameter(store, hospital, name, value, since, why=, actor=, at=)

A hospital's own values are settings (part of the snapshot, undone like an import). From the date of its first own
value the hospital's word holds; a value of None, shipped or set, means "not decided": callers say so and do not guess.
Ratios are fractions (0.15 for 15 %); `unit` says how a value is shown and what it may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.catalog import DEFINITIONS, STATUSES, DefinitionError, Label, build, load_yaml
from core.settings import Settings, get_settings, set_value
from core.store import Snapshot, Store

KEY = "parameters"
# percent: a fraction shown in per cent; points: a fraction shown in percentage points; times: a factor.
UNITS = (
    "percent", "points", "times", "months", "hours", "days", "yuan", "cases", "rows", "score", "count", "sigma", "choice",
)  # fmt: skip
_MADE = ("values", "lowest", "highest", "choices", "source")
FIRST, LAST = 190001, 299912


class ParameterError(ValueError):
    """A value that cannot be set; `text(lang)` says why and what to do."""

    def __init__(self, reason: str, **params: Any) -> None:
        self.reason, self._params = reason, params
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """What is wrong and what to do."""
        words: str = load_yaml(DEFINITIONS / "deciding.yaml")["parameters"][self.reason][lang]
        shown = {k: v.of(lang) if isinstance(v, Label) else v for k, v in self._params.items()}
        return words.format(**shown)


@dataclass(frozen=True, slots=True)
class Held:
    """A value and since when it holds. `value` None: not decided. `by`, `why` and `at` are '' for shipped values."""

    since: int
    value: Decimal | None
    by: str = ""
    why: str = ""
    at: str = ""

    @property
    def own(self) -> bool:
        """Whether the hospital set it."""
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry; `lowest` and `highest` bound what may be set, `choices` names the values of unit `choice` (0, 1, ...)."""

    name: str
    label: Label
    unit: str
    about: Label
    status: str
    source: Label
    group: str
    values: tuple[Held, ...]
    lowest: Decimal | None = None
    highest: Decimal | None = None
    choices: tuple[Label, ...] = ()


@lru_cache(maxsize=4)
def load_parameters(folder: Path) -> Mapping[str, Parameter]:
    """Read every file of `folder`.

    Raises:
        DefinitionError: unknown key, unit or status, a value that is no number, a name given twice.
    """
    found: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.yaml")):
        text = load_yaml(path)
        for raw in text["parameters"]:
            where = f"{path.name}, {raw.get('name')}"
            plain = {k: v for k, v in raw.items() if k not in _MADE}
            one: Parameter = build(
                Parameter, plain, where, group=path.stem, source=_source(text, raw, where), values=_values(raw.get("values"), where),
                lowest=_number(raw.get("lowest"), where), highest=_number(raw.get("highest"), where),
                choices=tuple(Label(**words) for words in raw.get("choices", ())),
            )  # fmt: skip
            for value, allowed in ((one.unit, UNITS), (one.status, STATUSES)):
                if value not in allowed:
                    raise DefinitionError(f"{where}: {value!r}; allowed are {list(allowed)}")
            if (one.unit == "choice") != bool(one.choices):
                raise DefinitionError(f"{where}: unit choice, and only that, names its choices")
            if one.name in found:
                raise DefinitionError(f"{where}: given twice")
            found[one.name] = one
    return MappingProxyType(found)


def parameters() -> Mapping[str, Parameter]:
    """All shipped parameters by name, read once per process."""
    return load_parameters(DEFINITIONS / "parameters")


def parameter(name: str) -> Parameter:
    """One parameter; KeyError if nobody defined it."""
    return parameters()[name]


def timeline(settings: Settings, name: str) -> tuple[Held, ...]:
    """Every value of a parameter that holds for some month, oldest first: shipped ones, then the hospital's."""
    own = own_values(settings, name)
    first = min((one.since for one in own), default=LAST)
    kept = {one.since: one for one in (*parameter(name).values, *own) if one.own or one.since < first}
    return tuple(kept[since] for since in sorted(kept))


def own_values(settings: Settings, name: str) -> tuple[Held, ...]:
    """What the hospital ever set for this parameter, in the order it was said; the last word on a month holds."""
    found = settings.other.get(KEY, {}).get(name, ())
    return tuple(
        Held(int(row["from"]), None if row["value"] is None else Decimal(row["value"]), row["by"], row["why"], row.get("at", ""))
        for row in found
    )  # fmt: skip


def held(settings: Settings, name: str, period: int) -> Held | None:
    """The value that holds in `period` (yyyymm) with its date and author; None before the first."""
    found = [one for one in timeline(settings, name) if one.since <= period]
    return found[-1] if found else None


def value(settings: Settings, name: str, period: int) -> Decimal | None:
    """The value that holds in `period` (yyyymm); None = not decided."""
    found = held(settings, name, period)
    return found.value if found else None


def set_parameter(
    store: Store, hospital: str, name: str, value: Decimal | str | None, since: int, *, why: str, actor: str, at: datetime
) -> Snapshot:  # fmt: skip
    """Let `value` hold from month `since` on, until a later value; None says it is not decided.

    Earlier words stay on record. The change is a batch in the history and can be undone.

    Raises:
        KeyError: no parameter is called so.
        ParameterError: no number, out of bounds, no month, or no reason given.
    """
    one = parameter(name)
    number = checked(one, value)
    if not (FIRST <= since <= LAST and 1 <= since % 100 <= 12):
        raise ParameterError("month", value=since)
    if not why.strip():
        raise ParameterError("why", label=one.label)
    settings = get_settings(store, store.snapshot(), hospital)
    kept = {key: list(rows) for key, rows in settings.other.get(KEY, {}).items()}
    row = {
        "from": since, "value": None if number is None else str(number), "by": actor or "-", "why": why.strip(),
        "at": at.isoformat(),
    }  # fmt: skip
    kept.setdefault(name, []).append(row)
    return set_value(store, hospital, KEY, kept, actor=actor, at=at)


def checked(one: Parameter, value: Decimal | str | None) -> Decimal | None:
    """`value` as a number this parameter may have.

    Raises:
        ParameterError: no number, or out of bounds.
    """
    if value is None:
        return None
    try:
        number = Decimal(str(value).strip())
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise ParameterError("number", label=one.label, value=value) from None
    low = one.lowest if one.lowest is not None else Decimal(0)
    high = one.highest if one.highest is not None else Decimal(len(one.choices) - 1) if one.choices else None
    if number < low or (high is not None and number > high):
        raise ParameterError(
            "bounds", label=one.label, value=number, low=low, high="∞" if high is None else high
        )
    return number


def _source(text: Mapping[str, Any], raw: Mapping[str, Any], where: str) -> Label:
    given, known = str(raw.get("source", "")), text.get("sources")
    if known is None:
        return Label(given, given)
    if given not in known:
        raise DefinitionError(f"{where}: source {given!r}; allowed are {sorted(known)}")
    return Label(**known[given])


def _values(raw: Any, where: str) -> tuple[Held, ...]:
    found = []
    for row in raw or ():
        if set(row) != {"from", "value"}:
            raise DefinitionError(f"{where}: a value has exactly `from` and `value`")
        found.append(Held(int(row["from"]), _number(row["value"], where)))
    if not found or [one.since for one in found] != sorted({one.since for one in found}):
        raise DefinitionError(f"{where}: values must be given, in order, one per month")
    return tuple(found)


def _number(raw: Any, where: str) -> Decimal | None:
    if raw is None:
        return None
    try:
        return Decimal(str(raw))
    except InvalidOperation:
        raise DefinitionError(f"{where}: {raw!r} is no number") from None
