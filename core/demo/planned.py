"""Rows of the budget workbooks and the contract register, in the order of their columns in core/demo/truth.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.demo.books import file_of
from core.demo.budget import budget_lines, income_budget
from core.demo.contracts import contract_lines
from core.demo.words import book_words, item_names, spec

Named = Callable[[str], str]


def budget_rows(name_of: Named) -> list[tuple[Any, ...]]:
    """Cost budgets in their versions, then the income budget (`item_class` is the charge class there)."""
    labels, versions = spec()["class_names"], spec()["budget"]["versions"]
    charged = book_words()["values"]["charge_class"]
    cost = [
        (
            line.period,
            line.dept,
            name_of(line.dept),
            line.item_class,
            labels[line.item_class],
            "cost",
            versions[line.version],
            line.fen,
            file_of(f"budget_{line.version}", line.period),
        )
        for line in budget_lines()
    ]
    income = [
        (
            line.period,
            line.dept,
            name_of(line.dept),
            line.item_class,
            charged[line.item_class],
            "income",
            versions["original"],
            line.fen,
            file_of("budget_income", line.period),
        )
        for line in income_budget()
    ]
    return [*cost, *income]


def commit_rows(name_of: Named) -> list[tuple[Any, ...]]:
    """Contracts and payments; a contract of the whole hospital names no department."""
    return [
        (
            line.contract,
            line.vendor,
            line.project,
            line.dept or None,
            name_of(line.dept) if line.dept else None,
            line.item,
            item_names()[line.item],
            line.year,
            line.fen,
            line.signed,
            line.paid_on,
            line.paid,
            line.voucher or None,
            file_of("commit", 0),
        )
        for line in contract_lines()
    ]
