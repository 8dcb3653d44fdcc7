"""Files in turn through a desk: read ahead, stored in order; what waits for an answer is tried again at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from core.batch import Decisions, Duplicate, NeedsDecision, Warned
from core.catalog import DEFINITIONS, load_yaml
from core.importing import Desk, confirmed, demo_files
from core.indicators.targets import set_targets, strategies
from core.intake import Options, Reading
from core.settings import Profile, get_settings, set_profile
from core.store import Store, StoreError

AHEAD = 2  # files read in parallel with the one being stored


@dataclass
class Outcome:
    """What became of one file. status: accepted | ready | duplicate | needs_decision | refused."""

    path: Path
    reading: Reading
    status: str
    batch: str = ""
    snapshot: str = ""
    same_as: str = ""
    warnings: list[Warned] = field(default_factory=list)
    refusal: str = ""


def through(
    desk: Desk,
    jobs: list[tuple[Path, Options]],
    *,
    actor: str,
    now: Callable[[], datetime],
    dry: bool = False,
    proposals: bool = False,
    action: str = "import",
) -> Iterator[Outcome]:
    """Each file in turn; the next ones are read while one is stored. What waits is tried again at the end, since a
    dictionary later in the list may have answered its question."""
    waiting: list[tuple[Path, Options]] = []
    with ThreadPoolExecutor(AHEAD) as pool:
        queue: list[tuple[Path, Options, Future[Reading]]] = []
        rest = iter(jobs)

        def feed(count: int) -> None:
            for path, asked in (job for _, job in zip(range(count), rest, strict=False)):
                queue.append((path, asked, pool.submit(desk.read, path, path.name, asked)))

        feed(1)
        while queue:
            path, asked, coming = queue.pop(0)
            outcome = _settle(
                desk,
                path,
                asked,
                coming.result(),
                actor=actor,
                now=now,
                dry=dry,
                proposals=proposals,
                action=action,
            )
            # Dictionaries shape how the files after them are read, so nothing is read ahead of one.
            known = {part.extract for part in outcome.reading.parts}
            feed(1 if known & {"dept", "cost_item"} else 1 + AHEAD - len(queue))
            if outcome.status == "needs_decision" and len(jobs) > 1:
                waiting.append((path, asked))
            else:
                yield outcome
    for path, asked in waiting:
        yield _settle(
            desk,
            path,
            asked,
            desk.read(path, path.name, asked),
            actor=actor,
            now=now,
            dry=dry,
            proposals=proposals,
            action=action,
        )


def _settle(
    desk: Desk,
    path: Path,
    asked: Options,
    reading: Reading,
    *,
    actor: str,
    now: Callable[[], datetime],
    dry: bool,
    proposals: bool,
    action: str,
) -> Outcome:
    try:
        return _store(
            desk, path, asked, reading, actor=actor, now=now, dry=dry, proposals=proposals, action=action
        )
    finally:
        desk.forget(reading)


def _store(
    desk: Desk,
    path: Path,
    asked: Options,
    reading: Reading,
    *,
    actor: str,
    now: Callable[[], datetime],
    dry: bool,
    proposals: bool,
    action: str,
) -> Outcome:
    if reading.status != "ready":
        return Outcome(path, reading, reading.status)
    decisions = confirmed(reading, Decisions(), proposals=proposals)
    extracts = {part.extract for part in reading.parts if part.status == "ready" and part.extract}
    if asked.source:
        decisions = replace(decisions, sources=dict.fromkeys(extracts, asked.source))
    effect = desk.preview(reading, decisions)
    if proposals:
        open_ones = {choice.extract: choice.source for choice in effect.sources if not choice.decided}
        decisions = replace(decisions, sources={**open_ones, **decisions.sources})
    warnings = list(effect.warnings)
    if effect.duplicate_of:
        return Outcome(path, reading, "duplicate", same_as=effect.duplicate_of, warnings=warnings)
    if dry:
        decided = all(choice.decided or choice.extract in decisions.sources for choice in effect.sources)
        return Outcome(path, reading, "ready" if decided else "needs_decision", warnings=warnings)
    try:
        made = desk.accept(reading, decisions, path, actor=actor, at=now(), action=action)
    except Duplicate as same:
        return Outcome(path, reading, "duplicate", same_as=same.batch, warnings=warnings)
    except NeedsDecision as open_question:
        return Outcome(path, reading, "needs_decision", warnings=warnings, refusal=str(open_question))
    except StoreError as refused:
        return Outcome(path, reading, "refused", warnings=warnings, refusal=str(refused))
    return Outcome(path, reading, "accepted", made.id, made.snapshot, warnings=warnings)


def demo_jobs(folder: Path) -> list[tuple[Path, Options]]:
    """The demo workbooks with what their manifest says of them."""
    return [
        (
            folder / entry["file"],
            Options(extract=entry["extract"] or None, source=entry.get("source"), accept_proposals=True),
        )
        for entry in demo_files(folder)
    ]


def demo_desk(store: Store, *, actor: str, now: Callable[[], datetime]) -> Desk:
    """A desk for the demo hospital, which is given its name and the targets of its scorecard first."""
    who = load_yaml(DEFINITIONS / "demo.yaml")["hospital"]
    if not get_settings(store, store.snapshot(), who["code"]).profile.name("zh"):
        profile = Profile(who["name"], who["name_en"], who["beds"])
        set_profile(store, who["code"], profile, actor=actor, at=now())
        # The demo is the oncology case of the scorecard: its targets count from the baseline of 2020.
        set_targets(store, who["code"], strategies()[0].targets, actor=actor, at=now())
    return Desk(store, who["code"])
