"""What the alert pages ask of core: the inbox, what people do, what may be sent to."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.alerts import Inbox, act, comment, inbox, keep_up
from core.alerts.channels import ChannelError, Channels
from core.alerts.watch import default_channels
from core.settings import Settings, get_settings
from pages._ui.alerts.background import statuses, store
from pages._ui.text import lang, t
from pages._ui.upload.people import actor, now


def settings(hospital: str) -> Settings:
    """What the hospital decided, as of now."""
    return get_settings(store(), store().snapshot(), hospital)


def opened(snapshot: str, hospital: str) -> Inbox:
    """The inbox; what was found and nobody wrote down yet is written down first."""
    box = inbox(store(), store().snapshot(snapshot), hospital)
    if box.waiting and store().snapshot().id == snapshot:
        with st.spinner(t("alerts.evaluating")):
            keep_up(store(), at=now())
        box = inbox(store(), store().snapshot(snapshot), hospital)
    return box


def move(hospital: str, keys: Sequence[str], to: str, note: str = "") -> None:
    """Take, finish, call false or open again."""
    act(store(), hospital, keys, to, actor=actor(), at=now(), note=note)


def say(hospital: str, key: str, note: str) -> None:
    """Add a comment."""
    comment(store(), hospital, key, note, actor=actor(), at=now())


def channels() -> tuple[Channels, str]:
    """What may be sent to, and what is wrong with the configuration ('' when nothing is)."""
    try:
        return default_channels(), ""
    except ChannelError as problem:
        return Channels(), problem.text(lang())


__all__ = ["channels", "move", "opened", "say", "settings", "statuses", "store"]
