"""The words of definitions/responsibility.yaml, and the refusals that are said with them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, Label, build, load_yaml

LISTS = (
    "paper", "targets", "letter_states", "follow_states", "sources", "stages", "events", "ages", "errors", "fields",
)  # fmt: skip
TEXTS = ("title", "opening", "rewards", "validity")


@lru_cache(maxsize=1)
def _raw() -> Mapping[str, Any]:
    path = DEFINITIONS / "responsibility.yaml"
    raw = load_yaml(path)
    if set(raw) != {"wording", *LISTS}:
        raise DefinitionError(f"{path.name}: keys {sorted(raw)}; required are {sorted((*LISTS, 'wording'))}")
    if set(raw["wording"]) != {*TEXTS, "duties"}:
        raise DefinitionError(f"{path.name}, wording: required are {sorted((*TEXTS, 'duties'))}")
    return MappingProxyType(raw)


@lru_cache(maxsize=16)
def words(kind: str) -> Mapping[str, Label]:
    """A closed list: paper, targets, letter_states, follow_states, sources, stages, events, ages, errors, fields."""
    listed = _raw()[kind]
    return MappingProxyType(
        {key: build(Label, both, f"responsibility.yaml, {kind}, {key}") for key, both in listed.items()}
    )


def proposed_wording() -> dict[str, dict[str, Any]]:
    """The wording as shipped: texts and the list of duties, each {zh, en}."""
    wording = _raw()["wording"]
    return {key: {lang: value[lang] for lang in ("zh", "en")} for key, value in wording.items()}


class ResponsibilityError(ValueError):
    """Something that cannot be done with a letter or a tracing; `text(lang)` says why and what to do."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """The sentence for a person; labels among the parameters in their language."""
        said = {key: v.of(lang) if isinstance(v, Label) else v for key, v in self.params.items()}
        return words("errors")[self.code].of(lang).format(**said)
