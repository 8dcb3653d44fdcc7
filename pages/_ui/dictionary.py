"""The pieces of the dictionary page: search box, sections, one readable table per kind, columns of an extract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.catalog import Column, Extract, catalog
from core.export import template_workbook
from core.glossary import Entry, search
from pages._ui import frame, url
from pages._ui.text import label, lang, t

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "extracts": ("extract",),
    "classes": ("cost_item", "dept_class", "scope", "fund_layer"),
    "measures": ("measure",),
    "allocation": ("method", "step", "driver"),
    "identities": ("identity",),
    "problems": ("issue",),
}
# What each kind of entry says beside its name.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "extract": ("about", "status"),
    "cost_item": ("also",),
    "dept_class": ("also",),
    "scope": ("formula",),
    "fund_layer": ("also",),
    "measure": ("formula", "unit", "better", "source", "status"),
    "method": ("about", "source", "status"),
    "step": ("formula", "about", "source"),
    "driver": ("formula", "unit", "source", "status"),
    "identity": ("formula", "about"),
    "issue": ("severity", "about"),
}
_MOST_ALIASES = 8


def ask() -> str:
    """Draw the search box; return what was typed."""
    return st.text_input(
        t("dictionary.search"),
        type="search",
        live=True,
        key="dictionary_search",
        placeholder=t("dictionary.search_hint"),
        label_visibility="collapsed",
        persist_state="session",
    ) or ""  # fmt: skip


def section() -> str:
    """Draw the choice of section; return its name. It lives in the URL."""
    names = [name for name, kinds in SECTIONS.items() if search("", kinds)]
    url.seed("section", names, names[0])
    words = {name: f"{t(f'dictionary.{name}')} :gray[{len(search('', SECTIONS[name]))}]" for name in names}
    st.segmented_control(
        t("dictionary.section"),
        names,
        format_func=words.__getitem__,
        key="section",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    url.publish("section", st.session_state["section"], names[0])
    chosen: str = st.session_state["section"]
    return chosen


def found(words: str) -> None:
    """Everything that holds the words, by section."""
    hits = {name: search(words, kinds) for name, kinds in SECTIONS.items()}
    total = sum(len(entries) for entries in hits.values())
    st.markdown(
        t("dictionary.found", count=total, words=words) if total else t("dictionary.none", words=words)
    )
    for name, entries in hits.items():
        if entries:
            with frame.panel(t(f"dictionary.{name}"), t("dictionary.count", count=len(entries))):
                _kinds(entries)


def show(name: str) -> None:
    """One section in full; extracts with the columns of the chosen one."""
    if name == "extracts":
        with frame.panel(t("dictionary.extracts"), t("dictionary.extracts_note")):
            _kinds(search("", SECTIONS[name]))
        _extract(_choose_extract())
        return
    for kind in SECTIONS[name]:
        with frame.panel(t(f"dictionary.kind.{kind}"), t(f"dictionary.note.{kind}")):
            _table(kind, search("", [kind]))


def _kinds(entries: Sequence[Entry]) -> None:
    for kind in dict.fromkeys(entry.kind for entry in entries):
        _table(kind, [entry for entry in entries if entry.kind == kind])


def _table(kind: str, entries: Sequence[Entry]) -> None:
    fields = _FIELDS[kind]
    rows: dict[str, list[str]] = {t(f"dictionary.name.{kind}"): [_name(entry) for entry in entries]}
    for field in fields:
        head = "dictionary.todo" if kind == "issue" and field == "about" else f"dictionary.field.{field}"
        rows[t(head)] = [_cell(entry, field) for entry in entries]
    st.table(rows, border="horizontal", hide_index=True, alt=t(f"dictionary.kind.{kind}"))


def _name(entry: Entry) -> str:
    if entry.kind == "extract":
        return f"**{label(entry.label)}**  :gray[{catalog().extracts[entry.code].number}]"
    if entry.kind == "identity":
        return f"**{entry.code}** {label(entry.label)}"
    return label(entry.label) if entry.kind == "issue" else f"**{label(entry.label)}**"


def _cell(entry: Entry, field: str) -> str:
    if field == "also":
        return _words(entry.also)
    if field == "severity":
        return t(f"dictionary.severity.{entry.better}")
    if field == "status":
        return t(f"dictionary.status.{entry.status.replace(' ', '_')}") if entry.status else ""
    if field == "better":
        return t(f"dictionary.better.{entry.better}") if entry.better else ""
    return label(getattr(entry, field))


def _words(also: Sequence[str]) -> str:
    shown = t("dictionary.comma").join(also[:_MOST_ALIASES])
    return shown if len(also) <= _MOST_ALIASES else t("dictionary.and_more", words=shown, count=len(also))


def _choose_extract() -> Extract:
    names = list(catalog().extracts)
    words = {name: f"{one.number} {label(one)}" for name, one in catalog().extracts.items()}
    url.seed("extract", names, names[0])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("dictionary.which"),
            names,
            format_func=words.__getitem__,
            key="extract",
            width=340,
            filter_mode="contains",
            persist_state="session",
        )
        chosen = catalog().extracts[st.session_state["extract"]]
        st.download_button(
            t("dictionary.template"),
            data=partial(template_workbook, chosen.name, lang()),
            file_name=f"{chosen.number}_{label(chosen)}.xlsx",
            on_click="ignore",
            icon=":material/download:",
            key=f"dictionary_template_{chosen.name}",
        )
    url.publish("extract", chosen.name, names[0])
    return chosen


def _extract(extract: Extract) -> None:
    needed = {name for group in extract.requires for name in group}
    rows: dict[str, list[str]] = {
        t("dictionary.column"): [f"**{label(column)}**" for column in extract.columns],
        t("dictionary.type"): [_type(column) for column in extract.columns],
        t("dictionary.needed"): [_need(column.name, extract, needed) for column in extract.columns],
        t("dictionary.understood"): [_words(column.aliases) for column in extract.columns],
    }
    note = t("dictionary.carried") if extract.carry_forward else t(
        "dictionary.monthly" if extract.periodic else "dictionary.list"
    )  # fmt: skip
    with frame.panel(f"{extract.number} {label(extract)}", note):
        st.table(rows, border="horizontal", hide_index=True, alt=label(extract))


def _type(column: Column) -> str:
    words = t(f"dictionary.types.{column.type}")
    if column.type != "choice":
        return words
    return t(
        "dictionary.choice_of", words=_words([term.brief(lang()) for term in catalog().terms[column.of]])
    )


def _need(name: str, extract: Extract, needed: set[str]) -> str:
    if name not in needed:
        return ""
    group = next(group for group in extract.requires if name in group)
    if len(group) == 1:
        return t("dictionary.required")
    others = [label(extract.column(other)) for other in group if other != name]
    return t("dictionary.required_or", others=t("dictionary.comma").join(others))
