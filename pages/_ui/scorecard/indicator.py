"""One indicator: which one, what it says, what it means with the figures put in, departments ranked."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.derived import refresh
from core.export import template_workbook
from core.importing import Desk
from core.indicators import own
from core.indicators.card import HOSPITAL, Line
from core.indicators.define import Caliber, Indicator, indicators, perspectives
from core.indicators.filled import filled
from pages._ui import board, explain, format, frame, tables, url
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, why, words
from pages._ui.text import label, lang, t
from pages._ui.upload.people import actor, now


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
        options = [made.name for made in one.calibers]
        url.seed("caliber", options, options[0])
        if len(options) > 1:
            said = {made.name: words.caliber(one, made) for made in one.calibers}
            st.segmented_control(
                t("scorecard.caliber"), options, key="caliber", format_func=lambda name: said.get(name, name),
                label_visibility="collapsed", required=True, persist_state="session",
            )  # fmt: skip
            caliber = one.caliber(str(st.session_state["caliber"]))
        url.publish("caliber", caliber.name, options[0])
        for other in one.switch:
            if st.button(names[other], key=f"switch_{other}", type="tertiary", icon=":material/swap_horiz:"):
                st.query_params["indicator"] = other
                del st.session_state["indicator"]
                st.rerun()
    return one, caliber


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
        page.message(t("scorecard.message.missing", name=words.name(one, caliber.name), reason=said))
        if line is not None and line.reason_of:
            _template(line.reason_of)
        return
    parts = [
        t("scorecard.message.value", name=words.name(one, caliber.name), value=words.value(line), span=t(f"scorecard.span_{span}"))
    ]  # fmt: skip
    if line.aimed:
        parts.append(
            t("scorecard.message.target", target=words.target(line), score=words.points(line.score), light=words.light(line.status))
        )  # fmt: skip
    elif one.better != "watch":
        parts.append(t("scorecard.message.no_target"))
    page.message(
        t("cockpit.message.join").join(parts) + t("cockpit.message.end"), why=why.maker(page, line, span)
    )


def own_records(page: Page, caliber: Caliber) -> None:
    """An indicator that the program measures itself: what its records say beyond the figures, and one click to take it in."""
    mine = {fact.split("/")[0] for fact in caliber.facts()} & set(own.METRICS)
    if not mine:
        return
    fresh = sum(figures.behind(page).get(name, 0) for name in mine)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = t("scorecard.own_fresh", count=fresh) if fresh else t("scorecard.own_all")
        st.markdown(f":gray[:material/inventory:] {said}", width="content")
        if fresh and st.button(
            t("scorecard.own_take"), key="own_take", type="tertiary", icon=":material/sync:"
        ):
            with st.spinner(t("scorecard.own_taking")):
                own.take_in(Desk(board.store(), page.hospital), at=now(), actor=actor())
                refresh(board.store(), board.store().snapshot())
            board.follow()
            st.rerun()


def _template(extract: str) -> None:
    """The extract that is missing: its empty workbook, and where to upload it."""
    one = catalog().extracts[extract]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            t("scorecard.template", extract=label(one.label)), data=partial(template_workbook, extract, lang()),
            file_name=f"{one.number}_{label(one.label)}.xlsx", on_click="ignore", icon=":material/download:", key="template",
        )  # fmt: skip
        if st.button(t("nav.upload"), key="to_upload", type="tertiary", icon=":material/upload:"):
            st.switch_page("pages/data/upload.py")


def definition_panel(page: Page, one: Indicator, caliber: Caliber, line: Line | None, span: str) -> None:
    """The formula in words and in figures, what was put in, whose it is, where it comes from."""
    status = t(f"scorecard.status_{one.status.replace(' ', '_')}")
    wanted = dict.fromkeys([*caliber.needs(), *caliber.systems()])
    needs = t("state.and").join(catalog().extracts[name].label.of(lang()) for name in wanted)
    facts = {
        t("scorecard.col_side"): label(perspectives()[one.perspective].label),
        t("scorecard.better"): t(f"scorecard.better_{one.better}"),
        t("scorecard.owner"): words.owner(one.owner),
        t("scorecard.frequency"): t(f"scorecard.every_{one.frequency}"),
        t("scorecard.source"): f"{label(one.source)} · {status}",
        t("scorecard.needs"): needs,
    }
    if one.benchmark.zh:
        facts[t("scorecard.benchmark")] = label(one.benchmark)
    with frame.panel(t("scorecard.definition"), key="definition"):
        st.markdown(f"**{one.formula(lang(), caliber.name)}**")
        if line is not None and line.value is not None:
            _put_in(page, caliber, line, span)
        st.table(facts, border="horizontal", width="content")


def _put_in(page: Page, caliber: Caliber, line: Line, span: str) -> None:
    """The formula in figures; each figure opens its own rows."""
    found = figures.puts(page, line, span)
    unit_of = words.fact_units(found)
    here = {put.fact.name: unit_of(put.fact).text(put.amount) for put in found if put.amount is not None}
    before = {put.fact.name: unit_of(put.fact).text(put.before) for put in found if put.before is not None}
    if said := filled(caliber, here, before):
        units = {unit_of(put.fact).label for put in found} - {""}
        named = f"  :gray[({t('state.and').join(sorted(units))})]" if units else ""
        st.markdown(f"= {said} = **{words.value(line)}**{named}")
    with st.container(horizontal=True, gap="small"):
        for put in found:
            if put.amount is None:
                continue
            text = f"{label(put.fact.label)} {unit_of(put.fact).text(put.amount, unit=True)}"
            explain_rows = why.maker(page, line, span, put.fact.name)
            if st.button(
                text,
                key=f"fact_{put.fact.name}",
                type="tertiary",
                icon=":material/table_rows:",
                help=t("scorecard.to_rows"),
            ):
                explain.show(explain_rows)


def ranked_panel(page: Page, span: str, one: Indicator, caliber: Caliber) -> None:
    """Departments from best to worst, against their targets; a click explains, or opens the department's card."""
    runs = figures.decided(page)[2].runs_in(page.period)
    found = [
        x
        for x in figures.lines(page, span, one.code, caliber.name)
        if x.value is not None and not x.dept_code.startswith(HOSPITAL) and runs(x.dept_code)
        and page.dept_class in (None, x.dept_class)
    ]  # fmt: skip
    sign = -1 if one.better == "higher" else 1
    found.sort(key=lambda x: (sign * (x.value or 0), x.dept_code))
    with frame.panel(t("scorecard.ranked"), t("scorecard.ranked_note", count=len(found)), key="ranked"):
        if not found:
            st.caption(t("scorecard.ranked_none"))
            return
        unit = words.unit_of(one, caliber)
        aimed = any(line.aimed for line in found)
        rows = [_ranked(place, line) for place, line in enumerate(found, 1)]
        cols = [
            tables.Col("rank", t("scorecard.col_rank"), "number", format.count(), width=56),
            tables.Col("dept", t("scorecard.col_dept"), width=170),
            tables.Col("value", t("scorecard.col_value"), "bar", unit, width=200),
        ]
        if aimed:
            cols += [
                tables.Col("target", t("scorecard.col_target"), width=110),
                tables.Col("score", t("scorecard.col_score"), "number", panels.POINTS, width=80),
                tables.Col("light", t("scorecard.col_light"), width=84),
            ]
        click = tables.table(rows, cols, key="ranked", actions=("explain", "card"), download=f"{one.code}-{page.period}",
                             alt=t("scorecard.ranked"))  # fmt: skip
        if click and click.action == "card":
            panels.open_card(str(click.row["code"]))
        elif click:
            line = next(x for x in found if x.dept_code == click.row["code"])
            explain.show(why.maker(page, line, span))


def _ranked(place: int, line: Line) -> dict[str, Any]:
    return {
        "rank": place, "dept": line.dept_name, "code": line.dept_code, "value": line.value, "target": words.target(line),
        "score": line.score, "light": words.light(line.status),
    }  # fmt: skip
