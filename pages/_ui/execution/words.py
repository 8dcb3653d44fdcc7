"""Names of items, classes and directions in the session's language."""

from __future__ import annotations

from core.catalog import catalog
from core.figures.common import Dept
from pages._ui.boards import words as boards
from pages._ui.text import lang, t


def item(name: str, direction: str) -> str:
    """A statutory item, or a charge class of income."""
    kind = "charge_classes" if direction == "income" else "cost_items"
    if name not in catalog().names(kind):
        return t("execution.item_all") if name == "all" else t("execution.item_other")
    return catalog().term(kind, name).label.of(lang())


def items(direction: str) -> tuple[str, ...]:
    """Items in their declared order."""
    return catalog().names("charge_classes" if direction == "income" else "cost_items")


def dept(one: Dept | None) -> str:
    """A department, or what met none."""
    return boards.dept(one) if one else t("cockpit.unmapped")


def dept_class(name: str) -> str:
    """Short name of a class."""
    return boards.dept_class(name)


def better(direction: str) -> str:
    """Which way is favourable."""
    return "higher" if direction == "income" else "lower"
