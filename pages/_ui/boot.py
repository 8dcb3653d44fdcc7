"""What happens once, when the server starts: heavy imports and the newest data opened before the first visitor."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit.runtime.pages_manager import PagesManager

# Every message of a run wakes the server's loop and gives the interpreter away for a moment; with Python's own 5 ms
# a script waits that long a hundred times a run as soon as a second one runs beside it.
SWITCH = 0.0005
_log = logging.getLogger("costward.boot")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Runs around the life of the server.

    Streamlit takes a folder called `pages` for its old way of listing pages until a script has called
    `st.navigation`; the first visitor with a deep link would be told that the page does not exist. We list our pages
    ourselves, so say so from the start.
    """
    PagesManager.uses_pages_directory = False
    sys.setswitchinterval(SWITCH)
    threading.Thread(target=warm, name="warm", daemon=True).start()
    threading.Thread(target=watch, name="watch", daemon=True).start()
    yield


def warm() -> None:
    """Load what the first page draws with and compute its figures; whatever fails here is tried again there."""
    try:
        from pages._ui import cache
        from pages._ui.boards import cockpit, lines, opened

        opened.ahead()
        _log.info("warm: %s, %s", cockpit.__name__, lines.__name__)
        cache.refreeze()
    except Exception:
        _log.exception("warming up failed; the first page will do it")


def watch() -> None:
    """Keep the alerts up to date for as long as the server runs."""
    from pages._ui.alerts import background

    background.watch()
