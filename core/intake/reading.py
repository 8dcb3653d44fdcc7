"""What a reading of a file says: parts, columns, checks, departments, issues. Plain data, JSON both ways.

Identities, asserted by the tests of every reader:

    rows_read   = rows_accepted + rows_refused
    amount_read = amount_accepted + amount_refused + rounding

The rows themselves are Parquet files: `rows_path` is a folder with one file `<period>.parquet` per period, ready
to be adopted by the store; `refused_path` is one Parquet file with a row per bad cell.

A *plan* is how a person (or the memory of an earlier file of the same shape) tells the reader to read a table:

    {"extract": "ledger_cost",              # which extract the table is
     "columns": {"<heading>": "dept_code",  # heading as shown in ColumnMatch.heading -> extract column
                 "<heading>": None},        # None: do not use this column
     "unit": "10000",                       # yuan per unit, optional
     "period": 202501,                      # yyyymm for a table that does not carry one, optional
     "accept_totals": True,                 # the person has seen that a stated total differs
     "ignore": True}                        # leave this table out

Plans are given per sheet (`Options.plan["Sheet1"]`; a second table of the same sheet is `"Sheet1#2"`).
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from core.issue import Issue

READY, NEEDS_DECISION, REFUSED, IGNORED = "ready", "needs_decision", "refused", "ignored"
Plan = dict[str, Any]


class Record:
    """JSON both ways for the dataclasses below: Decimal and Path as text, nested records as mappings."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready mapping."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """The record that `to_dict` wrote."""
        kinds: dict[str, Any] = _kinds(cls)  # type: ignore[arg-type]
        return cls(**{key: _revive(kinds[key], value) for key, value in raw.items()})


@dataclass
class Options(Record):
    """What a person declared about the file. `period` only fills what the data does not say."""

    extract: str | None = None
    period: int | None = None
    unit: str | None = None
    source: str | None = None
    plan: dict[str, Plan] = field(default_factory=dict)
    accept_proposals: bool = False


@dataclass
class Memory(Record):
    """What the hospital already knows: confirmed plans by heading shape, dictionaries, confirmed aliases.

    departments   (code, name, class, former names ...): only the first two are needed
    aliases       (raw code, raw name, department code)
    items         (code, name, statutory class) of the cost item dictionary
    """

    headings: dict[str, Plan] = field(default_factory=dict)
    departments: list[list[str]] = field(default_factory=list)
    aliases: list[list[str]] = field(default_factory=list)
    items: list[list[str]] = field(default_factory=list)


@dataclass
class ColumnMatch(Record):
    """How one column of the sheet was understood.

    how     exact | remembered | plan | evidence | proposed | spread | total | unused
    score   0..100; below 100 for evidence and proposals
    spread  for a column that lies across: what its heading says, e.g. {'period': '202501', 'item_name': '...'}
    """

    col: str
    heading: str
    column: str | None
    how: str
    score: int = 100
    alternatives: list[list[Any]] = field(default_factory=list)
    spread: dict[str, str] = field(default_factory=dict)
    samples: list[str] = field(default_factory=list)


@dataclass
class ControlCheck(Record):
    """One stated total against the rows it covers. `rows` is how many lines it covers."""

    row: int
    col: str
    label: str
    column: str
    stated: Decimal
    computed: Decimal
    ok: bool
    level: str = "table"
    rows: int = 0


@dataclass
class DeptMatch(Record):
    """How one department text of the file meets the dictionary.

    how   code | alias | repaired | name | normalised | proposed | unknown
    role  the extract columns it stood in, e.g. 'dept' or 'exec'
    """

    raw_code: str
    raw_name: str
    dept_code: str | None
    how: str
    score: int
    rows: int
    amount: Decimal
    role: str = "dept"
    dept_name: str = ""
    alternatives: list[list[Any]] = field(default_factory=list)


@dataclass
class Part(Record):
    """One table of the file."""

    sheet: str
    table: int = 1
    extract: str | None = None
    status: str = IGNORED
    place: str = ""
    columns: list[ColumnMatch] = field(default_factory=list)
    candidates: list[list[Any]] = field(default_factory=list)
    unit: str = "1"
    period_from: str = ""
    shape: str = ""
    periods: list[int] = field(default_factory=list)
    rows_read: int = 0
    rows_accepted: int = 0
    rows_refused: int = 0
    amount_read: Decimal = Decimal(0)
    amount_accepted: Decimal = Decimal(0)
    amount_refused: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)
    control_total: Decimal | None = None
    checks: list[ControlCheck] = field(default_factory=list)
    departments: list[DeptMatch] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rows_path: Path | None = None
    refused_path: Path | None = None

    @property
    def key(self) -> str:
        """The name plans go by: the sheet, and `#n` from the second table of a sheet on."""
        return self.sheet if self.table == 1 else f"{self.sheet}#{self.table}"

    def plan(self) -> Plan:
        """The plan this part was read by, as a person would confirm it and the store would remember it."""
        columns = {m.heading: m.column for m in self.columns if m.how not in ("spread", "total")}
        return {"extract": self.extract, "columns": columns, "unit": self.unit}


@dataclass
class Reading(Record):
    """The whole file."""

    file: str
    sha256: str = ""
    bytes: int = 0
    kind: str = ""
    encoding: str = ""
    status: str = REFUSED
    parts: list[Part] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def all_issues(self) -> list[Issue]:
        """Issues of the file and of every part, in order."""
        return [*self.issues, *(issue for part in self.parts for issue in part.issues)]

    def settle(self) -> None:
        """Set the status from the parts: refused outweighs nothing read, a waiting part makes the file wait."""
        states = {part.status for part in self.parts}
        if NEEDS_DECISION in states:
            self.status = NEEDS_DECISION
        elif READY in states:
            self.status = READY
        else:
            self.status = REFUSED


def _plain(value: Any) -> Any:
    if isinstance(value, Record | Issue):
        return value.to_dict()
    if isinstance(value, Decimal | Path):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


@lru_cache(maxsize=32)
def _kinds(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _revive(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _revive(next(arm for arm in typing.get_args(kind) if arm is not type(None)), value)
    if origin is list:
        (inner,) = typing.get_args(kind)
        return [_revive(inner, item) for item in value]
    if kind in (Decimal, Path):
        return kind(value)
    if is_dataclass(kind) and isinstance(kind, type):
        return kind.from_dict(value)  # type: ignore[attr-defined]
    return value
