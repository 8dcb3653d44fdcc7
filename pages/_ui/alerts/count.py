"""The number of open alerts in the menu."""

from __future__ import annotations

import logging

from pages._ui import board
from pages._ui.alerts import background

_log = logging.getLogger("costward.alerts")


def badge(name: str) -> str:
    """' (12)' for the alert page, '' for every other page and when nothing is open."""
    if name != "alerts":
        return ""
    try:
        hospital = board.current().hospital
        number = sum(status.open for status in background.statuses(hospital).values()) if hospital else 0
    except Exception:  # the menu is drawn outside every net; a page will say what is wrong
        _log.exception("open alerts could not be counted")
        return ""
    return f" ({number})" if number else ""
