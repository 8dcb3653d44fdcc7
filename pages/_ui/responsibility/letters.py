"""The letters of a year: message, cards, the table; drafting and moving them on together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from core.export.letters import letters_pdf
from core.responsibility import letters as kept
from core.responsibility.letters import AGREED, DRAFT, PRINTED, SIGNED, Letter
from core.responsibility.progress import Progress, worst
from core.responsibility.targets import TOTAL
from pages._ui import board, cards, format, frame, lacking, states, tables, url
from pages._ui.cards import Card
from pages._ui.frame import Page
from pages._ui.responsibility import letter as single
from pages._ui.responsibility import opened, wording, words
from pages._ui.rewards.words import spoken
from pages._ui.text import lang, t
from pages._ui.upload.people import actor

Rows = Mapping[str, tuple[Progress, ...]]


def show(page: Page) -> None:
    """The whole view."""
    years = opened.years(page)
    if not years:
        states.partial([t("responsibility.no_budget")])
        lacking.offer(["budget"], "responsibility")
        return
    year = _year(page, years)
    found = opened.letters(page, year)
    followed = opened.followed(page, year)
    proposed = opened.proposed(page, year)
    _message(page, year, found, followed, len(proposed))
    _cards(found, followed, len(proposed))
    _together(page, year, found)
    _table(page, year, found, followed)


def _year(page: Page, years: Sequence[int]) -> int:
    options = [str(year) for year in years]
    own = str(page.period // 100)
    default = own if own in options else options[0]
    url.seed("year", options, default)
    st.selectbox(
        t("responsibility.year"), options, key="year", persist_state="session", width=140, label_visibility="collapsed",
        format_func=spoken(options, lambda code: t("responsibility.letters_of", year=code)),
    )  # fmt: skip
    url.publish("year", st.session_state["year"], default)
    return int(st.session_state["year"])


def _counts(followed: Rows) -> dict[str, int]:
    made: dict[str, int] = {}
    for rows in followed.values():
        status = worst(row for row in rows if row.target.code == TOTAL)
        made[status] = made.get(status, 0) + 1
    return made


def _message(page: Page, year: int, found: Sequence[Letter], followed: Rows, wanted: int) -> None:
    by = {state: sum(one.state == state for one in found) for state in kept.STATES}
    if not found:
        page.message(t("responsibility.message_none", year=year, count=wanted))
        return
    said = t("responsibility.message", year=year, count=len(found), wanted=max(wanted, len(found)), **by)
    counts = _counts(followed)
    if followed:
        said += t(
            "responsibility.message_follow", month=format.period(page.period, "month"), on_track=counts.get("on_track", 0),
            watch=counts.get("watch", 0), over=counts.get("over", 0),
        )  # fmt: skip
    page.message(said)


def _cards(found: Sequence[Letter], followed: Rows, wanted: int) -> None:
    counts, depts = _counts(followed), format.count()
    signed = sum(one.state == SIGNED for one in found)
    over = [
        row for rows in followed.values() for row in rows if row.target.code == TOTAL and row.status == "over"
    ]
    excess = sum(((row.actual or Decimal(0)) - (row.plan or Decimal(0)) for row in over), Decimal(0))
    why = "" if followed else t("responsibility.no_follow")
    made = [
        Card(
            t("responsibility.card_letters"),
            len(found),
            depts,
            help=t("responsibility.help_letters", count=wanted),
        ),
        Card(t("responsibility.card_signed"), signed, depts, "higher"),
        Card(words.status("on_track"), counts.get("on_track", 0) if followed else None, depts, reason=why),
        Card(words.status("over"), counts.get("over", 0) if followed else None, depts, reason=why),
        Card(
            t("responsibility.card_excess"), excess if followed else None, format.yuan(), "lower", reason=why
        ),
    ]
    cards.row(made, "letter_cards")


def _together(page: Page, year: int, found: Sequence[Letter]) -> None:
    """What is done with many letters at once."""
    proposed = opened.proposed(page, year)
    names = {one.code: one.name for one in page.board.departments}
    lacking = [code for code in proposed if code not in {one.dept for one in found}]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if lacking and st.button(
            t("responsibility.draft", count=len(lacking)),
            icon=":material/note_add:",
            key="draft_letters",
            type="primary",
        ):
            with states.guard():
                kept.draft(
                    board.store(), page.hospital, year, {code: (names.get(code, code), proposed[code]) for code in lacking},
                    kept.wording(opened.settings(page)), snapshot=page.snapshot, by=actor(), at=opened.moment(),
                    people=opened.people(page, lacking),
                )  # fmt: skip
                st.toast(t("responsibility.drafted", count=len(lacking)), icon=":material/note_add:")
                st.rerun()
        for before, after in ((DRAFT, AGREED), (AGREED, PRINTED)):
            keys = [one.key for one in found if one.state == before]
            if keys and st.button(
                t(f"responsibility.all_{after}", count=len(keys)),
                key=f"all_{after}",
                icon=":material/done_all:",
            ):
                with states.guard():
                    kept.advance(board.store(), page.hospital, keys, after, by=actor(), at=opened.moment())
                    st.rerun()
        if found:
            st.download_button(
                t("responsibility.pdf_all", count=len(found)), data=lambda: paper(page, found),
                file_name=f"letters-{year}.pdf", mime="application/pdf", on_click="ignore", key="letters_pdf",
                icon=":material/picture_as_pdf:",
            )  # fmt: skip
        wording.button(page)


def paper(page: Page, found: Sequence[Letter]) -> bytes:
    """The PDF of these letters in the session's language."""
    return letters_pdf(found, page.board.hospital_name, lang())


def _table(page: Page, year: int, found: Sequence[Letter], followed: Rows) -> None:
    with frame.panel(t("responsibility.letters"), t("responsibility.letters_note"), key="letters"):
        if not found:
            st.caption(t("responsibility.letters_none"))
            return
        unit = format.money_unit([one.targets[0].target for one in found if one.targets])
        rows = [_row(one, followed.get(one.dept, ())) for one in found]
        order = {"over": 0, "watch": 1, "missing": 2, "on_track": 3}
        rows.sort(key=lambda row: (order[row["code"]], -(row["over"] or 0)))
        click = tables.table(
            rows,
            [
                tables.Col("name", t("rewards.col_dept"), width=150),
                tables.Col("state", t("responsibility.col_letter"), width=104),
                tables.Col("target", t("responsibility.col_target"), "money", unit, width=116),
                tables.Col("plan", t("responsibility.col_plan"), "money", unit, width=116),
                tables.Col("actual", t("responsibility.col_actual"), "money", unit, width=116),
                tables.Col("over", t("responsibility.col_over"), "number", format.percent(), width=92),
                tables.Col("status", t("responsibility.col_status"), width=96),
                tables.Col("signed", t("responsibility.col_signed"), width=104),
            ],
            key="letter_rows",
            actions=("open",),
            alt=t("responsibility.letters"),
            download=f"letters-{year}",
        )
    if click:
        one = next(item for item in found if item.key == click.row["key"])
        single.open_letter(page, one, followed.get(one.dept, ()))


def _row(one: Letter, rows: Sequence[Progress]) -> dict[str, Any]:
    total = next((row for row in rows if row.target.code == TOTAL), None)
    status = worst([total] if total else [])
    target = next((row.target for row in one.targets if row.code == TOTAL), None)
    version = f" v{one.version}" if one.version > 1 else ""
    return {
        "key": one.key,
        "name": one.name,
        "state": words.state(one.state) + version,
        "target": target,
        "plan": total.plan if total else None,
        "actual": total.actual if total else None,
        "over": total.over if total else None,
        "status": words.status(status),
        "code": status,
        "signed": one.signed_on,
    }
