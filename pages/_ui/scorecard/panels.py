"""Choices, message, cards, map, lines, trend and league of the scorecard page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.indicators.card import HOSPITAL, Card, Line
from core.indicators.define import indicators, objectives, perspectives
from core.indicators.score import light
from core.indicators.strategy import nodes
from core.xmr import xmr
from pages._ui import cards, charts, format, frame, tables, url
from pages._ui.charts.strategy import strategy_map
from pages._ui.frame import Page
from pages._ui.scorecard import figures, words
from pages._ui.text import label, lang, t

SPANS = ("month", "quarter", "half", "ytd", "year")
POINTS = format.number("", 1)
BEHIND, MONTHS = 12, 24


def segment(name: str, options: Sequence[str], words_of: str) -> str:
    """A choice that lives in the URL."""
    url.seed(name, options, options[0])
    st.segmented_control(
        t(f"scorecard.{name}"), options, key=name, format_func=lambda one: t(f"{words_of}{one}"),
        required=True, label_visibility="collapsed", persist_state="session", width="content",
    )  # fmt: skip
    url.publish(name, st.session_state[name], options[0])
    return str(st.session_state[name])


def spans(period: int) -> tuple[str, ...]:
    """The spans that end with this month."""
    month = period % 100
    ends = {"quarter": month % 3 == 0, "half": month % 6 == 0, "year": month == 12}
    return tuple(one for one in SPANS if ends.get(one, True))


def dept_of(page: Page) -> str:
    """The department of the page, '*' for the hospital, '*class' where only a class is chosen."""
    if page.dept:
        return page.dept
    return f"*{page.dept_class}" if page.dept_class else HOSPITAL


def message(page: Page, found: Card) -> None:
    """The sentence: total, light, coverage, the perspective that costs most."""
    if found.total is None:
        page.message(t("scorecard.message.none", month=format.period(page.period)))
        return
    who = page.board.hospital_name if found.dept_code == HOSPITAL else found.dept_name
    parts = [
        t(
            "scorecard.message.total",
            who=who,
            score=words.points(found.total),
            light=words.light(found.status),
        )
    ]
    held = [side for side in found.sides if side.score is not None]
    worst = min(held, key=lambda side: side.score or 0)
    parts.append(
        t(
            "scorecard.message.worst",
            side=label(perspectives()[worst.perspective].label),
            score=words.points(worst.score),
        )
    )
    red = [line for line in found.lines() if line.status == "red"]
    if red:
        named = t("state.and").join(label(line.definition.label) for line in red[:3])
        parts.append(t("scorecard.message.red", count=len(red), names=named))
    page.message(t("cockpit.message.join").join(parts) + t("cockpit.message.end"))
    relied_on(found)


def relied_on(found: Card) -> None:
    """How far the scores may be relied on: what has too few figures, what has no target, what cannot be scored."""
    join = t("state.and").join
    if found.thin:
        share = format.percent(0).text(found.coverage, unit=True)
        st.markdown(f":orange[:material/warning:] {t('scorecard.coverage_low', share=share)}")
    if thin := [side for side in found.sides if side.thin]:
        names = join(
            t(
                "scorecard.side_share",
                side=_side(side.perspective),
                share=words.coverage(side.coverage, False),
            )
            for side in thin
        )
        st.markdown(f":orange[:material/warning:] {t('scorecard.sides_low', names=names)}")
    if found.unaimed:
        st.caption(t("scorecard.sides_unaimed", names=join(_side(name) for name in found.unaimed)))
    if found.unscored:
        names = join(
            t("scorecard.not_scored_one", name=words.name(indicators()[one.indicator], one.caliber),
              why=t(f"scorecard.unscored_{one.unscored}"))
            for one in found.unscored
        )  # fmt: skip
        st.caption(t("scorecard.not_scored", count=len(found.unscored), names=names))


def _side(name: str) -> str:
    return label(perspectives()[name].label)


def cards_row(page: Page, found: Card) -> None:
    """Total and the four perspectives, each with its coverage and its months."""
    months = figures.trend(page, found.dept_code)
    upto = [one for period, one in months.items() if period <= page.period][-13:]
    made = [
        cards.Card(t("scorecard.total"), found.total, POINTS, "higher", [], [one.total for one in upto if one.total is not None],
                   help=t("scorecard.help_total"), reason=t("scorecard.no_score"))
    ]  # fmt: skip
    for side in found.sides:
        past = [one.side(side.perspective).score for one in upto]
        name = t(
            "scorecard.card_side", side=t(f"scorecard.side_{side.perspective}"), weight=f"{side.weight:f}"
        )
        made.append(
            cards.Card(
                t("scorecard.card_thin", name=name) if side.thin else name,
                side.score, POINTS, "higher", [], [one for one in past if one is not None],
                help=t("scorecard.help_side", share=format.percent(0).text(side.coverage, unit=True), count=len(side.lines)),
                reason=t("scorecard.no_score" if side.lines else "scorecard.no_aim"),
            )
        )  # fmt: skip
    cards.row(made, "cards")


def map_panel(page: Page, found: Card) -> None:
    """The strategy map; a click on an objective opens its leading indicator."""
    order = list(perspectives())
    held, past = nodes(found, figures.decided(page)[1]), figures.paths(page, found.dept_code)
    rows = [
        {"code": one.objective.name, "layer": order.index(one.objective.perspective), "name": label(one.objective.label),
         "light": f"{words.light(one.status)} {words.points(one.score)}", "tone": words.TONE[one.status],
         "text": t("scorecard.map_tip", count=len(one.lines)), "past": past[one.objective.name]}
        for one in held
    ]  # fmt: skip
    drawn = []
    for link in figures.links(page):
        names = {
            "cause": label(objectives()[link.cause].label),
            "effect": label(objectives()[link.effect].label),
        }
        text = words.correlation(link)
        drawn.append(
            {
                "cause": link.cause,
                "effect": link.effect,
                "title": t("scorecard.link_title", **names),
                "text": text,
            }
        )
    with frame.panel(t("scorecard.map"), t("scorecard.map_note"), key="map"):
        layers = [label(perspectives()[name].label) for name in order]
        picks = strategy_map(rows, drawn, layers, alt=t("scorecard.map"), key="map")
        with st.expander(t("scorecard.links")):
            st.caption(t("scorecard.links_warning"))
            tables.table(
                [{"title": one["title"], "text": one["text"]} for one in drawn],
                [tables.Col("title", t("scorecard.col_link"), width=260), tables.Col("text", t("scorecard.col_says"), width=420)],
                key="links", alt=t("scorecard.links"),
            )  # fmt: skip
        if picks and picks.fresh:
            open_indicator(objectives()[str(picks[0]["code"])].lead)


def open_indicator(code: str, caliber: str = "main") -> None:
    """Go to the page of an indicator."""
    st.session_state["indicator"], st.session_state["caliber"] = code, caliber
    st.switch_page("pages/board/indicator.py", query_params={"indicator": code, "caliber": caliber})


def open_card(dept: str) -> None:
    """Go to the card of a department."""
    st.session_state["dept"] = dept
    st.switch_page("pages/board/scorecard.py", query_params={"dept": dept})


def lines_panel(found: Card) -> None:
    """Every line of the card; the row menu opens the indicator."""
    with frame.panel(t("scorecard.lines"), t("scorecard.lines_note"), key="lines"):
        click = tables.table(
            [row(line) for line in found.lines()], columns(), key="lines", actions=("detail",),
            download=f"scorecard-{found.period}-{found.dept_code.strip('*') or 'hospital'}", alt=t("scorecard.lines"),
        )  # fmt: skip
        if click:
            open_indicator(str(click.row["code"]), str(click.row["caliber"]))


def row(line: Line) -> dict[str, Any]:
    """One line of the table."""
    return {
        "code": line.indicator,
        "caliber": line.caliber,
        "name": words.name(line.definition, line.caliber),
        "side": t(f"scorecard.side_{line.definition.perspective}"),
        "value": words.value(line),
        "baseline": words.unit_of(line.definition, line.definition.caliber(line.caliber)).text(
            line.baseline, unit=True
        ),
        "target": words.target(line),
        "score": line.score,
        "light": words.light(line.status),
        "why": words.why(line),
    }


def columns() -> list[tables.Col]:
    """Columns of the lines."""
    return [
        tables.Col("code", t("scorecard.col_code"), width=48),
        tables.Col("name", t("scorecard.col_name"), width=190),
        tables.Col("side", t("scorecard.col_side"), width=84),
        tables.Col("value", t("scorecard.col_value"), width=88),
        tables.Col("baseline", t("scorecard.col_baseline"), width=88),
        tables.Col("target", t("scorecard.col_target"), width=108),
        tables.Col("score", t("scorecard.col_score"), "bar", POINTS, width=96, most=120),
        tables.Col("light", t("scorecard.col_light"), width=70),
        tables.Col("why", t("scorecard.col_why"), width=104),
    ]


def trend_panel(page: Page, found: Card) -> None:
    """Is the total really moving? Monthly totals with XmR limits."""
    months = {
        period: one for period, one in figures.trend(page, found.dept_code).items() if period <= page.period
    }
    months = dict(list(months.items())[-MONTHS:])
    judged = xmr([one.total for one in months.values()])
    rows = [
        {"period": period, "value": point.value, "mean": point.mean, "low": point.low, "high": point.high, "rule": point.rule}
        for period, point in zip(months, judged, strict=True) if point.value is not None and point.mean is not None
    ]  # fmt: skip
    with frame.panel(t("scorecard.trend"), t("scorecard.trend_note"), key="trend"):
        if not rows:
            st.caption(t("scorecard.trend_few"))
            return
        charts.run_chart(rows, unit=POINTS, alt=t("scorecard.trend"), better="higher")


def behind_panel(found: Card) -> None:
    """How far from target: scores as bullets against 100, the furthest first; a click opens the indicator."""
    scored = sorted(
        (line for line in found.lines() if line.score is not None), key=lambda line: line.score or 0
    )[:BEHIND]
    with frame.panel(t("scorecard.behind"), t("scorecard.behind_note"), key="behind"):
        codes = {f"{line.indicator} {label(line.definition.label)}": line.indicator for line in scored}
        rows = [
            {"label": name, "actual": line.score, "target": 100}
            for name, line in zip(codes, scored, strict=True)
        ]
        picks = charts.bullet(rows, unit=POINTS, alt=t("scorecard.behind"), better="higher", key="behind")
        if picks and picks.fresh:
            open_indicator(codes[str(picks[0]["label"])])


def status_of(points: Any) -> str:
    """The words of a light for a score."""
    return words.light(light(points))


def names() -> dict[str, str]:
    """Indicator code -> code and name, for a choice."""
    return {code: f"{code} {one.label.of(lang())}" for code, one in indicators().items()}
