"""Owners and channels: who holds which role for which departments, where messages reach them, and a test message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.alerts.channels import Channels
from core.alerts.messages import probe_message
from core.alerts.sending import SendError, send_mail, send_webhook
from core.people import Person, people, roles, set_people
from core.settings import Settings
from pages._ui.alerts import work
from pages._ui.states import guard
from pages._ui.text import label, lang, t
from pages._ui.upload import work as data
from pages._ui.upload.people import actor, now

_FIELDS = ("name", "roles", "depts", "email", "webhook")


def show(code: str, settings: Settings) -> None:
    """The list as a grid, and what is configured."""
    found, problem = work.channels()
    words = {name: label(role.label) for name, role in roles().items()}
    depts = {dept: f"{dept} {name}" for dept, name, _ in data.departments()}
    rows = [_row(person, words, depts) for person in people(settings)] or [dict.fromkeys(_FIELDS)]
    edited = st.data_editor(
        rows, key=f"people_{data.snapshot().id}", placeholder="", num_rows="dynamic", hide_index=True, width="stretch",
        column_config={
            "name": st.column_config.TextColumn(t("alerts.people.name"), width=110),
            "roles": st.column_config.MultiselectColumn(t("alerts.people.roles"), options=list(words.values()), width=240),
            "depts": st.column_config.MultiselectColumn(
                t("alerts.people.depts"), options=list(depts.values()), width=300, help=t("alerts.people.depts_help")
            ),
            "email": st.column_config.TextColumn(t("alerts.people.email"), width=190),
            "webhook": st.column_config.SelectboxColumn(
                t("alerts.people.webhook"), options=sorted({*found.webhooks, *(p.webhook for p in people(settings) if p.webhook)}), width=150
            ),
        },
    )  # fmt: skip
    if st.button(t("alerts.people.save"), type="primary", icon=":material/check:", key="people_save"):
        with guard():
            listed = _persons(edited, words, depts)
            set_people(data.store(), code, listed, actor=actor(), at=now(), depts=set(depts))
            st.toast(t("alerts.people.saved"), icon=":material/check:")
            st.rerun()
    _channels(found, problem)


def _row(person: Person, words: Mapping[str, str], depts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": person.name, "roles": [words[name] for name in person.roles if name in words],
        "depts": [depts.get(dept, dept) for dept in person.depts], "email": person.email, "webhook": person.webhook or None,
    }  # fmt: skip


def _persons(
    edited: Sequence[Mapping[str, Any]], words: Mapping[str, str], depts: Mapping[str, str]
) -> list[Person]:
    """What the grid holds; lines nobody filled in are left out."""
    role_of, code_of = (
        {text: name for name, text in words.items()},
        {text: code for code, text in depts.items()},
    )
    made = []
    for row in edited:
        if not any(row.get(name) for name in _FIELDS):
            continue
        made.append(
            Person(
                str(row.get("name") or "").strip(),
                tuple(role_of.get(text, text) for text in row.get("roles") or ()),
                tuple(code_of.get(text, text) for text in row.get("depts") or ()),
                str(row.get("email") or "").strip(),
                str(row.get("webhook") or "").strip(),
            )
        )
    return made


def _channels(found: Channels, problem: str) -> None:
    st.markdown(f"**{t('alerts.channels.title')}**  :gray[{t('alerts.channels.note')}]")
    if problem:
        st.warning(problem, icon=":material/info:")
    if not found.any:
        st.caption(t("alerts.channels.none"))
        return
    if found.mail:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            to = st.text_input(
                t("alerts.channels.mail", host=found.mail.host, sender=found.mail.sender),
                key="mail_to",
                width=320,
            )
            if st.button(t("alerts.channels.test"), key="test_mail", icon=":material/send:") and to:
                _test(partial(send_mail, found.mail, to, *probe_message(lang())))
    for name, hook in found.webhooks.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{name}  :gray[{t(f'alerts.channels.{hook.kind}')}]", width=320)
            if st.button(t("alerts.channels.test"), key=f"test_{name}", icon=":material/send:"):
                _test(partial(send_webhook, hook, *probe_message(lang()), now()))


def _test(send: Callable[[], None]) -> None:
    try:
        send()
    except SendError as refused:
        st.caption(f":red[:material/error: {t('alerts.channels.failed', reason=str(refused))}]")
    else:
        st.caption(f":green[:material/check: {t('alerts.channels.worked')}]")
