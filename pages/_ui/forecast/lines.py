"""Tables: months ahead with their export, departments that add up, kept forecasts beside what came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from core.export import Sheet, table_workbook
from core.forecasting import Answer, Family
from core.measures import measure
from pages._ui import format, frame, tables
from pages._ui.forecast import figures
from pages._ui.forecast import words as said
from pages._ui.forecast.choose import Choice
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import lang, t, words
from pages._ui.upload import people

_FIELDS = ("mean", "low80", "high80", "low95", "high95", "naive", "final")


def months(page: Page, found: Answer, unit: Unit) -> None:
    """Every month ahead; download as CSV or workbook."""
    with frame.panel(t("forecast.view_months"), unit.label, key="months"):
        rows = [
            {"month": format.period(p.period), **{name: getattr(p, name) for name in _FIELDS},
             "why": p.adjusted.reason if p.adjusted else ""}
            for p in found.points
        ]  # fmt: skip
        cols = [tables.Col("month", t("forecast.month"))]
        cols += [tables.Col(name, t(f"forecast.col_{name}"), "number", unit) for name in _FIELDS]
        cols += [tables.Col("why", t("forecast.adjusted_why"))]
        total = None
        if not found.target.is_ratio:
            total = {"month": t("forecast.sum")} | {
                name: sum((row[name] for row in rows), Decimal(0)) for name in ("mean", "naive", "final")
            }
        stem = f"{found.target.measure}-{found.target.dept or page.hospital}-{found.last}"
        language = lang()
        title = _title(page, found)
        tables.table(
            rows,
            cols,
            key="forecast_months",
            alt=t("forecast.view_months"),
            total=total,
            download=stem,
            workbook=lambda: _book(found, title, language),
        )


def _title(page: Page, found: Answer) -> str:
    return f"{said.whose(page, found.target)} {said.name(found.target)}  {page.board.hospital_name}"


def _book(found: Answer, title: str, language: str) -> bytes:
    """History and forecast as a workbook; runs outside the session, so it asks for its words by language."""
    say = words(language)
    kind = (
        "money"
        if found.target.money
        else "ratio"
        if measure(found.target.measure).unit == "percent"
        else "quantity"
    )
    ahead: list[list[Any]] = [
        [str(p.period), *(getattr(p, name) for name in _FIELDS), p.adjusted.reason if p.adjusted else ""]
        for p in found.points
    ]
    past = [[str(p), v] for p, v in zip(found.past.periods, found.past.values, strict=True)]
    heads = [
        say["forecast.month"],
        *(say[f"forecast.col_{name}"] for name in _FIELDS),
        say["forecast.adjusted_why"],
    ]
    return table_workbook(
        [
            Sheet(say["nav.forecast"], heads, ahead, ["text", *[kind] * len(_FIELDS), "text"], [title]),
            Sheet(say["role.actual"], [heads[0], say["role.actual"]], past, ["text", kind], [title]),
        ]
    )


def departments(page: Page, choice: Choice, waiting: tuple[int, ...]) -> None:
    """The hospital and its departments, made to add up; computed when this is opened, then stored."""
    if choice.target.is_ratio:
        st.caption(t("forecast.no_family"))
        return
    with st.spinner(t("forecast.computing")):
        found = figures.departments(page, choice, waiting)
    if found is None:
        st.caption(t("forecast.untried_short"))
        return
    _family(page, choice, found)


def _family(page: Page, choice: Choice, found: Family) -> None:
    one = measure(choice.target.measure)
    unit = format.money_unit([sum(found.total, Decimal(0))]) if one.unit == "money" else said.plain_unit(one)
    names = {dept.code: dept.name for dept in page.board.departments}
    rows = []
    for member in sorted(found.members, key=lambda each: -each.ahead):
        worse = (
            member.error is not None and member.naive_error is not None and member.error > member.naive_error
        )
        remark = t("forecast.worse_word") if worse else ""
        if member.reasons and member.reasons[0] in ("no_data", "too_short", "no_season"):
            remark = t(f"forecast.short_{member.reasons[0]}")
        rows.append(
            {
                "dept": names.get(member.dept) or t("forecast.unmapped"), "ahead": member.ahead,
                "before": member.year_before, "alone": member.alone, "trend": list(member.months), "remark": remark,
                "error": member.error, "change": _share(member.ahead, member.year_before, len(found.periods)),
            }
        )  # fmt: skip
    whole = sum(found.total, Decimal(0))
    note = t("forecast.family_note", count=len(rows), gap=format.show(found.gap, unit))
    with frame.panel(t("forecast.family"), note, key="family"):
        tables.table(
            rows,
            [
                tables.Col("dept", t("forecast.dept")),
                tables.Col("ahead", t("forecast.card_sum_plain", count=len(found.periods)), "number", unit),
                tables.Col("before", t("forecast.year_before"), "number", unit),
                tables.Col("change", t("compare.last_year"), "number", format.percent()),
                tables.Col("trend", t("role.forecast"), "trend", unit),
                tables.Col("alone", t("forecast.alone"), "number", unit, help=t("forecast.alone_help")),
                tables.Col("error", "MASE", "number", format.number("", 2), help=t("forecast.mase_help")),
                tables.Col("remark", t("forecast.remark")),
            ],
            key="family_table",
            alt=t("forecast.family"),
            total={
                "dept": t("forecast.sum"),
                "ahead": whole,
                "alone": sum((m.alone for m in found.members), Decimal(0)),
            },
            download=f"{choice.target.measure}-departments",
        )


def _share(ahead: Decimal, before: Decimal | None, months: int) -> Decimal | None:
    return (ahead - before) / abs(before) if before and months <= 12 else None


def held(page: Page, found: Answer) -> None:
    """Kept forecasts, newest first: how they did, and whether the work was worth it."""
    kept = figures.past_forecasts(page, found.target, found.past)
    if not kept:
        st.caption(t("forecast.none_kept"))
        return
    rows = [
        {
            "after": format.period(one.after), "by": people.who(one.by), "at": format.day(one.at),
            "months": f"{one.accuracy.months}/{one.months}", "accuracy": one.accuracy.accuracy,
            "adjusted": one.accuracy.adjusted_accuracy, "naive": one.accuracy.naive_accuracy,
            "added": one.accuracy.value_added,
        }
        for one in kept
    ]  # fmt: skip
    percent = format.percent()
    tables.table(
        rows,
        [
            tables.Col("after", t("forecast.kept_after")),
            tables.Col("by", t("forecast.kept_by")),
            tables.Col("at", t("forecast.kept_at")),
            tables.Col("months", t("forecast.kept_months"), help=t("forecast.kept_months_help")),
            tables.Col("accuracy", t("forecast.kept_accuracy"), "number", percent),
            tables.Col("adjusted", t("forecast.kept_adjusted"), "number", percent),
            tables.Col("naive", t("forecast.kept_naive"), "number", percent),
            tables.Col(
                "added",
                t("forecast.kept_added"),
                "number",
                format.points(),
                help=t("forecast.kept_added_help"),
            ),
        ],
        key="kept_table",
        alt=t("forecast.keep_title"),
    )
