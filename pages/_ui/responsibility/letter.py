"""One letter in the drawer: targets beside what came, its next step, its paper, its history; other targets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from core.export.letters import letters_pdf
from core.money import half_up
from core.responsibility import letters as kept
from core.responsibility.letters import AGREED, DRAFT, PRINTED, SIGNED, Letter
from core.responsibility.progress import Progress
from core.responsibility.targets import Target, with_amounts
from pages._ui import board, format, states, tables
from pages._ui.frame import Page
from pages._ui.responsibility import opened, words
from pages._ui.text import lang, t
from pages._ui.upload.people import actor, who


def open_letter(page: Page, one: Letter, rows: Sequence[Progress]) -> None:
    """The drawer of a letter."""

    @st.dialog(one.name, width=760, position="right", icon=":material/assignment:")
    def drawer() -> None:
        with states.guard():
            _head(page, one)
            _targets(one, rows)
            _step(page, one)
            _revise(page, one)
            _history(page, one)

    drawer()


def _head(page: Page, one: Letter) -> None:
    st.caption(
        t(
            "responsibility.letter_head",
            year=one.year,
            version=one.version,
            state=words.state(one.state),
            id=one.snapshot,
        )
    )
    if one.why:
        st.markdown(f":gray[{t('responsibility.supplement', why=one.why)}]")
    if one.broken:
        st.markdown(f":red[▲ {t('rewards.chain_broken', count=len(one.broken))}]")
    st.download_button(
        t("responsibility.pdf"), data=lambda: letters_pdf([one], page.board.hospital_name, lang()),
        file_name=f"letter-{one.key.replace('/', '-')}-v{one.version}.pdf", mime="application/pdf", on_click="ignore",
        icon=":material/picture_as_pdf:", key="letter_pdf",
    )  # fmt: skip


def _targets(one: Letter, rows: Sequence[Progress]) -> None:
    by = {row.target.code: row for row in rows}
    shown: list[dict[str, Any]] = []
    for target in one.targets:
        row = by.get(target.code)
        if not (target.base or target.target) and not target.code.startswith("red."):
            continue
        shown.append(
            {
                "label": target.label(lang()),
                "base": words.figure(target.base, target),
                "target": words.figure(target.target, target),
                "plan": words.figure(row.plan, target) if row else "",
                "actual": words.figure(row.actual, target) if row else "",
                "status": words.status(row.status) if row else "",
            }
        )
    tables.table(
        shown,
        [
            tables.Col("label", t("responsibility.col_what"), width=130),
            tables.Col("base", t("responsibility.col_base"), width=120),
            tables.Col("target", t("responsibility.col_target"), width=120),
            tables.Col("plan", t("responsibility.col_plan"), width=116),
            tables.Col("actual", t("responsibility.col_actual"), width=116),
            tables.Col("status", t("responsibility.col_status"), width=90),
        ],
        key="letter_targets",
        alt=t("responsibility.letters"),
    )


def _step(page: Page, one: Letter) -> None:
    if one.state in (DRAFT, AGREED):
        after = AGREED if one.state == DRAFT else PRINTED
        if st.button(
            t(f"responsibility.to_{after}"), type="primary", key="letter_step", icon=":material/done:"
        ):
            kept.advance(board.store(), page.hospital, [one.key], after, by=actor(), at=opened.moment())
            st.rerun()
    elif one.state == PRINTED:
        with st.form("letter_sign", border=True):
            left, right = st.columns(2)
            head = left.text_input(t("responsibility.head"), one.head, key="sign_head", max_chars=40)
            leader = right.text_input(t("responsibility.leader"), one.leader, key="sign_leader", max_chars=40)
            officer = left.text_input(
                t("responsibility.officer"), one.officer, key="sign_officer", max_chars=40
            )
            day = right.date_input(
                t("responsibility.signed_on"), opened.today(), key="sign_day", format="YYYY-MM-DD"
            )
            sent = st.form_submit_button(
                t("responsibility.to_signed"), type="primary", icon=":material/draw:"
            )
        if sent:
            kept.advance(
                board.store(), page.hospital, [one.key], SIGNED, by=actor(), at=opened.moment(), signed_on=day,
                names={"head": head, "leader": leader, "officer": officer},
            )  # fmt: skip
            st.rerun()


def _revise(page: Page, one: Letter) -> None:
    """Targets are negotiated while a letter is a draft; afterwards this makes a supplementary letter."""
    key = "responsibility.revise" if one.state == DRAFT else "responsibility.supplement_make"
    with st.expander(t(key), icon=":material/edit_note:"), st.form("letter_revise", border=False):
        if one.state != DRAFT:
            st.caption(t("responsibility.supplement_note", version=one.version + 1))
        edited = {
            target.code: st.text_input(
                f"{target.label(lang())} ({t('unit.yuan') if target.unit == 'yuan' else '%'})",
                _typed(target), key=f"revise_{target.code}",
            )
            for target in one.targets
            if target.code.startswith("cost.") and target.code != "cost.total" and (target.base or target.target)
        }  # fmt: skip
        why = (
            ""
            if one.state == DRAFT
            else st.text_input(t("rewards.correct_why"), key="revise_why", max_chars=200)
        )
        sent = st.form_submit_button(t("responsibility.revise_do"), icon=":material/save:")
    if sent:
        try:
            values = {code: half_up(Decimal(text.replace(",", "").strip())) for code, text in edited.items()}
        except InvalidOperation:
            st.warning(t("rewards.correct_number"), icon=":material/info:")
            return
        kept.revise(
            board.store(), page.hospital, one.key, with_amounts(one.targets, values), replaces=one.seq, by=actor(),
            at=opened.moment(), snapshot=page.snapshot, why=why or "",
        )  # fmt: skip
        st.rerun()


def _typed(target: Target) -> str:
    return "" if target.target is None else f"{target.target}"


def _history(page: Page, one: Letter) -> None:
    rows = [
        {
            "version": entry.data["version"],
            "state": words.state(entry.data["state"]),
            "target": Decimal(entry.data["targets"][0]["target"]) if entry.data["targets"] else None,
            "by": who(entry.by),
            "at": format.stamp(entry.at.astimezone()),
            "why": entry.data["why"],
        }
        for entry in reversed(kept.history(board.store(), page.hospital, one.key))
    ]
    st.markdown(f"**{t('rewards.history')}**")
    tables.table(
        rows,
        [
            tables.Col("version", t("responsibility.col_version"), "number", format.count(), width=64),
            tables.Col("state", t("responsibility.col_letter"), width=100),
            tables.Col("target", t("responsibility.col_target"), "money", format.yuan(), width=136),
            tables.Col("by", t("rewards.col_by"), width=90),
            tables.Col("at", t("rewards.col_at"), width=136),
            tables.Col("why", t("rewards.col_why"), width=170),
        ],
        key="letter_history",
        alt=t("rewards.history"),
    )
