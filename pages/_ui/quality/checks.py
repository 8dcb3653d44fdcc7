"""Payroll against the ledger and charged prices against the price list, line by line."""

from __future__ import annotations

import streamlit as st

from core.quality import MOST
from pages._ui import format, tables
from pages._ui.quality.facts import Facts
from pages._ui.text import t


def against(facts: Facts) -> None:
    """Where two systems do not say the same of the same money."""
    found = facts.checks
    if not found.shown:
        st.markdown(t("quality.checks_none"))
        return
    if found.count > len(found.shown):
        st.caption(t("quality.checks_more", shown=len(found.shown), count=found.count, most=MOST))
    tables.table(
        [
            {
                "kind": t(f"quality.check_{row.kind}"), "name": f"{row.name or ''} {row.code}".strip(),
                "expected": row.expected, "found": row.found, "difference": row.difference,
            }
            for row in found.shown
        ],
        [
            tables.Col("kind", t("quality.check")),
            tables.Col("name", t("quality.check_what")),
            tables.Col("expected", t("quality.check_expected"), "number", format.number("", 2)),
            tables.Col("found", t("quality.check_found"), "number", format.number("", 2)),
            tables.Col("difference", t("quality.check_difference"), "money", format.yuan()),
        ],
        key="quality_checks",
        alt=t("quality.checks"),
        download=t("quality.checks"),
    )  # fmt: skip
