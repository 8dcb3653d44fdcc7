"""Rows and amounts of a part, and the proof that what was read is what was written.

    exact      sum of the values as they were read
    kept       sum of the same values rounded to the type they are stored in
    rounding = exact - kept (and what refused money has below a fen); it may not pass what rounding can explain
    written    sum of the Parquet files themselves, which has to be `kept` to the last digit

A part that fails either is a fault of the program; its file is refused, since nothing in it can be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from core import engine
from core.engine import name, quoted
from core.intake.casting import EXACT, STORED
from core.intake.millionths import Tally
from core.intake.reading import Part
from core.intake.refusal import FileRefused
from core.intake.rows import DATA
from core.intake.totals import FEN, tidy
from core.intake.typed import Job
from core.intake.wanting import bad

ZERO = Decimal(0)
# Furthest a value moves when it is rounded to its stored type. Money is rounded as a column, so that all of it together
# moves no further than one value (core.money.round_column, core.intake.plainly).
MOST = {"money": FEN / 2, "quantity": Decimal("0.00005")}


@dataclass(frozen=True)
class Sums:
    """What stands in `typed`: accepted and refused rows, the accepted measure exactly and as it will be stored, how many
    accepted values have finer digits than that, and the refused measure."""

    accepted: int = 0
    refused: int = 0
    exact: Decimal = ZERO
    kept: Decimal = ZERO
    finer: int = 0
    lost: Decimal = ZERO


def sums(job: Job) -> Sums:
    """The sums of `typed` as it stands."""
    kind = _kind(job)
    value = name(str(job.extract.measure)) if kind else f"null::{EXACT}"
    kept = f"try_cast({value} as {STORED[kind]})" if kind else value
    rows = engine.query(
        job.connection,
        f"select {bad(job)} as b, count(*), coalesce(sum({value}), 0), coalesce(sum({kept}), 0),"
        f" count(*) filter ({value} <> {kept}) from typed where _k = {DATA} group by b",
    )
    found = {bool(b): rest for b, *rest in rows}
    nothing = (0, ZERO, ZERO, 0)
    good, refused = found.get(False, nothing), found.get(True, nothing)
    return Sums(good[0], refused[0], Decimal(good[1]), Decimal(good[2]), good[3], Decimal(refused[1]))


def settle(part: Part, job: Job, read: Sums, kept: Sums) -> None:
    """Set rows and amounts of a part. read: sums before money was rounded; kept: sums after.

    Raises:
        FileRefused: the rounding is more than rounding can be.
    """
    part.rows_accepted, part.rows_refused = job.straight.rows + read.accepted, read.refused
    part.rows_read = part.rows_accepted + part.rows_refused
    exact, stored = job.straight.exact + read.exact, job.straight.kept + kept.kept
    # Refused rows carry their money in fen (core.intake.output); they add up to this.
    lost = read.lost.quantize(FEN, ROUND_HALF_UP) if _kind(job) == "money" else read.lost
    part.amount_accepted, part.amount_refused = tidy(stored), tidy(lost)
    part.amount_read, part.rounding = tidy(exact + read.lost), tidy(exact + read.lost - stored - lost)
    if (read.accepted, read.refused) != (kept.accepted, kept.refused):
        raise differs(part, read.accepted, kept.accepted)
    if abs(exact - stored) > slack(job, read.finer) + slack(job, job.straight.finer):
        raise differs(part, exact, stored)


def slack(job: Job, finer: int) -> Decimal:
    """How far rounding can move a sum of which `finer` values have finer digits than are stored."""
    kind = _kind(job)
    return min(finer, 1 if kind == "money" else finer) * MOST.get(kind, ZERO)


def prove(part: Part, job: Job, paths: Sequence[Path], rows: int, kept: Decimal) -> None:
    """Add up Parquet files just written and compare.

    Raises:
        FileRefused: they do not hold these rows, or not this amount.
    """
    found = add_up(job, paths)
    if found != (rows, kept):
        raise differs(part, kept if found[0] == rows else rows, found[1] if found[0] == rows else found[0])


def add_up(job: Job, paths: Sequence[Path]) -> tuple[int, Decimal]:
    """Rows and measure of Parquet files."""
    if not paths:
        return 0, ZERO
    value = f"sum({name(str(job.extract.measure))})" if job.extract.measure else "0"
    ((rows, amount),) = engine.query(
        job.connection,
        f"select count(*), {value} from read_parquet([{', '.join(map(quoted, paths))}], hive_partitioning=false)",
    )
    return rows, Decimal(amount or 0)


def differs(part: Part, read: Decimal | int, written: Decimal | int) -> FileRefused:
    """The refusal of a file whose sums do not agree."""
    return FileRefused("reader_sums", {"sheet": part.sheet, "read": f"{read:,}", "written": f"{written:,}"})


def tally(job: Job, paths: Sequence[Path], seen: Tally, part: Part) -> Tally:
    """What lines written straight come to, by their files; `seen` is what was counted while they passed.

    Raises:
        FileRefused: files and lines do not agree.
    """
    rows, kept = add_up(job, paths)
    if rows != seen.rows:
        raise differs(part, seen.rows, rows)
    if abs(seen.exact - kept) > slack(job, seen.finer):
        raise differs(part, seen.exact, kept)
    return Tally(rows, seen.exact, kept, seen.finer)


def _kind(job: Job) -> str:
    return job.extract.column(job.extract.measure).type if job.extract.measure else ""
