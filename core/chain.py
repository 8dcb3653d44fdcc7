"""Records that may not be altered afterwards: each names the one before it and carries that one's fingerprint.

A chain is the entries of one journal key. The first carries no link; every later one carries `replaces` (the number
of the entry before it) and `prev` (its fingerprint), so an entry that was altered or taken out breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from core.journal import Entry


def fingerprint(entry: Entry) -> str:
    """Sixteen hex digits over everything an entry says, its own link included."""
    what = [
        entry.seq,
        entry.kind,
        entry.hospital,
        entry.key,
        dict(entry.data),
        entry.by,
        entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
    ]
    text = json.dumps(what, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def linked(data: Mapping[str, Any], before: Entry | None) -> dict[str, Any]:
    """`data` with the link to the entry it replaces."""
    if before is None:
        return {**data, "replaces": None, "prev": ""}
    return {**data, "replaces": before.seq, "prev": fingerprint(before)}


def broken(entries: Sequence[Entry]) -> tuple[int, ...]:
    """Numbers of the entries whose link does not fit the entry before them; () when the chain is whole."""
    found = []
    before: Entry | None = None
    for entry in entries:
        expected = (None, "") if before is None else (before.seq, fingerprint(before))
        if (entry.data.get("replaces"), entry.data.get("prev", "")) != expected:
            found.append(entry.seq)
        before = entry
    return tuple(found)
