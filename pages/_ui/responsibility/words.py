"""States and figures of letters and tracings: a shape and a word besides the colour."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from core.money import MoneyError, yuan_to_fen
from core.responsibility.progress import ON_TRACK, OVER, WATCH
from core.responsibility.targets import Target
from core.responsibility.tracing import CLOSED, DISMISSED, Trace
from core.responsibility.words import words
from pages._ui import format
from pages._ui.text import lang, t

FOLLOW = {ON_TRACK: ("●", "green"), WATCH: ("◆", "orange"), OVER: ("▲", "red"), "missing": ("○", "gray")}
STATE = {"": "○", "draft": "◔", "agreed": "◑", "printed": "◕", "signed": "●"}


def said(kind: str, name: str) -> str:
    """A word of the definitions in the session's language."""
    return words(kind)[name].of(lang())


def status(name: str) -> str:
    """Status of a target."""
    return f"{FOLLOW[name][0]} {said('follow_states', name)}"


def state(name: str) -> str:
    """State of a letter; '' has none yet."""
    return f"{STATE[name]} {said('letter_states', name) if name else t('responsibility.none')}"


def figure(value: Decimal | None, one: Target) -> str:
    """A target's figure in its unit."""
    if value is None:
        return format.MISSING
    if one.unit == "yuan":
        return format.yuan().text(value)
    if one.unit == "percent":
        return format.show(value, format.percent(2))
    if one.unit == "points":
        return format.show(value, format.number(t("rewards.points"), 1))
    if one.unit == "count":
        return format.show(value, format.number(t("rewards.cases")))
    return format.number("", 2).text(value)


def stage(one: Trace, today: date) -> str:
    """Stage of a matter, overdue said."""
    words_ = said("stages", one.stage)
    if one.stage == CLOSED:
        return f"● {words_}"
    if one.stage == DISMISSED:
        return f"– {words_}"
    return f"▲ {words_} {t('responsibility.overdue')}" if one.overdue(today) else f"○ {words_}"


def fen(text: str) -> int | None:
    """Fen of what somebody typed; None for nothing or no number."""
    try:
        return yuan_to_fen(Decimal(text.replace(",", "").strip())) if text.strip() else None
    except (InvalidOperation, MoneyError):
        return None
