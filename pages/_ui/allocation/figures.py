"""Figures of the allocation page, cached by snapshot and scenario."""

from __future__ import annotations

from typing import Any

from core.catalog import catalog
from core.figures import allocation as core
from core.figures.compare import Compared
from core.figures.compare import compare as core_compare
from core.scenario import Scenario
from core.warehouse import Warehouse, open_warehouse
from pages._ui import board, cache
from pages._ui.frame import Page


def warehouse(page: Page, scenario: Scenario) -> Warehouse:
    """The open warehouse of the page's snapshot under a scenario, with the page's month in it."""
    found = open_warehouse(board.store(), board.store().snapshot(page.snapshot), scenario)
    found.ensure(page.hospital, page.period)
    return found


def layers(scope: str) -> tuple[str, ...]:
    """Fund layers of a scope."""
    return catalog().term("scopes", scope).layers


def steps_fit(scope: str) -> bool:
    """Whether balances step by step say something in this scope: it must take in every giving class."""
    return "admin" in catalog().term("scopes", scope).classes


@cache.data
def _results(
    _page: Page, snapshot: str, token: str, hospital: str, period: int, scope: str, dept_class: str | None
) -> core.AllocationFigures:
    return core.allocation(warehouse(_page, _scenario(token)), hospital, period, scope, dept_class)


@cache.data
def _flow(
    _page: Page, snapshot: str, token: str, hospital: str, period: int, scope: str
) -> tuple[core.Link, ...]:
    return core.flow(warehouse(_page, _scenario(token)), hospital, period, scope)


@cache.data
def _balances(
    _page: Page, snapshot: str, token: str, hospital: str, period: int, scope: str
) -> tuple[core.Balance, ...]:
    return core.balances(warehouse(_page, _scenario(token)), hospital, period, layers(scope))


@cache.data
def _compared(
    _page: Page, snapshot: str, token: str, hospital: str, period: int, scope: str
) -> tuple[Compared, ...]:
    store = board.store()
    return core_compare(store, store.snapshot(snapshot), hospital, period, scope, _scenario(token))


@cache.data
def _table(
    _page: Page, snapshot: str, token: str, hospital: str, period: int, scope: str, source: str
) -> list[dict[str, Any]]:
    return core.allocation_table(warehouse(_page, _scenario(token)), hospital, period, source, layers(scope))


def _scenario(token: str) -> Scenario:
    return Scenario.from_token(token) if token else Scenario()


def _key(page: Page, scenario: Scenario) -> tuple[Any, ...]:
    token = scenario.token() if scenario else ""
    return page, page.snapshot, token, page.hospital, page.period, page.scope


def results(page: Page, scenario: Scenario) -> core.AllocationFigures:
    """Who received what, what is unallocated, and the proof."""
    return _results(*_key(page, scenario), page.dept_class)


def flow(page: Page, scenario: Scenario) -> tuple[core.Link, ...]:
    """Streams of indirect cost."""
    return _flow(*_key(page, scenario))


def balances(page: Page, scenario: Scenario) -> tuple[core.Balance, ...]:
    """Holdings by class around each step."""
    return _balances(*_key(page, scenario))


def compared(page: Page, scenario: Scenario) -> tuple[Compared, ...]:
    """Every method side by side."""
    return _compared(*_key(page, scenario))


def table(page: Page, scenario: Scenario, source: str) -> list[dict[str, Any]]:
    """The published table of one giving department."""
    return _table(*_key(page, scenario), source)
