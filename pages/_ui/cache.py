"""Caches keyed by the snapshot: new data has a new key, so nothing is ever cleared and nothing is ever stale."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

import streamlit as st

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def data(fn: F | None = None, *, max_entries: int = 256) -> Any:
    """Cache results (copied for every caller). The first argument of `fn` is the snapshot id.

    Arguments beginning with an underscore are not part of the key; pass ids and numbers, never frames.
    """
    wrap = st.cache_data(max_entries=max_entries, show_spinner=False)
    return wrap(fn) if fn else wrap


def resource(fn: F | None = None, *, max_entries: int = 4) -> Any:
    """Cache a shared object (an open warehouse) without copying. The first argument of `fn` is the snapshot id."""
    wrap = st.cache_resource(max_entries=max_entries, show_spinner=False)
    return wrap(fn) if fn else wrap


@st.cache_resource(show_spinner=False)
def freeze() -> int:
    """Once a process, after the heavy imports: take what is loaded out of the garbage collector's sight.

    Streamlit collects after every script run; with pandas, altair and scikit-learn loaded that costs 80 to 250 ms of
    every click and holds all other sessions up.
    """
    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()


def refreeze() -> None:
    """After loading a large cached object."""
    gc.collect()
    gc.freeze()


class Memo(Generic[T]):
    """The last `most` things made, by a key that says all they depend on; shared by all sessions, so read only."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under `key`, else what `make` makes now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
