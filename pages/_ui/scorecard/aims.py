"""The targets of the page's hospital, class or department: what each lacks, how it stands, one click to its editor."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.indicators.aims import empty
from core.indicators.define import indicators
from core.indicators.targets import Target, smart
from pages._ui import format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, words
from pages._ui.text import label, t

LONG, TALL = 18, 640  # a longer list scrolls within this height


def in_force(page: Page, dept: str) -> tuple[Target, ...]:
    """The targets that hold for exactly this hospital, class or department in the page's month."""
    newest: dict[tuple[str, str], Target] = {}
    for one in figures.decided(page)[0]:
        key = one.indicator, one.caliber
        if (
            one.dept == dept
            and one.since <= page.period
            and (key not in newest or newest[key].since < one.since)
        ):
            newest[key] = one
    order = {code: place for place, code in enumerate(indicators())}
    return tuple(
        sorted((one for one in newest.values() if not empty(one)), key=lambda one: order[one.indicator])
    )


def message(page: Page) -> None:
    """How many targets there are and how many of them nobody could be held to."""
    dept = panels.dept_of(page)
    held = in_force(page, dept)
    lacking = [one for one in held if smart(one)]
    said = t("aims.said", who=words.whose(page, dept), count=len(held), month=format.period(page.period))
    if lacking:
        names = t("state.and").join(label(indicators()[one.indicator].label) for one in lacking[:3])
        said += t("aims.said_lacking", count=len(lacking), names=names)
    elif held:
        said += t("aims.said_complete")
    page.message(said + t("cockpit.message.end"))


def lacks(one: Target) -> str:
    """What the SMART check misses, in words."""
    missing = smart(one)
    if not missing:
        return t("aims.smart_all")
    return t("aims.smart_lacks", names=t("state.and").join(t(f"aims.smart_{name}") for name in missing))


def panel(page: Page) -> None:
    """Every target in force; the row menu puts it into the editor beside the table."""
    dept = panels.dept_of(page)
    held = in_force(page, dept)
    with frame.panel(t("aims.list", who=words.whose(page, dept)), t("aims.list_note"), key="aims"):
        if not held:
            st.caption(t("aims.none", who=words.whose(page, dept)))
            return
        click = tables.table(
            [_row(one) for one in held],
            [
                tables.Col("name", t("scorecard.col_name"), width=142),
                tables.Col("aim", t("aims.from_to"), width=126),
                tables.Col("due", t("aims.due"), width=64),
                tables.Col("owner", t("aims.owner"), width=72),
                tables.Col("smart", "SMART", width=72),
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


def _row(one: Target) -> dict[str, Any]:
    meant = indicators()[one.indicator]
    return {
        "code": one.indicator,
        "name": f"{one.indicator} {words.name(meant, one.caliber)}",
        "aim": from_to(one),
        "due": format.period(one.due, "axis") if one.due else "",
        "owner": words.owner(one.owner),
        "smart": lacks(one),
    }
