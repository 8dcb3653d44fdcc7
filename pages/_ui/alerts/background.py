"""Alerts beside the pages: where every cause stands, and the look that keeps it up to date while the server runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from core.alerts import Status, keep_up
from core.alerts.life import KIND, fold
from core.journal import journal
from core.store import Store
from pages._ui import board

_log = logging.getLogger("costward.alerts")
EVERY = 60.0  # seconds between two looks
_statuses: dict[tuple[str, str], tuple[int, dict[str, Status]]] = {}
_stop = threading.Event()


def store() -> Store:
    """The store of this process."""
    return board.store()


def statuses(hospital: str) -> Mapping[str, Status]:
    """Where every cause stands, from the journal alone; two looks at the disk when nothing changed."""
    book = journal(store())
    key, version = (str(store().root), hospital), book.version()
    held = _statuses.get(key)
    if held is None or held[0] != version:
        held = _statuses[key] = (version, fold(book.entries(KIND, hospital)))
    return held[1]


def watch() -> None:
    """Keep the alerts up to date while the server runs: imports, waiting alerts, messages to be sent again."""
    while not _stop.wait(EVERY):
        try:
            keep_up(store(), at=datetime.now(UTC))
        except Exception:
            _log.exception("the look at the alerts failed; the next one is in a minute")


def after_import() -> None:
    """Ask the rules about new data without making anybody wait."""
    threading.Thread(
        target=lambda: keep_up(store(), at=datetime.now(UTC)), name="alerts", daemon=True
    ).start()
