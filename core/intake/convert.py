"""One table of a sheet into a part: roles of rows, month and unit, casting, totals, departments, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core import engine
from core.amount import Unreadable
from core.catalog import Extract
from core.intake.cells import Cells, trimmed
from core.intake.control import control
from core.intake.doubles import duplicates
from core.intake.headings import Decision, Known
from core.intake.layout import Layout
from core.intake.output import (
    issues_of,
    refusals,
    round_money,
    write_refused,
    write_rows,
)
from core.intake.people import match_departments
from core.intake.reading import IGNORED, NEEDS_DECISION, READY, REFUSED, ColumnMatch, Part
from core.intake.remarks import remark_rows, remark_totals
from core.intake.rows import DATA, SKIPPED, Roles, fill_blanks, fill_merged, roles_of
from core.intake.settling import prove, settle, sums
from core.intake.tables import Table
from core.intake.totals import Checked, check_rows, mark_unlabelled
from core.intake.typed import SOURCE, Job, build, groups_of
from core.intake.units import find_units, to_yuan
from core.intake.when import Default, default_period
from core.intake.widesums import check_total_columns
from core.issue import Issue
from core.lexicon import lexicon

MOST_WIDE = 0.05  # of the rows; beyond, the extra cells are a column that has no heading


def start_part(table: Table, decision: Decision) -> Part:
    """The part as far as headings alone decide it."""
    part = Part(table.sheet.name, table.number, shape=decision.shape)
    part.candidates = [[name, score] for name, score in decision.candidates]
    last = table.headings[-1].col if table.headings else "A"
    first = table.headings[0].col if table.headings else "A"
    part.place = f"{first}{table.top + 1}:{last}{max(table.stop, table.bottom + 1)}"
    part.issues = list(decision.issues)
    if decision.layout is not None:
        part.extract = decision.layout.extract.name
        part.columns = matches(table, decision)
    return part


def matches(table: Table, decision: Decision) -> list[ColumnMatch]:
    """How each column was understood, for the mapping page."""
    layout = decision.layout
    assert layout is not None
    by_place = {place: name for name, place in layout.columns.items()}
    across = {a.index: a for a in layout.across}
    totals = {t.index for t in layout.totals}
    found: list[ColumnMatch] = []
    for heading in table.headings:
        how, score = layout.how.get(heading.index, ("unused", 0))
        if how == "plan" and decision.remembered:
            how = "remembered"
        column = by_place.get(heading.index)
        spread: dict[str, str] = {}
        one = across.get(heading.index)
        if one is not None:
            column = one.measure
            told = {
                "item_name": one.item,
                layout.extract.across.name if layout.extract.across else "": one.member,
            }
            spread = {key: value for key, value in told.items() if value}
            if one.when is not None:
                spread["period"] = str(one.when.period)
        elif heading.index in totals:
            column = None
        elif heading.index in (layout.year, layout.month):
            column = "period"
        samples = decision.profiles[heading.index].samples if heading.index in decision.profiles else ()
        alternatives = [list(hit) for hit in decision.alternatives.get(heading.index, [])]
        found.append(
            ColumnMatch(heading.col, heading.text, column, how, score, alternatives, spread, list(samples))
        )
    return found


def convert(
    part: Part,
    table: Table,
    decision: Decision,
    known: Known,
    connection: engine.Connection,
    folder: Path,
    file: str,
) -> None:
    """Read the table's rows into `part` and write its files below `folder`. Raises nothing about the data."""
    layout = decision.layout
    assert layout is not None
    part.status = NEEDS_DECISION if decision.waiting else READY
    default = find_period(part, table, layout, decision, known, file)
    units = find_units(part, table, layout, decision, known)
    if default is None or layout.missing(bool(default.period)):
        part.status = NEEDS_DECISION
        return
    try:
        groups = groups_of(layout.across, default.year)
    except Unreadable as refusal:
        text = next(m.heading for m in part.columns if m.how == "spread")
        part.issues.append(Issue(refusal.code, "warning", sheet=part.sheet, row=table.top + 1, value=text))
        part.status = NEEDS_DECISION
        return
    part.columns = _with_periods(part.columns, default.year)
    job = Job(connection, layout, default, units, groups)
    sheet = table.sheet.as_table()
    region = sheet.slice(table.first, max(0, table.stop - table.first))
    region = _padded(region, max(h.index for h in table.headings) + 1)
    filled, merged = fill_merged(table, layout, region)
    roles = roles_of(table, layout, filled)
    filled, blanks = fill_blanks(layout, filled, roles)
    numbers = np.arange(table.first + 1, table.first + 1 + region.num_rows)
    build(job, source_of(filled, roles, numbers, layout.last if table.sheet.csv is not None else None))
    to_yuan(job, part)
    labels = {row + table.first + 1: label for row, label in roles.labels.items()}
    labels |= mark_unlabelled(job, labels)
    remark_rows(part, table, roles, [*merged, *blanks])
    finish(part, job, Cells(region, table.first), folder, known, labels, decision)


def finish(
    part: Part,
    job: Job,
    cells: Cells,
    folder: Path,
    known: Known,
    labels: dict[int, str],
    decision: Decision,
) -> None:
    """From typed rows to checks, departments, amounts, files and status.

    Raises:
        FileRefused: what was written is not what was read.
    """
    checked = check_rows(job, labels, cells)
    checked.checks += check_total_columns(job, cells)
    control(job, checked.checks, known.departments)
    read = sums(job)
    fine = round_money(job)
    kept = sums(job) if fine else read
    settle(part, job, read, kept)
    if fine:
        params = {"rounding": str(part.rounding)}
        part.issues.append(Issue("sub_fen", params=params, sheet=part.sheet, count=fine))
    if job.wide:
        ((lines,),) = engine.query(job.connection, f"select count(*) from {SOURCE} where _k = {DATA}")
        if empty := lines * len(job.groups) - part.rows_read:
            part.issues.append(Issue("spread_empty", sheet=part.sheet, count=empty))
    part.control_total, part.checks = checked.control, checked.checks
    found = refusals(job, cells)
    part.issues += issues_of(found, part.sheet)
    remark_totals(part, checked, len(labels))
    part.issues += duplicates(job, part.sheet)
    match_departments(job, part, known.departments)
    part.rows_path = folder / "rows"
    prove(part, job, write_rows(job, part.sheet, part.rows_path), kept.accepted, kept.kept)
    part.periods = sorted({int(path.stem) for path in part.rows_path.glob("*.parquet")})
    if found:
        part.refused_path = folder / "refused.parquet"
        write_refused(part, found, part.refused_path)
    _settle(part, checked, decision, known, job.default)


def _settle(part: Part, checked: Checked, decision: Decision, known: Known, title: Default | None) -> None:
    if part.rows_read == 0:
        part.issues.append(Issue("table_empty", sheet=part.sheet))
        part.status = IGNORED if part.status == READY else part.status
        return
    if part.rows_accepted == 0 and part.status == READY:
        part.status = REFUSED
    if checked.open and not (decision.plan.get("accept_totals") or known.options.accept_proposals):
        part.status = NEEDS_DECISION if part.status == READY else part.status
    declared = known.options.period
    listed = ", ".join(map(str, part.periods[:6]))
    titled = title.period if title is not None and title.origin == "title" else 0
    if titled and part.period_from in ("column", "date") and part.periods and titled not in part.periods:
        params = {"declared": titled, "found": listed}
        part.issues.append(Issue("period_disagrees", params=params, sheet=part.sheet))
    if declared and part.periods and part.period_from != "declared" and declared not in part.periods:
        part.issues.append(
            Issue("period_conflict", params={"declared": declared, "found": listed}, sheet=part.sheet)
        )


def find_period(
    part: Part, table: Table, layout: Layout, decision: Decision, known: Known, file: str
) -> Default | None:
    """Where the month comes from; None (and an issue) if nowhere."""
    extract: Extract = layout.extract
    if not extract.periodic:
        return Default()
    texts = [*table.titles, table.sheet.name, Path(file).stem]
    declared = known.options.period or decision.plan.get("period")
    default = default_period(texts, int(declared) if declared else None, extract.name in lexicon().whole_year)
    if layout.has("period"):
        by_date = extract.period_from in layout.columns and "period" not in layout.columns
        part.period_from = (
            "heading" if any(a.when for a in layout.across) else "date" if by_date else "column"
        )
        return default
    if not default.period:
        part.issues.append(Issue("period_missing", sheet=part.sheet))
        return None
    part.period_from = default.origin
    if default.origin != "declared":
        params = {"period": default.period, "text": default.text, "origin": _origin(default.origin, "zh"),
                  "origin_en": _origin(default.origin, "en")}  # fmt: skip
        part.issues.append(Issue("period_found", params=params, sheet=part.sheet))
    return default


def _origin(origin: str, lang: str) -> str:
    return lexicon().origins[origin].of(lang)


def _with_periods(columns: list[ColumnMatch], year: int) -> list[ColumnMatch]:
    """Headings that name a bare month show the year they were completed with."""
    for match in columns:
        period = match.spread.get("period", "")
        if period and int(period) < 100:
            match.spread["period"] = str(year * 100 + int(period))
    return columns


def source_of(
    region: pa.Table, roles: Roles, numbers: NDArray[np.int64], last: int | None, share: float = MOST_WIDE
) -> pa.Table:
    """The region's rows that are data or totals, with their sheet row, role, and whether they are wider than their
    headings (`last` is the last heading of a text file, where a stray delimiter shifts a row)."""
    keep = np.flatnonzero(roles.role != SKIPPED)
    table = region if len(keep) == region.num_rows else region.take(pa.array(keep))
    table = pa.table([_shorn(column) for column in table.columns], names=table.column_names)
    wide = np.zeros(len(keep), dtype=bool)
    for column in table.columns[last + 1 :] if last is not None else ():
        wide |= column.is_valid().to_numpy()
    if wide.mean() > share if len(wide) else False:
        wide[:] = False  # a column without a heading, not rows that slipped
    table = table.append_column("_n", pa.array(numbers[keep].astype(np.int32)))
    return table.append_column("_k", pa.array(roles.role[keep])).append_column("_w", pa.array(wide))


def _shorn(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([trimmed(chunk) for chunk in column.chunks], pa.string())


def _padded(region: pa.Table, width: int) -> pa.Table:
    """As many columns as the headings speak of."""
    for index in range(region.num_columns, width):
        region = region.append_column(f"c{index}", pa.nulls(region.num_rows, pa.string()))
    return region
