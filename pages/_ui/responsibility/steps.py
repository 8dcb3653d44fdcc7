"""One matter in the drawer: where it stands, the steps that are possible now, and everything that happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from core.responsibility import tracing as kept
from core.responsibility.tracing import Trace
from core.rewards.rules import words_of
from pages._ui import board, format, states, tables
from pages._ui.frame import Page
from pages._ui.responsibility import opened, words
from pages._ui.rewards.words import spoken
from pages._ui.text import lang, t
from pages._ui.upload.people import actor, who


def open_trace(page: Page, one: Trace) -> None:
    """The drawer of a matter."""

    @st.dialog(f"{one.key} {one.title}", width=760, position="right", icon=":material/account_tree:")
    def drawer() -> None:
        with states.guard():
            _head(one)
            _act(page, one)
            _history(one)

    drawer()


def _head(one: Trace) -> None:
    today = opened.today()
    parts = [words.said("sources", one.source), words.stage(one, today)]
    parts += [one.dept_name] if one.dept_name else []
    parts += [one.person] if one.person else []
    parts += [t("responsibility.due_on", day=one.due.isoformat())] if one.due else []
    parts += [format.money(one.amount)] if one.amount else []
    st.caption("  ›  ".join(parts))
    if one.detail:
        st.markdown(one.detail)
    if one.broken:
        st.markdown(f":red[▲ {t('rewards.chain_broken', count=len(one.broken))}]")


def _act(page: Page, one: Trace) -> None:
    events = kept.POSSIBLE[one.stage]
    event = st.segmented_control(
        t("responsibility.what_now"), events, default=events[0], key=f"event_{one.seq}", required=True,
        format_func=spoken(events, lambda name: words.said("events", name)),
    )  # fmt: skip
    given: dict[str, Any] = {}
    names = {dept.code: dept.name for dept in page.board.departments}
    with st.form(f"step_{event}", border=True):
        if event == "dept":
            given["dept"] = st.selectbox(
                t("rewards.col_dept"),
                list(names),
                format_func=names.__getitem__,
                filter_mode="contains",
                key="step_dept",
            )
        if event == "person":
            given["person"] = st.text_input(
                t("responsibility.col_person"), _head_of(page, one), key="step_person", max_chars=40
            )
            days = int(opened.rates(page)("trace_days_fix") or 30)
            given["due"] = st.date_input(
                t("responsibility.fix_by"),
                opened.today() + timedelta(days=days),
                key="step_due",
                format="YYYY-MM-DD",
            )
        if event == "failed":
            given["due"] = st.date_input(
                t("responsibility.fix_by"),
                opened.today() + timedelta(days=14),
                key="step_due",
                format="YYYY-MM-DD",
            )
        if event == "sanction":
            given["sanction"] = st.selectbox(
                t("responsibility.sanction"), list(words_of("sanctions")), key="step_sanction",
                format_func=spoken(words_of("sanctions"), lambda name: words_of("sanctions")[name].of(lang())),
            )  # fmt: skip
            given["person"] = st.text_input(
                t("responsibility.col_person"), one.person, key="step_person", max_chars=40
            )
            given["amount"] = words.fen(st.text_input(t("responsibility.amount"), key="step_amount") or "")
        if event != "passed":
            given["note"] = (
                st.text_area(t("responsibility.note"), key="step_note", max_chars=1000, height=84) or ""
            )
        else:
            given["note"] = (
                st.text_area(t("responsibility.note_passed"), key="step_note", max_chars=1000, height=84)
                or ""
            )
        sent = st.form_submit_button(
            words.said("events", event or events[0]), type="primary", icon=":material/done:"
        )
    if sent:
        if "dept" in given:
            given["dept_name"] = names.get(given["dept"] or "", "")
        kept.act(
            board.store(), page.hospital, one.key, event or events[0], rates=opened.rates(page), by=actor(),
            at=opened.moment(), **given,
        )  # fmt: skip
        st.rerun()


def _head_of(page: Page, one: Trace) -> str:
    return one.person or opened.people(page, [one.dept]).get(one.dept, {}).get("head", "")


def _history(one: Trace) -> None:
    sanctions = words_of("sanctions")
    rows = []
    for entry in reversed(one.history):
        data = entry.data
        said = [data["note"] or (data["detail"] if data["event"] == "raised" else "")]
        if data["event"] in ("dept", "person"):
            said.insert(0, data["person"] if data["event"] == "person" else data["dept_name"])
        if "sanction" in data:
            sanction = data["sanction"]
            amount = format.money(sanction["amount"]) if sanction["amount"] else ""
            said.insert(
                0,
                " ".join(
                    x for x in (sanctions[sanction["kind"]].of(lang()), sanction["person"], amount) if x
                ),
            )
        rows.append(
            {
                "at": format.stamp(entry.at.astimezone()),
                "event": words.said("events", data["event"])
                + (f" ▲ {t('responsibility.late')}" if data["late"] else ""),
                "what": t("rewards.join").join(part for part in said if part),
                "by": who(entry.by),
                "due": data["due"] or "",
            }
        )
    st.markdown(f"**{t('rewards.history')}**")
    tables.table(
        rows,
        [
            tables.Col("at", t("rewards.col_at"), width=132),
            tables.Col("event", t("responsibility.col_event"), width=132),
            tables.Col("what", t("responsibility.col_said"), width=270),
            tables.Col("by", t("rewards.col_by"), width=84),
            tables.Col("due", t("responsibility.col_next_due"), width=96),
        ],
        key="trace_history",
        alt=t("rewards.history"),
    )
