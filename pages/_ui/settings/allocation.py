"""Method and drivers of the allocation: what is used, what it means, what another choice would do, and saving it."""

from __future__ import annotations

import json
from dataclasses import replace

import streamlit as st

from core.allocation import UNMAPPED, AllocationError, Policy
from core.allocation.policy import METHODS, STANDARD_DRIVERS
from core.catalog import catalog
from core.derived.inputs import policy_of
from core.glossary import definition
from core.policy_effect import GIVING, PolicyEffect, Shift, policy_effect
from core.settings import set_allocation
from core.store import Snapshot
from core.warehouse import Staging, open_staging
from pages._ui import format, tables
from pages._ui.settings import order
from pages._ui.text import label, lang, t
from pages._ui.upload import people, work
from pages._ui.upload.lines import plain


def show(code: str, snapshot: Snapshot) -> None:
    """The choice, its effect on the newest month, save and back to the statutory default."""
    staging = open_staging(work.store(), snapshot)
    current = policy_of(staging, code)
    chosen = _choose(current, snapshot, staging, code)
    months = staging.periods(code)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            t("settings.allocation.preview"),
            icon=":material/compare_arrows:",
            disabled=not months,
            key="policy_preview",
        ):
            st.session_state["policy_previewed"] = (snapshot.id, chosen.to_json())
        if st.button(
            t("settings.save"),
            type="primary",
            icon=":material/save:",
            disabled=chosen == current,
            key="policy_save",
        ):
            set_allocation(
                work.store(), code, json.loads(chosen.to_json()), actor=people.actor(), at=people.now()
            )
            _saved()
        if st.button(
            t("settings.allocation.default"), type="tertiary", icon=":material/restart_alt:", key="policy_default",
            disabled=current == Policy(),
        ):  # fmt: skip
            set_allocation(work.store(), code, None, actor=people.actor(), at=people.now())
            _saved()
        st.caption(t("settings.allocation.whatif"))
    if months and st.session_state.get("policy_previewed") == (snapshot.id, chosen.to_json()):
        try:
            _effect(policy_effect(work.store(), snapshot, code, max(months), chosen))
        except AllocationError as problem:
            st.warning(plain(str(problem)), icon=":material/info:")


def _saved() -> None:
    work.derive()
    st.toast(t("settings.saved"), icon=":material/save:")
    st.rerun()


def _choose(current: Policy, snapshot: Snapshot, staging: Staging, code: str) -> Policy:
    methods = {name: label(definition("methods", name)) for name in METHODS}
    method = st.selectbox(
        t("settings.allocation.method"), METHODS, index=METHODS.index(current.method), format_func=methods.__getitem__,
        key=f"policy_method_{snapshot.id}", width=420,
    )  # fmt: skip
    st.caption(label(definition("methods", method).about))
    drivers = {name: label(definition("drivers", name)) for name in STANDARD_DRIVERS}
    made = replace(current, method=method, order=current.order if method == current.method else ())
    for kind in GIVING:
        step = definition("steps", kind)
        rule = current.rule(kind)
        with st.container(border=True, gap="xsmall"):
            first, last = st.columns([3, 2], gap="small")
            picked = first.multiselect(
                label(step), STANDARD_DRIVERS, default=[name for name in rule.drivers if name in drivers],
                format_func=drivers.__getitem__, key=f"policy_{kind}_{snapshot.id}", help=label(step.formula),
            )  # fmt: skip
            spare = last.multiselect(
                t("settings.allocation.fallbacks"), STANDARD_DRIVERS,
                default=[name for name in rule.fallbacks if name in drivers], format_func=drivers.__getitem__,
                key=f"policy_spare_{kind}_{snapshot.id}", help=t("settings.allocation.fallbacks_help"),
                placeholder=t("settings.allocation.unallocated"),
            )  # fmt: skip
            st.caption(_words(picked or list(rule.drivers), drivers))
        changed = replace(rule, drivers=tuple(picked) or rule.drivers, fallbacks=tuple(spare))
        made = made.with_rule(kind, changed)
    return order.edited(made, staging, code, snapshot) if method == "step_down" else made


def _words(picked: list[str], drivers: dict[str, str]) -> str:
    """The order of preference, then what each means and which extract it is read from."""
    lines = []
    for number, name in enumerate(picked, 1):
        one = definition("drivers", name)
        source = label(catalog().extracts[one.extract]) if one.extract else ""
        lines.append(
            t("settings.allocation.driver", number=number, name=drivers[name], formula=label(one.formula),
              unit=label(one.unit), source=source)
        )  # fmt: skip
    return "  \n".join(lines)


def _effect(found: PolicyEffect) -> None:
    unit = format.money_unit([one.before for one in found.departments])
    moved = format.money(found.moved)
    key = "settings.allocation.moved" if found.moved else "settings.allocation.unmoved"
    st.markdown(f"**{t(key, month=format.period(found.period), amount=moved)}**")
    cols = [
        tables.Col("name", t("settings.allocation.receiver")),
        tables.Col("before", t("settings.allocation.before"), "money", unit),
        tables.Col("after", t("settings.allocation.after"), "money", unit),
        tables.Col("difference", t("upload.difference"), "money", unit),
    ]
    left, right = st.columns(2)
    with left:
        st.caption(t("settings.allocation.by_class"))
        rows = [
            {"name": _group(one.code), "before": one.before, "after": one.after, "difference": one.difference}
            for one in found.groups
        ]
        tables.table(rows, cols, key="policy_groups", alt=t("settings.allocation.by_class"))
    with right:
        st.caption(t("settings.allocation.by_dept"))
        rows = [
            {
                "name": _receiver(one),
                "before": one.before,
                "after": one.after,
                "difference": one.difference,
            }
            for one in found.departments[:10]
        ]
        tables.table(rows, cols, key="policy_departments", alt=t("settings.allocation.by_dept"))


def _receiver(one: Shift) -> str:
    return t("settings.allocation.unmapped") if one.code == UNMAPPED else f"{one.name} {one.code}"


def _group(code: str) -> str:
    if code == "unallocated":
        return t("quality.unallocated")
    kind, _, care = code.partition(" ")
    classes = {term.name: term.brief(lang()) for term in catalog().terms["dept_classes"]}
    words = [classes.get(kind, kind)]
    if care not in ("", "none"):
        words.append(catalog().labels("care_settings", lang()).get(care, care))
    return " · ".join(words)
