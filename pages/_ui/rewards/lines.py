"""The red-line matrix, the table of departments, and why one award is what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.export import Sheet, table_workbook
from core.parameters import parameters
from core.rewards.awards import CANCELLED, PENDING, Award, Outcome
from core.rewards.choice import Rates
from core.rewards.figures import Figures
from core.rewards.kernels import FAIL, MISSING, PASS
from core.rewards.rules import Rule, red_lines, rules, words_of
from pages._ui import explain, format, frame, tables
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.rewards import opened, words
from pages._ui.text import lang, t

MOST = 12


def matrix(made: Outcome, rule: Rule, rates: Rates) -> None:
    """Departments that lose or wait for money because of a line, dearest first; each cell is shape, word and figure."""
    with frame.panel(t("rewards.matrix"), t("rewards.matrix_note"), key="matrix"):
        _legend(made, rule, rates)
        held = sorted(
            (one for one in made.awards if one.state in (CANCELLED, PENDING)),
            key=lambda one: -(one.full or 0),
        )
        if not held:
            st.caption(t("rewards.all_passed"))
            return
        heads = [
            t("rewards.col_dept"),
            *(red_lines()[name].label.of(lang()) for name in rule.red_lines),
            t("rewards.col_full"),
        ]
        lines = [" | ".join(heads), " | ".join(["---"] * (len(heads) - 1) + ["---:"])]
        for one in held[:MOST]:
            cells = [
                words.coloured(one.lines.get(name, "not_asked"), words.line_cell(one, name))
                for name in rule.red_lines
            ]
            lines.append(" | ".join([_plain(one.name), *cells, format.money(one.full)]))
        st.markdown("\n".join(f"| {line} |" for line in lines))
        if len(held) > MOST:
            st.caption(t("rewards.matrix_more", count=len(held) - MOST))


def _plain(name: str) -> str:
    """A name in a Markdown table."""
    return "".join(f"\\{char}" if char in "\\|*_[]:$`" else char for char in name)


def _legend(made: Outcome, rule: Rule, rates: Rates) -> None:
    said = []
    for name in rule.red_lines:
        line = red_lines()[name]
        count = {
            state: sum(one.lines.get(name) == state for one in made.awards) for state in (PASS, FAIL, MISSING)
        }
        limit = rates(line.limit)
        unit = words.line_unit(name)
        side = "≤" if line.better == "lower" else "≥"
        counts = "  ".join(
            words.coloured(state, f"{words.SHAPES[state][0]} {t(f'rewards.line_{state}')} {count[state]}")
            for state in count
            if count[state]
        )
        shown = (
            words_of("formulas")["undecided"].of(lang())
            if limit is None
            else f"{side} {format.show(limit, unit)}"
        )
        said.append(f"**{line.label.of(lang())}** {shown}  {counts}")
    st.markdown("  \n".join(said))


def rows_of(found: Figures, made: Outcome) -> list[dict[str, Any]]:
    """The table's rows: figures, lines in words, state."""
    classes = catalog().terms["dept_classes"]
    names = {term.name: term.brief(lang()) for term in classes}
    rows = []
    for one in made.awards:
        spent = found.spent.get(one.object)
        rows.append(
            {
                "object": one.key,
                "dept": one.name,
                "class": names.get(found.dept(one.dept).dept_class, ""),
                "budget": spent.budget if spent else None,
                "actual": spent.actual if spent else None,
                "base": one.base,
                **{f"line_{name}": words.line_cell(one, name) for name in one.lines},
                "full": one.full,
                "amount": one.amount,
                "state": words.state(one.state),
                "why": words.why(one.why),
            }
        )
    return sorted(rows, key=lambda row: (-(row["full"] or 0), -(row["base"] or 0)))


def table(page: Page, found: Figures, made: Outcome, rule: Rule, rates: Rates, unit: Unit) -> None:
    """Every department of the rule, with the total and exports; a row explains itself."""
    rows = rows_of(found, made)
    cols = [
        tables.Col("dept", t("rewards.col_dept"), width=124),
        tables.Col("budget", t("rewards.col_budget"), "money", unit, width=92),
        tables.Col("actual", t("rewards.col_actual"), "money", unit, width=92),
        tables.Col("base", t("rewards.col_saved"), "money", unit, width=80),
        *(
            tables.Col(f"line_{name}", red_lines()[name].label.of(lang()), width=102)
            for name in rule.red_lines
        ),
        tables.Col("amount", t("rewards.col_amount"), "money", format.yuan(), width=104),
        tables.Col("state", t("rewards.col_state"), width=80),
    ]
    total = {
        "dept": t("table.total"),
        "budget": sum(row["budget"] or 0 for row in rows),
        "actual": sum(row["actual"] or 0 for row in rows),
        "base": sum(row["base"] or 0 for row in rows),
        "amount": sum(row["amount"] or 0 for row in rows),
    }
    with frame.panel(t("rewards.table"), t("rewards.table_note", count=len(rows)), key="reward_table"):
        click = tables.table(
            rows,
            cols,
            key="reward_lines",
            actions=("explain",),
            total=total,
            alt=t("rewards.table"),
            download=f"rewards-{rule.name}-{found.span.code}",
            workbook=lambda: _workbook(page, found, rule, rates, [*rows, total]),
        )
    if click:
        award = next(one for one in made.awards if one.key == click.row["object"])
        explain.show(lambda: why(page, found, award, rates))


def _workbook(
    page: Page, found: Figures, rule: Rule, rates: Rates, rows: Sequence[Mapping[str, Any]]
) -> bytes:
    lines = [f"line_{name}" for name in rule.red_lines]
    names = ["dept", "class", "budget", "actual", "base", *lines, "full", "amount", "state", "why"]
    heads = [
        t("rewards.col_dept"), t("rewards.col_class"), t("rewards.col_budget"), t("rewards.col_actual"), t("rewards.col_saved"),
        *(red_lines()[name].label.of(lang()) for name in rule.red_lines),
        t("rewards.col_full"), t("rewards.col_amount"), t("rewards.col_state"), t("rewards.col_why"),
    ]  # fmt: skip
    money = {"budget", "actual", "base", "full", "amount"}
    notes = [
        f"{rule.number} {rule.label.of(lang())}", page.board.hospital_name, words.span(found.span),
        rule.formula(lang(), opened.shown(rates)), t("meta.snapshot", id=page.snapshot),
    ]  # fmt: skip
    body = [
        [_yuan(row.get(name)) if name in money else row.get(name) or "" for name in names] for row in rows
    ]
    kinds = ["money" if name in money else "text" for name in names]
    bold = frozenset([len(body) - 1])
    return table_workbook([Sheet(t("rewards.table"), heads, body, kinds, notes, bold)])


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else format.yuan().exact(fen)


@dataclass(frozen=True)
class Why:
    """What the drawer shows of one award."""

    title: str
    formula: str
    figures: Sequence[tuple[str, Any, Unit | None]]
    note: str = ""
    crumbs: Sequence[str] = ()
    rows: Sequence[Mapping[str, Any]] = ()
    columns: Sequence[tables.Col] = ()
    rows_total: int = 0
    downloads: explain.Downloads = field(default=())


def why(page: Page, found: Figures, award: Award, rates: Rates) -> Why:
    """Formula with the values in force, the figures put in, and the sources of the red lines."""
    rule, yuan = rules()[award.rule], format.yuan()
    figures: list[tuple[str, Any, Unit | None]] = []
    spent = found.spent.get(award.object) if rule.base == "saving" else None
    if spent:
        figures += [
            (t("rewards.col_budget"), spent.budget, yuan),
            (t("rewards.col_actual"), spent.actual, yuan),
        ]
    if award.base is not None:
        figures.append((t("rewards.col_saved") if spent else t("rewards.col_base"), award.base, yuan))
    if award.rate is not None:
        figures.append((parameters()[rule.rate].label.of(lang()), words.ratio(award.rate), None))
    if award.full is not None:
        figures.append((t("rewards.col_full"), award.full, yuan))
    figures += [
        (red_lines()[name].label.of(lang()), words.line_cell(award, name), None) for name in award.lines
    ]
    amount = words.state(award.state) if award.amount is None else award.amount
    figures.append((t("rewards.col_amount"), amount, None if award.amount is None else yuan))
    rows, count = opened.sources(page, found.span, award)
    return Why(
        title=award.name,
        formula=rule.formula(lang(), opened.shown(rates)),
        figures=figures,
        note=words.why(award.why),
        rows=[{**row, "what": words.source(str(row["what"])), "detail": words.detail(row)} for row in rows],
        columns=[
            tables.Col("period", t("rewards.col_period"), width=76),
            tables.Col("what", t("rewards.col_what"), width=130),
            tables.Col("detail", t("rewards.col_detail"), width=110),
            tables.Col("amount", t("rewards.col_numerator"), "number", format.number("", 2), width=112),
            tables.Col("of", t("rewards.col_denominator"), "number", format.number("", 2), width=100),
        ],
        rows_total=count,
        crumbs=[page.board.hospital_name, words.span(found.span), f"{rule.number} {rule.label.of(lang())}"],
    )
