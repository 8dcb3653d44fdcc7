"""The sentence of the execution page, and why a figure of it is missing."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.budget.execution import Execution
from pages._ui import format, lacking
from pages._ui.execution import words
from pages._ui.execution.why import why
from pages._ui.frame import Page
from pages._ui.text import t

NIL = Decimal(0)


def message(page: Page, found: Execution) -> bool:
    """The sentence; False where there is no budget to follow."""
    direction = t(f"execution.said_{found.direction}")
    if found.empty:
        page.message(t(f"execution.no_budget_{found.direction}", year=page.period // 100))
        st.caption(t("execution.no_budget_do"))
        lacking.offer(["budget"], "execution")
        return False
    if found.missing:
        months = t("state.and").join(format.period(p, "month") for p in found.missing)
        page.partial([t("execution.gap", months=months)])
        page.message(t("execution.message.gap", direction=direction, months=len(found.missing)))
        return True
    total = found.total
    parts = [
        t(
            "execution.message.part" if found.partial else "execution.message.rate",
            month=format.period(page.period, "month"),
            direction=direction,
            spent=format.money(total.spent),
            rate=format.percent().text(total.rate, unit=True),
            year=page.period // 100,
            count=total.covered,
        )
    ]
    if found.partial and total.planned is not None:
        parts.append(t("execution.message.part_planned", planned=format.money(total.planned)))
    if found.ahead is not None:
        way = "ahead" if found.ahead >= 0 else "behind"
        points = format.percent().text(abs(found.ahead))
        parts.append(t(f"execution.message.{way}", points=points, basis=t(f"execution.in_{found.basis}")))
    worst = next((part for part in found.depts if part.sums.hurts), None)
    if worst is not None and worst.dept:
        whole = sum((part.sums.hurts or NIL for part in found.depts), NIL)
        cell = next(p for p in found.cells if p.dept and p.dept.code == worst.dept.code)
        parts.append(
            t(
                f"execution.message.worst_{found.direction}",
                whole=format.money(whole),
                dept=words.dept(worst.dept),
                amount=format.money(worst.sums.hurts),
                item=words.item(cell.item, found.direction),
                cell=format.money(cell.sums.hurts),
            )
        )
    elif total.planned is not None:
        parts.append(t(f"execution.message.none_{found.direction}"))
    if found.landing and found.landing.rate is not None and found.landing.how != "closed":
        parts.append(
            t("execution.message.landing", rate=format.percent().text(found.landing.rate, unit=True))
        )
    said = t("cockpit.message.join").join(parts) + t("cockpit.message.end")
    page.message(said, why=why(page, found, total, "ahead"))
    if total.unplanned:
        st.markdown(
            f":orange[:material/money_off:] {t('execution.unplanned', amount=format.money(total.unplanned))}"
        )
    return True


def reason(found: Execution) -> str:
    """Why a figure of the year, or to date, is missing."""
    if found.partial and not found.missing:
        return t("execution.reason_part", count=found.total.covered)
    return t("execution.reason_gap")
