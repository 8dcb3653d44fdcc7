"""One line that says what a file is and how it stands, and the table of what was read from each sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import streamlit as st

from core.catalog import Extract, catalog
from core.intake.reading import IGNORED, REFUSED, Part, Reading
from core.issue import Issue
from pages._ui import format, tables
from pages._ui.text import has, label, lang, t
from pages._ui.upload.job import Job

COLOUR = {
    "waiting": "gray", "question": "orange", "ready": "green", "refused": "red",
    "duplicate": "gray", "accepted": "blue",
}  # fmt: skip
ICON = {
    "waiting": "hourglass_empty", "question": "help", "ready": "check_circle", "refused": "block",
    "duplicate": "content_copy", "accepted": "inventory_2",
}  # fmt: skip
_MOST_ISSUES = 12


def headline(job: Job, questions: int) -> str:
    """State, name, kind, extracts, months, rows, amount and control total of a file, as one line of Markdown."""
    state = job.state(questions)
    words = t(f"upload.state.{state}", count=questions)
    line = f":{COLOUR[state]}-badge[:material/{ICON[state]}: {words}] **{plain(job.name)}**"
    return f"{line}  :gray[{summary(job.reading)}]" if job.reading else line


def plain(text: str) -> str:
    """File text inside Markdown: brackets and stars mean nothing there."""
    return "".join(f"\\{mark}" if mark in "\\[]*_`:$~<>#|" else mark for mark in text)


def kind(reading: Reading) -> str:
    """What the file is by its content."""
    key = f"upload.kind.{reading.kind}"
    return t(key) if has(key) else reading.kind


def months(periods: Iterable[int]) -> str:
    """One month, a run of months as first to last, or how many."""
    found = sorted({period for period in periods if period})
    if not found:
        return ""
    first, last = format.period(found[0]), format.period(found[-1])
    return first if len(found) == 1 else t("upload.months", first=first, last=last, count=len(found))


def summary(reading: Reading) -> str:
    """Kind, extracts, months, rows, amount, control total."""
    used = [part for part in reading.parts if part.extract and part.status not in (IGNORED, REFUSED)]
    names = [label(catalog().extracts[name]) for name in dict.fromkeys(p.extract for p in used) if name]
    parts = [kind(reading), t("upload.and").join(names), months(p for part in used for p in part.periods)]
    if used:
        parts.append(t("upload.rows", count=f"{sum(part.rows_read for part in used):,}"))
        money = [part for part in used if _extract(part).amount]
        if money:
            parts.append(format.money(sum((part.amount_read for part in money), Decimal(0))))
        parts.append(total_words(used))
    return "  ·  ".join(part for part in parts if part)


def _extract(part: Part) -> Extract:
    return catalog().extracts[part.extract or ""]


def total_words(parts: Sequence[Part]) -> str:
    """Whether the stated totals of the file agree with its rows; '' where it states none.

    A total that differs by just the refused rows agrees with the file as it was read.
    """
    checks = [check for part in parts for check in part.checks]
    if not checks:
        return ""
    wrong = sum(not check.ok for check in checks)
    if not wrong:
        return t("upload.totals_agree", count=len(checks))
    explained = sum(issue.count for part in parts for issue in part.issues if issue.code == "total_refused")
    if explained >= wrong:
        return t("upload.totals_explained")
    return t("upload.totals_differ", count=wrong - explained)


def parts_table(job: Job, reading: Reading) -> None:
    """What was read from each sheet: rows and amount read = accepted + refused, beside the stated total."""
    shown = [part for part in reading.parts if part.extract]
    if not shown:
        return
    figure, money = format.number("", 0), format.number("", 2)
    rows = [_part_row(part) for part in shown]
    tables.table(
        rows,
        [
            tables.Col("sheet", t("upload.sheet"), width="small"),
            tables.Col("extract", t("upload.extract"), width="small"),
            tables.Col("months", t("upload.period"), width="small"),
            tables.Col("read", t("upload.rows_read"), "number", figure),
            tables.Col("accepted", t("upload.rows_accepted"), "number", figure),
            tables.Col("refused", t("upload.rows_refused"), "number", figure),
            tables.Col("amount", t("upload.amount_read"), "number", money),
            tables.Col("amount_in", t("upload.amount_accepted"), "number", money),
            tables.Col("amount_out", t("upload.amount_refused"), "number", money),
            tables.Col("rounding", t("upload.rounding"), "number", money),
            tables.Col("stated", t("upload.stated"), "number", money),
            tables.Col("check", t("upload.check"), width="small"),
        ],
        key=f"parts_{job.id}",
        alt=t("upload.parts_alt", file=job.name),
    )


def _part_row(part: Part) -> dict[str, object]:
    return {
        "sheet": part.key,
        "extract": label(_extract(part)),
        "months": months(part.periods) or (t("upload.no_months") if not _extract(part).periodic else ""),
        "read": part.rows_read,
        "accepted": part.rows_accepted,
        "refused": part.rows_refused,
        "amount": part.amount_read,
        "amount_in": part.amount_accepted,
        "amount_out": part.amount_refused,
        "rounding": part.rounding,
        "stated": part.control_total,
        "check": total_words([part]),
    }


def issues(found: Sequence[Issue], severities: Sequence[str]) -> None:
    """Problems as sentences with their place, worst first; the rest counted."""
    order = {"refused": 0, "warning": 1, "note": 2}
    kept = sorted((one for one in found if one.severity in severities), key=lambda one: order[one.severity])
    icon = {"refused": ":red[:material/block:]", "warning": ":orange[:material/warning:]",
            "note": ":gray[:material/info:]"}  # fmt: skip
    lines = []
    for issue in kept[:_MOST_ISSUES]:
        place = f" :gray[{plain(issue.place())}]" if issue.place() else ""
        lines.append(f"{icon[issue.severity]} {plain(issue.text(lang()))}{place}")
    if len(kept) > _MOST_ISSUES:
        lines.append(f":gray[{t('upload.more_issues', count=len(kept) - _MOST_ISSUES)}]")
    if lines:
        st.markdown("  \n".join(lines))
