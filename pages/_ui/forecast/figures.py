"""Answers of core, computed once per snapshot, choice and state of the journal; shared, never changed."""

from __future__ import annotations

from decimal import Decimal

from core.forecasting import Answer, Held, Part, Target, answer, held
from core.forecasting import parts as parts_of
from core.forecasting.targets import Past, fact_history
from core.journal import Journal, journal
from core.warehouse import open_warehouse
from pages._ui import board, cache
from pages._ui.forecast.choose import Choice
from pages._ui.frame import Page

Waiting = tuple[int, ...]


def book() -> Journal:
    """The journal of the open store."""
    return journal(board.store())


@cache.resource(max_entries=128)
def _answer(
    snapshot: str, hospital: str, target: Target, horizon: int, drivers: tuple[str, ...], volume: Decimal,
    price: Decimal, waiting: Waiting, version: int,
) -> Answer:  # fmt: skip
    opened = open_warehouse(board.store(), board.store().snapshot(snapshot))
    return answer(
        opened, hospital, target, horizon, journal=book(), drivers=drivers, volume=volume, price=price
    )


def found(page: Page, choice: Choice, waiting: Waiting) -> Answer:
    """The answer to the page's choice."""
    made: Answer = _answer(
        page.snapshot, page.hospital, choice.target, choice.horizon, choice.drivers, choice.volume, choice.price,
        waiting, book().version(),
    )  # fmt: skip
    return made


@cache.resource(max_entries=32)
def _parts(
    snapshot: str,
    hospital: str,
    target: Target,
    horizon: int,
    drivers: tuple[str, ...],
    waiting: Waiting,
    version: int,
) -> tuple[Part, ...]:
    opened = open_warehouse(board.store(), board.store().snapshot(snapshot))
    return parts_of(opened, hospital, target, horizon, drivers=drivers, journal=book())


def parts(page: Page, choice: Choice, waiting: Waiting) -> tuple[Part, ...]:
    """What the figure is made of, each part forecast by itself."""
    made: tuple[Part, ...] = _parts(
        page.snapshot, page.hospital, choice.target, choice.horizon, choice.drivers, waiting, book().version()
    )
    return made


def past_forecasts(page: Page, target: Target, past: Past) -> tuple[Held, ...]:
    """Kept forecasts beside what came."""
    return held(book(), page.hospital, target, past)


@cache.resource(max_entries=32)
def _stock(snapshot: str, hospital: str, dept: str, fact: str) -> tuple[int, Decimal] | None:
    opened = open_warehouse(board.store(), board.store().snapshot(snapshot))
    past = fact_history(opened, hospital, fact, dept)
    return (past.periods[-1], past.values[-1]) if len(past) and past.values[-1] is not None else None


def stock(page: Page, target: Target, fact: str) -> tuple[int, Decimal] | None:
    """(month, yuan) of the newest stock that was reported; None where none is."""
    made: tuple[int, Decimal] | None = (
        _stock(page.snapshot, page.hospital, target.dept, fact) if fact else None
    )
    return made
