"""The drop zone and the files of this session: each with its state line, its questions, its effect, its way in."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.batch import Batch, history
from core.intake.reading import REFUSED, Reading
from pages._ui import format, frame
from pages._ui.text import lang, t
from pages._ui.upload import departments, effect, lines, mapping, people, sources, work
from pages._ui.upload import history as past
from pages._ui.upload.job import Job, drop, jobs, take

_ROUND = "upload_round"


def drop_zone() -> None:
    """Take what is dropped; the zone is empty again at once, the files live on below."""
    number = st.session_state.setdefault(_ROUND, 0)
    key = f"upload_files_{number}"

    def dropped() -> None:
        take(st.session_state[key] or [])
        st.session_state[_ROUND] = number + 1

    st.file_uploader(
        t("upload.drop"), accept_multiple_files=True, key=key, on_change=dropped, help=t("upload.drop_help")
    )
    st.caption(t("upload.drop_note"))


def read_waiting() -> None:
    """Read what has not been read, with a bar that says which file and how far."""
    waiting = [job for job in jobs() if job.reading is None and job.twin is None and job.batch is None]
    if waiting:
        bar = st.progress(0.0)
        for number, job in enumerate(waiting, 1):
            words = t("upload.reading", file=job.name, number=number, count=len(waiting))
            bar.progress(0.0, text=words)
            work.read(job, partial(_tell, bar, words))
            bar.progress(1.0, text=t("upload.weighing", file=job.name))
            work.weigh(job)
        bar.empty()
    for job in jobs():
        work.weigh(job)


def _tell(bar: Any, words: str, share: float, _stage: str) -> None:
    bar.progress(min(max(share, 0.0), 1.0), text=words)


def questions(job: Job) -> int:
    """How many things a person has to decide before the file can come in."""
    if job.reading is None or job.batch is not None:
        return 0
    open_ = len(mapping.groups(job.reading))
    open_ += len(sources.undecided(job.effect)) if job.effect else 0
    unknown = departments.unresolved(job.reading)
    return open_ + (1 if unknown and not job.departments_seen else 0)


def show() -> None:
    """The files, those that need a person opened."""
    listed = jobs()
    if not listed:
        return
    states = {job.id: job.state(questions(job)) for job in listed}
    ready = [job for job in listed if states[job.id] == "ready"]
    with frame.panel(t("upload.files"), t("upload.files_note", count=len(listed))):
        if len(ready) > 1 and st.button(
            t("upload.accept_all", count=len(ready)),
            type="primary",
            icon=":material/done_all:",
            key="accept_all",
        ):
            work.accept_all(ready)
            st.rerun()
        first = next((job.id for job in listed if states[job.id] in ("question", "refused")), "")
        first = first or (listed[0].id if len(listed) == 1 else "")
        for job in listed:
            state = states[job.id]
            box = st.expander(
                lines.headline(job, questions(job)),
                expanded=job.id == first or state == "accepted",
                key=f"{job.id}:{state}",
                on_change="rerun",
            )
            if box.open:
                with box:
                    _body(job, state)


def _body(job: Job, state: str) -> None:
    if state == "accepted" and job.batch is not None:
        _done(job, job.batch)
        return
    if state == "duplicate":
        _twin(job)
    elif job.reading is not None:
        _read(job, job.reading, state)


def _read(job: Job, reading: Reading, state: str) -> None:
    """A file that was read: its problems or its questions and effect, then the way in."""
    if state == "refused":
        lines.issues(reading.all_issues(), ("refused", "warning"))
    else:
        _open(job, reading)
    with st.container(horizontal=True, vertical_alignment="center"):
        if state == "ready" and st.button(
            t("upload.accept"), type="primary", icon=":material/check:", key=f"{job.id}:accept"
        ):
            with st.spinner(t("upload.accepting", file=job.name)):
                work.accept(job)
            st.rerun()
        if st.button(t("upload.discard"), icon=":material/close:", key=f"{job.id}:discard"):
            drop(job)
            st.rerun()
        if job.problem:
            st.markdown(f":red[:material/error:] {job.problem}")
    with st.expander(t("upload.details"), key=f"{job.id}:details"):
        lines.parts_table(job, reading)
        lines.issues(reading.all_issues(), ("warning", "note"))


def _open(job: Job, reading: Reading) -> None:
    """Questions first, then the effect of the answers."""
    for parts in mapping.groups(reading):
        mapping.ask(job, parts)
    if job.effect is None:
        return
    for choice in sources.undecided(job.effect):
        sources.ask(job, choice)
    unknown = departments.unresolved(reading)
    if unknown and not job.departments_seen:
        departments.ask(job, unknown, work.departments())
    elif unknown:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":green[:material/check:] {departments.summary(job, unknown)}", width="content")
            if st.button(t("upload.dept.change"), type="tertiary", key=f"{job.id}:dept:again"):
                job.departments_seen = False
                st.rerun()
    if reading.status != REFUSED:
        effect.show(job, reading, job.effect)
        effect.refused(job, reading, partial(work.refused_book, reading, lang()))


def _twin(job: Job) -> None:
    """This very file, or its content, is stored: by whom and when. Nothing is stored again unless asked for."""
    effect_of = job.effect
    found = job.twin
    if found is None and effect_of is not None:
        stored = history(work.store(), work.snapshot())
        found = next((one for one in stored if one.id == effect_of.duplicate_of), None)
    how = "file" if job.twin is not None or effect_of is None else effect_of.duplicate_how or "file"
    if found is not None:
        words = {
            "when": format.stamp(found.at.astimezone()),
            "who": people.importer(found),
            "batch": found.id,
        }
        said = t(f"upload.same.{how}", name=lines.plain(found.name), **words)
        st.markdown(f":material/content_copy: {said}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("upload.discard"), icon=":material/close:", key=f"{job.id}:discard"):
            drop(job)
            st.rerun()
        if st.button(t("upload.same.again"), type="tertiary", key=f"{job.id}:again"):
            job.again = True
            st.rerun()


def _done(job: Job, batch: Batch) -> None:
    """What now: see the month, look at the quality, or take it back."""
    months = [period for part in batch.parts for period in part.periods if period]
    what = past.what(batch)
    st.markdown(
        f":green[:material/check_circle:] **{t('upload.done.title', file=lines.plain(batch.name))}**  "
        f":gray[{t('upload.done.what', batch=f'`{batch.id}`', what=what, rows=f'{batch.rows:,}')}]"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if months and st.button(
            t("upload.done.cockpit", month=format.period(max(months))),
            type="primary", icon=":material/space_dashboard:", key=f"{job.id}:cockpit",
        ):  # fmt: skip
            st.switch_page("pages/board/cockpit.py", query_params={"period": str(max(months))})
        if months and st.button(
            t("upload.done.quality"), icon=":material/fact_check:", key=f"{job.id}:quality"
        ):
            st.switch_page("pages/data/quality.py", query_params={"period": str(max(months))})
        if st.button(t("upload.done.undo"), icon=":material/undo:", key=f"{job.id}:undo"):
            past.confirm(batch, work.undo, work.after_undo)
        if st.button(t("upload.done.close"), type="tertiary", icon=":material/close:", key=f"{job.id}:close"):
            drop(job)
            st.rerun()
