"""What undoing a batch would leave standing, said before it is done.

`core.batch.undo` puts back into each slot what the newest earlier batch that still stands held; this works out the
same from the same events without touching the store.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.batch import Batch, history
from core.batch.slots import slot_of, standing
from core.store import Snapshot, Store


@dataclass(frozen=True, slots=True)
class Back:
    """One hospital-month of one extract and source that the batch fills now, and what fills it afterwards.

    `batch` is the batch that comes back, None when the month is left without data of this source. `rows` are its
    rows there, 0 without one.
    """

    extract: str
    period: int
    source: str
    batch: Batch | None
    rows: int


def consequences(store: Store, snapshot: Snapshot, batch: str) -> tuple[Back, ...]:
    """Every slot that `batch` fills in `snapshot`, by extract and month, with what would come back.

    () for a batch whose months were all replaced since, or that was undone already.
    """
    mine = {slot for slot, row in standing(store, snapshot).items() if row["_batch"] == batch}
    earlier = {}
    for row in store.events(snapshot, "slots"):
        if row["_batch"] != batch and slot_of(row) in mine:
            earlier[slot_of(row)] = row
    batches = {found.id: found for found in history(store, snapshot)} if earlier else {}
    return tuple(
        Back(
            slot.extract,
            slot.period,
            slot.source,
            batches.get(earlier[slot]["_batch"]) if slot in earlier else None,
            earlier[slot]["rows"] if slot in earlier else 0,
        )
        for slot in sorted(mine)
    )
