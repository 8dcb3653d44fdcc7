"""Delta tables behind one door: atomic snapshots over several tables, undo, originals under their hash."""

from core.store.store import Store
from core.store.types import DataFile, NewFile, Snapshot, SnapshotGone, StoreError

__all__ = ["DataFile", "NewFile", "Snapshot", "SnapshotGone", "Store", "StoreError"]
