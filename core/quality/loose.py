"""Money without a home, and rows that did not come in, each with its place in a file and its owner."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.issue import Issue, sentences
from core.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Loose:
    """One text of the files that means no department, cost item or fund source of the dictionaries.

    what        dept | item | fund
    amount      yuan on it in the month, None for quantities; rows: how many lines
    raw_code, raw_name   the text in two parts, for an alias; '' both unless `what` is dept
    owner       who imported the file; file, sheet, row, col: the first place it stands at
    """

    extract: str
    what: str
    value: str
    amount: Decimal | None
    rows: int
    raw_code: str
    raw_name: str
    owner: str
    batch: str
    file: str
    sheet: str
    row: int
    col: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused cell of a stored batch; `issue` has place, sentence and what to do."""

    extract: str
    period: int
    batch: str
    owner: str
    amount: Decimal | None
    issue: Issue


_LOOSE = """
select u.extract, u.what, trim(u.value) as value, sum(u.amount)::decimal(18, 2) as amount, count(*) as rows,
       coalesce(max(m.raw_code), '') as raw_code, coalesce(max(m.raw_name), '') as raw_name,
       arg_min(u._batch, u._row) as batch, arg_min(u._file, u._row) as file, arg_min(u._sheet, u._row) as sheet,
       min(u._row) as row, coalesce(arg_min(u._col, u._row), '') as col
from stg_unmapped u
left join stg_dept_match m on m.hospital = u.hospital and u.what = 'dept' and m.dept_code is null
    and coalesce(m.raw_code, '') || ' ' || coalesce(m.raw_name, '') = u.value
where u.hospital = ? and u.period = ? and u.what <> 'refused'
group by u.extract, u.what, u.value
order by abs(coalesce(sum(u.amount), 0)) desc, rows desc, u.extract, u.value
"""


def owners(warehouse: Warehouse) -> dict[str, str]:
    """batch -> who imported it."""
    rows = warehouse.store.records(warehouse.snapshot, "batches")
    return {row["_batch"]: row["actor"] for row in rows if row["action"] != "undo"}


def loose(warehouse: Warehouse, hospital: str, period: int) -> list[Loose]:
    """Everything unresolved in a month, the most money first."""
    who = owners(warehouse)
    return [
        Loose(owner=who.get(row["batch"], ""), **row) for row in warehouse.rows(_LOOSE, (hospital, period))
    ]


_REFUSED = """
select extract, period, _batch as batch, amount, _file as file, sheet, row, col, "column", value, reason, params
from raw_refused
where hospital = $1 and (period = $2 or period = 0 and _batch in (
    select _batch from raw_slots where hospital = $1 and period in ($2, 0)))
order by extract, file, sheet, row, col
"""


def refused(warehouse: Warehouse, hospital: str, period: int) -> list[Refused]:
    """Refused cells of a month in the order of their files, and those of its files and of the dictionaries whose
    month could not be told."""
    who = owners(warehouse)
    return [
        Refused(
            row["extract"], row["period"], row["batch"], who.get(row["batch"], ""), row["amount"], _issue(row)
        )
        for row in warehouse.rows(_REFUSED, (hospital, period))
    ]


def _issue(row: dict[str, Any]) -> Issue:
    code = row["reason"] if row["reason"] in sentences() else "cell_error"
    return Issue(
        code,
        params=json.loads(row["params"] or "{}"),
        file=row["file"] or "",
        sheet=row["sheet"] or "",
        row=row["row"] or 0,
        col=row["col"] or "",
        column=row["column"] or "",
        value=row["value"] or "",
    )
