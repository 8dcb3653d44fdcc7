"""Plain records of an explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.catalog import Label


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a figure: a code the pages have words for, and its parameters."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """A figure put into a formula."""

    name: str
    label: Label
    value: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step from the whole to the figure. kind: hospital period scope dept item origin path."""

    kind: str
    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class Origin:
    """Money of one department and item that reached the figure by one path.

    amount   how much of it is in the figure          booked   the origin's whole direct cost of that item and layer
    allocated False for money that found no driver and stays where it is
    """

    code: str
    name: str
    dept_class: str
    item_class: str
    item: str
    layer: str
    path: str
    amount: Decimal
    booked: Decimal
    allocated: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """One row of one uploaded file.

    what     cost item, charge class, or the quantity's column          detail   voucher or memo
    amount   as stored: yuan, or a quantity; None for no number         part     how much of it is in the figure
    """

    extract: str
    file: str
    sheet: str
    row: int
    col: str
    batch: str
    dept_code: str
    dept_name: str
    what: str
    detail: str
    amount: Decimal | None
    part: Decimal | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a figure is what it is. `rows` are the first rows; `rows_total` and `rows_amount` count all of them."""

    measure: str
    label: Label
    unit: str
    value: Decimal | None
    formula: Label
    terms: tuple[Term, ...] = ()
    crumbs: tuple[Crumb, ...] = ()
    origins: tuple[Origin, ...] = ()
    rows: tuple[Source, ...] = ()
    rows_total: int = 0
    rows_amount: Decimal | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """Where a part of a ledger row ended: receiving department, path, item it arrived as, yuan."""

    dept_code: str
    dept_name: str
    dept_class: str
    path: str
    item_class: str
    amount: Decimal
    allocated: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """A ledger row and everywhere it went; the parts add up to the row to the fen (unless it was netted out)."""

    source: Source
    used: tuple[Used, ...]
    notes: tuple[Note, ...] = ()
