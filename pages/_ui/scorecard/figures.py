"""Figures of the scorecard pages, computed once per snapshot and choice, shared by all sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.catalog import catalog
from core.indicators import card as core_card
from core.indicators import line as core_line
from core.indicators import own, strategy
from core.indicators import series as core_series
from core.indicators.define import indicators
from core.indicators.rollout import Rollout, rollout
from core.indicators.rows import Put, months_of
from core.indicators.rows import puts as puts_of
from core.indicators.targets import Target, targets
from core.indicators.weights import Weights, weights
from core.journal import journal
from core.settings import Settings, get_settings
from core.warehouse import Warehouse, open_warehouse
from pages._ui import board, cache
from pages._ui.boards import opened
from pages._ui.frame import Page
from pages._ui.text import lang

waiting = opened.waiting


def warehouse(snapshot: str) -> Warehouse:
    """The open warehouse of a snapshot."""
    return open_warehouse(board.store(), board.store().snapshot(snapshot))


def settings_of(snapshot: str, hospital: str) -> Settings:
    """What a hospital decided, as of a snapshot."""
    return get_settings(board.store(), board.store().snapshot(snapshot), hospital)


def settings(page: Page) -> Settings:
    """What the hospital decided, as of the page's snapshot."""
    return settings_of(page.snapshot, page.hospital)


@cache.resource(max_entries=16)
def _decided(snapshot: str, hospital: str) -> tuple[tuple[Target, ...], Weights, Rollout, Settings]:
    held = get_settings(board.store(), board.store().snapshot(snapshot), hospital)
    return targets(held), weights(held), rollout(held), held


def decided(page: Page) -> tuple[tuple[Target, ...], Weights, Rollout, Settings]:
    """Targets, weights, roll-out and all settings."""
    found: tuple[tuple[Target, ...], Weights, Rollout, Settings] = _decided(page.snapshot, page.hospital)
    return found


@cache.resource(max_entries=64)
def _card(snapshot: str, hospital: str, period: int, span: str, dept: str, months: int) -> core_card.Card:
    return core_card.card(warehouse(snapshot), _decided(snapshot, hospital)[3], hospital, period, span, dept)


def card(page: Page, span: str, dept: str) -> core_card.Card:
    """The card of the page's hospital or department."""
    found: core_card.Card = _card(page.snapshot, page.hospital, page.period, span, dept, left(page))
    return found


@cache.resource(max_entries=32)
def _everyone(
    snapshot: str, hospital: str, period: int, span: str, months: int
) -> tuple[core_card.Card, ...]:
    return core_card.everyone(warehouse(snapshot), _decided(snapshot, hospital)[3], hospital, period, span)


def everyone(page: Page, span: str) -> tuple[core_card.Card, ...]:
    """Departments that take part and have targets, best first, without a score last."""
    found: tuple[core_card.Card, ...] = _everyone(page.snapshot, page.hospital, page.period, span, left(page))
    return found


def league(page: Page, span: str) -> tuple[core_card.Card, ...]:
    """Those of them that have a score."""
    return tuple(one for one in everyone(page, span) if one.total is not None)


@cache.resource(max_entries=32)
def _basis(snapshot: str, hospital: str, period: int, span: str, dept: str, months: int) -> core_line.Basis:
    held = _decided(snapshot, hospital)[3]
    return core_card.basis(warehouse(snapshot), held, hospital, period, span, dept)


def basis(page: Page, span: str, dept: str) -> core_line.Basis:
    """What the card of a hospital, class or department is made of, to try a change on."""
    found: core_line.Basis = _basis(page.snapshot, page.hospital, page.period, span, dept, left(page))
    return found


@cache.resource(max_entries=32)
def _trend(snapshot: str, hospital: str, dept: str, months: int) -> Mapping[int, core_card.Card]:
    return core_card.trend(warehouse(snapshot), _decided(snapshot, hospital)[3], hospital, dept, "month")


def trend(page: Page, dept: str) -> Mapping[int, core_card.Card]:
    """The monthly card of every month."""
    found: Mapping[int, core_card.Card] = _trend(page.snapshot, page.hospital, dept, left(page))
    return found


@cache.resource(max_entries=32)
def _paths(
    snapshot: str, hospital: str, dept: str, months: int, period: int
) -> Mapping[str, tuple[Decimal | None, ...]]:
    return strategy.paths(_trend(snapshot, hospital, dept, months), _decided(snapshot, hospital)[1], period)


def paths(page: Page, dept: str) -> Mapping[str, tuple[Decimal | None, ...]]:
    """Scores of every objective over the months up to the page's."""
    found: Mapping[str, tuple[Decimal | None, ...]] = _paths(
        page.snapshot, page.hospital, dept, left(page), page.period
    )
    return found


@cache.resource(max_entries=32)
def _links(snapshot: str, hospital: str, period: int, months: int) -> tuple[strategy.Link, ...]:
    return strategy.links(warehouse(snapshot), hospital, period)


def links(page: Page) -> tuple[strategy.Link, ...]:
    """What the months say about each arrow."""
    found: tuple[strategy.Link, ...] = _links(page.snapshot, page.hospital, page.period, left(page))
    return found


@cache.resource(max_entries=64)
def _series(
    snapshot: str, hospital: str, code: str, caliber: str, dept: str, months: int
) -> tuple[core_series.Point, ...]:
    return core_series.series(warehouse(snapshot), hospital, code, caliber, dept)


def series(page: Page, code: str, caliber: str, dept: str) -> tuple[core_series.Point, ...]:
    """One indicator over the months."""
    found: tuple[core_series.Point, ...] = _series(
        page.snapshot, page.hospital, code, caliber, dept, left(page)
    )
    return found


@cache.resource(max_entries=64)
def _lines(
    snapshot: str, hospital: str, period: int, span: str, code: str, caliber: str, months: int
) -> tuple[core_line.Line, ...]:
    where = "hospital = ? and period = ? and span = ? and indicator = ? and caliber = ?"
    return core_line.lines(warehouse(snapshot), where, (hospital, period, span, code, caliber))


def lines(page: Page, span: str, code: str, caliber: str) -> tuple[core_line.Line, ...]:
    """The indicator of the hospital, its classes and its departments."""
    found: tuple[core_line.Line, ...] = _lines(
        page.snapshot, page.hospital, page.period, span, code, caliber, left(page)
    )
    return found


@cache.resource(max_entries=64)
def _puts(
    snapshot: str, hospital: str, code: str, caliber: str, dept: str, span: str, period: int, months: int
) -> tuple[Put, ...]:
    return puts_of(warehouse(snapshot), hospital, indicators()[code].caliber(caliber), dept, span, period)


def puts(page: Page, line: core_line.Line, span: str) -> tuple[Put, ...]:
    """The facts put into a line's formula."""
    found: tuple[Put, ...] = _puts(
        page.snapshot,
        page.hospital,
        line.indicator,
        line.caliber,
        line.dept_code,
        span,
        line.as_of or page.period,
        left(page),
    )
    return found


@cache.resource(max_entries=16)
def _behind(snapshot: str, hospital: str, version: int, months: int) -> Mapping[str, int]:
    box = warehouse(snapshot)
    held, now = set(own.stored_lines(box, hospital)), own.own_lines(box, hospital)
    return Counter(line.metric for line in now if line not in held)


def behind(page: Page) -> Mapping[str, int]:
    """Records of the program's own that the figures do not hold yet, by metric."""
    version = journal(board.store()).version()
    found: Mapping[str, int] = _behind(page.snapshot, page.hospital, version, left(page))
    return found


def shipped() -> Weights:
    """The weights before the hospital set any."""
    return weights(Settings(""))


def uncomputed(page: Page, span: str) -> tuple[int, ...]:
    """Months of a span that are still to be computed: nothing is signed off before they are."""
    missing = set(warehouse(page.snapshot).missing(page.hospital))
    return tuple(month for month in months_of(span, page.period) if month in missing)


def left(page: Page) -> int:
    """Months still to be computed: part of every key, so that figures follow a computation."""
    return len(warehouse(page.snapshot).missing(page.hospital))


def needs() -> dict[str, Any]:
    """Words for the empty state: the tables this page draws on."""
    wanted = ("dept", "ledger_cost", "income", "workload_op", "workload_ip", "operation_value")
    return {"needs": [catalog().extracts[name].label.of(lang()) for name in wanted]}
