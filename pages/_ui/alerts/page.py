"""The alert centre, top to bottom: message, cards, filters, list; or the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from core.alerts import LEVELS, Alert, Inbox, Response, definition, response, short, subject
from pages._ui import cards, format, frame, tables, url
from pages._ui.alerts import drawer, rules, words, work
from pages._ui.cards import Card
from pages._ui.tables import Col
from pages._ui.text import label, lang, t
from pages._ui.upload.people import now

VIEWS = ("inbox", "rules")
OPEN, ALL = "open", "all"
STATES = (OPEN, "new", "taken", "done", "false_alarm", "short", "past", ALL)
ACTIONS = ("open", "take", "done", "false_alarm", "note")
_TO = {"take": "taken", "done": "done", "false_alarm": "false_alarm"}


def draw(page: frame.Page) -> None:
    """Draw the chosen view."""
    box = work.opened(page.snapshot, page.hospital)
    told = response(work.statuses(page.hospital).values(), now())
    page.message(message(box, told))
    _cards(box, told)
    view = _segment("view", VIEWS, VIEWS[0])
    if view == "rules":
        rules.draw(page, box)
        return
    _list(page, box, _filtered(page, box))


def message(box: Inbox, told: Response) -> str:
    """How many are open, the worst of them, and how quickly people answer."""
    opened = [alert for alert in box.alerts if alert.open]
    if not opened:
        return t("alerts.message.none")
    worst = next(
        alert for alert in opened if alert.run.level == max((a.run.level for a in opened), key=LEVELS.index)
    )
    serious = sum(alert.run.level == "serious" for alert in opened)
    parts = [t("alerts.message.open", count=len(opened), serious=serious)]
    parts.append(
        t(
            "alerts.message.worst",
            subject=subject(worst.run, lang()),
            rule=words.rule(worst.run),
            what=short(worst.run, lang()),
        )
    )
    if told.overdue:
        parts.append(t("alerts.message.overdue", count=told.overdue))
    return "".join(parts) if lang() == "zh" else " ".join(parts)


def _cards(box: Inbox, told: Response) -> None:
    opened = [alert for alert in box.alerts if alert.open]
    pieces = format.number(t("alerts.unit"))
    made = [
        Card(t("alerts.card.open"), Decimal(len(opened)), pieces, "lower"),
        Card(t("alerts.card.overdue"), Decimal(told.overdue), pieces, "lower", help=t("alerts.card.overdue_help")),
        *(
            Card(
                f"{words.MARKS[name]} {label(definition().levels[name])}",
                Decimal(sum(alert.run.level == name for alert in opened)), pieces, "lower",
            )
            for name in reversed(LEVELS)
        ),
        Card(
            t("alerts.card.median"), told.median, format.number(t("alerts.hours"), 1), "lower", reason=t("alerts.nobody_answered"),
            help=t("alerts.card.median_help", hour=_share(told.within_hour), day=_share(told.within_day), count=told.answered),
        ),
    ]  # fmt: skip
    cards.row(made, key="alerts")


def _share(value: Decimal | None) -> str:
    return format.show(value, format.percent(0)) if value is not None else format.MISSING


def _segment(name: str, options: Sequence[str], default: str) -> str:
    url.seed(name, options, default)
    st.segmented_control(
        t(f"alerts.{name}.title"), options, format_func=lambda code: t(f"alerts.{name}.{code}"), key=name, required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    chosen: str = st.session_state[name]
    url.publish(name, chosen, default)
    return chosen


def _select(name: str, options: Mapping[str, str], default: str, width: int) -> str:
    url.seed(name, list(options), default)
    st.selectbox(
        t(f"alerts.filter.{name}"), list(options), format_func=lambda code: options.get(code, code), key=name, width=width,
        label_visibility="collapsed", filter_mode="contains", persist_state="session",
    )  # fmt: skip
    chosen: str = st.session_state[name]
    url.publish(name, chosen, default)
    return chosen


def _filtered(page: frame.Page, box: Inbox) -> list[Alert]:
    """The alerts that meet every filter; the filters offer what there is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        state = _select("state", {code: t(f"alerts.state.{code}") for code in STATES}, OPEN, 150)
        levels = {
            ALL: t("alerts.filter.all_levels"),
            **{name: words.level(name) for name in reversed(LEVELS)},
        }
        level = _select("level", levels, ALL, 130)
        found = {alert.rule: words.rule(alert.run) for alert in sorted(box.alerts, key=lambda a: a.rule)}
        rule = _select("rule", {ALL: t("alerts.filter.all_rules"), **found}, ALL, 220)
        owners = {alert.who: words.owner(alert) for alert in sorted(box.alerts, key=lambda a: a.who)}
        owner = _select("owner", {ALL: t("alerts.filter.all_owners"), **owners}, ALL, 180)
        months = {str(p): format.period(p) for p in sorted({a.run.until for a in box.alerts}, reverse=True)}
        month = _select("month", {ALL: t("alerts.filter.all_months"), **months}, ALL, 140)
    return [
        alert for alert in box.alerts
        if (state == ALL or (alert.open if state == OPEN else alert.state == state))
        and level in (ALL, alert.run.level) and rule in (ALL, alert.rule) and owner in (ALL, alert.who)
        and (month == ALL or alert.run.since <= int(month) <= alert.run.until)
        and (page.dept is None or alert.run.dept == page.dept)
    ]  # fmt: skip


def _list(page: frame.Page, box: Inbox, shown: Sequence[Alert]) -> None:
    # Everything the words depend on: where the alerts stand, which are shown, and the hour (what is overdue).
    memo = (*box.mark, tuple(alert.key for alert in shown), f"{now():%Y%m%d%H}")
    if not shown:
        st.caption(t("alerts.none_here"))
        return
    cols = [
        Col("level", t("alerts.col.level"), "status", width=88), Col("subject", t("alerts.col.subject"), width=185),
        Col("rule", t("alerts.col.rule"), width=135), Col("what", t("alerts.col.what"), width=195),
        Col("months", t("alerts.col.months"), width=92), Col("state", t("alerts.col.state"), "status", width=70),
        Col("owner", t("alerts.col.owner"), width=75), Col("due", t("alerts.col.due"), width=72),
    ]  # fmt: skip
    click = tables.table(
        lambda: _rows(shown), cols, key="alert_list", alt=t("alerts.list_alt", count=len(shown)), actions=ACTIONS,
        download="alerts", height=tables.HEAD + tables.ROW * min(len(shown), 13) + 2, memo=memo,
    )  # fmt: skip
    if click is None:
        return
    alert = next((a for a in shown if a.key == click.row["key"]), None)
    if alert is not None:
        _used(page, alert, click.action)


def _rows(shown: Sequence[Alert]) -> list[dict[str, str]]:
    """The list in words."""
    return [
        {
            "level": words.level(a.run.level), "subject": subject(a.run, lang()), "rule": words.rule(a.run),
            "what": short(a.run, lang()), "months": format.period(a.run.until), "state": words.state(a), "owner": words.owner(a),
            "due": _due(a), "key": a.key,
        }
        for a in shown
    ]  # fmt: skip


def _due(alert: Alert) -> str:
    status = alert.status
    if status is None or status.due is None:
        return format.MISSING
    day = f"{status.due.astimezone():%m-%d}"
    return t("alerts.late", when=day) if status.overdue(now()) else day


def _used(page: frame.Page, alert: Alert, action: str) -> None:
    """A row's menu: taking needs no words, finishing and calling false do; the drawer takes them."""
    if action == "take" and alert.state == "new" and alert.status is not None:
        work.move(page.hospital, [alert.key], _TO[action])
        st.toast(t("alerts.taken_toast", subject=subject(alert.run, lang())), icon=":material/check:")
        st.rerun()
    drawer.show(page, alert, action)
