"""`alerts`: what the rules found and where it stands."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime

from core.alerts import (
    Alert,
    arithmetic,
    definition,
    inbox,
    keep_up,
    owner_words,
    rule_of,
    short,
    subject,
)
from core.cli.importing import open_store
from core.cli.words import language, say
from core.derived import refresh
from core.warehouse import open_warehouse

SHOWN = ("new", "taken")


def alerts(options: Namespace) -> int:
    """`alerts [--evaluate] [--json]`: open alerts, the worst first; exit 1 if one of them is serious.

    With --evaluate missing months are computed, the rules are asked, and owners are told where that is configured.
    """
    store = open_store(options)
    if options.evaluate:
        refresh(store, store.snapshot())
        for hospital, done in keep_up(store, at=datetime.now(UTC)).items():
            if not options.json:
                counts = {key: len(getattr(done, key)) for key in ("raised", "reopened", "changed", "closed")}
                print(say("alerts_done", hospital=hospital, **counts))
    snapshot = store.snapshot()
    serious, records = 0, []
    for hospital in open_warehouse(store, snapshot).hospitals():
        for alert in inbox(store, snapshot, hospital).alerts:
            if alert.state in SHOWN:
                serious += alert.run.level == "serious"
                records.append(_record(hospital, alert))
    if options.json:
        print(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        for record in records:
            print(say("alerts_line", **record))
        print(say("alerts_sum", count=len(records), serious=serious))
    return 1 if serious else 0


def _record(hospital: str, alert: Alert) -> dict[str, object]:
    lang, run, status = language(), alert.run, alert.status
    return {
        "hospital": hospital, "alert": alert.key, "rule": alert.rule, "name": rule_of(run.name).label.of(lang),
        "level": run.level, "level_name": definition().levels[run.level].of(lang), "state": alert.state,
        "period": run.until, "since": run.since, "dept_code": run.dept, "object_code": run.object,
        "subject": subject(run, lang), "actual": str(run.actual), "limit": str(run.line),
        "deviation": str(run.actual - run.line), "what": short(run, lang), "arithmetic": arithmetic(run, lang),
        "owner": owner_words(alert.who, lang),
        "raised_at": status.raised.isoformat() if status and status.raised else None,
        "due_at": status.due.isoformat() if status and status.due else None,
    }  # fmt: skip
