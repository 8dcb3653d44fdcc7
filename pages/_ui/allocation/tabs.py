"""The tables of the allocation page: result, published tables, methods side by side, what is left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.export import Sheet, table_workbook
from core.figures.allocation import GIVERS, AllocationFigures
from core.figures.compare import METHODS
from core.scenario import Scenario
from pages._ui import format, tables, url
from pages._ui.allocation import figures
from pages._ui.allocation.controls import word
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

AMOUNTS = ("direct", *GIVERS, "full")
TABS = ("result", "tables", "methods", "loose")


def choose() -> str:
    """Which table; in the URL."""
    url.seed("tab", TABS, TABS[0])
    st.segmented_control(
        t("allocation.tab_result"), TABS, key="tab", format_func=lambda name: t(f"allocation.tab_{name}"),
        required=True, label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    url.publish("tab", st.session_state["tab"], TABS[0])
    return str(st.session_state["tab"])


def result(page: Page, found: AllocationFigures, unit: Unit, whatif: bool) -> tables.Click | None:
    """Every receiving department: direct, what each class brought, full; under a what-if also the change."""
    classes = page.board.classes()
    rows = [
        {
            "code": row.code, "name": row.name, "class": classes.get(row.dept_class, ""), "share": row.share,
            "before": row.before, "change": row.change, **{name: getattr(row, name) for name in AMOUNTS},
        }
        for row in found.received
    ]  # fmt: skip
    total = {"name": t("table.total"), **{name: _sum(rows, name) for name in (*AMOUNTS, "before", "change")}}
    cols = [tables.Col("name", t("allocation.col_dept"), width="medium")]
    cols += [tables.Col(name, t(f"allocation.col_{name}"), "money", unit) for name in AMOUNTS[:-1]]
    cols += [tables.Col("full", t("allocation.col_full"), "money", unit)]
    if whatif:
        cols += [
            tables.Col(name, t(f"allocation.col_{name}"), "money", unit) for name in ("before", "change")
        ]
    cols += [tables.Col("share", t("allocation.col_share"), "bar", format.percent())]
    return tables.table(
        rows, cols, key="result", total=total, actions=("explain", "open"), alt=t("allocation.tab_result"),
        download=f"allocation-{page.period}", workbook=lambda: _workbook(page, rows, total, whatif),
    )  # fmt: skip


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> Decimal | None:
    given = [row[name] for row in rows if row[name] is not None]
    return sum(given, Decimal(0)) if given else None


def _workbook(page: Page, rows: list[dict[str, Any]], total: Mapping[str, Any], whatif: bool) -> bytes:
    names = ["code", "name", "class", *AMOUNTS, *(("before", "change") if whatif else ())]
    heads = [
        t("allocation.col_dept") if name in ("code", "name") else t(f"allocation.col_{name}")
        for name in names
    ]
    kinds = ["text"] * 3 + ["money"] * (len(names) - 3)
    notes = [
        t("nav.allocation"),
        page.board.hospital_name,
        format.period(page.period),
        t("meta.snapshot", id=page.snapshot),
    ]
    body = [[row.get(name) for name in names] for row in [*rows, total]]
    return table_workbook([Sheet(t("nav.allocation"), heads, body, kinds, notes, frozenset({len(rows)}))])


def published(page: Page, scenario: Scenario, unit: Unit) -> None:
    """One giving department's table: who received how much, by which driver."""
    givers = {d.code: d.name for d in page.board.departments if d.dept_class in GIVERS}
    if not givers:
        return
    url.seed("giver", list(givers), next(iter(givers)))
    st.selectbox(
        t("allocation.giver"),
        list(givers),
        key="giver",
        format_func=givers.__getitem__,
        width=320,
        filter_mode="contains",
    )
    url.publish("giver", st.session_state["giver"], next(iter(givers)))
    found = figures.table(page, scenario, st.session_state["giver"])
    whole = sum((row["amount"] for row in found), Decimal(0))
    rows = [
        {
            **row, "class": page.board.classes().get(row["target_class"], ""), "driver": _driver(row["driver"]),
            "weight": row["amount"] / whole if whole else None,
        }
        for row in found
    ]  # fmt: skip
    cols = [
        tables.Col("target_name", t("allocation.col_dept")),
        tables.Col("class", t("allocation.col_class")),
        tables.Col("driver", t("allocation.col_driver")),
        tables.Col("amount", t("allocation.col_amount"), "money", unit),
        tables.Col("weight", t("allocation.col_weight"), "bar", format.percent()),
    ]
    total = {"target_name": t("table.total"), "amount": whole}
    tables.table(
        rows,
        cols,
        key="published",
        total=total,
        download=f"allocation-{page.period}-{st.session_state['giver']}",
    )


def _driver(name: str | None) -> str:
    if not name:
        return format.MISSING
    return t("allocation.unallocated") if name == "unallocated" else word("drivers", name)


def methods(page: Page, scenario: Scenario, unit: Unit) -> None:
    """Five methods side by side, computed when asked for."""
    st.caption(t("allocation.methods_note"))
    with st.spinner(t("allocation.methods_run"), show_time=True):
        found = figures.compared(page, scenario)
    rows = [{"name": row.name, **row.amounts, "spread": row.spread, "share": row.share} for row in found]
    cols = [tables.Col("name", t("allocation.col_dept"))]
    cols += [tables.Col(name, word("methods", name), "money", unit) for name in METHODS]
    cols += [tables.Col("spread", t("allocation.col_spread"), "money", unit)]
    cols += [tables.Col("share", t("allocation.col_spread_share"), "bar", format.percent())]
    total = {"name": t("table.total"), **{name: _sum(rows, name) for name in METHODS}}
    tables.table(rows, cols, key="methods", total=total, download=f"methods-{page.period}")


def loose(page: Page, found: AllocationFigures, unit: Unit) -> None:
    """Money without a receiver, and fallback drivers that were used."""
    if not found.loose and not found.fallbacks:
        st.caption(t("allocation.loose_none"))
        return
    classes = page.board.classes()
    if found.loose:
        st.markdown(f"**{t('allocation.loose_title')}**")
        rows = [
            {"name": t("allocation.unallocated") if row.code == row.name == "unmapped" else row.name,
             "class": classes.get(row.dept_class, ""), "amount": row.amount}
            for row in found.loose
        ]  # fmt: skip
        cols = [
            tables.Col("name", t("allocation.col_dept")),
            tables.Col("class", t("allocation.col_class")),
            tables.Col("amount", t("allocation.col_amount"), "money", unit),
        ]
        tables.table(rows, cols, key="loose")
        st.page_link(
            "pages/data/quality.py", label=t("allocation.loose_unmapped"), icon=":material/arrow_forward:"
        )
    if found.fallbacks:
        st.markdown(f"**{t('allocation.fallback_title')}**")
        items = {term.name: term.label.of(page.lang) for term in catalog().terms["cost_items"]}
        cols = [
            tables.Col("dept_name", t("allocation.col_dept")),
            tables.Col("item", t("allocation.col_item")),
            tables.Col("wanted", t("allocation.col_wanted")),
            tables.Col("used", t("allocation.col_used")),
            tables.Col("amount", t("allocation.col_amount"), "money", unit),
        ]
        shown = [
            {
                **row,
                "item": items.get(row["item_class"], ""),
                "wanted": _driver(row["wanted"]),
                "used": _driver(row["used"]),
            }
            for row in found.fallbacks
        ]
        tables.table(shown, cols, key="fallbacks")
