"""The rows of files behind a month of a fact: lines of a system's extract, else what was reported by hand."""

from __future__ import annotations

from core.forecasting.targets import HOSPITAL, Target
from core.lineage import Lines, source_lines
from core.warehouse import Warehouse

_COLUMNS = "_file, _sheet, _row, _col, _batch"


def fact_rows(warehouse: Warehouse, hospital: str, target: Target, period: int, limit: int = 60) -> Lines:
    """Rows of the month, largest first; where a system holds the metric, what was reported by hand is left aside."""
    fact = target.subject.fact or target.subject.top
    metric, _, side = fact.partition("/")
    where = "hospital = ? and period = ? and metric = ?"
    if target.dept != HOSPITAL:
        where += " and dept_code = ?"
    given = [hospital, period, metric, *([target.dept] if target.dept != HOSPITAL else [])]
    found = source_lines(
        warehouse,
        f"""select extract, {_COLUMNS}, coalesce(dept_code, '') as code, dept_name, what, detail, amount
            from stg_metric where {where} and side = ?""",
        [*given, f"/{side}" if side else ""],
        limit,
    )
    if found.rows:
        return found
    amount = "denominator" if side else "numerator"
    return source_lines(
        warehouse,
        f"""select 'operation_value' as extract, {_COLUMNS}, coalesce(dept_code, '') as code, dept_name,
                   object_name as what, coalesce(note, '') as detail, {amount} as amount
            from stg_operation_value where {where} and {amount} is not null""",
        given,
        limit,
    )
