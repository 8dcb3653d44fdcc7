"""How much the four perspectives and the indicators in them count: editable, adding up to 100, every version kept.

weights(settings) -> Weights        set_weights(store, hospital, weights, actor=, at=)
versions(settings) -> who set what, when and why, oldest first
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.indicators.define import indicators, perspectives
from core.settings import Settings, get_settings, set_value
from core.store import Snapshot, Store

KEY = "scorecard_weights"


class WeightError(ValueError):
    """Weights that cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Per cent by perspective, and weight by indicator (1 where none is given)."""

    perspectives: Mapping[str, Decimal]
    indicators: Mapping[str, Decimal] = field(default_factory=dict)

    def of(self, code: str) -> Decimal:
        """The weight of an indicator within its perspective."""
        return self.indicators.get(code, Decimal(1))


@dataclass(frozen=True, slots=True)
class Version:
    """One set of weights, as somebody set it."""

    weights: Weights
    by: str
    at: datetime
    why: str = ""


def _made(raw: Mapping[str, Any] | None) -> Weights:
    if not raw:
        return Weights({one.name: Decimal(one.weight) for one in perspectives().values()})
    return Weights(
        {name: Decimal(value) for name, value in raw["perspectives"].items()},
        {code: Decimal(value) for code, value in raw["indicators"].items()},
    )


def weights(settings: Settings) -> Weights:
    """The hospital's own weights, else the shipped 30, 25, 30 and 15."""
    held = settings.other.get(KEY)
    return _made(held[-1] if held else None)


def set_weights(
    store: Store, hospital: str, wanted: Weights, *, actor: str, at: datetime, why: str = ""
) -> Snapshot:
    """Keep these weights, with the reason they are what they are.

    Raises:
        WeightError: a perspective is missing, a weight is negative, or the four do not add up to 100.
    """
    if set(wanted.perspectives) != set(perspectives()):
        raise WeightError(f"weights are needed for {list(perspectives())}")
    if any(value < 0 for value in (*wanted.perspectives.values(), *wanted.indicators.values())):
        raise WeightError("a weight cannot be negative")
    if sum(wanted.perspectives.values()) != 100:
        raise WeightError(f"the four weights add up to {sum(wanted.perspectives.values())}, not to 100")
    if unknown := set(wanted.indicators) - set(indicators()):
        raise WeightError(f"no indicator {sorted(unknown)}")
    held = get_settings(store, store.snapshot(), hospital)
    one = {
        "perspectives": {name: str(value) for name, value in wanted.perspectives.items()},
        "indicators": {code: str(value) for code, value in wanted.indicators.items()},
        "by": actor,
        "at": at.isoformat(),
        "why": why.strip(),
    }
    return set_value(store, hospital, KEY, [*(held.other.get(KEY) or ()), one], actor=actor, at=at)


def versions(settings: Settings) -> tuple[Version, ...]:
    """Every set of weights so far, oldest first; the last one holds."""
    return tuple(
        Version(_made(raw), raw["by"], datetime.fromisoformat(raw["at"]), raw.get("why", ""))
        for raw in settings.other.get(KEY) or ()
    )
