"""What the cockpit draws: message, cards, the main picture, the trend, the heat table, the movers, the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.figures.changes import REST, Changes, Part
from core.figures.cockpit import Cockpit
from core.figures.common import BUDGET
from core.figures.heat import Heat
from pages._ui import charts, format, frame, url
from pages._ui.boards import figures, opened, words
from pages._ui.boards.lines import open_department
from pages._ui.boards.message import festival_words, said
from pages._ui.boards.why import why
from pages._ui.charts.moves import moves
from pages._ui.charts.seasons import seasons
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

VIEWS = ("item", "dept", "parts")
FEW_DIGITS = 1000
FULL_COLOUR = 0.2  # a deviation of 20 % and more has the full colour


def label(page: Page) -> str:
    """What the pictures add up: the scope's cost for the hospital, direct cost for a part of it."""
    return t("cockpit.direct") if page.dept or page.dept_class else words.scope(page.scope)


def members(page: Page, found: Cockpit) -> frozenset[str] | None:
    """Departments of the chosen class; None when all or one are shown."""
    if page.dept or not page.dept_class:
        return None
    return frozenset(code for code, one in found.depts.items() if one.dept_class == page.dept_class)


def message(page: Page, found: Cockpit) -> bool:
    """The one sentence; False when the month has no cost, so that there is nothing to compare or to rank."""
    opened.lacks(page, found.missing, found.covered)
    if not any(line.direct for line in found.lines):
        page.message(t("cockpit.message.nothing", month=format.period(page.period), label=label(page)))
        return False
    page.message(said(page, found, label(page)), why=why(page, "cost", page.dept, members(page, found)))
    if found.festival:
        st.markdown(f":blue[:material/celebration:] {festival_words(found)}")
    if found.unmapped and not page.dept and not page.dept_class:
        st.markdown(
            f":orange[:material/link_off:] {t('cockpit.unmapped_note', amount=format.money(found.unmapped))}"
        )
    return True


def cards_row(page: Page, found: Cockpit) -> None:
    """Five or six cards."""
    depts = members(page, found)
    figures.row(
        found.cards,
        page.compare,
        "cards",
        lambda name: why(page, name, page.dept, depts),
        {"cost": label(page)},
    )


def main_picture(page: Page, found: Cockpit, unit: Unit) -> str:
    """What changed by item or department, or what the cost is made of; the item that is picked, '' for none."""
    with frame.panel(
        t("cockpit.bridge", base=words.base(page.compare)), unit.label, key="bridge",
        why=why(page, "cost", page.dept, members(page, found)),
    ):  # fmt: skip
        view = _view()
        if view == "parts":
            return _parts(found, unit)
        if not found.changes.by_item:
            st.caption(words.why_no_base(found.changes.against))
            return _parts(found, unit)
        if view == "dept":
            picked = _bridge(page, found, found.changes.by_dept, unit, "bridge_dept")
            code = next((p.dept for p in found.changes.by_dept if picked and _name(found, p) == picked), "")
            if code and code != REST:
                open_department(code)
            return ""
        picked = _bridge(page, found, found.changes.by_item, unit, "bridge_item")
        return next((part.item for part in found.changes.by_item if words.item(part.item) == picked), "")


def _view() -> str:
    url.seed("view", VIEWS, VIEWS[0])
    st.segmented_control(
        t("cockpit.view"), VIEWS, key="view", format_func=lambda name: t(f"cockpit.view_{name}"),
        required=True, label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    url.publish("view", st.session_state["view"], VIEWS[0])
    return str(st.session_state["view"])


def _name(found: Cockpit, part: Part) -> str:
    if part.item and not part.dept:
        return words.item(part.item)
    return t("cockpit.rest_short", count=part.count) if part.dept == REST else _dept(found, part.dept)


def _dept(found: Cockpit, code: str) -> str:
    one = found.depts.get(code)
    return words.dept(one) if one else code


def _bridge(page: Page, found: Cockpit, parts: Sequence[Part], unit: Unit, key: str) -> str:
    changed = found.changes
    rows = charts.steps(
        (
            words.base_title(page.compare),
            changed.against.base,
            "budget" if page.compare == BUDGET else "previous",
        ),
        [{"label": _name(found, part), "value": part.difference} for part in parts if part.difference],
        (t("role.actual"), changed.value, "actual"),
    )
    picks = charts.waterfall(rows, unit=unit, alt=said(page, found, label(page)), key=key, height=318)
    return str(picks[0]["label"]) if picks else ""


def _parts(found: Cockpit, unit: Unit) -> str:
    rows = [
        {
            "label": f"{words.item(one.item)}  {format.percent().text(one.share, unit=True)}",
            "value": one.value,
            "previous": one.last_year.base,
            "budget": one.budget.base,
        }
        for one in found.items
    ]
    st.caption(t("cockpit.parts_note"))
    picks = charts.ranking(rows, unit=unit, alt=t("cockpit.parts_alt"), key="parts", row_height=36)
    names = {str(row["label"]): one.item for row, one in zip(rows, found.items, strict=True)}
    return names.get(str(picks[0]["label"]), "") if picks else ""


def trend(page: Page, found: Cockpit, unit: Unit) -> None:
    """Thirty-six months within what the seasons make usual."""
    with frame.panel(t("cockpit.trend"), f"{unit.label}", key="trend"):
        seasons(
            [
                {
                    "period": month,
                    "value": p.value,
                    "mean": p.mean,
                    "low": p.low,
                    "high": p.high,
                    "rule": p.rule,
                }
                for month, p in found.trend.points
            ],
            unit=unit,
            alt=t("cockpit.trend_alt"),
            height=312,
        )
        st.caption(t(f"cockpit.limits_{found.trend.how}"))


def departments(page: Page, found: Cockpit, table: Heat, item: str) -> None:
    """Departments by month; a cell opens the department in that month."""
    note = t("cockpit.heat_note", compare=t(f"compare.{page.compare}"))
    title = t("cockpit.heat") if not item else t("cockpit.heat_item", item=words.item(item))
    with frame.panel(title, note, key="heat"):
        if not table.bases:
            st.caption(words.why_no_base(found.changes.against))
            return
        shown = [(_heat_name(found, row.dept, row.count), row) for row in table.rows]
        names = {name: row.dept for name, row in shown}
        cells = [
            {"row": name, "col": month, "value": side.ratio}
            for name, row in shown
            for month, _, side in row.cells
        ]
        if page.compare == "last_year":
            st.caption(t("cockpit.heat_festival"))
        picks = charts.heat(
            cells,
            unit=format.percent(0),
            alt=t("cockpit.heat_alt"),
            limit=FULL_COLOUR,
            key="heat",
            row_height=26,
        )
        if picks and picks.fresh and (code := names.get(str(picks[0]["row"]), REST)) != REST:
            open_department(code, str(picks[0]["col"]))


def _heat_name(found: Cockpit, code: str, count: int) -> str:
    return t("cockpit.rest", count=count) if code == REST else _dept(found, code)


def movers(page: Page, found: Cockpit, changed: Changes, unit: Unit) -> None:
    """The largest changes of department x item."""
    with frame.panel(
        t("cockpit.movers"),
        t("cockpit.movers_note", base=words.base(page.compare), unit=unit.label),
        key="movers",
    ):
        if not changed.movers:
            st.caption(words.why_no_base(changed.against) or t("cockpit.movers_none"))
            return
        rows = [
            {
                "label": f"{_dept(found, part.dept)}\n{words.item(part.item)}",
                "value": part.difference,
                "ratio": part.against.ratio,
            }
            for part in changed.movers
        ]
        picks = moves(rows, unit=unit, alt=t("cockpit.movers"), key="movers")
        if picks and picks.fresh:
            picked = str(picks[0]["label"])
            open_department(
                next(p.dept for p, row in zip(changed.movers, rows, strict=True) if row["label"] == picked)
            )


def unit_of(found: Cockpit) -> Unit:
    """The page's money unit; a second decimal where one would leave the departments too few digits."""
    amounts = [found.total.direct, *(point.value for _, point in found.trend.points)]
    unit = format.money_unit(amounts)
    largest = max((abs(unit.scale(amount) or 0.0) for amount in amounts), default=0.0)
    return replace(unit, decimals=2) if largest < FEW_DIGITS else unit


def focused(page: Page, found: Cockpit, item: str) -> tuple[Changes, Heat]:
    """The pictures of one item when one is picked, else of everything."""
    return opened.focus(page, item) if item else (found.changes, found.heat)
