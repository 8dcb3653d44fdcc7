"""What the values of a column look like, from a sample: numbers, months, dates, codes of known departments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.amount import Unreadable, parse_amount
from core.catalog import Column
from core.intake.vocabulary import Items, bare_heading, is_total
from core.lexicon import lexicon, squeeze, trim
from core.matching import Departments
from core.period import MONTH, read_when

CLEAR = 0.8  # share of sampled values that must agree


@dataclass(frozen=True)
class Profile:
    """Shares (0..1) of the sampled values of one column that are of a kind; `count` values were seen."""

    count: int
    number: float
    month: float
    date: float
    dept_code: float
    dept_name: float
    item: float
    samples: tuple[str, ...]


def profile(values: Sequence[str | None], departments: Departments, items: Items) -> Profile:
    """Look at the distinct values of a column's sample; labels of totals do not count."""
    texts = list(dict.fromkeys(text for text in map(trim, values) if text and not is_total(text)))[:200]
    known_names = {squeeze(name) for name in departments.names.values()}
    share = max(len(texts), 1)
    months = [read_when(text) for text in texts]
    return Profile(
        len(texts),
        sum(_is_number(text) for text in texts) / share,
        sum(when is not None and when.kind == MONTH for when in months) / share,
        sum(
            when is not None and when.kind == MONTH and len(text) > 7
            for when, text in zip(months, texts, strict=True)
        )
        / share,
        sum(text in departments.names for text in texts) / share,
        sum(squeeze(text) in known_names for text in texts) / share,
        sum(text in items for text in texts) / share,
        tuple(texts[:5]),
    )


def fits(column: Column, seen: Profile) -> bool:
    """False if the values plainly cannot be what `column` holds."""
    if not seen.count:
        return True
    if column.type in ("money", "quantity", "integer"):
        return seen.number >= CLEAR
    if column.type == "period":
        return seen.month >= CLEAR
    if column.type in ("date", "time"):
        return seen.date >= CLEAR
    if column.type == "text" and column.name.endswith("_name"):
        return seen.number < CLEAR
    return True


def vetoed(heading: str, column: Column) -> bool:
    """True if the last word of a heading says code where the column is a name, or name where it is a code."""
    words = lexicon()
    plain = bare_heading(heading)
    code = any(plain.endswith(squeeze(word)) for word in words.code_words)
    name = any(plain.endswith(squeeze(word)) for word in words.name_words)
    if code and column.type not in ("code", "choice"):
        return True
    return name and column.type == "code"


def evident(column: Column, seen: Profile) -> bool:
    """True if the values alone show what the column is: known departments or items, or months."""
    if seen.count == 0:
        return False
    if column.type == "period":
        return seen.month >= 0.95 and seen.date < 0.5
    if column.role == "dept":
        return (seen.dept_code if column.type == "code" else seen.dept_name) >= CLEAR and seen.count >= 2
    if column.role == "item":
        return column.type == "text" and seen.item >= CLEAR and seen.count >= 2
    return False


def _is_number(text: str) -> bool:
    try:
        parse_amount(text)
    except Unreadable as problem:
        return problem.code in ("amount_error", "amount_not_calculated")
    return True
