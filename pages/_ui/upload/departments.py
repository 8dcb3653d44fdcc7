"""Department names the dictionary does not know: what each could be, the money on it, one confirmation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

import streamlit as st

from core.catalog import catalog
from core.intake.reading import DeptMatch, Reading
from pages._ui import format
from pages._ui.text import lang, t
from pages._ui.upload.job import Job, Key
from pages._ui.upload.lines import plain

_OPEN = ("proposed", "unknown")
PAGE = 10


def unresolved(reading: Reading) -> list[DeptMatch]:
    """Every department text that needs a person, once for the whole file, the most money first."""
    found: dict[Key, DeptMatch] = {}
    for part in reading.parts:
        for match in part.departments:
            if match.how not in _OPEN:
                continue
            key = (match.raw_code, match.raw_name)
            seen = found.get(key)
            found[key] = match if seen is None else replace(
                seen, rows=seen.rows + match.rows, amount=seen.amount + match.amount
            )  # fmt: skip
    return sorted(found.values(), key=lambda match: (-abs(match.amount), -match.rows, match.raw_name))


def options_of(departments: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """code -> 'name  code  class' for a select that can be searched by any of them; '' is to leave it unmapped."""
    words = {term.name: term.brief(lang())
             for term in catalog().terms["dept_classes"]}  # fmt: skip
    named = {code: f"{name}  {code}  {words.get(kind, '')}".strip() for code, name, kind in departments}
    return {"": t("upload.dept.leave"), **named}


def ask(job: Job, matches: Sequence[DeptMatch], departments: Sequence[tuple[str, str, str]]) -> None:
    """Draw the table of proposals; the confirmation stores nothing yet, it goes in with the file."""
    words = options_of(departments)
    pages = ceil(len(matches) / PAGE)
    with st.container(border=True):
        st.markdown(f"**{t('upload.dept.title', count=len(matches))}**  :gray[{t('upload.dept.note')}]")
        if not departments:
            st.markdown(f":orange[:material/warning:] {t('upload.dept.no_dictionary')}")
        page = st.pagination(pages, key=f"{job.id}:dept:page") if pages > 1 else 1
        shown = matches[(page - 1) * PAGE : page * PAGE]
        _rows(job, shown, words)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                t("upload.dept.confirm"),
                type="primary",
                icon=":material/check:",
                key=f"{job.id}:dept:confirm",
            ):
                for match in matches:
                    job.departments.setdefault(
                        (match.raw_code, match.raw_name), _proposed(match, words) or None
                    )
                job.departments_seen, job.effect = True, None
                st.rerun()
            left = [m for m in matches if not job.departments.get(_key(m), _proposed(m, words))]
            if left:
                amount = format.money(sum((match.amount for match in left), start=left[0].amount * 0))
                st.caption(t("upload.dept.left", count=len(left), amount=amount))


def _rows(job: Job, matches: Sequence[DeptMatch], words: Mapping[str, str]) -> None:
    widths = [1.5, 0.7, 0.9, 1.1, 2.0]
    heads = st.columns(widths, vertical_alignment="bottom")
    for place, key in zip(heads, ("raw", "rows", "amount", "likeness", "choice"), strict=True):
        place.caption(t(f"upload.dept.{key}"))
    for number, match in enumerate(matches):
        raw, rows, amount, likeness, choice = st.columns(widths, vertical_alignment="center")
        shown = plain(match.raw_name) or format.MISSING
        raw.markdown(f"**{shown}**  :gray[{plain(match.raw_code)}]" if match.raw_code else f"**{shown}**")
        rows.markdown(f"{match.rows:,}")
        amount.markdown(format.money(match.amount))
        likeness.caption(
            t("upload.dept.like", score=match.score) if match.how == "proposed" else t("upload.dept.unlike")
        )
        _choice(job, match, words, choice, number)


def _choice(job: Job, match: DeptMatch, words: Mapping[str, str], place: object, number: int) -> None:
    proposed = _proposed(match, words)
    likely = [str(one[0]) for one in match.alternatives if str(one[0]) in words]
    options = list(dict.fromkeys([*([proposed] if proposed else []), *likely, "", *words]))
    chosen = job.departments.get(_key(match), proposed) or ""
    key = f"{job.id}:dept:{match.raw_code}|{match.raw_name}"

    def changed() -> None:
        job.departments[_key(match)] = st.session_state[key] or None

    with place:  # type: ignore[attr-defined]
        st.selectbox(
            t("upload.dept.for", name=match.raw_name or match.raw_code),
            options,
            index=options.index(chosen),
            format_func=lambda code: words.get(code, code),
            key=key,
            on_change=changed,
            label_visibility="collapsed",
            filter_mode="contains",
        )


def _proposed(match: DeptMatch, words: Mapping[str, str]) -> str:
    return match.dept_code if match.dept_code and match.dept_code in words else ""


def _key(match: DeptMatch) -> Key:
    return (match.raw_code, match.raw_name)


def summary(job: Job, matches: Sequence[DeptMatch]) -> str:
    """What was decided, as one line."""
    mapped = sum(bool(job.departments.get(_key(match))) for match in matches)
    return t("upload.dept.decided", mapped=mapped, left=len(matches) - mapped)
