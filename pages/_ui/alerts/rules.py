"""What each rule says, with its limit, since when, and what it found; a limit is changed here with a reason."""

from __future__ import annotations

import streamlit as st

from core.alerts import Case, Inbox, Rule, Tested, definition, formula, rules, scope_word
from core.catalog import catalog
from core.parameters import held, parameter, set_parameter, value
from core.settings import Settings
from pages._ui import format, frame, tables
from pages._ui.alerts import words, work
from pages._ui.states import guard
from pages._ui.tables import Col
from pages._ui.text import label, lang, t
from pages._ui.upload.people import actor, now

_NONE = Tested(0, 0)


def draw(page: frame.Page, box: Inbox) -> None:
    """One line per case; the menu opens it or changes its limit."""
    settings = work.settings(page.hospital)
    rows = [_row(rule, case, settings, page.period, box) for rule in rules().values() for case in rule.cases]
    cols = [
        Col("rule", t("alerts.col.rule"), width=230), Col("formula", t("alerts.col.formula"), width=400),
        Col("level", t("alerts.col.level"), "status", width=120), Col("owners", t("alerts.col.owner"), width=180),
        Col("open", t("alerts.col.open"), "number", format.number(), width=70),
        Col("tested", t("alerts.col.tested"), width=210),
    ]  # fmt: skip
    st.caption(t("alerts.rules_note"))
    click = tables.table(
        rows,
        cols,
        key="alert_rules",
        alt=t("alerts.view.rules"),
        actions=("open", "limit"),
        height=tables.HEAD + tables.ROW * 13 + 2,
    )
    if click is not None:
        _open(page, definition().cases[click.row["name"]], settings, change=click.action == "limit")


def _row(rule: Rule, case: Case, settings: Settings, period: int, box: Inbox) -> dict[str, object]:
    tested = box.found.tested.get(case.name, _NONE) if box.found else _NONE
    if case.kind == "age":
        said = t("alerts.tested.always")
    elif not tested.tested:
        names = t("alerts.and").join(label(catalog().extracts[name]) for name in case.needs)
        said = t("alerts.tested.nothing", needs=names)
    else:
        said = t("alerts.tested.some", tested=f"{tested.tested:,}", short=f"{tested.short:,}")
    return {
        "rule": f"{rule.number} {label(rule.label)} · {scope_word(case, lang())}", "formula": formula(case, settings, period, lang()),
        "level": " / ".join(words.level(name) for _, name in case.limits), "owners": words.role_names(case),
        "open": sum(a.open and a.run.name == case.name for a in box.alerts), "tested": said, "name": case.name,
    }  # fmt: skip


def _open(page: frame.Page, found: tuple[Rule, Case], settings: Settings, *, change: bool) -> None:
    rule, case = found

    @st.dialog(f"{rule.number} {label(rule.label)}", width=760, position="right", icon=":material/rule:")
    def opened() -> None:
        with guard():
            st.markdown(label(rule.about))
            with st.container(border=True):
                st.markdown(formula(case, settings, page.period, lang()))
            for line in words.limit_lines(case, settings, page.period):
                st.caption(line)
            st.caption(t("alerts.owned_rule", roles=words.role_names(case), due=case.due))
            st.caption(
                t(
                    "alerts.source",
                    source=f"{label(rule.source)} · {t('alerts.status.' + rule.status.replace(' ', '_'))}",
                )
            )
            _change(page, case, settings, open_now=change)

    opened()


def _change(page: frame.Page, case: Case, settings: Settings, *, open_now: bool) -> None:
    """Another value from a month on, with a reason; a batch in the history, undone like any."""
    with (
        st.expander(t("alerts.change.title"), expanded=open_now, icon=":material/edit:"),
        st.form("limit_form", border=False),
    ):
        names = {name: label(parameter(name).label) for name in case.parameters}
        name = st.selectbox(
            t("alerts.change.which"), list(names), format_func=names.__getitem__, key="limit_name"
        )
        one = parameter(name)
        now_held = held(settings, name, page.period)
        given = st.text_input(
            t("alerts.change.value", unit=t(f"alerts.change.unit.{_kind(one.unit)}")),
            value="" if now_held is None or now_held.value is None else _shown(one.unit, name, settings, page.period),
            key=f"limit_value_{name}",
        )  # fmt: skip
        since = st.text_input(t("alerts.change.since"), value=str(page.period), key="limit_since")
        why = st.text_input(t("alerts.change.why"), key="limit_why")
        if st.form_submit_button(t("alerts.change.save"), icon=":material/check:", type="primary"):
            text, month = (given or "").strip(), (since or "").strip()
            number = _typed(one.unit, text)
            set_parameter(
                work.store(),
                page.hospital,
                name,
                number,
                int(month) if month.isdigit() else 0,
                why=why or "",
                actor=actor(),
                at=now(),
            )
            st.toast(t("alerts.change.done"), icon=":material/check:")
            st.rerun()


def _kind(unit: str) -> str:
    return "percent" if unit in ("percent", "points") else "choice" if unit == "choice" else "plain"


def _shown(unit: str, name: str, settings: Settings, period: int) -> str:
    """As a person writes it: 15 for 15 %."""
    number = value(settings, name, period)
    if number is None:
        return ""
    scaled = number * 100 if _kind(unit) == "percent" else number
    return f"{scaled.normalize():f}"


def _typed(unit: str, text: str) -> str | None:
    """A ratio from per cent; what is no number is left for the check to name. Empty means not decided."""
    if not text:
        return None
    bare = text.rstrip("%\N{FULLWIDTH PERCENT SIGN} ")
    if _kind(unit) != "percent":
        return bare
    whole, _, rest = bare.partition(".")
    if not (whole + rest).isdigit():
        return text
    digits = (whole + rest).rjust(len(rest) + 3, "0")
    cut = len(digits) - len(rest) - 2
    return f"{digits[:cut] or '0'}.{digits[cut:]}"
