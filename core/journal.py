"""What people and the program did about figures: states of alerts, comments, deliveries, rewards, letters, tracings.

Append-only and outside the snapshots: an entry is never changed or taken away (a correction is a new entry), it
invalidates no remembered figure, and undoing an import leaves it alone. Kept in the Delta table
`<data>/tables/_journal`, which outside readers may open like any other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from core.store import Store
from core.store.notes import NoteTable
from core.store.schema import JOURNAL

Draft = tuple[str, str, Mapping[str, Any]]  # kind, key, data


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. `key` says what it is about, `data` is plain JSON data (read only).

    `seq` counts up over the whole journal, 1 for the first; `at` is when the caller says it happened.
    """

    seq: int
    kind: str
    hospital: str
    key: str
    data: Mapping[str, Any]
    by: str
    at: datetime


class Journal:
    """The entries of one data folder. Safe to share between threads and processes."""

    def __init__(self, store: Store) -> None:
        self._table = NoteTable(store.root, JOURNAL)
        self._lock = Lock()
        self._seen: list[dict[str, Any]] = []
        self._by: dict[tuple[str, str], tuple[Entry, ...]] = {}

    def version(self) -> int:
        """Changes with every append (0 before the first); costs two looks at the disk. Part of a cache key."""
        return self._table.version()

    def entries(self, kind: str, hospital: str, key: str | None = None) -> tuple[Entry, ...]:
        """Every entry of a kind, oldest first; with `key`, only those about it."""
        found = self._index().get((kind, hospital), ())
        return found if key is None else tuple(entry for entry in found if entry.key == key)

    def latest(self, kind: str, hospital: str) -> dict[str, Entry]:
        """The newest entry per key."""
        return {entry.key: entry for entry in self.entries(kind, hospital)}

    def add(self, hospital: str, drafts: Iterable[Draft], *, by: str, at: datetime) -> tuple[Entry, ...]:
        """Append (kind, key, data) records, all of them or none. Waits for other writers.

        Raises:
            ValueError: `at` carries no time zone, or data is no JSON data.
            OSError, StoreError: nothing was written.
        """
        with self.changing(hospital) as writer:
            return writer.add(drafts, by=by, at=at)

    @contextmanager
    def changing(self, hospital: str) -> Iterator[Writer]:
        """Check, then add, without anybody else adding in between. Not to be nested in one thread."""
        with self._table.locked():
            yield Writer(self, hospital)

    def _append(self, hospital: str, drafts: Iterable[Draft], by: str, at: datetime) -> tuple[Entry, ...]:
        if at.tzinfo is None:
            raise ValueError("`at` must carry a time zone")
        rows = [
            {"kind": kind, "hospital": hospital, "key": key, "json": _text(data), "by": by, "at": at}
            for kind, key, data in drafts
        ]
        if not rows:
            return ()
        stored = self._table.append(rows, int(at.timestamp() * 1000))
        return tuple(_entry(row) for row in stored)

    def _index(self) -> dict[tuple[str, str], tuple[Entry, ...]]:
        _, rows = self._table.rows()
        with self._lock:
            known = len(self._seen)
            if rows is self._seen:
                return self._by
            grown = known <= len(rows) and (not known or rows[known - 1] is self._seen[-1])
            fresh: dict[tuple[str, str], list[Entry]] = defaultdict(list)
            for row in rows[known:] if grown else rows:
                fresh[row["kind"], row["hospital"]].append(_entry(row))
            held = self._by if grown else {}
            self._by = {**held, **{key: (*held.get(key, ()), *more) for key, more in fresh.items()}}
            self._seen = rows
            return self._by


class Writer:
    """The journal while its lock is held: what is read here is still so when `add` writes."""

    def __init__(self, journal: Journal, hospital: str) -> None:
        self._journal, self.hospital = journal, hospital

    def entries(self, kind: str, key: str | None = None) -> tuple[Entry, ...]:
        """See Journal.entries."""
        return self._journal.entries(kind, self.hospital, key)

    def latest(self, kind: str) -> dict[str, Entry]:
        """See Journal.latest."""
        return self._journal.latest(kind, self.hospital)

    def add(self, drafts: Iterable[Draft], *, by: str, at: datetime) -> tuple[Entry, ...]:
        """See Journal.add."""
        return self._journal._append(self.hospital, drafts, by, at)


_JOURNALS: WeakKeyDictionary[Store, Journal] = WeakKeyDictionary()
_GUARD = Lock()


def journal(store: Store) -> Journal:
    """The journal of a store; the same object for the same store."""
    with _GUARD:
        if store not in _JOURNALS:
            _JOURNALS[store] = Journal(store)
        return _JOURNALS[store]


def _text(data: Mapping[str, Any]) -> str:
    try:
        return json.dumps(dict(data), ensure_ascii=False, sort_keys=True, allow_nan=False)
    except TypeError as problem:
        raise ValueError(f"not JSON data: {problem}") from None


def _entry(row: Mapping[str, Any]) -> Entry:
    data = json.loads(row["json"])
    return Entry(row["seq"], row["kind"], row["hospital"], row["key"], data, row["by"], row["at"])
