"""Changing the department dictionary by hand: a new version of the whole list, stored as a batch like any file.

The edited list is written as a workbook and goes through the intake, so the change has an original, rows with a place
and an undo.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from core.batch import Batch, Decisions, Duplicate
from core.catalog import DEFINITIONS, catalog, load_yaml
from core.export import Sheet, table_workbook
from core.importing import Desk
from core.intake.reading import READY, Options
from core.store import Snapshot, Store
from core.warehouse import open_warehouse

EXTRACT = "dept"
DEFAULT_SOURCE = "main"


@dataclass(frozen=True, slots=True)
class Department:
    """One line of the dictionary; see the extract `dept`."""

    dept_code: str
    dept_name: str
    dept_class: str
    care_setting: str = "none"
    parent_code: str = ""
    campus: str = ""
    active: bool = True
    former_names: str = ""


class NotReadable(ValueError):
    """The edited list could not be read back; carries the sentences of the intake, by language."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(sentences["en"])
        self._sentences = dict(sentences)

    def text(self, lang: str) -> str:
        """What is wrong and what to do."""
        return self._sentences[lang]


def departments(store: Store, snapshot: Snapshot, hospital: str) -> list[Department]:
    """The dictionary of a hospital by code."""
    names = ", ".join(field.name for field in fields(Department))
    rows = open_warehouse(store, snapshot).rows(
        f"select {names} from stg_dept where hospital = ? order by dept_code", (hospital,)
    )
    return [
        Department(
            row["dept_code"], row["dept_name"], row["dept_class"] or "", row["care_setting"] or "none",
            row["parent_code"] or "", row["campus"] or "", bool(row["active"]), row["former_names"] or "",
        )
        for row in rows
    ]  # fmt: skip


def save_departments(
    desk: Desk, edited: Sequence[Department], *, actor: str, at: datetime, note: str = ""
) -> Batch | None:
    """Store `edited` as the new dictionary, replacing the newest source of it; None when nothing changed.

    Raises:
        NotReadable: a code is missing or given twice, or a line cannot be read.
    """
    _must_be_whole(edited)
    store = desk.store
    held = [
        row for row in store.records(store.snapshot(), "slots")
        if row["hospital"] == desk.hospital and row["extract"] == EXTRACT
    ]  # fmt: skip
    source = held[-1]["source"] if held else DEFAULT_SOURCE
    with tempfile.TemporaryDirectory(prefix="costward-") as folder:
        path = Path(folder) / "departments.xlsx"
        path.write_bytes(_workbook(edited))
        name = f"{catalog().extracts[EXTRACT].label.zh}.xlsx"
        reading = desk.read(path, name, Options(extract=EXTRACT, source=source, accept_proposals=True))
        try:
            refused = [issue for issue in reading.all_issues() if issue.severity == "refused"]
            if refused or reading.status != READY:
                worst = refused or reading.all_issues()
                raise NotReadable({lang: " ".join(i.text(lang) for i in worst[:3]) for lang in ("zh", "en")})
            return desk.accept(
                reading, Decisions(sources={EXTRACT: source}, note=note), path, actor=actor, at=at
            )
        except Duplicate:
            return None
        finally:
            desk.forget(reading)


def _must_be_whole(edited: Sequence[Department]) -> None:
    codes = [one.dept_code.strip() for one in edited]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    blank = [
        one for one in edited if not (one.dept_code.strip() and one.dept_name.strip() and one.dept_class)
    ]
    if twice or blank or not edited:
        words = ", ".join(twice) or (blank[0].dept_name or blank[0].dept_code if blank else "")
        key = "twice" if twice else "blank"
        raise NotReadable({lang: _sentence(key, lang, words) for lang in ("zh", "en")})


def _sentence(key: str, lang: str, words: str) -> str:
    text: str = load_yaml(DEFINITIONS / "export.yaml")["editing"][key][lang]
    return text.format(words=words)


def _workbook(edited: Sequence[Department]) -> bytes:
    extract = catalog().extracts[EXTRACT]
    columns = [field.name for field in fields(Department)]
    headings = [extract.column(name).label.zh for name in columns]
    labels = {
        "dept_class": catalog().labels("dept_classes", "zh"),
        "care_setting": catalog().labels("care_settings", "zh"),
    }
    rows = []
    for one in sorted(edited, key=lambda one: one.dept_code):
        cells = []
        for name in columns:
            value = getattr(one, name)
            cells.append(
                str(int(value)) if name == "active" else labels.get(name, {}).get(value, value) or None
            )
        rows.append(cells)
    return table_workbook([Sheet(extract.label.zh, headings, rows)])
