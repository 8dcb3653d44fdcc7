"""From an uploaded file to a reading and a batch: what the upload page and the command line both do.

    desk = Desk(store, hospital)
    reading = desk.read(path, name)                 # limited child process; nothing is stored
    effect = desk.preview(reading)                  # what accepting would change
    batch = desk.accept(reading, decisions, ...)    # one snapshot

A reading's Parquet files live under `<data>/work/<token>/` until the desk forgets them.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from core import batch as batches
from core.batch import Alias, Batch, Decisions, Effect
from core.catalog import catalog, load_yaml
from core.export import RefusedRow, refused_workbook
from core.intake import Options, Part, Reading, read
from core.issue import Issue
from core.settings import memory
from core.store import Snapshot, Store

PLAN_KEYS = ("extract", "columns", "unit", "period", "accept_totals", "ignore")
DEFAULT_HOSPITAL = "H001"
CONFIRMED = ("proposed",)


class MappingRefused(ValueError):
    """A mapping file holds a key that is not understood; carries where, which keys, and what is allowed."""

    def __init__(self, where: str, keys: list[str], allowed: tuple[str, ...]) -> None:
        super().__init__(f"{where}: {keys}; allowed: {list(allowed)}")
        self.where, self.keys, self.allowed = where, keys, allowed


def load_plan(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options and plans of a mapping file: `{hospital, period, unit, source, sheets: {name: plan}}`.

    Raises:
        MappingRefused: unknown keys. core.catalog.DefinitionError: not YAML.
    """
    raw = load_yaml(path) or {}
    allowed = ("hospital", "extract", "period", "unit", "source", "sheets")
    if unknown := sorted(set(raw) - set(allowed)):
        raise MappingRefused(path.name, unknown, allowed)
    sheets = raw.pop("sheets", {}) or {}
    for sheet, plan in sheets.items():
        if unknown := sorted(set(plan) - set(PLAN_KEYS)):
            raise MappingRefused(f"{path.name}, {sheet}", unknown, PLAN_KEYS)
    return raw, {str(sheet): plan for sheet, plan in sheets.items()}


def confirmed(reading: Reading, given: Decisions, *, proposals: bool) -> Decisions:
    """`given` with every proposal of the reading taken as confirmed, and its headings remembered.

    Departments whose match is only proposed become aliases; the plan of each part that was read by a person's plan or
    by accepted proposals is remembered for files of that shape.
    """
    aliases = list(given.aliases)
    headings = dict(given.headings)
    for part in reading.parts:
        if part.status != "ready" or not part.extract:
            continue
        if proposals:
            aliases += [
                Alias(match.raw_code, match.raw_name, match.dept_code)
                for match in part.departments
                if match.how in CONFIRMED and match.dept_code
            ]
        if any(match.how in ("plan", "proposed") for match in part.columns):
            headings.setdefault(part.shape, part.plan())
    return replace(given, aliases=tuple(dict.fromkeys(aliases)), headings=headings)


@dataclass
class Desk:
    """Where files are read for one hospital before they are accepted.

    `hospital` may be '' for a store that holds exactly one (its code is used) or none yet (DEFAULT_HOSPITAL).
    """

    store: Store
    hospital: str = ""
    _work: dict[int, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hospital = (
            self.hospital or (hospitals(self.store, self.store.snapshot()) or [DEFAULT_HOSPITAL])[0]
        )

    def read(
        self,
        path: Path,
        name: str,
        options: Options | None = None,
        progress: Callable[[float, str], None] | None = None,
    ) -> Reading:
        """Read one file with what the newest snapshot knows; see core.intake.read."""
        folder = self.store.root / "work" / uuid.uuid4().hex[:12]
        folder.mkdir(parents=True)
        known = memory(self.store, self.store.snapshot(), self.hospital)
        reading = read(
            path,
            name,
            hospital=self.hospital,
            options=options or Options(),
            memory=known,
            workdir=folder,
            progress=progress,
        )
        self._work[id(reading)] = folder
        return reading

    def preview(self, reading: Reading, decisions: Decisions | None = None) -> Effect:
        """What accepting would change in the newest snapshot."""
        return batches.preview(
            self.store, self.store.snapshot(), reading, hospital=self.hospital, decisions=decisions
        )

    def accept(
        self,
        reading: Reading,
        decisions: Decisions,
        original: Path,
        *,
        actor: str,
        at: datetime,
        action: str = "import",
    ) -> Batch:
        """Store the reading; see core.batch.accept for the errors."""
        return batches.accept(
            self.store,
            reading,
            decisions,
            hospital=self.hospital,
            actor=actor,
            at=at,
            original=original,
            action=action,
        )

    def forget(self, reading: Reading) -> None:
        """Throw away the working files of a reading."""
        folder = self._work.pop(id(reading), None)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def refused_book(reading: Reading, lang: str) -> bytes:
    """Every refused row of the file as a workbook to correct and upload again, the bad cells marked."""
    headings: dict[str, Sequence[str]] = {}
    made: dict[tuple[str, int], RefusedRow] = {}
    for part in reading.parts:
        if part.refused_path is None or not Path(part.refused_path).exists():
            continue
        for line in pq.read_table(part.refused_path).to_pylist():
            issue = Issue(
                line["reason"], "refused", json.loads(line["params"] or "{}"), reading.file, line["sheet"] or "",
                line["row"] or 0, line["col"] or "", line["column"] or "", line["value"] or "",
            )  # fmt: skip
            cells = [cell if cell is not None else "" for cell in line["cells"] or []]
            headings.setdefault(issue.sheet, _headings(part, len(cells)))
            earlier = made.get((issue.sheet, issue.row))
            bad = {_position(issue.col)} if issue.col else set()
            made[issue.sheet, issue.row] = RefusedRow(
                issue.sheet, issue.row, cells, frozenset(bad | (earlier.bad if earlier else set())),
                "\n".join(dict.fromkeys([*(earlier.reason.split("\n") if earlier else []), issue.what(lang)])),
                "\n".join(dict.fromkeys([*(earlier.action.split("\n") if earlier else []), issue.todo(lang)])),
            )  # fmt: skip
    return refused_workbook(reading.file, headings, list(made.values()), lang)


def _headings(part: Part, count: int) -> list[str]:
    named = {_position(match.col): match.heading for match in part.columns if match.col}
    return [named.get(index, "") for index in range(max(count, *(index + 1 for index in named), 0))]


def _position(letters: str) -> int:
    place = 0
    for char in letters:
        place = place * 26 + ord(char) - ord("A") + 1
    return place - 1


def hospitals(store: Store, snapshot: Snapshot) -> list[str]:
    """Codes of the hospitals that have data, sorted."""
    tables = [table for table in store.tables(snapshot) if table in catalog().extracts]
    return sorted({file.hospital for table in tables for file in store.files(snapshot, table)})


def demo_files(folder: Path) -> list[dict[str, str]]:
    """The demo workbooks in import order: `{file, extract, source}` as data/demo/MANIFEST.yaml lists them."""
    listed: list[dict[str, str]] = load_yaml(folder / "MANIFEST.yaml")
    return listed


__all__ = [
    "Desk",
    "MappingRefused",
    "confirmed",
    "demo_files",
    "hospitals",
    "load_plan",
    "refused_book",
]
