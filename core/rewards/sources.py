"""The rows an award comes from: budget lines in force and reported operation values, each with file, sheet and row."""

from __future__ import annotations

from typing import Any

from core.rewards.awards import Award
from core.rewards.figures import Span
from core.rewards.rules import red_lines, rules
from core.warehouse import Warehouse

MOST = 200


def sources(
    warehouse: Warehouse, hospital: str, span: Span, award: Award
) -> tuple[list[dict[str, Any]], int]:
    """(rows, how many there are): period, what ('budget' or a metric), detail, amount, of, file, sheet, row.

    What a department spent opens on its own page; here stand what is only known to the reward.
    """
    rule = rules()[award.rule]
    made: list[dict[str, Any]] = []
    metrics = [red_lines()[name].metric for name in rule.red_lines if red_lines()[name].metric]
    if rule.base == "saving":
        made += _budget(warehouse, hospital, span, award.dept)
    elif rule.base != "none":
        metrics.append(rule.base)
    thing = award.object.rpartition("/")[2] if rule.object in ("project", "vendor") else ""
    if metrics:
        made += _values(warehouse, hospital, span, metrics, award.dept or "*", thing)
    return made[:MOST], len(made)


def _budget(warehouse: Warehouse, hospital: str, span: Span, dept: str) -> list[dict[str, Any]]:
    return warehouse.rows(
        "select period, 'budget' as what, item_class as detail, amount, null as of, _file as file, _sheet as sheet, "
        "_row as row from stg_budget where hospital = ? and in_force and direction = 'cost' and dept_code = ? "
        "and period between ? and ? order by period, item_class, _row",
        (hospital, dept, span.months[0], span.period),
    )


def _values(
    warehouse: Warehouse, hospital: str, span: Span, metrics: list[str], dept: str, thing: str
) -> list[dict[str, Any]]:
    return warehouse.rows(
        "select period, metric as what, object_name as detail, numerator as amount, denominator as of, _file as file, "
        f"_sheet as sheet, _row as row from stg_operation_value where hospital = ? and dept_code = ? "
        f"and metric in ({', '.join('?' * len(metrics))}) and period between ? and ? and (? = '' or object_code = ?) "
        "order by metric, period, _row",
        (hospital, dept, *metrics, span.months[0], span.period, thing, thing),
    )
