"""The panels of the quality page: coverage, loose money, refused rows, differences, proofs, fallbacks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil

import streamlit as st

from core.batch import Batch
from core.catalog import catalog
from core.glossary import definition
from core.quality import Coverage, Loose, Remark
from pages._ui import format, frame, tables
from pages._ui.quality import fix
from pages._ui.quality.book import refused_book
from pages._ui.quality.facts import Facts
from pages._ui.text import label, lang, t
from pages._ui.upload import effect, people
from pages._ui.upload import history as past
from pages._ui.upload.lines import plain

MARK = {"loaded": "●", "partly": "◐", "carried": "○", "missing": "—"}
_MONTHS, _PAGE, _SHOWN = 13, 10, 15
_WIDTHS = [1.15, 1.7, 1.1, 1.0, 0.6, 0.9, 2.4, 1.2]


def extract_name(name: str) -> str:
    """The label of an extract; the name itself for one that is no longer defined."""
    return label(catalog().extracts[name]) if name in catalog().extracts else name


def matrix(cover: Coverage, period: int) -> None:
    """Extract x month, newest month first; dictionaries in a line of their own."""
    shown = tuple(reversed(cover.periods))[:_MONTHS]
    rows = []
    for name in cover.extracts:
        if not catalog().extracts[name].periodic:
            continue
        cells = {str(month): MARK[cover.of(name, month).state] for month in shown}
        rows.append({"extract": extract_name(name), **cells})
    legend = "   ".join(f"{MARK[state]} {t(f'quality.state.{state}')}" for state in MARK)
    with frame.panel(t("quality.coverage"), t("quality.coverage_note")):
        cols = [tables.Col("extract", t("quality.extract"), width=170)]
        cols += [
            tables.Col(
                str(month),
                format.period(month, "axis") + (" ◂" if month == period else ""),
                "status",
                width=62,
            )
            for month in shown
        ]
        tables.table(rows, cols, key="coverage", alt=t("quality.coverage"))
        lists = [
            f"{MARK[cover.of(name, 0).state]} {extract_name(name)}"
            for name in cover.extracts
            if not catalog().extracts[name].periodic
        ]
        st.caption(f"{legend}  \n{t('quality.dictionaries')} {'   '.join(lists)}")


def loose_money(facts: Facts) -> None:
    """Texts that met no dictionary entry: the money on each, who brought it, where it stands, and the fix."""
    found = facts.loose
    if not found:
        st.markdown(f":green[:material/check_circle:] {t('quality.loose_none')}")
        return
    heads = st.columns(_WIDTHS, vertical_alignment="bottom")
    for place, key in zip(
        heads, ("kind", "written", "extract", "amount", "rows", "owner", "place", "act"), strict=True
    ):
        place.caption(t(f"quality.{key}"))
    pages = ceil(len(found) / _PAGE)
    page = int(st.session_state.get("loose_page") or 1)
    for number, one in enumerate(found[(page - 1) * _PAGE : page * _PAGE]):
        _loose_row(one, f"{page}:{number}")
    if pages > 1:
        st.pagination(pages, key="loose_page")


def _loose_row(one: Loose, key: str) -> None:
    kind, written, extract, amount, rows, owner, place, act = st.columns(_WIDTHS, vertical_alignment="center")
    kind.markdown(f":orange-badge[{t(f'quality.what.{one.what}')}]")
    written.markdown(f"**{plain(one.value) or format.MISSING}**")
    extract.markdown(extract_name(one.extract))
    amount.markdown(format.money(one.amount))
    rows.markdown(f"{one.rows:,}")
    owner.markdown(plain(people.who(one.owner)))
    place.caption(f"{plain(one.file)} · {plain(one.sheet)} · {one.col}{one.row}")
    if one.what == "dept" and act.button(
        t("quality.fix"), key=f"fix:{key}:{one.extract}:{one.value}", icon=":material/link:", type="tertiary"
    ):
        fix.department(one)
    elif one.what != "dept":
        act.caption(t(f"quality.hint.{one.what}"))


def refused_rows(facts: Facts) -> None:
    """Refused cells with place, value, reason and what to do."""
    if not facts.refused:
        st.markdown(f":green[:material/check_circle:] {t('quality.refused_none')}")
        return
    effect.refused_table(
        [(one.issue, one.extract) for one in facts.refused],
        [plain(people.who(one.owner)) for one in facts.refused],
    )
    st.download_button(
        t("upload.refused.download"),
        data=partial(refused_book, facts.refused, lang()),
        file_name=f"{t('quality.refused')}_{facts.period}.xlsx",
        on_click="ignore",
        icon=":material/download:",
        key="quality_refused_file",
    )


def disagreements(facts: Facts) -> None:
    """Totals that a person let pass although they differ, duplicates, codes and names that disagree."""
    found = facts.findings
    if not (found.differences or found.duplicates or found.disagreements):
        st.markdown(f":green[:material/check_circle:] {t('quality.differ_none')}")
        return
    money = format.yuan()
    if found.differences:
        st.markdown(f"**{t('quality.totals')}**")
        tables.table(
            [
                {
                    "extract": extract_name(one.extract), "file": one.file, "label": one.label,
                    "place": f"{one.sheet}!{one.col}{one.row}", "stated": one.stated, "computed": one.computed,
                    "difference": one.difference, "by": people.who(one.by),
                }
                for one in found.differences
            ],
            [
                tables.Col("file", t("quality.file"), width="medium"),
                tables.Col("place", t("upload.place"), width="small"),
                tables.Col("label", t("upload.ask.total_label"), width="small"),
                tables.Col("stated", t("upload.stated"), "number", money),
                tables.Col("computed", t("upload.ask.computed"), "number", money),
                tables.Col("difference", t("upload.ask.difference"), "number", money),
                tables.Col("by", t("quality.passed_by"), width="small"),
            ],
            key="quality_totals",
            alt=t("quality.totals"),
        )  # fmt: skip
    _remarks(t("quality.duplicates"), found.duplicates)
    _remarks(t("quality.disagree"), found.disagreements)


def _remarks(title: str, remarks: Sequence[Remark]) -> None:
    if not remarks:
        return
    st.markdown(f"**{title}**  :gray[{len(remarks)}]")
    shown = remarks[:_SHOWN]
    rows: dict[str, list[str]] = {
        t("quality.file"): [plain(one.issue.file) for one in shown],
        t("upload.place"): [plain(one.issue.place()) for one in shown],
        t("upload.reason"): [plain(one.issue.what(lang())) for one in shown],
        t("upload.todo"): [plain(one.issue.todo(lang())) for one in shown],
        t("quality.owner"): [plain(people.who(one.by)) for one in shown],
    }
    st.table(rows, border="horizontal", hide_index=True, alt=title)
    if len(remarks) > _SHOWN:
        st.caption(t("quality.more", count=len(remarks) - _SHOWN))


def proofs(facts: Facts) -> None:
    """I1 to I5 of the month's allocation."""
    if facts.proof.why or not facts.proof.identities:
        st.markdown(
            f":orange[:material/warning:] {t('quality.not_allocated')} :gray[{plain(facts.proof.why)}]"
        )
        return
    rows: dict[str, list[str]] = {
        t("quality.identity"): [
            f"**{row.name}** {label(definition('identities', row.name))}" for row in facts.proof.identities
        ],
        t("quality.formula"): [label(definition("identities", row.name).formula) for row in facts.proof.identities],
        t("quality.result"): [
            f":green[:material/check_circle:] {t('quality.holds')}" if row.ok else
            f":red[:material/error:] {t('quality.off', amount=format.money(row.difference), place=row.place)}"
            for row in facts.proof.identities
        ],
    }  # fmt: skip
    st.table(rows, border="horizontal", hide_index=True, alt=t("quality.proofs"))


def fallbacks(facts: Facts) -> None:
    """Where another driver than the first choice was used, and money that found none."""
    if not facts.proof.fallbacks:
        st.markdown(f":green[:material/check_circle:] {t('quality.fallback_none')}")
        return

    def named(driver: str) -> str:
        return t("quality.unallocated") if driver == "unallocated" else label(definition("drivers", driver))

    tables.table(
        [
            {
                "dept": f"{row.dept_name} {row.dept_code}", "step": t("quality.step_no", step=row.step),
                "item": label(catalog().term("cost_items", row.item_class)),
                "wanted": named(row.wanted), "used": named(row.used),
                "planned": t("quality.planned" if row.planned else "quality.unplanned"), "amount": row.amount,
            }
            for row in facts.proof.fallbacks
        ],
        [
            tables.Col("dept", t("upload.dept_word")),
            tables.Col("step", t("quality.step")),
            tables.Col("item", t("upload.item")),
            tables.Col("wanted", t("quality.wanted")),
            tables.Col("used", t("quality.used")),
            tables.Col("planned", t("quality.why_other")),
            tables.Col("amount", t("quality.amount"), "money", format.yuan()),
        ],
        key="quality_fallbacks",
        alt=t("quality.fallbacks"),
        download=t("quality.fallbacks"),
    )  # fmt: skip


def imports(batches: Sequence[Batch]) -> None:
    """The last batches; the upload page holds them all."""
    rows: dict[str, list[str]] = {
        t("upload.history.when"): [format.stamp(one.at.astimezone()) for one in batches],
        t("upload.history.who"): [plain(people.importer(one)) for one in batches],
        t("upload.history.file"): [plain(one.name) for one in batches],
        t("upload.history.what"): [plain(past.what(one)) for one in batches],
        t("upload.history.status"): [t(f"upload.history.{one.status}") for one in batches],
    }
    st.table(rows, border="horizontal", hide_index=True, alt=t("quality.imports"))
    if st.button(t("quality.to_upload"), type="tertiary", icon=":material/upload:", key="quality_upload"):
        st.switch_page("pages/data/upload.py")
