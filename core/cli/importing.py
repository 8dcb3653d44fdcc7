"""`import`, `undo` and `demo`."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

from core import batch as batches
from core.batch import Decisions, Duplicate, NeedsDecision
from core.cli.progress import Bar
from core.cli.report import Outcome, records_of, report
from core.cli.words import language, say
from core.derived import refresh
from core.importing import Desk, confirmed, demo_files, load_plan
from core.intake import Options, Reading
from core.place import DEMO, data_root
from core.store import Store, StoreError

AHEAD = 2  # files read in parallel with the one being stored


def open_store(options: Namespace) -> Store:
    """The store the command works on."""
    return Store((options.data or data_root()).resolve())


def bring(options: Namespace) -> int:
    """`import FILE…`"""
    missing = [path for path in options.files if not path.is_file()]
    if missing:
        print(say("no_file", file=missing[0]), file=sys.stderr)
        return 2
    declared, plans = load_plan(options.map) if options.map else ({}, {})
    hospital = options.hospital or str(declared.get("hospital") or "")
    asked = Options(
        extract=options.extract or declared.get("extract"),
        period=options.period or declared.get("period"),
        unit=options.unit or (str(declared["unit"]) if "unit" in declared else None),
        source=options.source or declared.get("source"),
        plan=plans,
        accept_proposals=options.accept_proposals,
    )
    desk = Desk(open_store(options), hospital)
    jobs = [(path, asked) for path in options.files]
    outcomes = []
    with Bar(len(jobs), quiet=options.json) as bar:
        for outcome in through(desk, jobs, dry=options.dry_run, proposals=options.accept_proposals):
            bar.step(outcome.path.name)
            outcomes.append(outcome)
            if not options.json:
                bar.print(*report(outcome))
    if not options.dry_run and any(outcome.batch for outcome in outcomes):
        _derive(desk.store, quiet=options.json)
    if options.json:
        records = [record for outcome in outcomes for record in records_of(outcome)]
        print(json.dumps(records, ensure_ascii=False, indent=1))
    good = {"accepted", "duplicate", "ready"}
    return 0 if all(outcome.status in good for outcome in outcomes) else 1


def through(
    desk: Desk, jobs: list[tuple[Path, Options]], *, dry: bool, proposals: bool, action: str = "import"
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
            outcome = _settle(desk, path, asked, coming.result(), dry=dry, proposals=proposals, action=action)
            # Dictionaries shape how the files after them are read, so nothing is read ahead of one.
            known = {part.extract for part in outcome.reading.parts}
            feed(1 if known & {"dept", "cost_item"} else 1 + AHEAD - len(queue))
            if outcome.status == "needs_decision" and len(jobs) > 1:
                waiting.append((path, asked))
            else:
                yield outcome
    for path, asked in waiting:
        yield _settle(
            desk, path, asked, desk.read(path, path.name, asked), dry=dry, proposals=proposals, action=action
        )


def _settle(
    desk: Desk, path: Path, asked: Options, reading: Reading, *, dry: bool, proposals: bool, action: str
) -> Outcome:
    try:
        return _store(desk, path, asked, reading, dry=dry, proposals=proposals, action=action)
    finally:
        desk.forget(reading)


def _store(
    desk: Desk, path: Path, asked: Options, reading: Reading, *, dry: bool, proposals: bool, action: str
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
    warnings = [warning.text(language()) for warning in effect.warnings]
    if effect.duplicate_of:
        return Outcome(path, reading, "duplicate", same_as=effect.duplicate_of, warnings=warnings)
    if dry:
        decided = all(choice.decided or choice.extract in decisions.sources for choice in effect.sources)
        return Outcome(path, reading, "ready" if decided else "needs_decision", warnings=warnings)
    try:
        made = desk.accept(reading, decisions, path, actor=_actor(), at=_now(), action=action)
    except Duplicate as same:
        return Outcome(path, reading, "duplicate", same_as=same.batch, warnings=warnings)
    except NeedsDecision as open_question:
        return Outcome(path, reading, "needs_decision", warnings=[*warnings, str(open_question)])
    except StoreError as refused:
        return Outcome(path, reading, "refused", warnings=[*warnings, str(refused)])
    return Outcome(path, reading, "accepted", made.id, made.snapshot, warnings=warnings)


def undo(options: Namespace) -> int:
    """`undo BATCH`"""
    store = open_store(options)
    snapshot = batches.undo(store, options.batch, actor=_actor(), at=_now())
    print(say("undone", batch=options.batch, snapshot=snapshot.id))
    _derive(store, quiet=True)
    return 0


def demo(options: Namespace) -> int:
    """`demo [--scale N] [--if-empty]`: the committed demo workbooks through the same intake as any file."""
    store = open_store(options)
    if store.snapshot().versions and options.if_empty:
        print(say("demo_there"))
        return 0
    start = time.monotonic()
    desk = Desk(store, "")
    listed = demo_files(DEMO)
    jobs = [
        (
            DEMO / entry["file"],
            Options(extract=entry["extract"], source=entry.get("source"), accept_proposals=True),
        )
        for entry in listed
    ]
    rows = 0
    failed = []
    with Bar(len(jobs), quiet=False) as bar:
        for outcome in through(desk, jobs, dry=False, proposals=True, action="demo"):
            bar.step(outcome.path.name)
            rows += sum(part.rows_accepted for part in outcome.reading.parts)
            if outcome.status not in ("accepted", "duplicate"):
                failed.append(outcome)
                bar.print(*report(outcome))
    if options.scale:
        rows += _scaled(desk, store, options.scale)
    _derive(store, quiet=False)
    print(say("demo_done", files=len(jobs), rows=f"{rows:,}", seconds=round(time.monotonic() - start)))
    return 1 if failed else 0


def _scaled(desk: Desk, store: Store, scale: int) -> int:
    from core.demo import write_scaled

    folder = store.root / "work" / "scaled"
    folder.mkdir(parents=True, exist_ok=True)
    paths = write_scaled(folder, scale)
    rows = 0
    jobs = [(path, Options(source=path.stem)) for path in paths]
    with Bar(len(jobs), quiet=False) as bar:
        for outcome in through(desk, jobs, dry=False, proposals=True, action="demo"):
            bar.step(outcome.path.name)
            rows += sum(part.rows_accepted for part in outcome.reading.parts)
    for path in paths:
        path.unlink()
    return rows


def _derive(store: Store, *, quiet: bool) -> None:
    with Bar(0, quiet=quiet) as bar:
        refresh(store, store.snapshot(), progress=bar.of)


def _now() -> datetime:
    return datetime.now(UTC)


def _actor() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return "command line"
