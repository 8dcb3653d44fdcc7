"""The targets of the page's hospital, class or department: what each lacks, how it stands, one click to its editor."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.indicators import targets
from core.indicators.card import HOSPITAL
from core.indicators.define import indicators
from core.indicators.targets import Target, smart
from pages._ui import format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, words
from pages._ui.text import label, t

LONG, TALL = 18, 640  # a longer list scrolls within this height


def in_force(page: Page, dept: str) -> tuple[Target, ...]:
    """The targets that hold for exactly this hospital, class or department in the page's month."""
    found = targets.in_force(figures.decided(page)[0], dept, page.period)
    order = {code: place for place, code in enumerate(indicators())}
    return tuple(sorted(found.values(), key=lambda one: order[one.indicator]))


def measured(page: Page, dept: str) -> frozenset[str]:
    """Indicators that have figures so far this year, for the hospital, a class (any of its departments) or a department."""
    if dept != HOSPITAL and dept.startswith(HOSPITAL):
        kind = dept.removeprefix(HOSPITAL)
        cards = [one for one in figures.everyone(page, "ytd") if one.dept_class == kind]
        return frozenset(line.indicator for one in cards for line in one.lines() if line.value is not None)
    basis = figures.basis(page, "ytd", dept)
    return frozenset(
        [line.indicator for line in basis.lines if line.value is not None] + [code for code, _ in basis.past]
    )


def message(page: Page) -> None:
    """How many targets there are and how many of them nobody could be held to."""
    dept = panels.dept_of(page)
    held = in_force(page, dept)
    there = measured(page, dept)
    lacking = [one for one in held if smart(one, one.indicator in there)]
    said = t("aims.said", who=words.whose(page, dept), count=len(held), month=format.period(page.period))
    if lacking:
        names = t("state.and").join(label(indicators()[one.indicator].label) for one in lacking[:3])
        said += t("aims.said_lacking", count=len(lacking), names=names)
    elif held:
        said += t("aims.said_complete")
    page.message(said + t("cockpit.message.end"))
    if lost := [one for one in held if one.unscored]:
        names = t("state.and").join(words.name(indicators()[one.indicator], one.caliber) for one in lost)
        st.markdown(f":orange[:material/warning:] {t('aims.unscored', count=len(lost), names=names)}")


def lacks(one: Target, there: bool) -> str:
    """What the SMART check misses, in words; that nothing is scored against it where that follows."""
    missing = smart(one, there)
    if one.contrary and not missing:
        return t("aims.list_contrary")
    if not missing:
        return t("aims.smart_all")
    names = t("state.and").join(t(f"aims.smart_{name}") for name in missing)
    return t("aims.smart_lacks_unscored" if one.unscored else "aims.smart_lacks", names=names)


def panel(page: Page) -> None:
    """Every target in force; the row menu puts it into the editor beside the table."""
    dept = panels.dept_of(page)
    held = in_force(page, dept)
    with frame.panel(t("aims.list", who=words.whose(page, dept)), t("aims.list_note"), key="aims"):
        if not held:
            st.caption(t("aims.none", who=words.whose(page, dept)))
            return
        there = measured(page, dept)
        click = tables.table(
            [_row(one, one.indicator in there) for one in held],
            [
                tables.Col("name", t("scorecard.col_name"), width=130),
                tables.Col("aim", t("aims.from_to"), width=120),
                tables.Col("due", t("aims.due"), width=60),
                tables.Col("owner", t("aims.owner"), width=66),
                tables.Col("smart", "SMART", width=98),
            ],
            key="aims", actions=("edit",), download=f"targets-{page.period}", alt=t("aims.list", who=words.whose(page, dept)),
            height=TALL if len(held) > LONG else None,
        )  # fmt: skip
        if click:
            st.query_params["indicator"] = str(click.row["code"])
            st.session_state.pop("indicator", None)
            st.rerun()


def from_to(one: Target) -> str:
    """Baseline and target as text."""
    meant = indicators()[one.indicator]
    unit = words.unit_of(meant, meant.caliber(one.caliber))
    return words.aim(one) if one.baseline is None else f"{unit.text(one.baseline)} → {words.aim(one)}"


def _row(one: Target, there: bool) -> dict[str, Any]:
    meant = indicators()[one.indicator]
    return {
        "code": one.indicator,
        "name": f"{one.indicator} {words.name(meant, one.caliber)}",
        "aim": from_to(one),
        "due": format.period(one.due, "axis") if one.due else "",
        "owner": words.owner(one.owner),
        "smart": lacks(one, there),
    }
