"""The page of improvements: sentence, cards, the picture of three dimensions, the table with its workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from core.benefit.book import WHOLE, examples, keep, named
from core.benefit.figures import Evaluated
from core.export import Sheet, table_workbook
from core.money import fen_to_yuan
from pages._ui import cards, format, frame, tables
from pages._ui.benefit import detail, figures, words
from pages._ui.charts import base
from pages._ui.charts.quadrants import quadrants
from pages._ui.frame import Page
from pages._ui.text import label, lang, t
from pages._ui.upload.people import actor, now

TONES = {"active": "good", "passive": "s4", "bought": "s3", "review": "bad"}
CORNERS = {"right top": "active", "right bottom": "passive", "left top": "bought", "left bottom": "review"}
MEASURED = "A"


def none_yet(page: Page) -> None:
    """Nothing written down yet: what the page is for, and the cases of the schemes to start from."""
    page.message(t("benefit.none"))
    st.caption(t("benefit.none_do"))
    if st.button(t("benefit.take_examples"), key="examples", icon=":material/library_add:"):
        for one in examples(lang(), page.period):
            keep(figures.book(), page.hospital, one, by=actor(), at=now())
        st.rerun()


def message(page: Page, found: Sequence[Evaluated]) -> None:
    """What all improvements bring in a year, how much of it is measured, and which quadrant they are in."""
    worth = sum(one.what.direct.worth for one in found)
    kinds = Counter(one.quadrant for one in found if one.quadrant)
    said = t("benefit.said", count=len(found), benefit=words.money(sum(one.what.direct.benefit for one in found)),
             cost=words.money(sum(one.what.direct.cost for one in found)), worth=words.money(worth))  # fmt: skip
    if kinds:
        parts = [
            t("benefit.said_kind", count=kinds[name], name=label(one))
            for name, one in named("quadrants").items()
            if kinds[name]
        ]
        said += t("benefit.said_kinds", kinds=t("state.and").join(parts))
    page.message(said + t("cockpit.message.end"))
    st.caption(t("benefit.stated"))
    if high := [one for one in found if one.price_high]:
        for one in high:
            st.markdown(f":orange[:material/warning:] {one.what.name}{t('benefit.colon')}{words.price(one)}")


def cards_row(found: Sequence[Evaluated]) -> None:
    """Benefit, cost and what is left of a year; the same of what was measured alone."""
    direct = [one.what.direct for one in found]
    measured = [one.what.direct.worth for one in found if one.what.grade == MEASURED]
    made = [
        (t("benefit.benefit"), sum(one.benefit for one in direct), t("benefit.benefit_help")),
        (t("benefit.cost"), sum(one.cost for one in direct), t("benefit.cost_help")),
        (t("benefit.worth"), sum(one.worth for one in direct), t("benefit.worth_help")),
        (t("benefit.measured"), sum(measured) if measured else None, t("benefit.measured_help")),
    ]
    cards.row(
        [
            cards.Card(
                name,
                None if fen is None else fen_to_yuan(fen),
                format.yuan(),
                help=said,
                reason=t("benefit.measured_none"),
            )
            for name, fen, said in made
        ],
        "benefit",
    )


def picture(page: Page, found: Sequence[Evaluated]) -> None:
    """Net benefit across, satisfaction upwards, cost of a year as the size; a click opens an improvement."""
    shown = [one for one in found if one.quadrant]
    with frame.panel(t("benefit.picture"), t("benefit.picture_note"), key="picture"):
        unit = format.money_unit([fen_to_yuan(one.what.direct.worth) for one in found])
        rows = [
            {"label": one.what.name, "x": fen_to_yuan(one.what.direct.worth), "y": one.satisfaction.change,
             "size": fen_to_yuan(one.what.direct.cost), "tone": TONES[one.quadrant], "text": _tip(one)}
            for one in shown if one.satisfaction is not None
        ]  # fmt: skip
        corners = {
            place: f"{words.term('quadrants', name)}\n{base.wrap(words.meaning('quadrants', name), 26)}"
            for place, name in CORNERS.items()
        }
        picks = quadrants(rows, corners=corners, x_unit=unit, x_title=t("benefit.across", unit=unit.label),
                          y_title=t("benefit.upwards"), alt=t("benefit.picture"), key="quadrants")  # fmt: skip
        shared = [one for one in shown if one.what.dept == WHOLE]
        if len(shared) > 1:
            st.caption(t("benefit.shared", count=len(shared)))
        if lost := [one.what.name for one in found if not one.quadrant]:
            st.caption(t("benefit.not_drawn", names=t("state.and").join(lost)))
        if picks and picks.fresh:
            detail.show(page, next(one for one in shown if one.what.name == picks[0]["label"]))


def _tip(one: Evaluated) -> str:
    asked = t("benefit.patients" if one.satisfaction is one.patients else "benefit.staff")
    return t("benefit.tip", worth=words.money(one.what.direct.worth), cost=words.money(one.what.direct.cost), asked=asked,
             change=words.change(one.satisfaction), name=words.term("quadrants", one.quadrant))  # fmt: skip


def table(page: Page, found: Sequence[Evaluated]) -> None:
    """Every improvement; the row menu opens it."""
    money = format.money_unit([fen_to_yuan(one.what.direct.benefit) for one in found])
    rows = [{**_row(page, one), "number": one.kept.number} for one in found]
    cols = [
        tables.Col("name", t("benefit.col_name"), width=152),
        tables.Col("grade", t("benefit.col_grade"), width=76),
        tables.Col("benefit", t("benefit.benefit"), "money", money, width=76, bare=True),
        tables.Col("cost", t("benefit.cost"), "money", money, width=76, bare=True),
        tables.Col("worth", t("benefit.worth"), "money", money, width=76, bare=True),
        tables.Col("payback", t("benefit.payback"), width=78),
        tables.Col("soft", t("benefit.soft"), width=138),
        tables.Col("patients", t("benefit.col_patients"), width=72),
        tables.Col("staff", t("benefit.col_staff"), width=72),
        tables.Col("quadrant", t("benefit.quadrant"), width=84),
    ]
    total = {
        "name": t("benefit.total"),
        **{name: sum(row[name] for row in rows) for name in ("benefit", "cost", "worth")},
    }
    with frame.panel(t("benefit.table"), t("benefit.table_note", unit=money.label), key="table"):
        click = tables.table(rows, cols, key="improvements", actions=("detail",), total=total, alt=t("benefit.table"),
                             download=f"improvements-{page.period}", workbook=lambda: workbook(page, found))  # fmt: skip
        if click:
            detail.show(page, next(one for one in found if one.kept.number == click.row["number"]))


def _row(page: Page, one: Evaluated) -> dict[str, Any]:
    direct = one.what.direct
    return {
        "name": t("benefit.example_name", name=one.what.name) if one.what.example else one.what.name,
        "kind": words.term("kinds", one.what.kind), "whose": words.whose(page, one.what),
        "grade": words.term("grades", one.what.grade), "benefit": fen_to_yuan(direct.benefit),
        "cost": fen_to_yuan(direct.cost), "worth": fen_to_yuan(direct.worth), "payback": words.payback(direct),
        "soft": words.soft(one.soft), "patients": words.change(one.patients), "staff": words.change(one.staff),
        "quadrant": words.term("quadrants", one.quadrant) if one.quadrant else "",
    }  # fmt: skip


def workbook(page: Page, found: Sequence[Evaluated]) -> bytes:
    """Improvements with every input, what follows from it, experts and indicators."""
    text = ("name", "kind", "whose", "grade")
    inputs = ("hour", "saved", "avoided", "income", "once", "yearly")
    sums = ("benefit", "cost", "worth")
    heads = [
        *(t(f"benefit.col_{name}") for name in text), t("benefit.since"), t("benefit.volume"), t("benefit.minutes"),
        *(t(f"benefit.{name}") for name in inputs), t("benefit.life"), t("benefit.hours"), t("benefit.labour"),
        *(t(f"benefit.{name}") for name in sums), t("benefit.payback_years"), t("benefit.soft"), t("benefit.soft_spread"),
        t("benefit.patients"), t("benefit.staff"), t("benefit.quadrant"), t("benefit.note"),
    ]  # fmt: skip
    kinds = [*["text"] * 5, "quantity", "quantity", *["money"] * 6, "count", "quantity", *["money"] * 4,
             *["quantity"] * 5, "text", "text"]  # fmt: skip
    body = []
    for one in found:
        row, direct = _row(page, one), one.what.direct
        body.append([
            *(row[name] for name in text), format.period(one.what.since), direct.volume, direct.minutes,
            *(fen_to_yuan(getattr(direct, name)) for name in inputs), direct.life, direct.hours, fen_to_yuan(direct.labour),
            *(row[name] for name in sums), direct.payback, *(_rounded(part) for part in (
                one.soft.score if one.soft else None, one.soft.spread if one.soft else None, one.patients.change, one.staff.change)),
            row["quadrant"], one.what.note,
        ])  # fmt: skip
    cases = [
        [one.what.name, move.indicator, label(move.definition.label), format.period(one.what.before), move.before,
         format.period(one.what.after), move.after, move.change]
        for one in found for move in (one.patients, one.staff, *one.cases)
    ]  # fmt: skip
    case_heads = [t("benefit.col_name"), t("scorecard.col_code"), t("scorecard.col_name"), t("benefit.before"), t("benefit.figure"),
                  t("benefit.after"), t("benefit.figure"), t("benefit.change")]  # fmt: skip
    about = [t("benefit.title"), t("benefit.stated")]
    return table_workbook([
        Sheet(t("nav.benefit"), heads, body, kinds, about),
        Sheet(t("benefit.cases"), case_heads, cases,
              ["text", "text", "text", "text", "quantity", "text", "quantity", "quantity"], [t("benefit.cases_note")]),
    ])  # fmt: skip


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 2)
