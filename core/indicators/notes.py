"""What people wrote beside a month of an indicator: why it moved. Kept in the journal, never edited; withdrawn in the open.

note(journal, hospital, indicator, dept, period, text, by=, at=)     withdraw(journal, hospital, note, why, by=, at=)
notes(journal, hospital, indicator, dept) -> (Note, ...)             newest month first; withdrawn ones left out
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.indicators.define import indicators
from core.journal import Entry, Journal

KIND = "indicator_note"
LONGEST = 300


class NoteError(ValueError):
    """A note that cannot be kept; `code` is empty | long | gone, for the words of a page."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `seq` is its number in the journal, `dept` '*' for the hospital."""

    seq: int
    indicator: str
    dept: str
    period: int
    text: str
    by: str
    at: datetime


def _key(indicator: str, dept: str) -> str:
    return f"{indicator}:{dept}"


def note(
    journal: Journal,
    hospital: str,
    indicator: str,
    dept: str,
    period: int,
    text: str,
    *,
    by: str,
    at: datetime,
) -> Entry:
    """Write a note beside a month.

    Raises:
        NoteError: no words, or too many. KeyError: no such indicator.
    """
    words = text.strip()
    if not words:
        raise NoteError("empty", "a note needs words")
    if len(words) > LONGEST:
        raise NoteError("long", f"a note has at most {LONGEST} characters; this one has {len(words)}")
    data = {"event": "note", "period": period, "text": words}
    return journal.add(hospital, [(KIND, _key(indicators()[indicator].code, dept), data)], by=by, at=at)[0]


def withdraw(journal: Journal, hospital: str, one: Note, why: str, *, by: str, at: datetime) -> Entry:
    """Take a note back, with a reason; both entries stay in the journal.

    Raises:
        NoteError: no reason, or it is withdrawn already.
    """
    if not why.strip():
        raise NoteError("empty", "withdrawing needs a reason")
    key = _key(one.indicator, one.dept)
    with journal.changing(hospital) as writer:
        if any(entry.data.get("withdraws") == one.seq for entry in writer.entries(KIND, key)):
            raise NoteError("gone", "this note is withdrawn already")
        return writer.add(
            [(KIND, key, {"event": "withdraw", "withdraws": one.seq, "why": why.strip()})], by=by, at=at
        )[0]


def notes(journal: Journal, hospital: str, indicator: str, dept: str) -> tuple[Note, ...]:
    """Notes that stand, newest month first."""
    found = journal.entries(KIND, hospital, _key(indicator, dept))
    gone = {entry.data.get("withdraws") for entry in found}
    made = [
        Note(entry.seq, indicator, dept, int(entry.data["period"]), entry.data["text"], entry.by, entry.at)
        for entry in found
        if entry.data["event"] == "note" and entry.seq not in gone
    ]
    return tuple(sorted(made, key=lambda one: (-one.period, -one.seq)))
