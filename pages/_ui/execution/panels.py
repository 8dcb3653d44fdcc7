"""Choices, message, cards and pictures of the execution page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from core.budget.execution import DIRECTIONS, Execution, Part
from core.budget.progress import BASES, time_progress
from pages._ui import cards, charts, explain, format, frame, url
from pages._ui.boards import words as boards
from pages._ui.execution import figures, words
from pages._ui.execution.figures import Choice
from pages._ui.execution.message import reason
from pages._ui.execution.why import why
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

ALL = "all"
SHOWN, FEW = 12, 9
FULL_COLOUR = 0.3
NIL = Decimal(0)


def segment(name: str, options: Sequence[str], words_of: str) -> str:
    """A choice that lives in the URL."""
    url.seed(name, options, options[0])
    st.segmented_control(
        t(f"execution.{name}"), options, key=name, format_func=lambda one: t(f"{words_of}{one}"),
        required=True, label_visibility="collapsed", persist_state="session", width="content",
    )  # fmt: skip
    url.publish(name, st.session_state[name], options[0])
    return str(st.session_state[name])


def choose(page: Page) -> Choice:
    """Cost or income, the basis of time progress, an item."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        direction = segment("direction", DIRECTIONS, "execution.")
        basis = segment("basis", BASES, "execution.basis_")
        options = {ALL: t("execution.all_items")}
        options |= {name: words.item(name, direction) for name in words.items(direction)}
        url.seed("item", list(options), ALL)
        st.selectbox(
            t("execution.col_item"), list(options), key="item", format_func=lambda one: options.get(one, one),
            label_visibility="collapsed", width=176, persist_state="session",
        )  # fmt: skip
        item = str(st.session_state["item"])
        url.publish("item", item, ALL)
    return Choice(direction, basis, "" if item == ALL else item)


def unit_of(found: Execution) -> Unit:
    """The page's money unit."""
    return format.money_unit([found.total.annual, found.total.spent])


def cards_row(page: Page, found: Execution, unit: Unit) -> None:
    """Five figures: to date, rate, month, what hurts, year-end."""
    total, better = found.total, words.better(found.direction)
    series = boards.unbroken([sums.actual for _, sums in found.months])
    hurts = [part for part in found.depts if part.sums.hurts]
    against_plan = cards.Comparison(t("execution.vs_planned"), total.period_deviation, format.percent())
    in_time = cards.Comparison(t("execution.vs_time"), found.ahead, format.points())
    month = cards.Comparison(t("execution.vs_month"), total.month_deviation, format.percent())
    landing = found.landing
    off = None if landing is None or landing.rate is None else landing.rate - 1
    made = [
        cards.Card(
            t("execution.card_spent"), total.spent, format.yuan(), better, [against_plan],
            boards.unbroken([sums.spent for _, sums in found.months]), why=why(page, found, total, "gap"),
        ),
        cards.Card(t("execution.card_rate"), total.rate, format.percent(), "target", [in_time],
                   boards.unbroken([sums.rate for _, sums in found.months]),
                   reason=reason(found) if found.partial or found.missing else "",
                   why=why(page, found, total, "ahead")),
        cards.Card(t("execution.card_month"), total.actual, format.yuan(), better, [month], series,
                   why=why(page, found, total, "month")),
        cards.Card(
            t(f"execution.card_hurts_{found.direction}"),
            sum((part.sums.hurts or NIL for part in hurts), NIL) if total.gap is not None else None,
            format.yuan(),
            reason=reason(found),
            help=t(f"execution.help_hurts_{found.direction}", count=len(hurts)),
            why=why(page, found, total, "hurts"),
        ),
        cards.Card(
            t("execution.card_landing"), landing.rate if landing else None, format.percent(), better,
            [cards.Comparison(t("execution.vs_annual"), off, format.points())] if off is not None else [],
            reason=reason(found),
            help=t(f"execution.help_{landing.how}") if landing else None,
            why=why(page, found, total, "landing"),
        ),
    ]  # fmt: skip
    cards.row(made, "cards")


def overspent(page: Page, found: Execution, unit: Unit) -> None:
    """Departments by what their overspend costs; a click opens the department's own execution."""
    hurting = [part for part in found.depts if part.sums.hurts]
    others = sorted(
        (p for p in found.depts if p.sums.period_deviation is not None and not p.sums.hurts),
        key=lambda part: part.sums.period_deviation or NIL,
        reverse=found.direction == "cost",
    )
    # With few over their budget, those nearest to it fill the picture.
    shown = [*hurting[:SHOWN], *others[: max(0, FEW - len(hurting))]]
    fine = format.money_unit([part.sums.spent for part in shown])
    title = t(f"execution.overspent_{found.direction}")
    with frame.panel(title, t("execution.overspent_note", unit=fine.label), key="overspent",
                     why=why(page, found, found.total, "hurts")):  # fmt: skip
        if found.total.planned is None:
            st.caption(reason(found))
        elif not hurting:
            st.caption(t(f"execution.none_{found.direction}"))
        rows = [
            {"label": words.dept(p.dept), "actual": p.sums.spent, "target": p.sums.planned} for p in shown
        ]
        picks = charts.bullet(
            rows, unit=fine, alt=title, better=words.better(found.direction), key="overspent", row_height=27
        )
        if len(hurting) > SHOWN:
            rest = sum((part.sums.hurts or NIL for part in hurting[SHOWN:]), NIL)
            st.caption(t("execution.rest", count=len(hurting) - SHOWN, amount=format.money(rest)))
        if picks and picks.fresh:
            name = str(picks[0]["label"])
            _open(page, next((p for p in shown if words.dept(p.dept) == name), None))


def _open(page: Page, part: Part | None) -> None:
    """First click narrows the page to the department; on a page of one department it opens the rows."""
    if part is None or part.dept is None:
        return
    if page.dept is None and any(one.code == part.dept.code for one in page.board.departments):
        st.query_params["dept"] = part.dept.code
        st.rerun()


def bridge(page: Page, found: Execution, unit: Unit) -> None:
    """From the budget to date to the actual, by item."""
    title = t("execution.bridge")
    with frame.panel(title, unit.label, key="bridge", why=why(page, found, found.total, "gap")):
        if found.total.gap is None:
            st.caption(reason(found))
            return
        # By statutory order of size; what no budget was made for stands by itself.
        moves = [
            (words.item(p.item, found.direction), p.sums.gap or NIL)
            for p in found.items
            if p.sums.planned is not None
        ]
        planned = sum((p.sums.planned or NIL for p in found.items), NIL)
        inside = sum((gap for _, gap in moves), NIL)
        rest = (found.total.spent or NIL) - planned - inside
        rows = charts.steps(
            (t("execution.planned"), planned, "budget"),
            [
                *(
                    {"label": name, "value": gap}
                    for name, gap in sorted(moves, key=lambda m: -abs(m[1]))
                    if gap
                ),
                *([{"label": t("execution.unplanned_short"), "value": rest}] if rest else []),
            ],
            (t("role.actual"), found.total.spent, "actual"),
        )
        picks = charts.waterfall(
            rows, unit=unit, alt=title, better=words.better(found.direction), key="bridge", height=330
        )
        if picks and picks.fresh:
            name = str(picks[0]["label"])
            part = next((p for p in found.items if words.item(p.item, found.direction) == name), None)
            if part is not None:
                explain.show(why(page, found, part.sums, "gap", item=part.item))


def heat(page: Page, found: Execution) -> None:
    """Department by month: deviation of the month from its budget."""
    with frame.panel(t("execution.heat"), t("execution.heat_note"), key="heat"):
        depts = [p for p in found.depts if p.dept and p.sums.covered]
        ranked = sorted(depts, key=lambda p: -abs(p.sums.gap or NIL))[:18]
        ranked.sort(key=lambda p: -(p.sums.hurts or NIL))
        names = {words.dept(p.dept): p for p in ranked}
        cells = [
            {"row": name, "col": month, "value": found.heat.get((p.dept.code, month)) if p.dept else None}
            for name, p in names.items()
            for month, _ in found.months
        ]
        picks = charts.heat(
            cells, unit=format.percent(0), alt=t("execution.heat"), limit=FULL_COLOUR, key="heat", row_height=25,
            better=words.better(found.direction),
        )  # fmt: skip
        if picks and picks.fresh and (part := names.get(str(picks[0]["row"]))) and part.dept:
            explain.show(why(page, found, part.sums, "gap", dept=part.dept.code))


def progress(page: Page, found: Execution, unit: Unit) -> None:
    """The year to date against time on the chosen basis, and where it will end."""
    basis = t(f"execution.in_{found.basis}")
    told = why(page, found, found.total, "ahead")
    with frame.panel(t("execution.progress"), unit.label, key="progress", why=told):
        rows = progress_rows(page, found)
        charts.trend(
            rows, unit=unit, alt=t("execution.progress"), height=336, zero=True,
            names={"budget": t("execution.line_time", basis=basis), "actual": t("execution.line_spent")},
        )  # fmt: skip
        each = [
            t("execution.basis_value", name=t(f"execution.basis_{name}"),
              value=format.percent().text(value, unit=True))
            for name, value in found.bases.items()
        ]  # fmt: skip
        st.caption("  ·  ".join(each))
        if found.landing and found.landing.how == "forecast":
            low, high = (format.money(found.landing.low), format.money(found.landing.high))
            st.caption(t("execution.band", amount=format.money(found.landing.amount), low=low, high=high))


def progress_rows(page: Page, found: Execution) -> list[dict[str, object]]:
    """Months of the year: actual to date, the budget as time would have it, and the forecast of the rest."""
    annual = found.total.annual
    year = page.period // 100
    spent = {month: sums.spent for month, sums in found.months}
    past = figures.history(page, found)
    coming: dict[int, Decimal] = {}
    running = found.total.spent or NIL
    for month, amount in found.landing.rest if found.landing else ():
        running += amount
        coming[month] = running
    if coming and found.total.spent is not None:
        coming[page.period] = found.total.spent
    rows: list[dict[str, object]] = []
    for month in range(year * 100 + 1, year * 100 + 13):
        share = time_progress(found.basis, month, past)
        rows.append(
            {
                "period": month,
                "actual": spent.get(month),
                "budget": None if share is None or annual is None else annual * share,
                "forecast": coming.get(month),
            }
        )
    return rows
