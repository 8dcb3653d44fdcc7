"""Choices that live in the URL as codes, shared by every page of the session.

Streamlit's own `bind="query-params"` writes the option's *displayed text* into the URL. Ours are translated and
long, so a link would break for a colleague who reads the other language, and a change of language would drop every
filter. Here the URL carries the code (`?period=202503&dept=0101`), the widget shows the words.

Precedence on each run: a URL that changed by itself (link, back, forward) > the session's value > the default.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_WRITTEN = "_url_written"


def _written() -> dict[str, str | None]:
    return st.session_state.setdefault(_WRITTEN, {})


def resume(page: str) -> None:
    """Call once a run, before any choice: a change of page empties the URL, which is not a person's choice.

    The filters are put back at once. The emptied address stays in the browser's history one step behind; coming back
    to it must neither lose the filters nor push them again, or the back button would be caught there.
    """
    known = {name: value for name, value in _written().items() if value is not None}
    bare = bool(known) and not any(name in st.query_params for name in known)
    if st.session_state.get("_url_page") != page:
        st.session_state["_url_page"] = page
        st.session_state["_url_refilled"] = bare
        if lost := {n: v for n, v in known.items() if n not in st.query_params}:
            st.query_params.update(lost)  # all at once: every write is a step of the history
        bare = False
    st.session_state["_url_bare"] = bare and st.session_state.get("_url_refilled", False)


def peek(name: str) -> str | None:
    """The code asked for by a URL that changed by itself, else the session's; None when there is neither."""
    asked = st.query_params.get(name)
    return asked if asked is not None and asked != _written().get(name) else st.session_state.get(name)


def seed(name: str, options: Sequence[str], default: str) -> None:
    """Make `st.session_state[name]` a valid code before its widget is drawn.

    Args:
        name: widget key and query parameter in one.
        options: the codes allowed now; anything else falls back to `default`.
    """
    asked = st.query_params.get(name)
    known = _written().get(name)
    if st.session_state.get("_url_bare"):
        asked = known
    if asked != known and asked in options:
        st.session_state[name] = asked
    elif asked is None and known is not None and name in st.session_state:
        st.session_state[name] = default
    # Set it even where it stands already: a widget of the same key on another page is a new widget, and takes its
    # first option unless the value was set in this very run.
    kept = st.session_state.get(name)
    st.session_state[name] = kept if kept in options else default


def publish(name: str, value: str | None, default: str) -> None:
    """Write the choice into the URL; the default is left out so that links stay short."""
    shown = None if value is None or value == default else value
    if st.session_state.get("_url_bare"):
        if shown == _written().get(name):
            return
        st.session_state["_url_bare"] = False
        st.query_params.update({n: v for n, v in _written().items() if v is not None and n != name})
    if shown is None:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != shown:
        st.query_params[name] = shown
    _written()[name] = shown
