"""Improvements evaluated, once per snapshot and state of the journal, shared by all sessions."""

from __future__ import annotations

from core.benefit import figures as core
from core.benefit.book import Kept, kept
from core.journal import Journal, journal
from pages._ui import board, cache
from pages._ui.frame import Page
from pages._ui.scorecard import figures as scorecard


def book() -> Journal:
    """The journal of the open store."""
    return journal(board.store())


@cache.resource(max_entries=16)
def _evaluated(snapshot: str, hospital: str, version: int, months: int) -> tuple[core.Evaluated, ...]:
    box, held = scorecard.warehouse(snapshot), scorecard.settings_of(snapshot, hospital)
    return tuple(core.evaluated(box, held, hospital, one) for one in kept(book(), hospital))


def evaluated(page: Page) -> tuple[core.Evaluated, ...]:
    """Every improvement that stands."""
    found: tuple[core.Evaluated, ...] = _evaluated(
        page.snapshot, page.hospital, book().version(), scorecard.left(page)
    )
    return found


def tried(page: Page, one: Kept) -> core.Evaluated:
    """One that is being written, evaluated without being kept."""
    box = scorecard.warehouse(page.snapshot)
    return core.evaluated(box, scorecard.settings(page), page.hospital, one)
