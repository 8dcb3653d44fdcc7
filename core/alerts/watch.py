"""Keeping up: after an import or an undo, and every so often, the rules are asked and owners are told.

    keep_up(store, at=...) -> {hospital: Tended}      rules, then messages; cheap when nothing changed
    default_channels() -> Channels                    .streamlit/secrets.toml beside the program, and the environment

A fault here never breaks what it follows: it is logged, and the next call tries again.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime

from core.alerts.channels import ChannelError, Channels, load_channels
from core.alerts.delivery import deliver
from core.alerts.tending import Tended, tend
from core.place import ROOT
from core.store import Store
from core.warehouse import open_warehouse

_log = logging.getLogger("costward.alerts")
SECRETS = ROOT / ".streamlit" / "secrets.toml"


def default_channels() -> Channels:
    """What this installation may send to.

    Raises:
        ChannelError: an entry cannot be used.
    """
    return load_channels(SECRETS, os.environ)


def keep_up(store: Store, *, at: datetime, channels: Channels | None = None) -> dict[str, Tended]:
    """Bring the alerts of every hospital up to date and tell their owners."""
    done: dict[str, Tended] = {}
    try:
        hospitals = open_warehouse(store).hospitals()
    except Exception:
        _log.exception("alerts: the store could not be opened")
        return done
    for hospital in hospitals:
        try:
            done[hospital] = tend(store, hospital, at=at)
            deliver(store, hospital, channels if channels is not None else default_channels(), at=at)
        except ChannelError as problem:
            _log.warning("alerts are not sent: %s", problem)
        except Exception:
            _log.exception("alerts of %s could not be brought up to date", hospital)
    return done
