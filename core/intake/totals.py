"""Totals as control: every stated subtotal and total is compared with the rows it covers, and never counted.

What a total covers is first taken from its word (a section: since the total before; a grand total: the table) and,
where that does not add up, from whatever run of rows next to it does. A sum that fits nothing is a mismatch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import pyarrow as pa

from core import engine
from core.engine import name
from core.intake.cells import Cells
from core.intake.layout import TotalColumn
from core.intake.lines import letters
from core.intake.reading import ControlCheck
from core.intake.rows import DATA, TOTAL
from core.intake.typed import Job
from core.intake.vocabulary import is_total
from core.intake.wanting import bad
from core.lexicon import lexicon

MAX_CHECKS = 400
ZERO = Decimal(0)
FEN = Decimal("0.01")


@dataclass
class Segment:
    """Rows between two totals: sum of one measure, number of rows, and rows whose value cannot be read."""

    total: Decimal = ZERO
    rows: int = 0
    unread: int = 0

    def __add__(self, other: Segment) -> Segment:
        return Segment(self.total + other.total, self.rows + other.rows, self.unread + other.unread)


@dataclass(frozen=True)
class Stated:
    """One total row: its sheet row, label, and kind ('grand', 'section' or 'running')."""

    row: int
    label: str
    kind: str


@dataclass
class Checked:
    """The checks of a table. `control` is the stated grand total of the measure; `open` are mismatches of grand
    totals that no refused row accounts for."""

    checks: list[ControlCheck]
    control: Decimal | None = None
    open: int = 0
    explained: list[ControlCheck] | None = None


def additive(job: Job) -> list[str]:
    """Measures whose sum means something."""
    return [m for m in job.measures() if m not in lexicon().not_additive]


def mark_unlabelled(job: Job, labels: dict[int, str]) -> dict[int, str]:
    """Find total rows without a word: no key text at all, and a measure that is the sum of the rows before it.

    Marks them in `typed` and returns sheet row -> '' for each.
    """
    measure = job.extract.measure
    keys = [
        c.name
        for c in job.extract.columns
        if c.type in ("code", "text", "choice") and c.name in job.layout.columns
    ]
    if job.wide or not measure or measure not in job.layout.columns or not keys:
        return {}
    blank = " and ".join(f"{name(k)} is null" for k in keys if job.extract.column(k).default is None)
    if not blank:
        return {}
    found: dict[int, str] = {}
    rows = engine.query(
        job.connection,
        f"select _n, {name(measure)} from typed where _k = {DATA} and {blank} and {name(measure)} is not null"
        " order by _n limit 200",
    )
    totals = sorted(labels)
    for row, stated in rows:
        since = max((t for t in (*totals, *found) if t < row), default=0)
        for start in {since, 0}:
            ((total, count),) = engine.query(
                job.connection,
                f"select sum({name(measure)}), count(*) from {job.read} where _k = {DATA} and _n > ? and _n < ?"
                f" and not ({blank})",
                [start, row],
            )
            if count >= 2 and total == stated:
                found[row] = ""
    if found:
        listed = ", ".join(map(str, found))
        engine.run(job.connection, f"update typed set _k = {TOTAL} where _n in ({listed})")
    return found


def check_rows(job: Job, labels: dict[int, str], cells: Cells) -> Checked:
    """Compare every total row with the rows it covers.

    labels: sheet row -> label of total rows. cells: the sheet, to see how exactly totals are printed.
    """
    measures = additive(job)
    if not labels or not measures:
        return Checked([])
    stated = [Stated(row, label, is_total(label) or "grand") for row, label in sorted(labels.items())]
    segments = _segments(job, measures, [s.row for s in stated])
    picked = ", ".join(name(m) for m in measures)
    values = engine.query(
        job.connection, f"select _n, _g, {picked} from typed where _k = {TOTAL} order by _n, _g"
    )
    result = Checked([], explained=[])
    order = {s.row: i for i, s in enumerate(stated)}
    # A column of zeros has no rows of its own; whether rows stand above a total is asked of all columns together.
    above = [any(runs[i].rows for runs in segments.values()) for i in range(len(stated) + 1)]
    grand_row = max((s.row for s in stated if s.kind == "grand"), default=0)
    for row, group, *sums in values:
        for measure, value in zip(measures, sums, strict=True):
            if value is None:
                continue
            place = job.place_of(measure, group)
            runs = segments[group, measure]
            position = order[row]
            step = _precision(cells.text(row, place), place, job)
            cover, level = _cover(runs, position, stated, value, step, any(above[: position + 1]))
            ok = agrees(value, cover.total, step)
            label = stated[position].label
            check = ControlCheck(
                row, letters(place), label, measure, tidy(value), tidy(cover.total), ok, level, cover.rows
            )
            result.checks.append(check)
            if not ok and cover.unread and result.explained is not None:
                result.explained.append(check)
            elif not ok and row == grand_row:
                result.open += 1
            if row == grand_row and measure == job.extract.measure:
                result.control = (result.control or ZERO) + value
    if result.control is not None:
        result.control = tidy(result.control)
    return result


def _segments(job: Job, measures: Sequence[str], rows: Sequence[int]) -> dict[tuple[int, str], list[Segment]]:
    """Sums of data rows between totals, per group of columns and measure; one more segment follows the last total."""
    lent = pa.table({"ends": pa.array(rows, pa.int32()), "j": pa.array(range(len(rows)), pa.int32())})
    sums = ", ".join(
        f"sum({name(m)}), count(*) filter ({name(m)} is null and ({bad(job)}))" for m in measures
    )
    found = engine.query(
        job.connection,
        f"select d._g, coalesce(t.j, {len(rows)}), count(*), {sums} from {job.read} d"
        f" asof left join lent t on d._n < t.ends where d._k = {DATA} group by all",
        (),
        {"lent": lent},
    )
    made: dict[tuple[int, str], list[Segment]] = defaultdict(
        lambda: [Segment() for _ in range(len(rows) + 1)]
    )
    for group, position, count, *cells in found:
        for i, measure in enumerate(measures):
            made[group, measure][position] = Segment(cells[2 * i] or ZERO, count, cells[2 * i + 1])
    return made


def _cover(
    runs: Sequence[Segment],
    position: int,
    stated: Sequence[Stated],
    value: Decimal,
    step: Decimal,
    below: bool,
) -> tuple[Segment, str]:
    """The rows a total covers, and at which level: as its word says, else whatever run of rows beside it adds up."""
    kind = stated[position].kind
    before = [_sum(runs[start : position + 1]) for start in range(position, -1, -1)]  # nearest first
    after = [_sum(runs[position + 1 : stop]) for stop in range(position + 2, len(runs) + 1)]
    last = all(s.kind != "grand" for s in stated[position + 1 :])
    if not below:
        nominal, level = (
            (after[-1] if kind == "grand" and after else after[0] if after else Segment()),
            "table",
        )
    elif kind == "section" or (kind == "grand" and not last):
        same = [i for i in range(position) if kind == "section" or stated[i].kind == "grand"]
        start = (max(same) + 1) if same else 0
        nominal, level = _sum(runs[start : position + 1]), "section"
    else:
        nominal, level = before[-1], "table"
    if agrees(value, nominal.total, step):
        return nominal, level
    for run in (*before, *after):
        if run.rows and agrees(value, run.total, step):
            return run, "section"
    return nominal, level


def _sum(runs: Sequence[Segment]) -> Segment:
    total = Segment()
    for run in runs:
        total = total + run
    return total


def agrees(stated: Decimal, computed: Decimal, step: Decimal) -> bool:
    """Equal, or the computed value, which has finer digits than `step`, rounded to it."""
    if stated == computed:
        return True
    return computed % step != 0 and abs(stated - computed) * 2 <= step


def _precision(text: str, place: int, job: Job) -> Decimal:
    """How far a total may be rounded: to one fen, whatever unit the sheet is in, else to its own digits, two at least.

    A sum has the digits of its rows. A total that shows fewer was rounded by hand or ends in zeros a spreadsheet drops,
    and nobody can tell which: 1 235 beside rows of 617.3 is a difference, in 10 000 yuan one of 4 000.
    """
    digits = len(text.rpartition(".")[2]) if "." in text else 0
    return FEN if job.units.factors.get(place, Decimal(1)) != 1 else Decimal(1).scaleb(-max(digits, 2))


def check_columns(job: Job, measure: str, columns: Sequence[TotalColumn], values: dict[int, dict[int, Decimal]],
                  sums: dict[int, dict[int, Decimal]]) -> list[ControlCheck]:  # fmt: skip
    """Compare total columns with the columns they add, row by row, to the fen.

    values: position -> sheet row -> stated. sums: position -> sheet row -> computed. One check per column for all its
    rows together, and one for each row that differs.
    """
    checks: list[ControlCheck] = []
    for column in columns:
        stated = values.get(column.index, {})
        computed = sums.get(column.index, {})
        wrong = []
        for row, value in stated.items():
            if not agrees(value, computed.get(row, ZERO), FEN):
                wrong.append(row)
        col = letters(column.index)
        total = sum(stated.values(), ZERO), sum((computed.get(row, ZERO) for row in stated), ZERO)
        if stated:
            head = ControlCheck(
                0,
                col,
                column.heading,
                measure,
                tidy(total[0]),
                tidy(total[1]),
                not wrong,
                "column",
                len(stated),
            )
            checks.append(head)
        for row in wrong:
            checks.append(ControlCheck(row, col, column.heading, measure, tidy(stated[row]),
                                       tidy(computed.get(row, ZERO)), False, "row", len(column.covers)))  # fmt: skip
    return checks[:MAX_CHECKS]


def tidy(value: Decimal) -> Decimal:
    """At least two decimals, no idle zeros beyond."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    return (
        value.quantize(Decimal("0.01"), ROUND_CEILING)
        if isinstance(exponent, int) and exponent >= -2
        else plain
    )
