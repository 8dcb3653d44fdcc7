"""How far the scorecard is introduced: the four phases with their steps, and the pilot departments it runs for.

    phases() -> (Phase, ...)      rollout(settings) -> Rollout      set_rollout(store, hospital, rollout, actor=, at=)
Until a hospital says otherwise the scorecard runs for every department.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from core.catalog import Label, build
from core.indicators.facts import definition
from core.settings import Settings, set_value
from core.store import Snapshot, Store

KEY = "scorecard_rollout"


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase; `months` is how long it usually takes, (0, 0) for one without an end."""

    name: str
    months: tuple[int, int]
    label: Label
    steps: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Rollout:
    """`done`: steps as 'phase:number'; `pilots`: codes of the departments it runs for, () for all."""

    done: tuple[str, ...] = ()
    pilots: tuple[str, ...] = ()

    def share(self, phase: Phase) -> tuple[int, int]:
        """(steps done, steps) of a phase."""
        return sum(f"{phase.name}:{n}" in self.done for n in range(len(phase.steps))), len(phase.steps)

    def runs_for(self, dept: str) -> bool:
        """Whether a department takes part."""
        return not self.pilots or dept in self.pilots


@lru_cache(maxsize=1)
def phases() -> tuple[Phase, ...]:
    """The four phases in their order."""
    found = []
    for raw in definition("phases")["phases"]:
        steps = tuple(Label(**words) for words in raw["steps"])
        plain = {key: value for key, value in raw.items() if key != "steps"}
        found.append(build(Phase, plain, f"phases.yaml, {raw['name']}", steps=steps))
    return tuple(found)


def rollout(settings: Settings) -> Rollout:
    """What the hospital said."""
    raw = settings.other.get(KEY) or {}
    return Rollout(tuple(raw.get("done", ())), tuple(raw.get("pilots", ())))


def set_rollout(store: Store, hospital: str, wanted: Rollout, *, actor: str, at: datetime) -> Snapshot:
    """Keep progress and pilots.

    Raises:
        ValueError: a step that is in no phase.
    """
    known = {f"{one.name}:{n}" for one in phases() for n in range(len(one.steps))}
    if unknown := set(wanted.done) - known:
        raise ValueError(f"no step {sorted(unknown)}")
    data = {"done": sorted(wanted.done), "pilots": sorted(wanted.pilots)}
    return set_value(store, hospital, KEY, data, actor=actor, at=at)
