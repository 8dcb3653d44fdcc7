"""The frame of a page: title line, filters, message, states. See `pages/_ui/__init__.py` for the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._ui import board as boards
from pages._ui import explain, format, states, url
from pages._ui.board import Board
from pages._ui.text import has, lang, t

ALL = "all"
COMPARES = ("budget", "previous", "last_year")
# Months of a hospital have seasons, so pages compare with the same month last year until told otherwise.
COMPARE = "last_year"
FILTERS = ("period", "scope", "class", "dept", "compare")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page script works with."""

    name: str
    board: Board
    period: int
    scope: str
    dept_class: str | None
    dept: str | None
    compare: str
    lang: str

    @property
    def snapshot(self) -> str:
        """Id of the open snapshot."""
        return self.board.snapshot

    @property
    def hospital(self) -> str:
        """Code of the hospital."""
        return self.board.hospital

    @property
    def key(self) -> tuple[Any, ...]:
        """(snapshot, hospital, period, scope, class, dept, compare): arguments for cached figures."""
        return (
            self.snapshot,
            self.hospital,
            self.period,
            self.scope,
            self.dept_class,
            self.dept,
            self.compare,
        )

    def message(self, words: str, *, why: Callable[[], Any] | None = None) -> None:
        """The one sentence of the page, made from figures by rule."""
        explain.heading(f"**{words}**", why, f"{self.name}_message_why")

    def partial(self, missing: Sequence[str]) -> None:
        """Say which months or extracts are missing."""
        states.partial(missing)

    def no_right(self, who: str) -> None:
        """Say who can grant access and stop."""
        states.no_right(who)
        st.stop()


def _select(name: str, options: Mapping[str, str], default: str, width: int) -> str:
    url.seed(name, list(options), default)
    st.selectbox(
        t(f"filter.{name}"),
        list(options),
        format_func=lambda code: options.get(code, code),
        key=name,
        width=width,
        filter_mode="contains",
        persist_state="session",
        label_visibility="collapsed",
    )
    value: str = st.session_state[name]
    url.publish(name, value, default)
    return value


def _choices(board: Board, name: str, dept_class: str) -> tuple[Mapping[str, str], str, int]:
    if name == "period":
        months = {str(p): format.period(p) for p in reversed(board.periods)}
        return months, next(iter(months), ""), 128
    if name == "scope":
        return board.scopes(), "medical", 176
    if name == "class":
        return {ALL: t("filter.all_classes"), **board.classes()}, ALL, 136
    depts = {d.code: f"{d.name}" for d in board.departments if dept_class in (ALL, d.dept_class)}
    return {ALL: t("filter.all_depts"), **depts}, ALL, 196


def _filters(board: Board, wanted: Sequence[str]) -> dict[str, str]:
    chosen = {"period": str(max(board.periods, default=0)), "scope": "medical", "class": ALL, "dept": ALL}
    chosen["compare"] = COMPARE
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name in FILTERS[:4]:
            if name in wanted:
                options, default, width = _choices(board, name, chosen["class"])
                chosen[name] = _select(name, options, default, width)
        if "compare" in wanted:
            url.seed("compare", COMPARES, COMPARE)
            st.segmented_control(
                t("filter.compare"),
                COMPARES,
                format_func=lambda code: t(f"filter.{code}"),
                key="compare",
                required=True,
                persist_state="session",
                label_visibility="collapsed",
                width="content",
            )
            chosen["compare"] = st.session_state["compare"]
            url.publish("compare", chosen["compare"], COMPARE)
        for name in ("class", "dept"):
            if name in wanted and chosen[name] != ALL:
                options, _, _ = _choices(board, name, chosen["class"])
                st.button(
                    options[chosen[name]],
                    key=f"chip_{name}",
                    type="tertiary",
                    icon=":material/close:",
                    icon_position="right",
                    help=t("filter.clear"),
                    on_click=_clear,
                    args=(name,),
                )
    return chosen


def _clear(name: str) -> None:
    st.session_state[name] = ALL


def _title(
    name: str,
    board: Board,
    head: Any,
    meta: Any,
    chosen: Mapping[str, str],
    wanted: Sequence[str],
    title: str = "",
) -> None:
    words = {"period": format.period(int(chosen["period"])) if int(chosen["period"]) else ""}
    words["month"] = format.period(int(chosen["period"]), "month") if words["period"] else ""
    # A question about a month makes no sense before there is one.
    key = f"{name}.title" if has(f"{name}.title") and not board.empty else f"nav.{name}"
    head.markdown(f"### {title or t(key, **words)}")
    parts = [board.hospital_name]
    if not board.empty:
        parts += [words["period"]] if "period" in wanted else []
        parts += [t("meta.scope", scope=board.scopes()[chosen["scope"]])] if "scope" in wanted else []
        parts += [t("meta.as_of", day=format.day(board.as_of))] if board.as_of else []
        parts += [t("meta.snapshot", id=board.snapshot)] if board.snapshot else []
    meta.caption("  ·  ".join(part for part in parts if part), text_alignment="right")


@contextmanager
def page(
    name: str,
    *,
    filters: Sequence[str] = (),
    board: Board | None = None,
    title: str = "",
    needs_data: bool = True,
    empty: Mapping[str, Any] | None = None,
) -> Iterator[Page]:
    """Draw title line and filters, then give the page to the script; errors inside become a sentence.

    Args:
        name: of the page; its title is text `<name>.title` ({period}, {month} may stand in it) or `nav.<name>`.
        title: instead of the text (the name of a department).
        filters: which of FILTERS the page offers.
        needs_data: without data draw the empty state and stop.
        empty: keywords for `states.empty`.
    """
    with states.guard():
        open_board = board if board is not None else boards.current(pinned=needs_data)
        left, right = st.columns([1, 1.2], vertical_alignment="bottom", gap="small")
        head, meta = left.container(), right.container()
        if open_board.empty and needs_data:
            _title(name, open_board, head, meta, {"period": "0", "scope": "medical"}, ())
            states.empty(**(empty or {}))
            st.stop()
        chosen = (
            _filters(open_board, filters)
            if not open_board.empty and filters
            else {
                "period": str(max(open_board.periods, default=0)),
                "scope": "medical",
                "class": ALL,
                "dept": ALL,
                "compare": COMPARE,
            }
        )
        _title(name, open_board, head, meta, chosen, filters, title)
        if open_board.newest and open_board.newest != open_board.snapshot:
            states.stale(open_board.newest, boards.follow)
        states.partial(open_board.missing)
        yield Page(
            name=name,
            board=open_board,
            period=int(chosen["period"]),
            scope=chosen["scope"],
            dept_class=None if chosen["class"] == ALL else chosen["class"],
            dept=None if chosen["dept"] == ALL else chosen["dept"],
            compare=chosen["compare"],
            lang=lang(),
        )


@contextmanager
def panel(
    title: str, note: str = "", *, why: Callable[[], Any] | None = None, key: str = ""
) -> Iterator[None]:
    """A bordered block: bold title, grey note beside it, a "why" at the right."""
    with st.container(border=True, gap="small", height="stretch"):
        explain.heading(f"**{title}**" + (f"  :gray[{note}]" if note else ""), why, f"{key or title}_why")
        yield
