"""One uploaded file on its way in: its bytes, what was read, what a person decided, and what became of it."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from core.batch import Alias, Batch, Decisions, Effect
from core.importing import confirmed
from core.intake.reading import NEEDS_DECISION, REFUSED, Options, Plan, Reading

Key = tuple[str, str]
_JOBS, _FOLDER = "upload_jobs", "upload_folder"


@dataclass
class Job:
    """A file of this session.

    Attributes:
        path: the bytes, kept until the session ends.
        options: what the person declared so far; a change of it clears `reading`.
        departments: (raw code, raw name) -> code chosen, None to leave it unmapped.
        departments_seen: the person has confirmed the departments as shown.
        sources: extract -> source chosen where the program could not tell.
        remember: whether confirmed headings are kept for files of this shape.
        again: store it although exactly this is stored already.
        effect: what accepting would change; its `snapshot` says of which state.
        twin: the batch that brought this very file and still stands; asked for before anything is read.
        batch: what it became once accepted. problem: why accepting failed.
    """

    id: str
    name: str
    path: Path
    sha256: str
    options: Options = field(default_factory=Options)
    reading: Reading | None = None
    departments: dict[Key, str | None] = field(default_factory=dict)
    departments_seen: bool = False
    sources: dict[str, str] = field(default_factory=dict)
    remember: bool = True
    again: bool = False
    effect: Effect | None = None
    twin: Batch | None = None
    batch: Batch | None = None
    problem: str = ""

    def state(self, questions: int) -> str:
        """waiting | refused | duplicate | question | ready | accepted."""
        if self.batch is not None:
            return "accepted"
        if self.twin is not None and not self.again:
            return "duplicate"
        if self.reading is None:
            return "waiting"
        if self.reading.status == REFUSED:
            return "refused"
        if self.effect is not None and self.effect.duplicate_of and not self.again:
            return "duplicate"
        return "question" if questions or self.reading.status == NEEDS_DECISION else "ready"

    def declare(self, key: str, plan: Plan) -> None:
        """Lay `plan` over what was declared for one table; the file is then read again."""
        self.options.plan[key] = {**self.options.plan.get(key, {}), **plan}
        self.forget()

    def forget(self) -> None:
        """Read again on the next run."""
        self.reading, self.effect, self.twin, self.problem = None, None, None, ""

    def decisions(self) -> Decisions:
        """Everything the person decided, as the store takes it."""
        aliases = tuple(Alias(*key, code) for key, code in self.departments.items() if code)
        given = Decisions(sources=dict(self.sources), aliases=aliases, again=self.again)
        if self.reading is None or not self.remember:
            return given
        return confirmed(self.reading, given, proposals=False)


def jobs() -> list[Job]:
    """The files of this session, oldest first."""
    kept: list[Job] = st.session_state.setdefault(_JOBS, [])
    return kept


def take(files: list[Any]) -> None:
    """Turn dropped files into jobs; the same file twice in one session is one job."""
    folder = st.session_state.setdefault(_FOLDER, tempfile.TemporaryDirectory(prefix="costward-upload-"))
    for file in files:
        content = file.getbuffer()
        digest = hashlib.sha256(content).hexdigest()
        if any(job.sha256 == digest and job.batch is None for job in jobs()):
            continue
        path = Path(folder.name) / f"{len(jobs())}-{digest[:16]}"
        path.write_bytes(content)
        jobs().append(Job(file.file_id, file.name, path, digest))


def drop(job: Job) -> None:
    """Forget a file; nothing of it was stored unless it was accepted."""
    st.session_state[_JOBS] = [one for one in jobs() if one.id != job.id]
