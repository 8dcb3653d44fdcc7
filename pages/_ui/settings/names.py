"""What people confirmed once and the program remembers: department spellings, headings of files."""

from __future__ import annotations

from math import ceil

import streamlit as st

from core.catalog import catalog
from core.settings import Heading, Settings, drop_aliases, forget_heading, set_aliases
from core.store import Snapshot
from pages._ui import format
from pages._ui.text import label, t
from pages._ui.upload import departments, people, work
from pages._ui.upload.lines import plain

PAGE = 12
_ALIAS = [1.0, 1.8, 2.2, 1.0, 1.2, 0.9]
_HEADING = [1.4, 3.6, 1.0, 1.2, 0.9]


def aliases(code: str, settings: Settings, snapshot: Snapshot) -> None:
    """Spelling -> department, with who said so and when; add one, forget one."""
    known = work.departments()
    words = {key: text for key, text in departments.options_of(known).items() if key}
    with st.form("alias_form", border=False):
        raw_code, raw_name, means, act = st.columns([1, 1.6, 2, 0.8], vertical_alignment="bottom")
        given_code = raw_code.text_input(t("settings.aliases.raw_code"), key="alias_code")
        given_name = raw_name.text_input(t("settings.aliases.raw_name"), key="alias_name")
        picked = means.selectbox(
            t("settings.aliases.means"), list(words), index=None, format_func=lambda one: words.get(one, one),
            key="alias_means", filter_mode="contains", placeholder=t("quality.fix_pick"),
        )  # fmt: skip
        sent = act.form_submit_button(t("settings.aliases.add"), icon=":material/add:", type="primary")
    if sent and picked and ((given_code or "").strip() or (given_name or "").strip()):
        row = ((given_code or "").strip(), (given_name or "").strip(), picked)
        set_aliases(work.store(), code, [row], actor=people.actor(), at=people.now())
        _saved("settings.aliases.added")
    elif sent:
        st.caption(t("settings.aliases.incomplete"))
    if not settings.aliases:
        st.caption(t("settings.aliases.none"))
        return
    heads = st.columns(_ALIAS, vertical_alignment="bottom")
    for place, key in zip(heads, ("raw_code", "raw_name", "means", "who", "when", "act"), strict=True):
        place.caption(t(f"settings.aliases.{key}"))
    page = _page("alias_page", len(settings.aliases))
    for number, alias in enumerate(settings.aliases[(page - 1) * PAGE : page * PAGE]):
        cells = st.columns(_ALIAS, vertical_alignment="center")
        cells[0].markdown(plain(alias.raw_code) or format.MISSING)
        cells[1].markdown(f"**{plain(alias.raw_name) or format.MISSING}**")
        gone = f":red[{t('settings.aliases.gone')}]"
        cells[2].markdown(
            plain(words[alias.dept_code]) if alias.dept_code in words else f"{plain(alias.dept_code)} {gone}"
        )
        cells[3].markdown(plain(people.who(alias.by)))
        cells[4].caption(format.stamp(alias.at.astimezone()))
        if cells[5].button(
            t("settings.forget"),
            key=f"alias_forget_{page}_{number}",
            type="tertiary",
            icon=":material/delete:",
        ):
            spelling = (alias.raw_code, alias.raw_name)
            drop_aliases(work.store(), code, [spelling], actor=people.actor(), at=people.now())
            _saved("settings.aliases.dropped")
    _pages("alias_page", len(settings.aliases))


def headings(code: str, settings: Settings) -> None:
    """Headings of files that were confirmed, by shape; forgetting one means it is asked again."""
    if not settings.headings:
        st.caption(t("settings.headings.none"))
        return
    heads = st.columns(_HEADING, vertical_alignment="bottom")
    for place, key in zip(heads, ("extract", "columns", "who", "when", "act"), strict=True):
        place.caption(t(f"settings.headings.{key}"))
    page = _page("heading_page", len(settings.headings))
    for heading in settings.headings[(page - 1) * PAGE : page * PAGE]:
        cells = st.columns(_HEADING, vertical_alignment="center")
        known = heading.extract in catalog().extracts
        cells[0].markdown(
            f"**{label(catalog().extracts[heading.extract]) if known else plain(heading.extract)}**"
        )
        cells[1].caption(_columns(heading))
        cells[2].markdown(plain(people.who(heading.by)))
        cells[3].caption(format.stamp(heading.at.astimezone()))
        if cells[4].button(
            t("settings.forget"),
            key=f"heading_forget_{heading.shape}",
            type="tertiary",
            icon=":material/delete:",
        ):
            forget_heading(work.store(), code, heading.shape, actor=people.actor(), at=people.now())
            _saved("settings.headings.dropped")
    _pages("heading_page", len(settings.headings))


def _columns(heading: Heading) -> str:
    extract = catalog().extracts.get(heading.extract)
    labels = {column.name: label(column) for column in extract.columns} if extract else {}
    pairs = [
        f"{plain(str(text))} → {labels.get(str(column), str(column))}"
        for text, column in (heading.plan.get("columns") or {}).items()
        if column
    ]
    return t("upload.comma").join(pairs)


def _saved(key: str) -> None:
    work.derive()
    st.toast(t(key), icon=":material/check:")
    st.rerun()


def _page(key: str, count: int) -> int:
    return min(int(st.session_state.get(key) or 1), max(1, ceil(count / PAGE)))


def _pages(key: str, count: int) -> None:
    if count > PAGE:
        st.pagination(ceil(count / PAGE), key=key)
