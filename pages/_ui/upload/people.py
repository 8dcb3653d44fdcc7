"""Who acts and when: the only place of the data pages that asks for the person and the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.batch import Batch
from pages._ui.text import t

LOCAL = "local"


def actor() -> str:
    """Who is signed in; `local` when nobody signs in on this machine."""
    user = getattr(st, "user", None)
    found = (user.get("name") or user.get("email")) if user else None
    return str(found or LOCAL)


def who(name: str) -> str:
    """The actor in words."""
    return t("upload.local_user") if name == LOCAL else name


def importer(batch: Batch) -> str:
    """Who brought a batch; the demo hospital came by itself."""
    return t("upload.demo_actor") if batch.action == "demo" else who(batch.actor)


def now() -> datetime:
    """The moment of an act, with its zone."""
    return datetime.now(UTC)
