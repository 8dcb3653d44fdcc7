"""Tables: months ahead with their export, departments that add up, kept forecasts beside what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from core.forecast.result import OPEN_END
from core.forecasting import Answer, Family
from core.forecasting.family import Member
from core.forecasting.subjects import subject
from pages._ui import format, frame, tables
from pages._ui.forecast import book, figures
from pages._ui.forecast import words as said
from pages._ui.forecast.choose import Choice
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import lang, t
from pages._ui.upload import people

_FIELDS = book.FIELDS


def months(page: Page, found: Answer, unit: Unit) -> None:
    """Every month ahead; download as CSV or workbook."""
    with frame.panel(t("forecast.view_months"), unit.label, key="months"):
        rows = [
            {"month": format.period(p.period), **{name: getattr(p, name) for name in _FIELDS},
             "why": p.adjusted.reason if p.adjusted else ""}
            for p in found.points
        ]  # fmt: skip
        cols = [tables.Col("month", t("forecast.month"))]
        cols += [tables.Col(name, said.column(found, name), "number", unit) for name in _FIELDS]
        cols += [tables.Col("why", t("forecast.adjusted_why"))]
        total = None
        if found.target.subject.nature.sums:
            total = {"month": t("forecast.sum")} | {
                name: sum((row[name] for row in rows), Decimal(0)) for name in ("mean", "naive", "final")
            }
        stem = f"{found.target.measure}-{found.target.dept or page.hospital}-{found.last}"
        tables.table(
            rows,
            cols,
            key="forecast_months",
            alt=t("forecast.view_months"),
            total=total,
            download=stem,
            workbook=book.workbook(page, found),
        )


def departments(page: Page, found: Answer) -> None:
    """The hospital and its departments, made to add up: what each said alone, and what reconciliation moved."""
    if found.target.is_ratio:
        st.caption(t("forecast.no_family"))
        return
    if found.family is None:
        st.caption(t("forecast.no_departments"))
        return
    _family(page, found, found.family)


def _family(page: Page, found: Answer, made: Family) -> None:
    one = found.target.subject
    # Months of a level do not add up: departments still do, month by month, and so do their means.
    over = Decimal(1) if one.nature.sums else Decimal(len(made.periods))
    whole = sum(made.total, Decimal(0)) / over
    alone = sum((member.alone for member in made.members), Decimal(0)) / over
    before = None if made.year_before is None else made.year_before / min(over, Decimal(12))
    heading = "forecast.card_sum_plain" if one.nature.sums else "forecast.card_mean"
    # A unit in which most departments, and what reconciliation moved, can be read.
    mean = whole / len(made.members)
    unit = format.money_unit([mean]) if one.unit == "money" else said.plain_unit(one)
    names = {dept.code: dept.name for dept in page.board.departments}
    rows = [
        _member(member, names, len(made.periods), over, unit)
        for member in sorted(made.members, key=lambda m: -m.ahead)
    ]
    with frame.panel(t("forecast.family"), unit.label, key="family"):
        st.markdown(_spread(made, unit, over))
        if made.final != made.parts_final:
            st.markdown(f":orange[:material/info:] {_adjusted(made, names, unit, over)}")
        click = tables.table(
            rows,
            [
                tables.Col("dept", t("forecast.dept"), width=120),
                tables.Col("ahead", t(heading, count=len(made.periods)), "number", unit, width=104, bare=True),
                tables.Col("before", t("forecast.year_before"), "number", unit, width=100, bare=True),
                tables.Col("change", t("forecast.change"), "number", format.percent(), width=104),
                tables.Col("trend", t("role.forecast"), "trend", unit, width=96, bare=True),
                tables.Col("alone", t("forecast.alone"), "number", unit, help=t("forecast.alone_help"), width=112, bare=True),
                tables.Col("moved", t("forecast.moved_by"), "number", unit, help=t("forecast.moved_help"), width=76, bare=True),
                tables.Col("error", "MASE", "number", format.number("", 2), help=t("forecast.mase_help"), width=64),
                tables.Col("remark", t("forecast.remark"), width=84),
            ],
            key="family_table",
            alt=t("forecast.family"),
            actions=("open",),
            total={
                "dept": t("forecast.sum"), "ahead": whole, "alone": alone, "moved": _shown(whole - alone, unit), "before": before,
                "change": _share(whole, before, len(made.periods)),
            },
            download=f"{found.target.measure}-departments",
        )  # fmt: skip
        if click and click.row["code"] in names:
            st.query_params["dept"] = click.row["code"]
            st.rerun()


def parts(page: Page, found: Answer, choice: Choice, waiting: figures.Waiting) -> None:
    """What the figure is made of, each part as its own page says it, and how far their sum is from the whole."""
    with st.spinner(t("forecast.computing_parts")):
        made = figures.parts(page, choice, waiting)
    whole = sum((point.base for point in found.points), Decimal(0))
    added = sum((one.ahead for one in made if one.ahead is not None), Decimal(0))
    if not added:
        st.caption(t("forecast.no_parts"))
        return
    span = len(found.points)
    unit = format.money_unit([one.ahead for one in made])
    rows: list[dict[str, Any]] = [
        {
            "part": subject(one.measure).label.of(lang()), "measure": one.measure, "ahead": one.ahead,
            "before": one.year_before, "change": _share(one.ahead, one.year_before, span),
        }
        for one in made
    ]  # fmt: skip
    with frame.panel(t("forecast.view_parts"), unit.label, key="parts_sum"):
        st.markdown(
            t(
                "forecast.parts_apart", count=len(made), what=said.name(found.target),
                parts=unit.text(added, unit=True), whole=unit.text(whole, unit=True),
                apart=unit.text(added - whole, signed=True, unit=True),
                share=format.percent(2).text((added - whole) / abs(whole) if whole else None, signed=True, unit=True),
            )
        )  # fmt: skip
        tables.table(
            rows,
            [
                tables.Col("part", t("forecast.part"), width=200),
                tables.Col("ahead", t("forecast.card_sum_plain", count=span), "number", unit, bare=True),
                tables.Col("before", t("forecast.year_before"), "number", unit, bare=True),
                tables.Col("change", t("forecast.change"), "number", format.percent()),
            ],
            key="parts_table_sum", alt=t("forecast.view_parts"),
            total={"part": t("forecast.sum"), "ahead": added, "before": _all(row["before"] for row in rows),
                   "change": _share(added, _all(row["before"] for row in rows), span)},
            download=f"{found.target.measure}-parts",
        )  # fmt: skip


def _all(values: Iterable[Decimal | None]) -> Decimal | None:
    """Their sum; None where one is missing."""
    given = list(values)
    known = [value for value in given if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(given) else None


def _member(
    member: Member, names: Mapping[str, str], months: int, over: Decimal, unit: Unit
) -> dict[str, Any]:
    error, naive = member.error, member.naive_error
    worse = error is not None and naive is not None and error - naive > said.ALIKE
    before = None if member.year_before is None else member.year_before / min(over, Decimal(12))
    remark = t("forecast.worse_word") if worse else ""
    if OPEN_END in member.reasons:
        remark = t("forecast.short_open_end")
    if member.reasons and member.reasons[0] in ("no_data", "too_short", "no_season", "closed"):
        remark = t(f"forecast.short_{member.reasons[0]}")
    return {
        "code": member.dept, "dept": names.get(member.dept) or t("forecast.unmapped"), "ahead": member.ahead / over,
        "before": before, "alone": member.alone / over, "moved": _shown((member.ahead - member.alone) / over, unit),
        "trend": list(member.months), "remark": remark, "error": member.error,
        "change": _share(member.ahead / over, before, months),
    }  # fmt: skip


def _shown(value: Decimal, unit: Unit) -> Decimal:
    """Nothing where it would be shown as -0."""
    return Decimal(0) if abs(value) < unit.divisor / 2 / 10**unit.decimals else value


def _spread(made: Family, unit: Unit, over: Decimal) -> str:
    """How far hospital and departments were apart, and who gave how much of it."""

    def amount(value: Decimal, signed: bool = False) -> str:
        return unit.text(value / over, signed=signed, unit=True)

    return t(
        "forecast.family_spread", count=len(made.members), own=amount(sum(made.own, Decimal(0))),
        parts=amount(sum((one.alone for one in made.members), Decimal(0))), gap=amount(made.gap, True),
        taken=amount(-made.taken, True), given=amount(made.gap - made.taken, True), total=amount(sum(made.total, Decimal(0))),
    )  # fmt: skip


def _adjusted(made: Family, names: Mapping[str, str], unit: Unit, over: Decimal) -> str:
    """What people adjusted is not passed on: hospital and departments then no longer add up, by this much."""
    who = [
        names.get(code) or t("forecast.whole" if not code else "forecast.unmapped") for code in made.adjusted
    ]
    return t(
        "forecast.family_adjusted", who=t("state.and").join(who), whole=unit.text(made.final / over, unit=True),
        parts=unit.text(made.parts_final / over, unit=True),
        apart=unit.text((made.final - made.parts_final) / over, signed=True, unit=True),
    )  # fmt: skip


def _share(ahead: Decimal | None, before: Decimal | None, months: int) -> Decimal | None:
    return (ahead - before) / abs(before) if ahead is not None and before and months <= 12 else None


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
