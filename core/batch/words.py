"""The words of `definitions/batch.yaml`: what file names say besides their source, and the warnings' sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, load_yaml

_KEYS = {"file_words", "date_units", "warnings"}


@lru_cache(maxsize=1)
def wording() -> Mapping[str, Any]:
    """The checked content of batch.yaml; file words in lower case and compatible characters.

    Raises:
        DefinitionError: a key is missing or unknown, or a sentence lacks a language.
    """
    raw = load_yaml(DEFINITIONS / "batch.yaml")
    if set(raw) != _KEYS:
        raise DefinitionError(f"batch.yaml: keys {sorted(raw)}; required are {sorted(_KEYS)}")
    for kind, words in raw["warnings"].items():
        if set(words) != {"zh", "en"}:
            raise DefinitionError(f"batch.yaml, {kind}: give zh and en")
    words = [unicodedata.normalize("NFKC", word).casefold() for word in raw["file_words"]]
    return {**raw, "file_words": words}
