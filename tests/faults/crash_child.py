"""Run by test_crash in a process of its own: one commit, killed for good after the n-th thing done to the disk.

    python -m tests.faults.crash_child WORK accept|undo ROOT:N ...

The things counted: links, renames and Delta commits. N = 0 lets the commit finish and tells how many there were.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.batch import Alias, Decisions, accept, undo
from core.intake.reading import Reading
from core.store import Store, log
from tests.readings import H, clock

done = 0


def counted(real: Callable[..., Any], last: int) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        global done
        result = real(*args, **kwargs)
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


def instrument(last: int) -> None:
    os.link = counted(os.link, last)  # type: ignore[assignment]
    os.replace = counted(os.replace, last)  # type: ignore[assignment]
    log.create_table_with_add_actions = counted(log.create_table_with_add_actions, last)
    log.DeltaTable.create_write_transaction = counted(log.DeltaTable.create_write_transaction, last)


DECISIONS = Decisions(sources={"ledger_cost": "main", "dept": "main"}, aliases=(Alias("", "x", "0101"),))


def commit(root: str, work: str, what: str, last: int) -> int:
    """The commit itself; returns how many things were done to the disk, if it is not killed before."""
    instrument(last)
    store = Store(Path(root))
    if what == "undo":
        undo(store, store.snapshot().batch, actor="a", at=clock(9))
    else:
        reading = Reading.from_dict(json.loads((Path(work) / "reading.json").read_text()))
        original = Path(work) / "original"
        accept(store, reading, DECISIONS, hospital=H, actor="a", at=clock(9), original=original)
    return done


def main(work: str, what: str, *stores: str) -> None:
    """One forked process per store: importing takes longer than the commit. Prints [[signal, steps], ...]."""
    results = []
    for entry in stores:
        root, last = entry.rsplit(":", 1)
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.write(writer, str(commit(root, work, what, int(last))).encode())
            os._exit(0)
        os.close(writer)
        _, status = os.waitpid(pid, 0)
        with os.fdopen(reader) as stream:
            results.append([os.waitstatus_to_exitcode(status), int(stream.read() or 0)])
    print(json.dumps(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
