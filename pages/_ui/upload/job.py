"""One uploaded file on its way in: its bytes, what was read, what a person decided, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.intake.reading import NEEDS_DECISION, REFUSED, Options, Plan, Reading

Key = tuple[str, str]
_JOBS = "upload_jobs"


@dataclass
class Job:
    """A file of this session.

    Attributes:
        options: what the person declared so far; a change of it clears `reading`.
        departments: (raw code, raw name) -> code chosen, None to leave it unmapped.
        remember: whether confirmed headings are kept for files of this shape.
        effect: what accepting would change, for the snapshot `seen`.
        batch: what it became once accepted.
        twin: the batch that already brought this very file.
    """

    id: str
    name: str
    content: bytes
    options: Options = field(default_factory=Options)
    reading: Reading | None = None
    departments: dict[Key, str | None] = field(default_factory=dict)
    departments_seen: bool = False
    remember: bool = True
    effect: Any = None
    seen: str = ""
    batch: Any = None
    twin: Any = None

    def state(self, questions: int) -> str:
        """waiting | refused | duplicate | question | ready | accepted."""
        if self.batch is not None:
            return "accepted"
        if self.reading is None:
            return "waiting"
        if self.twin is not None:
            return "duplicate"
        if self.reading.status == REFUSED:
            return "refused"
        return "question" if questions or self.reading.status == NEEDS_DECISION else "ready"

    def declare(self, key: str, plan: Plan) -> None:
        """Lay `plan` over what was declared for one table; the file is then read again."""
        self.options.plan[key] = {**self.options.plan.get(key, {}), **plan}
        self.forget()

    def forget(self) -> None:
        """Read again on the next run."""
        self.reading, self.effect, self.twin = None, None, None


def jobs() -> list[Job]:
    """The files of this session, oldest first."""
    kept: list[Job] = st.session_state.setdefault(_JOBS, [])
    return kept


def take(files: list[Any]) -> None:
    """Turn dropped files into jobs; the same file twice in one session is one job."""
    known = {(job.name, job.content) for job in jobs() if job.batch is None}
    for file in files:
        content = file.getvalue()
        if (file.name, content) not in known:
            jobs().append(Job(file.file_id, file.name, content))


def drop(job: Job) -> None:
    """Forget a file; nothing of it was stored unless it was accepted."""
    st.session_state[_JOBS] = [one for one in jobs() if one.id != job.id]
