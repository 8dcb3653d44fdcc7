"""Batches imported so far, newest first: what each brought, whether it still counts, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

import streamlit as st

from core.batch import Batch
from core.catalog import catalog
from pages._ui import format
from pages._ui.states import guard
from pages._ui.text import has, label, t
from pages._ui.upload.lines import months, plain
from pages._ui.upload.people import importer
from pages._ui.upload.people import who as who_of

PAGE = 8
_COLOUR = {"live": "green", "partly": "orange", "replaced": "gray", "undone": "gray"}
_WIDTHS = [1.35, 0.85, 2.2, 2.2, 0.8, 0.85, 0.8]


def what(batch: Batch) -> str:
    """Extracts and months of a batch in words."""
    parts = []
    for part in batch.parts:
        words = [
            label(catalog().extracts[part.extract]) if part.extract in catalog().extracts else part.extract
        ]
        words += [months(part.periods)]
        parts.append(" ".join(word for word in words if word))
    return t("upload.comma").join(parts[:3]) + (
        t("upload.more", count=len(parts) - 3) if len(parts) > 3 else ""
    )


def title(batch: Batch) -> str:
    """The file's name, or what was set."""
    key = f"settings.changed.{batch.name}"
    return t(key) if batch.action == "settings" and has(key) else batch.name


def show(
    batches: Sequence[Batch], undo: Callable[[Batch], None], consequences: Callable[[Batch], list[str]]
) -> None:
    """The list; `undo` is called after the person confirmed, `consequences` says what will come back."""
    if not batches:
        st.caption(t("upload.history.none"))
        return
    pages = ceil(len(batches) / PAGE)
    heads = st.columns(_WIDTHS, vertical_alignment="bottom")
    for place, key in zip(heads, ("when", "who", "file", "what", "rows", "status", "act"), strict=True):
        place.caption(t(f"upload.history.{key}"))
    page = int(st.session_state.get("history_page") or 1)
    for batch in batches[(page - 1) * PAGE : page * PAGE]:
        _row(batch, undo, consequences)
    if pages > 1:
        st.pagination(pages, key="history_page")


def _row(batch: Batch, undo: Callable[[Batch], None], consequences: Callable[[Batch], list[str]]) -> None:
    when, who, file, brought, rows, status, act = st.columns(_WIDTHS, vertical_alignment="center")
    when.markdown(format.stamp(batch.at.astimezone()))
    who.markdown(plain(importer(batch)))
    file.markdown(f"{plain(title(batch))}  :gray[`{batch.id}`]")
    brought.markdown(plain(what(batch)) or format.MISSING)
    refused = sum(part.refused_rows for part in batch.parts)
    rows.markdown(f"{batch.rows:,}" + (f"  :red[−{refused:,}]" if refused else ""))
    status.markdown(f":{_COLOUR[batch.status]}-badge[{t(f'upload.history.{batch.status}')}]")
    if batch.status == "undone":
        act.caption(t("upload.history.undone_by", who=who_of(batch.undone_by)) if batch.undone_by else "")
    elif act.button(
        t("upload.undo.button"), key=f"undo_{batch.id}", type="tertiary", icon=":material/undo:",
        help=t("upload.undo.help", file=title(batch)),
    ):  # fmt: skip
        confirm(batch, undo, consequences)


def confirm(batch: Batch, undo: Callable[[Batch], None], consequences: Callable[[Batch], list[str]]) -> None:
    """Ask before taking a batch back, saying what will stand afterwards."""

    @st.dialog(t("upload.undo.title"), width="medium", icon=":material/undo:")
    def ask() -> None:
        with guard():
            st.markdown(
                f"**{plain(title(batch))}**  :gray[{format.stamp(batch.at.astimezone())}  ·  {plain(importer(batch))}]"
            )
            lines = consequences(batch)
            st.markdown("\n".join(f"- {line}" for line in lines) if lines else t("upload.undo.nothing"))
            st.caption(t("upload.undo.note"))
            with st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(t("upload.undo.keep"), key=f"keep_{batch.id}"):
                    st.rerun()
                if st.button(
                    t("upload.undo.sure"), type="primary", icon=":material/undo:", key=f"sure_{batch.id}"
                ):
                    undo(batch)
                    st.rerun()

    ask()
