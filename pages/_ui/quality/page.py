"""The quality page, top to bottom: verdict, four figures, coverage, then one list at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

import streamlit as st

from core.batch import history
from pages._ui import cards, format, frame, states, url
from pages._ui.cards import Card
from pages._ui.quality import panels
from pages._ui.quality.checks import against
from pages._ui.quality.facts import Facts, facts, months
from pages._ui.text import t
from pages._ui.upload import work

TABS = ("loose", "refused", "differ", "checks", "proofs", "fallbacks", "imports")


def draw(page: frame.Page) -> None:
    """Draw the page for the month chosen in the filter, the newest one by default."""
    hospital = page.hospital or work.desk().hospital
    cover = months(hospital)
    if not cover.periods:
        states.empty(title=t("quality.empty"), more=t("quality.empty_more"))
        return
    period = page.period if page.period in cover.periods else max(cover.periods)
    found = facts(hospital, period)
    page.message(verdict(found))
    _cards(found)
    panels.matrix(cover, period)
    _lists(found, hospital)


def verdict(found: Facts) -> str:
    """Whether the month can be used, and what to do first."""
    trust, month = found.trust, format.period(found.period)
    reasons = []
    if trust.missing:
        names = t("upload.and").join(panels.extract_name(name) for name in trust.missing)
        reasons.append(t("quality.because.missing", extracts=names))
    if trust.broken:
        reasons.append(t("quality.because.broken", names=t("upload.and").join(trust.broken)))
    if found.loose:
        reasons.append(
            t("quality.because.loose", amount=format.money(trust.unmapped), count=len(found.loose))
        )
    if trust.refused:
        reasons.append(t("quality.because.refused", count=trust.refused))
    if trust.differences:
        reasons.append(t("quality.because.differences", count=trust.differences))
    return t(f"quality.verdict.{trust.verdict}", month=month, reasons=t("upload.effect.join").join(reasons))


def _cards(found: Facts) -> None:
    trust = found.trust
    holds = [one for one in found.proof.identities if one.ok]
    share = format.percent(2).text(trust.unmapped / found.proof.cost, unit=True) if found.proof.cost else ""
    label = t("quality.card.unmapped_of", share=share) if share else t("quality.card.unmapped")
    cards.row(
        [
            Card(label, trust.unmapped, format.yuan(), "lower"),
            Card(t("quality.card.refused"), trust.refused, format.count("rows"), "lower"),
            Card(t("quality.card.differences"), trust.differences, format.number(t("quality.card.places")), "lower"),
            Card(
                t("quality.card.identities"), Decimal(len(holds)) if found.proof.identities else None,
                format.number(t("quality.card.of", count=len(found.proof.identities))), "higher",
                reason=t("quality.not_allocated"),
            ),
        ],
        key="quality",
    )  # fmt: skip


def _lists(found: Facts, hospital: str) -> None:
    counts: Mapping[str, int | None] = {
        "loose": len(found.loose),
        "refused": len(found.refused),
        "differ": sum(
            map(len, (found.findings.differences, found.findings.duplicates, found.findings.disagreements))
        ),
        "checks": found.checks.count,
        "proofs": None,
        "fallbacks": len(found.proof.fallbacks),
        "imports": None,
    }
    words = {
        name: t(f"quality.{name}") + (f" :gray[{counts[name]}]" if counts[name] is not None else "")
        for name in TABS
    }
    url.seed("list", TABS, TABS[0])
    st.segmented_control(
        t("quality.lists"), TABS, format_func=words.__getitem__, key="list", required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    chosen = st.session_state["list"]
    url.publish("list", chosen, TABS[0])
    draws: Mapping[str, Callable[[], None]] = {
        "loose": partial(panels.loose_money, found),
        "refused": partial(panels.refused_rows, found),
        "differ": partial(panels.disagreements, found),
        "checks": partial(against, found),
        "proofs": partial(panels.proofs, found),
        "fallbacks": partial(panels.fallbacks, found),
        "imports": lambda: panels.imports(history(work.store(), work.snapshot(), hospital)[:8]),
    }
    with frame.panel(t(f"quality.{chosen}"), t(f"quality.{chosen}_note")):
        draws[chosen]()
