"""Figures of the rewards page, read once per snapshot, span and state of the journal; shared by all sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from core.catalog import Label
from core.journal import journal
from core.parameters import parameters, value
from core.responsibility.tracing import Trace, traces, violations
from core.rewards.awards import Award
from core.rewards.choice import Choice, Rates
from core.rewards.evaluate import metrics
from core.rewards.figures import Figures, Span, figures
from core.rewards.records import Recorded, records
from core.rewards.sources import sources as core_sources
from core.settings import get_settings
from core.warehouse import open_warehouse
from pages._ui import board, cache, lacking
from pages._ui.frame import Page


@cache.resource(max_entries=64)
def _figures(
    snapshot: str, hospital: str, kind: str, period: int, items: tuple[str, ...], waiting: int, version: int
) -> Figures:
    store = board.store()
    warehouse = open_warehouse(store, store.snapshot(snapshot))
    span = Span(kind, period)
    counted = violations(traces(store, hospital), span.months)
    return figures(warehouse, hospital, span, metrics(), items, counted)


def found(page: Page, choice: Choice) -> Figures:
    """What the rules are computed from."""
    store = board.store()
    waiting = len(open_warehouse(store, store.snapshot(page.snapshot)).missing(page.hospital))
    made: Figures = _figures(
        page.snapshot,
        page.hospital,
        choice.span,
        page.period,
        choice.items,
        waiting,
        journal(store).version(),
    )
    return made


def sources(page: Page, span: Span, award: Award) -> tuple[Sequence[Mapping[str, Any]], int]:
    """The rows an award comes from, read when somebody asks."""
    store = board.store()
    return core_sources(open_warehouse(store, store.snapshot(page.snapshot)), page.hospital, span, award)


@cache.resource(max_entries=64)
def _in_force(snapshot: str, hospital: str, period: int) -> Mapping[str, Decimal | None]:
    settings = get_settings(board.store(), board.store().snapshot(snapshot), hospital)
    return {name: value(settings, name, period) for name in parameters()}


def in_force(page: Page) -> Rates:
    """Parameters as they hold in the page's month."""
    held: Mapping[str, Decimal | None] = _in_force(page.snapshot, page.hospital, page.period)
    return held.get


def shown(rates: Rates) -> dict[str, tuple[Label, Decimal | None, str]]:
    """What a formula needs to know of every parameter."""
    return {name: (one.label, rates(name), one.unit) for name, one in parameters().items()}


@cache.resource(max_entries=16)
def _records(root: str, hospital: str, version: int) -> tuple[Recorded, ...]:
    return records(board.store(), hospital)


def recorded(page: Page) -> tuple[Recorded, ...]:
    """Every award's newest record, newest first."""
    store = board.store()
    made: tuple[Recorded, ...] = _records(str(store.root), page.hospital, journal(store).version())
    return made


def matters(page: Page) -> tuple[Trace, ...]:
    """Every tracing, newest first."""
    return traces(board.store(), page.hospital)


def now() -> datetime:
    """The moment of an act."""
    return datetime.now(UTC)


def needs() -> dict[str, Any]:
    """Words for the empty state: the tables this page draws on."""
    return lacking.needs(
        ("dept", "ledger_cost", "budget", "income", "operation_value"), ("ledger_cost", "budget")
    )
