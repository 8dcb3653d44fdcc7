"""What a page shows when it cannot simply show its figures, and the net under every page.

A person never sees a traceback: they see one sentence, what to do, and a reference number that finds the trace in
the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from pages._ui.text import lang, t

_log = logging.getLogger("costward.page")


def problem(reference: str) -> None:
    """The error state."""
    with st.container(border=True):
        st.markdown(f":material/error: **{t('state.error')}**")
        st.markdown(t("state.error_more", ref=f"`{reference}`"))
        st.button(t("state.retry"), icon=":material/refresh:", key=f"retry_{reference}")


@contextmanager
def guard() -> Iterator[None]:
    """Turn an exception into a sentence with a reference number; the trace goes to the log.

    An exception that carries its own words for people (`text(lang)`) shows those. Use it around a page, and inside
    fragments and drawers, which Streamlit runs on their own.
    """
    try:
        yield
    except (RerunException, StopException):
        raise
    except Exception as caught:
        said = getattr(caught, "text", None)
        if callable(said):
            _log.warning("refused: %s", caught)
            st.warning(said(lang()), icon=":material/info:")
            return
        reference = uuid4().hex[:8].upper()
        _log.exception("page failed, reference %s", reference)
        problem(reference)


def empty(
    *,
    needs: Sequence[str] = (),
    title: str = "",
    more: str = "",
    upload_page: str = "pages/data/upload.py",
    demo: Callable[[], object] | None = None,
    templates: Sequence[tuple[str, str, Callable[[], bytes]]] = (),
) -> None:
    """Nothing stored yet: what is needed and the next step.

    Args:
        needs: names of the spreadsheets this page draws on.
        demo: opens the demo hospital (a button callback); without one the import page does it.
        templates: (label, file name, maker) of empty workbooks.
    """
    _, middle, _ = st.columns([1, 2.2, 1])
    with middle.container(border=True, gap="medium"):
        st.markdown(f"#### {title or t('state.empty')}")
        st.markdown(more or t("state.empty_more"))
        if needs:
            st.markdown(f":gray[{t('state.needs')}]  " + "  ".join(f":gray-badge[{name}]" for name in needs))
        with st.container(horizontal=True):
            if st.button(t("state.upload"), type="primary", icon=":material/upload:", key="empty_upload"):
                st.switch_page(upload_page)
            opened = st.button(
                t("state.demo"), icon=":material/play_circle:", on_click=demo, key="empty_demo"
            )
            if opened and not demo:
                st.switch_page(upload_page)
            for label, name, make in templates:
                st.download_button(
                    label,
                    data=make,
                    file_name=name,
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"template_{name}",
                )


def _line(icon: str, words: str, colour: str) -> None:
    st.markdown(f":{colour}[:material/{icon}:] {words}")


def partial(missing: Sequence[str]) -> None:
    """Which months or extracts are missing."""
    if missing:
        _line("incomplete_circle", t("state.partial", what=t("state.and").join(missing)), "orange")


def stale(newer: str, refresh: Callable[[], object]) -> None:
    """Newer data exists; one click shows it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":blue[:material/update:] {t('state.stale', id=newer)}", width="content")
        st.button(t("state.refresh"), type="tertiary", on_click=refresh, key="stale_refresh")


def no_right(who: str) -> None:
    """The person may not see this; who can grant it."""
    with st.container(border=True):
        st.markdown(f":material/lock: **{t('state.no_right')}**")
        st.markdown(t("state.no_right_more", who=who))
