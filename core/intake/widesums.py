"""Total columns of wide tables: what they state against what their row adds up to."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from core import engine
from core.amount import Unreadable, parse_amount
from core.engine import name
from core.intake.cells import Cells
from core.intake.reading import ControlCheck
from core.intake.totals import check_columns
from core.intake.typed import SOURCE, Job


def check_total_columns(job: Job, sheet: Cells) -> list[ControlCheck]:
    """Checks of every total column; rows whose stated total cannot be read are left out."""
    columns = [t for t in job.layout.totals if t.covers and t.index < sheet.region.num_columns]
    if not columns or not job.groups:
        return []
    measure = job.groups[0].places[0][0]
    kept = [n for (n,) in engine.query(job.connection, f"select _n from {SOURCE} where _k < 2 order by _n")]
    values: dict[int, dict[int, Decimal]] = {}
    computed: dict[int, dict[int, Decimal]] = {}
    for column in columns:
        factor = job.units.factors.get(column.index, Decimal(1))
        values[column.index] = _stated(sheet, column.index, kept, factor)
        groups = [i for i, g in enumerate(job.groups) if any(place in column.covers for _, place in g.places)]
        computed[column.index] = _computed(job, groups, set(column.covers))
    return check_columns(job, measure, columns, values, computed)


def _stated(sheet: Cells, place: int, rows: list[int], factor: Decimal) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for row in rows:
        text = sheet.text(row, place)
        if text:
            try:
                found[row] = parse_amount(text) * factor
            except Unreadable:
                continue
    return found


def _computed(job: Job, groups: list[int], covers: set[int]) -> dict[int, Decimal]:
    """sheet row -> sum of the covered cells."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for measure in dict.fromkeys(m for i in groups for m, _ in job.groups[i].places):
        listed = [
            i for i in groups if any(m == measure and place in covers for m, place in job.groups[i].places)
        ]
        rows = engine.query(
            job.connection,
            f"select _n, sum({name(measure)}) from typed where _g in ({', '.join(map(str, listed))}) group by _n",
        )
        for row, total in rows:
            sums[row] += total or 0
    return sums
