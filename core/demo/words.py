"""The demo hospital's names, sizes and headings, read once from core/definitions/demo.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from core.catalog import DEFINITIONS, load_yaml


@lru_cache(maxsize=1)
def spec() -> Mapping[str, Any]:
    """The whole definition. Codes are quoted text in it; months and amounts are integers."""
    loaded: Mapping[str, Any] = load_yaml(DEFINITIONS / "demo.yaml")
    return loaded


@lru_cache(maxsize=1)
def book_words() -> Mapping[str, Any]:
    """Titles, headings and file names of the workbooks (core/definitions/demo_books.yaml)."""
    loaded: Mapping[str, Any] = load_yaml(DEFINITIONS / "demo_books.yaml")
    return loaded


def generator(topic: str) -> np.random.Generator:
    """A generator of its own for each topic, so that changing one table leaves the others as they were."""
    return np.random.default_rng([int(spec()["seed"]), *topic.encode("ascii")])


@lru_cache(maxsize=1)
def item_names() -> dict[str, str]:
    """Cost item code -> name."""
    return {code: name for code, name, *_ in spec()["items"]}


@lru_cache(maxsize=1)
def item_classes() -> dict[str, str]:
    """Cost item code -> statutory class."""
    return {code: cls for code, _, cls, *_ in spec()["items"]}
