"""What the readings of a month's files said: totals that differ, duplicates, codes and names that disagree."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.intake.reading import Part, Reading
from core.issue import Issue
from core.store import Snapshot, Store

DUPLICATES = ("duplicate_row", "duplicate_key")
DISAGREEMENTS = ("dept_disagrees", "dept_repaired", "period_disagrees", "period_conflict", "unit_conflict")


@dataclass(frozen=True, slots=True)
class Difference:
    """A stated total that differs from the rows it covers, which a person let pass."""

    extract: str
    batch: str
    by: str
    file: str
    sheet: str
    row: int
    col: str
    label: str
    stated: Decimal
    computed: Decimal

    @property
    def difference(self) -> Decimal:
        """stated - computed."""
        return self.stated - self.computed


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning of a reading that a person should look at."""

    extract: str
    batch: str
    by: str
    issue: Issue


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the files of one month were accepted with."""

    differences: tuple[Difference, ...]
    duplicates: tuple[Remark, ...]
    disagreements: tuple[Remark, ...]


def findings(store: Store, snapshot: Snapshot, hospital: str, period: int) -> Findings:
    """Findings of the batches that fill the month (dictionaries count for every month), oldest batch first."""
    slots = [row for row in store.records(snapshot, "slots") if row["hospital"] == hospital]
    live = {(row["_batch"], row["extract"]) for row in slots if row["period"] in (period, 0)}
    people = {
        row["_batch"]: row["actor"] for row in store.records(snapshot, "batches") if row["action"] != "undo"
    }
    differences: list[Difference] = []
    duplicates: list[Remark] = []
    disagreements: list[Remark] = []
    for batch in sorted({batch for batch, _ in live}, key=list(people).index):
        raw = store.reading(snapshot, batch)
        if not raw:
            continue
        reading = Reading.from_dict(raw)
        for part in reading.parts:
            if (batch, part.extract) not in live or (part.periods and period not in part.periods):
                continue
            differences += _differences(part, reading.file, batch, people[batch])
            for issue in part.issues:
                remark = Remark(str(part.extract), batch, people[batch], issue)
                if issue.code in DUPLICATES:
                    duplicates.append(remark)
                elif issue.code in DISAGREEMENTS:
                    disagreements.append(remark)
    return Findings(tuple(differences), tuple(duplicates), tuple(disagreements))


def _differences(part: Part, file: str, batch: str, by: str) -> list[Difference]:
    """Differences that the refused rows do not account for."""
    explained = {(issue.row, issue.col) for issue in part.issues if issue.code == "total_refused"}
    return [
        Difference(
            str(part.extract), batch, by, file, part.sheet, check.row, check.col, check.label, check.stated,
            check.computed,
        )
        for check in part.checks
        if not check.ok and (check.row, check.col) not in explained
    ]  # fmt: skip
