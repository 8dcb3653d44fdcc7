"""Who draws when many click at once: one after another instead of all at the same time.

Scripts share one interpreter. Twenty that run at once all finish late, and people who clicked together go on clicking
together; taking turns, most are served at once and the crowd spreads out by itself. Nobody waits long for a turn: a run
that takes its time (an import, a month to be computed) lets the others pass.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 1
PATIENCE = 0.5  # seconds

_turns = threading.Semaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Hold a turn for the length of a run; after PATIENCE without one, go on all the same."""
    mine = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turns.release()
