"""Cards, message and the pictures of the allocation page."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.figures.allocation import GIVERS, OTHERS, AllocationFigures, Link, Received
from core.scenario import Scenario
from pages._ui import cards, charts, format, frame
from pages._ui.allocation import figures
from pages._ui.allocation.controls import method_name, word
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

COLOURS = {"admin": 0, "auxiliary": 1, "technical": 2, "clinical": 3}
NUDGE = 10  # receivers shown before and after


def message(page: Page, scenario: Scenario, found: AllocationFigures) -> None:
    """Total, direct, indirect, the method, whether it adds up, and what is left over."""
    broken = sum(not proof.ok for proof in found.proofs)
    words = [
        t(
            "allocation.message", scope=page.board.scopes()[page.scope], total=format.money(found.total),
            direct=format.money(found.direct), indirect=format.money(sum(found.given.values())),
            method=method_name(page, scenario), count=len(found.received),
        ),
        t("allocation.message_broken", count=broken) if broken else t("allocation.message_ok", count=len(found.proofs)),
    ]  # fmt: skip
    if found.unallocated:
        share = format.percent(2).text(found.unallocated / found.total if found.total else None, unit=True)
        words.append(t("allocation.message_loose", amount=format.money(found.unallocated), share=share))
    else:
        words.append(t("allocation.message_none_loose"))
    page.message(" ".join(words) if page.lang == "en" else "".join(words))


def figures_row(found: AllocationFigures) -> None:
    """Five cards: what stood at clinical departments, what each step brought, what is left over."""
    amounts = {"direct": found.direct, **found.given, "loose": found.unallocated}
    made = [
        cards.Card(t(f"allocation.card_{name}"), amount, format.yuan(), help=_share(amount, found.total))
        for name, amount in amounts.items()
    ]
    cards.row(made, key="allocation_cards")


def _share(amount: Decimal, total: Decimal) -> str | None:
    if not total or amount == total:
        return None
    return f"{t('allocation.of_total')} {format.percent(2).text(amount / total, unit=True)}"


def flow(page: Page, scenario: Scenario, unit: Unit) -> None:
    """The Sankey with its table twin."""
    links = figures.flow(page, scenario)
    names = {**page.board.classes(), OTHERS: t("allocation.others")}
    groups = {names[name]: colour for name, colour in COLOURS.items()}
    with frame.panel(t("allocation.flow"), t("allocation.flow_note", unit=unit.label)):
        rows = [
            {"source": names.get(link.source, link.source), "target": _end(link, names), "value": link.amount}
            for link in links
        ]
        leading = next((link.name for link in links if link.name), "")
        receivers = len({link.target for link in links} - {*COLOURS, OTHERS})
        charts.flow(
            rows, unit=unit, groups=groups, key="flow", height=470,
            alt=t("allocation.flow_alt", count=receivers, name=leading),
        )  # fmt: skip


def _end(link: Link, names: dict[str, str]) -> str:
    return link.name or names.get(link.target, link.target)


def balances(page: Page, scenario: Scenario, unit: Unit, found: AllocationFigures) -> None:
    """Stacked bars: who holds the money before the first step and after each."""
    with frame.panel(t("allocation.balance"), t("allocation.balance_note", unit=unit.label)):
        rows = figures.balances(page, scenario)
        if not figures.steps_fit(page.scope) or not rows:
            st.caption(t("allocation.balance_no"))
            return
        classes = page.board.classes()
        first = min(row.step for row in rows)
        drawn = [
            {"label": label, "part": classes.get(row.dept_class, t("allocation.unallocated")), "value": value}
            for row in rows
            for label, value in (
                *([(t("allocation.start"), row.before)] if row.step == first else []),
                (t("allocation.after", step=row.step), row.after),
            )
        ]
        charts.composition(
            drawn, unit=unit, share=False, alt=t("allocation.balance_alt", total=format.money(found.total))
        )


def proof(found: AllocationFigures) -> None:
    """Each identity with its words and its difference."""
    with frame.panel(t("allocation.proof"), t("allocation.proof_note")):
        for entry in found.proofs:
            place = t("allocation.proof_broken", amount=format.money(entry.difference), place=entry.place)
            mark = ":green[:material/check_circle:]" if entry.ok else ":red[:material/error:]"
            said = t("allocation.proof_ok") if entry.ok else place
            st.markdown(
                f"{mark} **{entry.name}** {word('identities', entry.name)} :gray[{said}]",
                help=f"{entry.name}: {_formula(entry.name)}",
            )


def _formula(name: str) -> str:
    from core.glossary import definition
    from pages._ui.text import lang

    found = definition("identities", name).formula
    return found.of(lang()) if found else ""


def effect(page: Page, found: AllocationFigures, unit: Unit) -> None:
    """Before and after a what-if, largest changes first."""
    moved = sorted((row for row in found.received if row.change), key=_size, reverse=True)[:NUDGE]
    with frame.panel(t("allocation.effect"), t("allocation.effect_note", unit=unit.label)):
        charts.pairs(
            [{"label": row.name, "before": row.before, "after": row.full} for row in moved],
            unit=unit, alt=t("allocation.effect_alt", name=moved[0].name if moved else ""),
        )  # fmt: skip


def _size(row: Received) -> Decimal:
    return abs(row.change or Decimal(0))


__all__ = ["GIVERS", "balances", "effect", "figures_row", "flow", "message", "proof"]
