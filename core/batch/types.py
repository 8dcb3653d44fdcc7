"""What accepting a file would do, what was decided about it, and what came of it: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.batch.words import wording
from core.catalog import catalog
from core.intake.reading import Plan
from core.issue import Issue
from core.store import StoreError

ADDED, REPLACED, UNCHANGED = "added", "replaced", "unchanged"
LIVE, PARTLY, SUPERSEDED, UNDONE = "live", "partly", "replaced", "undone"
CORRECTS_FROM, NEW_BELOW = Decimal("0.30"), Decimal("0.05")


class NeedsDecision(StoreError):
    """Something about the file must be decided by a person first; nothing was stored."""


class Duplicate(StoreError):
    """The file, or another one with the same content, is stored already; nothing was stored."""

    def __init__(self, message: str, batch: str) -> None:
        super().__init__(message)
        self.batch = batch


class Differs(StoreError):
    """The rows to be stored do not add up to what was read of the file; nothing was stored. `issue` says it in words."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.text("en"))
        self.issue = issue


@dataclass(frozen=True, slots=True)
class Alias:
    """A confirmed department: what the file says, and the code of the dictionary it means. how: confirmed | repaired."""

    raw_code: str
    raw_name: str
    dept_code: str
    how: str = "confirmed"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person (or the command line for them) decided.

    Attributes:
        sources: extract -> source, where the proposal is not wanted or none was possible.
        aliases: departments confirmed now, remembered for the hospital.
        headings: heading shape -> plan confirmed now, remembered for files of that shape.
        again: store the file although it is stored already.
        note: free text for the history.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    headings: Mapping[str, Plan] = field(default_factory=dict)
    again: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class SlotChange:
    """One hospital-month of one extract and source: before -> after.

    Attributes:
        status: added | replaced | unchanged (the same rows are stored already).
        rows_before, rows_after: accepted rows. measure_*: sum of the extract's amount (yuan) or, where it has no
            money, of its quantity; None where it has neither.
        batch_before: the batch that fills the slot now, '' if none.
    """

    extract: str
    hospital: str
    period: int
    source: str
    status: str
    rows_before: int
    rows_after: int
    measure_before: Decimal | None
    measure_after: Decimal | None
    batch_before: str


@dataclass(frozen=True, slots=True)
class Change:
    """One of the largest changes: department x item in one month. Codes and names as the files have them."""

    extract: str
    period: int
    dept_code: str
    dept_name: str
    item_code: str
    item_name: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """after - before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """Which source a file's rows of one extract belong to, and why.

    Attributes:
        source: the source chosen, or the likeliest one while undecided.
        how: given | same_file | remembered | same_keys | new | undecided.
        candidates: (source, share of the file's keys stored under it, rows stored) of the same months, best first.
    """

    extract: str
    source: str
    how: str
    candidates: tuple[tuple[str, Decimal, int], ...] = ()

    @property
    def decided(self) -> bool:
        """Whether accepting may go on with this source."""
        return self.how != "undecided"


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at before accepting.

    kind: far_period (a month far from all stored ones) | jump (amount differs by more than half from the month
    before) | shrinks (less than half of the rows stored now) | overlap (another source holds rows for the month).
    """

    kind: str
    extract: str
    period: int
    params: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The sentence to show, in `lang` ('zh' or 'en')."""
        named = catalog().extracts[self.extract].label.of(lang)
        sentence: str = wording()["warnings"][self.kind][lang]
        return sentence.format(**{**self.params, "extract": named, "period": self.period or ""})


@dataclass(frozen=True, slots=True)
class Effect:
    """What accepting would do to the store.

    Attributes:
        snapshot: id of the snapshot it was compared with.
        slots: every hospital-month the file fills, by extract and period.
        changes: the 20 largest changes, largest first.
        duplicate_of: batch that holds exactly this already, '' if none; duplicate_how: file (the very same file) |
            content (another file with the same rows).
        sources: one choice per extract.
        warnings: see Warned.
    """

    snapshot: str
    slots: tuple[SlotChange, ...]
    changes: tuple[Change, ...]
    sources: tuple[SourceChoice, ...]
    warnings: tuple[Warned, ...]
    duplicate_of: str = ""
    duplicate_how: str = ""

    @property
    def ready(self) -> bool:
        """Whether `accept` would go through without further decisions."""
        return bool(self.slots) and not self.duplicate_of and all(choice.decided for choice in self.sources)

    def count(self, status: str) -> int:
        """How many slots have this status."""
        return sum(slot.status == status for slot in self.slots)


@dataclass(frozen=True, slots=True)
class BatchPart:
    """What a batch brought for one extract."""

    extract: str
    source: str
    periods: tuple[int, ...]
    live_periods: tuple[int, ...]
    rows: int
    refused_rows: int
    measure: Decimal | None


@dataclass(frozen=True, slots=True)
class Batch:
    """One accepted file (or change of settings) and what became of it.

    Attributes:
        id: eight hex digits.
        action: import | demo | settings.
        name: the file's name as the person knows it, or the setting changed.
        status: live | partly (some of its months were replaced since) | replaced (all were) | undone.
        snapshot: id of the snapshot it made.
        undone_by, undone_at: who took it back, when.
    """

    id: str
    action: str
    hospital: str
    name: str
    sha256: str
    bytes: int
    kind: str
    at: datetime
    actor: str
    note: str
    status: str
    parts: tuple[BatchPart, ...] = ()
    snapshot: str = ""
    undone_by: str = ""
    undone_at: datetime | None = None

    @property
    def rows(self) -> int:
        """Accepted rows over all extracts."""
        return sum(part.rows for part in self.parts)
