"""Figures of the execution page, computed once per snapshot and choice, shared by all sessions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.budget import execution as core_execution
from core.budget import history as core_history
from core.budget import review as core_review
from core.budget import versions as core_versions
from core.figures.common import cube
from core.journal import journal
from core.warehouse import Warehouse, open_warehouse
from pages._ui import board, cache, lacking
from pages._ui.boards import opened
from pages._ui.frame import Page


@dataclass(frozen=True, slots=True)
class Choice:
    """What the second row of the page says: cost or income, the basis of time, an item ('' for all)."""

    direction: str
    basis: str
    item: str = ""


waiting = opened.waiting


def _warehouse(snapshot: str) -> Warehouse:
    return open_warehouse(board.store(), board.store().snapshot(snapshot))


def warehouse(page: Page) -> Warehouse:
    """The open warehouse of the page's snapshot."""
    return _warehouse(page.snapshot)


@cache.resource(max_entries=128)
def _execution(
    snapshot: str,
    hospital: str,
    period: int,
    direction: str,
    basis: str,
    dept_class: str | None,
    dept: str | None,
    item: str | None,
    waiting: tuple[int, ...],
    decided: int,
) -> core_execution.Execution:
    return core_execution.execution(
        _warehouse(snapshot),
        hospital,
        period,
        direction,
        basis,
        dept_class,
        dept,
        item,
        journal(board.store()),
    )


def execution(page: Page, choice: Choice, waiting: tuple[int, ...] = ()) -> core_execution.Execution:
    """The figures of the page."""
    found: core_execution.Execution = _execution(
        page.snapshot, page.hospital, page.period, choice.direction, choice.basis, page.dept_class, page.dept,
        choice.item or None, waiting, journal(board.store()).version(),
    )  # fmt: skip
    return found


@cache.resource(max_entries=64)
def _history(
    snapshot: str,
    hospital: str,
    direction: str,
    codes: tuple[str, ...] | None,
    item: str | None,
    waiting: int,
) -> dict[int, Decimal]:
    box = _warehouse(snapshot)
    chosen = None if codes is None else frozenset(codes)
    return core_history.history(box, hospital, direction, chosen, item)


def history(page: Page, found: core_execution.Execution) -> dict[int, Decimal]:
    """Yuan by month of all years, for the page's departments."""
    box = warehouse(page)
    codes = cube(box, page.hospital, "medical").codes(page.dept_class, page.dept)
    listed = None if codes is None else tuple(sorted(codes))
    made: dict[int, Decimal] = _history(
        page.snapshot, page.hospital, found.direction, listed, found.item, len(box.missing(page.hospital))
    )
    return made


@cache.resource(max_entries=16)
def _review(snapshot: str, hospital: str, year: int) -> core_review.Review:
    return core_review.review(_warehouse(snapshot), hospital, year)


def review(page: Page) -> core_review.Review:
    """Contracts of the page's year."""
    found: core_review.Review = _review(page.snapshot, page.hospital, page.period // 100)
    return found


@cache.resource(max_entries=16)
def _versions(
    snapshot: str, hospital: str, year: int, direction: str
) -> tuple[tuple[core_versions.Version, ...], core_versions.Adjustments]:
    box = _warehouse(snapshot)
    return (
        core_versions.versions(box, hospital, year),
        core_versions.adjustments(box, hospital, year, direction),
    )


def versions(
    page: Page, direction: str
) -> tuple[tuple[core_versions.Version, ...], core_versions.Adjustments]:
    """Versions of the page's year, and what was adjusted."""
    found: tuple[tuple[core_versions.Version, ...], core_versions.Adjustments] = _versions(
        page.snapshot, page.hospital, page.period // 100, direction
    )
    return found


def needs() -> dict[str, Any]:
    """Words for the empty state: the tables this page draws on."""
    return lacking.needs(("dept", "ledger_cost", "income", "budget", "commit"), ("ledger_cost", "budget"))
