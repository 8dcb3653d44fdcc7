"""Control rules of an extract: rows that can be read and still cannot be right are refused, with their place.

    not_negative       a measure below 0
    adds_up            months that do not add up to the year stated beside them, or on a line of its own
    known_department   a department that the dictionary does not have and nothing resembles (only where there is one)

Which rules hold for an extract is said in its definition; the sentences are those of core/definitions/issues.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from core import engine
from core.engine import name
from core.intake.people import roles
from core.intake.reading import ControlCheck
from core.intake.rows import DATA
from core.intake.typed import Job
from core.intake.vocabulary import ITEM
from core.intake.wanting import bad
from core.matching import Departments


def control(job: Job, checks: Iterable[ControlCheck], departments: Departments) -> None:
    """Mark the cells of rows that break a rule of the extract; from there on they are refused like unreadable ones."""
    rules = job.extract.rules
    if "not_negative" in rules:
        _not_negative(job)
    if "adds_up" in rules:
        # Total columns carry the row they were read from; a check of a whole column has none.
        _mark(
            job, "_period", "year_differs", {c.row for c in checks if not c.ok and c.row and c.level == "row"}
        )
        _mark(job, "_period", "year_differs", _years(job))
    if "known_department" in rules and departments:
        _known(job, departments)


def _mark(job: Job, column: str, code: str, rows: Iterable[int]) -> None:
    wanted = sorted(rows)
    if wanted:
        field = name(f"{column}__p")
        engine.run(
            job.connection,
            f"update typed set {field} = '{code}' from lent where typed._n = lent.n and _k = {DATA} and {field} is null",
            (),
            {"lent": pa.table({"n": pa.array(wanted, pa.int32())})},
        )


def _not_negative(job: Job) -> None:
    measure = job.extract.measure or ""
    if measure in job.measures():
        field, mark = name(measure), name(f"{measure}__p")
        engine.run(
            job.connection,
            f"update typed set {mark} = 'negative' where _k = {DATA} and {field} < 0 and {mark} is null",
        )


def _years(job: Job) -> Sequence[int]:
    """Rows of a cell whose line for the whole year differs from the sum of its months."""
    measure = job.extract.measure
    keys = [c for c in job.extract.key if c != "period" and (c in job.casts or c == ITEM)]
    if job.wide or not measure or not keys:
        return ()
    cell = ", ".join(name(key) for key in keys)
    rows = engine.query(
        job.connection,
        f"""with cell as (
                select {cell}, sum({name(measure)}) filter (where _period % 100 = 0) as year,
                       sum({name(measure)}) filter (where _period % 100 > 0) as months
                from typed where _k = {DATA} and not ({bad(job)}) group by all)
            select t._n from typed t join cell c on {
            " and ".join(f"t.{name(key)} is not distinct from c.{name(key)}" for key in keys)
        }
            where t._k = {DATA} and c.year <> c.months""",
    )
    return [row for (row,) in rows]


def _known(job: Job, departments: Departments) -> None:
    for code, label in roles(job).values():
        columns = [column for column in (code, label) if column]
        texts = ", ".join(f"coalesce({name(column)}, '')" for column in columns)
        found: dict[tuple[str, ...], list[int]] = {}
        for row, *words in engine.query(
            job.connection, f"select distinct _n, {texts} from typed where _k = {DATA} and not ({bad(job)})"
        ):
            found.setdefault(tuple(words), []).append(row)
        lost: list[int] = []
        for texts_found, rows in found.items():
            given = dict(zip(columns, texts_found, strict=True))
            hit = departments.find(given.get(code or "", ""), given.get(label or "", ""))
            lost += rows if hit.how == "unknown" else []
        _mark(job, columns[-1], "budget_department", lost)
