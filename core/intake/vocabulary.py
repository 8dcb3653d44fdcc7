"""What headings can say: aliases of every extract, months, items and classes that lie across, totals.

Every lookup here is by equality of normalised words; likeness is the business of `core.matching`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from core.catalog import Extract, catalog
from core.lexicon import lexicon, squeeze
from core.period import MONTH, MONTH_ONLY, When, read_when

_TAIL = re.compile(r"[(\[<]([^()\[\]<>]*)[)\]>]$")
_UNIT_TAIL = re.compile(r"[/-](?P<unit>[^/-]+)$")
ITEM = "item_name"


def heading_key(text: str | None) -> str:
    """A heading in the form it is compared in: squeezed, without marks such as a star or a colon."""
    plain = squeeze(text)
    for mark in lexicon().heading_marks:
        plain = plain.replace(mark, "")
    return plain


def bare_heading(text: str | None) -> str:
    """`heading_key` without a unit or filler at its end: 'amount(yuan)' and 'amount/yuan' are 'amount'."""
    plain = heading_key(text)
    words = _unit_words()
    found = _TAIL.search(plain)
    while found and (found[1] in words or not found[1]):
        plain = plain[: found.start()]
        found = _TAIL.search(plain)
    tail = _UNIT_TAIL.search(plain)
    if tail and tail["unit"] in words:
        plain = plain[: tail.start()]
    return plain


@lru_cache(maxsize=1)
def _unit_words() -> frozenset[str]:
    words = lexicon()
    units = {word for word, _ in words.units}
    labelled = {f"{label}{unit}" for label in words.unit_labels for unit in units}
    prefixed = {f"{prefix}{unit}" for prefix in words.unit_prefixes for unit in units}
    return frozenset(units | labelled | prefixed | words.heading_fillers)


@lru_cache(maxsize=64)
def aliases(extract: str) -> dict[str, tuple[str, int]]:
    """Normalised heading -> (column, rank of the alias). Labels and column names are aliases too."""
    found: dict[str, tuple[str, int]] = {}
    for column in catalog().extracts[extract].columns:
        spellings = [*column.aliases, column.label.zh, column.label.en, column.name]
        for rank, spelling in enumerate(spellings):
            for key in (heading_key(spelling), bare_heading(spelling)):
                if key and (key not in found or rank < found[key][1]):
                    found[key] = (column.name, rank)
    return found


@lru_cache(maxsize=1)
def all_aliases() -> frozenset[str]:
    """Every heading any extract knows, and the headings of separate year and month columns."""
    words = lexicon()
    known = {key for extract in catalog().extracts for key in aliases(extract)}
    return frozenset(known | words.year_headings | words.month_headings)


def column_of(levels: Sequence[str], extract: Extract) -> tuple[str, int] | None:
    """The column a heading (its levels from top to bottom) names exactly, with the rank of the alias."""
    known = aliases(extract.name)
    for text in spellings(levels):
        for key in (heading_key(text), bare_heading(text)):
            if key in known:
                return known[key]
    return None


def spellings(levels: Sequence[str]) -> Iterable[str]:
    """What a heading of several levels may be called: all of it, its last level, its first under a unit."""
    if not levels:
        return
    yield "".join(levels)
    if len(levels) > 1:
        yield levels[-1]
        if not bare_heading(levels[-1]):
            yield levels[-2]


def month_of(text: str) -> When | None:
    """The month a heading names ('01 month (yuan)', '2025-01', a date), or None."""
    when = read_when(bare_heading(text))
    return when if when is not None and when.kind in (MONTH, MONTH_ONLY) else None


def is_total(text: str | None) -> str:
    """'grand', 'section' or 'running' if a cell is the label of a total, else ''."""
    plain = bare_heading(text)
    if not plain or len(plain) > 40:
        return ""
    words = lexicon().totals
    if any(plain.startswith(word) for word in words.not_totals):
        return ""
    for kind, endings in (("section", words.section), ("running", words.running), ("grand", words.grand)):
        for word in endings:
            if plain == word or (plain.endswith(word) and (not word.isascii())):
                if kind == "grand" and any(plain.startswith(page) for page in words.page):
                    return "section"
                return kind
    return ""


def is_total_heading(text: str) -> bool:
    """True for a column that adds up others: a total word, a quarter, a half year, a whole year."""
    plain = bare_heading(text)
    words = lexicon().totals
    if is_total(text):
        return True
    when = read_when(plain)
    if when is not None and when.kind in ("quarter", "span", "year"):
        return True
    return plain in words.across


class Items:
    """Cost items by any name they go by: the seven statutory ones and the hospital's dictionary."""

    def __init__(self, known: Iterable[Sequence[str]] = ()) -> None:
        self.names: set[str] = set()
        for term in catalog().terms["cost_items"]:
            self.names |= {heading_key(text) for text in (*term.aliases, term.label.zh, term.label.en)}
        for entry in known:
            self.names |= {heading_key(text) for text in entry[:2] if text}

    def __contains__(self, text: str) -> bool:
        return bare_heading(text) in self.names or heading_key(text) in self.names


@lru_cache(maxsize=16)
def term_of(kind: str) -> dict[str, str]:
    """Normalised text -> name of the term, for a closed list."""
    found: dict[str, str] = {}
    for term in catalog().terms[kind]:
        texts = [*term.aliases, term.name, term.label.zh, term.label.en, str(term.number), term.letter]
        texts += [term.short.zh, term.short.en] if term.short else []
        for text in texts:
            if text:
                found.setdefault(squeeze(text), term.name)
    return found


@lru_cache(maxsize=1)
def _lists_across() -> frozenset[str]:
    """Closed lists whose members may be headings in some extract."""
    return frozenset(extract.across.of for extract in catalog().extracts.values() if extract.across)


def class_of(kind: str, text: str) -> str | None:
    """The member of a closed list that a heading names, or None."""
    return term_of(kind).get(bare_heading(text))


def names_class(text: str) -> bool:
    """True for a heading that is a charge class, an operation metric, or a member of another list across."""
    return any(class_of(kind, text) for kind in _lists_across())
