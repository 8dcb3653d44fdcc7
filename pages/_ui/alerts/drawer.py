"""The drawer of one alert: what is the case, how it was reckoned, its rows, what people did and who was told."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from core.alerts import (
    Alert,
    Found,
    Part,
    arithmetic,
    evidence,
    formula,
    history,
    log_of,
    quantity,
    rule_of,
    short,
    subject,
)
from core.alerts.life import Run
from core.catalog import catalog
from core.warehouse import open_warehouse
from pages._ui import format, frame, tables
from pages._ui.alerts import words, work
from pages._ui.alerts.onward import onward
from pages._ui.states import guard
from pages._ui.tables import Col
from pages._ui.text import label, lang, t
from pages._ui.upload.people import who

ROWS = 200
_NEXT = {
    "new": ("taken", "done", "false_alarm"),
    "taken": ("done", "false_alarm", "new"),
    "done": ("new",),
    "false_alarm": ("new",),
}
_ICONS = {"taken": "front_hand", "done": "check", "false_alarm": "notifications_off", "new": "undo"}


def show(page: frame.Page, alert: Alert, action: str = "open") -> None:
    """Open the drawer now; `action` says what the person came for."""

    @st.dialog(subject(alert.run, lang()), width=760, position="right", icon=":material/notifications:")
    def opened() -> None:
        with guard():
            _body(page, alert, action)

    opened()


def _body(page: frame.Page, alert: Alert, action: str) -> None:
    run, settings = alert.run, work.settings(page.hospital)
    st.markdown(
        f"{words.coloured(run.level)}  ·  **{words.rule(run)}**  ·  {words.months(run)}  ·  {words.state(alert)}"
    )
    st.markdown(short(run, lang()))
    if alert.status is None:
        st.caption(t(f"alerts.{'short_note' if alert.state == 'short' else 'past_note'}"))
    else:
        _act(page, alert, action)
        onward(page, alert)
    st.markdown(f"**{t('alerts.arithmetic')}**")
    with st.container(border=True):
        st.markdown(_plain(formula(run.case, settings, run.until, lang())))
        st.markdown(f"**{_plain(arithmetic(run, lang()))}**")
    for line in words.limit_lines(run.case, settings, run.until):
        st.caption(line)
    st.caption(
        t("alerts.owned", owner=words.owner(alert), roles=words.role_names(run.case), due=run.case.due)
    )
    found = work.opened(page.snapshot, page.hospital).found
    _months(found, run)
    _evidence(page, run)
    _story(page, alert)


def _plain(text: str) -> str:
    """Text as it stands: a star or a dollar is no markup here."""
    return text.replace("*", r"\*").replace("$", r"\$").replace("_", r"\_")


def _act(page: frame.Page, alert: Alert, action: str) -> None:
    note = st.text_area(
        t("alerts.note"), key=f"note_{alert.key}", height=68, placeholder=t(f"alerts.note_for.{action}"),
        label_visibility="collapsed",
    )  # fmt: skip
    with st.container(horizontal=True):
        for to in _NEXT.get(alert.state, ()):
            main = (action, to) in (("done", "done"), ("false_alarm", "false_alarm"), ("take", "taken"))
            if st.button(
                t(f"alerts.do.{to}"), key=f"do_{to}_{alert.key}", icon=f":material/{_ICONS[to]}:",
                type="primary" if main or (action == "open" and to == _NEXT[alert.state][0]) else "secondary",
            ):  # fmt: skip
                if to == "false_alarm" and not (note or "").strip():
                    st.caption(f":orange[{t('alerts.false_needs_note')}]")
                else:
                    work.move(page.hospital, [alert.key], to, note or "")
                    st.rerun()
        if st.button(t("alerts.do.comment"), key=f"comment_{alert.key}", icon=":material/comment:"):
            if (note or "").strip():
                work.say(page.hospital, alert.key, note or "")
                st.rerun()
            st.caption(f":orange[{t('alerts.comment_needs_words')}]")


def _months(found: Found | None, run: Run) -> None:
    months = history(found, run) if found is not None else []
    if len(months) < 2:
        return
    st.markdown(f"**{t('alerts.months')}**")
    unit = run.case.shown_in
    rows = [
        {
            "month": format.period(row["period"]),
            "actual": quantity(row["actual"], unit, lang()),
            "line": quantity(row["line"], unit, lang()),
        }
        for row in reversed(months[-13:])
    ]
    cols = [
        Col("month", t("alerts.col.months")),
        Col("actual", t("alerts.col.actual")),
        Col("line", t("alerts.col.line")),
    ]
    tables.table(rows, cols, key="alert_months", alt=t("alerts.months"))


@lru_cache(maxsize=64)
def _parts(snapshot: str, hospital: str, run: Run) -> tuple[Part, ...]:
    warehouse = open_warehouse(work.store(), work.store().snapshot(snapshot))
    return evidence(warehouse, hospital, run, ROWS)


def _evidence(page: frame.Page, run: Run) -> None:
    st.markdown(f"**{t('explain.rows')}**  :gray[{t('explain.place')}]")
    parts = _parts(page.snapshot, page.hospital, run)
    if not any(part.rows for part in parts):
        st.caption(t("alerts.no_rows"))
        return
    for number, part in enumerate(parts):
        amount = f"{part.amount:,.2f}" if part.amount is not None else format.MISSING
        with st.expander(
            t("alerts.part", name=label(part.label), amount=amount, count=part.total), expanded=number == 0
        ):
            rows = [
                {"dept": row.dept_name, "what": _what(row.what), "detail": row.detail, "amount": row.amount, "file": row.file,
                 "sheet": row.sheet, "row": row.row}
                for row in part.rows
            ]  # fmt: skip
            cols = [
                Col("dept", t("alerts.col.dept")), Col("what", t("alerts.col.item")), Col("detail", t("alerts.col.detail")),
                Col("amount", t("alerts.col.amount"), "number", format.number("", 2)),
                Col("file", t("explain.file"), width="medium"), Col("sheet", t("explain.sheet")), Col("row", t("explain.row")),
            ]  # fmt: skip
            tables.table(rows, cols, key=f"alert_rows_{number}", alt=t("explain.rows"))
            if part.total > len(rows):
                st.caption(t("explain.first", shown=f"{len(rows):,}", total=f"{part.total:,}"))


def _what(word: str) -> str:
    return catalog().labels("charge_classes", lang()).get(word, word)


def _story(page: frame.Page, alert: Alert) -> None:
    if alert.status is None:
        return
    st.markdown(f"**{t('alerts.history')}**")
    for entry in reversed(alert.status.history):
        st.markdown(
            f":gray[{format.stamp(entry.at.astimezone())}]  **{_plain(who(entry.by))}**  {_plain(words.event(entry))}"
        )
    told = log_of(work.store(), page.hospital, alert.key)
    st.markdown(f"**{t('alerts.deliveries')}**")
    if not told:
        st.caption(t("alerts.not_told" if work.channels()[0].any else "alerts.nothing_configured"))
    for entry in reversed(told):
        data = entry.data
        line = t(
            f"alerts.delivery.{data['status']}", person=data["person"], channel=t(f"alerts.channel.{data['channel']}"),
            to=data["to"], attempt=data["attempt"], error=data["error"],
        )  # fmt: skip
        st.markdown(f":gray[{format.stamp(entry.at.astimezone())}]  {_plain(line)}")
    st.caption(t("alerts.source", source=label(rule_of(alert.run.name).source)))
