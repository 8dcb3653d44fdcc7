"""The lower half of the department page: unit cost in every scope, volumes, income by charge class."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.catalog import catalog
from core.figures.common import Against, Figure
from core.figures.department import Department
from core.measures import measure
from pages._ui import charts, format, frame, tables
from pages._ui.boards import words
from pages._ui.boards.why import why
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import label as labelled
from pages._ui.text import lang, t


def unit_costs(page: Page, found: Department, unit: Unit) -> None:
    """Visit cost or bed-day cost in every scope, with and without drugs and consumables; volumes below."""
    title = t("department.units", what=labelled(measure(found.peer_measure)) if found.units else "")
    note = t("unit.yuan") if found.units else ""
    with frame.panel(title if found.units else t("department.volumes"), note, key="units"):
        if found.units:
            each = format.number("", 1)
            tables.table(
                _unit_rows(found),
                [
                    tables.Col("scope", t("filter.scope"), width=132),
                    tables.Col("value", t("department.col_all"), "number", each, width=76),
                    tables.Col("ratio", t("compare.last_year"), "number", format.percent(), width=88),
                    tables.Col("net", t("department.col_net"), "number", each, t("department.net_help"), 86),
                    tables.Col("net_ratio", t("compare.last_year"), "number", format.percent(), width=82),
                ],
                key="units",
                alt=title,
            )
        tables.table(
            [_volume(one) for one in found.volumes],
            [
                tables.Col("name", t("department.col_volume"), width=150),
                tables.Col("value", t("department.col_value")),
                tables.Col("last_year", t("compare.last_year")),
                tables.Col("previous", t("compare.previous")),
            ],
            key="volumes",
            alt=t("department.volumes"),
        )


def _unit_rows(found: Department) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for one in found.units:
        row = rows.setdefault(one.scope, {"scope": words.scope(one.scope)})
        net = "net_" if one.measure != found.peer_measure else ""
        row["net" if net else "value"], row[f"{net}ratio"] = one.value, one.last_year.ratio
    return list(rows.values())


def _volume(found: Figure) -> dict[str, Any]:
    one = measure(found.measure)
    unit = words.unit(one, found.value)

    def said(side: Against) -> str:
        points = one.unit == "percent"
        return format.change(
            side.difference if points else side.ratio, format.points() if points else format.percent()
        )

    return {
        "name": labelled(one),
        "value": format.show(found.value, unit) if found.value is not None else words.reason(found.reason),
        "last_year": said(found.against["last_year"]),
        "previous": said(found.against["previous"]),
    }


def income(page: Page, found: Department, unit: Unit) -> None:
    """Income by charge class against last year."""
    name = "income" if found.incoming else "income_executed"
    with frame.panel(
        labelled(measure(name)), t("department.income_note", unit=unit.label), key="income",
        why=why(page, name, found.dept.code),
    ):  # fmt: skip
        if not found.charges:
            st.caption(t("department.no_income"))
            return
        rows = [
            {
                "label": f"{_charge(one.charge_class)}  {format.percent().text(one.share, unit=True)}",
                "value": one.value,
                "previous": one.last_year.base,
            }
            for one in found.charges
        ]
        charts.ranking(rows, unit=unit, alt=t("department.income_alt"), row_height=31)


def _charge(name: str) -> str:
    known = name in catalog().names("charge_classes")
    return catalog().term("charge_classes", name).label.of(lang()) if known else name
