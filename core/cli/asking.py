"""`history`, `query`, `check` and `template`."""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from argparse import Namespace
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core import batch as batches
from core.cli.importing import open_store
from core.cli.words import language, say
from core.derived import refresh
from core.export import template_workbook
from core.warehouse import QueryRefused, open_warehouse, user_query

SHOWN = 1000


def history(options: Namespace) -> int:
    """`history`: every batch, newest first, with what became of it."""
    store = open_store(options)
    found = batches.history(store)
    if options.json:
        print(json.dumps([asdict(batch) for batch in found], ensure_ascii=False, indent=1, default=_plain))
        return 0
    if not found:
        print(say("none_yet"))
    words = {"live": "live", "partly": "live", "replaced": "replaced", "undone": "not_live"}
    for batch in found:
        extracts = ",".join(part.extract for part in batch.parts)
        print(
            f"{batch.id}  {batch.at:%Y-%m-%d %H:%M}  {say(words[batch.status]):<6}  {batch.rows:>9,}  {extracts}  {batch.name}"
        )
    return 0


def query(options: Namespace) -> int:
    """`query "SELECT …"`: read-only, over the documented views."""
    store = open_store(options)
    snapshot = store.snapshot(options.snapshot)
    refresh(store, snapshot)
    try:
        table = user_query(store, snapshot, options.sql)
    except QueryRefused as refused:
        print(say("query_refused", reason=refused), file=sys.stderr)
        return 1
    columns = table.column_names
    rows = list(zip(*(table[name].to_pylist() for name in columns), strict=True)) if columns else []
    if options.format == "json":
        print(
            json.dumps(
                [dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, default=_plain
            )
        )
    elif options.format == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    else:
        _draw(columns, rows)
    return 0


def check(options: Namespace) -> int:
    """`check`: every identity of every month, recomputed from the stored rows; exit 1 if one is broken."""
    store = open_store(options)
    snapshot = store.snapshot()
    refresh(store, snapshot)
    warehouse = open_warehouse(store, snapshot)
    rows = warehouse.rows("select * from mart_allocation_check order by hospital, period, name")
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1, default=_plain))
    broken = [row for row in rows if not row["ok"]]
    if not options.json:
        for row in broken:
            print(
                say(
                    "check_broken",
                    period=row["period"],
                    identity=row["name"],
                    difference=row["difference"],
                    where=row["place"],
                )
            )
        months = len({(row["hospital"], row["period"]) for row in rows})
        print(say("check_summary", months=months, count=len(rows), broken=len(broken)))
    return 1 if broken else 0


def template(options: Namespace) -> int:
    """`template EXTRACT --out FILE`"""
    options.out.write_bytes(template_workbook(options.extract, language()))
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _draw(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    shown = [["" if cell is None else str(cell) for cell in row] for row in rows[:SHOWN]]
    widths = [
        max([_width(name), *(_width(row[index]) for row in shown)]) for index, name in enumerate(columns)
    ]
    numeric = [
        bool(rows) and isinstance(rows[0][index], int | float | Decimal) for index in range(len(columns))
    ]
    for row in [columns, ["-" * width for width in widths], *shown]:
        print(
            "  ".join(
                _pad(cell, width, right) for cell, width, right in zip(row, widths, numeric, strict=True)
            ).rstrip()
        )
    if len(rows) > SHOWN:
        print(say("more", count=len(rows) - SHOWN))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap
