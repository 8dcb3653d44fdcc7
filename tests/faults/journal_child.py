"""Run by tests of the journal in a process of its own: `python -m tests.faults.journal_child ROOT WHO TIMES [KILL]`.

KILL: before | after, to be killed for good before or after the commit of the first append landed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from core.journal import journal
from core.store import Store, log
from tests.readings import H, clock


def append(root: Path, who: str, times: int) -> None:
    """Two entries at a time, so that half an append would show."""
    book = journal(Store(root))
    for step in range(times):
        book.add(H, [("race", who, {"n": step}), ("race", who, {"n": step})], by=who, at=clock(step))


def die(moment: str) -> None:
    real = log.DeltaTable.create_write_transaction

    def write(*args: Any, **kwargs: Any) -> None:
        if moment == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    log.DeltaTable.create_write_transaction = write


if __name__ == "__main__":
    if len(sys.argv) > 4:
        die(sys.argv[4])
    append(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
