"""What accepting a file would change: months before and after, the largest changes, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import streamlit as st

from core.batch import Effect
from core.catalog import catalog
from core.intake.reading import Reading
from core.issue import Issue
from pages._ui import format, tables
from pages._ui.text import label, lang, t
from pages._ui.upload.job import Job
from pages._ui.upload.lines import months, plain

STATUS = ("added", "replaced", "unchanged")
_MOST, _SHOWN = 6, 15
_MARK = {"added": "+", "replaced": "↻", "unchanged": "="}


def sentence(reading: Reading, effect: Effect) -> str:
    """The effect in one sentence: what is added, what is replaced, what is refused."""
    parts = []
    for status in STATUS:
        touched = [slot for slot in effect.slots if slot.status == status]
        if touched:
            names = dict.fromkeys(label(catalog().extracts[slot.extract]) for slot in touched)
            rows = sum(slot.rows_after for slot in touched)
            when = months(slot.period for slot in touched)
            parts.append(
                t(f"upload.effect.{status}", extracts=t("upload.and").join(names), months=when,
                  count=len(touched), rows=f"{rows:,}").replace("  ", " ")
            )  # fmt: skip
    refused = sum(part.rows_refused for part in reading.parts)
    if refused:
        amount = sum((part.amount_refused for part in reading.parts if _money(part.extract)), Decimal(0))
        key = "upload.effect.refused" if amount else "upload.effect.refused_rows"
        parts.append(t(key, count=f"{refused:,}", amount=format.money(amount)))
    return t("upload.effect.join").join(parts) + t("upload.effect.stop")


def _money(extract: str | None) -> bool:
    return bool(extract and catalog().extracts[extract].amount)


def show(job: Job, reading: Reading, effect: Effect) -> None:
    """Sentence, warnings, before -> after, the largest changes."""
    st.markdown(f"**{sentence(reading, effect)}**")
    _warnings(effect)
    _slots(job, effect)
    if effect.changes:
        _changes(job, effect)


def _warnings(effect: Effect) -> None:
    lines = [f":orange[:material/warning:] {plain(warned.text(lang()))}" for warned in effect.warnings]
    if lines:
        st.markdown("  \n".join(lines[:_MOST]))


def _slots(job: Job, effect: Effect) -> None:
    count, money = format.number("", 0), format.number("", 2)
    rows = [
        {
            "extract": label(catalog().extracts[slot.extract]),
            "month": format.period(slot.period) if slot.period else t("upload.no_months"),
            "source": slot.source,
            "status": f"{_MARK[slot.status]} {t(f'upload.slot.{slot.status}')}",
            "rows_before": slot.rows_before,
            "rows_after": slot.rows_after,
            "before": slot.measure_before,
            "after": slot.measure_after,
            "difference": _difference(slot.measure_before, slot.measure_after),
        }
        for slot in effect.slots
    ]
    st.markdown(f"**{t('upload.effect.months')}**  :gray[{t('upload.effect.months_note')}]")
    tables.table(
        rows,
        [
            tables.Col("extract", t("upload.extract")),
            tables.Col("month", t("upload.period")),
            tables.Col("source", t("upload.source")),
            tables.Col("status", t("upload.status"), "status"),
            tables.Col("rows_before", t("upload.rows_before"), "number", count),
            tables.Col("rows_after", t("upload.rows_after"), "number", count),
            tables.Col("before", t("upload.amount_before"), "number", money),
            tables.Col("after", t("upload.amount_after"), "number", money),
            tables.Col("difference", t("upload.difference"), "number", money),
        ],
        key=f"slots_{job.id}",
        alt=t("upload.effect.months"),
    )


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if after is None else after - (before or Decimal(0))


def _changes(job: Job, effect: Effect) -> None:
    money = format.number("", 2)
    many = len({(change.extract, change.period) for change in effect.changes}) > 1
    rows = [
        {
            "dept": " ".join(part for part in (change.dept_name, change.dept_code) if part) or None,
            "item": change.item_name or change.item_code or None,
            "month": format.period(change.period) if change.period else "",
            "before": change.before,
            "after": change.after,
            "difference": change.difference,
        }
        for change in effect.changes[:8]
    ]
    st.markdown(f"**{t('upload.effect.largest')}**  :gray[{t('upload.effect.largest_note')}]")
    cols = [tables.Col("dept", t("upload.dept_word")), tables.Col("item", t("upload.item"))]
    cols += [tables.Col("month", t("upload.period"))] if many else []
    cols += [
        tables.Col("before", t("upload.amount_before"), "number", money),
        tables.Col("after", t("upload.amount_after"), "number", money),
        tables.Col("difference", t("upload.difference"), "number", money),
    ]
    tables.table(rows, cols, key=f"changes_{job.id}", alt=t("upload.effect.largest"))


def refused(job: Job, reading: Reading, workbook: Callable[[], bytes]) -> None:
    """Every refused cell with its place, value, reason and way out, and the rows as a workbook to correct."""
    bad = [
        (issue, part.extract) for part in reading.parts for issue in part.issues
        if issue.severity == "refused" and issue.row
    ]  # fmt: skip
    count = sum(part.rows_refused for part in reading.parts)
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":red[:material/block:] **{t('upload.refused.title', count=f'{count:,}')}**"
            f"  :gray[{t('upload.refused.note')}]",
            width="stretch",
        )
        st.download_button(
            t("upload.refused.download"),
            data=workbook,
            file_name=t("upload.refused.file", file=job.name.rsplit(".", 1)[0]) + ".xlsx",
            on_click="ignore",
            icon=":material/download:",
            key=f"{job.id}:refused",
        )
    refused_table(bad)


def refused_table(bad: Sequence[tuple[Issue, str | None]], owners: Sequence[str] = ()) -> None:
    """Issues with a cell each, as a table a person can act on; `owners` adds the file and who imported it."""
    shown = bad[:_SHOWN]
    rows: dict[str, list[str]] = {}
    if owners:
        rows[t("upload.file")] = [plain(issue.file) for issue, _ in shown]
    rows |= {
        t("upload.sheet"): [plain(issue.sheet) for issue, _ in shown],
        t("upload.cell"): [f"{issue.col}{issue.row}" for issue, _ in shown],
        t("upload.column"): [plain(column_label(issue.column, extract)) for issue, extract in shown],
        t("upload.value"): [
            f"**{plain(issue.value)}**" if issue.value else format.MISSING for issue, _ in shown
        ],
        t("upload.reason"): [plain(issue.what(lang())) for issue, _ in shown],
        t("upload.todo"): [plain(issue.todo(lang())) for issue, _ in shown],
    }
    if owners:
        rows[t("upload.owner")] = list(owners[:_SHOWN])
    st.table(rows, border="horizontal", hide_index=True, alt=t("upload.refused.note"))
    if len(bad) > _SHOWN:
        st.caption(t("upload.refused.more", count=len(bad) - _SHOWN))


def column_label(name: str, extract: str | None) -> str:
    """The label of a column of an extract; a heading of the file as it is."""
    columns = catalog().extracts[extract].columns if extract and extract in catalog().extracts else ()
    return next((label(column) for column in columns if column.name == name), name)
