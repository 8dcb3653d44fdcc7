"""The reward of departments: message, cards, where the pool goes, who gets most."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.rewards.awards import CANCELLED, PAYABLE, PENDING, Award, Outcome
from core.rewards.figures import Figures
from pages._ui import cards, charts, format, frame
from pages._ui.cards import Card, Comparison
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.rewards import words
from pages._ui.text import t

SHOWN = 14


def message(page: Page, found: Figures, made: Outcome, actual: Outcome, *, tried: bool) -> None:
    """The one sentence; a what-if says that it is one and what it changes."""
    saved = [one for one in made.awards if (one.base or 0) > 0]
    given = {
        "span": words.span(found.span),
        "count": len(saved),
        "of": len(made.awards),
        "saved": format.money(made.base),
        "pool": format.money(made.pool),
        "payable": format.money(made.payable),
        "paid_count": made.count(PAYABLE),
        "pending": format.money(made.pending),
        "pending_count": made.count(PENDING),
        "cancelled": format.money(made.cancelled),
        "cancelled_count": made.count(CANCELLED),
        "kept": format.money(made.kept),
    }
    if made.undecided:
        page.message(t("rewards.message_undecided", **given))
        return
    said = t("rewards.message", **given)
    if tried:
        difference = made.payable - actual.payable
        key = "more" if difference > 0 else "less" if difference < 0 else "same"
        said = t(
            "rewards.message_tried",
            said=said,
            effect=t(f"rewards.effect_{key}", amount=format.money(abs(difference))),
        )
    page.message(said)


def cards_row(made: Outcome, actual: Outcome, *, tried: bool) -> None:
    """Saved, pool, payable, pending, what stays with the hospital."""
    share = Decimal(made.kept) / made.base if made.base else None
    whole = format.percent()

    def against(name: str) -> list[Comparison]:
        if not tried:
            return []
        difference = getattr(made, name) - getattr(actual, name)
        return [Comparison(t("rewards.against_now"), difference, format.money_unit([difference]))]

    def part(amount: int) -> Comparison:
        return Comparison(t("rewards.of_pool"), Decimal(amount) / made.pool if made.pool else None, whole)

    yuan = format.yuan()
    row = [
        Card(t("rewards.card_saved"), made.base, yuan, "higher", help=t("rewards.help_saved")),
        Card(t("rewards.card_pool"), made.pool, yuan, "none", against("pool"), help=t("rewards.help_pool")),
        Card(
            t("rewards.card_payable"),
            made.payable,
            yuan,
            "none",
            against("payable"),
            help=t("rewards.help_payable"),
        ),
        Card(t("rewards.card_pending"), made.pending, yuan, "none", help=t("rewards.help_pending")),
        Card(t("rewards.card_kept"), made.kept, yuan, "none", against("kept"), help=t("rewards.help_kept")),
    ]
    notes = (
        t("rewards.note_saved", count=sum((one.base or 0) > 0 for one in made.awards), of=len(made.awards)),
        t("rewards.note_pool", share=_share(made.pool, made.base)),
        t("rewards.note_count", count=made.count(PAYABLE)),
        t("rewards.note_pending", count=made.count(PENDING), cancelled=format.money(made.cancelled)),
        t("rewards.note_kept", share=format.show(share, whole)),
    )
    cards.row(row, "reward_cards")
    grid = st.grid(len(notes), min_column_width=138, gap="small")
    for note in notes:
        with grid.container():
            st.caption(note)


def _share(part: int, whole: int) -> str:
    return format.show(Decimal(part) / whole if whole else None, format.percent())


def goes(made: Outcome, unit: Unit, *, tried: bool) -> None:
    """Where the pool goes: what a failed line took, what waits, what may be paid."""
    with frame.panel(t("rewards.goes"), unit.label, key="goes"):
        if not made.pool:
            st.caption(t("rewards.no_pool"))
            return
        role = "scenario" if tried else "actual"
        rows = charts.steps(
            (t("rewards.card_pool"), made.pool, role),
            [
                {"label": t("rewards.cancelled"), "value": -made.cancelled},
                {"label": t("rewards.card_pending"), "value": -made.pending},
            ],
            (t("rewards.card_payable"), made.payable, role),
        )
        charts.waterfall(rows, unit=unit, better="none", alt=t("rewards.goes"), height=286)
        st.caption(t("rewards.identity", pool=format.show(made.pool, format.yuan()),
                     payable=format.show(made.payable, format.yuan()), pending=format.show(made.pending, format.yuan()),
                     cancelled=format.show(made.cancelled, format.yuan())))  # fmt: skip


def ranked(made: Outcome) -> list[Award]:
    """Awards with a pool share, largest first."""
    return sorted((one for one in made.awards if one.full), key=lambda one: (-(one.full or 0), one.object))


def ranking(made: Outcome, unit: Unit, *, tried: bool) -> None:
    """Reward by department; one that is pending or cancelled is drawn lighter, with its state in its name."""
    rows = [
        {
            "label": one.name if one.state == PAYABLE else f"{words.SHAPES[one.state][0]} {one.name}",
            "value": one.full,
            "role": ("scenario" if tried else "actual") if one.state == PAYABLE else "previous",
        }
        for one in ranked(made)
    ]
    with frame.panel(t("rewards.ranking"), unit.label, key="ranking"):
        if not rows:
            st.caption(t("rewards.no_pool"))
            return
        if len(rows) > SHOWN:
            st.caption(t("rewards.ranking_note", shown=SHOWN, count=len(rows)))
        charts.ranking(rows[:SHOWN], unit=unit, alt=t("rewards.ranking"), row_height=26)
