"""The sentence of a board, made from its figures by rule."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.figures.changes import Changes
from core.figures.cockpit import Cockpit, Trend
from core.figures.common import Dept, Figure
from pages._ui import format
from pages._ui.boards import words
from pages._ui.frame import Page
from pages._ui.text import t

LEVEL = Decimal("0.0005")  # less than this is level with its base


def said(page: Page, found: Cockpit, label: str) -> str:
    """Total and change, what made it, whether it is unusual, income and surplus."""
    parts = [moved(page, found.changes, label), cause(found.changes, found.depts), usual(found.trend)]
    cards = {one.measure: one for one in found.cards}
    income, left = cards.get("income"), cards.get("surplus") or cards.get("full_surplus")
    if income and left and income.value is not None and left.value is not None:
        parts.append(earned(income, left))
    return t("cockpit.message.join").join(part for part in parts if part) + t("cockpit.message.end")


def moved(page: Page, changed: Changes, label: str) -> str:
    """'Medical cost 285.5 m, 5.2 % (14.0 m) above last year.'"""
    given = {
        "month": format.period(page.period, "month"),
        "label": label,
        "total": format.money(changed.value),
        "base": words.base(page.compare),
    }
    side = changed.against
    if side.difference is None or side.ratio is None:
        why = words.why_no_base(side).rstrip(t("cockpit.message.end"))
        return t("cockpit.message.alone", **given, why=why)
    if abs(side.ratio) < LEVEL:
        return t("cockpit.message.level", **given)
    given["diff"] = format.money(abs(side.difference))
    given["ratio"] = format.percent().text(abs(side.ratio), unit=True)
    return t(f"cockpit.message.{'up' if side.difference > 0 else 'down'}", **given)


def cause(changed: Changes, depts: Mapping[str, Dept]) -> str:
    """Which items made most of it, and the largest single move in that direction."""
    side = changed.against
    if not changed.main or not side.difference or side.ratio is None or abs(side.ratio) < LEVEL:
        return ""
    way = "up" if side.difference > 0 else "down"
    share = format.percent(0).text(changed.share, unit=True)
    main = t(
        f"cockpit.message.cause_{way}",
        share=share,
        items=words.listed([words.item(p.item) for p in changed.main]),
    )
    along = [part for part in changed.movers if (part.difference > 0) == (side.difference > 0)]
    if not along or len({part.dept for part in changed.movers}) < 2:
        return main
    top = along[0]
    name = words.dept(depts[top.dept]) if top.dept in depts else top.dept
    return main + t(
        "cockpit.message.mover",
        dept=name,
        item=words.item(top.item),
        diff=format.money(abs(top.difference)),
        sign="+" if top.difference > 0 else "−",
    )


def usual(trend: Trend) -> str:
    """Whether the month stands within its limits."""
    if trend.last.mean is None:
        return ""
    if not trend.last.rule:
        return t("cockpit.message.usual")
    return t("cockpit.message.unusual", rule=t(f"rule.{trend.last.rule}"))


def earned(income: Figure, left: Figure) -> str:
    """Income and what is left of it."""
    assert left.value is not None
    way = "left" if left.value >= 0 else "short"
    return t(
        f"cockpit.message.{way}", income=format.money(income.value), surplus=format.money(abs(left.value))
    )


def festival_words(found: Cockpit) -> str:
    """January and February say little alone; both together do."""
    side = found.festival
    if side is None or side.difference is None or side.ratio is None or side.base is None:
        return t("cockpit.festival_wait")
    return t(
        f"cockpit.festival_{'up' if side.difference >= 0 else 'down'}",
        total=format.money(side.base + side.difference),
        ratio=format.percent().text(abs(side.ratio), unit=True),
    )
