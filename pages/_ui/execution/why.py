"""The drawer of a figure of execution: formula, what was put in, the budget and ledger rows with their place."""

from __future__ import annotations

from collections.abc import Callable

from core.budget.execution import Execution, Sums
from core.budget.rows import Rows, budget_rows, spent_rows
from core.figures.common import cube
from pages._ui import format, tables
from pages._ui.boards.why import Why
from pages._ui.execution import figures, words
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

ROWS = 60


def why(
    page: Page, found: Execution, sums: Sums, formula: str, dept: str | None = None, item: str | None = None
) -> Callable[[], Why]:
    """A maker for the drawer; nothing is asked before the click. formula: one of text execution.formula.*"""

    def make() -> Why:
        box = figures.warehouse(page)
        what = item or found.item
        codes = cube(box, page.hospital, "medical").codes(page.dept_class, dept or page.dept)
        asked = (
            box,
            page.hospital,
            page.period,
            found.direction,
            None if codes is None else sorted(codes),
            what,
            ROWS,
        )
        planned, spent = budget_rows(*asked), spent_rows(*asked)
        crumbs = [page.board.hospital_name or page.hospital, format.period(page.period)]
        if dept or page.dept:
            crumbs.append(_name(page, dept or page.dept or ""))
        if what:
            crumbs.append(words.item(what, found.direction))
        return Why(
            t(f"execution.title_{formula}", direction=t(f"execution.said_{found.direction}")),
            crumbs,
            t(f"execution.formula.{formula}", basis=t(f"execution.in_{found.basis}")),
            _figures(found, sums, formula),
            [*_rows(planned, "budget"), *_rows(spent, "actual")],
            [
                tables.Col("part", t("execution.col_part"), width=72),
                tables.Col("month", t("execution.col_month"), width=84),
                tables.Col("dept", t("execution.col_dept"), width=120),
                tables.Col("what", t("execution.col_item"), width=108),
                tables.Col("detail", t("execution.col_detail"), width=92),
                tables.Col("amount", t("execution.col_amount"), "number", format.number("", 2)),
            ],
            planned.count + spent.count,
            t("execution.note_scope") if found.direction == "cost" else t("execution.note_income"),
        )

    return make


def _name(page: Page, code: str) -> str:
    return next((one.name for one in page.board.departments if one.code == code), code)


def _rows(rows: Rows, part: str) -> list[dict[str, object]]:
    return [
        {**row, "part": t(f"execution.part_{part}"), "month": format.period(int(row["period"]), "month")}
        for row in rows.rows
    ]


def _figures(found: Execution, sums: Sums, formula: str) -> list[tuple[str, object, Unit | None]]:
    money, share = format.yuan(), format.percent(2)
    given: dict[str, tuple[object, Unit]] = {
        "budget": (sums.budget, money), "actual": (sums.actual, money), "planned": (sums.planned, money),
        "spent": (sums.spent, money), "annual": (sums.annual, money), "gap": (sums.gap, money),
        "hurts": (sums.hurts, money), "month_rate": (sums.month_rate, share), "rate": (sums.rate, share),
        "time": (found.time, share), "ahead": (found.ahead, format.points(2)),
        "period_deviation": (sums.period_deviation, share), "year_end": (sums.year_end, money),
        "year_end_rate": (sums.year_end_rate, share),
    }  # fmt: skip
    if found.landing and formula == "landing":
        rest = found.landing.amount - (sums.spent or 0)
        given |= {
            "rest": (rest, money), "landing": (found.landing.amount, money), "landing_rate": (found.landing.rate, share)
        }  # fmt: skip
    order = {
        "rate": ("spent", "annual", "rate"),
        "ahead": ("spent", "annual", "rate", "time", "ahead"),
        "month": ("actual", "budget", "month_rate"),
        "gap": ("spent", "planned", "gap", "period_deviation"),
        "hurts": ("spent", "planned", "hurts"),
        "landing": ("spent", "rest", "landing", "annual", "landing_rate"),
    }[formula]
    return [(t(f"execution.figure_{name}"), *given[name]) for name in order if name in given]
