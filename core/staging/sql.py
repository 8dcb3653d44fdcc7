"""The .sql files: one view, macro or month query a file, found by name, with the headers they carry.

-- grain: one row is ...        what one row is; every file has it
-- kept: snapshot | month       made a table once per snapshot, or once per hospital-month
-- kept: asked                  made a table when a question first names it
-- macro: name(parameters)      the file is an expression, not a view
-- shape: name(key=value, ...)  the file fills the query core/sql/shapes/<name>.sql, which several views share: its text
                                stands where the shape says {body}, values where it says {key} or {key=what else}
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_GAP = re.compile(r"\{(\w+)(?:=([^}]*))?\}")
FOLDER = Path(__file__).parents[1] / "sql"
LAYERS = ("macros", "staging", "month", "marts")
# Views of one layer that read others of the same layer come after them.
STAGING = (
    "stg_dept",
    "stg_dept_key",
    "stg_dept_match",
    "stg_item",
    "stg_item_key",
    "stg_item_match",
    "stg_cost",
    "stg_income",
    "stg_income_detail_match",
    "stg_income_detail",
    "stg_charge_match",
    "stg_charge",
    "stg_workload",
    "stg_staff",
    "stg_area",
    "stg_internal_service",
    "stg_alloc_param",
    "stg_alloc_step",
    "stg_budget",
    "stg_budget_version",
    "stg_commit",
    "stg_operation_value",
    "stg_event",
    "stg_energy",
    "stg_suggestion",
    "stg_follow_up",
    "stg_visit_match",
    "stg_visit",
    "stg_employee",
    "stg_payroll",
    "stg_order_match",
    "stg_order",
    "stg_lab_exam_match",
    "stg_lab_exam",
    "stg_price",
    "stg_train",
    "stg_balance",
    "stg_metric",
    "stg_metric_large",
    "stg_target",
    "stg_unmapped",
)
MARTS = (
    "mart_direct_cost",
    "mart_cost_lineage",
    "mart_full_cost",
    "mart_department_month",
    "mart_unit_cost",
    "mart_income",
    "mart_budget_execution",
    "mart_allocation_flow",
    "mart_allocation_step",
    "mart_allocation_check",
    "mart_fallback",
    "mart_price_check",
    "mart_payroll_check",
    "mart_indicator_fact",
    "mart_indicator_value",
    "mart_indicator",
    "mart_alert",
)
MONTH = ("month_direct", "month_income", "month_volume", "month_budget", "month_metric", "month_charged")
MACROS = (
    "bare_code",
    "loose_name",
    "per_unit",
    "share",
    "term_of",
    "kind_of",
    "minutes_between",
    "dept_candidates",
    "indicator_value",
    "indicator_score",
)


@dataclass(frozen=True, slots=True)
class View:
    """One .sql file. `body` is the query, or the expression of a macro; `signature` only of a macro."""

    name: str
    layer: str
    grain: str
    body: str
    kept: str = ""
    signature: str = ""


def _read(path: Path) -> View:
    text = path.read_text(encoding="utf-8")
    heads = dict(re.findall(r"^-- (grain|kept|macro|shape): (.+)$", text, re.M))
    body = _bare(text)
    if shape := heads.get("shape"):
        name, _, given = shape.removesuffix(")").partition("(")
        values = dict(pair.split("=", 1) for pair in given.split(", ") if pair) | {"body": body}
        body = _filled(_bare((FOLDER / "shapes" / f"{name}.sql").read_text(encoding="utf-8")), values)
    return View(
        path.stem, path.parent.name, heads["grain"], body, heads.get("kept", ""), heads.get("macro", "")
    )


def _bare(text: str) -> str:
    return re.sub(r"^--.*\n", "", text, flags=re.M).strip()


def _filled(text: str, values: dict[str, str]) -> str:
    """A shape with its gaps filled. A gap that has neither value nor default is a KeyError naming it."""
    return _GAP.sub(lambda gap: values.get(gap[1], gap[2]) if gap[2] is not None else values[gap[1]], text)


@lru_cache(maxsize=1)
def views() -> dict[str, View]:
    """Every .sql file by its name."""
    return {path.stem: _read(path) for layer in LAYERS for path in sorted((FOLDER / layer).glob("*.sql"))}


def documented() -> dict[str, str]:
    """The views people may query, with the grain of each, in the order of the layers."""
    return {name: views()[name].grain for name in (*STAGING, *MARTS)}
