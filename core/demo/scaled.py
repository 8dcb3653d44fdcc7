"""N-fold charge lines and ledger lines as CSV, for benchmarks: same totals as the demo, many more rows.

Charge lines break up the income of the last twelve months, ledger lines the whole ledger. Each amount F is split
into n lines by differences of a running share, so the lines add up to F exactly whatever n is:

    charge line j of n:  F·(j+1)(j+2) div n(n+1)  −  F·j(j+1) div n(n+1)      (amounts grow from small to large)
    voucher j of n:      F·(j+1) div n            −  F·j div n
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.demo.income import income_lines
from core.demo.ledger import entries
from core.demo.organisation import periods
from core.demo.truth import name_of
from core.demo.words import book_words, item_names, spec
from core.engine import connect, run

LINES_PER_SCALE = 1_000_000
MOST_LINES = 150_000_000
PIECE = 32  # lines of one cell made together: pieces spread the work over the processors
CHARGES, LEDGER = "charge_lines.csv", "ledger_lines.csv"
Progress = Callable[[int, int], None]

_CHARGES = """
copy (
  with line as (
    select p.*, unnest(range(p.first, least(p.first + {piece}, p.n))) as j from pieces p
  ), priced as (
    select *, (fen * ((j + 1) * (j + 2)) // (n * (n + 1)) - fen * (j * (j + 1)) // (n * (n + 1)))::bigint as part,
           start + j as number, (hash(start + j) % 72057594037927936)::bigint as mixed, 1 + j % 3 as sold
    from line
  )
  select 1000000000000 + number as "{0}",
         1000000 + mixed % 240000 as "{1}",
         care * 10000000 + mixed % 2400000 as "{2}",
         day::timestamp + to_seconds(86400 * (mixed % 28) + 28800 + mixed % 36000) as "{3}",
         items.code as "{4}", items.name as "{5}", items.spec as "{6}",
         sold as "{7}",
         (part::decimal(18, 4) / 100 / sold)::decimal(18, 4) as "{8}",
         (part::decimal(18, 2) / 100)::decimal(18, 2) as "{9}",
         class as "{10}", order_code as "{11}", order_name as "{12}", exec_code as "{13}", exec_name as "{14}",
         1000 + mixed % 900 as "{15}"
  from priced join items on items.kind = priced.kind and items.at = j % priced.choices
) to '{path}' (header, delimiter ',')
"""
_LEDGER = """
copy (
  select period as "{0}", dept_code as "{1}", dept_name as "{2}", item_code as "{3}", item_name as "{4}",
         fund as "{5}", voucher || '-' || j as "{6}", memo as "{7}",
         ((fen * (j + 1) // {scale} - fen * j // {scale})::decimal(18, 2) / 100)::decimal(18, 2) as "{8}"
  from (select *, unnest(range({scale})) as j from ledger)
) to '{path}' (header, delimiter ',')
"""


def write_scaled(
    folder: Path,
    scale: int,
    *,
    charge_lines_per_scale: int = LINES_PER_SCALE,
    progress: Progress | None = None,
) -> list[Path]:
    """Write `charge_lines.csv` and `ledger_lines.csv` (UTF-8, comma) into `folder`.

    At `scale` 10 about ten million charge lines of the last twelve months, whose sums by month, departments,
    patient type and class equal the demo's income to the fen; and every ledger line as `scale` vouchers that add up
    to it. The same scale gives the same bytes.

    Args:
        progress: called as progress(files done, files in all).

    Raises:
        ValueError: if scale is below 1, or so large that the split would leave 64 bits (above 150).
    """
    if not 1 <= scale * charge_lines_per_scale <= MOST_LINES:
        raise ValueError(f"scale must be from 1 to {MOST_LINES // charge_lines_per_scale}")
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / CHARGES, folder / LEDGER]
    tables = {"pieces": _pieces(scale * charge_lines_per_scale), "items": _items(), "ledger": _ledger()}
    connection = connect(keep_order=True)
    try:
        run(connection, "set enable_progress_bar = false")
        for done, (path, sql, words) in enumerate(
            ((written[0], _CHARGES, "charge_headings"), (written[1], _LEDGER, "ledger_headings")), start=1
        ):
            target = str(path).replace("'", "''")
            statement = sql.format(*spec()[words], path=target, scale=scale, piece=PIECE)
            run(connection, statement, tables=tables)
            if progress is not None:
                progress(done, len(written))
    finally:
        connection.close()
    return written


def _pieces(wanted: int) -> pa.Table:
    """Income cells of the last year, cut into pieces of at most PIECE lines; lines in proportion to money."""
    words = book_words()["values"]["charge_class"]
    cells = [line for line in income_lines() if line.period in periods()[-12:]]
    whole = sum(abs(cell.fen) for cell in cells)
    columns: dict[str, list[Any]] = {name: [] for name in _PIECE_FIELDS}
    start = 0
    for cell in cells:
        count = max(1, abs(cell.fen) * wanted // whole)
        held = (
            datetime.date(cell.period // 100, cell.period % 100, 1),
            1 + (cell.care == "inpatient"),
            cell.charge_class,
            words[cell.charge_class],
            len(spec()["charge_items"][cell.charge_class]),
            cell.order,
            name_of(cell.order),
            cell.execute,
            name_of(cell.execute),
            cell.fen,
            count,
            start,
        )
        for first in range(0, count, PIECE):
            for name, value in zip(_PIECE_FIELDS, (*held, first), strict=True):
                columns[name].append(value)
        start += count
    return pa.table(columns)


_PIECE_FIELDS: Sequence[str] = (
    "day",
    "care",
    "kind",
    "class",
    "choices",
    "order_code",
    "order_name",
    "exec_code",
    "exec_name",
    "fen",
    "n",
    "start",
    "first",
)


def _items() -> pa.Table:
    held = [
        (kind, at, *item) for kind, items in spec()["charge_items"].items() for at, item in enumerate(items)
    ]
    return pa.table(
        {name: [row[i] for row in held] for i, name in enumerate(("kind", "at", "code", "name", "spec"))}
    )


def _ledger() -> pa.Table:
    funds = book_words()["values"]["fund_source"]
    rows = entries()
    return pa.table(
        {
            "period": [e.period for e in rows],
            "dept_code": [e.dept for e in rows],
            "dept_name": [name_of(e.dept) for e in rows],
            "item_code": [e.item for e in rows],
            "item_name": [item_names()[e.item] for e in rows],
            "fund": [funds[e.fund] for e in rows],
            "voucher": [e.voucher or f"{e.source}-{i}" for i, e in enumerate(rows)],
            "memo": [e.memo for e in rows],
            "fen": [e.fen for e in rows],
        }
    )
