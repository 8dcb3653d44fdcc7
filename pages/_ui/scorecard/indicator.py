"""One indicator: what it means, its formula with the figures put in, its months, departments ranked, the way to its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.indicators.card import HOSPITAL, Line
from core.indicators.define import Caliber, Indicator, indicators, perspectives
from core.people import roles
from core.xmr import xmr
from pages._ui import charts, explain, format, frame, tables, url
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, words
from pages._ui.text import label, lang, t

ROWS = 60
SHOWN = 24


@dataclass
class Why:
    """What the drawer shows of an indicator."""

    title: str
    crumbs: list[str]
    formula: str
    figures: list[tuple[str, Any, Any]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    columns: list[tables.Col] = field(default_factory=list)
    rows_total: int = 0
    note: str = ""
    downloads: tuple[Any, ...] = ()


def choose() -> tuple[Indicator, Caliber]:
    """Which indicator, and which of its calibers; competing indicators are one click away."""
    names = panels.names()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        url.seed("indicator", list(names), "F01")
        st.selectbox(
            t("scorecard.indicator"), list(names), key="indicator", format_func=lambda one: names.get(one, one),
            label_visibility="collapsed", width=340, persist_state="session",
        )  # fmt: skip
        code = str(st.session_state["indicator"])
        url.publish("indicator", code, "F01")
        one = indicators()[code]
        caliber = one.calibers[0]
        if len(one.calibers) > 1:
            options = [made.name for made in one.calibers]
            words_of = {made.name: label(made.label) for made in one.calibers}
            chosen = st.segmented_control(
                t("scorecard.caliber"), options, default=options[0], key=f"caliber_{code}",
                format_func=lambda name: words_of[name], label_visibility="collapsed",
            )  # fmt: skip
            caliber = one.caliber(str(chosen or options[0]))
        for other in one.switch:
            if st.button(names[other], key=f"switch_{other}", type="tertiary", icon=":material/swap_horiz:"):
                st.query_params["indicator"] = other
                del st.session_state["indicator"]
                st.rerun()
    return one, caliber


def definition_panel(page: Page, one: Indicator, caliber: Caliber) -> None:
    """What it means, whose it is, where it comes from."""
    role = roles().get(one.owner)
    status = t(f"scorecard.status_{one.status.replace(' ', '_')}")
    facts = [
        (t("scorecard.col_side"), label(perspectives()[one.perspective].label)),
        (t("scorecard.better"), t(f"scorecard.better_{one.better}")),
        (t("scorecard.owner"), role.label.of(lang()) if role else one.owner),
        (t("scorecard.frequency"), t(f"scorecard.span_{one.frequency}")),
        (
            t("scorecard.source"),
            f"{label(one.source)} · {status}",
        ),
        (
            t("scorecard.needs"),
            t("state.and").join(catalog().extracts[name].label.of(lang()) for name in caliber.needs()),
        ),
    ]
    if one.benchmark.zh:
        facts.append((t("scorecard.benchmark"), label(one.benchmark)))
    with frame.panel(t("scorecard.definition"), key="definition"):
        st.markdown(f"**{one.formula(lang(), caliber.name)}**")
        st.table(dict(facts), border="horizontal", width="content")


def line_of(page: Page, span: str, one: Indicator, caliber: Caliber) -> Line | None:
    """The line of the page's department, class or hospital."""
    wanted = panels.dept_of(page)
    return next(
        (line for line in figures.lines(page, span, one.code, caliber.name) if line.dept_code == wanted), None
    )


def message(page: Page, span: str, one: Indicator, caliber: Caliber, line: Line | None) -> None:
    """The value against its target in one sentence; what is missing where there is none."""
    if line is None or line.value is None:
        said = words.reason(line) if line is not None else t("scorecard.reason_not_here")
        page.message(t("scorecard.message.missing", name=label(one.label), reason=said))
        extract = line.reason_of if line is not None else None
        if extract:
            st.page_link(
                "pages/data/upload.py",
                label=t("scorecard.template", extract=catalog().extracts[extract].label.of(lang())),
            )
        return
    parts = [
        t(
            "scorecard.message.value",
            name=label(one.label),
            value=words.value(line),
            span=t(f"scorecard.span_{span}"),
        )
    ]
    if line.aimed:
        parts.append(
            t(
                "scorecard.message.target",
                target=words.target(line),
                score=words.points(line.score),
                light=words.light(line.status),
            )
        )
    page.message(
        t("cockpit.message.join").join(parts) + t("cockpit.message.end"), why=lambda: why(page, line)
    )


def why(page: Page, line: Line) -> Why:
    """The drawer: formula, figures put in, and the reported rows behind them."""
    one, caliber = line.definition, line.definition.caliber(line.caliber)
    number = format.number("", 2)
    put: list[tuple[str, Any, Any]] = [(t("scorecard.numerator"), line.numerator, number)]
    if line.denominator is not None:
        put.append((t("scorecard.denominator"), line.denominator, number))
    if line.previous_numerator is not None:
        put.append((t("scorecard.previous_numerator"), line.previous_numerator, number))
    if line.previous_denominator is not None:
        put.append((t("scorecard.previous_denominator"), line.previous_denominator, number))
    put.append((label(one.label), line.value, words.unit_of(one, caliber)))
    metrics = sorted({fact.split("/")[0].split("@")[0] for fact in caliber.facts()})
    rows, total = _rows(page, line, metrics)
    return Why(
        label(one.label), [page.board.hospital_name or page.hospital, line.dept_name if line.dept_code != HOSPITAL else "",
                           format.period(page.period)],
        one.formula(lang(), caliber.name), put, rows,
        [tables.Col("month", t("scorecard.col_month"), width=84), tables.Col("dept", t("scorecard.col_dept"), width=120),
         tables.Col("numerator", t("scorecard.numerator"), "number", number), tables.Col("denominator", t("scorecard.denominator"), "number", number)],
        total, "" if rows else t("scorecard.rows_elsewhere"),
    )  # fmt: skip


def _rows(page: Page, line: Line, metrics: list[str]) -> tuple[list[dict[str, Any]], int]:
    listed = ", ".join(f"'{name}'" for name in metrics)
    where = f"hospital = ? and period // 100 = ? and period <= ? and metric in ({listed})"
    given: list[Any] = [page.hospital, page.period // 100, page.period]
    if line.dept_code != HOSPITAL and not line.dept_code.startswith(HOSPITAL):
        where += " and dept_code = ?"
        given.append(line.dept_code)
    found = figures.warehouse(page.snapshot).rows(
        "select period, dept_name, object_name, numerator, denominator, _file as file, _sheet as sheet, _row as row, count(*) over () "
        f"as total from stg_operation_value where {where} order by period desc, dept_code, object_code limit {ROWS}", given,
    )  # fmt: skip
    whole = t("scorecard.whole")
    rows = [
        {**row, "month": format.period(int(row["period"]), "month"),
         "dept": " ".join(part for part in (whole if row["dept_name"] == HOSPITAL else row["dept_name"], row["object_name"]) if part)}
        for row in found
    ]  # fmt: skip
    return rows, int(found[0]["total"]) if found else 0


def months_panel(page: Page, one: Indicator, caliber: Caliber) -> None:
    """Its months as a run chart with limits; the target as words, since it may change."""
    points = [
        p
        for p in figures.series(page, one.code, caliber.name, panels.dept_of(page))
        if p.period <= page.period
    ]
    judged = xmr([p.value for p in points])
    rows = [
        {"period": p.period, "value": j.value, "mean": j.mean, "low": j.low, "high": j.high, "rule": j.rule}
        for p, j in zip(points, judged, strict=True) if j.value is not None and j.mean is not None
    ]  # fmt: skip
    unit = words.unit_of(one, caliber)
    better = one.better if one.better in ("lower", "higher") else "none"
    with frame.panel(t("scorecard.months"), t("scorecard.trend_note"), key="months"):
        if not rows:
            st.caption(t("scorecard.trend_few"))
            return
        charts.run_chart(rows, unit=unit, alt=t("scorecard.months"), better=better)
        aimed = points[-1]
        if aimed.target is not None:
            st.caption(t("scorecard.target_now", target=unit.text(aimed.target, unit=True)))


def ranked_panel(page: Page, span: str, one: Indicator, caliber: Caliber) -> None:
    """Departments from best to worst, against their targets; a click explains."""
    found = [
        x
        for x in figures.lines(page, span, one.code, caliber.name)
        if x.value is not None and not x.dept_code.startswith(HOSPITAL)
    ]
    sign = -1 if one.better == "higher" else 1
    found.sort(key=lambda x: (sign * (x.value or 0), x.dept_code))
    with frame.panel(t("scorecard.ranked"), t("scorecard.ranked_note", count=len(found)), key="ranked"):
        if not found:
            st.caption(t("scorecard.ranked_none"))
            return
        rows = [{**panels.row(x), "dept": x.dept_name, "dept_code": x.dept_code} for x in found]
        wanted = ("value", "target", "score", "light")
        cols = [
            tables.Col("dept", t("scorecard.col_dept"), width=170),
            *(c for c in panels.columns() if c.name in wanted),
        ]
        click = tables.table(rows, cols, key="ranked", actions=("explain",), download=f"{one.code}-{page.period}", alt=t("scorecard.ranked"),
                             height=SHOWN * 18)  # fmt: skip
        if click:
            explain.show(lambda: why(page, next(x for x in found if x.dept_code == click.row["dept_code"])))
