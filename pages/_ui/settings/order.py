"""The order of a step-down, edited in place: which department gives when, by which driver, which cost items."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.allocation import Policy, Step
from core.allocation.policy import STANDARD_DRIVERS
from core.catalog import catalog
from core.derived.inputs import steps_in_force
from core.glossary import definition
from core.store import Snapshot
from core.warehouse import Staging
from pages._ui.text import label, lang, t

COLUMNS = ("level", "source", "driver", "items")


def edited(policy: Policy, staging: Staging, code: str, snapshot: Snapshot) -> Policy:
    """`policy` with the steps as the grid has them; without changes, as it was."""
    months = staging.periods(code)
    if not months:
        return policy
    held = policy.order or steps_in_force(staging, code, max(months), policy)
    names = dict(
        staging.query(
            "select dept_code, dept_name from stg_dept where hospital = ? and dept_class <> 'clinical' order by 1",
            [code],
        )
    )
    st.caption(t("settings.allocation.order_note"))
    made = _steps(_grid(held, names, snapshot))
    if made == _levelled(held):
        return policy
    sources = [step.source for step in made]
    return replace(policy, order=made, reopen=len(set(sources)) < len(sources))


def _grid(held: tuple[Step, ...], names: dict[str, str], snapshot: Snapshot) -> list[dict[str, Any]]:
    make = st.column_config
    drivers = {name: label(definition("drivers", name)) for name in STANDARD_DRIVERS}
    items = catalog().labels("cost_items", lang())
    frame = pd.DataFrame(
        [
            {"level": step.level, "source": step.source, "driver": step.driver, "items": list(step.items)}
            for step in _levelled(held)
        ],
        columns=list(COLUMNS),
    )
    given: Any = st.data_editor(
        frame,
        key=f"policy_order_{snapshot.id}",
        num_rows="dynamic",
        hide_index=True,
        height=min(460, 38 + 35 * (len(held) + 2)),
        alt=t("settings.allocation.order"),
        column_config={
            "level": make.NumberColumn(t("settings.allocation.level"), min_value=1, step=1, required=True, width="small"),
            "source": make.SelectboxColumn(
                t("settings.allocation.source"), options=list(names), required=True,
                format_func=lambda one: f"{names.get(one, one)} {one}",
            ),
            "driver": make.SelectboxColumn(
                t("settings.allocation.by"), options=["", *drivers],
                format_func=lambda one: drivers.get(one) or t("settings.allocation.by_rule"), default="",
            ),
            "items": make.MultiselectColumn(
                t("settings.allocation.items"), options=list(items), format_func=lambda one: items.get(one, one),
                help=t("settings.allocation.items_help"),
            ),
        },
    )  # fmt: skip
    found: list[dict[str, Any]] = given.to_dict("records")
    return found


def _levelled(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps with a number each: as they stand, or one after another where they have none."""
    return tuple(
        replace(step, level=float(number) if step.level is None else step.level)
        for number, step in enumerate(steps, 1)
    )


def _steps(rows: list[dict[str, Any]]) -> tuple[Step, ...]:
    """The lines of the grid that name a department and a number, in the order of their numbers."""
    made = []
    for row in rows:
        level, source = row.get("level"), row.get("source")
        if not isinstance(source, str) or not source or level is None or pd.isna(level):
            continue
        driver, items = row.get("driver"), row.get("items")
        made.append(
            Step(
                source,
                driver if isinstance(driver, str) else "",
                tuple(items) if isinstance(items, list | tuple) else (),
                float(level),
            )
        )
    return tuple(sorted(made, key=lambda step: step.level or 0.0))
