"""The figure a case tests, as SQL: one row is one unit (department, object) and month with what is divided by what.

Columns: p (months since year 0), period, dept_code, dept_name, object_code, object_name, grp (who it is compared with),
top, bottom (numbers), n (months the figure covers; NULL where one of them is missing). Names of tables: `months`
(mart_department_month with a specialty), `budget` (mart_budget_execution), `reported` (operation values).
"""

from __future__ import annotations

from core.alerts.rules import Case
from core.engine import quoted
from core.measures import Measure, measure

_INDEX = "period // 100 * 12 + period % 100"
_NUMBER = "decimal(22, 4)"


def figure_sql(case: Case) -> str:
    """The query behind a case; see the head of the module."""
    if case.metric:
        return _reported(case)
    return _budget(case) if case.budget else _measured(case)


def _where(case: Case, extra: str = "true") -> str:
    conditions = [extra]
    if case.classes:
        conditions.append(f"dept_class in ({', '.join(map(quoted, case.classes))})")
    if case.settings:
        conditions.append(f"care_setting in ({', '.join(map(quoted, case.settings))})")
    if case.group:
        conditions.append(f"specialty = {quoted(case.group)}")
    return " and ".join(conditions)


def _unit(case: Case) -> str:
    """Columns that name the unit, for departments (and items) or the hospital as a whole."""
    if case.by == "hospital":
        return "'' as dept_code, '' as dept_name, '' as object_code, '' as object_name, '' as grp"
    item = "item_class" if case.by == "dept_item" else "''"
    return f"dept_code, dept_name, {item} as object_code, {item} as object_name, care_setting || '/' || specialty as grp"


def _measured(case: Case) -> str:
    top, bottom = _sum(measure(case.top)), _sum(measure(case.bottom))
    month = f"""
        select {_INDEX} as p, period, {_unit(case)}, {top} as top, {bottom} as bottom, 1 as n
        from months where {_where(case)} group by all"""
    return month if case.span == "month" else _to_date(month, case.span)


def _sum(one: Measure) -> str:
    """The sum of a measure over rows of mart_department_month; NULL, not 0, where nothing was loaded."""
    columns = one.columns
    if one.view == "mart_direct_cost":
        only = one.only.get("item_class")
        columns = (f"direct_{only}" if only else "direct_medical",)
    total = " + ".join(f"coalesce({column}, 0)" for column in columns)
    present = " or ".join(f"count({column}) > 0" for column in columns)
    return f"cast(case when {present} then sum({total}) end as {_NUMBER})"


def _to_date(month: str, span: str) -> str:
    """Sums to date: of the year (only where every month since January is there on both sides), or of everything so far."""
    year = ", period // 100" if span == "ytd" else ""
    over = f"over (partition by dept_code, object_code{year} order by p)"
    whole = "n = period % 100" if span == "ytd" else "true"
    return f"""
        select p, period, dept_code, dept_name, object_code, object_name, grp,
               case when {whole} then top end as top, case when {whole} then bottom end as bottom, n
        from (select * exclude (top, bottom, n), cast(sum(top) {over} as {_NUMBER}) as top,
              cast(sum(bottom) {over} as {_NUMBER}) as bottom, least(count(top) {over}, count(bottom) {over}) as n from ({month}))"""


def _budget(case: Case) -> str:
    top, bottom = {"month": ("actual", "budget"), "ytd": ("cumulative", "cumulative_budget")}[case.span]
    if case.kind == "pace":
        bottom = "annual"
    return f"""
        select {_INDEX} as p, period, {_unit(case)}, cast(sum({top}) as {_NUMBER}) as top,
               cast(sum({bottom}) as {_NUMBER}) as bottom, any_value(months) as n
        from budget where {_where(case, f"direction = {quoted(case.budget)}")} group by all"""


def _reported(case: Case) -> str:
    """Operation values as reported. The whole hospital ('*') has no department of its own."""
    month = f"""
        select {_INDEX} as p, period, case when dept_code = '*' then '' else coalesce(dept_code, '') end as dept_code,
               case when dept_code = '*' then '' else coalesce(dept_name, '') end as dept_name,
               object_code, any_value(object_name) as object_name, '' as grp,
               cast(sum(numerator) as {_NUMBER}) as top, cast(sum(denominator) as {_NUMBER}) as bottom, 1 as n
        from reported where metric = {quoted(case.metric)} group by all"""
    return month if case.span == "month" else _to_date(month, case.span)
