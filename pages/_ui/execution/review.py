"""Three-way review: budget, contract, payment; each breach with its documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.budget.review import Breach, Contract, Document, Review
from core.catalog import catalog
from pages._ui import explain, format, frame, states, tables
from pages._ui.boards import words as boards
from pages._ui.boards.why import Why
from pages._ui.execution import figures, words
from pages._ui.frame import Page
from pages._ui.text import lang, t


def draw(page: Page) -> None:
    """Breaches first, then the register against its budgets."""
    found = figures.review(page)
    with frame.panel(t("execution.review"), t("execution.review_note"), key="review"):
        if not found.contracts:
            states.empty(needs=[catalog().extracts["commit"].label.of(lang())])
            return
        st.markdown(
            t(
                "execution.review_said",
                year=page.period // 100,
                count=len(found.contracts),
                committed=format.money(found.committed),
                paid=format.money(found.paid),
                breaches=len(found.breaches),
                keeping=found.keeping,
            )
        )
        _breaches(page, found)
        st.markdown(f"**{t('execution.register')}**")
        _register(page, found)


def _breaches(page: Page, found: Review) -> None:
    if not found.breaches:
        st.caption(t("execution.no_breach"))
        return
    unit = boards.brief(format.money_unit([breach.amount for _, breach in found.breaches]))
    rows = [
        {
            "kind": t(f"execution.breach_{breach.kind}"), "number": one.number, "project": one.project,
            "dept": one.dept_name or t("filter.all_depts"), "amount": one.amount, "paid": one.paid,
            "available": one.available, "over": breach.amount, "vendor": one.vendor,
            "place": _place(breach.documents), "at": (one, breach),
        }
        for one, breach in found.breaches
    ]  # fmt: skip
    click = tables.table(
        rows,
        [
            tables.Col("kind", t("execution.col_breach"), "status", width=168),
            tables.Col("number", t("execution.col_contract"), width=132),
            tables.Col("project", t("execution.col_project"), width=150),
            tables.Col("dept", t("execution.col_dept"), width=96),
            tables.Col("available", t("execution.col_available"), "money", unit, width=100),
            tables.Col("amount", t("execution.col_contract_amount"), "money", unit, width=100),
            tables.Col("paid", t("execution.col_paid"), "money", unit, width=96),
            tables.Col("over", t("execution.col_over"), "money", unit, width=96),
            tables.Col("place", t("explain.row"), width=120),
        ],
        key="breaches",
        alt=t("execution.review"),
        actions=("detail",),
        download=f"three-way-review-{page.period // 100}",
    )
    if click:
        one, breach = click.row["at"]
        explain.show(drawer(page, one, breach))


def _register(page: Page, found: Review) -> None:
    unit = boards.brief(format.money_unit([one.amount for one in found.contracts]))
    rows = [
        {
            "number": one.number, "project": one.project, "vendor": one.vendor,
            "dept": one.dept_name or t("filter.all_depts"),
            "item": words.item(one.item, "cost") if one.item else "",
            "signed": one.signed and format.day(one.signed), "available": one.available, "amount": one.amount,
            "paid": one.paid, "open": one.open,
            "state": t("execution.breach_some") if one.breaches else t("execution.kept"), "at": one,
        }
        for one in found.contracts
    ]  # fmt: skip
    click = tables.table(
        rows,
        [
            tables.Col("number", t("execution.col_contract"), width=132),
            tables.Col("project", t("execution.col_project"), width=140),
            tables.Col("vendor", t("execution.col_vendor"), width=140),
            tables.Col("dept", t("execution.col_dept"), width=92),
            tables.Col("item", t("execution.col_item"), width=104),
            tables.Col("signed", t("execution.col_signed"), width=92),
            tables.Col("available", t("execution.col_available"), "money", unit, width=100),
            tables.Col("amount", t("execution.col_contract_amount"), "money", unit, width=100),
            tables.Col("paid", t("execution.col_paid"), "money", unit, width=96),
            tables.Col("state", t("execution.col_state"), "status", width=84),
        ],
        key="register",
        alt=t("execution.register"),
        actions=("detail",),
        height=360,
        download=f"contracts-{page.period // 100}",
    )
    if click:
        explain.show(drawer(page, click.row["at"], None))


def _place(documents: Sequence[Document]) -> str:
    return f"{documents[0].sheet} {', '.join(str(one.row) for one in documents)}" if documents else ""


def drawer(page: Page, one: Contract, breach: Breach | None) -> Callable[[], Why]:
    """The rule, the figures put in, and the lines of the register."""

    def make() -> Why:
        money = format.yuan()
        figures_in: list[tuple[str, Any, Any]] = [
            (t("execution.review_budget"), one.budget, money),
            (t("execution.review_adjustment"), one.adjustment, money),
            (t("execution.review_taken"), one.taken, money),
            (t("execution.col_available"), one.available, money),
            (t("execution.col_contract_amount"), one.amount, money),
            (t("execution.col_paid"), one.paid, money),
        ]
        if breach is not None and breach.amount is not None:
            figures_in.append((t(f"execution.breach_{breach.kind}"), breach.amount, money))
        documents = breach.documents if breach is not None else one.documents
        notes = [t(f"execution.breach_note_{breach.kind}")] if breach is not None else []
        if one.of_hospital:
            notes.append(t("execution.review_of_hospital"))
        return Why(
            f"{one.number} · {one.project}",
            [page.board.hospital_name, one.dept_name or t("filter.all_depts"), one.vendor],
            t("execution.formula.review"),
            figures_in,
            [_document(document) for document in documents],
            [
                tables.Col("signed", t("execution.col_signed"), width=96),
                tables.Col(
                    "amount", t("execution.col_contract_amount"), "number", format.number("", 2), width=110
                ),
                tables.Col("paid_on", t("execution.col_paid_on"), width=96),
                tables.Col("paid", t("execution.col_paid"), "number", format.number("", 2), width=110),
                tables.Col("voucher", t("execution.col_voucher"), width=96),
            ],
            len(documents),
            " ".join(notes),
        )

    return make


def _document(one: Document) -> dict[str, Any]:
    return {
        "signed": one.signed and format.day(one.signed), "amount": one.amount,
        "paid_on": one.paid_on and format.day(one.paid_on), "paid": one.paid, "voucher": one.voucher,
        "file": one.file, "sheet": one.sheet, "row": one.row,
    }  # fmt: skip
