"""The "why?" drawer: formula, the figures put in, the rows behind them, and where each row stands in which file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import streamlit as st

from pages._ui import format as figures
from pages._ui import tables
from pages._ui.format import Unit
from pages._ui.states import guard
from pages._ui.text import t

Downloads = Sequence[tuple[str, str, Callable[[], bytes]]]


class Explanation(Protocol):
    """What the drawer needs. Core's lineage gives it; any object with these attributes will do.

    Attributes:
        title: the figure's name.
        crumbs: from the whole to this figure, outermost first.
        formula: generated from the definition that computed the figure.
        figures: (label, value, unit) put into the formula, the result last. A value may be ready text.
        rows: rows of the sources with the fields named by `columns`; `file`, `sheet`, `row` say where they stand.
        columns: what to show of the rows.
        rows_total: how many rows there are in all.
        note: a sentence on what to know (a fallback used, a share that was not allocated); '' for none.
        downloads: (label, file name, maker).
    """

    @property
    def title(self) -> str: ...
    @property
    def crumbs(self) -> Sequence[str]: ...
    @property
    def formula(self) -> str: ...
    @property
    def figures(self) -> Sequence[tuple[str, Any, Unit | None]]: ...
    @property
    def rows(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def columns(self) -> Sequence[tables.Col]: ...
    @property
    def rows_total(self) -> int: ...
    @property
    def note(self) -> str: ...
    @property
    def downloads(self) -> Downloads: ...


def body(made: Explanation) -> None:
    """The drawer's content: crumbs, formula, figures, rows with their place, downloads."""
    if made.crumbs:
        st.caption("  ›  ".join(made.crumbs))
    if made.formula:
        st.markdown(f"**{t('explain.formula')}**")
        with st.container(border=True):
            st.markdown(made.formula)
    if made.note:
        st.markdown(f":gray[:material/info:] {made.note}")
    if made.figures:
        st.markdown(f"**{t('explain.figures')}**")
        last = len(made.figures) - 1
        st.table(
            {
                (f"**{label}**" if i == last else label): _figure(value, unit, strong=i == last)
                for i, (label, value, unit) in enumerate(made.figures)
            },
            border="horizontal",
            width="content",
        )
    st.markdown(f"**{t('explain.rows')}**  :gray[{t('explain.place')}]")
    if not made.rows:
        st.caption(t("explain.none"))
    else:
        tables.table(
            made.rows,
            [
                *made.columns,
                tables.Col("file", t("explain.file"), width="medium"),
                tables.Col("sheet", t("explain.sheet"), width="small"),
                tables.Col("row", t("explain.row"), width="small"),
            ],
            key="explain_rows",
            alt=t("explain.rows"),
        )
        if made.rows_total > len(made.rows):
            st.caption(t("explain.first", shown=f"{len(made.rows):,}", total=f"{made.rows_total:,}"))
    with st.container(horizontal=True):
        for label, name, make in made.downloads:
            st.download_button(
                label,
                data=make,
                file_name=name,
                on_click="ignore",
                icon=":material/download:",
                key=f"why_{name}",
            )


def _figure(value: Any, unit: Unit | None, *, strong: bool) -> str:
    words = str(value) if isinstance(value, str) or unit is None else figures.show(value, unit)
    return f"**{words}**" if strong else words


def show(make: Callable[[], Explanation] | Explanation) -> None:
    """Open the drawer now. At most one drawer a run."""
    with guard():
        made = make() if callable(make) else make

        @st.dialog(made.title, width=760, position="right", icon=":material/account_tree:")
        def drawer() -> None:
            with guard():
                body(made)

        drawer()


# As high as a button, so that headings with and without one stand on the same line.
_STRUT = "<div style='height:2.4rem'></div>"


def heading(words: str, make: Callable[[], Explanation] | None, key: str, *, help: str | None = None) -> None:
    """A line of words with the "why" at its right-hand end."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xxsmall"):
        st.markdown(words, width="stretch", help=help)
        if make:
            button(make, key)
        else:
            st.html(_STRUT, width=1)


def button(make: Callable[[], Explanation], key: str) -> None:
    """A quiet icon that opens the drawer; nothing is computed before the click."""
    if st.button(":material/help:", key=key, type="tertiary", help=t("explain.why")):
        show(make)
