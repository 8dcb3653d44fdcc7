"""A problem with an input, as data with a place: what is wrong, where, and what to do about it.

The sentences live in `core/definitions/issues.yaml`, one entry per code, in both languages. An issue is never an
exception: a reading collects as many as the file deserves and goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from string import Formatter
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, load_yaml

SEVERITIES = ("refused", "warning", "note")
_KEYS = {"severity", "zh", "en"}
_PARTS = {"what", "do"}
_PLACE = ("file", "sheet", "row", "col", "column", "value", "count")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one issue code: `what` is wrong and what to `do`, by language."""

    code: str
    severity: str
    what: Mapping[str, str]
    do: Mapping[str, str]


@dataclass(slots=True)
class Issue:
    """One problem.

    Attributes:
        code: key of issues.yaml.
        severity: refused (the row or file does not come in), warning (it does, look at it), note (for the record).
        params: values for the braces of the sentence; plain text and numbers only. `label_en` beside `label` is what
            the English sentence takes.
        file, sheet: names as the person knows them.
        row: 1-based row as the spreadsheet program shows it, 0 if the issue is not about one row.
        col: column letters, '' if it is not about one column.
        column: extract column or heading the value was read as.
        value: the text of the cell.
        count: how many places this issue stands for; the place given is the first of them.
    """

    code: str
    severity: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    sheet: str = ""
    row: int = 0
    col: str = ""
    column: str = ""
    value: str = ""
    count: int = 1

    def __post_init__(self) -> None:
        if not self.severity:
            self.severity = sentence(self.code).severity

    def what(self, lang: str) -> str:
        """What is wrong, in `lang` ('zh' or 'en')."""
        return self._fill(sentence(self.code).what[lang], lang)

    def todo(self, lang: str) -> str:
        """What the person can do about it; '' where there is nothing to do."""
        return self._fill(sentence(self.code).do[lang], lang)

    def text(self, lang: str) -> str:
        """What is wrong and what to do, as one text."""
        gap = "" if lang == "zh" else " "
        return gap.join(part for part in (self.what(lang), self.todo(lang)) if part)

    def place(self) -> str:
        """The cell as a spreadsheet address, e.g. `Sheet1!C37`; '' when the issue has no place."""
        cell = f"{self.col}{self.row or ''}"
        return "!".join(part for part in (self.sheet, cell) if part)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready mapping; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Issue:
        """The issue that `to_dict` wrote."""
        return cls(**raw)

    def _fill(self, pattern: str, lang: str) -> str:
        known = {key: getattr(self, key) for key in _PLACE} | self.params
        if lang == "en":
            known |= {
                key.removesuffix("_en"): value for key, value in self.params.items() if key.endswith("_en")
            }
        return pattern.format_map(_Known(known))


class _Known(dict[str, Any]):
    """A sentence that names a parameter nobody passed must still be readable."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence(code: str) -> Sentence:
    """The words for `code`; KeyError lists the way out when a code has no sentence."""
    found = sentences().get(code)
    if found is None:
        raise KeyError(f"issue code {code!r} has no sentence in issues.yaml")
    return found


@lru_cache(maxsize=1)
def sentences() -> Mapping[str, Sentence]:
    """Every sentence by code.

    Raises:
        DefinitionError: naming the code whose entry is incomplete or whose languages name different parameters.
    """
    return {code: _sentence(code, raw) for code, raw in load_yaml(DEFINITIONS / "issues.yaml").items()}


def _sentence(code: str, raw: Mapping[str, Any]) -> Sentence:
    if set(raw) != _KEYS:
        raise DefinitionError(f"issues.yaml, {code}: keys {sorted(raw)}; required are {sorted(_KEYS)}")
    if raw["severity"] not in SEVERITIES:
        raise DefinitionError(f"issues.yaml, {code}: severity {raw['severity']!r}; allowed are {SEVERITIES}")
    for lang in ("zh", "en"):
        if set(raw[lang]) != _PARTS:
            raise DefinitionError(f"issues.yaml, {code}, {lang}: required are {sorted(_PARTS)}")
    for part in sorted(_PARTS):
        named = {lang: _names(raw[lang][part]) for lang in ("zh", "en")}
        if named["zh"] != named["en"]:
            raise DefinitionError(f"issues.yaml, {code}, {part}: languages name different parameters {named}")
    return Sentence(
        code, raw["severity"], *({lang: raw[lang][part] for lang in ("zh", "en")} for part in ("what", "do"))
    )


def _names(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}
