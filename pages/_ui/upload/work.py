"""What the upload page asks of core: read, weigh, accept, undo, open the demo. Nothing is drawn but progress."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import streamlit as st

from core import batch as batches
from core import importing
from core.batch import Batch, Differs, Duplicate, NeedsDecision
from core.catalog import catalog
from core.derived import refresh
from core.importing import Desk
from core.intake.reading import READY, REFUSED, Reading
from core.issue import Issue
from core.settings import memory
from core.store import Snapshot, Store, StoreError
from core.undoing import consequences
from core.warehouse import open_warehouse
from pages._ui import board, format
from pages._ui.alerts.background import after_import
from pages._ui.text import label, lang, t
from pages._ui.upload.job import Job, jobs
from pages._ui.upload.people import actor, importer, now

_log = logging.getLogger("costward.upload")
_MOST = 8


def store() -> Store:
    """The store of this process."""
    return board.store()


def snapshot() -> Snapshot:
    """The newest one."""
    return store().snapshot()


def desk() -> Desk:
    """The session's desk for its hospital."""
    hospital = board.current().hospital
    made = st.session_state.get("upload_desk")
    if made is None or (hospital and made.hospital != hospital) or made.store is not store():
        made = st.session_state["upload_desk"] = Desk(store(), hospital)
    return made


def read(job: Job, tell: Callable[[float, str], None]) -> None:
    """Read a file in the limited child process. Whatever happens, the job has a reading afterwards, unless a batch
    that still stands brought this very file."""
    if not job.again:
        standing = batches.history(store(), snapshot(), desk().hospital)
        job.twin = next((one for one in standing if one.sha256 == job.sha256 and one.status == "live"), None)
        if job.twin is not None:
            return
    try:
        job.reading = desk().read(job.path, job.name, job.options, tell)
    except Exception as fault:
        if type(fault).__module__.startswith("streamlit."):
            raise
        reference = uuid4().hex[:8].upper()
        _log.exception("reading failed, reference %s", reference)
        issue = Issue("unexpected", params={"reference": reference}, file=job.name)
        job.reading = Reading(job.name, job.sha256, status=REFUSED, issues=[issue])
    job.effect = None


def weigh(job: Job) -> None:
    """Work out what accepting would change, once per snapshot and set of decisions."""
    if job.reading is None or job.batch is not None or job.reading.status == REFUSED:
        return
    if not any(part.status == READY for part in job.reading.parts):
        return
    if job.effect is None or job.effect.snapshot != snapshot().id:
        job.effect = desk().preview(job.reading, job.decisions())


def accept(job: Job) -> None:
    """Store a file. A dictionary lets the files still waiting be read again with what it taught."""
    assert job.reading is not None
    try:
        job.batch = desk().accept(job.reading, job.decisions(), job.path, actor=actor(), at=now())
    except Duplicate:
        job.effect = None
        return
    except Differs as refused:
        job.problem, job.effect = refused.issue.text(lang()), None
        return
    except (NeedsDecision, StoreError, OSError) as refused:
        reference = uuid4().hex[:8].upper()
        _log.warning("not stored, reference %s: %s", reference, refused)
        job.problem, job.effect = t("upload.failed", reference=reference), None
        return
    desk().forget(job.reading)
    derive()
    taught = {part.extract for part in job.batch.parts} & {"dept", "cost_item"}
    for other in jobs():
        if other.batch is None and taught and not other.departments_seen:
            other.forget()


def accept_all(ready: list[Job]) -> None:
    """Store every file that raises no question, dictionaries first; what a dictionary changed is read again first."""
    dictionaries = [job for job in ready if _periodic(job) is False]
    for job in dictionaries or ready:
        accept(job)


def _periodic(job: Job) -> bool:
    parts = job.reading.parts if job.reading else []
    return any(catalog().extracts[part.extract].periodic for part in parts if part.extract)


def derive(bar: Any | None = None, *, alerts: bool = True) -> None:
    """Allocate the months that have no results yet, newest first, with a bar: the boards then only read."""
    bar = bar if bar is not None else st.progress(0.0)

    def tell(done: int, count: int, name: str) -> None:
        if count:
            bar.progress(done / count, text=t("upload.deriving", done=done, count=count))

    refresh(store(), snapshot(), tell, workers=0)
    # Whoever opened this snapshot while its months were being computed takes them in now.
    open_warehouse(store(), snapshot()).reload()
    if alerts:
        after_import()
    bar.empty()


def departments() -> list[tuple[str, str, str]]:
    """(code, name, class) of the dictionary that files are read with."""
    known = memory(store(), snapshot(), desk().hospital).departments
    return [(code, name, kind) for code, name, kind, *_ in known]


def refused_book(reading: Reading, lang: str) -> bytes:
    """The refused rows as a workbook with the bad cells marked."""
    return importing.refused_book(reading, lang)


def undo(batch: Batch) -> None:
    """Take a batch back."""
    batches.undo(store(), batch.id, actor=actor(), at=now())
    derive()
    for job in jobs():
        job.effect = None
        if job.batch is not None and job.batch.id == batch.id:
            job.batch = None
            job.forget()
    st.toast(t("upload.undo.undone", file=batch.name), icon=":material/undo:")


def after_undo(batch: Batch) -> list[str]:
    """What would stand after undoing `batch`, one sentence a month."""
    if batch.action == "settings":
        return [t("upload.undo.setting")]
    found = consequences(store(), snapshot(), batch.id)
    lines = []
    for back in found[:_MOST]:
        words = {
            "month": format.period(back.period) if back.period else t("upload.no_months"),
            "extract": label(catalog().extracts[back.extract]),
        }
        if back.batch is None:
            lines.append(t("upload.undo.gone", **words))
        else:
            words |= {"file": back.batch.name, "who": importer(back.batch)}
            lines.append(t("upload.undo.back", when=format.stamp(back.batch.at.astimezone()), **words))
    if len(found) > _MOST:
        lines.append(t("upload.undo.more", count=len(found) - _MOST))
    return lines
