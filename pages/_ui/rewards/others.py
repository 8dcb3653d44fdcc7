"""Every rule with its totals, and the lines of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.parameters import parameter
from core.rewards.awards import Award, Outcome
from core.rewards.choice import Rates
from core.rewards.figures import Figures
from core.rewards.rules import Rule, rules, words_of
from pages._ui import explain, format, frame, tables, url
from pages._ui.frame import Page
from pages._ui.rewards import lines, opened, words
from pages._ui.text import lang, t


def overview(found: Figures, outcomes: Mapping[str, Outcome]) -> None:
    """W1 to W12 in one table: what each yields in the span."""
    rows = [_row(rule, outcomes[name]) for name, rule in rules().items()]
    yuan = format.yuan(0)
    cols = [
        tables.Col("number", t("rewards.col_number"), width=52),
        tables.Col("rule", t("rewards.col_rule"), width=200),
        tables.Col("rate", t("rewards.col_rate"), width=66),
        tables.Col("payable", t("rewards.card_payable"), "money", yuan, width=108),
        tables.Col("pending", t("rewards.card_pending"), "money", yuan, width=104),
        tables.Col("cancelled", t("rewards.cancelled"), "money", yuan, width=104),
        tables.Col("charged", t("rewards.charged"), "money", yuan, width=92),
        tables.Col("lines", t("rewards.col_lines"), "number", format.count(), width=54),
        tables.Col("note", t("rewards.col_note"), width=196),
    ]
    with frame.panel(t("rewards.rules"), words.span(found.span), key="rules"):
        tables.table(rows, cols, key="rule_rows", alt=t("rewards.rules"), download=f"rules-{found.span.code}")


def _row(rule: Rule, made: Outcome) -> dict[str, Any]:
    note = ""
    if made.undecided:
        labels = [parameter(name).label.of(lang()) for name in made.undecided]
        note = t("rewards.undecided", names=t("rewards.join").join(labels))
    elif not made.awards:
        note = (
            t("rewards.by_hand")
            if rule.kind == "record"
            else t("rewards.nobody" if rule.kind == "flag" else "rewards.no_figure")
        )
    elif made.count("flag"):
        note = t("rewards.flagged", count=made.count("flag"))
    money = rule.kind not in ("flag", "record") and bool(made.awards)
    return {
        "number": rule.number,
        "rule": rule.label.of(lang()),
        "rate": _rate(rule, made),
        "payable": made.payable if money else None,
        "pending": made.pending if money else None,
        "cancelled": made.cancelled if rule.red_lines and money else None,
        "charged": made.charged if rule.kind in ("lump", "split") and money else None,
        "lines": len(made.awards),
        "note": note,
    }


def _rate(rule: Rule, made: Outcome) -> str:
    rates = {one.rate for one in made.awards if one.rate is not None and not one.bears}
    return words.ratio(rates.pop()) if len(rates) == 1 and rule.kind in ("share", "insurer") else ""


def one(page: Page, found: Figures, outcomes: Mapping[str, Outcome], rates: Rates) -> None:
    """The formula of the chosen rule with the values in force, and its lines."""
    names = list(rules())
    url.seed("rule", names, names[1])
    st.selectbox(
        t("rewards.choose_rule"), names, key="rule", persist_state="session", width=420,
        format_func=words.spoken(names, lambda name: f"{rules()[name].number}  {rules()[name].label.of(lang())}"),
    )  # fmt: skip
    url.publish("rule", st.session_state["rule"], names[1])
    rule = rules()[st.session_state["rule"]]
    made = outcomes[rule.name]
    with frame.panel(f"{rule.number} {rule.label.of(lang())}", rule.about.of(lang()), key="one_rule"):
        with st.container(border=True):
            st.markdown(rule.formula(lang(), opened.shown(rates)))
        if made.undecided:
            st.markdown(f":orange[○ {_row(rule, made)['note']}]")
        _facts(made)
        if rule.kind == "record":
            _sanctions(page, found)
            return
        if not made.awards:
            st.caption(_row(rule, made)["note"] or t("rewards.no_figure"))
            return
        _awards(page, found, rule, made, rates)


def _sanctions(page: Page, found: Figures) -> None:
    """What was decided against persons in the span, as the tracings hold it."""
    rows = [
        {
            "key": one.key, "title": one.title, "dept": one.dept_name, "person": sanction["person"],
            "kind": words_of("sanctions")[sanction["kind"]].of(lang()), "amount": sanction["amount"],
        }
        for one in opened.matters(page)
        if one.period in found.span.months
        for sanction in one.sanctions
    ]  # fmt: skip
    if not rows:
        st.caption(t("rewards.no_sanctions"))
        return
    cols = [
        tables.Col("key", t("rewards.col_seq"), width=96),
        tables.Col("title", t("responsibility.col_title"), width=260),
        tables.Col("dept", t("rewards.col_dept"), width=130),
        tables.Col("person", t("responsibility.col_person"), width=120),
        tables.Col("kind", t("responsibility.sanction"), width=120),
        tables.Col("amount", t("rewards.col_amount"), "money", format.yuan(), width=120),
    ]
    tables.table(
        rows, cols, key="sanctions", alt=t("responsibility.sanction"), download=f"sanctions-{found.span.code}"
    )


def _facts(made: Outcome) -> None:
    facts = {name: value for name, value in made.facts.items() if value is not None}
    if not facts:
        return
    said = []
    for name, value in facts.items():
        figure = (
            format.show(Decimal(value), format.percent(2)) if name == "growth" else format.money(int(value))
        )
        said.append(f"{t(f'rewards.fact_{name}')} **{figure}**")
    st.markdown("  ·  ".join(said))


def _awards(page: Page, found: Figures, rule: Rule, made: Outcome, rates: Rates) -> None:
    kinds = catalog().labels("dept_classes", lang())
    yuan = format.yuan()
    ordered = sorted(made.awards, key=lambda one: (-abs(one.full or one.amount or 0), one.object))
    rows = [
        {
            "object": award.key,
            "name": _name(page, rule, award),
            "class": kinds.get(found.dept(award.dept).dept_class, "") if award.dept else "",
            "base": award.base,
            "rate": words.ratio(award.rate) if award.rate is not None else "",
            "measured": _measured(award),
            "amount": award.amount,
            "state": words.state(award.state),
            "why": words.why(award.why),
        }
        for award in ordered
    ]
    cols = [
        tables.Col("name", t(f"rewards.object_{rule.object}"), width=220),
        tables.Col("base", t("rewards.col_base"), "money", yuan, width=130),
        tables.Col("rate", t("rewards.col_rate"), width=84),
        *(
            [tables.Col("measured", t("rewards.col_measured"), width=90)]
            if any(row["measured"] for row in rows)
            else []
        ),
        tables.Col("amount", t("rewards.col_amount"), "money", yuan, width=130),
        tables.Col("state", t("rewards.col_state"), width=96),
        tables.Col("why", t("rewards.col_why"), width=180),
    ]
    click = tables.table(
        rows, cols, key=f"awards_{rule.name}", actions=("explain",), alt=rule.label.of(lang()),
        download=f"rewards-{rule.name}-{found.span.code}",
    )  # fmt: skip
    if click:
        award = next(one for one in made.awards if one.key == click.row["object"])
        explain.show(lambda: lines.why(page, found, award, rates))


def _name(page: Page, rule: Rule, award: Award) -> str:
    if rule.object == "hospital":
        return page.board.hospital_name
    return (
        f"{award.name} ({t(f'rewards.bears_{award.bears}')})" if award.bears else award.name or award.object
    )


def _measured(award: Award) -> str:
    if "points" in award.measured:
        return f"{award.measured['points']}"
    over = award.measured.get("over")
    if over is None:
        return ""
    return f"{over}" if award.rule == "w9" else format.show(over, format.percent())
