"""`import`, `undo` and `demo`."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from datetime import UTC, datetime
from getpass import getuser

from core import batch as batches
from core.alerts import keep_up
from core.cli.progress import Bar
from core.cli.report import records_of, report
from core.cli.words import say
from core.demo.duty import settle
from core.demo.stories import tell
from core.derived import refresh
from core.importing import Desk, load_plan
from core.intake import Options
from core.place import DEMO, data_root
from core.store import Store
from core.through import demo_desk, demo_jobs, through
from core.warehouse import open_warehouse


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
        for outcome in through(
            desk, jobs, actor=_actor(), now=_now, dry=options.dry_run, proposals=options.accept_proposals
        ):
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
        _derive(store, quiet=False)  # a newer version of the program may compute its results anew
        return 0
    start = time.monotonic()
    desk = demo_desk(store, actor=_actor(), now=_now)
    jobs = demo_jobs(DEMO)
    if options.scale:
        # The scaled ledger carries the same money in more lines: it comes instead of the demo's, not on top.
        jobs = [job for job in jobs if job[1].extract != "ledger_cost"]
    rows = 0
    failed = []
    with Bar(len(jobs), quiet=False) as bar:
        for outcome in through(desk, jobs, actor=_actor(), now=_now, proposals=True, action="demo"):
            bar.step(outcome.path.name)
            rows += sum(part.rows_accepted for part in outcome.reading.parts)
            if outcome.status not in ("accepted", "duplicate"):
                failed.append(outcome)
                bar.print(*report(outcome))
    if options.scale:
        rows += _scaled(desk, store, options.scale)
    _derive(store, quiet=False, alerts=False)
    tell(store, desk.hospital, _now())
    settle(store, desk.hospital, at=_now())
    print(say("demo_done", files=len(jobs), rows=f"{rows:,}", seconds=round(time.monotonic() - start)))
    return 1 if failed else 0


def _scaled(desk: Desk, store: Store, scale: int) -> int:
    from core.demo import write_scaled

    folder = store.root / "work" / "scaled"
    folder.mkdir(parents=True, exist_ok=True)
    paths = write_scaled(folder, scale)
    rows = 0
    extracts = {"charge_lines": "charge_line", "ledger_lines": "ledger_cost"}
    jobs = [(path, Options(extract=extracts[path.stem], source=path.stem)) for path in paths]
    with Bar(len(jobs), quiet=False) as bar:
        for outcome in through(desk, jobs, actor=_actor(), now=_now, proposals=True, action="demo"):
            bar.step(outcome.path.name)
            rows += sum(part.rows_accepted for part in outcome.reading.parts)
    for path in paths:
        path.unlink()
    return rows


def _derive(store: Store, *, quiet: bool, alerts: bool = True) -> None:
    with Bar(0, quiet=quiet) as bar:
        refresh(store, store.snapshot(), progress=bar.of)
    open_warehouse(store).reload()
    if alerts:
        keep_up(store, at=_now())


def _now() -> datetime:
    return datetime.now(UTC)


def _actor() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return "command line"
