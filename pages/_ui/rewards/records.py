"""Recording what was decided, the list of records, corrections and their history. Nothing is ever edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from core.money import MoneyError, yuan_to_fen
from core.rewards import records as kept
from core.rewards.awards import CANCELLED, CHARGE, PAYABLE, PENDING, Outcome
from core.rewards.figures import Span
from core.rewards.records import Recorded
from core.rewards.rules import rules
from pages._ui import board, format, frame, states, tables
from pages._ui.frame import Page
from pages._ui.rewards import opened, words
from pages._ui.text import lang, t
from pages._ui.upload.people import actor, who


def button(page: Page, outcomes: Mapping[str, Outcome], span: Span, tried: Mapping[str, Decimal]) -> None:
    """Opens the confirmation; nothing is written before it."""
    held = {one.key for one in opened.recorded(page)}
    fresh = [
        award
        for made in outcomes.values()
        for award in made.awards
        if award.state in kept.KEPT_KINDS and kept.key_of(award, span) not in held
    ]
    if st.button(
        t("rewards.record", count=len(fresh)), icon=":material/edit_note:", disabled=not fresh, key="record",
        help=None if fresh else t("rewards.record_nothing"),
    ):  # fmt: skip
        confirm(page, outcomes, span, tried, [award.state for award in fresh])


def confirm(
    page: Page,
    outcomes: Mapping[str, Outcome],
    span: Span,
    tried: Mapping[str, Decimal],
    fresh: Sequence[str],
) -> None:
    """The dialog that asks before anything is written."""

    @st.dialog(t("rewards.record_title"), icon=":material/edit_note:")
    def ask() -> None:
        with states.guard():
            st.markdown(t("rewards.record_ask", span=words.span(span), count=len(fresh)))
            counts = {state: sum(one == state for one in fresh) for state in kept.KEPT_KINDS}
            st.markdown(
                "  ".join(f"{words.state(state)} {count}" for state, count in counts.items() if count)
            )
            if not span.whole:
                st.markdown(f":orange[:material/pending: {t('rewards.record_part')}]")
            if tried:
                st.markdown(f":orange[:material/science: {t('rewards.record_tried')}]")
            st.caption(t("rewards.record_note"))
            if st.button(t("rewards.record_do"), type="primary", key="record_do"):
                made = kept.record(
                    board.store(), page.hospital, outcomes.values(), span, snapshot=page.snapshot, by=actor(),
                    at=opened.now(), tried=tried, skip_recorded=True,
                )  # fmt: skip
                st.toast(t("rewards.recorded", count=len(made)), icon=":material/edit_note:")
                st.rerun()

    ask()


def table(page: Page) -> None:
    """The newest record of every award, with the way to its history and to a correction."""
    found = opened.recorded(page)
    paid = sum(one.amount or 0 for one in found if one.state in (PAYABLE, CHARGE))
    broken = sum(bool(one.broken) for one in found)
    note = t("rewards.records_note", count=len(found), amount=format.money(paid))
    with frame.panel(t("rewards.records"), note, key="records"):
        if not found:
            st.caption(t("rewards.records_none"))
            return
        chain = t("rewards.chain_broken", count=broken) if broken else t("rewards.chain_whole")
        st.markdown(f":red[▲ {chain}]" if broken else f":green[● {chain}]")
        rows = [_row(one) for one in found]
        click = tables.table(
            rows,
            [
                tables.Col("name", t("rewards.col_object"), width=148),
                tables.Col("rule", t("rewards.col_rule"), width=172),
                tables.Col("span", t("rewards.col_span"), width=108),
                tables.Col("amount", t("rewards.col_amount"), "money", format.yuan(), width=116),
                tables.Col("state", t("rewards.col_state"), width=86),
                tables.Col("count", t("rewards.col_versions"), "number", format.count(), width=72),
                tables.Col("by", t("rewards.col_by"), width=84),
                tables.Col("at", t("rewards.col_at"), width=128),
            ],
            key="record_rows",
            actions=("history", "correct"),
            alt=t("rewards.records"),
            download=f"reward-records-{page.hospital}",
        )
    if click:
        one = next(record for record in found if record.key == click.row["key"])
        (_history if click.action == "history" else correct)(page, one)


def _row(one: Recorded) -> dict[str, Any]:
    rule = rules()[one.rule]
    bears = one.data.get("bears")
    return {
        "key": one.key,
        "name": f"{one.name} ({t(f'rewards.bears_{bears}')})" if bears else one.name,
        "rule": f"{rule.number} {rule.label.of(lang())}",
        "span": words.filed(one.span),
        "amount": one.amount,
        "state": words.state(one.state),
        "count": one.count,
        "by": who(one.by),
        "at": format.stamp(one.at.astimezone()),
    }


def _history(page: Page, one: Recorded) -> None:
    @st.dialog(one.name, width=760, position="right", icon=":material/history:")
    def drawer() -> None:
        with states.guard():
            rule = rules()[one.rule]
            st.caption(f"{rule.number} {rule.label.of(lang())}  ›  {words.filed(one.span)}")
            entries = kept.history(board.store(), page.hospital, one.key)
            rows = [
                {
                    "seq": entry.seq,
                    "amount": entry.data["amount"],
                    "state": words.state(entry.data["state"]),
                    "replaces": entry.data["replaces"] or "",
                    "by": who(entry.by),
                    "at": format.stamp(entry.at.astimezone()),
                    "why": entry.data.get("reason") or words.why(entry.data["why"]),
                    "snapshot": entry.data["snapshot"],
                }
                for entry in reversed(entries)
            ]
            tables.table(
                rows,
                [
                    tables.Col("seq", t("rewards.col_seq"), width=60),
                    tables.Col("amount", t("rewards.col_amount"), "money", format.yuan(), width=116),
                    tables.Col("state", t("rewards.col_state"), width=86),
                    tables.Col("replaces", t("rewards.col_replaces"), width=72),
                    tables.Col("by", t("rewards.col_by"), width=86),
                    tables.Col("at", t("rewards.col_at"), width=128),
                    tables.Col("why", t("rewards.col_reason"), width=170),
                    tables.Col("snapshot", t("rewards.col_snapshot"), width=84),
                ],
                key="record_history",
                alt=t("rewards.history"),
            )
            st.caption(t("rewards.history_note"))

    drawer()


def correct(page: Page, one: Recorded) -> None:
    """The dialog of a correction."""

    @st.dialog(t("rewards.correct_title", name=one.name), icon=":material/edit_note:")
    def ask() -> None:
        with states.guard():
            st.markdown(t("rewards.correct_from", seq=one.seq, amount=format.show(one.amount, format.yuan()),
                          state=words.state(one.state)))  # fmt: skip
            options = [
                PAYABLE,
                CANCELLED,
                PENDING,
                *([CHARGE] if rules()[one.rule].kind in ("lump", "split") else []),
            ]
            with st.form("correct_form", border=False):
                state = st.selectbox(
                    t("rewards.col_state"), options, format_func=words.spoken(options, words.state), key="correct_state",
                    index=options.index(one.state) if one.state in options else 0,
                )  # fmt: skip
                shown = one.amount if one.amount is not None else one.data.get("full")
                amount = st.text_input(
                    t("rewards.correct_amount"),
                    value="" if shown is None else f"{format.yuan().exact(shown)}",
                    key="correct_amount",
                )
                reason = st.text_area(t("rewards.correct_why"), key="correct_why", max_chars=300)
                sent = st.form_submit_button(
                    t("rewards.correct_do"), type="primary", icon=":material/edit_note:"
                )
            if sent:
                fen = _fen(amount)
                if fen is None and state in (PAYABLE, CHARGE):
                    st.warning(t("rewards.correct_number"), icon=":material/info:")
                    return
                kept.correct(
                    board.store(), page.hospital, one.key, replaces=one.seq, amount=fen, state=state or PENDING, why=reason,
                    by=actor(), at=opened.now(), snapshot=page.snapshot,
                )  # fmt: skip
                st.toast(t("rewards.corrected", name=one.name), icon=":material/edit_note:")
                st.rerun()

    ask()


def _fen(text: str) -> int | None:
    try:
        return yuan_to_fen(Decimal(text.replace(",", "").strip()))
    except (InvalidOperation, MoneyError):
        return None
